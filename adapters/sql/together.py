"""Several transactions of a database as one: each is a savepoint in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from guikou.engine.cases.case import Case
from guikou.engine.supervision.store import NeededFirst
from guikou.engine.text import UNFIT

from .connection import Unit
from .transaction import Work

if TYPE_CHECKING:
    from .store import SqlStore


class Together:
    """A transaction that was begun, in which the cases of some ids are held, and the store whose transactions are parts
    of it."""

    def __init__(self, unit: Unit, own: SqlStore, cases: Collection[str]) -> None:
        self._unit, self._own = unit, own
        self.broken = False
        self.erased = False
        self.held = set(cases)
        self.store = _Within(self, own)
        lock = own.statements.lock
        if lock is not None and cases:
            Work(unit, own.database, own.statements, own.now).reserve(cases)
            for id in sorted(cases):
                lock.run(unit.cursor, {"id": id})

    @contextmanager
    def part(self) -> Iterator[Work]:
        """A transaction within it: rolled back unless committed, without what was committed before."""
        held = frozenset(self.held)
        with self._own.database.errors():
            self._unit.cursor.execute("SAVEPOINT part")
            work = _Part(self._unit, self._own, self)
            try:
                yield work
            finally:
                self._end(work.committed, held)

    def _end(self, committed: bool, held: Collection[str]) -> None:
        """SQLite rolls all of it back where the disk is full, and a connection that was lost is no more."""
        self.broken = self.broken or not self._unit.alive
        if self.broken:
            return
        if not committed:
            self._unit.cursor.execute("ROLLBACK TO SAVEPOINT part")
            self.held = set(held)  # what was taken since is let go
        self._unit.cursor.execute("RELEASE SAVEPOINT part")

    def hold(self, ids: Collection[str]) -> None:
        """Raises NeededFirst for cases that come before those that are held. What nothing can be kept under is asked
        for in vain."""
        more = {id for id in ids if UNFIT.search(id) is None} - self.held
        if more and self.held and self._own.statements.lock is not None and min(more) < max(self.held):
            raise NeededFirst(more)
        self.held |= more

    def commit(self) -> None:
        self._unit.commit()
        if self.erased and self._own.database.sqlite:
            self._own.database.empty_log(self._unit.cursor)


class _Part(Work):
    """A transaction that is part of another."""

    #: In which order cases are taken is looked after by the whole.
    alone = True

    def __init__(self, unit: Unit, own: SqlStore, whole: Together) -> None:
        super().__init__(unit, own.database, own.statements, own.now)
        self._whole = whole
        self.committed = False

    def reserve(self, ids: Collection[str]) -> None:
        """It was, with all of the whole."""

    def needs(self, ids: Collection[str]) -> None:
        self._whole.hold(ids)

    def case(self, id: str) -> Case | None:
        self._whole.hold([id])
        return super().case(id)

    def commit(self) -> None:
        self.committed = True
        self._whole.erased = self._whole.erased or self._erased


class _Within:
    """A store whose transactions are parts of one."""

    def __init__(self, whole: Together, own: SqlStore) -> None:
        self._whole, self._own = whole, own

    def __repr__(self) -> str:
        return f"<{self._own!r}, in a transaction>"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def transaction(self) -> Any:
        return self._whole.part()
