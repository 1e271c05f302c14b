"""A store in memory, for tests and for trying things out. One thread at a time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event, effective
from guikou.engine.cases.fold import as_at
from guikou.engine.cases.texts import ERASED, REQUEST
from guikou.engine.decide.notices import Notice
from guikou.engine.errors import AlreadyOpen, CaseChanged, NotShared, RequestReused
from guikou.engine.supervision.imported import Import, ImportedRow, Parked
from guikou.engine.supervision.query import Query
from guikou.engine.supervision.store import LONG_AGO, Answered, Outgoing, Request, Woken, fingerprint, wake_at_once

from .clock import system_clock


class MemoryStore:
    """What a Store must do, on dictionaries."""

    def __init__(self, clock: Callable[[], datetime] = system_clock) -> None:
        self._clock = clock
        self._cases: dict[str, Case] = {}
        self._events: dict[str, list[Event]] = {}
        self._policies: dict[str, Mapping[str, str]] = {}
        self._active: str | None = None
        self._wakes: dict[str, date] = {}
        self._outbox: dict[tuple[str, int], Outgoing] = {}
        self._requests: dict[str, tuple[Request, Answered]] = {}
        self._aliases: dict[str, str] = {}
        self._imports: dict[int, Import] = {}
        self._rows: dict[tuple[int, int], ImportedRow] = {}
        self._parked: dict[int, Parked] = {}
        self._process = os.getpid()

    def __repr__(self) -> str:
        return f"<MemoryStore of {len(self._cases)} cases>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Raises NotShared."""
        raise NotShared()

    def now(self) -> datetime:
        return self._clock()

    def salt(self) -> str:
        return token_hex(16)

    @contextmanager
    def transaction(self) -> Iterator[_Work]:
        """Raises NotShared in a forked process, of whose cases the others would know nothing."""
        if os.getpid() != self._process:
            raise NotShared()
        yield _Work(self)

    @contextmanager
    def together(self, cases: Collection[str]) -> Iterator[_Together]:
        """Nothing fails once it is decided: each transaction is kept at once, and taken back where the whole is not."""
        before = {name: value.copy() for name, value in vars(self).items() if isinstance(value, dict)}
        before["_events"] = {id: list(events) for id, events in self._events.items()}
        unit = _Together(self)
        try:
            yield unit
        finally:
            if not unit.committed:
                vars(self).update(before)

    def get(self, id: str, as_of: datetime | None = None, known: datetime | None = None) -> Case | None:
        if as_of is None and known is None:
            return self._cases.get(id)
        return as_at(self._events.get(id, []), as_of, known)

    def alias(self, id: str) -> str | None:
        return self._aliases.get(id)

    def cases(self, query: Query) -> list[Case]:
        then = (self.get(id, query.as_of, query.known) for id in self._cases)
        return query.sorted(case for case in then if case is not None and query.admits(case))

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        then = (self.get(id, query.as_of, query.known) for id in self._cases)
        return query.sorted_duties(
            (case, name) for case in then if case is not None for name in case.duties if query.admits_duty(case, name)
        )

    def count(self, query: Query) -> int:
        return len(self.cases(replace(query, limit=None)))

    def count_duties(self, query: Query) -> int:
        return len(self.duties(replace(query, limit=None)))

    def tally(self, query: Query, by: Sequence[str], *, duties: bool) -> Mapping[tuple[Any, ...], int]:
        query = replace(query, limit=None)
        every = self.duties(query) if duties else [(case, None) for case in self.cases(query)]
        return Counter(query.counted(by, *one) for one in every)

    def events(self, case: str) -> list[Event]:
        return list(self._events.get(case, []))

    def naming(self, *texts: str) -> list[Event]:
        every = (event for id in sorted(self._events) for event in self._events[id])
        return [event for event in every if any(text in (event.name or "") for text in texts)]

    def with_texts(self) -> list[str]:
        closed = {id for id, case in self._cases.items() if case.closed}
        return sorted(id for id in closed if any(one.salts for one in self._events[id]))

    def happened(self, since: datetime, until: datetime, known: datetime | None = None) -> Iterator[Event]:
        for id in sorted(self._events):
            own = effective(one for one in self._events[id] if known is None or one.recorded_at <= known)
            yield from (event for event in own if since <= event.at <= until)

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        counts: dict[tuple[str, str, str], int] = {}
        for case in self._cases.values():
            if not case.closed:
                key = (case.workflow, case.state, case.responsible)
                counts[key] = counts.get(key, 0) + 1
        return counts

    def imports(self, *, digest: str | None = None, limit: int | None = None) -> list[Import]:
        every = [one for one in self._imports.values() if digest in (None, one.source.digest)]
        return sorted(every, key=lambda one: -one.number)[:limit]

    def import_rows(self, number: int, outcome: str | None = None) -> list[ImportedRow]:
        every = (row for row in self._rows.values() if row.number == number and outcome in (None, row.outcome))
        return sorted(every, key=lambda row: row.line)

    def parked(
        self,
        *,
        id: str | None = None,
        state: str | None = "waiting",
        source: int | None = None,
        limit: int | None = None,
    ) -> list[Parked]:
        every = (
            one
            for one in self._parked.values()
            if id in (None, one.id) and state in (None, one.state) and source in (None, one.source)
        )
        return sorted(every, key=lambda one: one.number)[:limit]

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        return self._policies.get(digest or self._active or "")

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        if self._active not in (None, digest):
            at_once = wake_at_once(self.now())
            for id, case in self._cases.items():
                if not case.closed:
                    self._wakes[id] = min(self._wakes.get(id, at_once), at_once)
        self._policies[digest] = dict(files)
        self._active = digest

    def outbox(self, *, delivered: bool | None = None, attempts: int = 0, limit: int | None = None) -> list[Outgoing]:
        found = [
            one
            for one in self._outbox.values()
            if (delivered is None or (one.delivered_at is not None) == delivered) and one.attempts >= attempts
        ]
        return sorted(found, key=lambda one: (one.created_at, one.notice.case, one.notice.seq))[:limit]

    def count_outbox(self, *, delivered: bool | None = None, attempts: int = 0) -> int:
        return len(self.outbox(delivered=delivered, attempts=attempts))

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        now = self.now()
        due = [one for one in self.outbox(delivered=False) if one.next_attempt is not None and one.next_attempt <= now]
        return [self._put(replace(one, attempts=one.attempts + 1, next_attempt=until)) for one in due[:limit]]

    def delivered(self, claimed: Outgoing) -> None:
        if self._outbox[claimed.notice.case, claimed.notice.seq].delivered_at is None:
            self._put(replace(claimed, delivered_at=self.now(), next_attempt=None, error=None))

    def failed(self, claimed: Outgoing, error: str, next_attempt: datetime) -> None:
        if self._outbox[claimed.notice.case, claimed.notice.seq] == claimed:
            self._put(replace(claimed, error=error, next_attempt=next_attempt))

    def _forget(self, case: str, erases: Sequence[tuple[int, str]], said: Mapping[datetime, Collection[str]]) -> None:
        gone: dict[int, list[str]] = {}
        for seq, place in erases:
            gone.setdefault(seq, []).extend([place] if place != REQUEST else [])
        own = self._events[case]
        own[:] = [one.without(gone[one.seq]) if one.seq in gone else one for one in own]
        now = {(one.case, one.seq): one for one in own}
        for id, (request, answered) in self._requests.items():
            if any(one.case == case and one.seq in gone for one in answered.events):
                events = tuple(now.get((one.case, one.seq), one) for one in answered.events)
                kept = replace(answered, salt=None, events=events)
                self._requests[id] = replace(request, command=""), kept
        self._imports |= {
            number: replace(one, undone_because=ERASED)
            for number, one in self._imports.items()
            if one.undone_at is not None and one.undone_because in said.get(one.undone_at, ())
        }
        self._parked |= {
            number: replace(one, reason=ERASED)
            for number, one in self._parked.items()
            if one.settled_at is not None and one.reason in said.get(one.settled_at, ())
        }

    def _put(self, one: Outgoing) -> Outgoing:
        self._outbox[one.notice.case, one.notice.seq] = one
        return one


