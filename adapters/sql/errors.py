"""What a driver's error says, told by its code: an SQLSTATE or one of SQLite's. Its words are in the server's language,
and shown in English only."""

from __future__ import annotations

import errno
import os
import sqlite3

from guikou.engine.text import Title

#: https://www.postgresql.org/docs/current/errcodes-appendix.html
_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED, _LOCK_NOT_AVAILABLE = "40001", "40P01", "55P03"
_UNDEFINED_TABLE = "42P01"
_UNIQUE_VIOLATION = "23505"
_DISK_FULL = "53100"


def busy(error: BaseException) -> bool:
    """Whether somebody else holds what was needed, so that trying again may help."""
    if (code := _sqlite_code(error)) is not None:
        return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return _sqlstate(error) in (_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED, _LOCK_NOT_AVAILABLE)


def contended(error: BaseException) -> bool:
    """Whether a transaction was given up because of others, and would have gone through by itself."""
    return _sqlstate(error) in (_SERIALIZATION_FAILURE, _DEADLOCK_DETECTED)


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


def unreachable(error: BaseException) -> bool:
    """Whether there is no database to work with: it can't be opened, the server is away or lets nobody in."""
    if (code := _sqlite_code(error)) is not None:
        return code & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
    if (state := _sqlstate(error)) is not None:
        return state[:2] in _CONNECTION_CLASSES
    if _no_room(error):
        return False
    return _misnamed(error) or any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def _no_room(error: BaseException) -> bool:
    """Whether a server's disk is full. Where it let nobody in for that, the driver has its words alone."""
    state = _sqlstate(error)
    return state == _DISK_FULL or (state is None and os.strerror(errno.ENOSPC) in str(error))


def _misnamed(error: BaseException) -> bool:
    """Whether the driver could make nothing of the address, before it asked any server."""
    client_side = any(kind.__name__ == "ProgrammingError" for kind in type(error).__mro__)
    return client_side and str(error).startswith(("invalid connection option", "invalid URI", "missing"))


def undecodable(error: BaseException) -> bool:
    """Whether a text that is kept is none: SQLite's driver gives no code for it."""
    return str(error).startswith("Could not decode to UTF-8")


def wrong_value(error: BaseException) -> bool:
    """Whether it is a value that can't be kept or asked for, and nothing is wrong with the database."""
    if isinstance(error, (OverflowError, UnicodeError)):
        return True
    if (code := _sqlite_code(error)) is not None:
        return code & 0xFF in (sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE)
    state = _sqlstate(error)
    is_data = any(kind.__name__ == "DataError" for kind in type(error).__mro__)
    return state[:2] == _DATA_CLASS and state != _DIVISION_BY_ZERO if state is not None else is_data


def reason(error: BaseException) -> Title:
    """Why: in English by the first line of its words, in Chinese by what its code means, or the code itself."""
    said = next(iter(str(error).strip().splitlines()), type(error).__name__)
    if (code := _sqlite_code(error)) is not None:
        name = getattr(error, "sqlite_errorname", None) or str(code)
        return Title(f"{_SQLITE[code & 0xFF]}（{name}）" if code & 0xFF in _SQLITE else f"SQLite 错误 {name}", said)
    if _no_room(error):
        said = f"the server's disk is full: {said}"
    if (state := _sqlstate(error)) is not None:
        meaning = _SQLSTATES.get(state) or _SQLSTATES.get(state[:2])
        return Title(f"{meaning}（SQLSTATE {state}）" if meaning else f"SQLSTATE {state}", said)
    if _no_room(error):
        return Title(_SQLSTATES[_DISK_FULL], said)
    if undecodable(error):
        return Title("不是 UTF-8 文本", said)
    if isinstance(error, OverflowError):
        return Title("整数过大", "the whole number is too large")
    if isinstance(error, UnicodeError):
        return Title("不是合法的文字", "it is no valid text")
    if wrong_value(error):
        return Title("含有不能保存的字符或数值", said)
    if _misnamed(error):
        return Title("地址中有不可用的连接选项", said)
    return Title("无法连接" if unreachable(error) else f"{type(error).__name__}", said)


#: SQLSTATE classes: no connection, refused authorisation, no such database, the server is going away or starting.
_CONNECTION_CLASSES = ("08", "28", "3D", "57")
_DATA_CLASS, _DIVISION_BY_ZERO = "22", "22012"
_SQLSTATES = {
    "08": "连接中断", "28": "用户名或口令不被接受", "3D": "没有该数据库", "57": "服务器正在启动或关闭",
    "53": "服务器资源不足",
    _DISK_FULL: "磁盘空间已满", "53300": "连接数已满", "22": "数值或文字无效",
    "22003": "数值超出范围", "22021": "文字编码无效",
    "23": "违反约束", "25": "事务状态不允许", "42501": "没有权限", "58": "服务器系统错误",
}  # fmt: skip
_SQLITE = {
    sqlite3.SQLITE_CANTOPEN: "文件打不开", sqlite3.SQLITE_NOTADB: "文件不是数据库", sqlite3.SQLITE_PERM: "没有权限",
    sqlite3.SQLITE_AUTH: "没有权限", sqlite3.SQLITE_FULL: "磁盘空间已满", sqlite3.SQLITE_READONLY: "数据库只读",
    sqlite3.SQLITE_CORRUPT: "数据库文件已损坏", sqlite3.SQLITE_IOERR: "读写出错", sqlite3.SQLITE_TOOBIG: "内容过长",
    sqlite3.SQLITE_MISMATCH: "类型不符", sqlite3.SQLITE_RANGE: "数值超出范围", sqlite3.SQLITE_CONSTRAINT: "违反约束",
    sqlite3.SQLITE_NOMEM: "内存不足", sqlite3.SQLITE_INTERRUPT: "已中断",
}  # fmt: skip


def _sqlite_code(error: BaseException) -> int | None:
    return getattr(error, "sqlite_errorcode", None)


def _sqlstate(error: BaseException) -> str | None:
    return getattr(error, "sqlstate", None)
