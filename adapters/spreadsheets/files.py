"""CSV and XLSX files as rows of text, and rows as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guikou.engine.errors import BadFile, NotInstalled, Where, WrongUsage
from guikou.engine.errors.reasons import csv_reason, os_reason
from guikou.engine.text import Title


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row as text; `line` counts from 1 in the file (in a spreadsheet it is the row)."""

    line: int
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[TextRow]:
    """A file's rows that aren't blank, the heading first; the first sheet of an XLSX.

    Raises BadFile (with the line), NotInstalled, and WrongUsage for another kind of file.
    """
    match path.suffix.lower():
        case ".csv":
            rows = list(_csv(path))
        case ".xlsx":
            rows = list(_xlsx(path))
        case other:
            raise WrongUsage(
                where=Where(str(path)),
                reason_en=f"'{other}' files can't be read; give .csv or .xlsx",
                reason_zh=f"不支持 “{other}” 文件；请使用 .csv 或 .xlsx",
            )
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        raise BadFile(where=Where(str(path)), reason=Title("是空的", "it is empty"))
    return rows


def _csv(path: Path) -> Iterator[TextRow]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(where=Where(str(path)), reason=os_reason(error)) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what Chinese spreadsheets write by default
        except UnicodeDecodeError as error:
            raise BadFile(
                where=Where(str(path)),
                reason=Title("既不是 UTF-8 也不是 GB 18030 编码", "it is neither UTF-8 nor GB 18030"),
            ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield TextRow(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(where=Where(str(path), line), reason=csv_reason(error)) from error


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise NotInstalled(library="openpyxl", extra="xlsx") from error
    return openpyxl


def _xlsx(path: Path) -> Iterator[TextRow]:
    openpyxl = _openpyxl()
    from zipfile import BadZipFile

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise BadFile(where=Where(str(path)), reason=os_reason(error)) from error
    except (BadZipFile, KeyError, ValueError) as error:
        raise BadFile(where=Where(str(path)), reason=Title("不是有效的 XLSX 文件", str(error))) from error
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield TextRow(number, tuple(_cell_text(cell) for cell in cells))
    finally:
        book.close()


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()


def write_csv(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV text. A cell that a spreadsheet would take for a formula is quoted with an apostrophe (OWASP's advice on
    CSV injection); a number stays a number."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: Any) -> Any:
    return "'" + cell if isinstance(cell, str) and cell[:1] in "=+@\t\r" and cell else cell


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
