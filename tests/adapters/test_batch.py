"""Commands in one transaction, each with its own answer: in memory, on SQLite and on PostgreSQL."""

import asyncio
import os
import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from guikou.adapters.sharing import Sharing
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Query, Supervision, fold
from guikou.engine.errors import (
    AlreadyOpen,
    BadArgument,
    Damaged,
    EvidenceMissing,
    NotRun,
    OutcomeUnknown,
    RequestReused,
    SharingEnded,
    StoreFailed,
    UnknownCase,
)
from guikou.engine.supervision.store import NeededFirst

pytestmark = pytest.mark.usefixtures("told_on_time")

BY, DAY = "chaoyang-education", date(2016, 1, 4)
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
APPLY = {"by": BY, "evidence": {"application": "1"}, "when": DAY}


def school(id):
    return Organization(id, f"学校{id}", "110105", FACTS)


def with_schools(policy, store):
    office = Supervision(policy, store)
    for id in "BCA":
        office.register(school(id), when=DAY)
    return office


@pytest.fixture
def office(policy, store):
    return with_schools(policy, store)


@pytest.fixture
def sql_office(policy, sql_store):
    return with_schools(policy, sql_store)


def holds(office):
    """Every case is the fold of its events."""
    for case in office.store.cases(Query()):
        assert fold(office.store.events(case.id)) == case


def test_each_has_its_own_answer_and_a_refusal_changes_nothing_of_the_others(office):
    with office.batch() as batch:
        first = batch.add(office.advance, "C", "apply", **APPLY, request_id="r1")
        refused = batch.add(office.advance, "B", "apply", by=BY, when=DAY, request_id="r2")
        nobody = batch.add(office.report, "X", {"employees": 3}, when=DAY)
        new = batch.add(office.register, school("D"), when=DAY)
        again = batch.add(office.register, school("A"), when=DAY)
        on = batch.add(office.advance, "D", "apply", **APPLY)
        same = batch.add(office.advance, "C", "apply", **APPLY, request_id="r1")
        other = batch.add(office.advance, "A", "apply", **APPLY, request_id="r1")
        assert len(batch) == 8
    assert [one.answer().case.state for one in (first, new, on, same)] == [
        "build.approving", "build.preparing", "build.approving", "build.approving",
    ]  # fmt: skip
    for one, error in (
        (refused, EvidenceMissing), (nobody, UnknownCase), (again, AlreadyOpen), (other, RequestReused),
    ):  # fmt: skip
        assert isinstance(one.refused, error)
        with pytest.raises(error):
            one.answer()
    assert {id: office.get(id).case.revision for id in "ABCD"} == {"A": 1, "B": 1, "C": 2, "D": 2}
    # What was refused may be asked again, what was carried out is answered as it was.
    assert office.advance("B", "apply", **APPLY, request_id="r2").case.revision == 2
    assert office.advance("C", "apply", **APPLY, request_id="r1").case.revision == 2
    holds(office)


def test_a_batch_comes_to_what_its_commands_come_to_one_by_one(policy, new_store):
    together, alone = (Supervision(policy, new_store("sqlite")) for _ in range(2))
    told = [
        ("register", (school("A"),), {"when": DAY}),
        ("register", (school("B"),), {"when": DAY}),
        ("advance", ("A", "apply"), APPLY),
        ("report", ("B", {"employees": 7}), {"when": DAY}),
        ("advance", ("A", "establish"), {"by": BY, "evidence": {"approval_document": "2"}, "when": DAY}),
        ("rename", ("B", "Z"), {"reason": "换证", "when": DAY}),
        ("remark", ("Z", "已换证"), {"by": BY, "when": DAY}),
        ("same", ("A", "Z"), {"reason": "同一单位", "when": DAY}),
    ]
    with together.batch() as batch:
        for name, given, named in told:
            batch.add(getattr(together, name), *given, **named)
    for name, given, named in told:
        getattr(alone, name)(*given, **named)

    def said(office):
        """All but what hangs on salts, which no two stores share."""
        every = [one for id in "AB" for one in office.store.events(id)]
        return (
            [(one.case, one.seq, one.kind, one.at, one.evidence, one.reason, one.changes.keys()) for one in every],
            [replace(case, head="") for case in office.store.cases(Query())],
        )

    assert said(together) == said(alone)
    holds(together)


