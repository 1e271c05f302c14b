"""Database: where it is, the connections to it, its transactions, and its errors as the engine's."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from loguru import logger
from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Engine,
    Row,
    Select,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from guikou.engine.errors import (
    CaseChanged,
    ConnectionLost,
    Forked,
    GuikouError,
    NotInitialized,
    NotKept,
    NotShared,
    OutcomeUnknown,
    StoreBusy,
    StoreContended,
    StoreFailed,
    StoreUnreachable,
    TransactionOpen,
    Unreadable,
)
from guikou.engine.text import Title, masked

from ..extras import not_installed
from .errors import busy, contended, no_table, reason, taken, undecodable, unreachable, wrong_value
from .forks import GATE
from .pool import Link, Pool, on_fork
from .tables import IMMUTABLE, SETTINGS, TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import IsolationLevel


#: For how many milliseconds SQLite waits for a turn before it is asked anew.
_A_WHILE = 8


#: How many tables there are, and how many of them have one of three names.
_TABLES = "SELECT count(*), count(CASE WHEN name IN (?, ?, ?) THEN 1 END) FROM sqlite_master WHERE type = 'table'"


class Database:
    """A database at one of SQLAlchemy's URLs, or in an SQLite file.

    A thread has a connection from the first use in a block (`errors`, `transaction`, `whole`) to the end of the
    outermost one. There are at most `connections` of them at once, and a third of that for `stream`; a thread for which
    there is none waits up to `wait` seconds. `shown` is the URL without a password. Raises StoreUnreachable and
    NotInstalled.
    """

    def __init__(
        self, url: str, *, busy_timeout: float, synchronous: str, connections: int = 15, wait: float = 30.0
    ) -> None:
        self._timeout = busy_timeout
        #: How many milliseconds SQLite waits for a lock, once it was asked: the URL may say it too.
        self._patience: int | None = None
        self._synchronous = synchronous
        self._engine = self._open(url)
        #: Whether it ends with its only connection.
        self.in_memory = _in_memory(self._engine.url)
        self._size, self._wait = 1 if self.in_memory else connections, wait
        self.dialect = self._engine.dialect
        self.sqlite = self.dialect.name == "sqlite"
        self.shown = _without_password(self._engine.url)
        self.driver_error: type[Exception] = self.dialect.loaded_dbapi.Error
        # What is locked is read once it is locked, whatever isolation the server gives who asks for none.
        self._begin = "BEGIN IMMEDIATE" if self.sqlite else "BEGIN ISOLATION LEVEL READ COMMITTED"
        self._forked = False
        self._begin_anew()
        on_fork(self, Database._leave_to_parent)

    def _open(self, url: str) -> Engine:
        try:
            if "://" not in url and masked(url) != url:
                raise ArgumentError("it looks like an address with a password in it, and is no URL")
            parsed = make_url(url if "://" in url else f"sqlite:///{url}")
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            if parsed.get_backend_name() not in IMMUTABLE:
                raise StoreUnreachable(reason=_neither(parsed.get_backend_name()))
            if "@" in (parsed.host or ""):
                raise ArgumentError("a password with an @ that is not written %40 would be taken for the host")
            return self._engine_for(parsed)
        except (ArgumentError, NoSuchModuleError, ValueError) as error:
            raise StoreUnreachable(
                reason=Title(f"“{masked(url)}” 不是数据库地址", f"'{masked(url)}' is no database URL")
            ) from error
        except ModuleNotFoundError as error:
            raise not_installed(error.name, "postgres") from error

    def _engine_for(self, url: URL) -> Engine:
        if url.get_backend_name() == "sqlite":
            arguments: dict[str, Any] = {"check_same_thread": False}
            if "timeout" not in url.query:
                arguments["timeout"] = self._timeout
            engine = create_engine(url, connect_args=arguments, isolation_level="AUTOCOMMIT", poolclass=NullPool)
            event.listen(engine, "connect", self._pragmas)
        else:
            options = f"-c lock_timeout={int(self._timeout * 1000)}"
            engine = create_engine(
                url, connect_args={"options": options}, isolation_level="AUTOCOMMIT", poolclass=NullPool
            )
        return engine

    def _pragmas(self, connection: Any, _: Any) -> None:
        # Another program's database stays as it is. No name is read: one may be damaged.
        every, ours = connection.execute(_TABLES, (SETTINGS.name, "events", "cases")).fetchone()
        own = not every or ours == 3
        if own:
            with suppress(self.driver_error):  # it may only be read: whoever writes is told
                connection.execute("PRAGMA journal_mode=WAL")
        # What is erased would stay readable in the file else.
        for pragma in ("foreign_keys=ON", f"synchronous={self._synchronous}", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @property
    def url(self) -> str:
        """Where it is, with the password."""
        return self._engine.url.render_as_string(hide_password=False)

    # --- connections ---

    def connection(self) -> Connection:
        """This thread's connection. Outside of a block the thread keeps it up to the end of its next one."""
        return self._link(self._use()).connection

    def cursor(self) -> Any:
        """A cursor of the driver's on this thread's connection."""
        return self._link(self._use()).driver.cursor()

    def stream(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        """Rows one by one, as a cursor of its own gives them: there may be millions."""
        for page in self.pages(statement):
            yield from page

    def pages(self, statement: Select[Any], *, plain: bool = False) -> Iterator[Sequence[Row[Any]]]:
        """The same, a thousand at a time; `plain`, of a statement without values: as SQLite's driver gives them, which
        takes half the time."""
        if self.in_memory:  # there is no other connection to it
            with self.errors():
                every = self.connection().execute(statement).all()
            yield every
            return
        link: Link | None = None
        rows: CursorResult[Any] | None = None
        try:
            link = self._streams.take()
            self._isolate(link, "REPEATABLE READ")  # a server's cursor lives in a transaction
            if plain and self.sqlite:
                pages = _plain(link.driver.cursor(), str(statement.compile(dialect=self.dialect)))
            else:
                rows = link.connection.execute(statement.execution_options(stream_results=True, yield_per=1000))
                pages = rows.partitions()
            for page in pages:
                yield page
                if link.forsaken:
                    raise Forked()
        except (DBAPIError, self.driver_error) as error:
            cause = getattr(error, "orig", None) or error
            raise self.translated(cause, lost=link is not None and link.broken) from error
        finally:
            if link is not None and not link.forsaken:
                with suppress(DBAPIError, self.driver_error) if link.broken else nullcontext():  # it was told already
                    if rows is not None:
                        rows.close()
                    self._isolate(link, "AUTOCOMMIT")
                self._streams.give(link)

    def close(self) -> None:
        """Close every connection; one that another thread uses, when it has done."""
        pools, use = (self._pool, self._streams), self._use()
        self._begin_anew()
        for pool in pools:
            pool.close()
        if use.link is not None and not use.depth:
            use.pool.give(use.link)
        self._engine.dispose()

    def _begin_anew(self) -> None:
        self._pool = Pool(self._connected, self._size, self._wait)
        self._streams = Pool(self._connected, max(1, self._size // 3), self._wait)
        self._pool.sibling, self._streams.sibling = self._streams, self._pool
        self._local = threading.local()

    def _leave_to_parent(self) -> None:
        """In a process that was forked: what the parent has open stays the parent's."""
        self._pool.forsake()
        self._streams.forsake()
        self._forked = True
        self._begin_anew()

    def _connected(self) -> Connection:
        if self.in_memory and self._forked:
            raise NotShared()
        return self._engine.connect()

    def _isolate(self, link: Link, level: IsolationLevel) -> None:
        """How a connection's transactions are isolated from now on; none is open then."""
        link.connection.rollback()
        if not self.sqlite:
            link.connection.execution_options(isolation_level=level)

    def _use(self) -> _Use:
        try:
            return self._local.use  # type: ignore[no-any-return]
        except AttributeError:
            use = self._local.use = _Use(self._pool)
            return use

    def _link(self, use: _Use) -> Link:
        if use.link is None:
            use.link = use.pool.take()
        return use.link

    # --- transactions ---

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """What is run on the driver's cursor is rolled back unless committed. Raises TransactionOpen where this thread
        is in one, ConnectionLost, and OutcomeUnknown where that happened while it was committed."""
        with self.errors(), GATE.held() if self.sqlite else nullcontext():
            use = self._use()
            if use.in_transaction:
                raise TransactionOpen()
            unit = Unit(*self._begun(use), self.driver_error)
            use.in_transaction = True
            try:
                yield unit
            finally:
                use.in_transaction = False
                unit.end()

    def _begun(self, use: _Use) -> tuple[Link, Any]:
        """A connection on which a transaction was begun, and its cursor."""
        link = self._link(use)
        cursor = link.driver.cursor()
        try:
            self._begin_on(cursor)
        except self.driver_error:
            if not link.broken or use.depth > 1:
                raise
            # Nothing was sent that could have been kept.
            use.give_back()
            link = self._link(use)
            cursor = link.driver.cursor()
            self._begin_on(cursor)
        return link, cursor

    def _begin_on(self, cursor: Any) -> None:
        """SQLite asks again ever more seldom, up to ten times a second: whoever writes without a pause would be there
        first each time. So it is asked anew after a little while, up to the same end."""
        if not self.sqlite:
            cursor.execute(self._begin)
            return
        patience = self._patience
        if patience is None:
            patience = self._patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        until = time.monotonic() + patience / 1000
        cursor.execute(f"PRAGMA busy_timeout={min(patience, _A_WHILE)}")
        try:
            while True:
                try:
                    cursor.execute(self._begin)
                    return
                except self.driver_error as error:
                    if not busy(error) or time.monotonic() >= until:
                        raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """All that is run on the connection, or nothing of it. Raises as `transaction` does."""
        with self.transaction() as unit:
            yield self.connection()
            unit.commit()

    def empty_log(self, cursor: Any) -> None:
        """Bring SQLite's log into its file and empty it, or what was erased stays readable there until the next one
        does: whoever reads meanwhile keeps it from being emptied."""
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except self.driver_error as error:
            busy, why = True, reason(error).en
        else:
            why = "somebody reads it"
        if busy:
            logger.warning("the log of {} is not empty yet: {}", self.shown, why)

    # --- errors ---

    @contextmanager
    def errors(self) -> Iterator[None]:
        """A block in which this thread uses one connection. Whatever the driver or SQLAlchemy says is raised as one of
        the engine's errors."""
        use = self._use()
        use.depth += 1
        try:
            yield
        except DBAPIError as error:
            raise self.translated(error.orig or error, use.lost) from error
        except self.driver_error as error:
            raise self.translated(error, use.lost) from error
        except UnicodeDecodeError as error:  # what SQLite says of a damaged schema, which Python takes for text
            raise Unreadable(what=Title("数据库的结构", "the schema of the database")) from error
        except (OverflowError, UnicodeEncodeError) as error:  # the drivers of SQLite and PostgreSQL raise it as it is
            raise NotKept(reason=reason(error)) from error
        finally:
            use.depth -= 1
            if not use.depth:
                use.give_back()

    def translated(self, error: BaseException, lost: bool | None = None) -> GuikouError:
        """A driver's error as one of the engine's; `lost`: whether the connection is (default: this thread's)."""
        if self._use().lost if lost is None else lost:
            return ConnectionLost(reason=reason(error))
        if undecodable(error):
            return Unreadable(what=reason(error))
        if contended(error):
            return StoreContended()
        if busy(error):
            return StoreBusy()
        missing = no_table(error)
        if missing or (missing is None and self._lacks_tables()):
            return NotInitialized(db=self.shown)
        if taken(error):
            return CaseChanged(case="")
        if wrong_value(error):
            return NotKept(reason=reason(error))
        return StoreUnreachable(reason=reason(error)) if unreachable(error) else StoreFailed(reason=reason(error))

    def _lacks_tables(self) -> bool:
        try:
            found = set(inspect(self.connection()).get_table_names())
        except (DBAPIError, self.driver_error):
            return False
        return any(table.name not in found for table in TABLES)

    # --- settings ---

    def setting(self, key: str) -> str | None:
        """What the database says of itself; None if nothing, or if it is empty."""
        with self.errors():
            if not inspect(self.connection()).has_table("settings"):
                return None
            found = self.connection().scalar(select(SETTINGS.c.value).where(SETTINGS.c.key == key))
            return None if found is None else str(found)

    def keep_setting(self, key: str, value: str) -> None:
        """Keep a setting, in the transaction that runs."""
        connection = self.connection()
        changed = connection.execute(update(SETTINGS).where(SETTINGS.c.key == key).values(value=value))
        if changed.rowcount == 0:
            connection.execute(insert(SETTINGS).values(key=key, value=value))


def _plain(cursor: Any, statement: str) -> Iterator[Sequence[Any]]:
    cursor.execute(statement)
    try:
        while page := cursor.fetchmany(1000):
            yield page
    finally:
        cursor.close()


class _Use:
    """What a thread has of a database: its connection, and how deep in blocks it is."""

    __slots__ = ("depth", "in_transaction", "link", "pool")

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.link: Link | None = None
        self.depth = 0
        self.in_transaction = False

    @property
    def lost(self) -> bool:
        return self.link is not None and not self.link.forsaken and self.link.broken

    def give_back(self) -> None:
        link, self.link = self.link, None
        if link is not None:
            self.pool.give(link)


class Unit:
    """A transaction that was begun, and the driver's cursor in it."""

    def __init__(self, link: Link, cursor: Any, driver_error: type[Exception]) -> None:
        self.cursor = cursor
        self.committed = False
        self._link, self._driver_error = link, driver_error
        link.on_fork = self._forked

    def commit(self) -> None:
        """Raises OutcomeUnknown where the connection was lost before the answer came."""
        try:
            self.cursor.execute("COMMIT")
        except self._driver_error as error:
            if self._link.broken:
                raise OutcomeUnknown(reason=reason(error)) from error
            raise
        self.committed = True

    @property
    def alive(self) -> bool:
        """Whether what was done in it can still be committed, or rolled back. SQLite has rolled back itself where the
        disk is full; saying so again would hide why."""
        return not self._link.broken and getattr(self._link.driver, "in_transaction", True)

    def end(self) -> None:
        """Roll back what was not committed."""
        if self._link.forsaken:
            return
        self._link.on_fork = None
        if not self.committed and self.alive:
            self.cursor.execute("ROLLBACK")
        self.cursor.close()

    def _forked(self) -> None:
        self.cursor = _Forked()


@contextmanager
def as_it_stands(cursor: Any) -> Iterator[None]:
    """Texts of SQLite that are no UTF-8 are read with halves of characters in the place of the bytes that are none."""
    cursor.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        cursor.connection.text_factory = str


class _Forked:
    """In the place of a cursor that is the parent process's."""

    def execute(self, *_: Any) -> Any:
        raise Forked()


def _neither(name: str) -> Title:
    return Title(f"“{name}” 不是 sqlite 或 postgresql", f"'{name}' is neither sqlite nor postgresql")


def _in_memory(url: URL) -> bool:
    named = url.database or ""
    return url.get_backend_name() == "sqlite" and (
        named in ("", ":memory:") or ":memory:" in named or url.query.get("mode") == "memory"
    )


def _without_password(url: URL) -> str:
    """SQLAlchemy hides the password before the host; the driver takes one among the options too. The name of the
    database or its file is shown as it is, not with % for what is not ASCII."""
    url = url.difference_update_query(["password"])
    if not url.database:
        return url.render_as_string(hide_password=True)
    head, mark, query = url.set(database="").render_as_string(hide_password=True).partition("?")
    return f"{head}{url.database}{mark}{query}"
