"""Which schema a database has, as it says itself in its settings, and the way from there to today's.

Each step is a module that changes the tables of one schema into those of the next, with Alembic's operations. A step
knows the tables as they were, so that it stays as it is whatever becomes of tables.py: a new schema gets a new step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from guikou.engine.errors import OtherTables, SchemaVersion

from ..connection import Database
from ..tables import IMMUTABLE, SETTINGS, TABLES
from . import to_2, to_3, to_4, to_5, to_6, to_7

if TYPE_CHECKING:
    from alembic.operations import Operations

SCHEMA = 7
#: Each step by the schema that it starts from.
STEPS: dict[str, Callable[[Operations], None]] = {
    "1": to_2.upgrade,
    "2": to_3.upgrade,
    "3": to_4.upgrade,
    "4": to_5.upgrade,
    "5": to_6.upgrade,
    "6": to_7.upgrade,
}


def create(database: Database) -> None:
    """Make the tables that aren't there, and what keeps events from being changed. Raises OtherTables."""
    with database.whole() as connection:
        _lock(database, connection)
        there = set(inspect(connection).get_table_names())
        if not {SETTINGS.name, "events", "cases"} <= there:
            own = {table.name for table in TABLES}
            others = there if database.sqlite else there & own  # a server's database may be shared with others
            if others:
                raise OtherTables(db=database.shown, tables=sorted(others)[:5])
        SQLModel.metadata.create_all(connection, tables=list(TABLES))
        for statement in IMMUTABLE[database.dialect.name]:
            connection.exec_driver_sql(statement)
        database.keep_setting("schema", str(SCHEMA))


def check(database: Database, *, upgrade: bool, backup: bool) -> Path | None:
    """Bring an older database up to date, if it may be, with a `backup` of it first: gives where that is. Raises
    SchemaVersion if its schema is not today's then, and NotBackedUp."""
    found = database.setting("schema")
    if found is None or found == str(SCHEMA):
        return None
    if not upgrade or found not in STEPS:
        raise SchemaVersion(db=database.shown, found=found, wanted=SCHEMA)
    return _upgrade(database, backup)


def _upgrade(database: Database, backup: bool) -> Path | None:
    """All steps in one transaction, or none. Somebody else may be at it: whoever comes second finds it done."""
    from alembic.operations import Operations  # it takes longer to import than most commands to run
    from alembic.runtime.migration import MigrationContext

    from ..backup import before_upgrade

    kept: Path | None = None
    with _references_unchecked(database), database.whole() as connection:
        _lock(database, connection)
        found = first = database.setting("schema")
        if backup and found in STEPS:
            _keep_from_writing(database, connection)
            kept = before_upgrade(database, found)
        operations = Operations(MigrationContext.configure(connection))
        while found in STEPS:
            STEPS[found](operations)
            found = str(int(found) + 1)
        if found != str(SCHEMA):
            raise SchemaVersion(db=database.shown, found=found, wanted=SCHEMA)
        database.keep_setting("schema", found)
    if first != found:
        logger.info("{} was upgraded from schema {} to {}", database.shown, first, found)
    return kept


def _lock(database: Database, connection: Connection) -> None:
    """One at a time: a transaction of SQLite's holds the database anyway."""
    if not database.sqlite:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('guikou schema'))")


def _keep_from_writing(database: Database, connection: Connection) -> None:
    """Until the upgrade is done nobody writes what its backup would lack, and the server lets it wait for that."""
    if not database.sqlite:
        own = {table.name for table in TABLES} & set(inspect(connection).get_table_names())
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(sorted(own))} IN SHARE MODE")
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def _references_unchecked(database: Database) -> Iterator[None]:
    """SQLite changes a column by copying the table and dropping the old one, to which rows of other tables refer; and
    it takes this pragma only outside of a transaction."""
    if not database.sqlite:
        yield
        return
    with database.errors():
        connection = database.connection()
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            yield
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
