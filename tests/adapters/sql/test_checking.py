"""Whatever of a case is not what its events say is found and named, and rebuilt from them; events never are."""

from datetime import date

import pytest
from sqlalchemy import text

from guikou.adapters.cli.program import run
from guikou.engine import Organization, Supervision
from guikou.engine.cases.fold import fold
from guikou.engine.errors import BrokenChain, Damaged, Unreadable
from guikou.engine.supervision.imported import RowRead, Source

FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 2, "has_organization": False, "registered_on": date(2010, 5, 1), "investigated": False,
}  # fmt: skip
BY, DAY = "chaoyang-education", date(2016, 1, 4)


@pytest.fixture
def office(policy, sql_store, told_on_time):
    office = Supervision(policy, sql_store)
    for id in ("A", "B"):
        office.register(Organization(id, f"学校{id}", "110105", FACTS), when=DAY)
    joint = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
    office.found(
        Organization("J", "联合", "110105", joint), ["A", "B"], by=BY, evidence={"joint_agreement": "1"}, when=DAY
    )
    office.gate("A", "annual_inspection", by=BY, when=DAY)
    office.report("A", {"employees": 50}, by=BY, when=DAY)
    return office


def spoil(store, statement):
    with store.database.whole() as connection:
        if not store.database.sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.execute(text(statement))


def found(store, *wakes_by):
    return [(one.case, one.table, one.column) for one in store.differences(*wakes_by)]


def test_nothing_is_said_of_what_is_as_its_events_say(office):
    assert found(office.store) == []


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE cases SET workflow = 'nothing' WHERE id = 'A'", ("A", "cases", "workflow")),
        ("UPDATE cases SET state = 'nowhere' WHERE id = 'A'", ("A", "cases", "state")),
        ("UPDATE cases SET stage = 'innovate' WHERE id = 'A'", ("A", "cases", "stage")),
        ("UPDATE cases SET due = '2030-01-01' WHERE id = 'A'", ("A", "cases", "due")),
        ("UPDATE cases SET responsible = 'beijing' WHERE id = 'A'", ("A", "cases", "responsible")),
        ("UPDATE cases SET priority = 9 WHERE id = 'A'", ("A", "cases", "priority")),
        ("UPDATE cases SET more = '{' WHERE id = 'A'", ("A", "cases", "more")),
        ("UPDATE cases SET duties = '{}' WHERE id = 'A'", ("A", "cases", "duties")),
        ("UPDATE cases SET head = 'x' WHERE id = 'A'", ("A", "cases", "head")),
        ("UPDATE cases SET updated_at = '2030-01-01 00:00:00+00:00' WHERE id = 'A'", ("A", "cases", "updated_at")),
        ("UPDATE organizations SET facts = '{}' WHERE id = 'A'", ("A", "organizations", "facts")),
        ("UPDATE organizations SET name = '他' WHERE id = 'A'", ("A", "organizations", "name")),
        ("DELETE FROM duties WHERE case_id = 'A' AND name = 'inspection'", ("A", "duties", "inspection")),
        ("UPDATE duties SET due = '2030-01-01' WHERE case_id = 'A' AND name = 'inspection'", ("A", "duties", "due")),
        ("DELETE FROM memberships WHERE case_id = 'A'", ("A", "memberships", "J")),
        ("UPDATE passages SET answer = 'refused' WHERE case_id = 'A'", ("A", "passages", "answer")),
    ],
)  # fmt: skip
def test_what_was_changed_is_named_and_rebuilt(office, statement, where):
    store = office.store
    spoil(store, statement)
    assert where in found(store)
    assert {one[0] for one in found(store)} == {"A"}
    store.rebuild("A")
    assert found(store) == []
    assert store.get("A") == fold(office.history("A"))
    office.report("A", {"employees": 60}, by=BY, when=DAY)


