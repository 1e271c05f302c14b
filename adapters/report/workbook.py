"""A body's scorecard as a workbook: numbers are numbers, with formats."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from guikou.engine.indicators.grouping import ALL
from guikou.engine.indicators.measures import Measure
from guikou.engine.supervision.views import YearReport
from guikou.engine.text import Lang

from ..extras import not_installed
from ..spreadsheets.writing import A4, sheet_name
from .panels import Panels, sections_of
from .wording import COLUMNS, Wording, kind_of, only_bound, rounded_half_up

#: The columns behind the indicator's, in the order of the terminal's.
_VALUES = tuple(COLUMNS)[3:]
_FORMATS = {"money": "#,##0.00", "count": "#,##0"}


def workbook(report: YearReport, lang: Lang, *, generated: bool = False) -> bytes:
    """A body's scorecard as an XLSX file: a sheet with all indicators, and one for each section with its groups.

    Numbers are numbers, with formats; the heading stays in sight and on every printed page. `generated` says that the
    data were invented. Raises NotInstalled without XlsxWriter.
    """
    try:
        from xlsxwriter import Workbook
    except ModuleNotFoundError as error:
        raise not_installed("XlsxWriter", "xlsx") from error
    words, sections = Wording(lang), sections_of(report)
    t, panels = words.t, Panels(words)
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"author": "guikou"})
    sheets = _Sheets(book, words)
    lines = [
        f"{words.title(report.body.title)} · {words.title(report.scorecard.title)}",
        t(f"{report.year}年度，统计截至{words.day(report.day)}", f"{report.year}, as of {words.day(report.day)}")
        + t(f"；{words.title(report.of)}", f"; {words.title(report.of)}")
        + (t("；含样例数据", "; sample data among them") if generated else ""),
    ]
    every: dict[str, tuple[str, Measure]] = {}
    for section, measured in sections:
        for many in measured:
            every.setdefault(many[0].indicator.name, (words.title(section.title), many[0]))
    sheets.add(t("总览", "Overview"), lines, list(every.values()), words.heading(COLUMNS["section"]))
    for section, measured in sections:
        name = words.title(section.title)
        rows = [
            (t("合计", "All") if one.key == ALL else words.title(one.title), one)
            for many in measured
            for one in [many[0], *panels.ordered(many)]
        ]
        sheets.add(name, [lines[0], f"{name} · {lines[1]}"], rows, words.by(section))
    book.close()
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


def _target(words: Wording, one: Measure) -> tuple[Any, str | None]:
    """A target's cell: its one bound as a number, with its sign in the number's format; any other as a text."""
    if one.target is None:
        return None, None
    sign, bound = only_bound(one.target) or ("", None)
    if not isinstance(bound, int | Decimal):
        return words.target(one.indicator, one.target), None
    _, point, decimals = words.bound(one.indicator, bound).rstrip("%").partition(".")
    places = point + "0" * len(decimals)
    form = f"0{places}%" if one.indicator.is_ratio else f"#,##0{places}"
    return bound, f'"{sign}"{form}' if sign else form


class _Sheets:
    """Adds sheets of measures to a workbook."""

    def __init__(self, book: Any, words: Wording) -> None:
        self._book, self._words = book, words
        self._forms: dict[tuple[str, str], Any] = {}
        self._names: set[str] = set()

    def add(self, name: str, lines: Sequence[str], rows: Sequence[tuple[str, Measure]], first: str) -> None:
        """A sheet with some lines above a table, whose first column is called `first`."""
        from rich.cells import cell_len

        book, words, t = self._book, self._words, self._words.t
        sheet = book.add_worksheet(sheet_name(name, self._names))
        heading = [first, *(words.heading(COLUMNS[key]) for key in ("indicator", *_VALUES))]
        for at, line in enumerate(lines):
            style = {"bold": at == 0, "font_size": 10 if at else 14, "font_color": "#1C2430"}
            sheet.write_string(at, 0, line, book.add_format(style))
        top = len(lines) + 1
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EDF2"}
        for column, text in enumerate(heading):
            sheet.write_string(top, column, text, book.add_format({**head, "align": _side(column)}))
        widths = [cell_len(text) for text in heading]
        for at, (title, one) in enumerate(rows, start=top + 1):
            for column, (value, form) in enumerate(self._cells(title, one)):
                if isinstance(value, str):
                    sheet.write_string(at, column, value, self._form("", _side(column)))
                elif value is not None:
                    sheet.write_number(at, column, value, self._form(form or "", ""))
                text = value if isinstance(value, str) else ""
                if value is not None and not isinstance(value, str):
                    text = words.number(rounded_half_up(value, 2))
                widths[column] = max(widths[column], cell_len(text))
        sheet.freeze_panes(top + 1, 2)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L{lines[0].replace('&', '&&')[:80]}&R&A")
        sheet.set_footer("&C" + t("第 &P 页，共 &N 页", "Page &P of &N"))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, min(width + 2, 50))
        sheet.autofilter(top, 0, top + len(rows), len(heading) - 1)

    def _cells(self, title: str, one: Measure) -> list[tuple[Any, str | None]]:
        """A measure's cells, each with its number format."""
        words, t, indicator = self._words, self._words.t, one.indicator
        part = _FORMATS["money"] if indicator.is_money else _FORMATS["count"]
        met = None if one.met is None else t("达标", "met") if one.met else t("未达标", "missed")
        lacking = t("无公布数据", "not available") if one.is_published else None
        told = one.published if one.published is not None else lacking
        return [
            (title, None), (words.title(indicator.title), None), (one.value, _style(words, one)), (one.numerator, part),
            (one.denominator, _FORMATS["count"]), (one.unknown or None, _FORMATS["count"]), _target(words, one),
            (met, None), (told, _style(words, one, one.published)),
        ]  # fmt: skip

    def _form(self, number: str, side: str) -> Any:
        if (number, side) not in self._forms:
            own = {"num_format": number} if number else {}
            self._forms[number, side] = self._book.add_format({**own, "align": side} if side else own)
        return self._forms[number, side]


def _side(column: int) -> str:
    return "left" if column < 2 else "right"
