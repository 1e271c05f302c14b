"""A driver's errors are told by their codes, whatever language their words are in."""

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.connection import Database
from guikou.engine import Organization, Query, Supervision
from guikou.engine.errors import (
    AlreadyOpen,
    CaseChanged,
    NotInitialized,
    NotKept,
    RequestReused,
    StoreBusy,
    StoreContended,
    StoreFailed,
    StoreUnreachable,
)
from guikou.engine.supervision.store import Request

DAY = date(2016, 1, 4)
NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)
BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip


def by_sqlite(code, words, kind=sqlite3.OperationalError):
    error = kind(words)
    error.sqlite_errorcode = code
    return error


class Violated(psycopg.errors.UniqueViolation):
    """As PostgreSQL says it, with the name of the constraint."""

    def __init__(self, words, name):
        super().__init__(words)
        self.name = name

    @property
    def diag(self):
        return type("Diagnostic", (), {"constraint_name": self.name})


#: What a server says that lets nobody in.
FULL = "connection failed: FATAL:  could not write init file: No space left on device"


class Refusing:
    """In a statement's place."""

    def __init__(self, error):
        self.error = error

    def run(self, cursor, values):
        raise self.error


@pytest.fixture
def database(kind, new_store):
    return new_store(kind).database


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (psycopg.errors.LockNotAvailable("错误: 由于锁超时,取消语句操作"), StoreBusy),
        (psycopg.errors.DeadlockDetected("错误: 检测到死锁"), StoreContended),
        (psycopg.errors.SerializationFailure("错误: 由于同步更新而无法串行访问"), StoreContended),
        (psycopg.errors.UndefinedTable('错误: 关系 "cases" 不存在'), NotInitialized),
        (Violated("错误: 重复键违反唯一约束", "cases_pkey"), CaseChanged),
        (psycopg.errors.RaiseException("events are never changed"), StoreFailed),
        (psycopg.errors.UndefinedColumn('错误: 字段 "locked" 不存在'), StoreFailed),
        (psycopg.errors.DivisionByZero("busy"), StoreFailed),
        (psycopg.OperationalError("the server is locked"), StoreUnreachable),
        (psycopg.OperationalError(FULL), StoreFailed),
        (by_sqlite(sqlite3.SQLITE_BUSY, "数据库已锁定"), StoreBusy),
        (by_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT, "数据库已锁定"), StoreBusy),
        (by_sqlite(sqlite3.SQLITE_LOCKED, "la table est verrouillée"), StoreBusy),
        (by_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE, "唯一约束失败", sqlite3.IntegrityError), CaseChanged),
        (by_sqlite(sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, "唯一约束失败", sqlite3.IntegrityError), CaseChanged),
        (by_sqlite(sqlite3.SQLITE_CONSTRAINT_TRIGGER, "UNIQUE", sqlite3.IntegrityError), StoreFailed),
        (by_sqlite(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, "外键约束失败", sqlite3.IntegrityError), StoreFailed),
        (by_sqlite(sqlite3.SQLITE_CANTOPEN, "unable to open: no such table"), StoreUnreachable),
        (by_sqlite(sqlite3.SQLITE_ERROR, "no such table: locked"), StoreFailed),  # all tables are there
        (by_sqlite(sqlite3.SQLITE_TOOBIG, "string or blob too big", sqlite3.DataError), NotKept),
        (psycopg.errors.NumericValueOutOfRange("整数超出范围"), NotKept),
        (psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), NotKept),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), StoreFailed),
    ],
)  # fmt: skip
def test_an_error_is_told_by_its_code(error, told, new_store):
    assert type(new_store("sqlite").database.translated(error)) is told


def test_what_the_database_said_is_shown(database):
    found = database.translated(psycopg.errors.DiskFull("错误: 无法扩展文件\n提示: 检查磁盘空间"))
    assert "错误: 无法扩展文件" in found.line("en")
    assert "提示" not in found.line("en")
    assert "the server's disk is full" in found.line("en")
    assert "磁盘空间已满（SQLSTATE 53100）" in found.line("zh")
    found = database.translated(psycopg.OperationalError(FULL))
    assert "the server's disk is full: connection failed" in found.line("en")
    assert "磁盘空间已满" in found.line("zh")
    assert "OperationalError" in database.translated(psycopg.OperationalError("")).line("en")


# --- a table that is missing -----------------------------------------------------------------------------------------


def test_an_empty_database_is_not_initialized(kind, new_url):
    store = SqlStore(new_url())
    for ask in (lambda: store.cases(Query()), lambda: store.get("A"), lambda: store.events("A"), store.outbox):
        with pytest.raises(NotInitialized):
            ask()
    with pytest.raises(NotInitialized), store.transaction() as work:
        work.answered("r")
    store.close()


def test_sqlite_is_looked_at_where_its_code_leaves_it_open(tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}", busy_timeout=1, synchronous="OFF")
    assert isinstance(empty.translated(by_sqlite(sqlite3.SQLITE_ERROR, "没有这个表")), NotInitialized)
    empty.close()


def test_what_is_wrong_in_a_statement_is_not_a_missing_table(database):
    with pytest.raises(StoreFailed), database.errors():
        database.connection().exec_driver_sql("SELECT no_such_column FROM cases")


# --- a key that is taken ---------------------------------------------------------------------------------------------


@pytest.fixture
def store(kind, new_store):
    return new_store(kind)


@pytest.fixture
def office(policy, store):
    office = Supervision(policy, store)
    office.register(Organization("A", "学校", "110105", FACTS), when=DAY, request_id="r1")
    return office


