"""Rows as CSV, and as an XLSX workbook, which is written row by row: its size costs time, not memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, BinaryIO

from ..extras import not_installed
from .apostrophes import guarded

#: What marks a CSV file as UTF-8 for spreadsheets.
BOM = "\ufeff"
#: A4 paper, by its number in workbooks.
A4 = 9
#: A sheet's rows, its heading among them.
MOST_ROWS = 1_048_576
_LONGEST, _EXACT = 32_767, 15
#: How wide a column becomes before its text is wrapped: where they are many, less, so that a page can be read.
_WIDEST, _MANY, _NARROW = 60, 6, 28
#: A line's height in points, and how many of a wrapped text are made room for.
_HEIGHT, _MOST_LINES = 15, 12
#: What is not broken over two lines: a word with the spaces behind it; Chinese text can be broken anywhere.
_PIECE = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+")
#: Where a name may end, and what it does not end with.
_END = re.compile(r"[\s（(、，；：,;:·]|(?<=[）)])|$")
_MARKS = " （(、，；：,;:·-"
#: What XML can't hold, lone surrogates among them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Page:
    """What stands around a printed sheet: its title, the day that it is about, and how its pages are numbered ('&P' is
    the page, '&N' how many there are)."""

    title: str = ""
    day: str = ""
    numbers: str = "&P / &N"


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV text. A cell that a spreadsheet would take for a formula is put behind an apostrophe; numbers stay."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    quoting = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in chain([heading], rows):
        cells = [guarded(cell) if isinstance(cell, str) else cell for cell in row]
        # A carriage return by itself ends a row for most readers, and the writer quotes only its own line end.
        bare = any(isinstance(cell, str) and "\r" in cell for cell in cells)
        (quoting if bare else writer).writerow(cells)
    return out.getvalue()


def write_xlsx(
    out: BinaryIO,
    heading: Sequence[str],
    sheets: Mapping[str, Iterable[Sequence[Any]]],
    folded: Collection[int] = (),
    page: Page | None = None,
    sums: Iterable[Sequence[Any]] = (),
    right: Collection[int] = (),
) -> None:
    """Write a workbook with a sheet for each title: heading frozen, filtered and repeated on every printed page, dates
    as dates, text never a formula, columns as wide as their text, those at `folded` folded away, the headings of those
    at `right` to the right; printed on A4. More rows than a sheet can hold go on in another. `sums` are printed below
    every sheet's rows, outside the filter.

    Raises NotInstalled, and OSError where it can't be written.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError
    except ModuleNotFoundError as error:
        raise not_installed("XlsxWriter", "xlsx") from error
    # A workbook that could not be finished would write to its file once more when it is forgotten.
    made = io.BytesIO()
    book = Workbook(made, {"constant_memory": True})
    book.set_properties({"author": "guikou"})
    book.use_zip64()
    writer = _Writer(book, heading, folded, page or Page(), list(sums), right)
    for title, rows in sheets.items():
        writer.write(title, rows)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error
    out.write(made.getbuffer())


