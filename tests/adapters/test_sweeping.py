"""The sweep and the outbox on every store: once, by many at once, and after being killed."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.adapters.cli import hints
from guikou.adapters.memory import MemoryStore
from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.tables import CASES
from guikou.engine import GuikouError, Organization, Supervision, fold, parse
from guikou.engine.decide.notices import TOLD
from guikou.engine.errors import PolicyInUse, SchemaVersion

pytestmark = pytest.mark.usefixtures("told_on_time")

DAY = date(2016, 1, 4)
BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": False, "standardized": True,
}  # fmt: skip


@pytest.fixture
def office(policy, store):
    return Supervision(policy, store)


def schools(office, n, **facts):
    for at in range(n):
        office.register(Organization(f"S{at:03d}", f"学校{at}", "110105", FACTS | facts), when=DAY)


def kinds(store, id):
    return [event.kind for event in store.events(id)]


def test_a_sweep_done_twice_has_one_effect(office, store):
    schools(office, 5)
    first = office.sweep(when=date(2016, 6, 1))
    assert (first.day, first.cases, first.failed) == (date(2016, 6, 1), 5, ())
    assert [event.kind for view, event in first.happened if view.id == "S000"] == [
        "duty_opened",
        "overdue",
        "escalated",
        "duty_opened",
        "overdue",
    ]
    heads = {one.id: one.case.head for one in office.cases()}
    again = office.sweep(when=date(2016, 6, 1))
    assert (again.cases, again.happened) == (0, ())
    assert {one.id: one.case.head for one in office.cases()} == heads
    for one in office.cases():
        assert fold(store.events(one.id)) == one.case
        assert one.escalation == 0
    assert {event.actor for event in store.events("S000")[1:]} == {"sweep"}


def test_a_dry_run_says_the_same_and_keeps_nothing(office, store):
    schools(office, 5)
    dry = office.sweep(when=date(2016, 6, 1), dry_run=True, batch=2)
    assert all(kinds(store, one.id) == ["opened"] for one in office.cases())
    assert store.outbox() == []
    real = office.sweep(when=date(2016, 6, 1), batch=3)
    assert [(view.id, event.kind, event.changes) for view, event in dry.happened] == [
        (view.id, event.kind, event.changes) for view, event in real.happened
    ]


def test_exactly_one_notice_is_recorded_of_each(office, store):
    schools(office, 3)
    for day in (date(2016, 3, 1), date(2016, 6, 1), date(2016, 7, 1)):
        office.sweep(when=day)
    told = {(one.id, event.seq) for one in office.cases() for event in store.events(one.id) if event.kind in TOLD}
    assert {(one.notice.case, one.notice.seq) for one in store.outbox()} == told
    assert len(store.outbox()) == len(told) > 3
    (first,) = [one.notice for one in store.outbox() if one.notice.case == "S000" and one.notice.kind == "reminded"]
    assert (first.body, first.concerns, first.due, first.day) == (
        BY,
        "first_review",
        date(2016, 3, 31),
        date(2016, 3, 1),
    )


def test_a_sweep_for_a_day_before_the_last_event_leaves_a_case_as_it_is(office, store):
    schools(office, 1)
    office.report("S000", {"employees": 43}, when=date(2016, 6, 2))
    assert office.sweep(when=date(2016, 6, 1)).happened == ()
    assert office.sweep(when=date(2016, 6, 2)).happened


def test_a_case_that_cannot_be_decided_is_told_and_does_not_stop_the_others(policy, store):
    files = dict(policy.files)
    files["workflows/stages.yaml"] = files["workflows/stages.yaml"].replace(
        "when: {weak: true}, automatic: true", "when: {weak: true}, automatic: true, tables: form"
    )
    office = Supervision(parse(files), store)
    store.activate_policy("other", "1", office.policy.digest, files)
    schools(office, 3)
    office.report("S001", {"weak": True, "party_members": 0}, when=DAY)  # the table has no row for 0
    swept = office.sweep(when=DAY + timedelta(days=1))
    assert [(id, error.code) for id, error in swept.failed] == [("S001", "no-rule")]
    assert {view.id for view, _ in swept.happened} == {"S000", "S002"}
    office.report("S001", {"party_members": 3}, when=DAY + timedelta(days=1))
    assert office.sweep(when=DAY + timedelta(days=2)).failed == ()
    assert store.get("S001").stage == "rectify"


def test_a_new_policy_has_every_open_case_looked_at(policy, store):
    files = dict(policy.files)
    files["policy.yaml"] = files["policy.yaml"].replace("  first_review:\n", "  other:\n")
    old = parse(files)
    store.activate_policy("old", "1", old.digest, files)
    Supervision(old, store).register(
        Organization("A", "x", "110105", FACTS | {"registered_on": date(2014, 1, 4)}), when=DAY
    )
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    office = Supervision(policy, store)
    swept = office.sweep(when=DAY)
    assert swept.happened[0][1].kind == "scheduled"
    assert set(swept.happened[0][1].changes["duties"]) == {"first_review", "other"}
    assert store.get("A").duties["first_review"].due == date(2016, 3, 31)
    assert office.sweep(when=DAY).cases == 0


def test_a_program_that_holds_the_old_policy_does_not_hide_a_case_from_the_new_one(policy, store):
    files = dict(policy.files)
    files["policy.yaml"] = files["policy.yaml"].replace("  first_review:\n", "  other:\n")
    old = parse(files)
    store.activate_policy("old", "1", old.digest, files)
    holding = Supervision(old, store)
    for id in "AB":
        holding.register(Organization(id, "x", "110105", FACTS | {"registered_on": date(2014, 1, 4)}), when=DAY)
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    holding.sweep(when=DAY)
    holding.report("A", {"employees": 43}, when=DAY)
    Supervision(policy, store).sweep(when=DAY)
    for id in "AB":
        assert store.get(id).duties["first_review"].due == date(2016, 3, 31)


def test_an_activation_never_lets_a_case_sleep_longer(policy, store):
    office = Supervision(policy, store)
    schools(office, 1)
    store.activate_policy("other", "1", *_changed(policy))
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    with store.transaction() as work:
        assert [wake for wake, _, _ in work.woken(DAY, 9, (date.min, ""))] == [date(2015, 12, 31)]


def _changed(policy):
    files = dict(policy.files) | {
        "policy.yaml": policy.files["policy.yaml"].replace('version: "1.0"', 'version: "1.1"')
    }
    return parse(files).digest, files


def test_a_policy_without_the_states_of_open_cases_is_not_activated(policy, store):
    schools(Supervision(policy, store), 1)
    files = {name: text.replace("innovate", "excel") for name, text in policy.files.items()}
    with pytest.raises(PolicyInUse):
        Supervision.activate(parse(files), store)
    assert store.policy_files() == policy.files


def test_what_happens_later_on_the_day_of_a_sweep_is_not_before_it(policy):
    class Morning:
        now = datetime(2016, 2, 1, 0, 30, tzinfo=UTC)  # half past eight

    store = MemoryStore(lambda: Morning.now)
    office = Supervision(policy, store)
    schools(office, 1)
    assert office.sweep(when=date(2016, 2, 1)).happened
    Morning.now += timedelta(hours=1)
    office.report("S000", {"employees": 50})
    assert store.get("S000").updated_at == Morning.now


def test_text_is_found_to_the_letter_on_every_store(office):
    office.register(Organization("A1", "Alpha_100%学校\\", "110105", FACTS), when=DAY)
    for text, found in (("Alpha", 1), ("alpha", 0), ("_100%", 1), ("a%0", 0), ("校\\", 1), ("A1", 1), ("a1", 0)):
        assert len(office.cases(text=text)) == found, text


def test_many_workers_at_once_have_one_effect(new_store, policy):
    store, alone = new_store("postgresql"), new_store("memory")
    for one in (store, alone):
        schools(Supervision(policy, one), 60)
    happened, failed = [], []

    def work():
        worker = SqlStore(store.url, clock=store.now)
        try:
            swept = Supervision(policy, worker).sweep(when=date(2016, 6, 1), batch=3)
            happened.extend((view.id, event.seq) for view, event in swept.happened)
        except GuikouError as error:
            failed.append(error)
        finally:
            worker.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    Supervision(policy, alone).sweep(when=date(2016, 6, 1))
    assert len(happened) == len(set(happened))
    assert {one.id: one.head for one in store.cases(_all())} == {one.id: one.head for one in alone.cases(_all())}
    assert {(one.notice.case, one.notice.seq) for one in store.outbox()} == {
        (one.notice.case, one.notice.seq) for one in alone.outbox()
    }


def _all():
    from guikou.engine import Query

    return Query()


KILLED = """
import sys
from datetime import date
from guikou.adapters.sql import SqlStore
from guikou.engine import Supervision