@pytest.mark.parametrize("kept", ["NULL", "'2030-01-01'", "'2016-00-45'"])
def test_a_case_at_which_the_sweep_would_not_look_is_named_and_the_sweep_looks_at_it_next(office, kept):
    store = office.store
    unreadable = kept == "'2016-00-45'"
    if unreadable and not store.database.sqlite:
        pytest.skip("PostgreSQL keeps no such day")
    assert found(store, office.wakes_by) == []
    spoil(store, f"UPDATE cases SET wake = {kept} WHERE id = 'A'")
    ((case, table, _),) = found(store, office.wakes_by)
    assert (case, table) == ("A", "cases")
    swept = office.sweep(when=date(2016, 12, 1))
    told = {event.case for _, event in swept.happened}
    assert "B" in told
    assert "A" not in told
    assert [id for id, _ in swept.failed] == (["A"] if unreadable else [])
    store.rebuild("A")
    assert found(store, office.wakes_by) == []
    assert "A" in {event.case for _, event in office.sweep(when=date(2016, 12, 1)).happened}


def test_a_database_is_checked_though_its_policy_can_not_be_had(office, capsys):
    spoil(office.store, "UPDATE settings SET value = 'abc' WHERE key = 'policy'")
    assert run(["db", "check", "--db", office.store.url, "--lang", "en"]) == 0
    spoil(office.store, "UPDATE cases SET state = 'nowhere' WHERE id = 'A'")
    assert run(["db", "check", "--repair", "--db", office.store.url, "--lang", "en"]) == 0
    assert "A: rebuilt" in capsys.readouterr().err


def test_days_that_can_not_be_read_are_named_once_however_many_there_are(office):
    if not office.store.database.sqlite:
        pytest.skip("PostgreSQL keeps no such day")
    for id in "KLMN":
        office.register(Organization(id, f"学校{id}", "110105", FACTS), when=DAY)
    spoil(office.store, "UPDATE cases SET wake = '2016-00-00' WHERE id IN ('A', 'K')")
    spoil(office.store, "UPDATE cases SET wake = '2016-1' WHERE id = 'N'")
    swept = office.sweep(when=date(2016, 12, 1), batch=2)
    assert sorted(id for id, _ in swept.failed) == ["A", "K", "N"]
    assert {"B", "L", "M"} <= {event.case for _, event in swept.happened}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET workflow = 'nothing' WHERE id = 'A'",
        "UPDATE cases SET state = 'nowhere' WHERE id = 'A'",
        "UPDATE cases SET responsible = 'nobody' WHERE id = 'A'",
        "UPDATE cases SET more = '{\"gates\": 3}' WHERE id = 'A'",
        "UPDATE cases SET duties = 'nonsense' WHERE id = 'A'",
        "UPDATE cases SET fired = '[' WHERE id = 'A'",
        'UPDATE organizations SET facts = \'{"employees": {"date": "x"}}\' WHERE id = \'A\'',
    ],
)
def test_whatever_command_meets_it_names_the_case(office, statement):
    spoil(office.store, statement)
    for work in (
        lambda: office.get("A"),
        lambda: office.report("A", {"employees": 61}, by=BY, when=DAY),
        lambda: office.advance("A", "prepare", by=BY, when=DAY),
        lambda: office.overdue(as_of=date(2018, 1, 1)),
    ):
        with pytest.raises(Damaged, match="'A'"):
            work()


def test_a_history_that_was_changed_is_named_with_its_event_and_never_rebuilt(office):
    store = office.store
    if store.database.sqlite:
        spoil(store, "DROP TRIGGER events_no_update")
    spoil(store, "UPDATE events SET changes = '{' WHERE case_id = 'A' AND seq = 2")
    spoil(store, "UPDATE events SET reason = 'another' WHERE case_id = 'B' AND seq = 1")
    assert {("A", "events", "2"), ("B", "events", "1")} <= {*found(store)}
    with pytest.raises(Damaged):
        store.rebuild("A")
    with pytest.raises(BrokenChain):
        store.rebuild("B")


def test_the_command_names_what_differs_and_rebuilds_it(office, capsys):
    spoil(office.store, "UPDATE cases SET state = 'nowhere' WHERE id = 'A'")
    url = office.store.url
    assert run(["db", "check", "--db", url]) == 1
    assert "nowhere" in capsys.readouterr().out
    assert run(["db", "check", "--repair", "--db", url]) == 0
    assert "A: rebuilt from its events" in capsys.readouterr().err
    assert run(["db", "check", "--db", url]) == 0
    assert "all is as its events say" in capsys.readouterr().out


