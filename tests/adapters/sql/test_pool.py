"""How many connections there are, and who has them: threads that come and go, and more of them than connections."""

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.pool import Pool
from guikou.engine import Organization, Query, Supervision
from guikou.engine.errors import NoConnection, StoreUnreachable, TransactionOpen

pytestmark = pytest.mark.usefixtures("told_on_time")

DAY = date(2016, 1, 4)
NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)
BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip


@pytest.fixture
def made(new_url, policy):
    """Makes a store with the policy active, by the options of SqlStore."""
    stores = []

    def make(**options):
        store = SqlStore(new_url(), clock=lambda: NOW, **options)
        stores.append(store)
        store.create()
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        return store

    yield make
    for store in stores:
        store.close()


def connections(store):
    """How many the server, or the process, has open to the database, but for the one that asks."""
    if store.dialect == "sqlite":
        return open_files(store)
    import psycopg

    with psycopg.connect(store.database.url.replace("+psycopg", ""), autocommit=True) as other:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return other.execute(asked).fetchone()[0]


def open_files(store):
    path = Path(store.database.url.removeprefix("sqlite:///"))
    files = Path("/proc/self/fd")
    if not files.exists():
        pytest.skip("this system doesn't list what a process has open")
    return sum(file.exists() and file.samefile(path) for file in files.iterdir())


def work(office, at, failed):
    """What a request of a web server does."""
    try:
        id = f"S{at}"
        office.register(Organization(id, "学校", "110105", FACTS), when=DAY)
        office.advance(id, "apply", by=BY, evidence={"application": "1"}, when=DAY)
        assert office.get(id).state == "build.approving"
        assert len(office.cases(text=id, limit=1, as_of=DAY)) == 1
        assert len(list(office.store.happened(NOW, NOW))) > 0
    except Exception as error:  # noqa: BLE001  every one is told by the test
        failed.append(error)


@pytest.mark.parametrize("threads", [120, 500])
def test_threads_one_after_another_leave_one_connection(threads, made, policy):
    store, failed = made(), []
    office = Supervision(policy, store)
    for at in range(threads):
        thread = threading.Thread(target=work if at % 10 == 0 else look, args=(office, at, failed))
        thread.start()
        thread.join()
    assert failed == []
    assert connections(store) <= 2  # and one that streams


def look(office, at, failed):
    try:
        office.cases(limit=1)
    except Exception as error:  # noqa: BLE001
        failed.append(error)


def test_more_threads_at_once_than_the_server_has_connections(made, policy):
    store, failed = made(connections=6), []
    office = Supervision(policy, store)
    threads = [threading.Thread(target=work, args=(office, at, failed)) for at in range(120)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert connections(store) <= 6 + 2
    assert len(store.cases(Query())) == 120
    store.close()
    assert connections(store) == 0


def test_who_gets_no_connection_in_time_is_told(made):
    store = made(connections=1, wait=0.02)
    told = []

    def ask():
        try:
            store.get("A")
        except NoConnection as error:
            told.append(error.line("en"))

    with store.transaction():
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert len(told) == 1
    assert "none of 1 connections" in told[0]
    assert store.get("A") is None


def test_a_thread_uses_one_connection_for_what_it_does_within(made):
    store = made(connections=1, wait=0.02)
    with store.transaction(), store.database.errors():
        assert store.get("A") is None
        assert store.policy_files() is not None
        with store.database.errors():
            assert store.events("A") == []
        store.get("B")


def test_a_transaction_in_a_transaction_is_refused(made):
    store = made()
    with store.transaction() as work:
        with pytest.raises(TransactionOpen), store.transaction():
            raise AssertionError
        assert work.case("A") is None


def test_a_listing_that_was_left_half_read_gives_its_connection_back(made, policy):
    store = made(connections=1, wait=0.02)
    for id in "ABC":  # a history is given once it is whole
        Supervision(policy, store).register(Organization(id, "学校", "110105", FACTS), when=DAY)
    for _ in range(3):
        rows = iter(store.happened(NOW, NOW))
        next(rows)
        del rows
    rows = store.happened(NOW, NOW)
    next(rows)
    with pytest.raises(NoConnection):
        next(store.happened(NOW, NOW))
    assert store.get("A") is not None  # what writes is not kept waiting by what reads
    assert len(list(rows)) == 2
    assert len(list(store.happened(NOW, NOW))) == 3


def test_a_database_in_memory_has_one_connection_for_all_threads(policy):
    store, failed = SqlStore("sqlite://"), []
    store.create()
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    office = Supervision(policy, store)
    threads = [threading.Thread(target=work, args=(office, at, failed)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    store.close()


# --- the pool itself -------------------------------------------------------------------------------------------------


@pytest.fixture
def pool(made):
    """A pool of two, on connections that are counted."""
    database, opened = made().database, []

    def connect():
        opened.append(1)
        return database._engine.connect()

    pool = Pool(connect, 2, 0.02)
    pool.opened = opened
    yield pool
    pool.close()


def test_what_was_given_back_last_is_handed_out_first(pool):
    one, two = pool.take(), pool.take()
    pool.give(one)
    pool.give(two)
    assert pool.take() is two
    assert pool.take() is one
    assert len(pool.opened) == 2
    pool.give(one)
    pool.give(two)


def test_those_who_wait_are_served_in_line(pool):
    pool._wait = 10
    links, served, started = [pool.take(), pool.take()], [], []

    def ask(name):
        started.append(name)
        link = pool.take()
        served.append(name)
        pool.give(link)

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(5)]
    for at, thread in enumerate(threads):
        thread.start()
        while len(pool._waiting) <= at:
            pass
    pool.give(links[0])
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4]
    pool.give(links[1])
    assert len(pool.opened) == 2


def test_a_connection_that_cannot_be_made_leaves_its_room(pool, monkeypatch):
    def refused():
        raise StoreUnreachable(reason="no")

    with monkeypatch.context() as patch:
        patch.setattr(pool, "_connect", refused)
        for _ in range(3):
            with pytest.raises(StoreUnreachable):
                pool.take()
    one, two = pool.take(), pool.take()
    pool.give(one)
    pool.give(two)


def test_what_was_left_in_a_transaction_is_not_handed_out_again(pool):
    link = pool.take()
    link.driver.cursor().execute("BEGIN")
    pool.give(link)
    again = pool.take()
    assert again is not link
    assert not again.unfinished
    pool.give(again)


def test_what_nobody_used_for_long_is_closed(pool, monkeypatch):
    monkeypatch.setattr("guikou.adapters.sql.pool.IDLE", -1)
    one, two = pool.take(), pool.take()
    pool.give(one)
    pool.give(two)
    assert one.connection.closed


def test_a_closed_pool_closes_what_comes_back(pool):
    link = pool.take()
    pool.close()
    pool.give(link)
    assert link.connection.closed
