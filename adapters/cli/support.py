"""support: what organisations may have in a year, and what they had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import click

from guikou.engine.indicators.entitlements import Entitlement
from guikou.engine.supervision.views import Supported
from guikou.engine.text import Title

from . import names, options
from .counted import ROWS, tell_cut
from .language import t
from .render import Column, print_rows
from .session import Session, with_session

#: Columns, rows, and rows that sum them up.
_Table = tuple[list[Column], list[list[Any]], list[list[Any]]]


@click.command("support", help=t(
    "某年度各组织应享的支持：应付、已付、未付；指导员、轮训等是否已落实。\n\n\b\n示例：\n  guikou support --year 2015 --what 每名党员 --under 朝阳区委教育工作委员会\n  guikou support --year 2015 --lacking --case 52110105MJ0123456N\n  guikou support --year 2015 --totals body --format xlsx -o support.xlsx",
    "What organisations may have in a year: money due, paid and outstanding; guides, training and the like, given or not.\n\n\b\nExamples:\n  guikou support --year 2015 --what allowance --under chaoyang-education\n  guikou support --year 2015 --lacking --case 52110105MJ0123456N\n  guikou support --year 2015 --totals body --format xlsx -o support.xlsx",
))  # fmt: skip
@options.year
@click.option(
    "--what",
    type=names.SUPPORT,
    metavar=t("支持事项", "SUPPORT"),
    help=t("只列该项（如 allowance）", "only this one (such as allowance)"),
)
@click.option("--case", type=names.CASE, metavar=t("案卷", "CASE"), help=t("只列该案卷", "only this case"))
@click.option("--lacking", is_flag=True, help=t("只列未付、未落实的", "only what is outstanding or not given"))
@click.option(
    "--totals",
    type=names.Words({"body": ("归口单位", "body"), "support": ("支持事项", "support")}),
    help=t("按此合计", "summed up by this"),
)
@options.under
@options.area
@click.option("--limit", type=click.IntRange(1, options.MOST), help=t("最多几行", "at most so many rows"))
@with_session(on_record=True)
def support_command(
    session: Session, year: int | None, under: str | None, totals: str | None, limit: int | None, **rest: Any
) -> None:
    chosen = year or session.supervision.today(session.as_of).year
    found = session.supervision.support(chosen, under=under or session.body, as_of=session.as_of, **rest)
    columns, rows, sums = _each(session, found) if totals is None else _totals(found, totals)
    shown = rows[:limit]
    none = t(
        "没有符合的支持事项（--under 按归口，--area 按区域）",
        "nobody has such support (--under goes by who answers for it, --area by place)",
    )
    scope = session.scope(under)
    title = t(f"{chosen} 年支持{scope.zh}", f"Support of {chosen}{scope.en}")
    objects = found[:limit] if totals is None else None
    print_rows(session, columns, shown, title, empty=none, sums=sums, objects=objects)
    tell_cut(session, len(shown), limit, lambda: len(rows), ROWS)


def _each(session: Session, found: Sequence[Supported]) -> _Table:
    """A row for each support of each case."""
    columns = [
        Column("case", "案卷", "case", whole=True),
        Column("name", "组织名称", "organisation"),
        Column("support", "支持事项", "support"),
        *_money(found),
        Column("given", "落实", "given"),
        Column("responsible", "归口单位", "responsible body", table=False),
        Column("code", "事项代码", "code", table=False),
    ]
    rows = [
        [
            one.case.id,
            one.case.name,
            one.entitlement.support.title,
            *_amounts(one.entitlement),
            _given(session, one.entitlement),
            one.case.responsible,
            one.entitlement.support.name,
        ]
        for one in found
    ]
    return columns, rows, []


def _totals(found: Sequence[Supported], by: str) -> _Table:
    """A row for each support, or for each support of each body; and a sum of them all, however many are shown."""
    columns = [
        Column("body", "归口单位", "responsible body", table=by == "body"),
        Column("support", "支持事项", "support"),
        Column("organizations", "组织数", "organisations", right=True),
        Column("lacking", "未落实", "lacking", right=True),
        *_money(found),
    ]
    groups: dict[tuple[str, str], list[Any]] = {}
    for one in found:
        support = one.entitlement.support
        body = one.case.responsible if by == "body" else None
        key = (body.id if body is not None else "", support.name)
        row = groups.setdefault(key, [body, support.title, 0, 0, *[None] * 4])
        row[2] += 1
        row[3] += one.entitlement.lacking
        for at, value in enumerate(_amounts(one.entitlement), 4):
            row[at] = row[at] if value is None else (row[at] or 0) + value
    bodies = list(dict.fromkeys(body for body, _ in groups))
    rows = [groups[key] for key in sorted(groups, key=lambda key: bodies.index(key[0]))]
    if len(rows) < 2:
        return columns, rows, []
    # Whoever may have several supports is one organisation.
    whole = len({one.case.id for one in found})
    named = [Title("合计", "all"), None]
    money = [_sum(row[at] for row in rows) for at in range(4, 8)]
    return columns, rows, [[*(named if by == "body" else reversed(named)), whole, sum(row[3] for row in rows), *money]]


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal()) if known else None


def _money(found: Sequence[Supported]) -> list[Column]:
    overpaid = any(one.entitlement.overpaid for one in found)
    return [
        Column("due", "应付", "due", right=True),
        Column("paid", "已付", "paid", right=True),
        Column("outstanding", "未付", "outstanding", right=True),
        Column("overpaid", "多付", "overpaid", right=True, table=overpaid),
    ]


def _amounts(one: Entitlement) -> tuple[Decimal | None, ...]:
    return one.due, one.paid, one.outstanding, one.overpaid


def _given(session: Session, one: Entitlement) -> Any:
    if one.missing is not None:
        title = session.policy.vocabulary.title(one.missing)
        return t(f"缺 {title.zh}", f"needs {title.en}")
    if one.support.given is None:
        return t("可用", "open") if one.support.rate is None else None
    return {True: t("已落实", "yes"), False: t("未落实", "no"), None: t("未知", "not known")}[one.given]
