"""One sheet of a workbook: its rows, and what each cell is."""

from __future__ import annotations

import re
from bisect import bisect_left
from decimal import Decimal
from typing import IO, Any

from guikou.engine.errors import BadFile, Where
from guikou.engine.rules.written import NotWritten, read_day
from guikou.engine.text import Title

from .cells import EMPTY, Cell, Merged, Row
from .encodings import text_fault
from .formats import day_of, format_kind, is_rounded, number_of, number_text
from .markup import elements, local, string_of, unescaped

#: The most cells that a sheet may have, empty ones between others counted: fifty columns of 100,000 rows.
MOST_CELLS = 5_000_000
TOO_MANY = Title("单元格过多；请拆分后导入", "it has too many cells; split it")
_LAST_ROW, _LAST_COLUMN = 1 << 20, 1 << 14
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", re.ASCII)

_NEVER_WORKED_OUT = Title(
    "公式没有计算结果；请用电子表格软件打开并保存一次，或改为数值",
    "a formula without its result; open and save it in a spreadsheet program, or put the value in its place",
)


class SheetReader:
    """Reads a sheet's XML. `strings` and `styles` are the workbook's: its shared strings, each style's format."""

    def __init__(self, strings: list[str], styles: list[str], since_1904: bool, where: Where) -> None:
        self._strings, self._styles, self._since_1904, self._where = strings, styles, since_1904, where
        self._texts: list[Cell | None] = [None] * len(strings)
        self._numbers: dict[tuple[str, str | None], Cell] = {}  # most columns have few different ones
        self._cells = 0
        self.merged: tuple[Merged, ...] = ()

    def read(self, file: IO[bytes], most: int | None = None) -> tuple[Row, ...]:
        """The rows that aren't blank, or the first so many; afterwards `merged` has the cells that are one.

        Raises BadFile, and what a damaged file's XML raises.
        """
        rows: list[Row] = []
        merged: list[Merged] = []
        line = 0
        for element in elements(file, {"row", "mergeCell"}):
            if local(element.tag) == "mergeCell":
                merged.append(_merged(element.get("ref", "")))
                continue
            before, line = line, int(element.get("r") or line + 1)
            if not before < line <= _LAST_ROW:
                raise ValueError(f"row {line} after row {before}")
            cells = self._row(element)
            self._count(len(cells))
            if any(cell.text for cell in cells):
                rows.append(Row(line, cells))
            if most is not None and len(rows) == most:
                break
        self.merged = tuple(merged)
        return self._filled(rows)

    def _count(self, more: int) -> None:
        self._cells += more
        if self._cells > MOST_CELLS:
            raise BadFile(where=self._where, reason=TOO_MANY)

    def _row(self, row: Any) -> tuple[Cell, ...]:
        found: list[Cell] = []
        for element in row:
            if local(element.tag) != "c":
                continue
            at = _column(element.get("r"), len(found))
            cell = self._cell(element)
            if cell is EMPTY and element.get("r"):
                continue
            if not len(found) <= at < _LAST_COLUMN:
                raise ValueError(f"column {at} after column {len(found)}")
            found += [EMPTY] * (at - len(found))
            found.append(cell)
        while found and not found[-1].text:
            found.pop()
        return tuple(found)

    def _cell(self, element: Any) -> Cell:
        kind = element.get("t", "n")
        value = formula = inline = None
        for child in element:
            match local(child.tag):
                case "v":
                    value = child.text or ""
                case "f":
                    formula = child.text or ""
                case "is":
                    inline = child
        if inline is not None:
            return _text(string_of(inline))
        if formula is not None and not value and not (kind == "str" and value is not None):
            return Cell("#CALC!", "formula", fault=_NEVER_WORKED_OUT)  # what a sheet shows for it
        if not value:
            return EMPTY
        match kind:
            case "s":
                return self._shared(int(value))
            case "str":
                return _text(unescaped(value))
            case "b":
                return Cell("true" if value.strip().lower() in ("1", "true") else "false", "boolean")
            case "e":
                return error_cell(value.strip())
            case "d":
                return _iso_day(value)
            case _:
                known = value, element.get("s")
                if known not in self._numbers:
                    self._numbers[known] = self._number(*known)
                return self._numbers[known]

    def _shared(self, at: int) -> Cell:
        if at < 0:
            raise ValueError(f"string {at}")
        cell = self._texts[at]
        if cell is None:
            cell = self._texts[at] = _text(self._strings[at])
        return cell

    def _number(self, raw: str, style: str | None) -> Cell:
        at = int(style or 0)
        text_format = self._styles[at] if 0 <= at < len(self._styles) else ""
        number = number_of(raw)
        if number is None:
            return Cell(raw, "number", text_format, fault=Title(f"“{raw[:40]}” 不是数字", f"'{raw[:40]}' is no number"))
        kind = format_kind(text_format)
        if kind == "date":
            if 0 <= number < 1:
                return Cell(_time(number), "text", text_format)
            day = day_of(number, since_1904=self._since_1904)
            text = number_text(number, "")
            if day is None:
                return Cell(
                    text,
                    "date",
                    text_format,
                    fault=Title(
                        f"日期序号 {text} 不是日历上的日期", f"{text}, shown as a date, is no day of the calendar"
                    ),
                )
            return Cell(day.isoformat(), "date", text_format, day)
        serial = kind == "number" and 10_000 <= number < 100_000
        return Cell(
            number_text(number, text_format), "number", text_format,
            day_of(number, since_1904=self._since_1904) if serial else None, is_rounded(number),
        )  # fmt: skip

    def _filled(self, rows: list[Row]) -> tuple[Row, ...]:
        """With each value that is merged over several rows in each of them that has something of its own."""
        lines = [row.line for row in rows]
        for one in self.merged:
            start = bisect_left(lines, one.first)
            if one.last == one.first or start == len(rows) or lines[start] != one.first:
                continue
            value = rows[start].cells[one.left] if one.left < len(rows[start].cells) else EMPTY
            for at in range(start + 1, bisect_left(lines, one.last + 1)):
                cells = rows[at].cells
                self._count(len(cells))
                if one.left >= len(cells):
                    cells += (EMPTY,) * (one.left + 1 - len(cells))
                rows[at] = Row(lines[at], (*cells[: one.left], value, *cells[one.left + 1 :]))
        return tuple(rows)


