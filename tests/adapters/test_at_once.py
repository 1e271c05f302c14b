"""Several at the same cases at once, on both databases: nothing that was told is lost, and nobody is refused for what the
other did in between."""

import random
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guikou.adapters.keys import verified
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision
from guikou.engine.cases.fold import fold
from guikou.engine.errors import GuikouError, OutcomeUnknown, StoreContended
from guikou.engine.supervision.query import Query
from guikou.engine.text import Title

BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False,
}  # fmt: skip
SCHOOL = Organization("S", "启明学校", "110105", FACTS)
JOINT = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
START = datetime(2016, 1, 4, 4, tzinfo=UTC)


@pytest.fixture
def office(policy, sql_store):
    """With a clock that moves, and the patience of the command line."""
    ticks = iter(range(10**9))
    store = SqlStore(sql_store.url, clock=lambda: START + timedelta(seconds=next(ticks)), busy_timeout=20)
    yield Supervision(policy, store)
    store.close()


def at_once(*works):
    """What each of some works came to, all begun together."""
    start, came = threading.Barrier(len(works)), [None] * len(works)

    def run(at):
        start.wait()
        try:
            came[at] = works[at]()
        except GuikouError as error:
            came[at] = error

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return came


def equals_its_events(office, id):
    case = office.store.get(id)
    return case == fold(office.history(id)) and [one.seq for one in office.history(id)] == list(
        range(1, case.revision + 1)
    )


def slow_before_commit(office, monkeypatch, meanwhile):
    """The first transaction waits before it is committed, until `meanwhile`; gives what says that it waits."""
    begun, kept = threading.Event(), office.store.transaction

    @contextmanager
    def transaction():
        with kept() as unit:
            commit = unit.commit

            def slowly():
                if not begun.is_set():
                    begun.set()
                    meanwhile.wait(1)
                commit()

            unit.commit = slowly
            yield unit

    monkeypatch.setattr(office.store, "transaction", transaction)
    return begun


def test_of_two_facts_reported_at_once_none_is_lost(office, monkeypatch):
    """PostgreSQL: the statement that waits for the case must not be the one that reads what it is decided on."""
    office.register(SCHOOL)
    second = threading.Event()
    begun = slow_before_commit(office, monkeypatch, second)

    def other():
        begun.wait()
        threading.Timer(0.3, second.set).start()
        return office.report("S", {"party_members": 3}, by=BY)

    came = at_once(lambda: office.report("S", {"employees": 60}, by=BY), other)
    assert not [one for one in came if isinstance(one, GuikouError)]
    case = office.store.get("S")
    assert (case.facts["employees"], case.facts["party_members"]) == (60, 3)
    assert equals_its_events(office, "S")


def test_the_same_request_at_once_has_one_effect_and_one_answer(office):
    office.register(SCHOOL)
    for n in range(12):
        told = {"employees": 100 + n}
        came = at_once(*[lambda told=told, n=n: office.report("S", told, by=BY, request_id=f"r{n}") for _ in range(4)])
        assert not [one for one in came if isinstance(one, GuikouError)], came
        assert len({one.case.revision for one in came}) == 1
        assert office.store.get("S").revision == n + 2
    evidence = {"joint_agreement": "1"}
    came = at_once(*[lambda: office.advance("S", "join", by=BY, evidence=evidence, request_id="j") for _ in range(6)])
    assert {getattr(one, "code", "taken") for one in came} == {"taken"}
    assert equals_its_events(office, "S")


def test_time_is_taken_when_the_case_is_held(office):
    """Whoever waited longest for the case is not refused for being the first to ask."""
    office.register(SCHOOL)
    came = at_once(*[
        lambda n=n: [office.report("S", {"employees": 1000 * n + k}, by=BY) for k in range(8)] for n in range(1, 5)
    ])  # fmt: skip
    assert not [one for one in came if isinstance(one, GuikouError)], came
    history = office.history("S")
    assert len(history) == 33
    assert [one.at for one in history] == sorted(one.at for one in history)
    assert [one.recorded_at for one in history] == sorted(one.recorded_at for one in history)


def test_members_and_groups_are_held_in_one_order(office):
    """One that closes leaves its groups; others join and leave them at the same time."""
    members = [f"M{n}" for n in range(8)]
    for id in members:
        office.register(replace(SCHOOL, id=id))
    groups = ["A1", "Z1"]  # one comes before its members, one behind them
    for at, group in enumerate(groups):
        own = members[at * 4 : at * 4 + 3]
        office.found(Organization(group, "联合", "110105", JOINT), own, by=BY, evidence={"joint_agreement": "1"})

    def turn(seed):
        draw, codes = random.Random(seed), []
        for _ in range(12):
            id, group = draw.choice(members), draw.choice(groups)
            work = draw.choice([
                lambda id=id, group=group: office.join(id, group, by=BY, evidence={"joint_agreement": "1"}),
                lambda id=id, group=group: office.leave(id, group, by=BY, reason="改组"),
                lambda id=id: office.advance(id, "deregister", by=BY, evidence={"deregistration_record": "1"}),
                lambda id=id: office.report(id, {"party_members": draw.choice([1, 2])}, by=BY),
            ])  # fmt: skip
            try:
                work()
            except GuikouError as error:
                codes.append(error.code)
        return codes

    came = at_once(*[lambda seed=seed: turn(seed) for seed in range(4)])
    refused = {code for codes in came for code in codes}
    assert refused <= {"already-member", "not-member", "case-closed", "not-eligible", "group-full", "guard-not-met", "may-not-act"}, refused  # fmt: skip
    standing = {case.id: case for case in office.store.cases(Query())}
    for id, case in standing.items():
        assert equals_its_events(office, id), id
        for group in case.groups:
            assert not standing[group].closed
    for group in groups:
        assert standing[group].members == sum(group in case.groups for case in standing.values())


