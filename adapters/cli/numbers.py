"""indicator, scorecard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.indicators import ALL, Measure, worst_first

from . import words
from .office import FORMATS, Office, office
from .render import Column, print_rows, write, write_bytes
from .words import t

_VALUE_COLUMNS = [
    Column("value", "数值", "value", right=True),
    Column("numerator", "分子", "counted", right=True),
    Column("denominator", "分母", "of", right=True),
    Column("unknown", "未知", "not known", right=True),
    Column("target", "目标", "target"),
    Column("met", "达标", "met"),
    Column("published", "已公布", "published", right=True),
]


def value_text(one: Measure) -> str:
    """A measure's value as a person reads it."""
    if one.value is None:
        return t("无", "none")
    if one.indicator.is_ratio:
        return f"{one.value * 100:.1f}%"
    if one.indicator.per is not None:
        return f"{one.value:.1f}"
    return f"{one.value:,.2f}" if one.indicator.is_money else f"{one.value:,.0f}"


def _values(shared: Office, one: Measure) -> list[Any]:
    if shared.format in ("json", "xlsx", "csv"):
        value: Any = one.value
        if value is not None and not one.indicator.is_money:
            value = round(value, 6) if one.denominator is not None else int(value)
        published: Any = one.published
    else:
        value, published = value_text(one), _published(one)
    met = one.met if shared.format == "json" else {True: t("是", "yes"), False: t("否", "no"), None: None}[one.met]
    target = one.target.text if one.target is not None else None
    return [value, one.numerator, one.denominator, one.unknown or None, target, met, published]


def _published(one: Measure) -> str | None:
    if not one.is_published:
        return None
    if one.published is None:
        return t("无公布数据", "not available")
    return f"{one.published * 100:.1f}%" if one.indicator.is_ratio else f"{one.published:,}"


def _scope(function: Any) -> Any:
    for option in (
        click.option("--type", "type_", metavar="TYPE", help=t("组织类型", "a type of organisation")),
        click.option("--area", metavar="AREA", help=t("该区域及其下辖区域", "this area and all within it")),
        click.option("--under", metavar="BODY", help=t("该机构及其全部下级", "this body and all below it")),
    ):
        function = option(function)
    return function


@click.command("indicator", help=t(
    "指标：不给名称则列出全部；给出名称则按一种方式分组，差者在前。\n\n\b\n示例：\n  guikou indicator\n  guikou indicator coverage --by district --as-of 2015-12-31\n  guikou indicator key_majority --least 10 --under beijing\n  guikou indicator coverage --by type --under chaoyang --format xlsx -o coverage.xlsx",
    "Indicators: without a name all of them; with one, by group, the worse first.\n\n\b\nExamples:\n  guikou indicator\n  guikou indicator coverage --by district --as-of 2015-12-31\n  guikou indicator key_majority --least 10 --under beijing\n  guikou indicator coverage --by type --under chaoyang --format xlsx -o coverage.xlsx",
))  # fmt: skip
@click.argument("name", required=False)
@click.option("--by", metavar="WAY", help=t("分组方式（all 为不分组）", "what to group by (all: nothing)"))
@click.option("--year", type=click.IntRange(1900, 2999), help=t("年度", "the year"))
@click.option(
    "--least",
    type=click.IntRange(min=1),
    metavar="N",
    help=t("多少家以上为大（集中度指标）", "from how many on a group is large"),
)
@_scope
@office()
def indicator_command(
    shared: Office,
    name: str | None,
    by: str | None,
    year: int | None,
    least: int | None,
    type_: str | None,
    **scope: Any,
) -> None:
    scope["under"] = scope["under"] or shared.body
    given = {**scope, "type": type_, "year": year, "as_of": shared.as_of}
    if name is None:
        if by is not None or least is not None:
            raise WrongUsage(
                reason_en="--by and --least need an indicator's name", reason_zh="--by、--least 须给出指标名称"
            )
        _print_all(shared, given)
        return
    indicators = shared.policy.parts.indicators
    if least is not None and name in indicators and indicators[name].held is None:
        raise WrongUsage(
            reason_en="--least is for indicators of the large, such as key_majority",
            reason_zh="--least 只用于集中度指标，例如 key_majority",
        )
    if by is None and name in indicators and indicators[name].by:
        by = indicators[name].by[0]
    found = shared.supervision.indicator(name, by=None if by == "all" else by, least=least, **given)
    title = indicators[name].title
    columns = [Column("key", "代码", "code", table=False), Column("group", "分组", "group"), *_VALUE_COLUMNS]
    if indicators[name].held is not None:
        columns.append(Column("groups", "单位数", "bodies", right=True))
    rows = [
        [one.key or "all", one.title, *_values(shared, one), *([one.groups] if indicators[name].held else [])]
        for one in worst_first(found)
    ]
    print_rows(shared, columns, rows, t(title.zh, title.en))


