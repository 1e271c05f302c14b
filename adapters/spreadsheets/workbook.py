"""XLSX workbooks (ECMA-376) as tables, row by row.

Read without a library: openpyxl trusts a sheet's stated dimension, knows no East Asian formats, leaves out merged cells
when streaming, and answers a damaged file with whatever exception comes; calamine gives no number formats, so that a
code's leading zeros are lost, and reads errors and formulas without a result as empty. Here every part is bounded,
and what is broken is one BadFile.
"""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.etree import ElementTree

from guikou.engine.errors import BadFile, Where, WrongUsage
from guikou.engine.text import Title

from .cells import Table
from .formats import format_text
from .markup import by_local, elements, local, string_of
from .sheets import SheetReader

#: The most that one part of a workbook may unpack to, in bytes: more than a register ever has.
LARGEST_PART = 1 << 28
#: The most that a part of more than a few megabytes may grow as it is unpacked: sheets grow ten to thirty times.
MOST_GROWTH, FEW = 100, 1 << 24

_DAMAGED = (
    ElementTree.ParseError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    EOFError, NotImplementedError, RuntimeError, ValueError, LookupError, OSError, OverflowError,
)  # fmt: skip


class _Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


def read_workbook(path: Path, name: str | None, rows: int | None = None) -> tuple[Table, ...]:
    """The visible sheets that aren't empty, or the one of that name, hidden or not; of each so many rows (None: all).

    Raises BadFile for what is no workbook or a damaged one, WrongUsage for a sheet that isn't there.
    """
    where = Where(str(path))
    try:
        with zipfile.ZipFile(path) as package:
            return _tables(_Package(package, where), path, name, rows)
    except _DAMAGED as error:
        raise BadFile(
            where=where,
            reason=Title(
                "文件已损坏，或不是完整的 XLSX 工作簿；请用电子表格软件打开后另存为 .xlsx",
                "it is damaged, or no whole XLSX workbook; open it in a spreadsheet program and save it anew as .xlsx",
            ),
        ) from error


def _tables(package: _Package, path: Path, name: str | None, most: int | None) -> tuple[Table, ...]:
    book = package.workbook()
    sheets = book.sheets
    if name is not None:
        chosen = [sheet for sheet in sheets if sheet.name == name] or [
            sheet for sheet in sheets if sheet.name.strip().casefold() == name.strip().casefold()
        ]
        if not chosen:
            known = [sheet.name for sheet in sheets]
            raise WrongUsage(
                where=package.where,
                reason_en=f"there is no sheet '{name}'; there are: {', '.join(known)}",
                reason_zh=f"没有工作表 “{name}”；现有：{'、'.join(known)}",
            )
    else:
        chosen = [sheet for sheet in sheets if not sheet.hidden]
    styles = package.styles(book)
    strings = package.strings(book)
    found = []
    for sheet in chosen:
        with package.open(sheet.part) as part:
            reader = SheetReader(strings, styles, book.since_1904, Where(f"{path} [{sheet.name}]"))
            rows = reader.read(part, most)
        if rows:
            found.append(Table(path, sheet.name, None, rows, reader.merged))
    return tuple(found)


class _Book(NamedTuple):
    sheets: list[_Sheet]
    since_1904: bool
    strings: str | None
    styles: str | None


class _Package:
    """The parts of a workbook's ZIP file."""

    def __init__(self, package: zipfile.ZipFile, where: Where) -> None:
        self.where = where
        self._package = package
        self._names = {name.replace("\\", "/").lstrip("/").casefold(): name for name in package.namelist()}

    def open(self, part: str) -> IO[bytes]:
        if not self.has(part):
            raise BadFile(
                where=self.where,
                reason=Title(f"工作簿不完整，缺少 {part}", f"the workbook is not whole: it lacks {part}"),
            )
        info = self._package.getinfo(self._names[part.casefold()])
        if info.flag_bits & 1:
            raise BadFile(
                where=self.where,
                reason=Title("工作簿已加密；请取消密码后另存", "it is encrypted; save it without a password"),
            )
        grows = info.file_size > FEW and info.file_size > MOST_GROWTH * max(info.compress_size, 1)
        if info.file_size > LARGEST_PART or grows:
            raise BadFile(
                where=self.where, reason=Title("解压后过大；请拆分后导入", "it unpacks to too much; split it")
            )
        return self._package.open(info)

    def has(self, part: str | None) -> bool:
        return part is not None and part.casefold() in self._names

    def workbook(self) -> _Book:
        main = next(
            (target for kind, target in self._relations("").values() if kind == "officeDocument" and self.has(target)),
            "xl/workbook.xml",
        )
        if not self.has(main) or main.endswith(".bin"):
            raise BadFile(
                where=self.where,
                reason=Title(
                    "不是 XLSX 工作簿（可能是其他格式的文件改名而来）；请另存为 .xlsx",
                    "it is no XLSX workbook (perhaps another kind of file under that name); save it as .xlsx",
                ),
            )
        relations = self._relations(main)
        sheets, since_1904 = [], False
        for element in self._elements(main):
            tag = local(element.tag)
            if tag == "workbookPr":
                since_1904 = element.get("date1904", "").lower() in ("1", "true", "on")
            elif tag == "sheet":
                kind, target = relations.get(by_local(element, "id"), ("", ""))
                if kind == "worksheet":  # a sheet of another kind is a chart or a macro
                    name = " ".join(element.get("name", "").split())
                    sheets.append(_Sheet(name, target, element.get("state", "visible") != "visible"))
        others = dict(relations.values())
        return _Book(sheets, since_1904, others.get("sharedStrings"), others.get("styles"))

    def styles(self, book: _Book) -> list[str]:
        """The number format of each cell style."""
        custom: dict[int, str] = {}
        found: list[str] = []
        for element in self._elements(book.styles) if book.styles else ():
            tag = local(element.tag)
            if tag == "numFmt":
                custom[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
            elif tag == "cellXfs":
                found = [format_text(int(one.get("numFmtId", "0")), custom) for one in element]
        return found

    def strings(self, book: _Book) -> list[str]:
        if not book.strings:
            return []
        return [string_of(one) for one in self._elements(book.strings, {"si"})]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """A part's relations by their id: the last word of the type, and the part that is meant."""
        folder, name = posixpath.split(part)
        file = posixpath.join(folder, "_rels", name + ".rels")
        found = {}
        for element in self._elements(file) if self.has(file) else ():
            if local(element.tag) == "Relationship":
                target = element.get("Target", "")
                whole = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found[element.get("Id", "")] = (element.get("Type", "").rsplit("/", 1)[-1], whole)
        return found

    def _elements(self, part: str, only: set[str] | None = None) -> Iterator[Any]:
        """A part's elements as they end; with `only`, these, each forgotten afterwards."""
        with self.open(part) as file:
            yield from elements(file, only)
