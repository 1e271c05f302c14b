"""A register imported as one: who, when, which file, and what became of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

from ..cases.events import EventKind
from ..errors import (
    AlreadyOpen,
    BadText,
    CaseChanged,
    ImportEnded,
    NotCanonical,
    RowAgain,
    StillAgain,
    StoreBusy,
    StoreContended,
)
from .asked import look_at_row
from .imported import OUTCOMES, Import, ImportedRow, RowRead, Source, Taken
from .keeping import Keeping
from .office import By, ByAny, Office
from .retrying import TRIES, transacted
from .taking import LACKING, Taking


def begin(office: Office, source: Source, lines: int, park: bool, dry_run: bool, telling: ByAny) -> Importing:
    by = office.of_any(telling)
    stamp = office.stamp(**by)
    own = Import(
        0, source, park, stamp.actor, stamp.body, office.policy.digest, stamp.at, stamp.recorded_at, lines,
        counts=dict.fromkeys(OUTCOMES, 0),
    )  # fmt: skip
    known = _taken_before(office, own)
    if not dry_run:
        with office.store.transaction() as work:
            own = work.begin_import(own)
            work.commit()
    return Importing(office, own, by, dry_run, known)


class Importing:
    """An import that has begun. `what` is how it stands, `counts` what became of its rows so far."""

    def __init__(
        self, office: Office, what: Import, telling: By, dry_run: bool, known: Mapping[int, ImportedRow]
    ) -> None:
        self.what, self.dry_run = what, dry_run
        self._office, self._telling, self._known = office, telling, known
        self._ids = {one.id for one in known.values() if one.outcome != "rejected"}
        self._seen: dict[str, Taken] = {}
        self._begun: dict[int, datetime] = {}

    @property
    def counts(self) -> Mapping[str, int]:
        return self.what.counts

    def take(self, rows: Iterable[RowRead], batch: int = 100) -> Iterator[Taken]:
        """Take rows in, some in one transaction; gives each once it is kept. After the last the import is done. Where
        it is broken off, whatever was given is kept.

        Raises StoreError, ImportEnded where somebody else undid it meanwhile, and BadArgument for what is no row.
        """
        waiting = iter(rows)
        while some := tuple(islice(waiting, batch)):
            for row in some:
                look_at_row(row)
            yield from self._some(some)
        self._finish()

    def _some(self, rows: tuple[RowRead, ...]) -> list[Taken]:
        try:
            return self._together(rows)
        except (AlreadyOpen, CaseChanged, StoreBusy, StoreContended):
            if len(rows) > 1:  # somebody else is at one of them: each by itself waits for nobody but its own
                return [taken for row in rows for taken in self._some((row,))]
        for _ in range(TRIES - 2):
            try:
                return self._together(rows)
            except (AlreadyOpen, CaseChanged):
                continue
        return self._together(rows)

    def _together(self, rows: tuple[RowRead, ...]) -> list[Taken]:
        number = self.what.number

        def do(keeping: Keeping) -> tuple[list[Taken], dict[str, Taken], Import]:
            fresh: dict[str, Taken] = {}
            what = self.what if self.dry_run else _running(keeping.work.import_(number), number)
            keeping.importing = number if not self.dry_run else None
            found = [self._taken(keeping, row, fresh) for row in rows]
            counts = Counter(what.counts)
            counts.update(taken.outcome for taken in found)
            what = replace(what, counts=dict(counts))
            if not self.dry_run:
                for taken in found:
                    keeping.work.keep_row(taken.kept(number))
                keeping.work.put_import(what)
                keeping.work.commit()
            return found, fresh, what

        ids = {row.id for row in map(self._normal, rows) if row.id is not None}
        found, fresh, self.what = transacted(self._office, ids, do)
        self._seen |= fresh
        return found

    def _taken(self, keeping: Keeping, row: RowRead, fresh: dict[str, Taken]) -> Taken:
        row = self._normal(row)
        key = self._key(keeping, row)
        first = fresh.get(key) or self._seen.get(key)
        again = _again(row, first) if first is not None else None
        if again is not None:
            return again
        taken = self._as_before(keeping, row) if first is None else None
        if taken is None:
            stamp = self._office.stamp(**self._telling)
            taken = Taking(self._office, keeping, stamp, self._telling.get("when")).take(row, self.what.parks)
        if row.id is not None and taken.outcome != "rejected":
            fresh[key] = taken
        return taken

    def _key(self, keeping: Keeping, row: RowRead) -> str:
        """By what it is told whether two rows are of one organisation, which may have had another id before."""
        case = keeping.case(row.id) if row.id else None
        return case.id if case is not None else row.id or ""

    def _normal(self, row: RowRead) -> RowRead:
        """The row with its id in its normal form, by which it is told whether another row has it; as it is, where it
        can't be one."""
        try:
            return row if row.id is None else replace(row, id=self._office.own_id(row.id))
        except (BadText, NotCanonical):
            return row

    def _as_before(self, keeping: Keeping, row: RowRead) -> Taken | None:
        """What the same file led to before, if that still stands: what was corrected since is not undone by it."""
        before = self._known.get(row.line)
        if before is None or row.id is None or before.id != row.id:
            return None
        if any(isinstance(one, StillAgain) for one in row.faults):
            return None  # however often it is brought
        case = keeping.case(row.id)
        if case is not None and case.withdrawn is None:
            if before.outcome != "rejected":
                return Taken(row, "unchanged", case)
            if before.case is not None or not self._opened_since(keeping, case.id, before.number):
                return None
            # It was not enough to open the case, which something else has opened since.
            if row.id in self._ids:
                return Taken(row, "rejected", case, faults=tuple(one.error() for one in before.faults))
            return Taken(row, "unchanged", case)
        if before.case is not None or before.outcome not in ("parked", "unchanged"):
            return None
        waiting = keeping.waiting(row.id)
        if waiting is None:
            return Taken(row, "unchanged") if self._is_dropped(row.id) else None
        return Taken(row, "parked", parked=waiting.number, faults=tuple(one.error() for one in waiting.faults))

    def _opened_since(self, keeping: Keeping, case: str, number: int) -> bool:
        """Whether a case was opened after an import of the same file had begun."""
        if number not in self._begun:
            self._begun |= {
                one.number: one.recorded_at for one in self._office.store.imports(digest=self.what.source.digest)
            }
        since = self._begun[number]
        return any(event.kind == EventKind.OPENED and event.recorded_at >= since for event in keeping.history(case))

    def _is_dropped(self, id: str) -> bool:
        """Whether a person let go of what was parked last under an id."""
        every = self._office.store.parked(id=id, state=None)
        return bool(every) and every[-1].state == "dropped"

    def _finish(self) -> None:
        if self.dry_run:
            return
        with self._office.store.transaction() as work:
            what = _running(work.import_(self.what.number), self.what.number)
            self.what = replace(what, state="done", finished_at=self._office.store.now())
            work.put_import(self.what)
            work.commit()


