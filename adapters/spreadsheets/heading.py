"""Where a table's heading stands, below covers and titles, and how its words are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from guikou.engine.errors import BadFile, MissingColumns, SeveralHeadings, UsageError, Where, WrongUsage
from guikou.engine.policy.synonyms import OWN
from guikou.engine.text import Title, folded, listed

from .cells import EMPTY, Row, Table

#: How many rows of a sheet are looked at for its heading.
LOOKED_AT = 50
#: The first headings of a file of rejected rows, by which it is known.
WHY = ("# row", "# code", "# reason")
#: The heading under which a file of rejected rows keeps cells that stood under none.
MORE = "# more"
_MARKS = re.compile(r"(?:[*★※]|\((?:必填|选填|必填项|选填项|必录|required|optional)\)|[::])+$")

#: Full-width marks that are taken for those that part cells, and which those are.
_WIDE_MARKS = {"，": ",", "；": ";"}

Known = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that was found: its table and (last) line, the words over each column, and the rows beneath.

    A row that its columns don't fit says so in its `fault`.
    """

    table: Table
    line: int
    labels: tuple[str, ...]
    rows: tuple[Row, ...]


class _Candidate(NamedTuple):
    table: Table
    at: int
    labels: tuple[str, ...]
    names: frozenset[str]


def heading_key(text: str) -> str:
    """A heading as it is compared: without width, case, spaces, line breaks, and marks such as * or （必填）."""
    plain = folded(text)
    return _MARKS.sub("", plain.lstrip("*★※")) or plain


def find_heading(
    tables: Sequence[Table], known: Known, needed: Collection[str] = (), *, line: int | None = None
) -> Heading:
    """The heading among the first rows of the tables: the first row that names every column `needed`, or where none is
    needed the row that names most, or failing that the first row with a text in most of its columns. `known` says what
    a heading means (a name such as 'id', or None); `line` names the row instead of looking for it.

    Raises WrongUsage with the sheets and rows looked at, MissingColumns, SeveralHeadings where two sheets have one, and
    BadFile where full-width marks part the cells.
    """
    known = cache(known)
    if line is not None:
        return _named(tables, known, line)
    full, best = [], None
    for table in tables:
        candidates = [_candidate(table, at, known) for at in range(min(len(table.rows), LOOKED_AT))]
        found = next((one for one in candidates if needed and set(needed) <= one.names), None)
        if found is not None:
            full.append(found)
        for one in candidates:
            if best is None or len(one.names) > len(best.names):
                best = one
    if len(full) > 1:
        raise several([one.table for one in full])
    if full:
        return _heading(full[0], known)
    _look_for_wide_marks(tables, known)
    if best is None:
        raise WrongUsage(reason_en="there is no table to read", reason_zh="没有可读的表")
    if needed:
        raise _missing(tables, best, [name for name in needed if name not in best.names])
    return _heading(best if best.names else _fullest(tables, known), known)


def _named(tables: Sequence[Table], known: Known, line: int) -> Heading:
    found = [_candidate(table, at, known) for table in tables for at, row in enumerate(table.rows) if row.line == line]
    if not found:
        raise WrongUsage(
            where=Where(str(tables[0].path)),
            reason_en=f"row {line} is empty, or there is no such row",
            reason_zh=f"第 {line} 行为空，或没有这一行",
        )
    best = max(found, key=lambda one: len(one.names))
    same = [one.table for one in found if one.names and one.labels == best.labels]
    if len(same) > 1:
        raise several(same)
    return _heading(best, known)


def several(tables: Sequence[Table]) -> SeveralHeadings:
    """Several sheets have a heading: which of them is meant is not for us to say."""
    return SeveralHeadings(where=Where(str(tables[0].path)), sheets=[table.sheet or "" for table in tables])


def _look_for_wide_marks(tables: Sequence[Table], known: Known) -> None:
    """Raises BadFile for a text whose cells are parted by full-width marks, which part none."""
    for table in tables:
        looked = table.rows[:LOOKED_AT] if table.encoding else ()
        whole = [(row, row.cells[0].text) for row in looked if sum(bool(text) for text in row.texts) == 1]
        for mark, half in _WIDE_MARKS.items():
            parted = [(row.line, text.split(mark)) for row, text in whole if text.count(mark) > 1]
            heading = any(sum(known(part) is not None for part in parts) > 1 for _, parts in parted)
            if heading or len(parted) * 2 > len(looked) > 1:
                raise BadFile(
                    where=Where(str(table.path), parted[0][0]),
                    reason=Title(
                        f"各格之间是全角的 “{mark}”；请全部改为半角的 “{half}”，或另存为 .xlsx",
                        f"its cells are parted by the full-width '{mark}'; write '{half}' instead, or save it as .xlsx",
                    ),
                )


def _candidate(table: Table, at: int, known: Known) -> _Candidate:
    labels = _labels(table, at, known)
    return _Candidate(table, at, labels, frozenset(name for label in labels if (name := known(label)) is not None))


