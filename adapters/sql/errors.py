"""What a driver's error says, told by its code: an SQLSTATE or one of SQLite's. Its words are in the server's language,
and only shown."""

from __future__ import annotations

import sqlite3

#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED, _LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
_UNDEFINED_TABLE = "42P01"
_UNIQUE_VIOLATION = "23505"


def busy(error: BaseException) -> bool:
    """Whether somebody else holds what was needed, so that trying again may help."""
    if (code := _sqlite_code(error)) is not None:
        return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return _sqlstate(error) in (_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED, _LOCK_NOT_AVAILABLE)


def taken(error: BaseException) -> bool:
    """Whether a row with the same key is there already."""
    if (code := _sqlite_code(error)) is not None:
        return code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
    return _sqlstate(error) == _UNIQUE_VIOLATION


def constraint(error: BaseException) -> str | None:
    """The name of the constraint that refused it, where the driver gives one: SQLite's only words it."""
    return getattr(getattr(error, "diag", None), "constraint_name", None)


def no_table(error: BaseException) -> bool | None:
    """Whether a table is missing; None where the code leaves it open, as SQLite's for whatever is wrong in a
    statement does."""
    if (code := _sqlite_code(error)) is not None:
        return None if code == sqlite3.SQLITE_ERROR else False
    return _sqlstate(error) == _UNDEFINED_TABLE


def said(error: BaseException) -> str:
    """The first line of its words."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def _sqlite_code(error: BaseException) -> int | None:
    return getattr(error, "sqlite_errorcode", None)


def _sqlstate(error: BaseException) -> str | None:
    return getattr(error, "sqlstate", None)
