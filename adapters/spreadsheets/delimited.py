"""CSV and other delimited text as rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from guikou.engine.errors import BadFile, Where
from guikou.engine.text import Title

from .apostrophes import unguarded
from .cells import EMPTY, Cell, Row
from .encodings import text_fault
from .sheets import MOST_CELLS, TOO_MANY, error_cell

#: What may part the cells of a text.
DELIMITERS = ",\t;"
_TRICK = re.compile(r'="((?:[^"]|"")*)"')  # how a text is kept from being taken for a number
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[Ee]\+\d+", re.ASCII)


def read_delimited(text: str, where: Where) -> tuple[Row, ...]:
    """The rows that aren't blank, numbered as a spreadsheet shows them: a cell's line breaks begin no other row.
    Commas, tabs or semicolons part the cells, whichever the first rows agree on.

    Raises BadFile with the line of the text where a quote opened that isn't closed.
    """
    named = re.match(r"sep=([,;\t])(\r\n|\r|\n)", text)
    delimiter = named[1] if named else _delimiter(text)
    if text.count(delimiter) + text.count("\n") > MOST_CELLS:
        raise BadFile(where=where, reason=TOO_MANY)
    found = []
    for line, cells in _records(text[named.end() :] if named else text, delimiter, where, 2 if named else 1):
        row = Row(line, tuple(_cell(cell) for cell in cells))
        if any(cell.text for cell in row.cells):
            found.append(row)
    return tuple(found)


def _records(text: str, delimiter: str, where: Where, first: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first  # of the text
    try:
        for number, cells in enumerate(reader, first):
            yield number, cells
            line = first + reader.line_num
    except csv.Error as error:
        if "field larger" in str(error):
            reason = Title("单元格过长", "a cell is too long")
        else:
            line = first - 1 + _opened(text, line - first, delimiter)
            reason = Title(
                "此行的引号没有成对；含逗号、引号或换行的单元格应以引号括起，其中的引号写两次",
                "the quote that opens here is not closed; put a cell with commas, quotes or line breaks in quotes, "
                "and write each quote within it twice",
            )
        raise BadFile(where=Where(where.file, line), reason=reason) from error


def _opened(text: str, skipped: int, delimiter: str) -> int:
    """The line in which the last quote opened, of the record that begins after so many lines."""
    opened, quoted, starts = skipped + 1, False, True
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number <= skipped:
            continue
        at = 0
        while at < len(line):
            char = line[at]
            if quoted and char == '"':
                if line[at + 1 : at + 2] == '"':
                    at += 1
                elif line[at + 1 : at + 2] in (delimiter, "\r", "\n", ""):
                    quoted = False
                else:
                    return opened
            elif not quoted and starts and char == '"':
                opened, quoted = number, True
            starts = not quoted and char in (delimiter, "\r", "\n")
            at += 1
    return opened


def _delimiter(text: str) -> str:
    """The delimiter by which most of the first rows have as many cells as each other, more than one."""
    best, most = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for at, cells in enumerate(csv.reader(io.StringIO(text[:65536], newline=""), delimiter=delimiter)):
                if at >= 30:
                    break
                widths[len(cells)] += len(cells) > 1
        except csv.Error:
            continue
        rated = max(((count, width) for width, count in widths.items() if count), default=(0, 0))
        if rated > most:
            best, most = delimiter, rated
    return best


def _cell(raw: str) -> Cell:
    text = raw.strip()
    if not text:
        return EMPTY if not text_fault(raw) else Cell(raw, fault=text_fault(raw))
    trick = _TRICK.fullmatch(text)
    text = trick[1].replace('""', '"').strip() if trick else unguarded(raw).strip()
    if _ERROR.fullmatch(text):
        return error_cell(text)
    return Cell(text, rounded=bool(_SCIENTIFIC.fullmatch(text)), fault=text_fault(raw))