store = SqlStore(sys.argv[1])
office = Supervision.open(store)
print("ready", flush=True)
office.sweep(when=date(2016, 6, 1), batch=2)
"""


@pytest.mark.parametrize("which", ["sqlite", "postgresql"])
def test_a_sweep_that_is_killed_is_gone_on_with(which, new_store, policy):
    store, alone = new_store(which), new_store("memory")
    for one in (store, alone):
        schools(Supervision(policy, one), 120)
    done = 0
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", KILLED, store.url], stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"ready\n"
        before = done
        while process.poll() is None and done <= before + 5:
            done = sum(one.revision > 1 for one in store.cases(_all()))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert done > 5
    # PostgreSQL gives back what a killed process held once it sees that the process is gone.
    patient = SqlStore(store.url, clock=store.now)
    Supervision(policy, patient).sweep(when=date(2016, 6, 1))
    Supervision(policy, patient).sweep(when=date(2016, 6, 1))
    patient.close()
    Supervision(policy, alone).sweep(when=date(2016, 6, 1))
    for one in alone.cases(_all()):
        ours = store.events(one.id)
        assert [(event.kind, event.changes) for event in ours] == [
            (event.kind, event.changes) for event in alone.events(one.id)
        ]
        assert fold(ours) == store.get(one.id)
    assert {(one.notice.case, one.notice.seq) for one in store.outbox()} == {
        (one.notice.case, one.notice.seq) for one in alone.outbox()
    }


# --- duties and suspension in listings -------------------------------------------------------------------------------


def test_duties_are_listed_narrowed_and_seen_as_of_any_day(office):
    schools(office, 2)
    office.register(
        Organization("F", "基金会", "110108", FACTS | {"registered_as": "foundation", "industry": "charity"}), when=DAY
    )
    for day in (date(2016, 3, 1), date(2016, 6, 1), date(2016, 7, 15)):
        office.sweep(when=day)
    late = office.overdue(as_of=date(2016, 7, 15), what="duties")
    # The foundation's inspection was missed on 30 June: it is a rectification now.
    assert [(one.id, one.obligation) for one in late] == [
        ("S000", "first_review"), ("S001", "first_review"), ("S000", "inspection"), ("S001", "inspection"),
    ]  # fmt: skip
    assert [one.days_overdue for one in late] == [106, 106, 45, 45]
    assert {one.obligation for one in office.overdue(as_of=date(2016, 7, 15), obligation="inspection")} == {
        "inspection"
    }
    assert office.overdue(as_of=date(2016, 7, 15), area="haidian") == []
    assert [one.obligation for one in office.overdue(as_of=date(2016, 6, 1), area="haidian")] == [
        "foundation_inspection"
    ]
    assert {one.escalation for one in office.overdue(as_of=date(2016, 7, 15), escalation=1)} == {1, 2}
    assert office.overdue(as_of=date(2016, 7, 15), escalation=3) == []
    # As it was on a day gone by, and as it will be on one to come.
    assert {one.obligation for one in office.overdue(as_of=date(2016, 4, 1))} == {
        "first_review",
        "foundation_inspection",
    }
    assert [one.days_overdue for one in office.overdue(as_of=date(2016, 4, 1), under=BY)] == [1, 1]
    assert {one.obligation for one in office.overdue(as_of=date(2016, 12, 31), under=BY)} == {
        "first_review",
        "inspection",
    }


def test_the_inbox_holds_open_duties_until_they_are_met(office):
    schools(office, 1)
    before = [(one.obligation, one.due) for one in office.inbox(BY, as_of=date(2016, 3, 1))]
    office.sweep(when=date(2016, 3, 1))  # which opens them: they wait all the same where nobody has swept
    assert [(one.obligation, one.due) for one in office.inbox(BY, as_of=date(2016, 3, 1))] == before
    assert [one.obligation for one in office.inbox(BY)] == ["first_review", "inspection", None]
    assert [one.obligation for one in office.inbox("haidian-education")] == []
    office.sweep(when=date(2016, 6, 1))
    assert "first_review" in [one.obligation for one in office.inbox("beijing-education")]
    view = office.meet(
        "S000", "first_review", by=BY, evidence={"annual_report": "1"}, when=date(2016, 6, 2), request_id="r"
    )
    assert (view.obligation, view.due) == ("first_review", date(2017, 3, 31))
    again = office.meet(
        "S000", "first_review", by=BY, evidence={"annual_report": "1"}, when=date(2016, 6, 2), request_id="r"
    )
    assert again.case == view.case
    assert [one.obligation for one in office.inbox(BY)] == ["inspection", None]


def test_suspended_cases_are_found_and_are_not_overdue(office):
    schools(office, 2, standardized=False)
    office.advance("S000", "suspend", by="beijing-education", reason="x", evidence={"suspension_note": "1"}, when=DAY)
    assert [one.id for one in office.cases(suspended=True)] == ["S000"]
    assert [one.id for one in office.cases(suspended=False)] == ["S001"]
    assert [one.id for one in office.overdue(as_of=date(2018, 1, 1), what="stages")] == ["S001"]


# --- the outbox ------------------------------------------------------------------------------------------------------


def test_what_one_claims_nobody_else_does_until_its_time(office, store, policy):
    schools(office, 3)
    office.sweep(when=date(2016, 3, 1))
    until = store.now() + timedelta(minutes=5)
    first = store.claim(until, 2)
    assert [one.attempts for one in first] == [1, 1]
    rest = store.claim(until, 9)
    assert len(first) + len(rest) == len(store.outbox())
    assert not {one.notice for one in first} & {one.notice for one in rest}
    assert store.claim(until, 9) == []
    store.delivered(first[0])
    store.failed(first[1], "no", store.now() - timedelta(seconds=1))
    assert [one.notice for one in store.claim(until, 9)] == [first[1].notice]
    assert [one.notice for one in store.outbox(delivered=True)] == [first[0].notice]
    (failed,) = [one for one in store.outbox(delivered=False) if one.error]
    assert (failed.attempts, failed.error) == (2, "no")
    assert [one.notice for one in store.outbox(attempts=2)] == [first[1].notice]


# --- a database of the guikou before ---------------------------------------------------------------------------------


def test_an_older_database_is_refused_until_it_is_upgraded_and_then_swept_whole(tmp_path, policy, aged):
    path = tmp_path / "old.db"
    store = SqlStore(f"sqlite:///{path}")
    store.create()
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    Supervision(policy, store).register(Organization("A", "x", "110105", FACTS | {"weak": True}), when=DAY)
    store.close()
    aged(path)
    with pytest.raises(SchemaVersion) as refused:
        SqlStore(f"sqlite:///{path}")
    assert "guikou init upgrades" in hints.line(refused.value, "en")
    SqlStore(f"sqlite:///{path}", upgrade=True).close()
    store = SqlStore(f"sqlite:///{path}")
    columns = {row[1] for row in store.database.connection().exec_driver_sql("PRAGMA table_info(cases)")}
    assert columns == {column.name for column in CASES.c}
    office = Supervision(policy, store)
    swept = office.sweep(when=date(2016, 2, 1))
    assert [event.kind for _, event in swept.happened] == ["reminded"]
    assert fold(store.events("A")).revision == 2
    store.close()


def test_a_policy_that_is_activated_again_wakes_nobody(office, store, policy):
    schools(office, 1)
    office.sweep(when=DAY)
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    with store.transaction() as work:
        assert work.woken(DAY, 9, (date.min, "")) == []


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_texts_that_are_no_utf8_are_told_of_their_cases_and_the_sweep_goes_on(policy, new_store, limit):
    store = new_store("sqlite")
    office = Supervision(policy, store)
    schools(office, 9)
    with store.database.whole() as connection:
        for id, change in (
            ("S001", "state = CAST(x'ff' AS TEXT)"), ("S003", "wake = CAST(x'3139ff' AS TEXT)"),
            ("S005", "more = CAST(x'7bff7d' AS TEXT)"), ("S007", "wake = CAST(x'32303135ff' AS TEXT)"),
        ):  # fmt: skip
            connection.exec_driver_sql(f"UPDATE cases SET {change} WHERE id = '{id}'")
    swept = office.sweep(when=date(2016, 6, 1), batch=limit)
    assert {id: error.code for id, error in swept.failed} == dict.fromkeys(["S001", "S003", "S005", "S007"], "damaged")
    assert {view.id for view, _ in swept.happened} == {"S000", "S002", "S004", "S006", "S008"}
    assert office.sweep(when=date(2016, 6, 1), batch=limit).happened == ()
