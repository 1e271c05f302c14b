"""What a sheet holds: tables of rows of cells, each cell as text and as what its sheet knew of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from guikou.engine.errors import BadCell
from guikou.engine.text import Title

CellKind = Literal["text", "number", "date", "boolean", "error", "formula"]

ROUNDED = Title(
    "该编码曾被当作数字保存，末尾数字已丢失；请从原始名册重新取得，并以文本格式填写",
    "it went through a number and lost its last digits; take it from the register again, into a cell formatted as text",
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
        """The cell as a person writes a value of that kind ('integer', 'date', ...; 'id' for a code), stripped.

        Raises BadCell when the cell holds no such thing: an error, a formula that was never worked out, a code that
        lost digits, a percentage, characters that nobody wrote.
        """
        if self.fault is not None:
            raise BadCell(reason=self.fault)
        if kind == "id" and self.rounded:
            raise BadCell(reason=ROUNDED)
        return self.text


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts from 1 in the file (in a spreadsheet it is the row)."""

    line: int
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, line: int, *texts: str) -> Row:
        """A row of plain texts."""
        return cls(line, tuple(Cell(text) for text in texts))

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
