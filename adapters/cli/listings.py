"""inbox, list, upcoming, calendar: cases, and what falls due."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.text import visible

from . import language, names, options
from .cases import print_cases
from .counted import CASES, tell_cut, tell_page
from .language import t
from .render import Column, print_rows, write_bytes
from .session import Session, with_session

if TYPE_CHECKING:
    from guikou.engine.supervision.views import CaseView

#: The orders in which cases can be listed.
ORDERS = {
    "id": ("编号", "id"),
    "due": ("期限", "due date"),
    "inbox": ("待办次序", "as in the inbox"),
    "intake": ("受理次序", "as they come in"),
}


@click.command("inbox", help=t(
    "等待该机构办理的案卷和周期性义务：先按期限，再按抓大促小的次序。\n\n\b\n示例：\n  guikou inbox --as 朝阳区委教育工作委员会\n  guikou inbox --as 海淀区卫生系统党委 --format xlsx -o inbox.xlsx\n  guikou inbox --as 朝阳区委教育工作委员会 --watch 60",
    "The cases and duties that wait for a body: by due date, then by the policy's order.\n\n\b\nExamples:\n  guikou inbox --as chaoyang-education\n  guikou inbox --as haidian-health --format xlsx -o inbox.xlsx\n  guikou inbox --as chaoyang-education --watch 60",
))  # fmt: skip
@options.by_place()
@options.watch
@with_session(on_record=True)
def inbox_command(
    session: Session, stage: str | None, type_: str | None, watch: int | None, limit: int | None, **rest: Any
) -> None:
    body = session.policy.places.body(session.acting())

    def draw() -> None:
        views = session.supervision.inbox(body.id, stage=stage, type=type_, as_of=session.as_of, **rest)
        title = t(f"{body.title.zh} 待办", f"Inbox of {body.title.en}")
        shown = views[:limit]
        told = partial(tell_cut, session, len(shown), limit, lambda: len(views))
        nothing = t(f"{body.title.zh}没有待办案卷", f"nothing waits for {body.title.en}")
        print_cases(session, shown, title, nothing, told)

    repeat(session, watch, draw)


@click.command("list", help=t(
    "列出案卷。\n\n\b\n示例：\n  guikou list --stage 抓组建 --area 朝阳区\n  guikou list --under 北京市委教育工作委员会 --format csv",
    "List cases.\n\n\b\nExamples:\n  guikou list --stage build --area chaoyang\n  guikou list --under beijing-education --format csv",
))  # fmt: skip
@options.narrowed
@click.option("--blocker", type=names.BLOCKER, metavar=t("障碍", "CODE"), help=t("有该障碍的", "with this blocker"))
@click.option(
    "--text",
    metavar=t("文字", "TEXT"),
    help=t("名称或编号中含有（都没有时，也查曾用名）", "whose name or id has this text (or else had it once)"),
)
@click.option(
    "--suspended", is_flag=True, default=None, help=t("只列中止计时的", "only those whose clock stands still")
)
@click.option(
    "--withdrawn",
    is_flag=True,
    help=t(
        "只列登记已撤回的（其余列表均不含）", "only those whose registration was withdrawn, which no other list has"
    ),
)
@click.option("--closed/--open", default=None, help=t("只列已结案／未结案", "only closed, or only open, ones"))
@click.option("--order", type=names.Words(ORDERS), default="id", help=t("次序", "the order"))
@click.option(
    "--after", metavar=t("案卷", "CASE"), help=t("从该案卷之后起（分页）", "from after this case on (paging)")
)
@with_session(on_record=True)
def list_command(
    session: Session,
    stage: str | None,
    type_: str | None,
    under: str | None,
    order: str,
    limit: int | None,
    after: str | None,
    **rest: Any,
) -> None:
    which = {"stage": stage, "type": type_, "under": under or session.body, "as_of": session.as_of, **rest}
    office = session.supervision
    views = office.cases(order=order, limit=limit, after=after, **which)
    if rest["text"] and not views and after is None and (once := _once_named(session, rest["text"], which)):
        views = once[:limit]

    def told() -> bool:
        if order != "id" or not views:
            return tell_cut(session, len(views), limit, lambda: office.count_cases(after=after, **which), CASES)
        last, cut = views[-1].id, len(views) == limit
        if after is None and (not cut or not office.count_cases(after=last, **which)):
            return False
        behind = partial(office.count_cases, after=last, **which) if cut else lambda: 0
        tell_page(session, len(views), partial(office.count_cases, **which), behind, last)
        return True

    scope = session.scope(under)
    title = t(f"案卷{scope.zh}", f"Cases{scope.en}") if scope.zh else ""
    print_cases(session, views, title, t(f"没有符合的案卷{scope.zh}", f"no such case{scope.en}"), told)


def _once_named(session: Session, text: str, which: dict[str, Any]) -> list[CaseView]:
    """The cases that had a name with a text in it, and tells which: whoever has an old register looks for it."""
    from guikou.engine.supervision.naming import cases_once_named

    found: list[CaseView] = []
    for id, (case, name) in cases_once_named(session.supervision.store, text, within=True).items():
        own = [view for view in session.supervision.cases(**which | {"text": id}) if view.case.id == id]
        found += own
        if own:
            click.echo(visible(names.once_named(case, name)), err=True)
    return found


@click.command("upcoming", help=t(
    "今后若干天内到期的事项。\n\n\b\n示例：\n  guikou upcoming --days 90 --under 朝阳区委教育工作委员会\n  guikou upcoming --obligation 换届 --days 150",
    "What falls due in the next days.\n\n\b\nExamples:\n  guikou upcoming --days 90 --under chaoyang-education\n  guikou upcoming --obligation inspection --days 150",
))  # fmt: skip
@options.narrowed
@options.by_due
@click.option(
    "--days", type=click.IntRange(0, 36500), default=30, show_default=True, help=t("几天之内", "in how many days")
)
@click.option(
    "--unscheduled",
    is_flag=True,
    help=t("只列因缺少事实而未排定的义务", "duties that can't be scheduled for want of facts, and nothing else"),
)
@with_session(on_record=True)
def upcoming_command(
    session: Session,
    stage: str | None,
    type_: str | None,
    under: str | None,
    days: int,
    limit: int | None,
    unscheduled: bool,
    **rest: Any,
) -> None:
    check_what(stage, **rest)
    if unscheduled:
        if rest["what"] == "stages" or rest["escalation"] is not None:
            raise WrongUsage(
                reason_en="--unscheduled lists duties that have no due date: without --what stages and --escalation",
                reason_zh="--unscheduled 列出没有期限的义务：不能与 --what stages、--escalation 同用",
            )
        chosen = {name: rest[name] for name in ("area", "obligation")}
        chosen |= {"stage": stage, "type": type_, "under": under or session.body, "as_of": session.as_of}
        _print_unscheduled(session, limit, chosen)
        return
    today, scope = session.supervision.today(session.as_of), session.scope(under)
    last = today + timedelta(days=days)
    which = {
        "stage": stage, "type": type_, "under": under or session.body, "since": today,
        "before": last + timedelta(days=1), "as_of": session.as_of, **rest,
    }  # fmt: skip
    views = session.supervision.deadlines(limit=limit, **which)
    print_cases(
        session,
        views,
        t(f"{today} 至 {last} 到期{scope.zh}", f"Due from {today} to {last}{scope.en}"),
        t(f"没有到期事项{scope.zh}", f"nothing falls due{scope.en}"),
        partial(tell_cut, session, len(views), limit, partial(session.supervision.count_deadlines, **which)),
    )


_UNSCHEDULED = [
    Column("case", "案卷", "case", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("obligation", "义务", "obligation"),
    Column("needs", "需要", "needs"),
    Column("responsible", "归口单位", "responsible body"),
    Column("code", "义务代码", "obligation's code", table=False),
    Column("facts", "事实代码", "facts' codes", table=False),
]


def _print_unscheduled(session: Session, limit: int | None, which: dict[str, Any]) -> None:
    every = session.supervision.unscheduled(**which)
    rows = []
    for view in every[:limit]:
        name, policy = view.obligation or "", view.policy
        facts = view.unscheduled[name]
        needs = [policy.vocabulary.title(fact) for fact in facts]
        rows.append([view.id, view.name, policy.obligations[name].title, needs, view.responsible, name, list(facts)])
    print_rows(session, _UNSCHEDULED, rows, t("未排定", "Not scheduled"), empty=t("全部已排定", "all is scheduled"))
    tell_cut(session, len(rows), limit, lambda: len(every))


@click.command("calendar", help=t(
    "某机构及其下级的全部期限，iCalendar 格式，可供日历软件订阅或导入。\n\n\b\n示例：\n  guikou calendar --under 朝阳区委教育工作委员会 -o due.ics",
    "All due dates of a body and those below, as iCalendar, to subscribe to or import.\n\n\b\nExample:\n  guikou calendar --under chaoyang-education -o due.ics",
))  # fmt: skip
@options.narrowed
@options.by_due
@with_session(formats=("ics",), on_record=True)
def calendar_command(
    session: Session, stage: str | None, type_: str | None, under: str | None, limit: int | None, **rest: Any
) -> None:
    from ..formats import ics

    check_what(stage, **rest)
    by = under or session.body
    which = {"stage": stage, "type": type_, "under": by, "as_of": session.as_of, **rest}
    views = session.supervision.deadlines(limit=limit, **which)
    title = session.policy.places.body(by).title if by is not None else session.policy.title
    made = ics.feed(views, t(f"{title.zh} 期限", f"Due dates of {title.en}"), language.LANG)
    write_bytes(session, lambda out: out.write(made))
    tell_cut(session, len(views), limit, partial(session.supervision.count_deadlines, **which))


def check_what(stage: str | None, what: str = "all", obligation: str | None = None, **_: Any) -> None:
    """A filter that leaves nothing is a slip, not an empty list. Raises WrongUsage."""
    if (obligation is not None and (stage is not None or what == "stages")) or (stage is not None and what == "duties"):
        raise WrongUsage(
            reason_en="--stage and --what stages leave no duties, --obligation and --what duties nothing else; give one",
            reason_zh="--stage、--what stages 不含义务，--obligation、--what duties 只含义务；请只用其一",
        )


def repeat(session: Session, seconds: int | None, draw: Callable[[], None]) -> None:
    """Draw once, or again every few seconds until the user stops it."""
    while True:
        if seconds is not None:
            click.clear()
        session.written.clear()
        draw()
        if seconds is None:
            return
        time.sleep(seconds)
