"""inbox, list, overdue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from guikou.engine.case import Title
from guikou.engine.errors import UnknownChoice
from guikou.engine.supervision import CaseView

from .office import Office, office
from .render import Column, print_rows
from .words import t

CASE_COLUMNS = [
    Column("case", "案卷", "case", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("type", "类型", "type", table=False),
    Column("stage", "阶段", "stage", table=False),
    Column("step", "环节", "step"),
    Column("due", "期限", "due", whole=True),
    Column("days_overdue", "逾期天数", "days overdue", right=True),
    Column("responsible", "归口单位", "responsible body"),
    Column("hub", "枢纽", "hub", table=False),
    Column("escalation", "上报层级", "escalation", table=False, right=True),
    Column("escalates_to", "上报至", "escalates to"),
    Column("next", "下一步", "next"),
    Column("triggers", "可办理", "possible now", table=False),
    Column("blockers", "障碍", "blockers", table=False),
    Column("area", "区域", "area", table=False),
    Column("state", "状态代码", "state", table=False),
]


def case_row(view: CaseView) -> list[Any]:
    """A case as the listings show it, in the order of CASE_COLUMNS."""
    policy, case = view.policy, view.case
    workflow = policy.workflows[case.workflow]
    return [
        case.id,
        case.name,
        workflow.title,
        workflow.stages[case.stage].title,
        workflow.full_title(case.state),
        view.due,
        view.days_overdue,
        view.responsible,
        view.hub,
        case.escalation,
        view.escalates_to,
        [workflow.triggers[name] for name in view.next],
        [
            Title(f"{name}（{workflow.triggers[name].zh}）", f"{name} ({workflow.triggers[name].en})")
            for name in view.open_triggers
        ],
        [policy.blockers[code] for code in case.blockers if code in policy.blockers],
        policy.areas.get(case.area),
        case.state,
    ]


def _print(shared: Office, views: Sequence[CaseView], title: str, empty: str) -> None:
    if not views and shared.format == "table":
        click.echo(empty)
        return
    print_rows(shared, CASE_COLUMNS, [case_row(view) for view in views], title)
    if shared.format == "table" and not shared.output:
        click.echo(t(f"共 {len(views)} 件", f"{len(views)} case{'s' if len(views) != 1 else ''}"))


def _narrowed(function: Any) -> Any:
    options = [
        click.option(
            "--stage",
            metavar="STAGE",
            help=t("阶段，或 阶段.环节（如 rectify）", "a stage, or stage.step (such as rectify)"),
        ),
        click.option(
            "--type",
            "type_",
            metavar="TYPE",
            help=t("组织类型（如 foundation）", "a type of organisation (such as foundation)"),
        ),
        click.option("--under", metavar="BODY", help=t("该机构及其全部下级", "this body and all below it")),
        click.option(
            "--area",
            metavar="AREA",
            help=t("该区域及其下辖区域（如 chaoyang）", "this area and all within it (such as chaoyang)"),
        ),
        click.option("--limit", type=click.IntRange(min=1), help=t("最多几件", "at most so many")),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _checked(shared: Office, stage: str | None, type_: str | None) -> None:
    """A stage or type that no workflow has is a slip, not an empty list."""
    workflows = shared.policy.workflows
    stages = {name for one in workflows.values() for name in (*one.stages, *one.states)}
    for given, known, en, zh in ((stage, stages, "stage", "阶段"), (type_, set(workflows), "type", "类型")):
        if given is not None and given not in known:
            raise UnknownChoice(kind_en=en, kind_zh=zh, name=given, known=sorted(known))


@click.command("inbox", help=t(
    "等待该机构办理的案卷：先按期限，再按抓大促小的次序。\n\n\b\n示例：\n  guikou inbox --as chaoyang-education\n  guikou inbox --as haidian-health --format xlsx -o inbox.xlsx",
    "The cases that wait for a body: by due date, then by the policy's order.\n\n\b\nExamples:\n  guikou inbox --as chaoyang-education\n  guikou inbox --as haidian-health --format xlsx -o inbox.xlsx",
))  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help=t("最多几件", "at most so many"))
@office()
def inbox_command(shared: Office, limit: int | None) -> None:
    body = shared.policy.body(shared.acting())
    views = shared.supervision.inbox(body.id, as_of=shared.as_of, limit=limit)
    _print(shared, views, t(f"{body.title.zh} 待办", f"Inbox of {body.title.en}"), t("没有待办案卷", "nothing waits"))


@click.command("list", help=t(
    "列出案卷。\n\n\b\n示例：\n  guikou list --stage build --area chaoyang\n  guikou list --under beijing-education --format csv",
    "List cases.\n\n\b\nExamples:\n  guikou list --stage build --area chaoyang\n  guikou list --under beijing-education --format csv",
))  # fmt: skip
@_narrowed
@click.option("--blocker", metavar="CODE", help=t("有该障碍的", "with this blocker"))
@click.option("--text", help=t("名称或编号中含有", "whose name or id has this text"))
@click.option("--closed/--open", default=None, help=t("只列已结案／未结案", "only closed, or only open, ones"))
@click.option("--order", type=click.Choice(["id", "due", "inbox", "intake"]), default="id", help=t("次序", "the order"))
@click.option("--after", metavar="CASE", help=t("从该案卷之后起（分页）", "from after this case on (paging)"))
@office()
def list_command(shared: Office, stage: str | None, type_: str | None, under: str | None, **rest: Any) -> None:
    _checked(shared, stage, type_)
    views = shared.supervision.cases(stage=stage, type=type_, under=under or shared.body, as_of=shared.as_of, **rest)
    _print(shared, views, "", t("没有符合的案卷", "no such case"))


@click.command("overdue", help=t(
    "逾期案卷，逾期最久者在前。\n\n\b\n示例：\n  guikou overdue --stage rectify\n  guikou overdue --stage rectify --area chaoyang --days 30\n  guikou overdue --as-of 2016-12-31 --format xlsx -o overdue.xlsx",
    "What is overdue, worst first.\n\n\b\nExamples:\n  guikou overdue --stage rectify\n  guikou overdue --stage rectify --area chaoyang --days 30\n  guikou overdue --as-of 2016-12-31 --format xlsx -o overdue.xlsx",
))  # fmt: skip
@_narrowed
@click.option(
    "--days", type=click.IntRange(min=1), default=1, help=t("至少逾期几天", "overdue by at least so many days")
)
@office()
def overdue_command(shared: Office, stage: str | None, type_: str | None, under: str | None, **rest: Any) -> None:
    _checked(shared, stage, type_)
    views = shared.supervision.overdue(stage=stage, type=type_, under=under or shared.body, as_of=shared.as_of, **rest)
    day = shared.supervision.today(shared.as_of)
    _print(shared, views, t(f"逾期案卷（{day}）", f"Overdue on {day}"), t("没有逾期案卷", "nothing is overdue"))