def error_cell(text: str) -> Cell:
    """A cell that shows an error such as #N/A."""
    return Cell(text, "error", fault=Title(f"单元格是错误值 {text[:20]}", f"the cell is an error, {text[:20]}"))


def _text(text: str) -> Cell:
    return Cell(text.strip(), fault=text_fault(text)) if text.strip() else EMPTY


def _iso_day(text: str) -> Cell:
    try:
        day = read_day(text.strip().removesuffix("Z"))
    except NotWritten:
        return Cell(text, "date", fault=Title(f"“{text[:40]}” 不是日期", f"'{text[:40]}' is no day"))
    return Cell(day.isoformat(), "date", day=day)


def _time(part: Decimal) -> str:
    seconds = int(part * 86_400 + Decimal("0.5"))
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _column(place: str | None, following: int) -> int:
    if place is None:
        return following
    found = _PLACE.fullmatch(place)
    if found is None:
        raise ValueError(place)
    at = 0
    for letter in found[1].upper():
        at = at * 26 + ord(letter) - ord("A") + 1
    return at - 1


def _merged(reference: str) -> Merged:
    first, last = (_PLACE.fullmatch(one) for one in reference.split(":"))
    if first is None or last is None:
        raise ValueError(reference)
    return Merged(int(first[2]), int(last[2]), _column(first[0], 0), _column(last[0], 0))
