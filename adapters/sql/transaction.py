"""Work: one unit of work on a database, which is kept whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.cases.case import Case, Duty, Passage
from guikou.engine.cases.events import Event
from guikou.engine.cases.texts import ERASED
from guikou.engine.decide.notices import Notice
from guikou.engine.errors import AlreadyOpen, CaseChanged, Damaged, GuikouError, RequestReused
from guikou.engine.supervision.imported import Import, ImportedRow, Parked
from guikou.engine.supervision.store import Answered, Request, Woken, fingerprint
from guikou.engine.text import Title

from .connection import Database, Unit, as_it_stands
from .errors import constraint, taken, undecodable
from .imports import import_of, import_values, parked_of, parked_values, row_values
from .rows import (
    case_changes,
    case_of,
    case_values,
    duty_values,
    event_of,
    event_values,
    notice_values,
    organization_values,
    passage_values,
    reading,
    request_values,
    text_values,
    woken_as_it_stands,
    woken_of,
)
from .statements import Prepared, Statements
from .tables import ONE_ANSWER, read_instant

_REQUEST_EVENTS = Title("请求所引起的事件", "what a request led to")
_SEALS = Title("封存", "the seals")
_EVENT_TEXTS = Title("事件的文字", "the texts of an event")
_LAST = Title("最后一个事件不是它所记的那个", "its last event is another than it says")


class Work:
    """A transaction that was begun, with the statements that it runs."""

    def __init__(self, unit: Unit, database: Database, statements: Statements, now: Callable[[], datetime]) -> None:
        self._unit = unit
        self._database = database
        self._statements = statements
        self._now = now
        self._erased = False

    @property
    def _cursor(self) -> Any:
        return self._unit.cursor

    # --- requests ---

    def answered(self, request_id: str) -> Answered | None:
        rows = self._statements.answered.run(self._cursor, {"request_id": request_id}).fetchall()
        if not rows:
            return None
        for salt, print_, led_to, revision, at in rows:
            if led_to is not None:
                events = tuple(self._event(case, seq) for case, seq in json.loads(led_to))
                return Answered(salt, print_, events, revision, read_instant(at))
        found = self._statements.request_events.run(self._cursor, {"request_id": request_id}).fetchall()
        return Answered(None, None, tuple(event_of(row) for row in found))

    def _event(self, case: str, seq: int) -> Event:
        return event_of(self._statements.event.run(self._cursor, {"case_id": case, "seq": seq}).fetchone())

    def remember(self, request: Request, events: Sequence[Event]) -> None:
        salt = token_hex(16)
        values = request_values(request, salt, fingerprint(salt, request.command), events, self._now())
        try:
            self._statements.insert_request.run(self._cursor, values)
        except self._database.driver_error as error:
            if request.id is not None and taken(error):
                raise RequestReused(request_id=request.id) from error
            raise self._database.translated(error) from error

    # --- cases ---

    @property
    def alone(self) -> bool:
        return self._database.sqlite

    def reserve(self, ids: Collection[str]) -> None:
        if self._statements.reserve is not None:
            self._statements.reserve.run(self._cursor, {"ids": list(ids)}).fetchall()

    def needs(self, ids: Collection[str]) -> None:
        pass

    def case(self, id: str) -> Case | None:
        if self._statements.lock is not None:
            self._statements.lock.run(self._cursor, {"id": id})
        row = self._statements.case.run(self._cursor, {"id": id}).fetchone()
        if row is None:
            return None
        case = case_of(row[:-1])
        if case.head != row[-1]:  # whatever is decided on it would go on from a history that is not there
            raise Damaged(case=id, what=_LAST)
        return case

    def alias(self, id: str) -> str | None:
        row = self._statements.alias.run(self._cursor, {"id": id}).fetchone()
        return str(row[0]) if row is not None else None

    def members(self, group: str) -> Sequence[str]:
        return [row[0] for row in self._statements.members.run(self._cursor, {"group_id": group}).fetchall()]

    def append(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Event],
        *,
        wake: date | None,
        notices: Sequence[Notice] = (),
    ) -> None:
        try:
            self._put(before, after, wake)
            for part, one in enumerate(events):
                self._put_event(one, part)
            for notice in notices:
                self._statements.insert_notice.run(self._cursor, notice_values(notice, self._now()))
        except self._database.driver_error as error:
            raise self._refused(error, before, after) from error

    def _refused(self, error: Exception, before: Case | None, after: Case) -> GuikouError:
        if taken(error):
            return AlreadyOpen(case=after.id) if before is None else CaseChanged(case=after.id)
        return self._database.translated(error)

    def _put(self, before: Case | None, after: Case, wake: date | None) -> None:
        sql, cursor = self._statements, self._cursor
        if before is None:
            sql.insert_organization.run(cursor, {"id": after.organization, **organization_values(after)})
            sql.insert_case.run(cursor, case_values(after, wake))
            self._put_duties(after.id, {}, after.duties)
            self._put_memberships(after.id, (), after.groups)
            self._put_passages(after.id, {}, after.gates)
            return
        renamed = before.organization != after.organization
        if renamed:
            sql.insert_organization.run(cursor, {"id": after.organization, **organization_values(after)})
        values = case_changes(before, after)
        key = {"id_": after.id, "was": before.revision, "wake": wake, "under": after.policy}
        changed = sql.updating(frozenset(values)).run(cursor, values | key).rowcount
        if changed != 1:
            raise CaseChanged(case=after.id)
        if renamed:
            sql.delete_organization.run(cursor, {"id": before.organization})
            if after.organization != after.id and self.alias(after.organization) is None:
                sql.insert_alias.run(cursor, {"id": after.organization, "case_id": after.id})
        elif (before.facts, before.name, before.area) != (after.facts, after.name, after.area):
            sql.update_organization.run(cursor, {"id_": after.organization, **organization_values(after)})
        if before.duties != after.duties:
            self._put_duties(after.id, before.duties, after.duties)
        if before.groups != after.groups:
            self._put_memberships(after.id, before.groups, after.groups)
        if before.gates != after.gates:
            self._put_passages(after.id, before.gates, after.gates)

    def _put_duties(self, case: str, before: Mapping[str, Duty], after: Mapping[str, Duty]) -> None:
        sql, cursor = self._statements, self._cursor
        for name in {*before, *after}:
            old, new = before.get(name), after.get(name)
            if old == new:
                continue
            if old is not None:
                sql.delete_duty.run(cursor, {"case_id": case, "name": name})
            if new is not None and new.due is not None:
                sql.insert_duty.run(cursor, duty_values(case, name, new))

    def _put_memberships(self, case: str, before: Iterable[str], after: Iterable[str]) -> None:
        sql = self._statements
        for group in {*before} ^ {*after}:
            statement: Prepared = sql.insert_membership if group in after else sql.delete_membership
            statement.run(self._cursor, {"group_id": group, "case_id": case})

    def _put_passages(self, case: str, before: Mapping[str, Passage], after: Mapping[str, Passage]) -> None:
        sql, cursor = self._statements, self._cursor
        for gate in {*before, *after}:
            old, new = (passage_values(case, gate, one[gate]) if gate in one else None for one in (before, after))
            if old == new:
                continue
            if old is not None:
                sql.delete_passage.run(cursor, {"case_id": case, "gate": gate})
            if new is not None:
                sql.insert_passage.run(cursor, new)

    def _put_event(self, one: Event, part: int) -> None:
        try:
            self._statements.insert_event.run(self._cursor, event_values(one, part))
            if one.salts:
                self._statements.insert_text.run(self._cursor, text_values(one))
        except self._database.driver_error as error:
            if one.request_id is not None and taken(error) and self._used(error, one.request_id, part):
                raise RequestReused(request_id=one.request_id) from error
            raise

    def _used(self, error: Exception, request_id: str, part: int) -> bool:
        """Whether an event was refused because its request had led to one before. PostgreSQL names the constraint;
        where there is no name, what was in the way is still there to see."""
        if self._database.sqlite:
            there = self._statements.request_part.run(self._cursor, {"request_id": request_id, "part": part})
            return there.fetchone() is not None
        return constraint(error) == ONE_ANSWER

    def erase(self, case: str, erases: Sequence[tuple[int, str]], said: Mapping[datetime, Collection[str]]) -> None:
        sql, cursor = self._statements, self._cursor
        gone: dict[int, set[str]] = {}
        for seq, place in erases:
            gone.setdefault(seq, set()).add(place)
        for seq, places in gone.items():
            own = {"case_id": case, "seq": seq}
            row = sql.text.run(cursor, own).fetchone()
            with reading(_EVENT_TEXTS):
                kept = loads(row[0]) if row is not None else {}
                left = {place: kept[place] for place in kept if place not in places}
            if left:
                sql.update_text.run(cursor, {"case_id_": case, "seq_": seq, "content": dumps(left)})
            else:
                sql.delete_text.run(cursor, own)
        for number, seqs in self._asked(case):
            if seqs & gone.keys():
                sql.erase_request.run(cursor, {"number_": number})
        for instant, texts in said.items():
            for text in texts:
                for statement in (sql.erase_undone, sql.erase_parked):
                    statement.run(cursor, {"text": text, "instead": ERASED, "at": instant})
        self._erased = True

    def asked(self, case: str) -> Collection[int]:
        return {seq for _, seqs in self._asked(case) for seq in seqs}

    def _asked(self, case: str) -> list[tuple[int, set[int]]]:
        """The requests whose text is kept that led to events of a case, by their numbers with those of the events."""
        asked = {"case": dumps(case), "number": self._closed_with_salts()}
        rows = self._statements.requests_of.run(self._cursor, asked).fetchall()
        with reading(_REQUEST_EVENTS):
            every = [(number, {seq for one, seq in json.loads(events) if one == case}) for number, events in rows]
        return [(number, seqs) for number, seqs in every if seqs]

    def _closed_with_salts(self) -> int:
        """Up to which request a seal closes salts too, so that none may go: one from a guikou that erased nothing."""
        rows = self._statements.seals.run(self._cursor, {}).fetchall()
        with reading(_SEALS):
            closed = [loads(row[0])["requests"] for row in rows]
            return max((int(one["upto"]) for one in closed if "salts" not in one), default=0)

    def told_with(self, event: Event) -> Collection[str]:
        asked = {"recorded_at": event.recorded_at, "actor": event.actor, "case_id": event.case}
        return [row[0] for row in self._statements.told_with.run(self._cursor, asked).fetchall()]

    # --- imports, and what is parked ---

    def begin_import(self, one: Import) -> Import:
        return replace(one, number=self._numbered(self._statements.insert_import, import_values(one)))

    def import_(self, number: int) -> Import | None:
        row = self._statements.import_.run(self._cursor, {"number": number}).fetchone()
        return import_of(row) if row is not None else None

    def put_import(self, one: Import) -> None:
        self._statements.update_import.run(self._cursor, {**import_values(one), "number_": one.number})

    def keep_row(self, row: ImportedRow) -> None:
        self._statements.insert_row.run(self._cursor, row_values(row))

    def park(self, one: Parked) -> Parked:
        try:
            return replace(one, number=self._numbered(self._statements.insert_parked, parked_values(one)))
        except self._database.driver_error as error:
            raise (CaseChanged(case=one.id) if taken(error) else self._database.translated(error)) from error

    def waiting(self, id: str) -> Parked | None:
        row = self._statements.waiting.run(self._cursor, {"id": id}).fetchone()
        return parked_of(row) if row is not None else None

    def parked(self, number: int) -> Parked | None:
        row = self._statements.parked.run(self._cursor, {"number": number}).fetchone()
        return parked_of(row) if row is not None else None

    def settle(self, one: Parked) -> None:
        self._statements.update_parked.run(self._cursor, {**parked_values(one), "number_": one.number})

    def _numbered(self, statement: Prepared, values: Mapping[str, Any]) -> int:
        return int(statement.run(self._cursor, values).fetchone()[0])

    # --- time ---

    def woken(self, day: date, limit: int, after: tuple[Any, str]) -> Sequence[Woken]:
        asked = {"day": day, "after_day": after[0], "after_id": after[1], "most": limit}
        sql, cursor = self._statements, self._cursor
        if sql.lock_woken is None or sql.cases is None:
            try:
                found = sql.woken.run(cursor, asked).fetchall()
            except self._database.driver_error as error:
                if not undecodable(error):
                    raise
                with as_it_stands(cursor):
                    return [woken_as_it_stands(row) for row in sql.woken.run(cursor, asked).fetchall()]
        else:
            ids = [row[0] for row in sql.lock_woken.run(cursor, asked).fetchall()]
            found = sql.cases.run(cursor, {"ids": ids}).fetchall()
        return [woken_of(row) for row in found]

    def rest(self, case: str, wake: date | None, policy: str) -> None:
        self._statements.rest.run(self._cursor, {"id_": case, "wake": wake, "under": policy})

    def commit(self) -> None:
        self._unit.commit()
        if self._erased and self._database.sqlite:
            self._database.empty_log(self._cursor)
