"""indicator: the policy's numbers, by group, against their targets."""

from __future__ import annotations

from typing import Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.indicators.measures import Measure, worst_first

from .. import locales
from . import language, names, options
from .language import t
from .render import Column, note, print_rows
from .session import Session, with_session
from .titles import spoken

VALUE_COLUMNS = [
    Column("value", "数值", "value", right=True),
    Column("numerator", "分子", "counted", right=True),
    Column("denominator", "分母", "of", right=True),
    Column("unknown", "未知", "not known", right=True),
    Column("target", "目标", "target"),
    Column("met", "达标", "met"),
    Column("published", "已公布", "published", right=True),
]


@click.command("indicator", help=t(
    "指标：不给名称则列出全部；给出名称则按一种方式分组，差者在前。\n\n\b\n示例：\n  guikou indicator\n  guikou indicator coverage --by district --as-of 2015-12-31\n  guikou indicator key_majority --least 10 --under beijing\n  guikou indicator coverage --by type --under chaoyang --format xlsx -o coverage.xlsx",
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
    type=click.IntRange(min=1),
    metavar="N",
    help=t("多少家以上为大（集中度指标）", "from how many on a group is large"),
)
@options.under
@options.area
@click.option(
    "--type", "type_", type=names.TYPE, metavar=t("类型", "TYPE"), help=t("组织类型", "a type of organisation")
)
@with_session()
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
    columns = [Column("key", "代码", "code", table=False), Column("group", "分组", "group"), *VALUE_COLUMNS]
    if indicators[name].held is not None:
        columns.append(Column("groups", "单位数", "bodies", right=True))
    rows = [
        [one.key or "all", one.title, *values(session, one), *([one.groups] if indicators[name].held else [])]
        for one in worst_first(found)
    ]
    print_rows(session, columns, rows, spoken(indicators[name].title))


def _print_all(session: Session, given: dict[str, Any]) -> None:
    columns = [
        Column("indicator", "指标", "indicator", whole=True),
        Column("title", "名称", "title"),
        *VALUE_COLUMNS,
        Column("by", "可按", "by", table=False),
        Column("note", "依据", "note", table=False),
    ]
    every = list(session.policy.parts.indicators.values())
    rows = [
        [one.name, one.title, *values(session, found), list(one.by), note(one.note)]
        for one, found in zip(every, session.supervision.indicators(**given), strict=True)
    ]
    print_rows(session, columns, rows, empty=t("该政策没有指标", "the policy has no indicators"))


def value_text(one: Measure) -> str:
    """A measure's value as a person reads it."""
    if one.value is None:
        return t("无", "none")
    if one.indicator.is_ratio:
        return locales.percent(one.value, language.LANG, 1, grouped=False)
    if one.indicator.per is not None:
        return locales.number(one.value, language.LANG, 1, grouped=False)
    return locales.number(one.value, language.LANG, 2 if one.indicator.is_money else 0)


def values(session: Session, one: Measure) -> list[Any]:
    """A measure in the order of VALUE_COLUMNS."""
    if session.format in ("json", "xlsx", "csv"):
        value: Any = one.value
        if value is not None and not one.indicator.is_money:
            value = round(value, 6) if one.denominator is not None else int(value)
        published: Any = one.published
    else:
        value, published = value_text(one), _published(one)
    met = one.met if session.format == "json" else {True: t("是", "yes"), False: t("否", "no"), None: None}[one.met]
    target = one.target.text if one.target is not None else None
    return [value, one.numerator, one.denominator, one.unknown or None, target, met, published]


def _published(one: Measure) -> str | None:
    if not one.is_published:
        return None
    if one.published is None:
        return t("无公布数据", "not available")
    if one.indicator.is_ratio:
        return locales.percent(one.published, language.LANG, 1, grouped=False)
    return locales.number(one.published, language.LANG)
