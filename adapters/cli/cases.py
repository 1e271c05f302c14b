"""A case as the command line shows it: its columns, its row, a list of cases, and what a command led to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import click

from guikou.engine.policy.places import Area
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.plain import to_meet
from guikou.engine.supervision.views import CaseView
from guikou.engine.text import Title

from .language import t
from .render import Column, print_json, print_one, print_rows
from .session import Session
from .titles import spoken

CASE_COLUMNS = [
    Column("case", "案卷", "case", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("type", "类型", "type", table=False),
    Column("stage", "阶段", "stage", table=False),
    Column("step", "环节", "step", folds=1),
    Column("due", "期限", "due", whole=True),
    Column("days_overdue", "逾期天数", "days overdue", right=True),
    Column("responsible", "归口单位", "responsible body", folds=2),
    Column("hub", "枢纽", "hub", table=False),
    Column("escalation", "上报层级", "escalation", table=False, right=True),
    Column("escalated_to", "已上报至", "escalated to", table=False),
    Column("escalates_to", "下次上报至", "escalates next to", folds=2),
    Column("next", "下一步", "next", folds=2),
    Column("triggers", "可办理", "possible now", table=False),
    Column("blockers", "障碍", "blockers", table=False),
    Column("area", "区域", "area", table=False),
    Column("state", "状态代码", "state", table=False),
    Column("obligation", "义务代码", "obligation", table=False),
    Column("suspended", "中止计时自", "suspended since", table=False),
    Column("withdrawn", "登记已撤回", "registration withdrawn", table=False),
]


def case_row(view: CaseView, *, triggers: bool = True, commands: bool = False) -> list[Any]:
    """A case as the listings show it, in the order of CASE_COLUMNS; the `triggers` that are possible take longest.
    `commands` are named to who can type them, not in a file."""
    policy, case = view.policy, view.case
    workflow = policy.workflows[case.workflow]
    return [
        view.id,
        case.name,
        workflow.title,
        workflow.stages[case.stage].title,
        view.what,
        view.due,
        view.days_overdue,
        view.responsible,
        view.hub,
        view.escalation,
        view.escalated_to,
        view.escalates_to,
        [_meeting(view, commands)] if view.obligation is not None else [workflow.triggers[name] for name in view.next],
        [
            Title(f"{name}（{workflow.triggers[name].zh}）", f"{name} ({workflow.triggers[name].en})")
            for name in (view.open_triggers if triggers else ())
        ],
        [policy.blockers[code] for code in case.blockers if code in policy.blockers],
        _area(policy, case.area),
        case.state,
        view.obligation,
        case.suspended,
        case.withdrawn,
    ]


def _area(policy: Policy, code: str) -> Title | None:
    """An area with those around it, without the one that is around all."""
    around = list(policy.places.around(code).values())
    shown = around[:-1] or around
    if not shown:
        return None
    return Title("".join(one.title.zh for one in reversed(shown)), ", ".join(one.title.en for one in shown))


def print_outcome(session: Session, view: CaseView) -> None:
    """Print what a command led to."""
    warn_assumed(view.policy, view.case.assumed)
    if session.format == "json":
        print_json(session, view.to_dict())
        return
    if session.format != "table" or session.output:
        print_one(session, list(zip(CASE_COLUMNS, case_row(view), strict=True)))
        return
    state = view.what
    due = t(f"，期限 {view.due}", f", due {view.due}") if view.due else ""
    whole = view.case.stage_due
    if view.obligation is None and whole not in (None, view.due):
        due += t(f"（阶段期限 {whole}）", f" (the stage: {whole})")
    if session.found.get(view.case.id) == view.case.revision:
        due += t("；无变化", "; nothing changed")
    turning = [view.policy.workflows[view.workflow].triggers[one.trigger] for one in view.coming]
    if turning and view.obligation is None:
        due += t(
            f"；下次巡检将办理 {'、'.join(one.zh for one in turning)}",
            f"; the next sweep does: {', '.join(one.en for one in turning)}",
        )
    click.echo(
        t(f"{view.id} {view.name}：{state.zh}，归口 {view.responsible.title.zh}{due}",
          f"{view.id} {view.name}: {state.en}, with {view.responsible.title.en}{due}")
    )  # fmt: skip


def tell_acting(session: Session) -> None:
    """Say as whom it was done where nobody said so: the top of the bodies' tree."""
    if session.body is None and session.format == "table":
        policy = session.policy
        title = policy.places.bodies[policy.places.top].title
        click.echo(t(f"办理单位：{title.zh}；可用 --as 指明", f"done by {title.en}; --as names another"), err=True)


def print_cases(
    session: Session, views: Sequence[CaseView], title: str, empty: str, told: Callable[[], bool] = lambda: False
) -> None:
    """Print a list of cases; in a terminal `empty` instead of an empty one. A workbook has a sheet for each area of
    the second tier.
    `told` says how many there are where that is not all, and whether it did."""
    # JSON is made of the cases themselves, and a terminal has no room for all columns.
    at_terminal = session.format == "table" and not session.output
    rows = [
        case_row(view, triggers=session.format != "table", commands=at_terminal)
        for view in views
        if session.format != "json"
    ]
    sheets: dict[str, list[list[Any]]] = {}
    if session.format == "xlsx":
        areas = list(session.policy.places.areas)
        for view, row in sorted(zip(views, rows, strict=True), key=lambda one: areas.index(sheet_area(one[0]).code)):
            sheets.setdefault(spoken(sheet_area(view).title), []).append(row)
    climbed = any(view.escalated_to is not None for view in views)
    columns = [
        replace(one, table=True, folds=2) if climbed and one.key == "escalated_to" else one for one in CASE_COLUMNS
    ]
    print_rows(session, columns, rows, title, sheets, empty, name=t("案卷", "cases"), objects=views)
    if told():
        return
    if views and at_terminal:
        cases = len({view.id for view in views})
        counted = t(f"共 {cases} 件", f"{cases} case{'s' if cases != 1 else ''}")
        click.echo(counted if cases == len(views) else counted + t(f"，{len(views)} 项", f", {len(views)} items"))


def warn_assumed(policy: Policy, years: Iterable[int]) -> None:
    """Say on standard error that working days were counted in years that the calendar does not know."""
    for year in sorted(set(years)):
        click.echo(
            t(f"[calendar-unknown] 日历 {policy.working.name} 尚不含 {year} 年：该年暂按周一至周五计算；更新日历后请运行 guikou recount",
              f"[calendar-unknown] calendar {policy.working.name} does not know {year} yet: Monday to Friday were counted; once it is updated, run guikou recount"),
            err=True,
        )  # fmt: skip


def area_at(view: CaseView, tier: str) -> Area:
    """The area at a tier that a case lies in; the case's own where that is wider."""
    around = view.policy.places.around(view.case.area)
    return around.get(tier) or view.policy.places.areas[view.case.area]


def sheet_area(view: CaseView) -> Area:
    """The area that a case's sheet of a workbook is for: that at the second tier."""
    tiers = list(view.policy.places.tiers)
    return area_at(view, tiers[min(1, len(tiers) - 1)])


def _meeting(view: CaseView, commands: bool) -> Title:
    """What is to be done for a duty, and with which command."""
    if not commands:
        return to_meet(view)
    told = any(gate.owes_in_step == view.obligation for gate in view.policy.parts.gates.values())
    command, title = "guikou gate tell" if told else "guikou meet", to_meet(view)
    return Title(f"{title.zh}（{command}）", f"{title.en} ({command})")