def test_an_event_is_corrected_by_an_id_that_comes_before_the_one_that_the_case_has(office):
    office.register(SCHOOL)
    office.report("S", {"employees": 60}, by=BY)
    office.rename("S", "A1", reason="换证", by=BY)
    made = office.correct("A1", 2, facts={"employees": 61}, reason="录入有误", by=BY)
    assert (made.after.id, made.after.case.facts["employees"]) == ("A1", 61)


def test_of_several_that_erase_a_text_one_does_while_others_go_on(office):
    office.register(SCHOOL)
    for n in range(6):
        seq = office.remark("S", f"误写{n}", by=BY, request_id=f"r{n}").case.revision
        came = at_once(
            *[lambda seq=seq: office.erase("S", seq, reason="误写", by=BY) for _ in range(3)],
            lambda n=n: office.report("S", {"employees": 100 + n}, by=BY, reason=f"误写{n}"),
            lambda n=n: office.remark("S", f"另记{n}", by=BY),
        )
        assert sorted(getattr(one, "code", "done") for one in came) == ["done"] * 3 + ["not-erasable"] * 2, came
    texts = [text for one in office.history("S") for text in one.texts().values()]
    assert [text for text in texts if text.startswith("另记")] == [f"另记{n}" for n in range(6)]
    assert [one.reason for one in office.history("S") if one.facts and one.seq > 1] == [f"误写{n}" for n in range(6)]
    is_whole(office, "S")


def test_what_is_erased_at_once_goes_from_all_that_say_it(office):
    """Erasures hold the cases that say the same, in the order in which everybody does."""
    for id in ("S", "T"):
        office.register(replace(SCHOOL, id=id))

    def turn(seed):
        draw, codes = random.Random(seed), []
        for _ in range(10):
            id, other = draw.sample(("S", "T"), 2)
            erased = draw.randint(1, office.store.get(id).revision)
            work = draw.choice([
                lambda id=id, erased=erased: office.erase(id, erased, reason="误写", by="beijing"),
                lambda id=id: office.remark(id, "误写", by=BY),
                lambda id=id: office.report(id, {"employees": draw.randint(1, 99)}, by=BY, reason="误写"),
                lambda id=id, erased=erased: office.correct(id, erased, because="误写", reason="误写", by="beijing"),
                lambda id=id, other=other: office.same(id, other, reason="误写", by="beijing"),
                lambda id=id, erased=erased: office.correct(id, erased, never=True, reason="误写", by="beijing"),
            ])  # fmt: skip
            try:
                work()
            except GuikouError as error:
                codes.append(error.code)
        return codes

    came = at_once(*[lambda seed=seed: turn(seed) for seed in range(4)])
    assert {code for codes in came for code in codes} <= {"not-erasable", "not-correctable", "cannot-stand", "merged-away", "not-mergeable"}, came  # fmt: skip
    assert any(one.erases for id in ("S", "T") for one in office.store.events(id))
    is_whole(office, "S", "T")


def is_whole(office, *ids):
    assert all(office.store.get(id) == fold(office.store.events(id)) for id in ids)
    assert list(office.store.audit(verified).findings()) == []
    assert list(office.store.differences()) == []


def test_what_the_database_gives_up_is_tried_again_and_told_in_the_end(office, monkeypatch):
    office.register(SCHOOL)
    kept, times = office.store.transaction, []

    def given_up():
        times.append(1)
        if len(times) < 4:
            raise StoreContended()
        return kept()

    monkeypatch.setattr(office.store, "transaction", given_up)
    assert office.report("S", {"employees": 7}, by=BY).case.facts["employees"] == 7
    monkeypatch.setattr(office.store, "transaction", lambda: (_ for _ in ()).throw(StoreContended()))
    with pytest.raises(StoreContended) as error:
        office.report("S", {"employees": 8}, by=BY)
    assert "try again" in error.value.line("en")


def test_the_answer_is_found_although_its_case_was_merged_into_one_that_comes_before(office, monkeypatch):
    """Where a commit's answer is lost, the request says whether it was kept."""
    office.register(replace(SCHOOL, id="Z"))
    office.register(replace(SCHOOL, id="A"))
    office.same("A", "Z", reason="重复", by="beijing")
    begin, lost = office.store.transaction, []

    @contextmanager
    def transaction():
        with begin() as work:
            yield work
        if not lost:
            lost.append(1)
            raise OutcomeUnknown(reason=Title("断开", "closed"))

    monkeypatch.setattr(office.store, "transaction", transaction)
    assert office.remark("Z", "来电", by=BY, request_id="r1").id == "A"
    assert len(office.remarks("A")) == 1