def test_nothing_is_kept_where_the_caller_or_the_store_breaks_it_off(office, monkeypatch):
    def break_off():
        with office.batch() as batch:
            batch.add(office.advance, "A", "apply", **APPLY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    batch = office.batch()
    never = batch.add(office.advance, "A", "apply", **APPLY)
    unit = office.store.together([])
    with unit as whole:
        kind = type(whole)
    monkeypatch.setattr(kind, "commit", lambda self: (_ for _ in ()).throw(OutcomeUnknown(reason="x")))
    with pytest.raises(OutcomeUnknown):
        batch.run()
    assert isinstance(never.refused, OutcomeUnknown)
    assert office.get("A").case.revision == 1
    assert len(office.store.events("A")) == 1
    monkeypatch.undo()
    assert office.advance("A", "apply", **APPLY).case.revision == 2
    holds(office)


def test_a_case_that_was_damaged_is_refused_by_name_and_the_others_go_on(sql_office):
    with sql_office.store.database.whole() as connection:
        connection.execute(text("UPDATE cases SET state = 'nowhere' WHERE id = 'B'"))
    with sql_office.batch() as batch:
        told = [batch.add(sql_office.advance, id, "apply", **APPLY) for id in "ABC"]
    assert [type(one.refused) for one in told] == [type(None), Damaged, type(None)]


def test_what_only_turns_out_to_come_first_is_held_from_the_beginning(sql_office):
    sql_office.rename("A", "Y", reason="换证", when=DAY)
    with sql_office.batch() as batch:
        told = [batch.add(sql_office.report, id, {"employees": 9}, when=DAY) for id in ("B", "Y", "C")]
    assert [one.answer().case.id for one in told] == ["B", "A", "C"]
    with sql_office.store.together(["B"]) as unit, unit.store.transaction() as work:
        if unit.store.dialect == "postgresql":
            with pytest.raises(NeededFirst) as more:
                work.case("A")
            assert more.value.ids == {"A"}
        assert work.case("C") is not None
    holds(sql_office)


def test_batches_that_name_the_same_cases_in_other_orders_take_turns(sql_office, policy):
    ids = [f"S{n:02}" for n in range(12)]
    for id in ids:
        sql_office.register(school(id), when=DAY)
    failed, start = [], threading.Barrier(4)

    def change(number):
        store = SqlStore(sql_office.store.url, clock=sql_office.store.now, busy_timeout=30)
        own = Supervision(policy, store)
        start.wait()
        for turn in range(3):
            batch = own.batch()
            order = ids if number % 2 else ids[::-1]
            told = [batch.add(own.report, id, {"employees": 100 * number + turn}, when=DAY) for id in order]
            batch.run()
            failed.extend(one.refused for one in told if one.refused is not None)
        store.close()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {sql_office.get(id).case.revision for id in ids} == {1 + 4 * 3}
    holds(sql_office)


def test_callers_of_one_process_share_transactions(sql_office):
    ids = [f"S{n:03}" for n in range(80)]
    kept, store = [], sql_office.store
    whole = store.together

    def counted(cases):
        kept.append(len(cases))
        return whole(cases)

    store.together = counted
    with Sharing(sql_office, most=50) as shared:
        futures = [shared.submit(sql_office.register, school(id), when=DAY) for id in ids]
        assert [one.result().case.id for one in futures] == ids
        assert len(kept) < len(ids)
        refused = shared.submit(sql_office.advance, "S000", "apply", by=BY, when=DAY)
        wrong = shared.submit(sql_office.sweep)
        assert isinstance(refused.exception(), EvidenceMissing)
        assert wrong.exception().code == "bad-argument"
        assert shared.do(sql_office.advance, "S000", "apply", **APPLY).case.revision == 2

        async def ask():
            return await asyncio.gather(*(shared.ask(sql_office.report, id, {"employees": 9}, when=DAY) for id in ids))

        assert [one.case.facts["employees"] for one in asyncio.run(ask())] == [9] * len(ids)
    with pytest.raises(SharingEnded):
        shared.submit(sql_office.report, "S000", {"employees": 1}, when=DAY)
    holds(sql_office)


def test_a_fault_of_one_is_no_others(sql_office, monkeypatch):
    real = Supervision.remark

    def broken(self, case, text, **telling):
        if text == "broken":
            raise ZeroDivisionError
        return real(self, case, text, **telling)

    broken.__name__ = "remark"
    monkeypatch.setattr(Supervision, "remark", broken)
    with Sharing(sql_office) as shared:
        told = [shared.submit(sql_office.remark, "A", word, by=BY, when=DAY) for word in ("one", "broken", "two")]
        assert isinstance(told[1].exception(), ZeroDivisionError)
        assert [one.result().case.revision for one in (told[0], told[2])] == [2, 3]


def test_many_are_registered_and_reported_each_with_its_own_answer(office):
    told = office.register_many((school(id) for id in ("D", "A", "E")), together=2, when=DAY, request_id="r")
    assert [type(one.refused) for one in told] == [type(None), AlreadyOpen, type(None)]
    again = office.register_many([school("D"), school("E")], when=DAY, request_id="r")
    assert [one.answer().case.revision for one in again] == [1, 1]
    told = office.report_many([("D", {"employees": 9}), ("X", {}), ("E", {"employees": "many"})], when=DAY)
    assert [one.refused.code if one.refused else None for one in told] == [None, "unknown-case", "bad-fact"]
    assert office.get("D").case.facts["employees"] == 9
    for wrong in (5, "A", None, ["A"], [None]):
        for command in (office.register_many, office.report_many):
            with pytest.raises(BadArgument):
                command(wrong, when=DAY)


def test_a_dry_run_says_what_would_come_out_and_keeps_nothing(office):
    batch = office.batch()
    told = [batch.add(office.advance, id, "apply", **APPLY) for id in ("A", "X", "A")]
    batch.run(dry_run=True)
    assert told[0].answer().case.state == "build.approving"
    assert [one.refused.code for one in told[1:]] == ["unknown-case", "not-from-here"]
    assert office.get("A").case.revision == 1
    holds(office)


# --- what must not happen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["A\0", "A\ud800", "x\0y"])
def test_a_text_that_nothing_can_keep_is_one_commands_own(sql_office, bad):
    def commands(add):
        return [
            add(sql_office.report, "B", {"employees": 9}, when=DAY),
            add(sql_office.report, bad, {"employees": 9}, when=DAY),
            add(sql_office.remark, "A", bad, by=BY, when=DAY),
            add(sql_office.report, "C", {"employees": 9}, when=DAY),
        ]

    with sql_office.batch() as batch:
        told = commands(batch.add)
    assert [one.refused is None for one in told] == [True, False, False, True]
    with Sharing(sql_office) as shared:
        assert [one.exception() is None for one in commands(shared.submit)] == [True, False, False, True]


def test_a_row_that_cannot_be_read_is_one_commands_own(sql_office):
    if sql_office.store.dialect != "sqlite":
        pytest.skip("PostgreSQL keeps no such text")
    with sql_office.store.database.whole() as connection:
        connection.execute(text("UPDATE cases SET state = CAST(x'ff' AS TEXT) WHERE id = 'B'"))
    with sql_office.batch() as batch:
        told = [batch.add(sql_office.report, id, {"employees": 9}, when=DAY) for id in "ABC"]
    assert [one.refused is None for one in told] == [True, False, True]


def test_batches_that_open_the_same_cases_in_other_orders_take_turns(sql_office, policy):
    ids = [f"N{n:02}" for n in range(20)]
    start, failed = threading.Barrier(2), []

    def open_all(order):
        store = SqlStore(sql_office.store.url, clock=sql_office.store.now, busy_timeout=30)
        own = Supervision(policy, store)
        start.wait()
        told = own.register_many([school(id) for id in order], together=len(ids), when=DAY)
        failed.append([type(one.refused) for one in told if one.refused is not None])
        store.close()

    threads = [threading.Thread(target=open_all, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(failed, key=len) == [[], [AlreadyOpen] * len(ids)]


def test_a_store_that_fails_for_one_fails_for_all(sql_office, monkeypatch):
    real = Supervision.report

    def failing(self, case, facts, **telling):
        if case == "B":
            raise StoreFailed(reason="full")
        return real(self, case, facts, **telling)

    failing.__name__ = "report"
    monkeypatch.setattr(Supervision, "report", failing)
    batch = sql_office.batch()
    told = [batch.add(sql_office.report, id, {"employees": 9}, when=DAY) for id in "ABC"]
    with pytest.raises(StoreFailed):
        batch.run()
    assert [type(one.refused) for one in told] == [StoreFailed] * 3
    assert {sql_office.get(id).case.revision for id in "ABC"} == {1}
    with Sharing(sql_office) as shared:  # of whom only the one is told so
        told = [shared.submit(sql_office.report, id, {"employees": 9}, when=DAY) for id in "ABC"]
        assert [type(one.exception()) for one in told] == [type(None), StoreFailed, type(None)]


def test_what_was_let_go_is_not_taken_for_held(sql_office):
    with sql_office.store.together(["B"]) as unit:
        with unit.store.transaction() as work:
            assert work.case("C") is not None
        assert unit.held == {"B"}
        with unit.store.transaction() as work:
            assert work.case("C") is not None
            work.commit()
        assert unit.held == {"B", "C"}


def test_all_that_comes_first_is_learnt_at_once(sql_office):
    for number, id in enumerate("ABC"):
        sql_office.rename(id, f"Y{number}", reason="换证", when=DAY)
    begun, whole = [], sql_office.store.together

    def counted(cases):
        begun.append(set(cases))
        return whole(cases)

    sql_office.store.together = counted
    told = sql_office.report_many([(f"Y{n}", {"employees": 9}) for n in (2, 1, 0)], when=DAY)
    assert all(one.refused is None for one in told)
    assert len(begun) <= 4


def test_an_answer_is_none_where_the_batch_was_broken_off(office, monkeypatch):
    def interrupted(self, case, text, **telling):
        raise KeyboardInterrupt

    interrupted.__name__ = "remark"
    monkeypatch.setattr(Supervision, "remark", interrupted)
    batch = office.batch()
    first = batch.add(office.report, "A", {"employees": 8}, when=DAY)
    batch.add(office.remark, "A", "x", by=BY, when=DAY)
    with pytest.raises(KeyboardInterrupt):
        batch.run()
    with pytest.raises(NotRun):
        first.answer()
    assert office.get("A").case.facts["employees"] == 42


def test_nothing_is_done_of_many_where_one_is_none(office):
    with pytest.raises(BadArgument):
        office.register_many([school("D"), school("E"), 5], together=1, when=DAY)
    assert office.store.get("D") is None


def test_nobody_waits_for_ever(sql_office):
    shared = Sharing(sql_office)
    later = shared.submit(sql_office.report, "A", {"employees": 9}, when=DAY)
    later.result()
    pid = os.fork()
    if pid == 0:  # there, no thread carries anything out
        try:
            shared.submit(sql_office.report, "B", {"employees": 9}, when=DAY)
        except SharingEnded:
            shared.close()
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    shared.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_ends_its_thread_ends_all_that_wait(sql_office):
    shared = Sharing(sql_office, most=1)
    held, go = threading.Event(), threading.Event()

    def end(_):
        held.set()
        go.wait()
        raise KeyboardInterrupt

    first = shared.submit(sql_office.report, "A", {"employees": 9}, when=DAY)
    first.add_done_callback(end)
    if first.done() and not held.is_set():
        pytest.skip("it was done before anybody could be told")
    held.wait()
    second = shared.submit(sql_office.report, "B", {"employees": 9}, when=DAY)
    go.set()
    assert isinstance(second.exception(), SharingEnded)
    with pytest.raises(SharingEnded):
        shared.submit(sql_office.report, "C", {"employees": 9}, when=DAY)
    shared.close()
