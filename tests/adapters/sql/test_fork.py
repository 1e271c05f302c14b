"""A store in a forked process has connections of its own, and leaves those of its parent alone; pickled, it is opened
again."""

import multiprocessing
import os
import pickle
import threading
from datetime import UTC, date, datetime

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.adapters.sql import SqlStore
from guikou.engine import GuikouError, Organization, Supervision
from guikou.engine.errors import NotShared

DAY = date(2016, 1, 4)
NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)
BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip
#: Forking a process that has threads is warned of, and pytest's has some.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def clock():
    return NOW


@pytest.fixture
def store(new_url, policy):
    store = SqlStore(new_url(), clock=clock)
    store.create()
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    yield store
    store.close()


@pytest.fixture
def office(store, policy):
    office = Supervision(policy, store)
    office.register(Organization("A", "学校", "110105", FACTS), when=DAY)
    return office


def in_fork(what):
    """What a forked process gives back, or the code of its error; that process ends as any other would."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            try:
                said = str(what())
            except GuikouError as error:
                said = error.code
            os.write(writer, said.encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read().decode()
    os.waitpid(child, 0)
    return said


def apply(office, case="A"):
    return office.advance(case, "apply", by=BY, evidence={"application": "1"}, when=DAY).state


def test_a_forked_process_works_and_so_does_its_parent(office, store):
    assert in_fork(lambda: apply(office)) == "build.approving"
    assert office.get("A").state == "build.approving"
    assert in_fork(lambda: store.close() or office.get("A").state) == "build.approving"
    office.register(Organization("B", "学校", "110105", FACTS), when=DAY)
    assert len(list(store.happened(NOW, NOW))) == 3
    assert in_fork(lambda: len(list(store.happened(NOW, NOW)))) == "3"


def test_processes_of_multiprocessing_work(office, store):
    context = multiprocessing.get_context("fork")
    for at in range(6):
        office.register(Organization(f"S{at}", "学校", "110105", FACTS), when=DAY)
    with context.Pool(3, initializer=share, initargs=(office,)) as pool:
        assert pool.map(apply_shared, [f"S{at}" for at in range(6)]) == ["build.approving"] * 6
    assert len(office.cases(stage="build.approving")) == 6


SHARED = []


def share(office):
    SHARED.append(office)


def apply_shared(case):
    return apply(SHARED[0], case)


def test_a_transaction_of_the_parent_is_not_gone_on_with(office, store):
    with store.transaction() as work:
        before = work.case("A")

        def go_on():
            return work.case("A")

        def commit():
            work.commit()

        assert in_fork(go_on) == "forked"
        assert in_fork(commit) == "forked"
        assert work.case("A") == before
    assert apply(office) == "build.approving"


def test_leaving_a_transaction_of_the_parent_leaves_it_to_the_parent(office, store):
    with store.transaction() as work:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            assert work.case("A") is not None
    if not child:
        os._exit(0)
    assert apply(office) == "build.approving"


def test_a_listing_of_the_parent_is_not_gone_on_with(office, store):
    office.register(Organization("B", "学校", "110105", FACTS), when=DAY)
    rows = store.happened(NOW, NOW)
    next(rows)
    assert in_fork(lambda: next(rows)) == "forked"
    assert len(list(rows)) == 1


# --- pickled ---------------------------------------------------------------------------------------------------------


def test_a_store_is_pickled_by_its_address(office, store):
    again = pickle.loads(pickle.dumps(office))
    assert again.get("A").case == office.get("A").case
    assert again.store is not store
    assert again.today() == office.today()
    assert apply(again) == "build.approving"
    again.store.close()


def test_what_is_in_memory_is_not_pickled_and_not_written_in_a_fork(policy):
    for store in (MemoryStore(clock), SqlStore("sqlite://", clock=clock)):
        if isinstance(store, SqlStore):
            store.create()
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        office = Supervision(policy, store)
        with pytest.raises(NotShared):
            pickle.dumps(office)
        asked = Organization("A", "学校", "110105", FACTS)
        assert in_fork(lambda office=office, asked=asked: office.register(asked, when=DAY)) == "not-shared"
        office.register(asked, when=DAY)


def test_a_process_that_is_forked_while_another_thread_writes_writes_too(office, store):
    """A transaction is under way in another thread each time; the child does not find it locked for ever."""
    stop, begun = threading.Event(), threading.Event()

    def write():
        at = 0
        while not stop.is_set():
            at += 1
            with store.transaction() as work:
                work.case("A")
                begun.set()
            office.remark("A", f"no. {at}", by=BY, when=DAY)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for at in range(8):
            begun.clear()
            assert begun.wait(30)
            id = f"F{at}"
            asked = Organization(id, "学校", "110105", FACTS)
            assert in_fork(lambda asked=asked: office.register(asked, when=DAY).state) == "build.preparing"
            assert office.get(id).state == "build.preparing"
    finally:
        stop.set()
        writer.join()