def moved(store, request_id, seq=2):
    """A case before and after an event, which nobody has worked out."""
    case = store.get("A")
    event = replace(store.events("A")[0], seq=seq, previous=case.head, hash="x", request_id=request_id)
    return case, replace(case, revision=2, head="x"), [event]


def test_a_request_that_another_case_was_opened_with_meanwhile(office, store):
    before, after, events = moved(store, "r1")
    with pytest.raises(RequestReused) as refused, store.transaction() as work:
        work.append(before, after, events, wake=None)
    assert "r1" in refused.value.line("en")


def test_an_event_that_is_there_already(office, store):
    before, after, events = moved(store, "r2", seq=1)
    with pytest.raises(CaseChanged) as refused, store.transaction() as work:
        work.append(before, after, events, wake=None)
    assert "'A'" in refused.value.line("en")


def test_an_event_that_is_there_already_after_one_of_the_same_request(office, store):
    before, after, (event,) = moved(store, "r2")
    with pytest.raises(CaseChanged), store.transaction() as work:
        work.append(before, after, [event, event], wake=None)


def test_a_case_that_is_there_already(office, store):
    case = store.get("A")
    with pytest.raises(AlreadyOpen), store.transaction() as work:
        work.append(None, case, [], wake=None)
    with pytest.raises(AlreadyOpen), store.transaction() as work:
        work.append(None, replace(case, organization="B"), [], wake=None)


def unique(store, name):
    if store.dialect == "postgresql":
        return Violated("错误: 重复键违反唯一约束", name)
    return by_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE, "唯一约束失败", sqlite3.IntegrityError)


@pytest.mark.parametrize(
    ("constraint", "request_id", "told"),
    [("uq_events_request", "r1", RequestReused), ("events_pkey", "r2", CaseChanged)],
)
def test_which_key_was_taken_is_seen_without_words(office, store, monkeypatch, constraint, request_id, told):
    before, after, events = moved(store, request_id)
    monkeypatch.setattr(store.statements, "insert_event", Refusing(unique(store, constraint)))
    with pytest.raises(told), store.transaction() as work:
        work.append(before, after, events, wake=None)


def test_a_request_that_was_remembered_meanwhile_is_seen_without_words(office, store, monkeypatch):
    monkeypatch.setattr(store.statements, "insert_request", Refusing(unique(store, "requests_pkey")))
    with pytest.raises(RequestReused) as refused, store.transaction() as work:
        work.remember(Request("r9", "advance", "{}", 1, NOW), [])
    assert "r9" in refused.value.line("en")


# --- the real ones ---------------------------------------------------------------------------------------------------


def test_history_that_is_never_changed_is_said_as_before(office, store):
    for command in ("UPDATE events SET kind = 'x'", "DELETE FROM events"):
        with pytest.raises(StoreFailed, match="events are never changed"), store.database.errors():
            store.database.connection().exec_driver_sql(command)


def test_a_deadlock_is_a_busy_database(policy, new_database):
    store = SqlStore(new_database(), busy_timeout=20)
    store.create()
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    office = Supervision(policy, store)
    for id in "AB":
        office.register(Organization(id, "学校", "110105", FACTS), when=DAY)
    both, found = threading.Barrier(2), []

    def work(first, second):
        try:
            with store.transaction() as work:
                work.case(first)
                both.wait(10)
                work.case(second)
            found.append("done")
        except StoreBusy:
            found.append("busy")

    threads = [threading.Thread(target=work, args=one) for one in ("AB", "BA")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["busy", "done"]
    store.close()


def test_what_cannot_be_put_in_a_row_is_a_busy_database(policy, new_store):
    store = new_store("postgresql")
    Supervision(policy, store).register(Organization("A", "学校", "110105", FACTS), when=DAY)
    with psycopg.connect(store.url) as one:
        one.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        one.execute("SELECT 1 FROM cases")
        store.database.connection().exec_driver_sql("UPDATE cases SET weight = 2")
        with pytest.raises(psycopg.errors.SerializationFailure) as refused:
            one.execute("UPDATE cases SET weight = 1")
    assert isinstance(store.database.translated(refused.value), StoreBusy)


def test_an_option_that_no_server_knows_is_an_address_that_can_not_be_reached():
    with pytest.raises(StoreUnreachable) as error:
        SqlStore("postgresql:///x?nonsense=1").policy_files()
    assert "nonsense" in error.value.line("en")
    assert "ProgrammingError" not in error.value.line("zh")


def test_no_password_is_shown_of_a_database_that_was_not_initialised(new_database, capsys):
    from sqlalchemy import make_url

    from guikou.adapters.cli.program import run

    url = make_url(new_database()).set(password="secret-word").render_as_string(hide_password=False)
    assert run(["list", "--db", url]) == 1
    told = capsys.readouterr()
    assert "[not-initialized]" in told.err
    assert "secret-word" not in told.err + told.out


def test_a_full_disk_is_named_and_nothing_is_half_kept(policy, new_store, told_on_time):
    store = new_store("sqlite")
    office = Supervision(policy, store)
    with store.database.errors():
        connection = store.database.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        def fill():
            for number in range(1000):
                office.register(Organization(f"{number}", "学校", "110105", FACTS), when=DAY)

        with pytest.raises(StoreFailed, match="full") as refused:
            fill()
        assert "磁盘空间已满" in refused.value.line("zh")
        kept = len(store.cases(Query()))
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages * 100}")
        office.register(Organization("B", "学校", "110105", FACTS), when=DAY)
    assert [*store.differences()] == []
    assert len(store.cases(Query())) == kept + 1