@pytest.mark.parametrize("statement", [
    "DELETE FROM events WHERE case_id = 'A' AND seq > 1",
    "UPDATE events SET hash = 'x' WHERE case_id = 'A' AND seq > 1",
    "UPDATE cases SET head = 'x' WHERE id = 'A'",
])  # fmt: skip
def test_a_command_goes_on_from_the_last_event_alone(office, statement):
    if office.store.database.sqlite:
        for what in ("update", "delete"):
            spoil(office.store, f"DROP TRIGGER events_no_{what}")
    spoil(office.store, statement)
    with pytest.raises(Damaged):
        office.report("A", {"employees": 60}, by=BY, when=DAY)


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE policies SET files = replace(files, '30 days', '90 days')", "policies"),
        ("UPDATE policies SET files = substr(files, 2)", "policies"),
        ("UPDATE notices SET kind = 'reminded', day = 'nonsense'", "notices"),
        ("UPDATE notices SET created_at = '2026-11=27T00:00:00.000000Z'", "notices"),
        ("UPDATE imports SET counts = '{'", "imports"),
    ],
)  # fmt: skip
def test_what_no_event_tells_is_looked_at_too(office, statement, where):
    if not office.store.database.sqlite and ("nonsense" in statement or "11=27" in statement):
        pytest.skip("PostgreSQL keeps no such day")
    source = Source("x.csv", "0" * 64, 1, None, None, None)
    list(office.intake.begin(source, 1).take([RowRead(2, "C", "丙", "110105", FACTS)]))
    office.sweep(when=date(2016, 12, 1))
    spoil(office.store, statement)
    assert {one.table for one in office.store.differences()} == {where}
    with pytest.raises(Unreadable):
        {
            "policies": lambda: Supervision.open(office.store), "notices": office.store.outbox,
            "imports": office.intake.imports,
        }[where]()  # fmt: skip


def test_pages_that_do_not_fit_and_texts_that_are_none_are_found(office):
    if not office.store.database.sqlite:
        pytest.skip("its pages are its own")
    spoil(office.store, "DROP TRIGGER events_no_update")
    spoil(office.store, "UPDATE events SET changes = CAST(x'7bff7d' AS TEXT) WHERE case_id = 'B' AND seq = 1")
    assert ("B", "events") in [one[:2] for one in found(office.store)]
    assert "A" not in [one[0] for one in found(office.store)]
    with pytest.raises(Unreadable):
        office.history("B")


def test_the_command_names_what_is_damaged_besides(office, capsys):
    spoil(office.store, "UPDATE policies SET files = substr(files, 2)")
    assert run(["db", "check", "--repair", "--db", office.store.url]) == 1
    said = capsys.readouterr()
    assert "a policy's text" in said.out
    assert "restore it from a backup" in said.err
    assert run(["list", "--db", office.store.url]) == 1
    assert capsys.readouterr().err.startswith("[unreadable]")


def test_a_sweep_goes_on_past_what_is_damaged(office):
    """Whether it can't be read, is not what the policy knows, or has lost the end of its history."""
    store = office.store
    for number in range(30):
        office.register(Organization(f"S{number:02}", "学校", "110105", FACTS), when=DAY)
    if store.database.sqlite:
        spoil(store, "DROP TRIGGER events_no_delete")
    spoil(store, "UPDATE cases SET more = '{' WHERE id = 'S03'")
    spoil(store, "UPDATE cases SET state = 'nowhere' WHERE id = 'S10'")
    spoil(store, "UPDATE cases SET revision = 0 WHERE id = 'S20'")
    swept = office.sweep(when=date(2016, 12, 1), batch=7)
    assert {id for id, _ in swept.failed} == {"S03", "S10", "S20"}
    assert {error.code for _, error in swept.failed} <= {"damaged", "case-changed"}
    moved = {view.id for view, _ in swept.happened}
    assert moved >= {f"S{number:02}" for number in range(30)} - {"S03", "S10", "S20"}
    for id in ("S03", "S10", "S20"):
        store.rebuild(id)
    again = office.sweep(when=date(2016, 12, 1))
    assert again.failed == ()
    assert {view.id for view, _ in again.happened} >= {"S03", "S10", "S20"}
    assert found(store) == []
