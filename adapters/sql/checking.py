"""What is kept of cases, compared with what their events say, and rebuilt from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, exists, insert, select, update

from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event
from guikou.engine.cases.fold import fold
from guikou.engine.errors import BrokenChain, Damaged, NotCanonical, Unreadable
from guikou.engine.supervision.store import LONG_AGO
from guikou.engine.text import Title, brief

from .connection import Database
from .imports import import_of
from .rows import (
    SELECT_EVENTS,
    case_values,
    duty_values,
    event_of,
    organization_values,
    outgoing_of,
    passage_values,
    policy_files,
    reading,
)
from .status import problems
from .tables import (
    CASES,
    DUTIES,
    EVENTS,
    IMPORTS,
    MEMBERSHIPS,
    NOTICES,
    ORGANIZATIONS,
    PASSAGES,
    POLICIES,
)

#: So many cases are compared at a time.
BATCH = 500
#: When the sweep looks next is no part of what events say, but of what follows by the policy.
_NOT_TOLD = frozenset({"wake"})
_PARTS: Mapping[str, Table] = {"duties": DUTIES, "memberships": MEMBERSHIPS, "passages": PASSAGES}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where what is kept of a case is not what its events say: in which table, in which column, what is `kept` and what
    it `should` be. Of the table `events`, the number at which a history is broken. What of the rest was damaged has no
    case: of `policies` the digest, of `notices` and `imports` that they can't be read, of `pages` what SQLite says."""

    case: str
    table: str
    column: str
    kept: Any = None
    should: Any = None

    __repr__ = brief("case", "table", "column")


#: The last day on which the sweep may look at a case next; None if it need not.
WakesBy = Callable[[Case], date | None]


def differences(database: Database, wakes_by: WakesBy | None = None) -> Iterator[Difference]:
    """All of them, what has no case first, then case by case. Raises StoreError."""
    yield from _elsewhere(database)
    own = _histories(database)
    while some := dict(islice(own, BATCH)):
        told: dict[str, Case] = {}
        for id, events in some.items():
            found = _told(id, events) if not isinstance(events, Difference) else events
            if isinstance(found, Difference):
                yield found
            else:
                told[id] = found
        yield from _carefully(database, told, wakes_by)
    without = select(CASES.c.id).where(~exists().where(EVENTS.c.case_id == CASES.c.id)).order_by(CASES.c.id)
    with database.errors():
        ids = [row.id for row in database.connection().execute(without)]
    yield from (Difference(id, "events", "1") for id in ids)


def _elsewhere(database: Database) -> Iterator[Difference]:
    if database.sqlite:
        with database.errors():
            wrong = problems(database)
        yield from (Difference("", "pages", one) for one in wrong)
    with database.errors():
        digests = list(database.connection().scalars(select(POLICIES.c.digest).order_by(POLICIES.c.digest)))
    for digest in digests:
        try:
            with database.errors():
                policy_files(
                    digest, database.connection().scalar(select(POLICIES.c.files).where(POLICIES.c.digest == digest))
                )
        except Unreadable:
            yield Difference("", "policies", digest)
    for name, table, read in (("notices", NOTICES, outgoing_of), ("imports", IMPORTS, import_of)):
        try:
            with reading(_TEXT):
                for row in database.stream(select(table)):
                    read(row)
        except Unreadable as error:
            yield Difference("", name, error.details["what"].en)


_TEXT = Title("文本", "a text")


def _histories(database: Database) -> Iterator[tuple[str, Sequence[Row[Any]] | Difference]]:
    """The events of each case, or where they can't even be read."""
    rows = SELECT_EVENTS.order_by(EVENTS.c.case_id, EVENTS.c.seq)
    last = ""
    try:
        with reading(_TEXT):
            for id, some in groupby(database.stream(rows), key=lambda row: str(row.case_id)):
                yield id, list(some)
                last = id
        return
    except Unreadable:
        pass  # which case it is says each by itself
    with database.errors():
        ids = list(database.connection().scalars(select(EVENTS.c.case_id).distinct().order_by(EVENTS.c.case_id)))
    for id in (one for one in ids if one > last):
        try:
            with database.errors(), reading(_TEXT):
                yield id, database.connection().execute(rows.where(EVENTS.c.case_id == id)).all()
        except Unreadable as error:
            yield id, Difference(id, "events", error.details["what"].en)


def _carefully(database: Database, told: Mapping[str, Case], wakes_by: WakesBy | None) -> list[Difference]:
    """Where cases differ; of one that can't be read, that."""
    try:
        with database.errors(), reading(_TEXT):
            return list(_compared(database.connection(), told, wakes_by))
    except (Unreadable, NotCanonical) as error:
        if len(told) > 1:
            return [one for id, case in told.items() for one in _carefully(database, {id: case}, wakes_by)]
        return [Difference(id, "cases", "*", error.message(), None) for id in told]