class _Together:
    broken = committed = False

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    def commit(self) -> None:
        self.committed = True


class _Work:
    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._cases: dict[str, Case] = {}
        self._events: list[Event] = []
        self._wakes: dict[str, date | None] = {}
        self._notices: list[Notice] = []
        self._requests: dict[str, tuple[Request, Answered]] = {}
        self._aliases: dict[str, str] = {}
        self._imports: dict[int, Import] = {}
        self._rows: dict[tuple[int, int], ImportedRow] = {}
        self._parked: dict[int, Parked] = {}
        self._erases: list[tuple[str, Sequence[tuple[int, str]], Mapping[datetime, Collection[str]]]] = []

    def erase(self, case: str, erases: Sequence[tuple[int, str]], said: Mapping[datetime, Collection[str]]) -> None:
        self._erases.append((case, erases, said))

    def asked(self, case: str) -> Collection[int]:
        kept = [answered for request, answered in self._store._requests.values() if request.command]
        return {one.seq for answered in kept for one in answered.events if one.case == case}

    def told_with(self, event: Event) -> Collection[str]:
        told = (event.recorded_at, event.actor)
        return {
            id
            for id, events in self._store._events.items()
            if id != event.case and any((one.recorded_at, one.actor) == told for one in events)
        }

    def answered(self, request_id: str) -> Answered | None:
        known = self._requests.get(request_id) or self._store._requests.get(request_id)
        if known is not None:
            return known[1]
        kept = [*self._store._events.values(), self._events]
        events = tuple(one for events in kept for one in events if one.request_id == request_id)
        return Answered(None, None, events) if events else None

    def remember(self, request: Request, events: Sequence[Event]) -> None:
        kept = self._store._requests
        if request.id is not None and (request.id in self._requests or request.id in kept):
            raise RequestReused(request_id=request.id)
        key = request.id or f"\0{len(kept) + len(self._requests)}"  # which nobody can ask for
        salt = token_hex(16)
        print_ = fingerprint(salt, request.command)
        answered = Answered(salt, print_, tuple(events), request.revision, request.at)
        self._requests[key] = request if events else replace(request, command=""), answered

    alone = True

    def reserve(self, ids: Collection[str]) -> None:
        """Nobody else does anything meanwhile."""

    needs = reserve

    def case(self, id: str) -> Case | None:
        return self._cases.get(id) or self._store._cases.get(id)

    def alias(self, id: str) -> str | None:
        return self._aliases.get(id) or self._store._aliases.get(id)

    def append(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Event],
        *,
        wake: date | None,
        notices: Sequence[Notice] = (),
    ) -> None:
        stands = self.case(after.id)
        if before is None and stands is not None:
            raise AlreadyOpen(case=after.id)
        if before is not None and (stands is None or stands.revision != before.revision):
            raise CaseChanged(case=after.id)
        if before is not None and after.organization != before.organization:
            self._aliases[after.organization] = after.id
        self._cases[after.id] = after
        self._events += events
        self._wakes[after.id] = wake if self._store._active in (None, after.policy) else LONG_AGO
        self._notices += notices

    def begin_import(self, one: Import) -> Import:
        made = replace(one, number=len(self._store._imports) + len(self._imports) + 1)
        self._imports[made.number] = made
        return made

    def import_(self, number: int) -> Import | None:
        return self._imports.get(number) or self._store._imports.get(number)

    def put_import(self, one: Import) -> None:
        self._imports[one.number] = one

    def keep_row(self, row: ImportedRow) -> None:
        if (row.number, row.line) in {*self._rows, *self._store._rows}:
            raise CaseChanged(case=row.case or "")
        self._rows[row.number, row.line] = row

    def park(self, one: Parked) -> Parked:
        if self.waiting(one.id) is not None:
            raise CaseChanged(case=one.id)
        made = replace(one, number=max([0, *self._store._parked, *self._parked]) + 1)
        self._parked[made.number] = made
        return made

    def waiting(self, id: str) -> Parked | None:
        every = {**self._store._parked, **self._parked}.values()
        return next((one for one in every if one.id == id and one.state == "waiting"), None)

    def parked(self, number: int) -> Parked | None:
        return self._parked.get(number) or self._store._parked.get(number)

    def settle(self, one: Parked) -> None:
        self._parked[one.number] = one

    def members(self, group: str) -> Sequence[str]:
        stand = {**self._store._cases, **self._cases}
        return sorted(id for id, case in stand.items() if group in case.groups)

    def woken(self, day: date, limit: int, after: tuple[Any, str]) -> Sequence[Woken]:
        found = sorted((wake, id) for id, wake in self._store._wakes.items() if wake <= day and (wake, id) > after)
        return [(wake, id, self._store._cases[id]) for wake, id in found[:limit]]

    def rest(self, case: str, wake: date | None, policy: str) -> None:
        self._wakes[case] = wake if self._store._active in (None, policy) else LONG_AGO

    def commit(self) -> None:
        store = self._store
        store._cases.update(self._cases)
        for event in self._events:
            store._events.setdefault(event.case, []).append(event)
        for id, wake in self._wakes.items():
            if wake is None:
                store._wakes.pop(id, None)
            else:
                store._wakes[id] = wake
        for notice in self._notices:
            store._put(Outgoing(notice, store.now(), next_attempt=store.now()))
        store._requests.update(self._requests)
        store._aliases.update(self._aliases)
        store._imports.update(self._imports)
        store._rows.update(self._rows)
        store._parked.update(self._parked)
        for one in self._erases:
            store._forget(*one)
        self._erases = []
        self._imports, self._rows, self._parked = {}, {}, {}
        self._cases, self._events, self._wakes, self._notices, self._requests = {}, [], {}, [], {}
