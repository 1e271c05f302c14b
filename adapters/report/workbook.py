"""A body's scorecard as a workbook: numbers are numbers, with formats."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from guikou.engine.errors import NotInstalled
from guikou.engine.indicators.grouping import ALL
from guikou.engine.indicators.measures import Measure
from guikou.engine.supervision.views import YearReport
from guikou.engine.text import Lang

from .panels import Panels, sections_of
from .wording import Wording, kind_of, rounded_half_up

_FORMATS = {"money": "#,##0.00", "count": "#,##0"}


def workbook(report: YearReport, lang: Lang, *, generated: bool = False) -> bytes:
    """A body's scorecard as an XLSX file: a sheet with all indicators, and one for each section with its groups.

    Numbers are numbers, with formats; the heading stays in sight and on every printed page. `generated` says that the
    data were invented. Raises NotInstalled without openpyxl.
    """
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise NotInstalled(library="openpyxl", extra="xlsx") from error
    words, sections = Wording(lang), sections_of(report)
    t, panels = words.t, Panels(words)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = t("总览", "Overview")
    lines = [
        f"{words.title(report.body.title)} · {words.title(report.scorecard.title)}",
        t(f"{report.year}年度，统计截至{words.day(report.day)}", f"{report.year}, as of {words.day(report.day)}")
        + (t("；含样例数据", "; sample data among them") if generated else ""),
    ]
    every: dict[str, tuple[str, Measure]] = {}
    for section, measured in sections:
        for many in measured:
            every.setdefault(many[0].indicator.name, (words.title(section.title), many[0]))
    _sheet(sheet, words, lines, [(title, one) for title, one in every.values()], t("章节", "Section"))
    for section, measured in sections:
        name = words.title(section.title)
        plain = "".join(char for char in name if char not in "[]:*?/\\'")[:31].strip() or t("章节", "Section")
        rows = [
            (t("合计", "All") if one.key == ALL else words.title(one.title), one)
            for many in measured
            for one in [many[0], *panels.ordered(many)]
        ]
        _sheet(book.create_sheet(plain), words, [lines[0], f"{name} · {lines[1]}"], rows, words.by(section))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _style(words: Wording, one: Measure, published: Decimal | None = None) -> str:
    """The number format that shows a value with as many decimals as the page does."""
    kind = kind_of(one.indicator)
    shown = words.published(one.indicator, published) if published is not None else words.value(one)
    _, point, decimals = shown.rstrip("%").partition(".")
    places = point + "0" * len(decimals) if decimals.isdecimal() else ""
    if kind == "share":
        return f"0{places}%"
    if kind == "change":
        return f"+0{places}%;-0{places}%;0{places}%"
    return f"#,##0{places}"


def _sheet(sheet: Any, words: Wording, lines: Sequence[str], rows: Sequence[tuple[str, Measure]], first: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from rich.cells import cell_len

    t = words.t
    heading = [
        first, t("指标", "Indicator"), t("数值", "Value"), t("分子", "Numerator"), t("分母", "Denominator"),
        t("目标", "Target"), t("达标", "Met"), t("公布值", "Published"), t("未知", "Not known"),
    ]  # fmt: skip
    top = len(lines) + 2
    for at, line in enumerate(lines, start=1):
        cell = sheet.cell(at, 1, line)
        cell.data_type, cell.font = "s", Font(bold=at == 1, size=14 if at == 1 else 10, color="FF1C2430")
    for column, text in enumerate(heading, start=1):
        cell = sheet.cell(top, column, text)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFE8EDF2")
        cell.alignment = Alignment(horizontal="left" if column <= 2 else "right", vertical="center", wrap_text=True)
    widths = [cell_len(text) for text in heading]
    for at, (title, one) in enumerate(rows, start=top + 1):
        indicator, style = one.indicator, _style(words, one)
        part = _FORMATS["money"] if indicator.is_money else _FORMATS["count"]
        met = None if one.met is None else t("达标", "met") if one.met else t("未达标", "missed")
        lacking = t("无公布数据", "not available") if one.is_published else None
        told = one.published if one.published is not None else lacking
        aim = words.target(indicator, one.target) if one.target is not None else None
        cells: list[tuple[Any, str | None]] = [
            (title, None), (words.title(indicator.title), None), (one.value, style), (one.numerator, part),
            (one.denominator, _FORMATS["count"]), (aim, None), (met, None),
            (told, _style(words, one, one.published)), (one.unknown or None, _FORMATS["count"]),
        ]  # fmt: skip
        for column, (value, form) in enumerate(cells, start=1):
            cell = sheet.cell(at, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula
                cell.alignment = Alignment(horizontal="left" if column <= 2 else "right")
            elif form is not None:
                cell.number_format = form
            text = (
                value
                if isinstance(value, str)
                else words.number(rounded_half_up(value, 2))
                if value is not None
                else ""
            )
            widths[column - 1] = max(widths[column - 1], cell_len(text))
    sheet.freeze_panes = f"C{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.oddHeader.left.text = lines[0].replace("&", "&&")[:80]
    sheet.oddHeader.right.text = "&A"
    sheet.oddFooter.center.text = t("第 &P 页，共 &N 页", "Page &P of &N")
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = min(width + 2, 50)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(heading))}{max(top + len(rows), top)}"
