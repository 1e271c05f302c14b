"""overdue: what is overdue, worst first, or counted by how long."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any

import click

from guikou.engine.policy.names import stages
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.listings import Tally
from guikou.engine.text import Title

from . import names, options
from .cases import print_cases
from .counted import ROWS, tell_cut
from .language import t
from .listings import check_what, repeat
from .render import Column, print_rows
from .session import Session, with_session

#: Days overdue, from and to, in which cases are counted.
AGES = ((1, 7), (8, 30), (31, 90), (91, 180), (181, None))


@click.command("overdue", help=t(
    "逾期事项（阶段期限和周期性义务），逾期最久者在前；--as-of 可为将来的日期：若无人办理，届时将逾期的事项。\n\n\b\n示例：\n  guikou overdue --stage 抓整顿\n  guikou overdue --stage 抓整顿 --area 朝阳区 --days 30 --escalation 1\n  guikou overdue --totals body\n  guikou overdue --as-of 2016-12-31 --format xlsx -o overdue.xlsx",
    "What is overdue (deadlines of stages, and duties), worst first; --as-of may be a day to come: what will be, if nothing is done.\n\n\b\nExamples:\n  guikou overdue --stage rectify\n  guikou overdue --stage rectify --area chaoyang --days 30 --escalation 1\n  guikou overdue --totals body\n  guikou overdue --as-of 2016-12-31 --format xlsx -o overdue.xlsx",
))  # fmt: skip
@options.narrowed
@options.by_due
@click.option(
    "--totals",
    type=names.TOTALS,
    metavar=f"[body|stage|type|escalation|all|{t('层级', 'TIER')}]",
    help=t(
        "按此分组计数（也可用政策的区域层级），并按逾期时长分段",
        "count by this, or by one of the policy's tiers of areas, in buckets of how long",
    ),
)
@options.watch
@click.option(
    "--days", type=click.IntRange(1, 36500), default=1, help=t("至少逾期几天", "overdue by at least so many days")
)
@with_session(on_record=True)
def overdue_command(
    session: Session,
    stage: str | None,
    type_: str | None,
    under: str | None,
    totals: str | None,
    watch: int | None,
    limit: int | None,
    **rest: Any,
) -> None:
    check_what(stage, **rest)
    by = under or session.body

    def draw() -> None:
        which = {"stage": stage, "type": type_, "under": by, "as_of": session.as_of, **rest}
        day = session.supervision.today(session.as_of)
        scope = _scope(session, under, stage, type_, rest.get("area"))
        title = t(f"逾期事项（{day}{scope.zh}）", f"Overdue on {day}{scope.en}")
        if totals is not None:
            _totals(session, totals, title, limit, _nothing(scope), which)
            return
        views = session.supervision.overdue(limit=limit, **which)
        told = partial(tell_cut, session, len(views), limit, partial(session.supervision.count_overdue, **which))
        print_cases(session, views, title, _nothing(scope), told)

    repeat(session, watch, draw)


def _scope(session: Session, under: str | None, stage: str | None, type: str | None, area: str | None) -> Title:
    """What a heading says of what alone is listed."""
    policy = session.policy
    titles = [
        stages(policy).get(stage) if stage is not None else None,
        policy.workflows[type].title if type is not None and type in policy.workflows else None,
        policy.places.area(area).title if area is not None else None,
    ]
    narrowed = [one for one in titles if one is not None]
    own = session.scope(under)
    return Title(
        "".join(f"，{one.zh}" for one in narrowed) + own.zh, "".join(f", {one.en}" for one in narrowed) + own.en
    )


def _nothing(scope: Title) -> str:
    return t(f"没有逾期事项{scope.zh}", f"nothing is overdue{scope.en}")


def _totals(session: Session, by: str, title: str, limit: int | None, nothing: str, which: dict[str, Any]) -> None:
    """How many are overdue for how long, and the longest, by body, stage, type, escalation level or tier of areas;
    summed up with the groups that a limit leaves out."""
    policy, day = session.policy, session.supervision.today(session.as_of)
    found: dict[str, tuple[Any, Counter[int]]] = {}
    for tally in session.supervision.tally_overdue(_COUNTED.get(by, ("area",)), **which):
        id, shown = _group(policy, day, by, tally)
        found.setdefault(id, (shown, Counter()))[1][tally.days] += tally.count
    columns = [Column("key", "分组", "group")]
    for low, high in AGES:
        name = f"{low}–{high}" if high is not None else f"≥{low}"
        columns.append(Column(f"{low}-{high or ''}", f"{name} 天", f"{name} days", right=True))
    columns += [Column("total", "合计", "total", right=True), Column("longest", "最长逾期", "longest", right=True)]
    rows = []
    order = sorted(found.items(), key=lambda one: (-one[1][1].total(), -max(one[1][1]), one[0]))
    for _, (key, days) in order:
        ages = [sum(many for age, many in days.items() if low <= age <= (high or age)) for low, high in AGES]
        rows.append([key, *ages, days.total(), max(days)])
    print_rows(session, columns, rows[:limit], title, empty=nothing, sums=_sums(rows))
    tell_cut(session, len(rows[:limit]), limit, lambda: len(rows), ROWS)


def _sums(rows: list[list[Any]]) -> list[list[Any]]:
    """A row that sums several up: how many there are, and the longest."""
    if len(rows) < 2:
        return []
    *counts, longest = zip(*(row[1:] for row in rows), strict=True)
    return [[Title("合计", "all"), *map(sum, counts), max(longest)]]


#: By what is counted; by a tier of areas else.
_COUNTED = {
    "body": ("responsible",), "stage": ("workflow", "stage"), "type": ("workflow",), "escalation": ("escalation",),
    "all": (),
}  # fmt: skip


def _group(policy: Policy, day: date, by: str, tally: Tally) -> tuple[str, Any]:
    """The group that something is counted in: its key, and what is printed for it."""
    match by:
        case "body":
            places = policy.places
            body = places.bodies[places.acting_id(tally.key[0], day)]
            return body.id, body
        case "stage":
            workflow, stage = tally.key
            if tally.obligation is not None:
                title = policy.obligations[tally.obligation].title
            else:
                title = policy.workflows[workflow].stages[stage].title
            return title.en, title  # obligations of several types may have one title
        case "type":
            return tally.key[0], policy.workflows[tally.key[0]].title
        case "escalation":
            return str(tally.key[0]), Title(f"{tally.key[0]} 级", f"level {tally.key[0]}")
        case "all":
            return "", Title("合计", "all")
        case tier:
            around = policy.places.around(tally.key[0])
            area = around.get(tier) or policy.places.areas[tally.key[0]]
            return area.code, area
