"""Backups: a copy of a whole database in one file, verified once it is written; and the way back.

On SQLite by its own backup API, which copies one state of a database that others write in; on PostgreSQL by `pg_dump`
and `pg_restore`, which must be installed.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from loguru import logger
from sqlalchemy import make_url, text

from guikou.engine.errors import (
    BackupFailed,
    BadBackup,
    NewerThanBackup,
    NotBackedUp,
    NotInitialized,
    NotInstalled,
    NotSaved,
    StoreFailed,
    StoreUnreachable,
)
from guikou.engine.errors.reasons import os_reason, reason
from guikou.engine.text import Title

from ..extras import no_program
from .connection import Database

#: How a backup that `pg_dump` wrote begins.
_DUMP = b"PGDMP"
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: its schema and, where it can be told without restoring it, how many cases and events."""

    file: str
    size: int
    schema: str | None = None
    cases: int | None = None
    events: int | None = None


def backup(database: Database, file: str | Path, *, overwrite: bool = False) -> Backup:
    """Write a backup to a new file, whole or not at all; `overwrite`: also in the place of an older one. Raises
    NotSaved, also where that one holds what this one would not, NotInitialized where there is nothing yet, StoreFailed
    where the database is damaged, BackupFailed and NotInstalled."""
    place = Path(os.path.realpath(file))
    try:
        _check_place(database, place, str(file), overwrite)
    except OSError as error:
        why = os_reason(error)
        raise NotSaved(path=str(file), reason_en=why.en, reason_zh=why.zh) from error
    if database.setting("schema") is None:
        raise NotInitialized(db=database.shown)
    try:
        with _beside(place) as part:
            if database.sqlite:
                _copy_sqlite(database, part)
            else:
                _run(database, ["pg_dump", "--format=custom", "--no-owner", f"--file={part}"])
            found = _whole(part)
            if place.exists():
                _check_place(database, place, str(file), overwrite)  # it may have come there meanwhile
                _is_older(place, part, found, str(file))
            _flush(part)
            os.replace(part, place)
    except OSError as error:
        why = os_reason(error)
        raise NotSaved(path=str(file), reason_en=why.en, reason_zh=why.zh) from error
    return Backup(str(file), found.size, found.schema, found.cases, found.events)


def _whole(part: Path) -> Backup:
    """What was written. Raises StoreFailed: a copy is as damaged as what it was made of."""
    try:
        return look_at(part)
    except BadBackup as error:
        raise StoreFailed(reason=error.details["reason"]) from error


def _is_older(place: Path, part: Path, made: Backup, shown: str) -> None:
    """That what is there already is a backup that holds nothing which a new one, `made` in `part`, does not. Raises
    BadBackup and NotSaved."""
    if any(place.with_name(place.name + end).exists() for end in ("-wal", "-journal")):
        raise NotSaved(path=shown, reason_en="it is a database in use", reason_zh="它是正在使用的数据库")
    there = look_at(place)
    if (there.events is None) != (made.events is None):
        raise NotSaved(
            path=shown, reason_en="it is a backup of another kind of database", reason_zh="它是另一种数据库的备份"
        )
    if there.events is None:
        return  # a dump can't be looked into
    with _opened(place) as older, _opened(part) as new:
        newer = _newer(older, new)
    if newer is not None:
        raise NotSaved(
            path=shown,
            reason_en=f"the backup there holds what the database does not: {newer.en}",
            reason_zh=f"该处的备份中有数据库所没有的{newer.zh}",
        )


def look_at(file: str | Path) -> Backup:
    """What a backup holds. Raises BadBackup where it is none, or is damaged, and NotInstalled."""
    path = Path(file)
    try:
        if path.exists() and not path.is_file():
            raise BadBackup(file=str(file), reason=Title("不是普通文件", "it is no regular file"))
        with path.open("rb") as opened:
            head = opened.read(len(_SQLITE))
        size = path.stat().st_size
    except OSError as error:
        raise BadBackup(file=str(file), reason=os_reason(error)) from error
    if head.startswith(_DUMP):
        return Backup(str(file), size, *_of_dump(path))
    if head != _SQLITE:
        raise BadBackup(file=str(file), reason=Title("不是 guikou 的备份", "it is no backup of guikou's"))
    with _opened(path) as connection:
        return Backup(str(file), size, *_of_sqlite(path, connection))


