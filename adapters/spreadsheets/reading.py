"""CSV and XLSX files as tables of cells, as spreadsheet programs and people make them."""

from __future__ import annotations

import re
from pathlib import Path

from guikou.engine.errors import BadFile, Where, WrongUsage
from guikou.engine.policy.files.documents import read_bytes
from guikou.engine.text import Title

from .cells import EMPTY, Cell, CellKind, Merged, Row, Table
from .delimited import read_delimited
from .encodings import decode
from .heading import Heading, find_heading, heading_key
from .workbook import read_workbook

__all__ = [
    "EMPTY", "Cell", "CellKind", "Heading", "Merged", "Row", "Table",
    "find_heading", "heading_key", "read_table", "read_tables",
]  # fmt: skip

#: No register is larger, in bytes.
LARGEST_FILE = 100_000_000
_TEXTS, _BOOKS = (".csv", ".tsv", ".txt", ""), (".xlsx", ".xlsm", ".xls")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|table|meta|\?xml|\?mso)", re.IGNORECASE)

_SAVE_ANEW = Title("请用电子表格软件打开，另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx")


def read_tables(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> tuple[Table, ...]:
    """The tables of a CSV (one) or of a workbook (one for each visible sheet that isn't empty, or the sheet named).

    What the file is, its content says: a workbook is read as one whatever it is called. `encoding` names a
    CSV's encoding instead of weighing it. Raises BadFile (with the line), and WrongUsage for another kind of file, an
    encoding that there is none of, a sheet that isn't there.
    """
    where = Where(str(path))
    suffix = path.suffix.lower()
    data = read_bytes(path, LARGEST_FILE)
    start = data[:4096]
    if start[:4] != b"PK\x03\x04":
        if suffix not in _TEXTS + _BOOKS:
            raise WrongUsage(
                where=where,
                reason_en=f"'{path.suffix}' files can't be read; give .csv or .xlsx",
                reason_zh=f"不支持 “{path.suffix}” 文件；请使用 .csv 或 .xlsx",
            )
        _refuse_others(start, suffix, where)
    if start[:4] == b"PK\x03\x04":
        _not_for(encoding, "encoding", where)
        tables = read_workbook(path, sheet)
    else:
        _not_for(sheet, "sheet", where)
        text, said = decode(data, where, encoding)
        rows = read_delimited(text, where)
        tables = (Table(path, None, said, rows),) if rows else ()
    if not tables:
        raise BadFile(where=where, reason=Title("文件是空的", "it is empty"))
    return tables


def read_table(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """The first of a file's tables. Raises as `read_tables`."""
    return read_tables(path, encoding=encoding, sheet=sheet)[0]


def _refuse_others(start: bytes, suffix: str, where: Where) -> None:
    """Raises BadFile for what neither is a workbook of today nor delimited text, whatever its name says."""
    if start.startswith(_OLE):
        raise BadFile(
            where=where,
            reason=Title(
                f"是旧版 .xls 或带密码的工作簿；{_SAVE_ANEW.zh}（不设密码）",
                f"it is an old .xls workbook or one with a password; {_SAVE_ANEW.en}, without a password",
            ),
        )
    if _PAGE.match(start):
        raise BadFile(
            where=where,
            reason=Title(f"是网页或 XML 文件；{_SAVE_ANEW.zh}", f"it is an HTML or XML file; {_SAVE_ANEW.en}"),
        )
    if start.startswith(b"PK"):
        raise BadFile(where=where, reason=Title("ZIP 文件已损坏或为空", "it is a damaged or empty ZIP file"))
    if suffix in _BOOKS:
        raise BadFile(
            where=where,
            reason=Title(
                f"不是 XLSX 工作簿；如为文本请改名为 .csv，否则{_SAVE_ANEW.zh}" if start else "文件是空的",
                f"it is no XLSX workbook; if it is text, name it .csv, otherwise {_SAVE_ANEW.en}"
                if start
                else "it is empty",
            ),
        )
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf")):
        raise BadFile(where=where, reason=Title("不是表格文件", "it is no table of any kind"))


def _not_for(given: str | None, what: str, where: Where) -> None:
    if given is not None:
        kind, zh = (
            ("workbook", "这是工作簿，没有编码；对应表中写有编码的，请删去该行")
            if what == "encoding"
            else ("text file", "这是文本文件，没有工作表；对应表中写有工作表和表头行的，请删去这两行")
        )
        en = f"it is a {kind}, which has no {what} to name; where a mapping names it, leave it out there"
        raise WrongUsage(where=where, reason_en=en, reason_zh=zh)
