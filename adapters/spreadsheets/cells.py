"""What a sheet holds: tables of rows of cells, each cell as text and as what its sheet knew of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Literal

from guikou.engine.errors import BadCell
from guikou.engine.text import UNSEEN, Title

CellKind = Literal["text", "number", "date", "boolean", "error", "formula"]

ROUNDED = Title(
    "该编码曾被当作数字保存，末尾数字已丢失；请从原始名册重新取得，并以文本格式填写",
    "it went through a number and lost its last digits; take it from the register again, into a cell formatted as text",
)
_NO_NAME = Title(
    "这不是名称：电子表格将其当作日期或真假值；请以文本格式重新填写",
    "it is no name: the spreadsheet took it for a date, or for true or false; "
    "write it anew, into a cell formatted as text",
)
_BECAME_A_DATE = Title(
    "该编码被电子表格当作日期；请以文本格式重新填写",
    "the spreadsheet took it for a date; write it anew, into a cell formatted as text",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is the cell as it is written back to a file. The rest is what its sheet knew: its kind of value, the
    number format (empty: none or General), the day that it is or that its number would be as a serial number, whether
    it is a number of more digits than a number keeps, and why it can't be taken at all."""

    text: str = ""
    kind: CellKind = "text"
    number_format: str = ""
    day: date | None = None
    rounded: bool = False
    fault: Title | None = None

    def written(self, kind: str) -> str:
        """The cell as a person writes a value of that kind ('integer', 'date', ...; 'id' for a code, 'name'): without
        what can't be seen, line breaks within as a space or, between Chinese characters, as nothing.

        Raises BadCell when the cell holds no such thing: an error, a formula never worked out, a code that lost
        digits or became a date, characters that nobody wrote.
        """
        if self.fault is not None:
            raise BadCell(reason=self.fault)
        if kind == "id":
            if self.rounded or self.kind == "date":
                raise BadCell(reason=ROUNDED if self.rounded else _BECAME_A_DATE)
            return _seen(self.text).lstrip("'’‘＇`").strip()
        if kind == "name" and self.kind in ("date", "boolean"):
            raise BadCell(reason=_NO_NAME)
        if kind == "date" and self.day is not None:
            return self.day.isoformat()
        return _seen(self.text)


_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def _seen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.strip()
    parts = [part for one in _BREAKS.split(UNSEEN.sub("", text)) if (part := one.strip())]
    joined = parts[:1]
    for before, part in pairwise(parts):
        joined += ["" if _WIDE.fullmatch(before[-1]) and _WIDE.fullmatch(part[0]) else " ", part]
    return "".join(joined)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is the row as a spreadsheet numbers it, from 1. `fault`: why its cells don't fit the heading."""

    line: int
    cells: tuple[Cell, ...]
    fault: Title | None = None

    @classmethod
    def of(cls, line: int, *texts: str) -> Row:
        """A row of plain texts."""
        return cls(line, tuple(Cell(text) for text in texts))

    def cell(self, at: int) -> Cell:
        """What stands in a column; nothing where the row ends before it."""
        return self.cells[at] if at < len(self.cells) else EMPTY

    def with_days(self, columns: Sequence[int]) -> Row:
        """With the serial numbers in some columns as the days that they are, so that they are written back as such."""
        cells = list(self.cells)
        for at in columns:
            if at < len(cells) and (day := cells[at].day) is not None and cells[at].kind == "number":
                cells[at] = replace(cells[at], text=day.isoformat(), kind="date")
        return self if cells == list(self.cells) else replace(self, cells=tuple(cells))

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells that are one: rows (as `Row.line`) and columns (from 0), first and last."""

    first: int
    last: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's rows that aren't blank, title rows and all. `sheet` is None for a CSV; `encoding` is what a CSV was
    read as, None for a workbook. A value merged over several rows stands in each of them."""

    path: Path
    sheet: str | None
    encoding: str | None
    rows: tuple[Row, ...]
    merged: Sequence[Merged] = field(default=())
