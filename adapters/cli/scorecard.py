"""scorecard: a body's report of a year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from guikou.engine.indicators.grouping import ALL
from guikou.engine.indicators.measures import Measure
from guikou.engine.supervision.views import YearReport

from ..report.panels import Panels
from ..report.wording import Wording
from . import language, names
from .indicators import VALUE_COLUMNS, column, values
from .language import t
from .render import Column, print_rows, write, write_bytes
from .session import FORMATS, Session, with_session


@click.command("scorecard", help=t(
    "某机构（及其全部下级）某年度的述职报告：终端、JSON、CSV、XLSX，或自含图表的网页。\n\n\b\n示例：\n  guikou scorecard 朝阳区委社会工作委员会 2015\n  guikou scorecard 中共北京市委社会工作委员会 2015 --format html -o scorecard.html\n  guikou scorecard 朝阳区委教育工作委员会 2015 --format xlsx -o scorecard.xlsx",
    "A body's report of a year, of it and all below it: in the terminal, as JSON, CSV or XLSX, or as a page with charts.\n\n\b\nExamples:\n  guikou scorecard chaoyang 2015\n  guikou scorecard beijing 2015 --format html -o scorecard.html\n  guikou scorecard chaoyang-education 2015 --format xlsx -o scorecard.xlsx",
))  # fmt: skip
@click.argument("body", type=names.BODY, metavar=t("机构", "BODY"))
@click.argument("year", type=click.IntRange(1900, 2999), metavar=t("年度", "YEAR"))
@click.option(
    "--territory",
    is_flag=True,
    help=t("该机构所在区域内的全部组织，不论归口", "all organisations in the body's area, whoever answers for them"),
)
@with_session(formats=(*FORMATS, "html"), on_record=True)
def scorecard_command(session: Session, body: str, year: int, territory: bool) -> None:
    report = session.supervision.scorecard(body, year, territory=territory, as_of=session.as_of)
    scope: dict[str, Any] = {"area": report.body.area} if territory else {"under": report.body.id}
    if not territory and all(one.numerator == 0 for _, found in report.sections for all_ in found for one in all_[:1]):
        click.echo(
            t(f"{report.body.title.zh}及其下级没有归口的组织；统计其区域内的全部组织，请加 --territory",
              f"no organisation is the business of {report.body.title.en} or of one below it; for all in its area add --territory"),
            err=True,
        )  # fmt: skip
    if session.format == "html":
        _write_page(session, report, scope)
    elif session.format == "xlsx":
        from ..report.workbook import workbook

        made = workbook(report, language.LANG, generated=_generated(session, scope))
        write_bytes(session, lambda out: out.write(made))
    else:
        _print_rows(session, report)


def _write_page(session: Session, report: YearReport, scope: dict[str, Any]) -> None:
    """The report as a page, with how the first indicator that has a target went from month to month."""
    from ..report.page import html

    supervision, policy = session.supervision, session.policy
    trend: list[tuple[date, Measure]] = []
    for one in policy.parts.indicators.values():
        if one.target is None:
            continue
        found = supervision.trend(one.name, _month_ends(report.day), **scope)
        if any(measure.value is not None for _, measure in found):  # a line without a point tells nothing
            trend = found
            break
    generated = _generated(session, scope)
    write(session, html(report, language.LANG, trend=trend, generated=generated, source=policy.source))


def _print_rows(session: Session, report: YearReport) -> None:
    """A row for each group of each indicator; in a terminal its section and itself are named once."""
    columns = [
        *map(column, ("section", "indicator", "group")),
        *VALUE_COLUMNS,
        Column("name", "指标代码", "indicator code", table=False),
        Column("key", "分组代码", "group code", table=False),
    ]
    panels = Panels(Wording(language.LANG))
    rows: list[list[Any]] = []
    once = session.format == "table"
    for section, found in report.sections:
        for at, measures in enumerate(found):
            for one in [measures[0], *panels.ordered(measures)] if measures else []:
                own = one.key == ALL or not once
                part = section.title if own and (at == 0 or not once) else None
                title = one.indicator.title if own else None
                rows.append([part, title, one.title, *values(session, one), one.indicator.name, one.key or "all"])
    body, card = report.body.title, report.scorecard.title
    heading = t(
        f"{body.zh} {report.year} 年：{card.zh}（{report.of.zh}，截至 {report.day}）",
        f"{body.en}, {report.year}: {card.en} ({report.of.en}, up to {report.day})",
    )
    print_rows(session, columns, rows, heading, objects=report.to_dict()["rows"])


def _month_ends(day: date) -> list[date]:
    """The last days of the months of a year up to a day, and the day itself."""
    ends = [date(day.year, month + 1, 1) - timedelta(days=1) for month in range(1, day.month)]
    return [*ends, day]


def _generated(session: Session, scope: dict[str, Any]) -> bool:
    """Whether there are invented organisations among them: their names say so."""
    from guikou.engine.policy.files.documents import read_yaml

    recipe = session.policy.files.get("sample.yaml")
    marker = read_yaml(recipe, "sample.yaml").value.get("marker") if recipe is not None else None
    return bool(marker) and bool(session.supervision.cases(**scope, text=marker, limit=1))
