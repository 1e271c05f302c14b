"""member found|join|leave|list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from guikou.engine.cases.case import Organization
from guikou.engine.decide.checks import missing_fact
from guikou.engine.decide.intake import missing
from guikou.engine.errors import MissingFact
from guikou.engine.supervision import plain
from guikou.engine.supervision.views import CaseView

from . import names, options
from .cases import CASE_COLUMNS, case_row, print_outcome
from .counted import CASES, tell_cut
from .language import counted, t
from .render import Column, print_rows
from .session import Session, with_session
from .values import read_facts

_kind = click.option("--kind", type=names.GROUP, metavar=t("种类", "KIND"), help=t("联合的种类（只有一种时可省略）", "the kind of group (not needed where there is one)"))  # fmt: skip

_group = click.argument("group", type=names.CASE, metavar=t("联合案卷", "GROUP"))


@click.group("member", help=t(
    "枢纽和联合组织的成员。", "Members of hubs and of joint organisations."
))  # fmt: skip
def member_command() -> None:
    pass


@member_command.command("found", help=t(
    "成立联合组织：为其立案，并接纳首批成员；不足则全不成立。\n\n\b\n示例：\n  guikou member found LH-001 52110105A 52110105B --name 亚运村联合党支部 --area 朝阳区 --fact 登记类型=联合党组织 --fact 登记层级=区级 --fact 行业领域=社区服务 -e 联合组建协议=2016-8 --as 朝阳区委社会工作委员会",
    "Found a group: a case of its own, with its first members, or nothing of it.\n\n\b\nExample:\n  guikou member found LH-001 52110105A 52110105B --name 'Joint Branch' --area chaoyang --fact registered_as=joint_organization --fact registered_at=district --fact industry=community -e joint_agreement=2016-8 --as chaoyang",
))  # fmt: skip
@click.argument("group", metavar=t("新代码", "GROUP"))
@click.argument("members", nargs=-1, required=True, type=names.CASE, metavar=t("成员案卷...", "MEMBERS..."))
@click.option("--name", required=True, metavar=t("名称", "NAME"), help=t("名称", "its name"))
@click.option("--area", required=True, type=names.AREA, metavar=t("区域", "AREA"), help=t("区域", "its area"))
@click.option("--fact", "facts", multiple=True, type=names.FACT, callback=options.pairs(options.FACT_PAIR), metavar=options.FACT_PAIR, help=t("事实，可多次", "a fact of it, may be repeated"))  # fmt: skip
@_kind
@options.evidence
@options.by_whom
@with_session(writes=True)
def found_command(
    session: Session, group: str, members: tuple[str, ...], name: str, area: str, facts: dict[str, str], **rest: Any
) -> None:
    organization = Organization(group, name, area, read_facts(session.policy, facts))
    _lacks_nothing(session, organization)
    view = session.supervision.found(organization, members, by=session.acting(), when=session.when(), **rest)
    print_outcome(session, view)
    if session.format == "table":
        click.echo(t(f"成员 {view.case.members} 个", counted(view.case.members, "member", "members")))


def _lacks_nothing(session: Session, organization: Organization) -> None:
    """Raises MissingFact for all that routing lacks of a group, at once."""
    policy = session.policy
    organization = replace(organization, area=policy.places.area(organization.area).code)
    lacks = missing(policy, organization, session.supervision.today(session.as_of))
    certain = [error for error in lacks if isinstance(error, MissingFact)]
    if len(certain) > 1:
        keys = list(dict.fromkeys(key for error in certain for key in error.details["keys"]))
        raise missing_fact(policy, keys, certain[0].details["rule"])


@member_command.command("join", help=t(
    "加入枢纽或联合党组织，可一次加入多个。\n\n\b\n示例：\n  guikou member join HUB-CHAOYANG-EDUCATION 52110105A --as 朝阳区委教育工作委员会",
    "Join a hub or a joint organisation, several at once if need be.\n\n\b\nExample:\n  guikou member join HUB-CHAOYANG-EDUCATION 52110105A --as chaoyang-education",
))  # fmt: skip
@_group
@click.argument("cases", nargs=-1, required=True, type=names.CASE, metavar=t("案卷...", "CASES..."))
@_kind
@options.evidence
@options.by_whom
@with_session(writes=True)
def join_command(session: Session, group: str, cases: tuple[str, ...], request_id: str | None, **rest: Any) -> None:
    by, when, joined = session.acting(), session.when(), list[CaseView]()
    try:
        for at, case in enumerate(cases):
            request = f"{request_id}.{at}" if request_id and len(cases) > 1 else request_id
            joined.append(session.supervision.join(case, group, by=by, when=when, request_id=request, **rest))
    finally:  # where one is refused, those before it have joined
        _print_joined(session, joined, len(cases) > 1)


def _print_joined(session: Session, joined: Sequence[CaseView], several: bool) -> None:
    """What came of each; for a program one list where several were to join."""
    if session.format == "table" or not several:
        for view in joined:
            print_outcome(session, view)
    else:
        print_rows(session, CASE_COLUMNS, [case_row(view) for view in joined], objects=joined)


@member_command.command("leave", help=t(
    "退出；成员不足的联合党组织随之撤销，其余成员一并退出。\n\n\b\n示例：\n  guikou member leave LH-001 52110105A --reason 单独组建 --as 朝阳区委社会工作委员会",
    "Leave; a group that has too few members left is dissolved, and all leave it.\n\n\b\nExample:\n  guikou member leave LH-001 52110105A --reason 'builds its own' --as chaoyang",
))  # fmt: skip
@_group
@options.case
@_kind
@options.reason
@options.by_whom
@with_session(writes=True)
def leave_command(session: Session, group: str, case: str, **rest: Any) -> None:
    print_outcome(session, session.supervision.leave(case, group, by=session.acting(), when=session.when(), **rest))
    left = session.supervision.get(group)
    if left.case.closed and session.format == "table":
        click.echo(t(f"{group} 成员不足，已撤销", f"{group} had too few members left and is dissolved"))


@member_command.command("list", help=t(
    "成员及其加入日期，可按任一日期查看。\n\n\b\n示例：\n  guikou member list LH-001 --as-of 2016-06-30",
    "Members with the day on which each joined, as of any day.\n\n\b\nExample:\n  guikou member list LH-001 --as-of 2016-06-30",
))  # fmt: skip
@_group
@options.limit
@with_session(on_record=True)
def list_members_command(session: Session, group: str, limit: int | None) -> None:
    found = session.supervision.members(group, as_of=session.as_of, limit=limit)
    kept = [column for column in CASE_COLUMNS if column.key in ("case", "name", "type", "stage", "responsible", "area")]
    at = [CASE_COLUMNS.index(column) for column in kept]
    columns = [*kept, Column("since", "加入日期", "since", whole=True)]
    rows = [[*(case_row(view)[i] for i in at), view.case.groups[group].since] for view in found]
    objects = (plain.member(view, group) for view in found)
    print_rows(session, columns, rows, empty=t("没有成员", "no members"), name=t("成员", "members"), objects=objects)
    tell_cut(
        session, len(rows), limit, lambda: session.supervision.count_cases(group=group, as_of=session.as_of), CASES
    )
