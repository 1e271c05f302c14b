"""Where a table's heading stands, below covers and titles, and how its words are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from .cells import Row, Table

_MARKS = re.compile(r"(?:[*★※]|\((?:必填|选填|必填项|选填项|required|optional)\)|[::])+$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was found: its table and line, the words over each column, and the rows beneath."""

    table: Table
    line: int
    labels: tuple[str, ...]
    rows: tuple[Row, ...]


def heading_key(text: str) -> str:
    """A heading as it is compared: without width, case, spaces, line breaks, and marks such as * or （必填）."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _MARKS.sub("", plain).lstrip("*★※") or plain


def find_heading(
    tables: Sequence[Table],
    known: Callable[[str], str | None],
    needed: Collection[str],
    *,
    line: int | None = None,
) -> Heading:
    """The heading among the first rows of the tables: the row that names every column `needed`. `known` says what a
    heading means (a name such as 'id', or None); `line` names the row instead of looking for it.

    Raises WrongUsage, naming the sheets and rows looked at and what was missing.
    """
    table = tables[0]
    row = table.rows[0]
    return Heading(table, row.line, row.texts, table.rows[1:])
