"""A server that was restarted, or that ends a connection: what is told, and that the next call works."""

import gc
import threading
from datetime import UTC, date, datetime

import psycopg
import pytest
from sqlalchemy import func, select

from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import ConnectionLost, OutcomeUnknown, StoreError, StoreUnreachable

from ...servers import Server

DAY = date(2016, 1, 4)
NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)
BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip
EVIDENCE = {"application": "1"}


@pytest.fixture(scope="module")
def server(postgres_server):
    server = Server(postgres_server)
    server.let_in(12)
    yield server
    server.let_in(None)


@pytest.fixture
def url(new_database, server):
    return new_database()


@pytest.fixture
def store(url, policy):
    store = SqlStore(url, clock=lambda: NOW, busy_timeout=1, wait=5)
    store.create()
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    yield store
    store.close()


@pytest.fixture
def office(policy, store):
    office = Supervision(policy, store)
    office.register(Organization("A", "学校", "110105", FACTS), when=DAY)
    return office


def apply(office, **more):
    return office.advance("A", "apply", by=BY, evidence=EVIDENCE, when=DAY, **more)


@pytest.mark.parametrize("how", ["restart", "end_all"])
def test_a_server_that_was_restarted_while_nothing_was_asked_is_not_noticed(server, office, store, how):
    getattr(server, how)()
    assert apply(office).state == "build.approving"
    getattr(server, how)()
    assert office.get("A").state == "build.approving"
    getattr(server, how)()
    assert len(office.cases(as_of=DAY)) == 1
    getattr(server, how)()
    assert len(list(store.happened(NOW, NOW))) == 2


def test_every_thread_goes_on_after_a_restart(server, office, store):
    failed, both = [], threading.Barrier(4)

    def ask():
        try:
            for _ in range(2):
                with store.database.errors():
                    store.get("A")
                    both.wait(20)  # so each has a connection of its own
                both.wait(20)
        except StoreError as error:
            failed.append(error)

    def round_():
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    round_()
    server.restart()
    round_()
    assert failed == []


def test_a_server_that_is_down_is_told_and_the_next_call_works(server, office):
    server.stop()
    try:
        for _ in range(2):
            with pytest.raises(StoreUnreachable):
                office.get("A")
            with pytest.raises(StoreUnreachable):
                apply(office)
    finally:
        server.start()
    assert apply(office).state == "build.approving"


@pytest.mark.parametrize("how", ["restart", "end_all"])
def test_a_connection_that_is_lost_in_a_transaction_is_told_and_nothing_is_kept(server, office, store, how):
    before = store.get("A")

    def begin():
        with store.transaction() as work:
            assert work.case("A") == before
            getattr(server, how)()
            work.members("A")

    with pytest.raises(ConnectionLost) as lost:
        begin()
    assert "nothing was changed; try again" in lost.value.line("en")
    assert store.get("A") == before
    assert apply(office).state == "build.approving"


def test_a_connection_that_is_lost_between_statements_that_write(server, office, store):
    apply(office)
    case, event = store.get("A"), store.events("A")[-1]

    def begin():
        with store.transaction() as work:
            assert work.case("A") == case
            server.end_all()
            work.append(case, case, [event], wake=None)

    with pytest.raises(ConnectionLost):
        begin()
    assert office.get("A").case.revision == 2


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # SQLAlchemy leaves the cursor of a lost connection open
def test_a_connection_that_is_lost_while_rows_are_read(server, store):
    rows = store.database.stream(select(func.generate_series(1, 5000)))
    next(rows)
    server.end_all()
    with pytest.raises(ConnectionLost):
        list(rows)
    assert len(list(store.database.stream(select(func.generate_series(1, 5000))))) == 5000
    del rows
    gc.collect()


# --- while it is committed -------------------------------------------------------------------------------------------


class Lost:
    """A cursor whose connection is lost when COMMIT is sent: before the server has seen it, or after."""

    def __init__(self, cursor, server, kept):
        self._cursor, self._server, self._kept = cursor, server, kept

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def execute(self, text, *rest):
        if text == "COMMIT":
            if self._kept:
                self._cursor.execute(text)
            self._server.end_all()
            text = "SELECT 1"
        return self._cursor.execute(text, *rest)


@pytest.fixture
def losing(server, store, monkeypatch):
    """Has the connection lost at the next commit."""
    begun = store.database._begun

    def lose(kept):
        def once(use):
            monkeypatch.setattr(store.database, "_begun", begun)
            link, cursor = begun(use)
            return link, Lost(cursor, server, kept)

        monkeypatch.setattr(store.database, "_begun", once)

    return lose


@pytest.mark.parametrize("kept", [True, False])
def test_a_commit_of_which_nobody_knows_is_told_as_such(office, store, losing, kept):
    losing(kept)
    with pytest.raises(OutcomeUnknown) as unknown:
        apply(office)
    assert "request id" in unknown.value.line("en")
    assert len(store.events("A")) == (2 if kept else 1)


def test_with_a_request_id_what_was_kept_is_found(office, store, losing):
    losing(True)
    assert apply(office, request_id="r1").state == "build.approving"
    assert len(store.events("A")) == 2


def test_with_a_request_id_one_may_ask_again(office, store, losing):
    losing(False)
    with pytest.raises(OutcomeUnknown):
        apply(office, request_id="r1")
    assert len(store.events("A")) == 1
    assert apply(office, request_id="r1").state == "build.approving"
    assert apply(office, request_id="r1").state == "build.approving"
    assert len(store.events("A")) == 2


def test_an_unknown_outcome_stays_one_while_the_server_is_down(office, store, losing, monkeypatch):
    losing(False)

    def refused(*_):
        raise StoreUnreachable(reason="down")

    monkeypatch.setattr(Lost, "execute", down(Lost.execute, store, monkeypatch, refused))
    with pytest.raises(OutcomeUnknown):
        apply(office, request_id="r1")


def down(execute, store, monkeypatch, refused):
    def then(self, text, *rest):
        if text == "COMMIT":
            monkeypatch.setattr(store.database._pool, "_connect", refused)
        return execute(self, text, *rest)

    return then


# --- a server that has none left -------------------------------------------------------------------------------------


def test_more_threads_than_the_server_lets_in(url, policy, store):
    """What one process may have is more than the server has: they share those that they got."""
    greedy = SqlStore(url, clock=lambda: NOW, busy_timeout=20, connections=100)
    office, failed = Supervision(policy, greedy), []

    def work(at):
        try:
            office.register(Organization(f"S{at}", "学校", "110105", FACTS), when=DAY)
            office.cases(text=f"S{at}", as_of=DAY)
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(at,)) for at in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(greedy.counts().values()) == 60
    greedy.close()


def test_a_server_without_room_is_told(server):
    others = []
    try:
        others += [psycopg.connect(server.url) for _ in range(12)]
        with pytest.raises(StoreUnreachable) as refused:
            SqlStore(server.url, wait=0.1)
        assert "connection" in refused.value.line("en")
    finally:
        for one in others:
            one.close()