def _running(what: Import | None, number: int) -> Import:
    if what is None or what.state != "running":
        raise ImportEnded(number=number, state=what.state if what is not None else "gone")
    return what


def _again(row: RowRead, first: Taken) -> Taken | None:
    """What becomes of a row of the same id as one that was taken: the same again is nothing new, and which of two that
    differ is right is not for us to say. What was parked may be said more of."""
    if any(not isinstance(one, LACKING) for one in row.faults):
        return None
    if row.says() == first.row.says():
        return Taken(row, "unchanged", first.case, parked=first.parked)
    if first.outcome == "parked" and not _contradicts(row, first.row):
        return None
    return Taken(row, "rejected", first.case, faults=(RowAgain(id=row.id, row=first.row.line), *row.faults))


def _contradicts(row: RowRead, first: RowRead) -> bool:
    own = ((row.name, first.name), (row.area, first.area))
    facts = ((value, first.facts[name]) for name, value in row.facts.items() if name in first.facts)
    return any(None not in (new, old) and new != old for new, old in own) or any(new != old for new, old in facts)


def _taken_before(office: Office, own: Import) -> dict[int, ImportedRow]:
    """What became of the same file, read in the same way under the same policy, by line; but for the organisations of
    an import that was undone since: what this one left alone then may be missing now."""
    every = office.store.imports()
    undone: dict[str | None, datetime] = {}
    for one in every:
        if one.undone_at is not None:
            for row in office.store.import_rows(one.number):
                undone[row.id] = max(one.undone_at, undone.get(row.id, one.undone_at))
    found: dict[int, ImportedRow] = {}
    for one in reversed(every):
        same = (one.source.digest, one.source.sheet, one.source.mapping, one.policy) == (
            own.source.digest, own.source.sheet, own.source.mapping, own.policy,
        )  # fmt: skip
        if same and one.state != "undone":
            for row in office.store.import_rows(one.number):
                stands = row.id not in undone or undone[row.id] <= one.recorded_at
                if stands and (row.outcome != "rejected" or row.line not in found):
                    found[row.line] = row
    return found
