"""SqlStore: one advance is one transaction.

What writes runs statements that are built once with SQLAlchemy and compiled once to the driver's text, on a connection
held by each thread: an ORM session costs several times as much (see benchmarks/). What lists goes through SQLAlchemy.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from loguru import logger
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    make_url,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from guikou.engine.case import Case, Duty, Event, RuleFired, dumps, fold, loads
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

from ..memory import system_clock, wake_at_once
from .tables import (
    CASES,
    DUTIES,
    EVENTS,
    IMMUTABLE,
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

_CASE_COLUMNS = [column for column in CASES.c if column.name not in ("stage", "due", "wake")]
_FROM_ORGANIZATION = [ORGANIZATIONS.c.name, ORGANIZATIONS.c.area, ORGANIZATIONS.c.facts]
_NAMES = [column.name for column in (*_CASE_COLUMNS, *_FROM_ORGANIZATION)]
_EVENT_NAMES = [column.name for column in EVENTS.c]
_CASE_FIELDS = {one.name for one in fields(Case)} - {"facts", "name", "area"}
_DAYS = ("stage_since", "stage_due", "step_since", "step_due", "suspended", "escalated_on")
#: What a statement is given as a date or an instant, and SQLite keeps as text.
_DATED = (*_DAYS, "due", "wake", "day", "after_day", "opened_at", "updated_at", "at", "recorded_at", "created_at",
          "next_attempt", "until", "now")  # fmt: skip

_SELECT = select(*_CASE_COLUMNS, *_FROM_ORGANIZATION).join_from(
    CASES, ORGANIZATIONS, CASES.c.organization == ORGANIZATIONS.c.id
)
_CASE = _SELECT.where(CASES.c.id == bindparam("id"))
_ANSWERED = select(EVENTS).where(EVENTS.c.request_id == bindparam("request_id")).order_by(EVENTS.c.part)
_CHANGING = [column.name for column in CASES.c if column.name not in ("id", "organization", "opened_at")]
_UPDATE = (
    update(CASES)
    .where(CASES.c.id == bindparam("id_"), CASES.c.revision == bindparam("was"))
    .values({name: bindparam(name) for name in _CHANGING})
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


def _insert(table: Any) -> Any:
    return insert(table).values({column.name: bindparam(column.name) for column in table.c})


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
                "rest": update(CASES).where(CASES.c.id == bindparam("id_")).values(wake=bindparam("wake")),
                "delete_duty": delete(DUTIES).where(
                    DUTIES.c.case_id == bindparam("case_id"), DUTIES.c.name == bindparam("name")
                ),
                "insert_duty": _insert(DUTIES),
                "insert_notice": _insert(NOTICES),
                "claimed": _CLAIMED if self.dialect == "sqlite" else _CLAIMED.with_for_update(skip_locked=True),
                "claim": update(NOTICES)
                .where(NOTICES.c.case_id == bindparam("id_"), NOTICES.c.seq == bindparam("seq_"))
                .values(attempts=NOTICES.c.attempts + 1, next_attempt=bindparam("until")),
                "answered": _ANSWERED,
                "update": _UPDATE,
                "update_organization": _UPDATE_ORGANIZATION,
                "insert_organization": _insert(ORGANIZATIONS),
                "insert_case": _insert(CASES),
                "insert_event": _insert(EVENTS),
            }.items()
        }
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
        with self._errors():
            connection = self._connection()
            connection.exec_driver_sql(self._begin)
            try:
                for version in range(int(found), SCHEMA):
                    for statement in MIGRATIONS[str(version)]:
                        connection.exec_driver_sql(statement)
                SQLModel.metadata.create_all(connection, tables=list(TABLES))
                self._set("schema", str(SCHEMA))
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
        logger.info("{} was upgraded from schema {} to {}", self.shown, found, SCHEMA)

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
        if "locked" in text or "busy" in text or "lock timeout" in text:
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
        with self._errors():
            if query.as_of is None:
                return [_case(row) for row in self._connection().execute(_listed(query))]
            untouched = _listed(query).where(CASES.c.updated_at <= query.as_of)
            found = [_case(row) for row in self._connection().execute(untouched)]
        return query.sorted(found + [case for case in self._then(query.as_of) if query.admits(case)])

    def _then(self, as_of: datetime) -> list[Case]:
        """The cases that changed after an instant, as they stood at it."""
        with self._errors():
            touched = self._connection().execute(
                select(EVENTS)
                .join(CASES, CASES.c.id == EVENTS.c.case_id)
                .where(CASES.c.updated_at > as_of, EVENTS.c.at <= as_of)
                .order_by(EVENTS.c.case_id, EVENTS.c.seq)
            )
            histories: dict[str, list[Event]] = {}
            for row in touched:
                histories.setdefault(row.case_id, []).append(_event(row))
        return [case for events in histories.values() if (case := fold(events)) is not None]

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        statement = _listed_duties(query)
        if query.as_of is not None:
            statement = statement.where(CASES.c.updated_at <= query.as_of)
        with self._errors():
            rows = self._connection().execute(statement)
            found = [(_case(row[:-1]), str(row[-1])) for row in rows]
        if query.as_of is None:
            return found
        then = [(case, name) for case in self._then(query.as_of) for name in case.duties]
        return query.sorted_duties(found + [one for one in then if query.admits_duty(*one)])

    def events(self, case: str) -> list[Event]:
        with self._errors():
            rows = self._connection().execute(select(EVENTS).where(EVENTS.c.case_id == case).order_by(EVENTS.c.seq))
            return [_event(row) for row in rows]

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
        with self._errors():
            connection = self._connection()
            connection.exec_driver_sql(self._begin)
            try:
                if connection.scalar(select(POLICIES.c.digest).where(POLICIES.c.digest == digest)) is None:
                    connection.execute(insert(POLICIES).values(kept))
                if self._setting("policy") not in (None, digest):
                    at_once = wake_at_once(self.now())
                    connection.execute(update(CASES).where(CASES.c.closed.is_(False)).values(wake=at_once))
                self._set("policy", digest)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
        logger.info("policy {} {} is active in {}", name, version, self.shown)

    # --- the outbox ---

    def outbox(self, *, delivered: bool | None = None, attempts: int = 0, limit: int | None = None) -> list[Outgoing]:
        c = NOTICES.c
        statement = select(NOTICES).where(c.attempts >= attempts).order_by(c.created_at, c.case_id, c.seq).limit(limit)
        if delivered is not None:
            statement = statement.where(c.delivered_at.is_not(None) if delivered else c.delivered_at.is_(None))
        with self._errors():
            return [_outgoing(dict(row._mapping)) for row in self._connection().execute(statement)]

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        with self.transaction() as work:
            return work.claim(self.now(), until, limit)

    def delivered(self, notice: Notice) -> None:
        self._change(notice, delivered_at=self.now(), next_attempt=None, error=None)

    def failed(self, notice: Notice, error: str, next_attempt: datetime) -> None:
        self._change(notice, error=error, next_attempt=next_attempt)

    def _change(self, notice: Notice, **values: Any) -> None:
        own = (NOTICES.c.case_id == notice.case, NOTICES.c.seq == notice.seq)
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

    def woken(self, day: date, limit: int, after: tuple[date, str]) -> Sequence[tuple[date, Case]]:
        asked = {"day": day, "after_day": after[0], "after_id": after[1], "most": limit}
        return [(_read_day(row[-1]), _case(row[:-1])) for row in self._run("woken", asked).fetchall()]

    def rest(self, case: str, wake: date | None) -> None:
        self._run("rest", {"id_": case, "wake": wake})

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
            return
        changed = self._run("update", {**values, "id_": after.id, "was": before.revision}).rowcount
        if changed != 1:
            raise CaseChanged(case=after.id)
        if (before.facts, before.name, before.area) != (after.facts, after.name, after.area):
            self._run("update_organization", {"id_": after.organization, **organization})
        if before.duties != after.duties:
            self._put_duties(after.id, before.duties, after.duties)

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


def _case(row: Sequence[Any]) -> Case:
    values = dict(zip(_NAMES, row, strict=True))
    for name in _DAYS:
        if isinstance(values[name], str):
            values[name] = date.fromisoformat(values[name])
    values["opened_at"], values["updated_at"] = read_instant(values["opened_at"]), read_instant(values["updated_at"])
    values["blockers"] = tuple(json.loads(values["blockers"])) if values["blockers"] != "[]" else ()
    values["assumed"] = tuple(json.loads(values["assumed"])) if values["assumed"] != "[]" else ()
    values["fired"] = loads(values["fired"]) if values["fired"] != "{}" else {}
    duties = values["duties"]
    values["duties"] = {name: Duty(**content) for name, content in loads(duties).items()} if duties != "{}" else {}
    values["facts"] = loads(values["facts"])
    values["closed"], values["overdue"] = bool(values["closed"]), bool(values["overdue"])
    return Case(**values)


def _read_day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _case_values(case: Case, wake: date | None) -> dict[str, Any]:
    values = {name: getattr(case, name) for name in _CASE_FIELDS}
    return {
        **values,
        "stage": case.stage,
        "due": case.due,
        "wake": wake,
        "blockers": json.dumps(case.blockers) if case.blockers else "[]",
        "assumed": json.dumps(case.assumed) if case.assumed else "[]",
        "fired": dumps(case.fired) if case.fired else "{}",
        "duties": dumps({name: duty.content() for name, duty in case.duties.items()}) if case.duties else "{}",
    }


def _notice_values(notice: Notice, now: datetime) -> dict[str, Any]:
    own = {name: getattr(notice, name) for name in _NOTICE_NAMES if name != "case"}
    waiting = {"attempts": 0, "next_attempt": now, "delivered_at": None, "error": None}
    return {"case_id": notice.case, **own, "created_at": now, **waiting}


def _outgoing(row: Mapping[str, Any]) -> Outgoing:
    own = {name: row[name] for name in _NOTICE_NAMES if name != "case"}
    own |= {"due": _read_day(row["due"]), "day": _read_day(row["day"])}
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


def _listed(query: Query) -> Select[Any]:
    """The statement for what `Query.admits` says of one case, in the query's order."""
    c = CASES.c
    conditions = _conditions(query, c.due, c.escalation, c.escalated_to)
    due = func.coalesce(c.due, date.max) if query.due_before is None else c.due
    return _SELECT.where(and_(True, *conditions)).order_by(*_order(query, due)).limit(query.limit)