class _Writer:
    """Writes one workbook's sheets, one after the other."""

    def __init__(
        self,
        book: Any,
        heading: Sequence[str],
        folded: Collection[int],
        page: Page,
        sums: Sequence[Sequence[Any]],
        right: Collection[int],
    ) -> None:
        self._book, self._heading, self._folded, self._page, self._sums = book, heading, folded, page, sums
        head = {"bold": True, "text_wrap": True, "valign": "vcenter"}
        left, to_right = book.add_format(head), book.add_format({**head, "align": "right"})
        self._heads = [to_right if at in right else left for at in range(len(heading))]
        self._widest = _NARROW if len(heading) - len(folded) > _MANY else _WIDEST
        self._forms: dict[tuple[str, bool, bool], Any] = {}
        self._names: set[str] = set()

    def write(self, title: str, rows: Iterable[Sequence[Any]]) -> None:
        left, part = iter(rows), 1
        row = next(left, None)
        while part == 1 or row is not None:
            sheet = self._book.add_worksheet(sheet_name(title, self._names))
            widths = [min(_cells(text), self._widest) for text in self._heading]
            for at, text in enumerate(self._heading):
                sheet.write_string(0, at, _text(text), self._heads[at])
            line = 1
            while row is not None and line < MOST_ROWS - len(self._sums):
                self._row(sheet, line, row, widths)
                row, line = next(left, None), line + 1
            for one in self._sums if row is None else ():
                self._row(sheet, line, one, widths, bold=True)
                line += 1
            self._finish(sheet, widths, line - 1 - (len(self._sums) if row is None else 0))
            part += 1

    def _row(self, sheet: Any, line: int, row: Sequence[Any], widths: list[int], bold: bool = False) -> None:
        high = 1
        for at, value in enumerate(row):
            size = 0
            match value:
                case None:
                    continue
                case date() if value.year >= 1900:
                    sheet.write_datetime(line, at, value, self._form("yyyy-mm-dd", bold))
                    size = 10
                case int() | Decimal() if not isinstance(value, bool) and _exact(value):
                    form = ""
                    if isinstance(value, Decimal) and (places := _places(value)):
                        form = "0." + "0" * places
                    sheet.write_number(line, at, value, self._form(form, bold))
                    size = len(str(value))
                case _:
                    text = _text(str(value))
                    size = _cells(text)
                    sheet.write_string(line, at, text, self._form("", bold, size > self._widest))
                    if size > self._widest and at not in self._folded:
                        high = max(high, _lines(text, self._widest))
            if size > widths[at]:
                widths[at] = min(size, self._widest)
        if high > 1:  # not every program makes room for text that is wrapped
            sheet.set_row(line, _HEIGHT * min(high, _MOST_LINES))

    def _form(self, number: str, bold: bool, wraps: bool = False) -> Any:
        key = (number, bold, wraps)
        if key not in self._forms:
            form = {"num_format": number} if number else {}
            self._forms[key] = self._book.add_format({**form, "bold": bold, "text_wrap": wraps, "valign": "top"})
        return self._forms[key]

    def _finish(self, sheet: Any, widths: Sequence[int], last: int) -> None:
        for at, width in enumerate(widths):
            away = {"level": 1, "hidden": True} if at in self._folded else {}
            sheet.set_column(at, at, width + 2, None, away)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 0), max(len(widths) - 1, 0))
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        title, day = in_header(self._page.title), in_header(self._page.day)
        own = "" if sheet.get_name() == self._page.title else "&C&A"
        sheet.set_header(f"&L{title}{own}&R{day}")
        sheet.set_footer(f"&C{self._page.numbers}")


def sheet_name(title: str, names: set[str]) -> str:
    """A sheet's name: no sign that Excel forbids, at most 31 UTF-16 units, none of the `names` in whatever case, among
    which it is put. What is longer ends behind a word, or before what stands in brackets."""
    plain = _CONTROL.sub("", title)
    plain = re.sub(r"[\[\]:*?/\\\t\r\n]", "", plain).strip("' ") or "guikou"
    plain = "guikou" if plain.lower() == "history" else plain
    for number in range(1, len(names) + 2):
        end = f" ({number})" if number > 1 else ""
        name = _ended(plain, 31 - len(end)).rstrip("' ") + end
        if name.lower() not in names:
            break
    names.add(name.lower())
    return name


def _ended(text: str, units: int) -> str:
    short = _cut(text, units)
    if short == text:
        return text
    short = _cut(text, units - 1)
    ends = [found.start() for found in _END.finditer(text) if len(short) // 2 <= found.start() <= len(short)]
    return short[: ends[-1] if ends else None].rstrip(_MARKS) + "…"


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text


def _text(text: str) -> str:
    """A text as a cell can hold it: U+FFFD stands for what XML can't hold, an ellipsis for what is too long."""
    if not text.isprintable():
        text = _CONTROL.sub("\ufffd", text)
    return text if len(text) <= _LONGEST // 2 else _cut(text, _LONGEST - 1) + "…" if _long(text) else text


def _long(text: str) -> bool:
    return len(text.encode("utf-16-le")) // 2 > _LONGEST


def _exact(value: int | Decimal) -> bool:
    """Whether a spreadsheet's number keeps all its digits."""
    return len(Decimal(value).as_tuple().digits) <= _EXACT


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _lines(text: str, width: int) -> int:
    """On how many lines a text stands that is wrapped at a width, as near as can be told without its letters' sizes."""
    count, filled = 1, 0
    for word in _PIECE.findall(text):
        size = _cells(word)
        if filled and filled + size > width:
            count, filled = count + 1, 0
        count += max(size - 1, 0) // width
        filled = filled + size if size <= width else (size - 1) % width + 1
    return count


def in_header(text: str) -> str:
    """A text in a page's header, where '&' begins an order."""
    return _cut(_text(text), 80).replace("&", "&&")
