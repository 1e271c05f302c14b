"""A store as it was on record: what had been told by an instant, and nothing of what was told since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

from ..cases.case import Case
from ..cases.events import Event
from ..errors import RecordOnly
from .imported import Parked
from .query import Query
from .store import Store, Together, Transaction


class OnRecord:
    """What a store had on record at an instant, which is now for whoever asks. Questions about cases alone: what else
    it keeps does not say since when, and nothing can be changed; both are RecordOnly."""

    def __init__(self, store: Store, known: datetime) -> None:
        self._store, self._known = store, known

    def __repr__(self) -> str:
        return f"<{self._store!r} as on record at {self._known}>"

    def now(self) -> datetime:
        return self._known

    def salt(self) -> str:
        return self._store.salt()

    def get(self, id: str, as_of: datetime | None = None, known: datetime | None = None) -> Case | None:
        return self._store.get(id, as_of or self._known, self._known)

    def alias(self, id: str) -> str | None:
        return self._store.alias(id)

    def cases(self, query: Query) -> list[Case]:
        return self._store.cases(self._then(query))

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        return self._store.duties(self._then(query))

    def count(self, query: Query) -> int:
        return self._store.count(self._then(query))

    def count_duties(self, query: Query) -> int:
        return self._store.count_duties(self._then(query))

    def tally(self, query: Query, by: Sequence[str], *, duties: bool) -> Mapping[tuple[Any, ...], int]:
        return self._store.tally(self._then(query), by, duties=duties)

    def events(self, case: str) -> list[Event]:
        return [event for event in self._store.events(case) if event.recorded_at <= self._known]

    def naming(self, *texts: str) -> list[Event]:
        return [event for event in self._store.naming(*texts) if event.recorded_at <= self._known]

    def happened(self, since: datetime, until: datetime, known: datetime | None = None) -> Iterable[Event]:
        return self._store.happened(since, until, self._known)

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        counts: dict[tuple[str, str, str], int] = {}
        for case in self.cases(Query(closed=False)):
            key = (case.workflow, case.state, case.responsible)
            counts[key] = counts.get(key, 0) + 1
        return counts

    def parked(
        self,
        *,
        id: str | None = None,
        state: str | None = "waiting",
        source: int | None = None,
        limit: int | None = None,
    ) -> list[Parked]:
        if id is None:
            self._refuse()
        return []  # whoever finds no case under an id is told nothing of what waits there now

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        return self._store.policy_files(digest)

    def transaction(self) -> AbstractContextManager[Transaction]:
        self._refuse()

    def together(self, cases: Collection[str]) -> AbstractContextManager[Together]:
        self._refuse()

    def _then(self, query: Query) -> Query:
        return replace(query, as_of=query.as_of or self._known, known=self._known)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise RecordOnly()

    with_texts = imports = import_rows = activate_policy = outbox = count_outbox = claim = delivered = failed = _refuse
