"""SqlStore: one advance is one transaction.

What writes runs statements that are built once with SQLAlchemy and compiled once to the driver's text, on a connection
held by each thread: an ORM session costs several times as much (see benchmarks/). What lists goes through SQLAlchemy.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from loguru import logger
from pydantic_core import from_json
from sqlalchemy import (
    ARRAY,
    URL,
    Connection,
    Engine,
    Select,
    String,
    and_,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    literal,
    make_url,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy import case as case_when
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from guikou.engine.case import Case, Duty, Event, Membership, Passage, RuleFired, Tally, dumps, evolve, fold, loads
from guikou.engine.errors import (
    AlreadyOpen,
    CaseChanged,
    GuikouError,
    NotInitialized,
    NotInstalled,
    RequestReused,
    SchemaVersion,
    StoreBusy,
    StoreError,
    StoreUnreachable,
)
from guikou.engine.store import Outgoing, Query
from guikou.engine.sweep import Notice

from ..memory import LONG_AGO, system_clock, wake_at_once
from .tables import (
    CASES,
    DUTIES,
    EVENTS,
    IMMUTABLE,
    MEMBERSHIPS,
    MIGRATIONS,
    NOTICES,
    ORGANIZATIONS,
    POLICIES,
    SCHEMA,
    SETTINGS,
    TABLES,
    instant_text,
    read_instant,
)

logger.disable("guikou")  # a library keeps quiet; the command line turns it on with -v

#: The columns of a case, in the order of its fields.
_FIELDS = [one.name for one in fields(Case)]
#: What few cases have, and one column `more` keeps: how each is read from JSON.
_MORE: dict[str, Callable[[Any], Any]] = {
    "gates": lambda found: {name: Passage.of(content) for name, content in found.items()},
    "groups": lambda found: {name: Membership(**content) for name, content in found.items()},
    "records": lambda found: {name: Tally.read(content) for name, content in found.items()},
    "members": int,
    "continues": str,
    "continued_as": str,
}
_NAMES = [*(name for name in _FIELDS if name not in _MORE), "more"]
_COLUMNS = [(ORGANIZATIONS if name in ("name", "area", "facts") else CASES).c[name] for name in _NAMES]
_EVENT_NAMES = [column.name for column in EVENTS.c]
_CASE_FIELDS = set(_FIELDS) - {"facts", "name", "area", *_MORE}
_DAYS = ("stage_since", "stage_due", "step_since", "step_due", "suspended", "escalated_on")
#: What a statement is given as a date or an instant, and SQLite keeps as text.
_DATED = (
    *_DAYS, "due", "due_before", "due_from", "wake", "day", "after_day", "as_of", "opened_at", "updated_at", "at",
    "recorded_at", "created_at", "next_attempt", "until", "now",
)  # fmt: skip

_SELECT = select(*_COLUMNS).join_from(CASES, ORGANIZATIONS, CASES.c.organization == ORGANIZATIONS.c.id)
_CASE = _SELECT.where(CASES.c.id == bindparam("id"))
_ANSWERED = select(EVENTS).where(EVENTS.c.request_id == bindparam("request_id")).order_by(EVENTS.c.part)
_CHANGING = [column.name for column in CASES.c if column.name not in ("id", "organization", "opened_at")]
#: A case that is written under another policy than the active one (a program may hold an old one still) is looked at
#: by the next sweep, whatever day it says itself.
_WAKE = case_when(
    (
        select(SETTINGS.c.value).where(SETTINGS.c.key == "policy").scalar_subquery() == bindparam("under"),
        bindparam("wake", type_=CASES.c.wake.type),
    ),
    else_=literal(LONG_AGO, CASES.c.wake.type),
)
_UPDATE = (
    update(CASES)
    .where(CASES.c.id == bindparam("id_"), CASES.c.revision == bindparam("was"))
    .values({name: _WAKE if name == "wake" else bindparam(name) for name in _CHANGING})
)
_UPDATE_ORGANIZATION = (
    update(ORGANIZATIONS)
    .where(ORGANIZATIONS.c.id == bindparam("id_"))
    .values({name: bindparam(name) for name in ("name", "area", "facts")})
)


_WOKEN = (
    _SELECT.add_columns(CASES.c.wake)
    .where(
        CASES.c.wake <= bindparam("day"),
        tuple_(CASES.c.wake, CASES.c.id)
        > tuple_(bindparam("after_day", type_=CASES.c.wake.type), bindparam("after_id", type_=CASES.c.id.type)),
    )
    .order_by(CASES.c.wake, CASES.c.id)
    .limit(bindparam("most"))
)
_CLAIMED = (
    select(NOTICES)
    .where(NOTICES.c.next_attempt <= bindparam("now"))
    .order_by(NOTICES.c.next_attempt, NOTICES.c.case_id, NOTICES.c.seq)
    .limit(bindparam("most"))
)
_NOTICE_NAMES = [one.name for one in fields(Notice)]


def _insert(table: Any, **more: Any) -> Any:
    return insert(table).values({**{column.name: bindparam(column.name) for column in table.c}, **more})


class SqlStore:
    """Organisations, cases, events and policies in a database.

    `url` is SQLAlchemy's (`sqlite:///file.db`, `postgresql://user@host/name`) or the path of an SQLite file. Raises
    StoreUnreachable, NotInstalled and, unless it may `upgrade` an older database, SchemaVersion. A store may be shared
    by threads; each has its own connection.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] = system_clock,
        busy_timeout: float = 5.0,
        synchronous: str = "FULL",
        upgrade: bool = False,
    ) -> None:
        self._clock = clock
        self._timeout = busy_timeout
        self._synchronous = synchronous
        self._engine = self._open(url)
        self.dialect = self._engine.dialect.name
        self.shown = self._engine.url.render_as_string(hide_password=True)
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._sql = {
            name: _Prepared(self._engine, statement)
            for name, statement in {
                "case": _CASE if self.dialect == "sqlite" else _CASE.with_for_update(of=CASES),
                "woken": _WOKEN if self.dialect == "sqlite" else _WOKEN.with_for_update(of=CASES, skip_locked=True),
                "rest": update(CASES).where(CASES.c.id == bindparam("id_")).values(wake=_WAKE),
                "delete_duty": delete(DUTIES).where(
                    DUTIES.c.case_id == bindparam("case_id"), DUTIES.c.name == bindparam("name")
                ),
                "insert_duty": _insert(DUTIES),
                "insert_membership": _insert(MEMBERSHIPS),
                "delete_membership": delete(MEMBERSHIPS).where(
                    MEMBERSHIPS.c.group_id == bindparam("group_id"), MEMBERSHIPS.c.case_id == bindparam("case_id")
                ),
                "members": select(MEMBERSHIPS.c.case_id)
                .where(MEMBERSHIPS.c.group_id == bindparam("group_id"))
                .order_by(MEMBERSHIPS.c.case_id),
                "insert_notice": _insert(NOTICES),
                "claimed": _CLAIMED if self.dialect == "sqlite" else _CLAIMED.with_for_update(skip_locked=True),
                "claim": update(NOTICES)
                .where(NOTICES.c.case_id == bindparam("id_"), NOTICES.c.seq == bindparam("seq_"))
                .values(attempts=NOTICES.c.attempts + 1, next_attempt=bindparam("until")),
                "answered": _ANSWERED,
                "update": _UPDATE,
                "update_organization": _UPDATE_ORGANIZATION,
                "insert_organization": _insert(ORGANIZATIONS),
                "insert_case": _insert(CASES, wake=_WAKE),
                "insert_event": _insert(EVENTS),
            }.items()
        }
        self._listings: dict[tuple[Any, ...], _Prepared] = {}
        self._begin = "BEGIN IMMEDIATE" if self.dialect == "sqlite" else "BEGIN"
        self._check_schema(upgrade)

    def _open(self, url: str) -> Engine:
        try:
            parsed = make_url(url if "://" in url else f"sqlite:///{url}")
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            if parsed.get_backend_name() not in IMMUTABLE:
                raise StoreUnreachable(reason=f"'{parsed.get_backend_name()}' is neither sqlite nor postgresql")
            return self._engine_for(parsed)
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreUnreachable(reason=f"'{url}' is no database URL") from error
        except ModuleNotFoundError as error:
            raise NotInstalled(library=error.name, extra="postgres") from error

    def _engine_for(self, url: URL) -> Engine:
        if url.get_backend_name() == "sqlite":
            arguments: dict[str, Any] = {"check_same_thread": False}
            if "timeout" not in url.query:
                arguments["timeout"] = self._timeout
            engine = create_engine(url, connect_args=arguments, isolation_level="AUTOCOMMIT", poolclass=NullPool)
            event.listen(engine, "connect", self._sqlite_pragmas)
        else:
            options = f"-c lock_timeout={int(self._timeout * 1000)}"
            engine = create_engine(
                url, connect_args={"options": options}, isolation_level="AUTOCOMMIT", poolclass=NullPool
            )
        return engine

    def _sqlite_pragmas(self, connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"synchronous={self._synchronous}"):
            connection.execute(f"PRAGMA {pragma}")

    # --- set-up ---

    def create(self) -> None:
        """Make the tables that aren't there, and what keeps events from being changed."""
        with self._errors():
            SQLModel.metadata.create_all(self._connection(), tables=list(TABLES))
            for statement in IMMUTABLE[self.dialect]:
                self._connection().exec_driver_sql(statement)
            self._set("schema", str(SCHEMA))
        logger.debug("tables are there in {}", self.shown)

    def _check_schema(self, upgrade: bool) -> None:
        found = self._setting("schema")
        if found is None or found == str(SCHEMA):
            return
        if not upgrade or found not in MIGRATIONS:
            raise SchemaVersion(db=self.shown, found=found, wanted=SCHEMA)
        with self._whole() as connection:
            for version in range(int(found), SCHEMA):
                for statement in MIGRATIONS[str(version)]:
                    connection.exec_driver_sql(statement)
            SQLModel.metadata.create_all(connection, tables=list(TABLES))
            self._set("schema", str(SCHEMA))
        logger.info("{} was upgraded from schema {} to {}", self.shown, found, SCHEMA)

    @contextmanager
    def _whole(self) -> Iterator[Connection]:
        """All that is run on the connection, or nothing of it."""
        with self._errors():
            connection = self._connection()
            connection.exec_driver_sql(self._begin)
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise

    def _setting(self, key: str) -> str | None:
        with self._errors():
            if not inspect(self._connection()).has_table("settings"):
                return None
            found = self._connection().scalar(select(SETTINGS.c.value).where(SETTINGS.c.key == key))
            return None if found is None else str(found)

    def _set(self, key: str, value: str) -> None:
        connection = self._connection()
        changed = connection.execute(update(SETTINGS).where(SETTINGS.c.key == key).values(value=value))
        if changed.rowcount == 0:
            connection.execute(insert(SETTINGS).values(key=key, value=value))

    def close(self) -> None:
        """Give back every thread's connection."""
        for connection in self._connections:
            if self._broken(connection):
                connection.invalidate()
            connection.close()
        self._connections.clear()
        self._local = threading.local()
        self._engine.dispose()

    def _connection(self) -> Connection:
        held: Connection | None = getattr(self._local, "connection", None)
        if held is not None and self._broken(held):
            held.invalidate()
            self._connections.remove(held)
            held = None
        if held is None or held.closed:
            held = self._local.connection = self._engine.connect()
            self._connections.append(held)
        return held

    @staticmethod
    def _broken(connection: Connection) -> bool:
        """Whether the server went away while the driver's own cursor was used, which SQLAlchemy doesn't see."""
        return not connection.closed and bool(getattr(connection.connection.driver_connection, "closed", False))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Whatever the driver or SQLAlchemy says, as one of the engine's errors."""
        try:
            yield
        except DBAPIError as error:
            raise self._translated(error.orig or error) from error
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._translated(error) from error

    def _translated(self, error: BaseException) -> GuikouError:
        text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if any(word in text for word in ("locked", "busy", "lock timeout", "deadlock")):
            return StoreBusy()
        if "no such table" in text or type(error).__name__ == "UndefinedTable":
            return NotInitialized(db=self.shown)
        if "uq_events_request" in text or "events.request_id" in text:
            return RequestReused(request_id="")
        if "UNIQUE" in text or type(error).__name__ == "UniqueViolation":
            return CaseChanged(case="")
        return StoreUnreachable(reason=text)

    # --- the Store ---

    def now(self) -> datetime:
        return self._clock()

    @contextmanager
    def transaction(self) -> Iterator[_Work]:
        with self._errors():
            connection = self._connection()
            driver = connection.connection.driver_connection
            assert driver is not None
            cursor = driver.cursor()
            cursor.execute(self._begin)
            work = _Work(self, cursor)
            try:
                yield work
            finally:
                if not work.committed and not self._broken(connection):
                    cursor.execute("ROLLBACK")
                cursor.close()

    def get(self, id: str, as_of: datetime | None = None) -> Case | None:
        if as_of is not None:
            return fold([event for event in self.events(id) if event.at <= as_of])
        with self._errors():
            row = self._connection().execute(_CASE, {"id": id}).first()
        return _case(row) if row is not None else None

    def cases(self, query: Query) -> list[Case]:
        found = [_case(row) for row in self._rows(query, duties=False)]
        if query.as_of is None:
            return found
        return query.sorted(found + [case for case in self._then(query.as_of) if query.admits(case)])

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        found = [(_case(row[:-1]), str(row[-1])) for row in self._rows(query, duties=True)]
        if query.as_of is None:
            return found
        then = [(case, name) for case in self._then(query.as_of) for name in case.duties]
        return query.sorted_duties(found + [one for one in then if query.admits_duty(*one)])

    def _rows(self, query: Query, duties: bool) -> list[Sequence[Any]]:
        """What a query asks for, of the cases that have not changed since its `as_of`."""
        shape = (duties, *(_asked(query, name) for name in _SHAPE))
        prepared = self._listings.get(shape)
        if prepared is None:
            prepared = self._listings[shape] = _Prepared(self._engine, _listed(query, duties, self.dialect))
        with self._errors():
            driver = self._connection().connection.driver_connection
            assert driver is not None
            cursor = driver.cursor()
            try:
                return list(prepared.run(cursor, _given(query, self.dialect)).fetchall())
            finally:
                cursor.close()

    def _then(self, as_of: datetime) -> list[Case]:
        """The cases that changed after an instant, as they stood at it. Hashes are checked where one history is asked
        for: here, where all are read, it would take most of the time."""
        touched = (
            select(EVENTS)
            .join(CASES, CASES.c.id == EVENTS.c.case_id)
            .where(CASES.c.updated_at > as_of, EVENTS.c.at <= as_of)
            .order_by(EVENTS.c.case_id, EVENTS.c.seq)
        )
        found: list[Case] = []
        case: Case | None = None
        for one in self._read(touched):
            if case is not None and one.case != case.id:
                found.append(case)
                case = None
            case = evolve(case, one)
        return found if case is None else [*found, case]

    def _read(self, statement: Select[Any]) -> Iterator[Event]:
        """Events one by one, as a cursor of its own gives them: there may be millions."""
        if self._engine.url.database in (None, "", ":memory:"):  # there is no other connection to it
            with self._errors():
                yield from map(_event, self._connection().execute(statement))
            return
        options: dict[str, Any] = {"stream_results": True, "yield_per": 1000}
        if self.dialect == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"  # a server's cursor lives in a transaction
        with self._errors(), self._engine.connect() as connection:
            for row in connection.execution_options(**options).execute(statement):
                yield _event(row)

    def events(self, case: str) -> list[Event]:
        with self._errors():
            rows = self._connection().execute(select(EVENTS).where(EVENTS.c.case_id == case).order_by(EVENTS.c.seq))
            return [_event(row) for row in rows]

    def happened(self, since: datetime, until: datetime) -> Iterator[Event]:
        c = EVENTS.c
        return self._read(select(EVENTS).where(c.at >= since, c.at <= until).order_by(c.case_id, c.seq))

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        by = (CASES.c.workflow, CASES.c.state, CASES.c.responsible)
        with self._errors():
            rows = self._connection().execute(select(*by, func.count()).where(CASES.c.closed.is_(False)).group_by(*by))
            return {(row[0], row[1], row[2]): row[3] for row in rows}

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        digest = digest or self._setting("policy")
        if digest is None:
            return None
        with self._errors():
            files = self._connection().scalar(select(POLICIES.c.files).where(POLICIES.c.digest == digest))
        return None if files is None else dict(json.loads(files))

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        kept = {"digest": digest, "name": name, "version": version, "files": dumps(files), "kept_at": self.now()}
        with self._whole() as connection:
            if connection.scalar(select(POLICIES.c.digest).where(POLICIES.c.digest == digest)) is None:
                connection.execute(insert(POLICIES).values(kept))
            if self._setting("policy") not in (None, digest):
                at_once = wake_at_once(self.now())
                later = or_(CASES.c.wake.is_(None), CASES.c.wake > at_once)
                connection.execute(update(CASES).where(CASES.c.closed.is_(False), later).values(wake=at_once))
            self._set("policy", digest)
        logger.info("policy {} {} is active in {}", name, version, self.shown)

    # --- the outbox ---

    def outbox(self, *, delivered: bool | None = None, attempts: int = 0, limit: int | None = None) -> list[Outgoing]:
        c = NOTICES.c
        statement = select(NOTICES).where(c.attempts >= attempts).order_by(c.created_at, c.case_id, c.seq).limit(limit)
        if delivered is not None:
            statement = statement.where(c.next_attempt.is_(None) if delivered else c.next_attempt.is_not(None))
        with self._errors():
            return [_outgoing(dict(row._mapping)) for row in self._connection().execute(statement)]

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        with self.transaction() as work:
            return work.claim(self.now(), until, limit)

    def delivered(self, claimed: Outgoing) -> None:
        self._change(claimed, delivered_at=self.now(), next_attempt=None, error=None)

    def failed(self, claimed: Outgoing, error: str, next_attempt: datetime) -> None:
        # Whoever claimed it since knows better.
        mine = (NOTICES.c.attempts == claimed.attempts, NOTICES.c.delivered_at.is_(None))
        self._change(claimed, *mine, error=error, next_attempt=next_attempt)

    def _change(self, claimed: Outgoing, *conditions: Any, **values: Any) -> None:
        notice = claimed.notice
        own = (NOTICES.c.case_id == notice.case, NOTICES.c.seq == notice.seq, *conditions)
        with self._errors():
            self._connection().execute(update(NOTICES).where(*own).values(**values))


