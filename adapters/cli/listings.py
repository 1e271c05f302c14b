"""inbox, list, overdue, upcoming, calendar."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import click

from guikou.engine.case import Area, Title
from guikou.engine.errors import UnknownChoice, WrongUsage
from guikou.engine.views import CaseView

from .office import Office, office
from .render import Column, print_rows, write_bytes
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
    Column("obligation", "义务代码", "obligation", table=False),
    Column("suspended", "中止计时自", "suspended since", table=False),
]

#: Days overdue, from and to, in which cases are counted.
AGES = ((1, 7), (8, 30), (31, 90), (91, 180), (181, None))


def case_row(view: CaseView) -> list[Any]:
    """A case as the listings show it, in the order of CASE_COLUMNS."""
    policy, case = view.policy, view.case
    workflow = policy.workflows[case.workflow]
    return [
        case.id,
        case.name,
        workflow.title,
        workflow.stages[case.stage].title,
        view.what,
        view.due,
        view.days_overdue,
        view.responsible,
        view.hub,
        view.escalation,
        view.escalates_to,
        [_meeting(view)] if view.obligation is not None else [workflow.triggers[name] for name in view.next],
        [
            Title(f"{name}（{workflow.triggers[name].zh}）", f"{name} ({workflow.triggers[name].en})")
            for name in view.open_triggers
        ],
        [policy.blockers[code] for code in case.blockers if code in policy.blockers],
        policy.areas.get(case.area),
        case.state,
        view.obligation,
        case.suspended,
    ]


def _meeting(view: CaseView) -> Title:
    for gate in view.policy.parts.gates.values():
        if gate.owes_in_step == view.obligation:
            left = [gate.told[name].title for name in view.left(gate.name)]
            return Title(
                f"回报{'、'.join(one.zh for one in left)}（guikou gate tell）",
                f"tell: {', '.join(one.en for one in left)} (guikou gate tell)",
            )
    return Title(f"办结{view.what.zh}（guikou meet）", f"record the {view.what.en} (guikou meet)")


def _print(shared: Office, views: Sequence[CaseView], title: str, empty: str) -> None:
    if not views and shared.format == "table":
        click.echo(empty)
        return
    rows = [case_row(view) for view in views]
    sheets: dict[str, list[list[Any]]] = {}
    if shared.format == "xlsx":
        areas = list(shared.policy.areas)
        for view, row in sorted(zip(views, rows, strict=True), key=lambda one: areas.index(_district(one[0]).code)):
            district = _district(view).title
            sheets.setdefault(t(district.zh, district.en), []).append(row)
    print_rows(shared, CASE_COLUMNS, rows, title, sheets)
    if shared.format == "table" and not shared.output:
        cases = len({view.id for view in views})
        counted = t(f"共 {cases} 件", f"{cases} case{'s' if cases != 1 else ''}")
        click.echo(counted if cases == len(views) else counted + t(f"，{len(views)} 项", f", {len(views)} items"))


def _district(view: CaseView) -> Area:
    """The area at the second tier that a case lies in; the top one for what belongs to no other."""
    around = view.policy.tier_areas(view.case.area)
    tiers = [tier for tier in view.policy.tiers if tier in around]
    return around[tiers[min(1, len(tiers) - 1)]]


def _totals(shared: Office, views: Iterable[CaseView], by: str, title: str) -> None:
    """How many are overdue for how long, and the longest, by body, district, stage, type or escalation level."""
    found: dict[str, tuple[Any, list[int]]] = {}
    for view in views:
        key: Any
        match by:
            case "body":
                id, key = view.responsible.id, view.responsible
            case "district":
                key = _district(view)
                id = key.code
            case "stage":
                key = view.what if view.obligation else view.policy.workflows[view.workflow].stages[view.stage].title
                id = key.en  # obligations of several types may have one title
            case "type":
                id, key = view.workflow, view.policy.workflows[view.workflow].title
            case "escalation":
                id, key = str(view.escalation), view.escalation
            case _:
                id, key = "", Title("合计", "all")
        found.setdefault(id, (key, []))[1].append(view.days_overdue)
    columns = [Column("key", "分组", "group")]
    for low, high in AGES:
        name = f"{low}–{high}" if high is not None else f"≥ {low}"
        columns.append(Column(f"{low}-{high or ''}", f"{name} 天", f"{name} days", right=True))
    columns += [Column("total", "合计", "total", right=True), Column("longest", "最长逾期", "longest", right=True)]
    rows = []
    for key, days in sorted(found.values(), key=lambda one: (-len(one[1]), -max(one[1]))):
        ages = [sum(low <= one <= (high or one) for one in days) for low, high in AGES]
        rows.append([key, *ages, len(days), max(days)])
    if not rows and shared.format == "table":
        click.echo(t("没有逾期事项", "nothing is overdue"))
    else:
        print_rows(shared, columns, rows, title)


def _watch(seconds: int | None, draw: Callable[[], None]) -> None:
    """Draw once, or again every few seconds until the user stops it."""
    while True:
        if seconds is not None:
            click.clear()
        draw()
        if seconds is None:
            return
        time.sleep(seconds)


_watched = click.option(
    "--watch",
    "watch",
    type=click.IntRange(min=1),
    is_flag=False,
    flag_value=30,
    metavar="[SECONDS]",
    help=t("每隔几秒刷新（默认 30），Ctrl-C 结束", "again every few seconds (30), until Ctrl-C"),
)


def _due_options(function: Any) -> Any:
    options = [
        click.option(
            "--what",
            type=click.Choice(["all", "stages", "duties"]),
            default="all",
            show_default=True,
            help=t("阶段期限、周期性义务，或两者", "deadlines of stages, duties, or both"),
        ),
        click.option("--obligation", metavar="NAME", help=t("只列该义务（如 inspection）", "only this obligation (such as inspection)")),
        click.option("--escalation", type=click.IntRange(min=0), metavar="N", help=t("至少上报 N 级", "climbed at least N tiers")),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def by_place(names: tuple[str, ...] = ("stage", "type", "area", "limit")) -> Callable[[Any], Any]:
    """Options by stage, type and area, and how many at most; or some of these."""
    options = {
        "stage": click.option(
            "--stage",
            metavar="STAGE",
            help=t("阶段，或 阶段.环节（如 rectify）", "a stage, or stage.step (such as rectify)"),
        ),
        "type": click.option(
            "--type",
            "type_",
            metavar="TYPE",
            help=t("组织类型（如 foundation）", "a type of organisation (such as foundation)"),
        ),
        "area": click.option(
            "--area",
            metavar="AREA",
            help=t("该区域及其下辖区域（如 chaoyang）", "this area and all within it (such as chaoyang)"),
        ),
        "limit": click.option("--limit", type=click.IntRange(min=1), help=t("最多几件", "at most so many")),
    }

    def decorate(function: Any) -> Any:
        for name in reversed(names):
            function = options[name](function)
        return function

    return decorate


def _narrowed(function: Any) -> Any:
    under = click.option("--under", metavar="BODY", help=t("该机构及其全部下级", "this body and all below it"))
    return under(by_place()(function))


def _checked(
    shared: Office, stage: str | None, type_: str | None, what: str = "all", obligation: str | None = None, **_: Any
) -> None:
    """A stage or type that no workflow has is a slip, not an empty list; so is a filter that leaves nothing."""
    if (obligation is not None and (stage is not None or what == "stages")) or (stage is not None and what == "duties"):
        raise WrongUsage(
            reason_en="--stage and --what stages leave no duties, --obligation and --what duties nothing else; give one",
            reason_zh="--stage、--what stages 不含义务，--obligation、--what duties 只含义务；请只用其一",
        )
    workflows = shared.policy.workflows
    stages = {name for one in workflows.values() for name in (*one.stages, *one.states)}
    for given, known, en, zh in ((stage, stages, "stage", "阶段"), (type_, set(workflows), "type", "类型")):
        if given is not None and given not in known:
            raise UnknownChoice(kind_en=en, kind_zh=zh, name=given, known=sorted(known))


@click.command("inbox", help=t(
    "等待该机构办理的案卷和周期性义务：先按期限，再按抓大促小的次序。\n\n\b\n示例：\n  guikou inbox --as chaoyang-education\n  guikou inbox --as haidian-health --format xlsx -o inbox.xlsx\n  guikou inbox --as chaoyang-education --watch 60",
    "The cases and duties that wait for a body: by due date, then by the policy's order.\n\n\b\nExamples:\n  guikou inbox --as chaoyang-education\n  guikou inbox --as haidian-health --format xlsx -o inbox.xlsx\n  guikou inbox --as chaoyang-education --watch 60",
))  # fmt: skip
@by_place()
@_watched
@office()
def inbox_command(shared: Office, stage: str | None, type_: str | None, watch: int | None, **rest: Any) -> None:
    _checked(shared, stage, type_)
    body = shared.policy.body(shared.acting())

    def draw() -> None:
        views = shared.supervision.inbox(body.id, stage=stage, type=type_, as_of=shared.as_of, **rest)
        title = t(f"{body.title.zh} 待办", f"Inbox of {body.title.en}")
        _print(shared, views, title, t("没有待办案卷", "nothing waits"))

    _watch(watch, draw)


@click.command("list", help=t(
    "列出案卷。\n\n\b\n示例：\n  guikou list --stage build --area chaoyang\n  guikou list --under beijing-education --format csv",
    "List cases.\n\n\b\nExamples:\n  guikou list --stage build --area chaoyang\n  guikou list --under beijing-education --format csv",
))  # fmt: skip
@_narrowed
@click.option("--blocker", metavar="CODE", help=t("有该障碍的", "with this blocker"))
@click.option("--text", help=t("名称或编号中含有", "whose name or id has this text"))
@click.option(
    "--suspended", is_flag=True, default=None, help=t("只列中止计时的", "only those whose clock stands still")
)
@click.option("--closed/--open", default=None, help=t("只列已结案／未结案", "only closed, or only open, ones"))
@click.option("--order", type=click.Choice(["id", "due", "inbox", "intake"]), default="id", help=t("次序", "the order"))
@click.option("--after", metavar="CASE", help=t("从该案卷之后起（分页）", "from after this case on (paging)"))
@office()
def list_command(shared: Office, stage: str | None, type_: str | None, under: str | None, **rest: Any) -> None:
    _checked(shared, stage, type_)
    views = shared.supervision.cases(stage=stage, type=type_, under=under or shared.body, as_of=shared.as_of, **rest)
    _print(shared, views, "", t("没有符合的案卷", "no such case"))


@click.command("overdue", help=t(
    "逾期事项（阶段期限和周期性义务），逾期最久者在前；--as-of 可为将来的日期：若无人办理，届时将逾期的事项。\n\n\b\n示例：\n  guikou overdue --stage rectify\n  guikou overdue --stage rectify --area chaoyang --days 30 --escalation 1\n  guikou overdue --totals body\n  guikou overdue --as-of 2016-12-31 --format xlsx -o overdue.xlsx",
    "What is overdue (deadlines of stages, and duties), worst first; --as-of may be a day to come: what will be, if nothing is done.\n\n\b\nExamples:\n  guikou overdue --stage rectify\n  guikou overdue --stage rectify --area chaoyang --days 30 --escalation 1\n  guikou overdue --totals body\n  guikou overdue --as-of 2016-12-31 --format xlsx -o overdue.xlsx",
))  # fmt: skip
@_narrowed
@_due_options
@click.option(
    "--totals",
    type=click.Choice(["body", "district", "stage", "type", "escalation", "all"]),
    help=t("按此分组计数，并按逾期时长分段", "count by this, in buckets of how long"),
)
@_watched
@click.option(
    "--days", type=click.IntRange(1, 36500), default=1, help=t("至少逾期几天", "overdue by at least so many days")
)
@office()
def overdue_command(
    shared: Office,
    stage: str | None,
    type_: str | None,
    under: str | None,
    totals: str | None,
    watch: int | None,
    **rest: Any,
) -> None:
    _checked(shared, stage, type_, **rest)
    by = under or shared.body

    def draw() -> None:
        views = shared.supervision.overdue(stage=stage, type=type_, under=by, as_of=shared.as_of, **rest)
        day = shared.supervision.today(shared.as_of)
        title = t(f"逾期事项（{day}）", f"Overdue on {day}")
        if totals is not None:
            _totals(shared, views, totals, title)
        else:
            _print(shared, views, title, t("没有逾期事项", "nothing is overdue"))

    _watch(watch, draw)


@click.command("upcoming", help=t(
    "今后若干天内到期的事项。\n\n\b\n示例：\n  guikou upcoming --days 90 --under chaoyang-education\n  guikou upcoming --obligation inspection --days 150",
    "What falls due in the next days.\n\n\b\nExamples:\n  guikou upcoming --days 90 --under chaoyang-education\n  guikou upcoming --obligation inspection --days 150",
))  # fmt: skip
@_narrowed
@_due_options
@click.option(
    "--days", type=click.IntRange(0, 36500), default=30, show_default=True, help=t("几天之内", "in how many days")
)
@office()
def upcoming_command(
    shared: Office, stage: str | None, type_: str | None, under: str | None, days: int, **rest: Any
) -> None:
    _checked(shared, stage, type_, **rest)
    today = shared.supervision.today(shared.as_of)
    last = today + timedelta(days=days)
    views = shared.supervision.deadlines(
        stage=stage, type=type_, under=under or shared.body, since=today, before=last + timedelta(days=1),
        as_of=shared.as_of, **rest,
    )  # fmt: skip
    _print(
        shared,
        views,
        t(f"{today} 至 {last} 到期", f"Due from {today} to {last}"),
        t("没有到期事项", "nothing falls due"),
    )


@click.command("calendar", help=t(
    "某机构及其下级的全部期限，iCalendar 格式，可供日历软件订阅或导入。\n\n\b\n示例：\n  guikou calendar --under chaoyang-education -o due.ics",
    "All due dates of a body and those below, as iCalendar, to subscribe to or import.\n\n\b\nExample:\n  guikou calendar --under chaoyang-education -o due.ics",
))  # fmt: skip
@_narrowed
@_due_options
@office(formats=("ics",))
def calendar_command(shared: Office, stage: str | None, type_: str | None, under: str | None, **rest: Any) -> None:
    from .. import ics
    from . import words

    _checked(shared, stage, type_, **rest)
    by = under or shared.body
    views = shared.supervision.deadlines(stage=stage, type=type_, under=by, as_of=shared.as_of, **rest)
    title = shared.policy.body(by).title if by is not None else shared.policy.title
    write_bytes(shared, ics.feed(views, t(f"{title.zh} 期限", f"Due dates of {title.en}"), words.LANG))