def rebuild(database: Database, id: str) -> Case:
    """What is kept of a case, written anew from its events. The sweep looks at it next. Raises BrokenChain and Damaged
    where its events themselves are not as they were."""
    with database.whole() as connection:
        if not database.sqlite:
            connection.execute(select(CASES.c.id).where(CASES.c.id == id).with_for_update())
        rows = connection.execute(SELECT_EVENTS.where(EVENTS.c.case_id == id).order_by(EVENTS.c.seq)).all()
        case = fold([event_of(row) for row in rows])
        assert case is not None, "a case that is compared has events"
        _put(connection, ORGANIZATIONS, case.organization, organization_values(case))
        _put(connection, CASES, id, {**case_values(case, LONG_AGO)})
        for name, table in _PARTS.items():
            connection.execute(delete(table).where(table.c.case_id == id))
            if kept := _of_part(case, name):
                connection.execute(insert(table), kept)
    return case


def _put(connection: Connection, table: Table, id: str, values: Mapping[str, Any]) -> None:
    own = {name: value for name, value in values.items() if name in table.c and name != "id"}
    if connection.execute(update(table).where(table.c.id == id).values(own)).rowcount == 0:
        connection.execute(insert(table).values(id=id, **own))


def _told(id: str, rows: Sequence[Row[Any]]) -> Case | Difference:
    """A case as its events say, or where they are not as they were."""
    events: list[Event] = []
    for row in rows:
        try:
            events.append(event_of(row))
        except Damaged:
            return Difference(id, "events", str(row.seq))
    try:
        case = fold(events)
    except BrokenChain as broken:
        return Difference(id, "events", str(broken.details["seq"]))
    assert case is not None, "there is no history without an event"
    return case


def _compared(connection: Connection, told: Mapping[str, Case], wakes_by: WakesBy | None) -> Iterator[Difference]:
    cases = _by_id(connection, CASES, "id", told)
    organizations = _by_id(connection, ORGANIZATIONS, "id", (one.organization for one in told.values()))
    parts = {name: _grouped(connection, table, told) for name, table in _PARTS.items()}
    for id, case in told.items():
        values = {name: value for name, value in case_values(case, None).items() if name in CASES.c}
        yield from _of_row(id, "cases", kept := cases.get(id), values)
        if wakes_by is not None and kept is not None:
            yield from _of_wake(id, kept["wake"], wakes_by(case))
        own = organizations.get(case.organization)
        yield from _of_row(id, "organizations", own, {"id": case.organization, **organization_values(case)})
        for name in _PARTS:
            should = {_key(one): one for one in _of_part(case, name)}
            there = {_key(one): one for one in parts[name].get(id, ())}
            for key in sorted({*should, *there}):
                if key not in should or key not in there:
                    yield Difference(id, name, key, *("there" if key in some else None for some in (there, should)))
                else:
                    yield from _of_row(id, name, there[key], should[key])


def _of_wake(id: str, kept: date | None, by: date | None) -> Iterator[Difference]:
    """That the sweep would not look at a case in time; to look at it too early does no harm."""
    if by is not None and (kept is None or kept > by):
        yield Difference(id, "cases", "wake", _plain(kept), _plain(by))


def _of_row(id: str, table: str, kept: Mapping[str, Any] | None, should: Mapping[str, Any]) -> Iterator[Difference]:
    if kept is None:
        yield Difference(id, table, "id", None, should.get("id", id))
        return
    for column, value in should.items():
        if column not in _NOT_TOLD and _plain(kept[column]) != _plain(value):
            yield Difference(id, table, column, _plain(kept[column]), _plain(value))


def _of_part(case: Case, name: str) -> list[dict[str, Any]]:
    match name:
        case "duties":
            return [duty_values(case.id, key, one) for key, one in case.duties.items() if one.due is not None]
        case "memberships":
            return [{"group_id": group, "case_id": case.id} for group in case.groups]
        case _:
            return [passage_values(case.id, gate, one) for gate, one in case.gates.items()]


def _key(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or row.get("group_id") or row.get("gate"))


def _by_id(connection: Connection, table: Table, key: str, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    wanted = list(ids)
    found = connection.execute(select(table).where(table.c[key].in_(wanted))).mappings() if wanted else ()
    return {str(row[key]): dict(row) for row in found}


def _grouped(connection: Connection, table: Table, ids: Iterable[str]) -> dict[str, list[Mapping[str, Any]]]:
    wanted, found = list(ids), dict[str, list[Mapping[str, Any]]]()
    for row in connection.execute(select(table).where(table.c.case_id.in_(wanted))).mappings() if wanted else ():
        found.setdefault(str(row["case_id"]), []).append(dict(row))
    return found


def _plain(value: Any) -> Any:
    """A value as it is compared and told."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
