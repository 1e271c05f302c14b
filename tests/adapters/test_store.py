"""What every store must do: the same tests in memory, on SQLite and on PostgreSQL."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.engine import GuikouError, Organization, Query, Supervision, fold
from guikou.engine.errors import (
    AlreadyOpen,
    CaseChanged,
    GuardNotMet,
    RequestReused,
    StoreBusy,
    UnknownCase,
)
from guikou.engine.supervision.store import Answered, Request, fingerprint

pytestmark = pytest.mark.usefixtures("told_on_time")

NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)

DAY = date(2016, 1, 4)
BY = "chaoyang-education"


def school(id="52110105A", **facts):
    given = {
        "registered_as": "private_non_enterprise",
        "registered_at": "district",
        "industry": "education",
        "employees": 42,
        "party_members": 5,
        "has_organization": False,
    }
    return Organization(id, f"学校{id}", "110105", given | facts)


@pytest.fixture
def office(policy, store):
    return Supervision(policy, store)


def established(office, id="52110105A"):
    office.register(school(id), when=DAY)
    office.advance(id, "apply", by=BY, evidence={"application": "1"}, when=DAY)
    return office.advance(id, "establish", by=BY, evidence={"approval_document": "2"}, when=DAY)


def test_what_is_kept_is_the_fold_of_the_events(office, store):
    view = established(office)
    assert store.get(view.id) == view.case == fold(store.events(view.id))
    assert [event.kind for event in store.events(view.id)] == ["opened", "advanced", "advanced"]


def test_a_refusal_changes_nothing(office, store):
    view = established(office)
    office.report(view.id, {"regular_life": False, "terms_kept": True, "records_kept": True}, by=BY, when=DAY)
    before = store.get(view.id), store.events(view.id)
    with pytest.raises(GuardNotMet):
        office.advance(view.id, "apply_review", by=BY, when=DAY)
    assert (store.get(view.id), store.events(view.id)) == before


def test_the_same_request_gives_the_same_answer_and_no_second_event(office, store):
    office.register(school(), when=DAY, request_id="r1")
    first = office.advance("52110105A", "apply", by=BY, evidence={"application": "1"}, when=DAY, request_id="r2")
    office.advance("52110105A", "establish", by=BY, evidence={"approval_document": "2"}, when=DAY)
    again = office.advance("52110105A", "apply", by=BY, evidence={"application": "1"}, when=DAY, request_id="r2")
    assert again.case == first.case
    assert len(store.events("52110105A")) == 3
    assert office.register(school(), when=DAY, request_id="r1").state == "build.preparing"


@pytest.mark.parametrize(
    ("case", "trigger", "evidence"),
    [
        ("52110105A", "establish", {"application": "1"}),
        ("52110105A", "apply", {"application": "2"}),
        ("B", "apply", {}),
    ],
)
def test_a_request_id_is_not_for_two_things(office, case, trigger, evidence):
    office.register(school(), when=DAY)
    office.advance("52110105A", "apply", by=BY, evidence={"application": "1"}, when=DAY, request_id="r")
    with pytest.raises(RequestReused):
        office.advance(case, trigger, by=BY, evidence=evidence, when=DAY, request_id="r")


def test_a_request_with_two_events_is_answered_with_both(office, store):
    office.register(school(), when=DAY)
    changed = {"industry": "health", "employees": 50}
    first = office.report("52110105A", changed, by="beijing", when=DAY, request_id="r")
    assert [event.kind for event in store.events("52110105A")] == ["opened", "reported", "rerouted"]
    assert first.responsible.id == "chaoyang-health"
    assert office.report("52110105A", changed, by="beijing", when=DAY, request_id="r").case == first.case
    assert len(store.events("52110105A")) == 3


def opened_with(office, id, request_id):
    office.register(school(id), when=DAY, request_id=request_id)
    return office.store.events(id)[0]


def test_a_request_is_remembered_with_what_it_led_to(office, store):
    events = tuple(opened_with(office, id, request_id) for id, request_id in (("B", "b"), ("A", None), ("C", "c")))
    with store.transaction() as work:
        assert work.answered("r") is None
        work.remember(Request("r", "found", '{"member":"A"}', 1, NOW), events)
        assert work.answered("r").events == events
        work.commit()
    with store.transaction() as work:
        answered = work.answered("r")
        assert work.answered("s") is None
    assert answered.events == events
    assert answered.is_of('{"member":"A"}') is True
    assert answered.is_of('{"member":"B"}') is False
    assert answered.fingerprint == fingerprint(answered.salt, '{"member":"A"}')


def test_a_request_that_changed_nothing_is_remembered_too(store):
    for id in ("r1", "r2"):
        with store.transaction() as work:
            work.remember(Request(id, "report", "{}", 1, NOW), [])
            work.commit()
    with store.transaction() as work:
        first, second = work.answered("r1"), work.answered("r2")
    assert (first.events, first.is_of("{}"), first.is_of("[]")) == ((), True, False)
    assert first.salt != second.salt
    assert first.fingerprint != second.fingerprint  # the same command does not look the same


def test_an_event_of_a_request_that_was_not_remembered_answers_it(office, store):
    opened = opened_with(office, "A", None)
    parts = tuple(replace(opened, seq=seq, previous=str(seq), hash=str(seq), request_id="r") for seq in (2, 3))
    case = store.get("A")
    with store.transaction() as work:  # as a guikou did that kept no requests
        work.append(case, replace(case, revision=3, head="3"), parts, wake=None)
        work.commit()
    with store.transaction() as work:
        assert work.answered("r") == Answered(None, None, parts)
        assert work.answered("r").is_of("{}") is None
        work.remember(Request("r", "report", "{}", 1, NOW), parts[:1])
        assert (work.answered("r").events, work.answered("r").is_of("{}")) == (parts[:1], True)


def test_a_request_is_remembered_once(store):
    with store.transaction() as work:
        work.remember(Request("r", "report", "{}", 1, NOW), [])
        work.commit()
    for command in ("{}", "[]"):
        with pytest.raises(RequestReused) as refused, store.transaction() as work:
            work.remember(Request("r", "report", command, 1, NOW), [])
        assert "'r'" in refused.value.line("en")
    with store.transaction() as work:
        work.remember(Request("s", "report", "{}", 1, NOW), [])
        with pytest.raises(RequestReused):
            work.remember(Request("s", "report", "{}", 1, NOW), [])


def test_a_request_that_is_not_committed_is_forgotten(store):
    with store.transaction() as work:
        work.remember(Request("r", "report", "{}", 1, NOW), [])
    with store.transaction() as work:
        assert work.answered("r") is None
        work.remember(Request("r", "report", "{}", 1, NOW), [])
        work.commit()


def test_two_who_remember_one_request_at_once(new_store):
    store = new_store("postgresql")
    both, found = threading.Barrier(2), []

    def work():
        try:
            with store.transaction() as work:
                assert work.answered("r") is None
                both.wait(10)
                work.remember(Request("r", "report", "{}", 1, NOW), [])
                work.commit()
            found.append("done")
        except GuikouError as error:
            found.append(type(error).__name__)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) in (["RequestReused", "done"], ["StoreBusy", "done"])


def test_a_fingerprint_is_the_hash_of_salt_and_command():
    assert fingerprint("00", "{}") == "ad66890dd29f1d8f13146a701a0c00a5fe54361690c4106647f27d68b3010f47"


def test_whole_numbers_have_64_bits(office, store):
    case = established(office).case
    with store.transaction() as work:
        after = replace(case, weight=2**62, priority=-(2**40), revision=case.revision + 1, head="x")
        work.append(case, after, [], wake=None)
        work.commit()
    assert store.get(case.id) == after
    assert [one.weight for one in store.cases(Query(order="inbox"))] == [2**62]


def test_passages_are_listed_by_their_gate(office, store):
    registry = "chaoyang-registration"
    known = {"registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": False, "investigated": False}
    for id in "ABC":
        office.register(school(id, **known), when=DAY)
    assert store.cases(Query(gate="")) == []
    office.gate("A", "annual_inspection", by=registry, when=DAY)
    later = DAY + timedelta(days=1)
    for gate in ("annual_inspection", "grade_evaluation"):
        office.gate("B", gate, by=registry, when=later)
    told = {"by": registry, "value": "qualified", "evidence": {"inspection_report": "1"}}
    office.tell("B", "annual_inspection", "inspected", when=later, **told)
    for gate, ids in {
        "": "AB",
        "annual_inspection": "AB",
        "grade_evaluation": "B",
        "registration": "",
        "x": "",
    }.items():
        assert [case.id for case in store.cases(Query(gate=gate))] == list(ids), gate
    before = office.cases(as_of=DAY)[0].case.updated_at
    assert [case.id for case in store.cases(Query(gate="", as_of=before))] == ["A"]
    assert [case.id for case in store.cases(Query(gate="grade_evaluation", as_of=before))] == []
    with store.transaction() as work:
        after = replace(store.get("A"), gates={}, revision=3, head="x")
        work.append(store.get("A"), after, [], wake=None)
        work.commit()
    assert [case.id for case in store.cases(Query(gate=""))] == ["B"]


def test_a_transaction_that_is_not_committed_leaves_nothing(office, store):
    established(office)
    other = established(office, "52110105B").case
    with store.transaction() as work:
        moved = replace(other, revision=other.revision + 1, head="x")
        event = replace(store.events(other.id)[-1], seq=4, previous=other.head, hash="x")
        work.append(other, moved, [event], wake=None)
    assert store.get(other.id) == other


def test_a_stale_update_is_refused(office, store):
    view = established(office)
    stale = replace(view.case, revision=view.case.revision - 1)
    with pytest.raises(CaseChanged), store.transaction() as work:
        work.append(stale, view.case, [], wake=None)


def test_a_case_is_opened_once(office):
    office.register(school(), when=DAY)
    with pytest.raises(AlreadyOpen):
        office.register(school(), when=DAY)
    with pytest.raises(UnknownCase):
        office.get("nobody")


def test_as_of_a_day_shows_how_things_stood_then(office):
    view = established(office)
    later = DAY + timedelta(days=30)
    office.advance(view.id, "find_weak", by=BY, evidence={"finding_report": "3"}, when=later)
    assert [one.stage for one in office.cases(as_of=DAY)] == ["standardize"]
    assert [one.stage for one in office.cases(as_of=later)] == ["rectify"]
    assert office.cases(as_of=DAY - timedelta(days=1)) == []
    assert office.get(view.id, as_of=DAY).stage == "standardize"
    assert office.cases(stage="rectify", as_of=DAY) == []


def test_listings_narrow_and_order(office):
    for at, id in enumerate("CAB"):
        office.register(school(id, employees=10 * at), when=DAY + timedelta(days=at))
    office.register(replace(school("D"), area="110108"), when=DAY)
    assert [one.id for one in office.cases()] == list("ABCD")
    assert [one.id for one in office.cases(under="chaoyang-education")] == list("ABC")
    assert [one.id for one in office.cases(area="haidian")] == ["D"]
    assert [one.id for one in office.cases(after="B", limit=1)] == ["C"]
    assert [one.id for one in office.cases(text="学校B")] == ["B"]
    assert [one.id for one in office.cases(order="intake")] == ["D", "B", "A", "C"]
    late = office.overdue(as_of=date(2017, 1, 1), under="chaoyang-education", what="stages")
    assert [one.id for one in late] == ["C", "A", "B"]
    assert [one.days_overdue for one in late] == [181, 180, 179]
    assert [one.id for one in office.overdue(as_of=date(2017, 1, 1), days=181, what="stages")] == ["C", "D"]
    assert office.overdue(as_of=late[0].due, what="stages") == []


def test_the_events_that_gave_a_name_are_found_by_a_text_in_it(office, store):
    office.register(school("52110105A"))
    office.register(replace(school("52110105B"), name='仁爱"学校"'))
    office.report("52110105B", {}, name="明德学校", by="chaoyang-education")
    office.report("52110105B", {"employees": 9}, by="chaoyang-education")
    assert [(one.case, one.name) for one in store.naming("学校")][-2:] == [
        ("52110105B", '仁爱"学校"'), ("52110105B", "明德学校"),
    ]  # fmt: skip
    assert [one.name for one in store.naming('爱"学')] == ['仁爱"学校"']
    assert store.naming("nothing", '爱"学', '"学校"') == store.naming('爱"学')  # each once
    assert store.naming("%") == []
    assert list(store.naming("employees")) == []


def test_the_inbox_holds_what_the_body_can_do(office):
    office.register(school(), when=DAY)
    assert [one.obligation for one in office.inbox(BY)] == ["first_review", "inspection", None]
    assert [one.obligation for one in office.inbox("chaoyang-private-schools")] == [None]
    assert office.inbox("haidian-education") == []
    office.advance("52110105A", "apply", by="chaoyang-private-schools", evidence={"application": "1"}, when=DAY)
    assert office.inbox("chaoyang-private-schools") == []


def test_an_escalated_case_is_in_the_inbox_of_the_body_above(office):
    office.register(school(), when=DAY)
    assert office.inbox("beijing-education") == []
    office.advance("52110105A", "escalate", by=BY, when=date(2017, 1, 1))
    assert [one.id for one in office.inbox("beijing-education")] == ["52110105A"]


def test_blockers_are_kept_and_found(office):
    office.register(school(), when=DAY)
    office.block("52110105A", "hard_to_form", by=BY, when=DAY)
    assert [one.id for one in office.cases(blocker="hard_to_form")] == ["52110105A"]
    office.block("52110105A", "hard_to_form", by=BY, clear=True, when=DAY)
    assert office.cases(blocker="hard_to_form") == []


def test_a_dry_run_keeps_nothing(office):
    assert office.take_in(school(), when=DAY, dry_run=True)[0] == "opened"
    assert office.cases() == []
    assert [office.take_in(school(), when=DAY)[0] for _ in range(2)] == ["opened", "unchanged"]


def test_an_old_list_does_not_undo_what_was_advanced_since(office, store):
    view = established(office)
    assert view.case.facts["has_organization"] is True
    outcome, again = office.take_in(school(), when=DAY)
    assert (outcome, again.case) == ("unchanged", view.case)
    outcome, after = office.take_in(school(employees=43), when=DAY)
    assert (outcome, after.case.facts["employees"], after.case.facts["has_organization"]) == ("changed", 43, True)
    office.report(view.id, {"employees": 50}, when=DAY)
    assert office.take_in(school(employees=43), when=DAY)[1].case.facts["employees"] == 43


def test_policies_are_kept_by_their_content(store, policy):
    assert store.policy_files() == policy.files
    assert store.policy_files(policy.digest) == policy.files
    assert store.policy_files("nothing") is None


def test_the_database_itself_keeps_history_as_it_is(sql_store, policy):
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError

    Supervision(policy, sql_store).register(school(), when=DAY)
    engine = create_engine(sql_store.url.replace("postgresql:", "postgresql+psycopg:"))
    commands = ["UPDATE events SET kind = 'x'", "DELETE FROM events"]
    if sql_store.dialect == "postgresql":
        commands.append("TRUNCATE events CASCADE")
    for command in commands:
        with pytest.raises(DBAPIError, match="events are never changed"), engine.begin() as connection:
            connection.execute(text(command))
    engine.dispose()
    assert len(sql_store.events("52110105A")) == 1


def test_a_locked_database_is_one_clear_error(sql_store, policy):
    office = Supervision(policy, sql_store)
    office.register(school(), when=DAY)
    locked, done = threading.Event(), threading.Event()

    def hold():
        with sql_store.transaction() as work:
            work.case("52110105A")
            locked.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(10)
        with pytest.raises(StoreBusy):
            office.advance("52110105A", "apply", by=BY, evidence={"application": "1"}, when=DAY)
    finally:
        done.set()
        holder.join()
    assert len(sql_store.events("52110105A")) == 1


def test_many_threads_advance_one_case_once(sql_store, policy):
    office = Supervision(policy, sql_store)
    office.register(school(), when=DAY)
    outcomes = []

    def work():
        try:
            office.advance("52110105A", "apply", by=BY, evidence={"application": "1"}, when=DAY)
            outcomes.append("done")
        except GuikouError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "NotFromHere", "CaseChanged", "StoreBusy"}
    assert len(sql_store.events("52110105A")) == 2
