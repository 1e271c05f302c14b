"""indicator: the policy's numbers, by group, against their targets."""

from __future__ import annotations

from typing import Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.indicators.measures import Measure, worst_first

from ..report.wording import COLUMNS, Wording
from . import language, names, options
from .language import t
from .render import Column, note, print_rows
from .session import Session, with_session
from .titles import spoken


def column(key: str, **how: Any) -> Column:
    """A column of measures, as a workbook calls it too."""
    return Column(key, COLUMNS[key].zh, COLUMNS[key].en, **how)


VALUE_COLUMNS = [
    column("value", right=True),
    column("numerator", right=True, folds=1),
    column("denominator", right=True, folds=1),
    column("unknown", right=True, folds=3),
    column("target", folds=2),
    column("met", folds=2),
    column("published", right=True, folds=3),
]


@click.command("indicator", help=t(
    "指标：不给名称则列出全部；给出名称则按一种方式分组，差者在前。\n\n\b\n示例：\n  guikou indicator\n  guikou indicator 两个覆盖率 --by 区 --as-of 2015-12-31\n  guikou indicator 关键多数 --least 10 --under 中共北京市委社会工作委员会\n  guikou indicator 两个覆盖率 --by 类型 --under 朝阳区委社会工作委员会 --format xlsx -o coverage.xlsx",
    "Indicators: without a name all of them; with one, by group, the worse first.\n\n\b\nExamples:\n  guikou indicator\n  guikou indicator coverage --by district --as-of 2015-12-31\n  guikou indicator key_majority --least 10 --under beijing\n  guikou indicator coverage --by type --under chaoyang --format xlsx -o coverage.xlsx",
))  # fmt: skip
@click.argument("name", required=False, type=names.INDICATOR, metavar=t("[指标]", "[NAME]"))
@click.option(
    "--by",
    type=names.WAY,
    metavar=t("方式", "WAY"),
    help=t("分组方式（all 为不分组）", "what to group by (all: nothing)"),
)
@click.option("--year", type=click.IntRange(1900, 2999), help=t("年度", "the year"))
@click.option(
    "--least",
    type=click.IntRange(1, options.MOST),
    metavar="N",
    help=t("多少家以上为大（集中度指标）", "from how many on a group is large"),
)
@options.under
@options.area
@click.option(
    "--type", "type_", type=names.TYPE, metavar=t("类型", "TYPE"), help=t("组织类型", "a type of organisation")
)
@with_session(on_record=True)
def indicator_command(
    session: Session, name: str | None, by: str | None, least: int | None, type_: str | None, **scope: Any
) -> None:
    scope["under"] = scope["under"] or session.body
    given = {**scope, "type": type_, "as_of": session.as_of}
    if name is not None:
        _print_groups(session, name, by, least, given)
    elif by is None and least is None:
        _print_all(session, given)
    else:
        raise WrongUsage(
            reason_en="--by and --least need an indicator's name", reason_zh="--by、--least 须给出指标名称"
        )


def _print_groups(session: Session, name: str, by: str | None, least: int | None, given: dict[str, Any]) -> None:
    """One indicator by group, the worse first."""
    indicators = session.policy.parts.indicators
    if least is not None and name in indicators and indicators[name].held is None:
        raise WrongUsage(
            reason_en="--least is for indicators of the large, such as key_majority",
            reason_zh="--least 只用于集中度指标，例如 key_majority",
        )
    if by is None and name in indicators and indicators[name].by:
        by = indicators[name].by[0]
    found = session.supervision.indicator(name, by=None if by == "all" else by, least=least, **given)
    columns = [Column("key", "代码", "code", table=False), column("group"), *VALUE_COLUMNS]
    if indicators[name].held is not None:
        columns.append(Column("groups", "单位数", "bodies", right=True))
    if given["under"] is not None and found and found[0].numerator == 0:
        click.echo(
            t("--under 按归口统计；按地域请用 --area", "--under goes by who answers for it; by place: --area"), err=True
        )
    shown = worst_first(found)
    rows = [
        [one.key or "all", one.title, *values(session, one), *([one.groups] if indicators[name].held else [])]
        for one in shown
    ]
    print_rows(session, columns, rows, spoken(indicators[name].title), objects=shown)


def _print_all(session: Session, given: dict[str, Any]) -> None:
    columns = [
        Column("indicator", "指标", "indicator", whole=True),
        Column("title", "名称", "title"),
        *VALUE_COLUMNS,
        Column("by", "可按", "by", table=False),
        Column("note", "依据", "note", table=False),
    ]
    every = list(session.policy.parts.indicators.values())
    measured = session.supervision.indicators(**given)
    rows = [
        [one.name, one.title, *values(session, found), list(one.by), note(one.note)]
        for one, found in zip(every, measured, strict=True)
    ]
    print_rows(
        session,
        columns,
        rows,
        empty=t("该政策没有指标", "the policy has no indicators"),
        name=t("指标", "indicators"),
        objects=measured,
    )


def values(session: Session, one: Measure) -> list[Any]:
    """A measure in the order of VALUE_COLUMNS; in a table in the words of the scorecard's page, so that both agree."""
    if session.format == "table":
        return _in_words(one)
    value: Any = one.value
    if value is not None and not one.indicator.is_money:
        value = round(value, 6) if one.denominator is not None else int(value)
    met = {True: t("是", "yes"), False: t("否", "no"), None: None}[one.met]
    target = one.target.text if one.target is not None else None
    return [value, one.numerator, one.denominator, one.unknown or None, target, met, one.published]


def _in_words(one: Measure) -> list[Any]:
    words, indicator = Wording(language.LANG), one.indicator
    published = None
    if one.is_published:
        published = t("无公布数据", "not available")
    if one.published is not None:
        published = words.published(indicator, one.published)
    parts = [words.number(part) if part is not None else None for part in (one.numerator, one.denominator)]
    unknown = words.number(one.unknown) if one.unknown else None
    target = words.target(indicator, one.target) if one.target is not None else None
    met = {True: t("是", "yes"), False: t("否", "no"), None: None}[one.met]
    return [words.value(one), *parts, unknown, target, met, published]