def _labels(table: Table, at: int, known: Known) -> tuple[str, ...]:
    """The words over each column; where a column's own mean nothing and a wider one stands above, both together."""
    row = table.rows[at]
    labels = []
    above = _spread(table, at - 1) if at and not table.encoding else {}
    for column, text in enumerate(row.texts):
        both = above.get(column, "") + text
        labels.append(both if text and known(text) is None and known(both) is not None else text)
    return tuple(labels)


def _spread(table: Table, at: int) -> dict[int, str]:
    """What stands over each column in a row, words merged over several columns over each of them."""
    row = table.rows[at]
    found = {column: text for column, text in enumerate(row.texts) if text}
    for one in table.merged:
        if one.first <= row.line <= one.last and one.left in found:
            found |= dict.fromkeys(range(one.left, min(one.right + 1, one.left + 1000)), found[one.left])
    return found


def _heading(found: _Candidate, known: Known) -> Heading:
    table, at = found.table, found.at
    labels = found.labels
    last = max((one.last for one in table.merged if one.first <= table.rows[at].line <= one.last), default=0)
    while at + 1 < len(table.rows) and table.rows[at + 1].line <= last:  # a heading over two rows, some cells merged
        at += 1
        labels = _labels(table, at, known)
    while not table.encoding and labels and not labels[-1]:
        labels = labels[:-1]
    fit = _fit_text if table.encoding else _fit_sheet
    return Heading(table, table.rows[at].line, labels, tuple(fit(row, labels, known) for row in table.rows[at + 1 :]))


def _fit_sheet(row: Row, labels: Sequence[str], known: Known) -> Row:
    """A sheet's row has no end: cells that aren't there are empty."""
    return row if len(row.cells) >= len(labels) else replace(
        row, cells=(*row.cells, *[EMPTY] * (len(labels) - len(row.cells)))
    )  # fmt: skip


def _fit_text(row: Row, labels: Sequence[str], known: Known) -> Row:
    """A text's row with more or fewer cells than its heading may be shifted: a comma too many, or one missing."""
    have, want = len(row.cells), sum(label != MORE for label in labels)
    more = any(text for at, text in enumerate(row.texts) if at >= len(labels) or labels[at] == MORE)
    if not more and not any(known(label) for label in labels[have:]):
        return replace(row, cells=(*row.cells, *[EMPTY] * (len(labels) - have))) if have < len(labels) else row
    have = max((at + 1 for at, text in enumerate(row.texts) if text), default=0) if have > want else have
    return replace(
        row,
        fault=Title(
            f"有 {have} 个单元格，应为 {want} 个；含逗号的单元格请加引号",
            f"it has {have} cells instead of {want}; put quotes around a cell with a comma",
        ),
    )


def _missing(tables: Sequence[Table], best: _Candidate, missing: Sequence[str]) -> UsageError:
    """Why no row is the heading: what the likeliest row lacks, or where it was looked for."""
    table = best.table
    titles = [OWN.get(name, Title(name, name)) for name in missing]
    if best.names:
        line = table.rows[best.at].line
        sheet = f" [{table.sheet}]" if table.sheet is not None else ""
        given = [" ".join(label.split()) for label in best.labels if label.strip()]
        return MissingColumns(where=Where(f"{table.path}{sheet}", line), columns=titles, given=given)
    names_zh, names_en = listed(titles).zh, listed(titles).en
    last = max(table.rows[:LOOKED_AT][-1].line for table in tables)
    sheets = [table.sheet for table in tables if table.sheet is not None]
    return WrongUsage(
        where=Where(str(table.path)),
        reason_en=f"no heading was found in rows 1 to {last}"
        + (f" of the sheets {', '.join(sheets)}" if sheets else "")
        + f": there is no column {names_en}; name its row with --heading, its sheet with --sheet, or write a mapping "
        "with --propose",
        reason_zh=(f"在工作表 {'、'.join(sheets)} 的" if sheets else "在")
        + f"第 1 至 {last} 行没有找到表头：缺少列 {names_zh}；可用 --heading 指明行，--sheet 指明工作表，"
        "或用 --propose 写出对应表",
    )


def _fullest(tables: Sequence[Table], known: Known) -> _Candidate:
    """The first row that has texts only, in more than half as many columns as the widest row has."""
    rated = []
    for table in tables:
        looked = table.rows[:LOOKED_AT]
        widest = max(sum(1 for text in row.texts if text) for row in looked)
        for at, row in enumerate(looked):
            filled = [cell for cell in row.cells if cell.text]
            if all(cell.kind == "text" for cell in filled) and len(filled) * 2 > widest:
                rated.append((widest, table, at))
                break
    _, table, at = max(rated, key=lambda one: one[0], default=(0, tables[0], 0))
    return _candidate(table, at, known)
