"""parked: rows that lack what routing needs, completed or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from guikou.engine.supervision.imported import Parked

from . import language, names, options
from .cases import print_outcome, tell_acting
from .commands import Listing
from .counted import ROWS, tell_cut
from .language import counted, t
from .render import Column, print_one, print_rows
from .session import Session, with_session
from .titles import STATE_TITLES
from .values import name_and_area, read_facts

_COLUMNS = [
    Column("id", "编号", "id", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("lacks", "尚缺", "lacks"),
    Column("since", "暂存自", "parked since", whole=True),
    Column("import", "导入编号", "import", right=True),
    Column("row", "行", "row", right=True),
    Column("state", "状态", "state", table=False),
    Column("area", "区域", "area", table=False),
    Column("facts", "事实", "facts", table=False),
    Column("given", "原文", "as given", table=False),
    Column("faults", "原因", "why", table=False),
    Column("actor", "经办", "by", table=False),
    Column("number", "暂存编号", "no.", table=False, right=True),
    Column("replaces", "补充自", "completes", table=False, right=True),
    Column("case", "案卷", "case", table=False),
    Column("settled_at", "了结", "settled", table=False),
    Column("settled_by", "了结人", "settled by", table=False),
    Column("reason", "理由", "reason", table=False),
]


@click.group("parked", cls=Listing, help=t(
    "暂存的行：缺少归口所需内容，尚未立案。逐件补全或放弃；之后导入同一编号的行也会补全。只写 guikou parked 即列出。",
    "What is parked: rows that lack what routing needs, and are no cases yet. Complete or drop them one by one; a later\n"
    "import with a row of the same id completes them too. Without a command they are listed.",
))  # fmt: skip
def parked_command() -> None:
    pass


@parked_command.command("list", help=t(
    "列出暂存的行及其所缺，最早的在前。\n\n\b\n示例：\n  guikou parked\n  guikou parked list --import 3 --all",
    "List what is parked with what it lacks, the oldest first.\n\n\b\nExamples:\n  guikou parked\n  guikou parked list --import 3 --all",
))  # fmt: skip
@click.option("--all", "every", is_flag=True, help=t("包括已了结的", "settled ones too"))
@click.option(
    "--import",
    "source",
    type=click.IntRange(1, options.MOST),
    metavar="N",
    help=t("只列该次导入的", "only of this import"),
)
@options.limit
@with_session()
def list_command(session: Session, every: bool, source: int | None, limit: int | None) -> None:
    state = None if every else "waiting"
    intake = session.supervision.intake
    found = intake.parked(state=state, source=source, limit=limit)
    columns = [*_COLUMNS[:6], Column("state", "状态", "state", table=every), *_columns(session)[7:]]
    print_rows(session, columns, _rows(session, found), empty=t("没有暂存的行", "nothing is parked"))
    cut = tell_cut(session, len(found), limit, lambda: len(intake.parked(state=state, source=source)), ROWS)
    if found and not cut and session.format == "table" and not session.output:
        click.echo(t(f"共 {len(found)} 项", counted(len(found), "row", "rows")))


@parked_command.command("complete", help=t(
    "补全一件：齐全即立案，否则继续暂存并说明尚缺什么。\n\n"
    "\b\n示例：\n  guikou parked complete 521101087NCC6K4P54 行业领域=卫生\n"
    "  guikou parked complete 521101087NCC6K4P54 --name 仁爱学校 --area 海淀区",
    "Complete one: it is opened once nothing is lacking, and stays parked with what it lacks until then.\n\n"
    "\b\nExamples:\n  guikou parked complete 521101087NCC6K4P54 industry=health\n"
    "  guikou parked complete 521101087NCC6K4P54 --name Renai --area haidian",
))  # fmt: skip
@click.argument("id", type=names.PARKED, metavar=t("编号", "ID"))
@click.argument(
    "facts", nargs=-1, type=names.FACT, callback=options.pairs(options.FACT_PAIR), metavar=f"[{options.FACT_PAIR}]..."
)
@click.option("--name", metavar=t("文字", "TEXT"), help=t("组织名称", "the organisation's name"))
@click.option("--area", metavar=t("区域", "AREA"), help=t("所在区域", "its area"))
@options.actor
@with_session(writes=True)
def complete_command(
    session: Session, id: str, facts: dict[str, str], name: str | None, area: str | None, actor: str | None
) -> int:
    given = {key: text for key, text in (("name", name), ("area", area)) if text is not None}
    name, code, facts = name_and_area(session.policy, {**given, **facts})
    waiting = session.supervision.intake.parked(id=session.policy.identity.normal(id))
    within = code or (waiting[0].area if waiting else None)
    values = read_facts(session.policy, facts, within)
    done = session.supervision.intake.complete(
        id, values, name=name, area=code, by=session.body, actor=actor, when=session.when()
    )
    if isinstance(done, Parked):
        _print(session, done)
        return 1
    print_outcome(session, done)
    tell_acting(session)
    return 0


@parked_command.command("drop", help=t(
    "放弃一件，留下记录。\n\n\b\n示例：\n  guikou parked drop 521101087NCC6K4P54 --reason 已注销",
    "Drop one, on record.\n\n\b\nExample:\n  guikou parked drop 521101087NCC6K4P54 --reason 'it was dissolved'",
))  # fmt: skip
@click.argument("id", type=names.PARKED, metavar=t("编号", "ID"))
@options.reason_required
@options.actor
@with_session(writes=True)
def drop_command(session: Session, id: str, reason: str, actor: str | None) -> None:
    done = session.supervision.intake.drop(id, reason=reason, by=session.body, actor=actor)
    _print(session, done)


def _print(session: Session, one: Parked) -> None:
    if session.format != "table":
        print_one(session, list(zip(_columns(session), *_rows(session, [one]), strict=True)))
        return
    who = " ".join(text for text in (one.id, one.name) if text)
    if one.state == "waiting":
        click.echo(t(f"{who}：继续暂存，尚缺{one.lacks.zh}", f"{who}: still parked, it lacks {one.lacks.en}"))
    else:
        click.echo(t(f"{who}：已放弃暂存", f"{who}: dropped"))


def _columns(session: Session) -> list[Column]:
    return [session.timed(one) if one.key == "settled_at" else one for one in _COLUMNS]


def _rows(session: Session, found: Sequence[Parked]) -> list[list[Any]]:
    """What is parked as it is listed."""
    intake = session.supervision.intake
    own = {one.number: [one] for one in intake.imports()} if found else {}
    by_hand = any(one.source is None and one.replaces is not None for one in found)
    ever = {one.number: one for one in intake.parked(state=None)} if by_hand else {}
    firsts = [one.first(ever) for one in found]
    pairs = zip(found, firsts, strict=True)
    return [_row(session, one, first, first.since(own.get(first.source or 0, []))) for one, first in pairs]


def _row(session: Session, one: Parked, first: Parked, since: datetime) -> list[Any]:
    """One of them, in the order of _COLUMNS; what it goes back to `first`, and since when it waits."""
    errors = [fault.error() for fault in one.faults]
    plain = session.format == "json"
    return [
        one.id,
        one.name,
        one.lacks,
        session.policy.day(since),
        first.source,
        first.line,
        one.state if plain else STATE_TITLES[one.state],
        session.policy.places.areas.get(one.area or ""),
        dict(one.facts),
        dict(one.given),
        [error.as_json() for error in errors]
        if plain
        else t("。", " | ").join(one.line(language.LANG, hint="") for one in errors),
        one.actor,
        one.number,
        one.replaces,
        one.case,
        session.local(one.settled_at),
        one.settled_by,
        one.reason,
    ]
