"""Backups: one state of a database that others write in, verified, and put back."""

import errno
import os
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from guikou.adapters.cli import run
from guikou.adapters.sql import SqlStore, migrations
from guikou.adapters.sql.backup import backup, look_at, restored
from guikou.adapters.sql.connection import Database
from guikou.engine import Organization, Query, Supervision
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

FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
DAY = date(2016, 1, 4)
pytestmark = pytest.mark.usefixtures("told_on_time", "programs")


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


def test_of_nothing_there_is_no_backup(new_url, tmp_path):
    store = SqlStore(new_url())
    with pytest.raises(NotInitialized):
        store.backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
    store.close()


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
    with pytest.raises(NotInstalled, match="pg_dump") as told:
        office.store.backup(tmp_path / "backup")
    assert told.value.hint("zh") == "请安装 PostgreSQL 的客户端程序"


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


def test_how_a_database_stands_is_told(office):
    found = office.store.status()
    assert (found.cases, found.closed, found.events, found.parked) == (2, 0, 2, 0)
    assert found.schema == found.today
    assert found.policy == "beijing-2015 1.0"
    assert found.sealed is None
    assert found.last is not None
    assert found.size > 0
    assert found.problems == ([] if office.store.database.sqlite else ())


# --- before an upgrade -----------------------------------------------------------------------------------------------


@pytest.fixture
def older(old, tmp_path, monkeypatch):
    """The URL of a database of schema 4, and where its backup goes."""
    monkeypatch.chdir(tmp_path)
    url = old("4")
    if url.startswith("sqlite:"):
        return url, tmp_path / "empty.schema-4.db"
    return url, tmp_path / f"{make_url(url).database}.schema-4.dump"


def schema_of(url):
    database = Database(url, busy_timeout=1, synchronous="FULL")
    try:
        return database.setting("schema")
    finally:
        database.close()


def left_in(folder):
    return {one.name for one in folder.iterdir() if one.suffix not in (".db-wal", ".db-shm")}


def test_an_older_database_is_backed_up_before_it_is_upgraded(older, new_url):
    url, place = older
    store = SqlStore(url, upgrade=True)
    assert store.backed_up == place
    again = new_url()
    restored(again, place)
    assert schema_of(again) == "4"
    other = SqlStore(again, upgrade=True, backup=False)
    assert other.backed_up is None
    assert len(states(other)) == 10
    assert states(other) == states(store)
    for one in (store, other):
        one.close()
    store = SqlStore(url, upgrade=True)  # it is of today's schema already
    assert store.backed_up is None
    store.close()


def test_a_backup_before_an_upgrade_is_put_over_nothing(older):
    url, place = older
    place.write_text("the first", encoding="utf-8")
    store = SqlStore(url, upgrade=True)
    store.close()
    assert place.read_text(encoding="utf-8") == "the first"
    assert store.backed_up == place.with_name(f"{place.stem}-2{place.suffix}")
    assert look_at(store.backed_up).size > 0


def test_of_several_upgrades_at_once_one_makes_a_backup(older, tmp_path):
    url, place = older
    before, start, found = left_in(tmp_path), threading.Barrier(4), []

    def work():
        start.wait(10)
        store = SqlStore(url, upgrade=True, busy_timeout=30)
        found.append(store.backed_up)
        store.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == sorted([str(place), "None", "None", "None"])
    assert left_in(tmp_path) - before == {place.name}


def test_nobody_writes_what_the_backup_of_an_upgrade_would_lack(older, monkeypatch):
    """What was answered as kept is in the backup and in what it was upgraded to."""
    url, _ = older
    real, refused = migrations.schema._upgrade, []

    def meanwhile(*arguments):
        from guikou.adapters.sql import backup as module

        def written(database, place):
            other = create_engine(database.url, isolation_level="AUTOCOMMIT")
            with other.connect() as connection:
                connection.exec_driver_sql(
                    "PRAGMA busy_timeout=20" if database.sqlite else "SET lock_timeout = 20"
                )  # no more than it takes to be refused
                with pytest.raises(OperationalError) as error:
                    connection.exec_driver_sql("DELETE FROM notices")
            other.dispose()
            refused.append(error)
            return backup(database, place)

        monkeypatch.setattr(module, "backup", written)
        return real(*arguments)

    monkeypatch.setattr(migrations.schema, "_upgrade", meanwhile)
    SqlStore(url, upgrade=True).close()
    assert len(refused) == 1


#: Of its policy, which `init` looks at once the database is upgraded.
NO_TEXT = "[unreadable] the database holds what guikou did not write: the text of the policy"
ENDS = {"fails": "echo 'pg_dump: error: no' >&2; exit 1", "dumped nothing": "exit 0"}


@pytest.mark.parametrize("lacking", ["all", "fails", "dumped nothing"])
@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_what_can_not_be_backed_up_is_not_upgraded(older, tmp_path, monkeypatch, capsys, lacking):
    url, _ = older
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("pg_dump", "pg_restore") if lacking != "all" else ():
        (folder / program).write_text(f"#!/bin/sh\n{ENDS[lacking]}\n", encoding="utf-8")
        (folder / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    before = left_in(tmp_path)
    reason = {"all": "needs pg_dump", "fails": "pg_dump: error: no", "dumped nothing": "no backup of guikou's"}[lacking]
    with pytest.raises(NotBackedUp, match=reason):
        SqlStore(url, upgrade=True)
    assert run(["init", "--db", url]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("[not-backed-up] ")
    assert reason in line
    assert line.endswith("; nothing was changed; guikou init --no-backup goes on without one")
    assert schema_of(url) == "4"
    run(["init", "--db", url, "--no-backup"])
    assert capsys.readouterr().err.startswith(NO_TEXT)
    assert schema_of(url) == str(migrations.SCHEMA)
    assert left_in(tmp_path) == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_an_sqlite_file_that_can_not_be_backed_up_is_not_upgraded(older, monkeypatch):
    url, _ = older

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("guikou.adapters.sql.backup._copy_sqlite", full)
    with pytest.raises(NotBackedUp, match="No space left"):
        SqlStore(url, upgrade=True)
    assert schema_of(url) == "4"


def test_init_tells_where_the_backup_is(older, capsys):
    url, place = older
    run(["init", "--db", url])
    assert capsys.readouterr().err.startswith(f"upgraded; what it was before: {place}\n{NO_TEXT}")


def test_tables_in_another_schema_of_postgresql_are_backed_up_too(new_database, script, tmp_path):
    url = new_database()
    script(url, f"CREATE SCHEMA office; ALTER DATABASE {make_url(url).database} SET search_path = office")
    store = SqlStore(url)
    store.create()
    assert store.backup(tmp_path / "backup").size > 0
    store.close()
