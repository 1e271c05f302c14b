"""Rows as CSV or XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from guikou.engine.errors import NotInstalled


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise NotInstalled(library="openpyxl", extra="xlsx") from error
    return openpyxl


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV text. A cell that a spreadsheet would take for a formula is quoted with an apostrophe (OWASP's advice on
    CSV injection), and so is one that begins with such an apostrophe, so that `read_delimited` gives back what was
    written; a number stays a number."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


#: What a spreadsheet may take for a formula: not a text that is a negative number or only a dash.
_FORMULA = re.compile(r"[=+@\t\r]|-(?![\d.,]*$|-*$)|'[=+\-@\t\r']")


def _harmless(cell: Any) -> Any:
    return "'" + cell if isinstance(cell, str) and _FORMULA.match(cell) else cell


def write_xlsx(
    heading: Sequence[str], sheets: Mapping[str, Iterable[Sequence[Any]]], folded: Collection[int] = ()
) -> bytes:
    """A workbook with a sheet for each title: heading frozen, filtered and repeated on every page, dates as dates,
    columns as wide as their text, those at `folded` folded away so that the rest prints readably. Raises NotInstalled.
    """
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        plain = "".join(char for char in title if char not in "[]:*?/\\")[:31] or "guikou"
        _fill(book.create_sheet(plain), heading, rows, folded)  # openpyxl numbers a title that stands already
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, heading: Sequence[str], rows: Iterable[Sequence[Any]], folded: Collection[int]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from rich.cells import cell_len

    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    widths = [cell_len(text) for text in heading]
    sheet.append(list(heading))
    for row in rows:
        sheet.append(list(row))
        for at, cell in enumerate(sheet[sheet.max_row]):
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
            elif isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula
            widths[at] = max(widths[at], cell_len(str(cell.value if cell.value is not None else "")))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, width in enumerate(widths, start=1):
        column = sheet.column_dimensions[get_column_letter(at)]
        column.width = min(width + 2, 60)
        if at - 1 in folded:
            column.outlineLevel, column.hidden = 1, True
    sheet.auto_filter.ref = sheet.dimensions
