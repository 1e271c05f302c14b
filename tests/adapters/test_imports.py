"""Registers imported as one, parked, completed and undone: the same in memory, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.engine import Organization, Query, RowRead, Source, Supervision, fold
from guikou.engine.cases.events import counting
from guikou.engine.errors import (
    AlreadyUndone,
    BadFact,
    CaseWithdrawn,
    ImportEnded,
    ImportInUse,
    MissingValue,
    NotParked,
    OnlyParked,
    ReasonMissing,
    TimeRunsBack,
    UnknownImport,
)

pytestmark = pytest.mark.usefixtures("told_on_time")

NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)
DAY = date(2016, 1, 4)
BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education",
    "employees": 42, "party_members": 5, "has_organization": False, "registered_on": date(2012, 5, 4),
}  # fmt: skip
A, B, C = "521101087NCC6K4P54", "52110108MA0000001X", "52110108MA0000002P"


def row(id=A, line=2, name="学校", area="110105", faults=(), **facts):
    """A row of a register; a fact that is ... is not said."""
    said = {key: value for key, value in {**FACTS, **facts}.items() if value is not ...}
    return RowRead(line, id, name, area, said, faults, {"编码": id or ""})


def empty(name):
    return MissingValue(what=name, key=name)


@pytest.fixture
def office(policy, store):
    return Supervision(policy, store)


@pytest.fixture
def bring(office):
    """Imports rows, and gives what became of each with the import."""

    def imported(*rows, digest="d1", park=False, batch=100, **more):
        run = office.intake.begin(Source("register.csv", digest, 1), len(rows), park=park, **{"when": DAY, **more})
        found = list(run.take(rows, batch))
        return found, run.what

    return imported


def outcomes(found):
    return [one.outcome for one in found]


def codes(taken):
    return [error.code for error in taken.faults]


def content(case):
    """A case without what says where it stands in its history."""
    return replace(case, revision=0, head="", updated_at=NOW, policy="")


# --- kept as one -----------------------------------------------------------------------------------------------------


def test_an_import_is_kept_with_what_became_of_each_row(office, bring):
    bad = row(None, 4, faults=(BadFact(fact="x", value="y", kind="date", expected="a date"),))
    found, what = bring(row(A), row(B, 3, industry=...), bad, row(C, 5), actor="desk-7")
    assert outcomes(found) == ["opened", "rejected", "rejected", "opened"]
    assert office.intake.get(what.number) == what == office.intake.imports()[0]
    assert (what.state, what.actor, what.lines, what.source.file) == ("done", "desk-7", 4, "register.csv")
    assert what.counts == {"opened": 2, "changed": 0, "unchanged": 0, "rejected": 2, "parked": 0}
    rows = office.intake.rows(what.number)
    assert [(one.line, one.id, one.outcome, one.revision) for one in rows] == [
        (2, A, "opened", 1), (3, B, "rejected", None), (4, None, "rejected", None), (5, C, "opened", 1),
    ]  # fmt: skip
    assert office.intake.rows(what.number, "opened") == [rows[0], rows[3]]
    shown = rows[2].faults[0].error()
    assert (type(shown), shown.message("zh"), shown.message("en")) == (BadFact, bad.faults[0].message("zh"), str(bad.faults[0]).partition(";")[0])  # fmt: skip
    assert rows[1].faults[0].code == "missing-fact"


def test_an_import_that_there_is_not_is_unknown(office):
    for ask in (office.intake.get, office.intake.rows, lambda number: office.intake.undo(number, reason="x")):
        with pytest.raises(UnknownImport):
            ask(7)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_each_row_has_its_own_fate_however_many_are_kept_together(batch, office, bring):
    rows = [row(id, line, industry="education" if line % 2 else ...) for line, id in enumerate("ABCDEFG", 2)]
    found, _ = bring(*rows, batch=batch)
    assert outcomes(found) == ["rejected", "opened"] * 3 + ["rejected"]
    assert [case.id for case in office.store.cases(Query())] == ["B", "D", "F"]


def test_one_that_was_broken_off_is_seen_with_what_it_did_and_goes_on_when_imported_again(office, bring):
    rows = [row(id, line) for line, id in enumerate("ABCD", 2)]

    def broken():
        yield from rows[:3]
        raise KeyboardInterrupt

    run = office.intake.begin(Source("register.csv", "d1", 1), 4, when=DAY)
    with pytest.raises(KeyboardInterrupt):
        list(run.take(broken(), batch=2))
    left = office.intake.get(run.what.number)
    assert (left.state, left.looked_at, left.lines, left.finished_at) == ("running", 2, 4, None)
    assert [case.id for case in office.store.cases(Query())] == ["A", "B"]
    found, what = bring(*rows)
    assert outcomes(found) == ["unchanged", "unchanged", "opened", "opened"]
    assert what.number > left.number


def test_a_dry_run_keeps_nothing(office, bring):
    found, what = bring(row(A), row(B, 3, industry=...), dry_run=True, park=True)
    assert outcomes(found) == ["opened", "parked"]
    assert what.counts["opened"] == 1
    assert (office.store.cases(Query()), office.intake.imports(), office.intake.parked()) == ([], [], [])


# --- the same again --------------------------------------------------------------------------------------------------


def test_an_unchanged_file_changes_nothing_also_after_what_was_wrong_in_it_was_corrected(office, bring):
    rows = [row(A), row(A, 3, employees=20)]
    assert outcomes(bring(*rows)[0]) == ["opened", "rejected"]
    assert outcomes(bring(row(A, 2, employees=20), digest="mended")[0]) == ["changed"]
    assert outcomes(bring(*rows)[0]) == ["unchanged", "rejected"]
    assert office.get(A).case.facts["employees"] == 20


def test_a_row_that_was_not_taken_changes_nothing_once_its_case_is_there_otherwise(office, bring):
    rows = [row(A, 2, name="缺行业", industry=...), row(A, 3, name="齐全"), row(B, 4, name="错名", industry=...)]
    assert outcomes(bring(*rows)[0]) == ["rejected", "opened", "rejected"]
    bring(row(B, 2, name="改正"), digest="mended")
    before = [office.history(id) for id in (A, B)]
    found, _ = bring(*rows)
    assert outcomes(found) == ["rejected", "unchanged", "unchanged"]
    assert codes(found[0]) == ["missing-fact"]
    assert [office.history(id) for id in (A, B)] == before


def test_what_was_said_last_is_no_news_in_another_file_either(office, bring):
    bring(row(A))
    office.advance(A, "apply", by=BY, evidence={"application": "1"}, when=DAY)
    office.advance(A, "establish", by=BY, evidence={"approval_document": "2"}, when=DAY)
    assert outcomes(bring(row(A), digest="d2")[0]) == ["unchanged"]
    assert office.get(A).case.facts["has_organization"] is True


def test_a_row_is_the_same_id_again_only_where_the_one_before_was_taken(bring):
    found, _ = bring(row(A, 2, industry=...), row(A, 3), row(A, 4), row(A, 5, employees=9))
    assert outcomes(found) == ["rejected", "opened", "unchanged", "rejected"]
    assert codes(found[3]) == ["row-again"]
    assert "row 3" in str(found[3].faults[0])


def test_what_a_row_lacks_is_told_at_once(bring):
    (taken,), _ = bring(row(A, name=None, area=None, registered_as=..., industry=...))
    assert codes(taken)[:2] == ["missing-value", "missing-value"]
    assert "missing-fact" in codes(taken)


# --- parked ----------------------------------------------------------------------------------------------------------


def test_what_lacks_something_is_parked_and_found_by_its_id(office, bring):
    found, what = bring(row(A, industry=...), row(B, 3, area=None), park=True)
    assert outcomes(found) == ["parked", "parked"]
    first, second = office.intake.parked()
    assert (first.id, first.source, first.line, first.state, first.facts["employees"]) == (A, what.number, 2, "waiting", 42)  # fmt: skip
    assert first.given == {"编码": A}
    assert (first.lacks.zh, second.lacks.zh) == ("行业领域", "区域")
    for ask in (office.get, office.history, lambda id: office.report(id, {"employees": 1}, by=BY)):
        with pytest.raises(OnlyParked) as error:
            ask(A)
        assert "行业" in error.value.message("zh")
    assert office.store.cases(Query()) == []


def test_values_that_can_not_be_read_and_what_the_policy_excludes_are_never_parked(office, bring):
    bad = BadFact(fact="x", value="y", kind="date", expected="a date")
    found, _ = bring(row(A, industry=..., faults=(bad,)), row(None, 3), row(B, 4, registered_as="nonsense"), park=True)
    assert outcomes(found) == ["rejected"] * 3
    assert office.intake.parked() == []


def test_the_same_row_again_changes_nothing(office, bring):
    rows = [row(A, industry=...)]
    bring(*rows, park=True)
    before = office.intake.parked(state=None)
    for digest, park in (("d1", True), ("d2", True), ("d1", False)):
        found, _ = bring(*rows, digest=digest, park=park)
        assert outcomes(found) == ["parked"]
        assert office.intake.parked(state=None) == before
    assert outcomes(bring(*rows, digest="d3")[0]) == ["rejected"]  # it does not say that it may be parked
    assert office.intake.parked(state=None) == before


def test_it_is_completed_by_hand_step_by_step(office, bring):
    bring(row(A, name=None, industry=...), park=True)
    still = office.intake.complete(A, {"industry": "health", "employees": 50}, actor="desk-1")
    assert (still.state, still.lacks.en, still.actor, still.source) == ("waiting", "name", "desk-1", None)
    old, new = office.intake.parked(state=None)
    assert (old.state, old.settled_by, new.replaces) == ("replaced", "desk-1", old.number)
    assert new.first({one.number: one for one in (old, new)}) == old
    assert office.intake.parked(source=old.source) == [new]
    assert office.intake.parked(source=old.source, state=None) == [old, new]
    assert office.intake.parked(source=old.source, state=None, limit=1) == [old]
    assert office.intake.parked(source=old.source + 1, state=None) == []
    view = office.intake.complete(A, {}, name="仁爱学校", when=DAY)
    assert (view.id, view.name, view.case.facts["industry"], view.case.facts["employees"]) == (A, "仁爱学校", "health", 50)  # fmt: skip
    assert office.intake.parked() == []
    assert [one.state for one in office.intake.parked(state=None)] == ["replaced", "opened"]
    assert office.intake.parked(state="opened")[0].case == A
    with pytest.raises(NotParked):
        office.intake.complete(A, {"employees": 1})


def test_it_is_completed_by_a_later_import_of_which_the_newer_wins(office, bring):
    bring(row(A, industry=...), row(B, 3, industry=...), park=True)
    found, what = bring(
        RowRead(9, A, None, None, {"industry": "health", "employees": 7}, (empty("name"), empty("area"))),
        RowRead(10, B, "新名", None, {"employees": 8}, (empty("area"),)),
        digest="d2",
        park=True,
    )
    assert outcomes(found) == ["opened", "parked"]
    case = office.get(A).case
    assert (case.name, case.facts["industry"], case.facts["employees"]) == ("学校", "health", 7)
    (waits,) = office.intake.parked()
    assert (waits.id, waits.name, waits.facts["employees"], waits.source) == (B, "新名", 8, what.number)


def test_what_is_refused_stays_parked(office, bring):
    bring(row(A, industry=...), park=True)
    before = office.intake.parked()
    with pytest.raises(BadFact):
        office.intake.complete(A, {"industry": "nonsense"})
    assert office.intake.parked() == before


def test_it_is_dropped_on_record(office, bring):
    bring(row(A, industry=...), park=True)
    with pytest.raises(ReasonMissing):
        office.intake.drop(A, reason=" ")
    office.intake.drop(A, reason="已注销", actor="desk-1")
    (gone,) = office.intake.parked(state=None)
    assert (gone.state, gone.reason, gone.settled_by) == ("dropped", "已注销", "desk-1")
    with pytest.raises(NotParked):
        office.intake.drop(A, reason="again")


@pytest.mark.parametrize("park", [True, False])
def test_what_was_dropped_is_no_news_in_the_same_file(park, office, bring):
    rows = [row(A, industry=...), row(B, 3, industry=...), row(C, 4, industry=...)]
    bring(*rows, park=True)
    office.intake.complete(B, {"employees": 9})
    for id in (A, B):
        office.intake.drop(id, reason="已注销")
    before = office.intake.parked(state=None)
    for _ in range(3):
        assert outcomes(bring(*rows, park=park)[0]) == ["unchanged", "unchanged", "parked"]
        assert office.intake.parked(state=None) == before
    assert outcomes(bring(row(A, industry="health"), digest="d2")[0]) == ["opened"]
    assert outcomes(bring(row(B, 3, industry=..., employees=10), digest="d3", park=True)[0]) == ["parked"]


def test_whoever_registers_it_otherwise_settles_it(office, bring):
    bring(row(A, industry=...), row(B, 3, industry=...), park=True)
    office.register(Organization(A, "学校", "110105", FACTS), when=DAY)
    assert office.take_in(Organization(B, "学校", "110105", FACTS), when=DAY)[0] == "opened"
    assert office.intake.parked() == []
    assert {one.case for one in office.intake.parked(state="opened")} == {A, B}


# --- undone ----------------------------------------------------------------------------------------------------------


def test_what_was_opened_is_withdrawn_and_counts_for_nothing(office, bring):
    bring(row(B))
    before = office.indicators()
    _, what = bring(row(A), digest="d2")
    assert office.indicators() != before
    undone = office.intake.undo(what.number, reason="错误名单", actor="desk-1", when=DAY)
    assert [case.id for case in undone.withdrawn] == [A]
    assert (undone.what.state, undone.what.undone_by, undone.what.undone_because) == ("undone", "desk-1", "错误名单")
    case = office.get(A).case
    assert (case.closed, case.withdrawn, case.due, case.duties) == (True, DAY, None, {})
    assert fold(office.history(A)) == case
    assert [event.kind for event in office.history(A)] == ["opened", "withdrawn"]
    assert office.history(A)[-1].reason == "错误名单"
    assert [one.id for one in office.cases()] == [B]
    assert [one.id for one in office.cases(withdrawn=True)] == [A]
    assert office.indicators() == before
    assert sum(office.store.counts().values()) == 1
    assert office.support(2015) == office.support(2015, under="beijing")
    with pytest.raises(CaseWithdrawn):
        office.advance(A, "apply", by=BY, evidence={"application": "1"})
    with pytest.raises(AlreadyUndone):
        office.intake.undo(what.number, reason="again")
    assert office.sweep(when=date(2017, 1, 4), dry_run=True).cases == 1


def test_a_day_before_it_was_withdrawn_is_as_it_was(office, bring, store):
    _, what = bring(row(A), when=date(2016, 1, 1))
    office.intake.undo(what.number, reason="x")
    assert [one.id for one in office.cases(as_of=date(2016, 1, 2))] == [A]
    assert office.cases(as_of=DAY) == []
    assert store.get(A, NOW - timedelta(days=1)).withdrawn is None


def test_what_was_withdrawn_can_be_registered_again_and_is_new(office, bring):
    _, what = bring(row(A, weak=True, employees=99))
    office.intake.undo(what.number, reason="x", when=DAY)
    found, again = bring(row(A, name="新名", industry="health"), digest="d2")
    assert outcomes(found) == ["opened"]
    case = office.get(A).case
    fresh = office.store.cases(Query())
    assert [one.id for one in fresh] == [A]
    assert (case.withdrawn, case.closed, case.name, case.revision) == (None, False, "新名", 3)
    assert "weak" not in case.facts
    assert case.facts["employees"] == 42
    assert fold(office.history(A)) == case
    assert office.store.get(A) == case
    assert office.explain(A).rules
    office.intake.undo(again.number, reason="y")
    assert office.get(A).case.withdrawn is not None
    assert outcomes(bring(row(A), digest="d2", when=None)[0]) == ["opened"]


def test_a_registration_before_the_day_of_the_withdrawal_is_refused(office, bring):
    _, what = bring(row(A))
    office.intake.undo(what.number, reason="x")
    found, _ = bring(row(A), when=date(2016, 1, 2))
    assert codes(found[0]) == [TimeRunsBack.code]


def test_what_was_changed_is_put_back_as_it_was(office, bring):
    bring(row(A, weak=...), when=date(2016, 1, 1))
    was = office.get(A).case
    _, what = bring(row(A, name="新名", area="110108", industry="health", employees=70, weak=True), digest="d2")
    changed = office.get(A).case
    assert changed.responsible != was.responsible
    undone = office.intake.undo(what.number, reason="x", when=DAY)
    assert [case.id for case in undone.restored] == [A]
    case = office.get(A).case
    assert content(case) == content(was)
    assert "weak" not in case.facts
    assert fold(office.history(A)) == case == office.store.get(A)
    assert [event.seq for event in counting(office.history(A))] == [1]
    assert office.cases(area="110105")[0].id == A
    # What it had said is news again.
    assert outcomes(bring(row(A, employees=70), digest="d3")[0]) == ["changed"]


def test_imports_are_undone_one_after_the_other(office, bring):
    _, first = bring(row(A))
    _, second = bring(row(A, employees=50), digest="d2")
    _, third = bring(row(A, employees=60), digest="d3")
    with pytest.raises(ImportInUse) as refused:
        office.intake.undo(first.number, reason="x")
    assert A in str(refused.value)
    assert "事实更新" in refused.value.message("zh")
    for one in (third, second, first):
        office.intake.undo(one.number, reason="x")
    assert office.get(A).case.withdrawn is not None
    assert [one.state for one in office.intake.imports()] == ["undone"] * 3


def test_all_or_nothing(office, bring, store):
    bring(row(C))
    _, what = bring(row(A), row(B, 3), row(C, 4, employees=1), row("D", 5, industry=...), digest="d2", park=True)
    office.advance(B, "apply", by=BY, evidence={"application": "1"}, when=DAY)
    before = [store.events(id) for id in (A, B, C)], office.intake.parked(state=None)
    with pytest.raises(ImportInUse) as refused:
        office.intake.undo(what.number, reason="x")
    assert refused.value.details["count"] == 1
    assert ([store.events(id) for id in (A, B, C)], office.intake.parked(state=None)) == before
    assert office.intake.get(what.number).state == "done"


def test_what_the_sweep_did_since_happened(office, bring):
    _, what = bring(row(A))
    assert office.sweep(when=date(2016, 1, 4) + timedelta(days=400)).happened
    with pytest.raises(ImportInUse):
        office.intake.undo(what.number, reason="x", when=date(2018, 1, 1))


def test_what_it_parked_is_dropped_and_what_it_completed_waits_again(office, bring):
    _, first = bring(row(A, industry=...), row(B, 3, industry=...), park=True)
    _, second = bring(row(A), row(B, 3, industry=..., employees=7), digest="d2", park=True)
    waits = office.intake.parked()
    assert [(one.id, one.facts["employees"]) for one in waits] == [(B, 7)]
    with pytest.raises(ImportInUse):
        office.intake.undo(first.number, reason="x")
    undone = office.intake.undo(second.number, reason="x")
    assert (len(undone.withdrawn), undone.dropped) == (1, 1)
    assert [(one.id, one.facts["employees"], one.settled_at) for one in office.intake.parked()] == [
        (A, 42, None), (B, 42, None),
    ]  # fmt: skip
    assert office.intake.undo(first.number, reason="x").dropped == 2
    assert office.intake.parked() == []


def test_within_one_import_too(office, bring):
    rows = [row(A, 2, industry=...), RowRead(3, A, None, None, {"industry": "health"}, (empty("name"), empty("area")))]
    found, what = bring(*rows, park=True)
    assert outcomes(found) == ["parked", "opened"]
    assert office.intake.undo(what.number, reason="x").dropped == 1
    assert office.intake.parked() == []
    assert office.get(A).case.withdrawn is not None


def test_what_was_completed_by_hand_since_is_undone_with_it(office, bring):
    _, what = bring(row(A, industry=...), row(B, 3), park=True)
    office.intake.complete(A, {"industry": "health"}, when=NOW)
    done = office.intake.undo(what.number, reason="x", when=DAY)
    assert ([case.id for case in done.withdrawn], done.dropped) == ([B, A] if B < A else [A, B], 1)
    assert [one.state for one in office.intake.parked(state=None)] == ["dropped"]
    assert office.store.cases(Query()) == []


@pytest.mark.parametrize("then", ["waits", "dropped", "opened"])
def test_what_was_completed_in_part_by_hand_is_undone_with_it(then, office, bring):
    bring(row(A, name=None, area=None, industry=...), digest="d0", park=True)
    waits = office.intake.parked()
    rows = [row(A, name="学校", area=None, industry=...), row(B, 3, industry=...)]
    _, what = bring(*rows, park=True)
    for facts in ({"employees": 50}, {"employees": 51}):
        assert office.intake.complete(A, facts).state == "waiting"
    if then == "dropped":
        office.intake.drop(A, reason="已注销")
    if then == "opened":
        office.intake.complete(A, {"industry": "health"}, area="110105", when=NOW)
    done = office.intake.undo(what.number, reason="x", when=DAY)
    assert [case.id for case in done.withdrawn] == ([A] if then == "opened" else [])
    assert done.dropped == (1 if then == "dropped" else 2)
    states = [one.state for one in office.intake.parked(id=A, state=None)]
    if then == "dropped":  # somebody let go of it: that stays
        assert (office.intake.parked(), states) == ([], ["replaced"] * 3 + ["dropped"])
    else:
        assert (office.intake.parked(), states) == (waits, ["waiting"] + ["dropped"] * 3)
    assert office.store.cases(Query()) == []
    assert "parked" in outcomes(bring(*rows, park=True)[0])
    for one in office.intake.imports():
        if one.state != "undone":
            office.intake.undo(one.number, reason="y")
    assert office.intake.parked() == []


def test_what_another_import_completed_in_part_is_in_the_way_until_it_is_undone(office, bring):
    _, what = bring(row(A, industry=...), park=True)
    office.intake.complete(A, {"employees": 50})
    _, other = bring(row(A, industry=..., employees=7), digest="d2", park=True)
    office.intake.complete(A, {"employees": 51})
    with pytest.raises(ImportInUse) as refused:
        office.intake.undo(what.number, reason="x")
    assert f"第 {other.number} 次导入已补充" in refused.value.message("zh")
    office.intake.drop(A, reason="已注销")
    for one in (other, what):
        office.intake.undo(one.number, reason="x")
    assert office.intake.parked() == []


def test_what_it_opened_itself_of_what_was_completed_in_part_meanwhile_is_withdrawn(office):
    run = office.intake.begin(Source("register.csv", "d1", 1), 2, park=True, when=DAY)
    rows = run.take([row(A, name=None, industry=...), row(A, 3, name="学校")], batch=1)
    next(rows)
    office.intake.complete(A, {"weak": True})
    assert outcomes(rows) == ["opened"]
    done = office.intake.undo(run.what.number, reason="x", when=DAY)
    assert ([case.id for case in done.withdrawn], done.dropped) == ([A], 1)
    assert [one.state for one in office.intake.parked(state=None)] == ["dropped"] * 2


def test_what_was_completed_and_changed_since_is_in_the_way(office, bring):
    _, what = bring(row(A, industry=...), park=True)
    office.intake.complete(A, {"industry": "health"}, when=DAY)
    office.remark(A, "已电话核实", by="chaoyang-health")
    with pytest.raises(ImportInUse) as refused:
        office.intake.undo(what.number, reason="x")
    assert A in str(refused.value)


def test_what_another_import_opened_is_its_own(office, bring):
    _, what = bring(row(A, industry=...), park=True)
    bring(row(A), digest="d2")
    with pytest.raises(ImportInUse):
        office.intake.undo(what.number, reason="x")


def test_an_import_that_runs_ends_when_somebody_undoes_it(office):
    run = office.intake.begin(Source("register.csv", "d1", 1), 2, when=DAY)
    some = run.take([row(A), row(B, 3)], batch=1)
    next(some)
    office.intake.undo(run.what.number, reason="x")
    with pytest.raises(ImportEnded):
        list(some)
    assert office.store.cases(Query()) == []


def test_the_file_of_an_import_that_was_undone_may_be_imported_again(office, bring):
    rows = [row(A), row(B, 3, industry=...)]
    _, first = bring(*rows, park=True)
    office.intake.undo(first.number, reason="x", when=DAY)
    found, _ = bring(*rows, park=True)
    assert outcomes(found) == ["opened", "parked"]


def test_a_file_does_not_undo_what_was_corrected_where_another_import_was_undone(office, bring):
    bring(row(A), digest="d1")
    _, other = bring(row(B), digest="d2")
    office.report(A, {"employees": 60}, by=BY, when=DAY)
    office.intake.undo(other.number, reason="x", when=DAY)
    found, _ = bring(row(A), digest="d1")
    assert outcomes(found) == ["unchanged"]
    assert office.get(A).case.facts["employees"] == 60


def test_what_an_import_left_alone_is_taken_once_that_of_another_was_undone(office, bring):
    _, other = bring(row(A), digest="d2")
    assert outcomes(bring(row(A), digest="d1")[0]) == ["unchanged"]
    office.intake.undo(other.number, reason="x", when=DAY)
    assert outcomes(bring(row(A), digest="d1")[0]) == ["opened"]


def test_a_day_to_come_is_no_fact(policy, store):
    office = Supervision(policy, store)
    tomorrow = office.today() + timedelta(days=1)
    run = office.intake.begin(Source("register.csv", "d", 1), 1, park=False, when=DAY)
    [taken] = run.take([row(A, registered_on=tomorrow)])
    assert (taken.outcome, [one.code for one in taken.faults]) == ("rejected", ["bad-fact"])
    office.register(Organization(A, "学校", "110105", FACTS), when=DAY)
    with pytest.raises(BadFact):
        office.report(A, {"registered_on": tomorrow}, by=BY, when=DAY)