def restore(database: Database, file: str | Path, *, discard: bool = False) -> None:
    """Put a backup in the place of all that a database holds. Raises BadBackup, NewerThanBackup where the database
    holds what the backup does not (unless it may `discard` that), BackupFailed, StoreBusy and NotInstalled."""
    look_at(file)
    with Path(file).open("rb") as opened:
        of_sqlite = opened.read(len(_SQLITE)) == _SQLITE
    if of_sqlite != database.sqlite:
        kind = Title("SQLite", "SQLite") if of_sqlite else Title("PostgreSQL", "PostgreSQL")
        raise BadBackup(file=str(file), reason=Title(f"是 {kind.zh} 的备份", f"it is one of {kind.en}"))
    if database.sqlite:
        _restore_sqlite(database, Path(file), discard)
        return
    if not discard and _holds_anything(database):
        raise NewerThanBackup(db=database.shown, what=Title("数据库不是空的", "the database is not empty"))
    database.close()
    options = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
    _run(database, ["pg_restore", *options, str(file)], into="--dbname")


def restored(url: str, file: str | Path, *, discard: bool = False) -> Path | None:
    """The same for a database by its URL, whatever its schema, or where there is none yet; what an SQLite file held
    goes to a file beside it, which is given. One that can't be read is put there as it is, if it may be discarded.
    Raises as `restore` does, and StoreUnreachable."""
    look_at(file)
    database = Database(url, busy_timeout=5.0, synchronous="FULL")
    kept: Path | None = None
    try:
        if database.sqlite and not database.in_memory:
            kept = _kept_beside(database, discard)
        restore(database, file, discard=discard)
    except BaseException:
        if kept is not None:
            kept.unlink(missing_ok=True)
        raise
    finally:
        database.close()
    return kept


def _kept_beside(database: Database, discard: bool) -> Path | None:
    """What an SQLite file holds, under a name that is free; None where it holds nothing."""
    own = Path(os.path.realpath(make_url(database.url).database or ""))
    if not own.is_file() or not own.stat().st_size:
        return None
    names = (own.with_name(f"{own.stem}.before-restore-{number}{own.suffix or '.db'}") for number in count(1))
    place = _free(names)
    try:
        with _beside(place) as part:
            _copy_sqlite(database, part)
            _flush(part)
            os.replace(part, place)
    except (StoreFailed, StoreUnreachable) as error:
        if not discard:
            raise NewerThanBackup(db=database.shown, what=_UNREADABLE) from error
        database.close()
        for end in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                os.rename(f"{own}{end}", f"{place}{end}")
    return place


_UNREADABLE = Title("它无法读取", "it can't be read")


# --- SQLite ----------------------------------------------------------------------------------------------------------


def _copy_sqlite(database: Database, part: Path) -> None:
    with database.errors():
        source = database.connection().connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A backup, to be read alone. Raises BadBackup."""
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BadBackup(file=str(path), reason=reason(error)) from error


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path))


def _of_sqlite(path: Path, connection: sqlite3.Connection) -> tuple[str, int, int]:
    wrong = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if wrong != "ok":
        raise BadBackup(file=str(path), reason=Title(f"已损坏：{wrong}", f"it is damaged: {wrong}"))
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise BadBackup(file=str(path), reason=Title("各表互不相符", "its tables do not fit one another"))
    row = connection.execute("SELECT value FROM settings WHERE key = 'schema'").fetchone()
    counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("cases", "events")]
    if row is None:
        raise BadBackup(file=str(path), reason=Title("不是 guikou 的备份", "it is no backup of guikou's"))
    return str(row[0]), *counts


def _restore_sqlite(database: Database, file: Path, discard: bool) -> None:
    with _opened(file) as kept, database.errors():
        target = database.connection().connection.driver_connection
        assert isinstance(target, sqlite3.Connection)
        if not discard and (newer := _newer(target, kept)) is not None:
            raise NewerThanBackup(db=database.shown, what=newer)
        kept.backup(target)
        target.execute("PRAGMA journal_mode=WAL")


def _newer(current: sqlite3.Connection, kept: sqlite3.Connection) -> Title | None:
    """An event that a database holds, and a backup does not."""
    if current.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone() is None:
        return None
    heads = "SELECT case_id, max(seq) FROM events GROUP BY case_id ORDER BY case_id"
    own = "SELECT hash FROM events WHERE case_id = ? AND seq = ?"
    try:
        for case, seq in current.execute(heads).fetchall():
            if kept.execute(own, (case, seq)).fetchone() != current.execute(own, (case, seq)).fetchone():
                return Title(f"“{case}” 的第 {seq} 号事件", f"event no. {seq} of '{case}'")
        return _newer_besides(current, kept)
    except sqlite3.DatabaseError:
        return _UNREADABLE
    return None


def _newer_besides(current: sqlite3.Connection, kept: sqlite3.Connection) -> Title | None:
    """A key, a revocation, a seal or an import that a database holds, and a backup does not."""
    for table, columns, zh, en in (
        ("statements", "number, signature", "号声明（密钥或封存）", "statement no. {} (a key or a seal)"),
        ("imports", "number, digest", "次导入", "import no. {}"),
    ):
        there = f"SELECT count(*) FROM sqlite_master WHERE name = '{table}'"
        rows = f"SELECT {columns} FROM {table} ORDER BY number"
        if not current.execute(there).fetchone()[0]:
            continue
        other = set(kept.execute(rows).fetchall()) if kept.execute(there).fetchone()[0] else set()
        for one in current.execute(rows).fetchall():
            if one not in other:
                return Title(f"第 {one[0]} {zh}", en.format(one[0]))
    return None


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def _of_dump(path: Path) -> tuple[str | None, int | None, int | None]:
    done = _pg(["pg_restore", "--list", str(path)], {})
    if done.returncode != 0 or not re.search(r" TABLE DATA \S+ events ", done.stdout):
        raise BadBackup(file=str(path), reason=_last(done.stderr) or Title("没有事件表", "it has no table of events"))
    return None, None, None


def _holds_anything(database: Database) -> bool:
    with database.errors():
        found = database.connection().scalar(text("SELECT to_regclass('events') IS NOT NULL"))
        return bool(found) and bool(database.connection().scalar(text("SELECT EXISTS (SELECT 1 FROM events)")))


def _run(database: Database, words: Sequence[str], into: str | None = None) -> None:
    """Run one of PostgreSQL's programs on a database. The password goes by the environment, which nobody else sees."""
    url = make_url(database.url).set(drivername="postgresql")
    secret = {"PGPASSWORD": str(url.password)} if url.password is not None else {}
    address = url.set(password=None).render_as_string()
    done = _pg([words[0], *words[1:], *([into] if into is not None else []), address], secret)
    if done.returncode != 0:
        raise BackupFailed(reason=_last(done.stderr) or Title(f"{words[0]} 失败", f"{words[0]} failed"))