def _print_all(shared: Office, given: dict[str, Any]) -> None:
    columns = [
        Column("indicator", "指标", "indicator", whole=True),
        Column("title", "名称", "title"),
        *_VALUE_COLUMNS,
        Column("by", "可按", "by", table=False),
        Column("note", "依据", "note", table=False),
    ]
    every = list(shared.policy.parts.indicators.values())
    rows = [
        [one.name, one.title, *_values(shared, found), list(one.by), one.note]
        for one, found in zip(every, shared.supervision.indicators(**given), strict=True)
    ]
    if not rows and shared.format == "table":
        click.echo(t("该政策没有指标", "the policy has no indicators"))
        return
    print_rows(shared, columns, rows)


@click.command("scorecard", help=t(
    "某机构（及其全部下级）某年度的述职报告：终端、JSON、CSV、XLSX，或自含图表的网页。\n\n\b\n示例：\n  guikou scorecard chaoyang 2015\n  guikou scorecard beijing 2015 --format html -o scorecard.html\n  guikou scorecard chaoyang-education 2015 --format xlsx -o scorecard.xlsx",
    "A body's report of a year, of it and all below it: in the terminal, as JSON, CSV or XLSX, or as a page with charts.\n\n\b\nExamples:\n  guikou scorecard chaoyang 2015\n  guikou scorecard beijing 2015 --format html -o scorecard.html\n  guikou scorecard chaoyang-education 2015 --format xlsx -o scorecard.xlsx",
))  # fmt: skip
@click.argument("body")
@click.argument("year", type=click.IntRange(1900, 2999))
@click.option(
    "--territory",
    is_flag=True,
    help=t("该机构所在区域内的全部组织，不论归口", "all organisations in the body's area, whoever answers for them"),
)
@office(formats=(*FORMATS, "html"))
def scorecard_command(shared: Office, body: str, year: int, territory: bool) -> None:
    supervision, policy = shared.supervision, shared.policy
    report = supervision.scorecard(body, year, territory=territory, as_of=shared.as_of)
    scope: dict[str, Any] = {"area": report.body.area} if territory else {"under": report.body.id}
    if shared.format == "html":
        from ..report import html

        first = next((one.name for one in policy.parts.indicators.values() if one.target is not None), None)
        trend = supervision.trend(first, _month_ends(report.day), **scope) if first is not None else []
        write(shared, html(report, words.LANG, trend=trend, generated=_generated(shared, scope), source=policy.source))
        return
    if shared.format == "xlsx":
        from ..report import workbook

        write_bytes(shared, workbook(report, words.LANG, generated=_generated(shared, scope)))
        return
    columns = [
        Column("section", "部分", "section"),
        Column("indicator", "指标", "indicator"),
        Column("group", "分组", "group"),
        *_VALUE_COLUMNS,
        Column("name", "指标代码", "indicator code", table=False),
        Column("key", "分组代码", "group code", table=False),
    ]
    rows: list[list[Any]] = []
    plain = shared.format == "table"
    for section, found in report.sections:
        for at, measures in enumerate(found):
            for one in worst_first(measures):
                own = one.key == ALL or not plain
                rows.append(
                    [
                        section.title if own and (at == 0 or not plain) else None,
                        one.indicator.title if own else None,
                        one.title,
                        *_values(shared, one),
                        one.indicator.name,
                        one.key or "all",
                    ]
                )
    heading = t(f"{report.body.title.zh} {year} 年：{report.scorecard.title.zh}（截至 {report.day}）",
                f"{report.body.title.en}, {year}: {report.scorecard.title.en} (up to {report.day})")  # fmt: skip
    print_rows(shared, columns, rows, heading)


def _month_ends(day: date) -> list[date]:
    """The last days of the months of a year up to a day, and the day itself."""
    ends = [date(day.year, month + 1, 1) - timedelta(days=1) for month in range(1, day.month)]
    return [*ends, day]


def _generated(shared: Office, scope: dict[str, Any]) -> bool:
    """Whether there are invented organisations among them: their names say so."""
    from guikou.engine.documents import read_yaml

    recipe = shared.policy.files.get("sample.yaml")
    marker = read_yaml(recipe, "sample.yaml").value.get("marker") if recipe is not None else None
    return bool(marker) and bool(shared.supervision.cases(**scope, text=marker, limit=1))
