"""A store in memory, for tests and for trying things out. One thread at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from guikou.engine.case import Case, Event, fold
from guikou.engine.errors import AlreadyOpen, CaseChanged
from guikou.engine.store import Query


def system_clock() -> datetime:
    """The instant by this machine's clock, in UTC."""
    return datetime.now(UTC)


class MemoryStore:
    """What a Store must do, on dictionaries."""

    def __init__(self, clock: Callable[[], datetime] = system_clock) -> None:
        self._clock = clock
        self._cases: dict[str, Case] = {}
        self._events: dict[str, list[Event]] = {}
        self._policies: dict[str, Mapping[str, str]] = {}
        self._active: str | None = None

    def now(self) -> datetime:
        return self._clock()

    @contextmanager
    def transaction(self) -> Iterator[_Work]:
        yield _Work(self._cases, self._events)

    def get(self, id: str, as_of: datetime | None = None) -> Case | None:
        if as_of is None:
            return self._cases.get(id)
        return fold([event for event in self._events.get(id, []) if event.at <= as_of])

    def cases(self, query: Query) -> list[Case]:
        then = (self.get(id, query.as_of) for id in self._cases)
        return query.sorted(case for case in then if case is not None and query.admits(case))

    def events(self, case: str) -> list[Event]:
        return list(self._events.get(case, []))

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        counts: dict[tuple[str, str, str], int] = {}
        for case in self._cases.values():
            if not case.closed:
                key = (case.workflow, case.state, case.responsible)
                counts[key] = counts.get(key, 0) + 1
        return counts

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        return self._policies.get(digest or self._active or "")

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        self._policies[digest] = dict(files)
        self._active = digest


class _Work:
    def __init__(self, cases: dict[str, Case], events: dict[str, list[Event]]) -> None:
        self._kept_cases, self._kept_events = cases, events
        self._cases: dict[str, Case] = {}
        self._events: list[Event] = []

    def answered(self, request_id: str) -> Sequence[Event]:
        return [one for events in self._kept_events.values() for one in events if one.request_id == request_id]

    def case(self, id: str) -> Case | None:
        return self._cases.get(id) or self._kept_cases.get(id)

    def append(self, before: Case | None, after: Case, events: Sequence[Event]) -> None:
        stands = self.case(after.id)
        if before is None and stands is not None:
            raise AlreadyOpen(case=after.id)
        if before is not None and (stands is None or stands.revision != before.revision):
            raise CaseChanged(case=after.id)
        self._cases[after.id] = after
        self._events += events

    def commit(self) -> None:
        self._kept_cases.update(self._cases)
        for event in self._events:
            self._kept_events.setdefault(event.case, []).append(event)
        self._cases, self._events = {}, []
