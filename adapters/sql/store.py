"""SqlStore: one advance is one transaction.

What writes runs statements that are built once with SQLAlchemy and compiled once to the driver's text, on a connection
of a pool: an ORM session costs several times as much (see benchmarks/). What lists goes through SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from loguru import logger
from sqlalchemy import func, insert, or_, select, update

from guikou.engine.audit.statements import Verified
from guikou.engine.cases.canonical import dumps
from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event, EventKind, not_corrected
from guikou.engine.cases.fold import as_at
from guikou.engine.errors import NotShared
from guikou.engine.supervision.imported import Import, ImportedRow, Parked
from guikou.engine.supervision.query import Query
from guikou.engine.supervision.store import Outgoing, wake_at_once

from ..clock import system_clock
from . import migrations
from .checking import Difference, WakesBy, differences, rebuild
from .connection import Database
from .imports import Imports
from .listings import Listings
from .outbox import Outbox
from .rows import SELECT_EVENTS, case_of, event_of, policy_files
from .statements import ALIAS, CASE, Statements
from .tables import CASES, EVENTS, POLICIES, TEXTS
from .transaction import Work

if TYPE_CHECKING:
    from .auditing import Auditing
    from .backup import Backup
    from .sealing import Sealing
    from .status import Status
    from .together import Together

logger.disable("guikou")  # a library keeps quiet; the command line turns it on with -v


class SqlStore:
    """Organisations, cases, events and policies in a database.

    `url` is SQLAlchemy's (`sqlite:///file.db`, `postgresql://user@host/name`) or the path of an SQLite file. Raises
    StoreUnreachable, NotInstalled and, unless it may `upgrade` an older database, SchemaVersion. An upgrade makes a
    `backup` first, in a new file beside that of SQLite, or by `pg_dump` in the current directory, which is then
    `backed_up`; it raises NotBackedUp, with nothing changed, where it can't.

    A store may be shared by any number of threads: they share at most `connections` connections (and a third as many
    that read long listings); who finds none free waits for one, at most `wait` seconds (then: NoConnection). A
    connection that the server closed meanwhile, as when it was restarted, is replaced; one that is lost in the midst of
    a command raises ConnectionLost, or OutcomeUnknown while it was committed. In a forked process a store opens
    connections of its own. Pickled, it is its address (with the password), and is opened there.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] = system_clock,
        busy_timeout: float = 5.0,
        synchronous: str = "FULL",
        upgrade: bool = False,
        backup: bool = True,
        connections: int = 15,
        wait: float = 30.0,
    ) -> None:
        self._clock = clock
        self._options = {
            "clock": clock, "busy_timeout": busy_timeout, "synchronous": synchronous, "connections": connections,
            "wait": wait,
        }  # fmt: skip
        self.database = Database(
            url, busy_timeout=busy_timeout, synchronous=synchronous, connections=connections, wait=wait
        )
        self.dialect = self.database.dialect.name
        self.shown = self.database.shown
        self.statements = Statements(self.database.dialect)
        self.listings = Listings(self.database)
        self._imports = Imports(self.database)
        self._outbox = Outbox(self.database, self.statements, self.now)
        #: Where what the database held before it was upgraded is kept; None where it was not.
        self.backed_up: Path | None = migrations.check(self.database, upgrade=upgrade, backup=backup)

    def __repr__(self) -> str:
        return f"SqlStore({self.shown!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Raises NotShared for a database in memory."""
        if self.database.in_memory:
            raise NotShared()
        return _opened, (self.database.url, self._options)

    def create(self) -> None:
        """Make the tables that aren't there, and what keeps events from being changed."""
        migrations.create(self.database)
        logger.debug("tables are there in {}", self.shown)

    def close(self) -> None:
        """Close every connection; one that another thread uses, when it has done."""
        self.database.close()

    def now(self) -> datetime:
        return self._clock()

    def salt(self) -> str:
        return token_hex(16)

    # --- cases ---

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        with self.database.transaction() as unit:
            yield Work(unit, self.database, self.statements, self.now)

    @contextmanager
    def together(self, cases: Collection[str]) -> Iterator[Together]:
        from .together import Together

        with self.database.transaction() as unit:
            yield Together(unit, self, cases)

    def get(self, id: str, as_of: datetime | None = None, known: datetime | None = None) -> Case | None:
        if as_of is not None or known is not None:
            return as_at(self.events(id), as_of, known)
        with self.database.errors():
            row = self.database.connection().execute(CASE, {"id": id}).first()
        return case_of(row) if row is not None else None

    def alias(self, id: str) -> str | None:
        with self.database.errors():
            found: str | None = self.database.connection().scalar(ALIAS, {"id": id})
        return found

    def cases(self, query: Query) -> list[Case]:
        return self.listings.cases(query)

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        return self.listings.duties(query)

    def count(self, query: Query) -> int:
        return self.listings.count(query)

    def count_duties(self, query: Query) -> int:
        return self.listings.count_duties(query)

    def tally(self, query: Query, by: Sequence[str], *, duties: bool) -> Mapping[tuple[Any, ...], int]:
        return self.listings.tally(query, by, duties)

    def events(self, case: str) -> list[Event]:
        statement = SELECT_EVENTS.where(EVENTS.c.case_id == case).order_by(EVENTS.c.seq)
        with self.database.errors():
            rows = self.database.connection().execute(statement).all()  # one that is damaged leaves nothing open
        return [event_of(row) for row in rows]

    def naming(self, *texts: str) -> list[Event]:
        return self.listings.naming(texts)

    def with_texts(self) -> list[str]:
        statement = select(TEXTS.c.case_id).join(CASES, CASES.c.id == TEXTS.c.case_id).where(CASES.c.closed)
        with self.database.errors():
            return sorted(self.database.connection().scalars(statement.distinct()))

    def happened(self, since: datetime, until: datetime, known: datetime | None = None) -> Iterator[Event]:
        c = EVENTS.c
        statement = SELECT_EVENTS.where(c.at >= since, c.at <= until).order_by(c.case_id, c.seq)
        corrections = SELECT_EVENTS.where(c.kind == str(EventKind.CORRECTED))
        if known is not None:
            statement, corrections = (one.where(c.recorded_at <= known) for one in (statement, corrections))
        with self.database.errors():
            rows = self.database.connection().execute(corrections).all()
        corrected = [event_of(row) for row in rows]
        return not_corrected(map(event_of, self.database.stream(statement)), corrected)

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        by = (CASES.c.workflow, CASES.c.state, CASES.c.responsible)
        statement = select(*by, func.count()).where(CASES.c.closed.is_(False)).group_by(*by)
        with self.database.errors():
            return {(row[0], row[1], row[2]): row[3] for row in self.database.connection().execute(statement)}

    # --- the database as a whole ---

    def status(self) -> Status:
        """How the database stands."""
        from .status import status

        return status(self.database)

    def backup(self, file: str | Path, *, overwrite: bool = False) -> Backup:
        """Write a copy of everything to a file, whole or not at all, and verify it, while others go on. Raises
        NotSaved, BackupFailed and NotInstalled."""
        from .backup import backup

        return backup(self.database, file, overwrite=overwrite)

    # --- what is kept, against the events ---

    def differences(self, wakes_by: WakesBy | None = None) -> Iterator[Difference]:
        """Where what is kept of cases is not what their events say, case by case, and what of the rest is not as it was
        written; this takes as long as reading all events does. With `wakes_by` (`Supervision.wakes_by`) also where the
        sweep would not look at a case in time."""
        return differences(self.database, wakes_by)

    def rebuild(self, case: str) -> Case:
        """Write what is kept of a case anew from its events. Raises BrokenChain and Damaged."""
        return rebuild(self.database, case)

    @cached_property
    def sealing(self) -> Sealing:
        """The keys and seals of the record."""
        from .sealing import Sealing

        return Sealing(self.database, self.now)

    def audit(self, verified: Verified) -> Auditing:
        """The whole record, against its hashes, chains and seals; `verified` tells whether a signature is right."""
        from .auditing import Auditing

        return Auditing(self.database, self.sealing, verified)

    # --- imports, and what is parked ---

    def imports(self, *, digest: str | None = None, limit: int | None = None) -> list[Import]:
        return self._imports.imports(digest=digest, limit=limit)

    def import_rows(self, number: int, outcome: str | None = None) -> list[ImportedRow]:
        return self._imports.rows(number, outcome)

    def parked(
        self,
        *,
        id: str | None = None,
        state: str | None = "waiting",
        source: int | None = None,
        limit: int | None = None,
    ) -> list[Parked]:
        return self._imports.parked(id=id, state=state, source=source, limit=limit)

    # --- policies ---

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        digest = digest or self.database.setting("policy")
        if digest is None:
            return None
        statement = select(POLICIES.c.files).where(POLICIES.c.digest == digest)
        with self.database.errors():
            text = self.database.connection().scalar(statement)
        return policy_files(digest, text) if text is not None else None

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        kept = {"digest": digest, "name": name, "version": version, "files": dumps(files), "kept_at": self.now()}
        with self.database.whole() as connection:
            if connection.scalar(select(POLICIES.c.digest).where(POLICIES.c.digest == digest)) is None:
                connection.execute(insert(POLICIES).values(kept))
            if self.database.setting("policy") not in (None, digest):
                at_once = wake_at_once(self.now())
                later = or_(CASES.c.wake.is_(None), CASES.c.wake > at_once)
                connection.execute(update(CASES).where(CASES.c.closed.is_(False), later).values(wake=at_once))
            self.database.keep_setting("policy", digest)
        logger.info("policy {} {} is active in {}", name, version, self.shown)

    # --- the outbox ---

    def outbox(self, *, delivered: bool | None = None, attempts: int = 0, limit: int | None = None) -> list[Outgoing]:
        return self._outbox.notices(delivered=delivered, attempts=attempts, limit=limit)

    def count_outbox(self, *, delivered: bool | None = None, attempts: int = 0) -> int:
        return self._outbox.count(delivered=delivered, attempts=attempts)

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        return self._outbox.claim(until, limit)

    def delivered(self, claimed: Outgoing) -> None:
        self._outbox.delivered(claimed)

    def failed(self, claimed: Outgoing, error: str, next_attempt: datetime) -> None:
        self._outbox.failed(claimed, error, next_attempt)


def _opened(url: str, options: Mapping[str, Any]) -> SqlStore:
    """A store that was pickled."""
    return SqlStore(url, **options)
