"""Registers taken in: imported as one, parked where they lack something, undone where they were wrong."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, Unpack

from ..cases.case import Organization
from ..errors import AlreadyOpen, CaseChanged, UnknownImport
from . import parking, undoing
from .asked import known_became, known_waits, looked_at
from .imported import Import, ImportedRow, Parked, RowRead, Source, Undone
from .importing import Importing, begin
from .keeping import Keeping
from .office import ByAny, Office
from .retrying import TRIES, transacted
from .taking import Taking
from .views import CaseView


def take_in(office: Office, organization: Organization, dry_run: bool, telling: ByAny) -> tuple[str, CaseView]:
    """Register an organisation, or report what changed of one that is. Raises what is refused."""
    checked = office.checked(organization)
    for _ in range(TRIES - 1):
        try:
            return _taken_in(office, checked, dry_run, telling)
        except (AlreadyOpen, CaseChanged):
            continue  # somebody else took it in meanwhile
    return _taken_in(office, checked, dry_run, telling)


def _taken_in(office: Office, checked: Organization, dry_run: bool, telling: ByAny) -> tuple[str, CaseView]:
    def do(keeping: Keeping) -> tuple[str, CaseView]:
        stamp = office.stamp(**office.of_any(telling))
        taken = Taking(office, keeping, stamp, telling.get("when")).take(RowRead.of(checked), park=False)
        if taken.faults:
            raise taken.faults[0]
        assert taken.case is not None, "what is not refused has its case"
        if taken.changed and not dry_run:
            keeping.work.commit()
        return taken.outcome, office.view(taken.case, stamp.at)

    return transacted(office, [checked.id], do)


@looked_at
class Intake:
    """What `Supervision.intake` is: registers as offices keep them. Every command says who tells it and when
    (`ByAny`)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def begin(
        self, source: Source, lines: int, *, park: bool = False, dry_run: bool = False, **telling: Unpack[ByAny]
    ) -> Importing:
        """Begin to import a file with so many rows; `take` of what this gives takes them in. With `park`, rows that
        lack what routing needs are parked instead of rejected; with `dry_run` nothing is kept."""
        return begin(self._office, source, lines, park, dry_run, telling)

    def imports(self, *, digest: str | None = None, limit: int | None = None) -> list[Import]:
        """The imports, the last first; with `digest`, those of one file."""
        return self._office.store.imports(digest=digest, limit=limit)

    def get(self, number: int) -> Import:
        """One of them. Raises UnknownImport."""
        found = [one for one in self._office.store.imports() if one.number == number]
        if not found:
            raise UnknownImport(number=number)
        return found[0]

    def rows(self, number: int, outcome: str | None = None) -> list[ImportedRow]:
        """What became of the rows of an import, or of those with an outcome. Raises UnknownImport and
        UnknownChoice."""
        known_became(outcome)
        self.get(number)
        return self._office.store.import_rows(number, outcome)

    def undo(self, number: int, *, reason: str, **telling: Unpack[ByAny]) -> Undone:
        """Take back all that an import did, if nothing else happened to its cases since: what it opened is withdrawn,
        what it changed is put back, what it parked is dropped. All of it or nothing; events say so, none is deleted.

        Raises UnknownImport, AlreadyUndone, ReasonMissing, and ImportInUse with what happened since.
        """
        return undoing.undo(self._office, number, reason, self._office.of_any(telling))

    def parked(
        self,
        *,
        id: str | None = None,
        state: str | None = "waiting",
        source: int | None = None,
        limit: int | None = None,
    ) -> list[Parked]:
        """What is parked, the oldest first: under an id, by an import (completed in part by hand since, too), in a
        state (None: in any). Raises UnknownChoice."""
        known_waits(state)
        store = self._office.store
        if source is None:
            return store.parked(id=id, state=state, limit=limit)
        ever = {one.number: one for one in store.parked(id=id, state=None)}
        of_it = (one for one in ever.values() if one.first(ever).source == source)
        return list(islice((one for one in of_it if state in (None, one.state)), limit))

    def complete(
        self,
        id: str,
        facts: Mapping[str, Any],
        *,
        name: str | None = None,
        area: str | None = None,
        **telling: Unpack[ByAny],
    ) -> CaseView | Parked:
        """Say more of what is parked under an id. It is opened, or stays parked with what it lacks still.

        Raises NotParked, UsageError for what can't be, and what the rules refuse: then it stays as it was.
        """
        said = RowRead(0, id, name, area, facts)
        return parking.complete(self._office, said, self._office.of_any(telling))

    def drop(self, id: str, *, reason: str, **telling: Unpack[ByAny]) -> Parked:
        """Let go of what is parked under an id, on record. Raises NotParked and ReasonMissing."""
        return parking.drop(self._office, id, reason, self._office.of_any(telling))
