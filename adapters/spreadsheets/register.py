"""A register as it is opened for an import: its heading found, its columns understood, its rows ready to be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from guikou.engine.errors import MissingColumns, SeveralHeadings, UsageError
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.imported import RowRead

from .cells import Row
from .columns import NEEDED, Columns, columns, ignored, known_columns
from .heading import WHY, Heading, several
from .mapping import RegisterMapping
from .reading import find_heading, read_tables
from .rejects import is_rejects, left
from .rows import Read, is_example, read_row

#: In so many first rows of a table a heading is looked for.
LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Register:
    """A register under a policy: its `heading` and `columns`, and its `rows` without those that are examples; whether
    it is a file of rows that were `rejected`."""

    policy: Policy
    heading: Heading
    columns: Columns
    rows: tuple[Row, ...]
    rejected: bool = False

    def read(self, row: Row) -> Read:
        """A row as an organisation, or everything that is wrong with it; one that was refused as another's double stays
        so until a person says that it is right."""
        read = read_row(self.policy, self.columns, row)
        again = left(self.policy, self.heading, row, read.said.id) if self.rejected else None
        if again is None:
            return read
        faults = (again, *read.faults)
        return Read(None, faults, replace(read.said, faults=faults))

    def contradicts(self, said: RowRead) -> list[str]:
        """The columns of a row that name another area than the row's own: its name, its address or an office begins
        with the full title of one that lies elsewhere."""
        wording, facts = self.policy.wording, self.policy.facts
        found = []
        for column in self.columns.used if said.area is not None else ():
            telling = column.means in ("name", "address") or (
                column.means in facts and facts[column.means].kind.name in ("enumeration", "body")
            )
            area = wording.begins_with(said.given.get(column.label, "")) if telling else None
            if area is not None and wording.apart(area.code, said.area or ""):
                found.append(column.label)
        return found


def open_register(
    policy: Policy,
    path: Path,
    mapping: RegisterMapping | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    line: int | None = None,
) -> Register:
    """A register from its file; `encoding`, `sheet` and the `line` of the heading go before what the mapping says of
    them, which is of the register itself and no file of rows rejected from it. Raises as `read_tables`, `find_heading`
    and `columns`."""
    encoding, sheet, line = _where(path, mapping, encoding, sheet, line)
    tables = read_tables(path, encoding=encoding, sheet=sheet)
    known = known_columns(policy, mapping)
    try:
        heading = find_heading(tables, known, NEEDED, line=line)
    except MissingColumns:  # what only supplements what is known already needs no more than a code and what is new
        heading = find_heading(tables, known, NEEDED[:1], line=line)
        if sum(known(label) is not None for label in heading.labels) < 2:
            raise
    found = columns(policy, heading.labels, mapping)
    days = [one.at for one in found.used if one.means in policy.facts and policy.facts[one.means].kind.name == "date"]
    rows = tuple(row.with_days(days) for row in heading.rows if not is_example(found, row))
    return Register(policy, heading, found, rows, heading.labels[: len(WHY)] == WHY)


def _where(
    path: Path, mapping: RegisterMapping | None, encoding: str | None, sheet: str | None, line: int | None
) -> tuple[str | None, str | None, int | None]:
    """Where and how a heading stands, as it is named or else as a mapping has it of the register itself."""
    if mapping is None or (mapping.encoding, mapping.sheet, mapping.heading) == (None, None, None) or is_rejects(path):
        return encoding, sheet, line
    return encoding or mapping.encoding, sheet or mapping.sheet, line or mapping.heading


def likely_heading(
    policy: Policy,
    path: Path,
    mapping: RegisterMapping | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    line: int | None = None,
) -> Heading:
    """The heading of a register of which nothing may be known: the one that names its columns, or else the row that
    comes nearest to it. Raises as `read_tables`, WrongUsage for a `line` that isn't there, SeveralHeadings where
    another sheet has the same one, and BadFile where full-width marks part the cells."""
    encoding, sheet, line = _where(path, mapping, encoding, sheet, line)
    tables = read_tables(path, encoding=encoding, sheet=sheet)
    column = known_columns(policy, mapping)
    try:
        return find_heading(tables, column, NEEDED, line=line)
    except UsageError as error:
        if line is not None or isinstance(error, SeveralHeadings):
            raise
    near = [
        Heading(table, row.line, row.texts, table.rows[at + 1 :])
        for table in tables
        for at, row in enumerate(table.rows[:LOOKED_AT])
    ]

    def known(one: Heading) -> tuple[int, int]:
        """How much of a row is known, and else in how many columns it has a text: a title has one."""
        texts = [text for text in one.labels if text]
        told = sum(2 if column(text) else ignored(policy.wording, text) for text in texts)
        return told, len(texts)

    best = max(near, key=known)
    same = [one.table for one in near if one.labels == best.labels]
    if len({table.sheet for table in same}) > 1 and sum(bool(text) for text in best.labels) > 1:
        raise several(same)
    return best
