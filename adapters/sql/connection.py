"""Database: where it is, each thread's connection to it, its transactions, and its errors as the engine's."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
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
    GuikouError,
    NotInitialized,
    NotInstalled,
    NotKept,
    StoreBusy,
    StoreFailed,
    StoreUnreachable,
)
from guikou.engine.text import Title

from .errors import busy, no_table, reason, taken, unreachable, wrong_value
from .tables import IMMUTABLE, SETTINGS, TABLES


class Database:
    """A database at one of SQLAlchemy's URLs, or in an SQLite file. Each thread has a connection of its own.

    `shown` is the URL without a password. Raises StoreUnreachable and NotInstalled.
    """

    def __init__(self, url: str, *, busy_timeout: float, synchronous: str) -> None:
        self._timeout = busy_timeout
        self._synchronous = synchronous
        self._engine = self._open(url)
        self.dialect = self._engine.dialect
        self.sqlite = self.dialect.name == "sqlite"
        self.shown = _without_password(self._engine.url)
        self.driver_error: type[Exception] = self.dialect.loaded_dbapi.Error
        self._begin = "BEGIN IMMEDIATE" if self.sqlite else "BEGIN"
        self._local = threading.local()
        self._connections: list[Connection] = []

    def _open(self, url: str) -> Engine:
        try:
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
                reason=Title(f"“{_masked(url)}” 不是数据库地址", f"'{_masked(url)}' is no database URL")
            ) from error
        except ModuleNotFoundError as error:
            raise NotInstalled(library=error.name, extra="postgres") from error

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
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"synchronous={self._synchronous}"):
            connection.execute(f"PRAGMA {pragma}")

    # --- connections ---

    def connection(self) -> Connection:
        """This thread's connection; a new one where the server has closed it."""
        held: Connection | None = getattr(self._local, "connection", None)
        if held is not None and _broken(held):
            held.invalidate()
            self._connections.remove(held)
            held = None
        if held is None or held.closed:
            held = self._local.connection = self._engine.connect()
            self._connections.append(held)
        return held

    def cursor(self) -> Any:
        """A cursor of the driver's on this thread's connection."""
        driver = self.connection().connection.driver_connection
        assert driver is not None
        return driver.cursor()

    def stream(self, statement: Select[Any]) -> Iterator[Row[Any]]:
        """Rows one by one, as a cursor of its own gives them: there may be millions."""
        if self._engine.url.database in (None, "", ":memory:"):  # there is no other connection to it
            with self.errors():
                yield from self.connection().execute(statement)
            return
        options: dict[str, Any] = {"stream_results": True, "yield_per": 1000}
        if not self.sqlite:
            options["isolation_level"] = "REPEATABLE READ"  # a server's cursor lives in a transaction
        with self.errors(), self._engine.connect() as connection:
            yield from connection.execution_options(**options).execute(statement)

    def close(self) -> None:
        """Give back every thread's connection."""
        for connection in self._connections:
            if _broken(connection):
                connection.invalidate()
            connection.close()
        self._connections.clear()
        self._local = threading.local()
        self._engine.dispose()

    # --- transactions ---

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """What is run on the driver's cursor is rolled back unless committed."""
        with self.errors():
            connection = self.connection()
            cursor = self.cursor()
            cursor.execute(self._begin)
            unit = Unit(cursor)
            try:
                yield unit
            finally:
                if not unit.committed and not _broken(connection):
                    cursor.execute("ROLLBACK")
                cursor.close()

    @contextmanager
    def whole(self) -> Iterator[Connection]:
        """All that is run on the connection, or nothing of it."""
        with self.errors():
            connection = self.connection()
            connection.exec_driver_sql(self._begin)
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise

    # --- errors ---

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Whatever the driver or SQLAlchemy says, as one of the engine's errors."""
        try:
            yield
        except DBAPIError as error:
            raise self.translated(error.orig or error) from error
        except self.driver_error as error:
            raise self.translated(error) from error
        except (OverflowError, UnicodeEncodeError) as error:  # the drivers of SQLite and PostgreSQL raise it as it is
            raise NotKept(reason=reason(error)) from error

    def translated(self, error: BaseException) -> GuikouError:
        """A driver's error as one of the engine's."""
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


class Unit:
    """A transaction that was begun, and the driver's cursor in it."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.committed = False

    def commit(self) -> None:
        self.cursor.execute("COMMIT")
        self.committed = True


def _neither(name: str) -> Title:
    return Title(f"“{name}” 不是 sqlite 或 postgresql", f"'{name}' is neither sqlite nor postgresql")


def _broken(connection: Connection) -> bool:
    """Whether the server went away while the driver's own cursor was used, which SQLAlchemy doesn't see."""
    return not connection.closed and bool(getattr(connection.connection.driver_connection, "closed", False))


def _without_password(url: URL) -> str:
    """SQLAlchemy hides the password before the host; the driver takes one among the options too."""
    return url.difference_update_query(["password"]).render_as_string(hide_password=True)


def _masked(url: str) -> str:
    """A text that is no URL, without what may be meant as a password in it."""
    return re.sub(r"(password=)[^&]*", r"\1***", re.sub(r"://.*@", "://***@", url))
