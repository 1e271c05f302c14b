"""A register's file brought in as one import: its rows read and taken in, with what became of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from guikou.engine.policy.files.documents import read_bytes
from guikou.engine.supervision.imported import Import, RowRead, Source, Taken
from guikou.engine.supervision.importing import Importing
from guikou.engine.supervision.supervision import Supervision

from .cells import Row
from .reading import LARGEST_FILE
from .register import Register


@dataclass
class Brought:
    """What came of a file so far: the import (its number is 0 where nothing is kept), the rows that were rejected or
    parked with why, the years in which working days had to be assumed, and by column the rows of those that were taken
    in whose text there names another area than theirs."""

    register: Register
    run: Importing
    rejected: list[tuple[Row, Taken]] = field(default_factory=list)
    parked: list[tuple[Row, Taken]] = field(default_factory=list)
    assumed: set[int] = field(default_factory=set)
    elsewhere: dict[str, list[int]] = field(default_factory=dict)

    @property
    def what(self) -> Import:
        return self.run.what

    @property
    def counts(self) -> Mapping[str, int]:
        return self.run.counts


def source(path: Path, register: Register, mapping: Path | None = None) -> Source:
    """What an import keeps of its file. Raises BadFile."""
    data, table = _bytes(path), register.heading.table
    mapped = hashlib.sha256(_bytes(mapping)).hexdigest() if mapping is not None else None
    digest = hashlib.sha256(data).hexdigest()
    return Source(path.name, digest, len(data), table.encoding, table.sheet, mapped)


def bring(
    supervision: Supervision,
    register: Register,
    what: Source,
    *,
    park: bool = False,
    dry_run: bool = False,
    by: str | None = None,
    actor: str | None = None,
    when: datetime | date | None = None,
) -> Brought:
    """Begin to import a register; `rows` of what this gives takes its rows in. Raises MissingColumns for one without
    what a case needs, of which no row is of a case that there is, or of what is parked."""
    lacks = register.columns.lacks
    if lacks is not None and not any(_is_known(supervision, register.read(row).said.id) for row in register.rows):
        raise lacks
    run = supervision.intake.begin(what, len(register.rows), park=park, dry_run=dry_run, by=by, actor=actor, when=when)
    return Brought(register, run)


def rows(brought: Brought, then: Callable[[Row], None] = lambda row: None) -> Brought:
    """Take in all rows of a register; `then` is told of each that is kept. Raises StoreError and ImportEnded."""
    known: dict[int, Row] = {}

    def read() -> Iterator[RowRead]:
        for row in brought.register.rows:
            known[row.line] = row
            yield brought.register.read(row).said

    for taken in brought.run.take(read()):
        row = known.pop(taken.row.line)
        if taken.outcome == "rejected":
            brought.rejected.append((row, taken))
        elif taken.outcome == "parked":
            brought.parked.append((row, taken))
        elif taken.case is not None:
            brought.assumed.update(taken.case.assumed)
        if taken.outcome in ("opened", "changed", "parked"):
            for label in brought.register.contradicts(taken.row):
                brought.elsewhere.setdefault(label, []).append(row.line)
        then(row)
    return brought


def _is_known(supervision: Supervision, id: str | None) -> bool:
    store, id = supervision.store, supervision.policy.identity.normal(id or "")
    if not id:
        return False
    return bool(store.get(id) or store.alias(id) or store.parked(id=id))


def _bytes(path: Path) -> bytes:
    return read_bytes(path, LARGEST_FILE)