def _listed_duties(query: Query) -> Select[Any]:
    """The same for what `Query.admits_duty` says of a duty."""
    d = DUTIES.c
    conditions = _conditions(query, d.due, d.escalation, d.escalated_to)
    if query.duties is not None:
        conditions.append(d.name.in_(sorted(query.duties)))
    if query.open is not None:
        conditions.append(d.open.is_(query.open))
    statement = _SELECT.add_columns(d.name).join_from(CASES, DUTIES, CASES.c.id == d.case_id)
    return statement.where(and_(True, *conditions)).order_by(*_order(query, d.due), d.name).limit(query.limit)


def _conditions(query: Query, due: Any, escalation: Any, escalated_to: Any) -> list[Any]:
    c, o = CASES.c, ORGANIZATIONS.c
    conditions: list[Any] = []
    for column, allowed in (
        (c.stage, query.stages),
        (c.state, query.states),
        (c.workflow, query.types),
        (o.area, query.areas),
    ):
        if allowed is not None:
            conditions.append(column.in_(sorted(allowed)))
    if query.responsible is not None:
        bodies = sorted(query.responsible)
        columns = (c.responsible, c.hub, escalated_to) if query.involved else (c.responsible,)
        conditions.append(or_(*(column.in_(bodies) for column in columns)))
    if query.blocker is not None:
        conditions.append(c.blockers.contains(f'"{query.blocker}"', autoescape=True))
    if query.text is not None:
        conditions.append(or_(o.name.contains(query.text, autoescape=True), c.id.contains(query.text, autoescape=True)))
    if query.due_before is not None:
        conditions.append(due < query.due_before)
    if query.due_from is not None:
        conditions.append(due >= query.due_from)
    if query.escalation is not None:
        conditions.append(escalation >= query.escalation)
    if query.suspended is not None:
        conditions.append(c.suspended.is_not(None) if query.suspended else c.suspended.is_(None))
    if query.assumed is not None:
        conditions.append(c.assumed != "[]" if query.assumed else c.assumed == "[]")
    if query.closed is not None:
        conditions.append(c.closed.is_(query.closed))
    if query.after is not None:
        conditions.append(c.id > query.after)
    return conditions


def _order(query: Query, due: Any) -> tuple[Any, ...]:
    c = CASES.c
    orders: dict[str, tuple[Any, ...]] = {
        "due": (due, c.id),
        "inbox": (due, c.priority, c.weight.desc(), c.id),
        "intake": (c.priority, c.weight.desc(), due, c.id),
        "id": (c.id,),
    }
    return orders[query.order]
