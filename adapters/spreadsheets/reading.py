"""CSV and XLSX files as tables of cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from guikou.engine.errors import BadFile, NotInstalled, Where, WrongUsage

from .cells import Cell, CellKind, Merged, Row, Table
from .heading import Heading, find_heading, heading_key

__all__ = [
    "Cell",
    "CellKind",
    "Heading",
    "Merged",
    "Row",
    "Table",
    "find_heading",
    "heading_key",
    "read_table",
    "read_tables",
]


def read_tables(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> tuple[Table, ...]:
    """The tables of a CSV (one) or of a workbook (one for each visible sheet that isn't empty, or the sheet named).

    `encoding` names a CSV's encoding instead of weighing it. Raises BadFile (with the line), and WrongUsage for another
    kind of file, an encoding or a sheet that isn't there.
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
    rows = [row for row in rows if any(row.texts)]
    if not rows:
        raise BadFile(where=Where(str(path)), reason="it is empty")
    return (Table(path, None, "utf-8", tuple(rows)),)


def read_table(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """The first of a file's tables. Raises as `read_tables`."""
    return read_tables(path, encoding=encoding, sheet=sheet)[0]


def _csv(path: Path) -> Iterator[Row]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(where=Where(str(path)), reason=error.strerror or str(error)) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what Chinese spreadsheets write by default
        except UnicodeDecodeError as error:
            raise BadFile(where=Where(str(path)), reason="it is neither UTF-8 nor GB 18030") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row.of(line, *(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(where=Where(str(path), line), reason=str(error)) from error


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise NotInstalled(library="openpyxl", extra="xlsx") from error
    return openpyxl


def _xlsx(path: Path) -> Iterator[Row]:
    openpyxl = _openpyxl()
    from zipfile import BadZipFile

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise BadFile(where=Where(str(path)), reason=str(error)) from error
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield Row.of(number, *(_cell_text(cell) for cell in cells))
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