def _pg(words: Sequence[str], secret: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    program = shutil.which(words[0])
    if program is None:
        whose = Title("PostgreSQL 的客户端程序", "PostgreSQL's client programs")
        raise no_program(words[0], whose)
    environment = {**os.environ, **secret, "LC_MESSAGES": "C"}
    return subprocess.run(
        [program, *words[1:]], capture_output=True, text=True, errors="replace", env=environment, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _last(said: str) -> Title | None:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return Title(lines[0], lines[0]) if lines else None


# --- files -----------------------------------------------------------------------------------------------------------


def _check_place(database: Database, place: Path, shown: str, overwrite: bool) -> None:
    if database.sqlite and not database.in_memory:
        own = os.path.realpath(make_url(database.url).database or "")
        if str(place) in {own + end for end in ("", "-wal", "-shm", "-journal")}:
            raise NotSaved(path=shown, reason_en="it is the database", reason_zh="它就是数据库")
    if place.is_dir():
        raise NotSaved(path=shown, reason_en="it is a folder", reason_zh="它是文件夹")
    if place.exists() and not place.is_file():
        raise NotSaved(path=shown, reason_en="it is no regular file", reason_zh="不是普通文件")
    if place.exists() and not overwrite:
        en, zh = (
            "it is there already (--force puts it in the place of an older backup)",
            "该文件已存在（--force 可替换旧备份）",
        )
        raise NotSaved(path=shown, reason_en=en, reason_zh=zh)
    if not place.parent.is_dir():
        raise NotSaved(path=shown, reason_en="there is no such folder", reason_zh="没有这个文件夹")


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """A new file beside a place, which is gone afterwards unless it was put there."""
    handle, name = tempfile.mkstemp(prefix=".guikou-", suffix=".part", dir=place.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(name + end)


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _free(names: Iterator[Path]) -> Path:
    return next(name for name in names if not os.path.lexists(name))


def before_upgrade(database: Database, schema: str) -> Path | None:
    """A backup of a database of an older schema in a new file: beside one of SQLite's, of PostgreSQL's in the current
    directory; None where it is in memory. Nobody else may write in it meanwhile. Raises NotBackedUp."""
    if database.in_memory:
        return None
    if database.sqlite:
        own = Path(os.path.realpath(make_url(database.url).database or ""))
        folder, name, suffix = own.parent, own.stem, own.suffix or ".db"
    else:
        called = str(database.connection().scalar(text("SELECT current_database()")))
        folder, name, suffix = Path.cwd(), re.sub(r"[^\w.-]", "_", called), ".dump"
    ends = ("" if number == 1 else f"-{number}" for number in count(1))
    # SQLite copies nothing on the connection that is in the transaction of the upgrade.
    other = Database(database.url, busy_timeout=5.0, synchronous="FULL")
    try:
        place = _free(folder / f"{name}.schema-{schema}{end}{suffix}" for end in ends)
        backup(other, place)
    except (NotSaved, BackupFailed, NotInstalled, StoreFailed) as error:
        raise NotBackedUp(db=database.shown, reason=Title(error.message("zh"), error.message("en"))) from error
    finally:
        other.close()
    logger.info("{} was backed up to {}", database.shown, place)
    return place