class _Prepared:
    """A statement compiled once: the driver's text, and the parameters in the driver's shape."""

    def __init__(self, engine: Engine, statement: Any) -> None:
        compiled = statement.compile(dialect=engine.dialect)
        self.text = str(compiled)
        self._order = compiled.positiontup
        # What SQLAlchemy itself puts in, such as SQLite's OFFSET.
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        # sqlite3 has no dates: these places of the row are written as text.
        self._dates: list[int] = []
        if engine.dialect.name == "sqlite":
            self._dates = [at for at, name in enumerate(self._order) if name in _DATED]

    def run(self, cursor: Any, values: Mapping[str, Any]) -> Any:
        cursor.execute(self.text, self.row(values) if self._order else {**self._fixed, **values})
        return cursor

    def row(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the text's placeholders."""
        row = [values[name] if name in values else self._fixed[name] for name in self._order]
        for at in self._dates:
            row[at] = _for_sqlite(row[at])
        return row


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


class _Work:
    """A transaction on one connection."""

    def __init__(self, store: SqlStore, cursor: Any) -> None:
        self._store, self._cursor = store, cursor
        self.committed = False

    def _run(self, name: str, values: Mapping[str, Any]) -> Any:
        return self._store._sql[name].run(self._cursor, values)

    def answered(self, request_id: str) -> Sequence[Event]:
        rows = self._run("answered", {"request_id": request_id}).fetchall()
        return [_event(_Named(dict(zip(_EVENT_NAMES, row, strict=True)))) for row in rows]

    def case(self, id: str) -> Case | None:
        row = self._run("case", {"id": id}).fetchone()
        return _case(row) if row is not None else None

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
                self._run("insert_event", _event_values(one, part))
            for notice in notices:
                self._run("insert_notice", _notice_values(notice, self._store.now()))
        except self._store._engine.dialect.loaded_dbapi.Error as error:
            refused: StoreError | GuikouError = self._store._translated(error)
            if isinstance(refused, CaseChanged):
                refused = AlreadyOpen(case=after.id) if before is None else CaseChanged(case=after.id)
            if isinstance(refused, RequestReused):
                refused = RequestReused(request_id=events[0].request_id)
            raise refused from error

    def members(self, group: str) -> Sequence[str]:
        return [row[0] for row in self._run("members", {"group_id": group}).fetchall()]

    def woken(self, day: date, limit: int, after: tuple[date, str]) -> Sequence[tuple[date, Case]]:
        asked = {"day": day, "after_day": after[0], "after_id": after[1], "most": limit}
        return [(_read_day(row[-1]), _case(row[:-1])) for row in self._run("woken", asked).fetchall()]

    def rest(self, case: str, wake: date | None, policy: str) -> None:
        self._run("rest", {"id_": case, "wake": wake, "under": policy})

    def claim(self, now: datetime, until: datetime, limit: int) -> list[Outgoing]:
        rows = self._run("claimed", {"now": now, "most": limit}).fetchall()
        found = [_outgoing(dict(zip(NOTICES.c.keys(), row, strict=True))) for row in rows]
        for one in found:
            self._run("claim", {"id_": one.notice.case, "seq_": one.notice.seq, "until": until})
        self.commit()
        return [replace(one, attempts=one.attempts + 1, next_attempt=until) for one in found]

    def _put(self, before: Case | None, after: Case, wake: date | None) -> None:
        values = _case_values(after, wake)
        organization = {"name": after.name, "area": after.area, "facts": dumps(after.facts)}
        if before is None:
            self._run("insert_organization", {"id": after.organization, **organization})
            self._run("insert_case", values)
            self._put_duties(after.id, {}, after.duties)
            self._put_memberships(after.id, (), after.groups)
            return
        changed = self._run("update", {**values, "id_": after.id, "was": before.revision}).rowcount
        if changed != 1:
            raise CaseChanged(case=after.id)
        if (before.facts, before.name, before.area) != (after.facts, after.name, after.area):
            self._run("update_organization", {"id_": after.organization, **organization})
        if before.duties != after.duties:
            self._put_duties(after.id, before.duties, after.duties)
        if before.groups != after.groups:
            self._put_memberships(after.id, before.groups, after.groups)

    def _put_memberships(self, case: str, before: Iterable[str], after: Iterable[str]) -> None:
        for group in {*before} ^ {*after}:
            name = "insert_membership" if group in after else "delete_membership"
            self._run(name, {"group_id": group, "case_id": case})

    def _put_duties(self, case: str, before: Mapping[str, Duty], after: Mapping[str, Duty]) -> None:
        for name in {*before, *after}:
            old, new = before.get(name), after.get(name)
            if old == new:
                continue
            if old is not None:
                self._run("delete_duty", {"case_id": case, "name": name})
            if new is not None and new.due is not None:
                own = {"due": new.due, "open": new.open, "escalation": new.escalation, "escalated_to": new.escalated_to}
                self._run("insert_duty", {"case_id": case, "name": name, **own})

    def commit(self) -> None:
        self._cursor.execute("COMMIT")
        self.committed = True


class _Named:
    """A driver's row with its columns as attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


# --- rows to values and back -----------------------------------------------------------------------------------------


#: How a column becomes a field, where it does not as it is; {0} is the column's value.
_READ = {
    **dict.fromkeys(_DAYS, "day({0}) if type({0}) is str else {0}"),
    **dict.fromkeys(("opened_at", "updated_at"), "instant({0}) if type({0}) is str else {0}.astimezone(UTC)"),
    **dict.fromkeys(("blockers", "assumed"), "() if {0} == '[]' else tuple(loads({0}))"),
    **dict.fromkeys(("closed", "overdue"), "{0} == 1"),
    "facts": "loads({0}) if '{{\"d' in {0} else from_json({0})",  # where there is no date, the faster reader will do
    "fired": "{{}} if {0} == '{{}}' else loads({0})",
    "duties": "{{}} if {0} == '{{}}' else duties({0})",
}


def _reader() -> Callable[[Sequence[Any]], Case]:
    """A function that makes a case of a row, written out column by column as dataclasses write an __init__: listings
    are made of it, and a loop over the columns takes half as long again. It writes the slots of the case directly, as
    the __init__ of a frozen dataclass does through one call more."""
    values = [f"v{at}" for at in range(len(_NAMES))]
    lines = ["def case(row):", " made = new(Case)", f" {', '.join(values)} = row"]
    lines += [
        f" write_{name}(made, {_READ.get(name, '{0}').format(value)})"
        for name, value in zip(_NAMES, values, strict=True)
        if name != "more"
    ]
    lines += [f" {', '.join(_MORE)} = NONE if {values[-1]} == '{{}}' else more({values[-1]})"]
    lines += [f" write_{name}(made, {name})" for name in _MORE]
    space: dict[str, Any] = {
        "Case": Case, "new": object.__new__, "day": date.fromisoformat, "instant": datetime.fromisoformat,
        "loads": loads, "from_json": from_json, "duties": _duties, "UTC": UTC, "more": _more, "NONE": _more("{}"),
        **{f"write_{name}": getattr(Case, name).__set__ for name in _FIELDS},
    }  # fmt: skip
    exec("\n".join([*lines, " return made"]), space)
    made: Callable[[Sequence[Any]], Case] = space["case"]
    return made


@lru_cache(maxsize=4096)  # organisations of one type owe the same on the same days; nobody changes a case's mapping
def _duties(text: str) -> dict[str, Duty]:
    return {name: Duty(**content) for name, content in loads(text).items()}


def _more(text: str) -> tuple[Any, ...]:
    """What few cases have, in the order of _MORE."""
    found = loads(text)
    return tuple(read(found[name]) if name in found else _NOTHING[name] for name, read in _MORE.items())


_NOTHING: dict[str, Any] = {"gates": {}, "groups": {}, "records": {}, "members": 0}
_NOTHING |= dict.fromkeys(("continues", "continued_as"))

_case = _reader()


def _more_text(case: Case) -> str:
    if not (case.gates or case.records or case.groups or case.members or case.continues or case.continued_as):
        return "{}"
    found: dict[str, Any] = {name: getattr(case, name) for name in _MORE if getattr(case, name) != _NOTHING[name]}
    for name in ("gates", "groups", "records"):
        if name in found:
            found[name] = {key: one.content() for key, one in found[name].items()}
    return dumps(found)


def _read_day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _case_values(case: Case, wake: date | None) -> dict[str, Any]:
    values = {name: getattr(case, name) for name in _CASE_FIELDS}
    return {
        **values,
        "stage": case.stage,
        "due": case.due,
        "wake": wake,
        "under": case.policy,
        "blockers": json.dumps(case.blockers) if case.blockers else "[]",
        "assumed": json.dumps(case.assumed) if case.assumed else "[]",
        "fired": dumps(case.fired) if case.fired else "{}",
        "duties": dumps({name: duty.content() for name, duty in case.duties.items()}) if case.duties else "{}",
        "more": _more_text(case),
    }


def _notice_values(notice: Notice, now: datetime) -> dict[str, Any]:
    own = {name: getattr(notice, name) for name in _NOTICE_NAMES if name != "case"}
    waiting = {"attempts": 0, "next_attempt": now, "delivered_at": None, "error": None}
    return {"case_id": notice.case, **own, "created_at": now, **waiting}


def _outgoing(row: Mapping[str, Any]) -> Outgoing:
    own = {name: row[name] for name in _NOTICE_NAMES if name != "case"}
    own |= {name: _read_day(row[name]) if row[name] is not None else None for name in ("due", "day")}
    created, following, done = (read_instant(row[name]) for name in ("created_at", "next_attempt", "delivered_at"))
    assert created is not None
    return Outgoing(Notice(case=row["case_id"], **own), created, row["attempts"], following, done, row["error"])


def _event(row: Any) -> Event:
    return Event(
        case=row.case_id,
        seq=row.seq,
        kind=row.kind,
        at=read_instant(row.at),  # type: ignore[arg-type]
        recorded_at=read_instant(row.recorded_at),  # type: ignore[arg-type]
        actor=row.actor,
        body=row.body,
        policy=row.policy,
        trigger=row.trigger,
        changes=loads(row.changes),
        evidence=loads(row.evidence),
        rules=tuple(RuleFired(one["table"], tuple(one["rows"]), one["outputs"]) for one in loads(row.rules)),
        reason=row.reason,
        request_id=row.request_id,
        previous=row.previous,
        hash=row.hash,
    )


def _event_values(one: Event, part: int) -> dict[str, Any]:
    return {
        "case_id": one.case,
        "seq": one.seq,
        "kind": one.kind,
        "at": one.at,
        "recorded_at": one.recorded_at,
        "actor": one.actor,
        "body": one.body,
        "policy": one.policy,
        "trigger": one.trigger,
        "changes": dumps(one.changes),
        "evidence": dumps(one.evidence) if one.evidence else "{}",
        "rules": dumps([rule.content() for rule in one.rules]) if one.rules else "[]",
        "reason": one.reason,
        "request_id": one.request_id,
        "part": part,
        "previous": one.previous,
        "hash": one.hash,
    }


#: What of a query decides its statement; the rest is given to it.
_SHAPE = [one.name for one in fields(Query)]
_WORDED = ("closed", "open", "suspended", "assumed", "involved", "order")


def _asked(query: Query, name: str) -> Any:
    value = getattr(query, name)
    return value if name in _WORDED else value is not None


def _given(query: Query, dialect: str) -> dict[str, Any]:
    """A query's values as the statement's parameters."""
    given: dict[str, Any] = {}
    for name in _SHAPE:
        value = getattr(query, name)
        if value is None or name in _WORDED:
            continue
        if isinstance(value, frozenset):
            value = json.dumps(sorted(value), ensure_ascii=False) if dialect == "sqlite" else sorted(value)
        elif name == "blocker":
            value = f'"{value}"'
        elif name == "gate":
            value = f'"{value}":{{"answer"' if value else '"gates":{"'
        given[name] = value
    return given


def _listed(query: Query, duties: bool, dialect: str) -> Select[Any]:
    """The statement for what `Query.admits` says of one case, or `Query.admits_duty` of a duty, in its order."""
    c, o, d = CASES.c, ORGANIZATIONS.c, DUTIES.c
    late = d if duties else c
    conditions: list[Any] = []

    def among(name: str, *columns: Any) -> None:
        """Sets come as one parameter each, so that the statement is one whatever they hold."""
        if getattr(query, name) is None:
            return
        if dialect == "sqlite":
            each = select(func.json_each(bindparam(name)).table_valued("value").c.value)
            conditions.append(or_(*(column.in_(each) for column in columns)))
        else:
            array = bindparam(name, type_=ARRAY(String))
            conditions.append(or_(*(column == func.any(array) for column in columns)))

    def holds(name: str, condition: Callable[[Any], Any]) -> None:
        if getattr(query, name) is not None:
            conditions.append(condition(bindparam(name)))

    def is_(name: str, yes: Any, no: Any) -> None:
        asked = getattr(query, name)
        if asked is not None:
            conditions.append(yes if asked else no)

    among("stages", c.stage)
    among("states", c.state)
    among("types", c.workflow)
    among("areas", o.area)
    among("responsible", *((c.responsible, c.hub, late.escalated_to) if query.involved else (c.responsible,)))
    within = func.instr if dialect == "sqlite" else func.strpos  # to the letter, as `in` is
    holds("blocker", lambda given: within(c.blockers, given) > 0)
    holds("text", lambda given: or_(within(o.name, given) > 0, within(c.id, given) > 0))
    holds("gate", lambda given: within(c.more, given) > 0)
    mine = select(MEMBERSHIPS.c.case_id)
    holds("group", lambda given: c.id.in_(mine.where(MEMBERSHIPS.c.group_id == given)))
    holds("due_before", lambda given: late.due < given)
    holds("due_from", lambda given: late.due >= given)
    holds("escalation", lambda given: late.escalation >= given)
    holds("after", lambda given: c.id > given)
    holds("as_of", lambda given: c.updated_at <= given)
    is_("suspended", c.suspended.is_not(None), c.suspended.is_(None))
    is_("assumed", c.assumed != "[]", c.assumed == "[]")
    is_("closed", c.closed.is_(True), c.closed.is_(False))
    statement = _SELECT
    if duties:
        among("duties", d.name)
        is_("open", d.open.is_(True), d.open.is_(False))
        statement = statement.add_columns(d.name).join_from(CASES, DUTIES, c.id == d.case_id)
    # Where there must be a due date, the index gives the order.
    due = late.due if duties or query.due_before is not None else func.coalesce(c.due, literal(date.max))
    orders: dict[str, tuple[Any, ...]] = {
        "due": (due, c.id),
        "inbox": (due, c.priority, c.weight.desc(), c.id),
        "intake": (c.priority, c.weight.desc(), due, c.id),
        "id": (c.id,),
    }
    order = orders[query.order] + ((d.name,) if duties else ())
    statement = statement.where(and_(True, *conditions)).order_by(*order)
    return statement.limit(bindparam("limit")) if query.limit is not None else statement
