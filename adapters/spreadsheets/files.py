"""CSV and XLSX files as rows of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from guikou.engine.errors import BadFile, NotInstalled, Where, WrongUsage


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
        raise BadFile(where=Where(str(path)), reason="it is empty")
    return rows


def _csv(path: Path) -> Iterator[TextRow]:
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
            yield TextRow(line, tuple(cell.strip() for cell in cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(where=Where(str(path), line), reason=str(error)) from error


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
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise BadFile(where=Where(str(path)), reason=str(error)) from error
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
