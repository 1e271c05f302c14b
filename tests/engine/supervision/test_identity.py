"""Cases found by every id that their organisation has had."""

from datetime import date

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.cases.events import EventKind
from guikou.engine.cases.fold import fold
from guikou.engine.errors import (
    BadIdentity,
    BadText,
    GuikouError,
    IdMerged,
    IdTaken,
    MergedAway,
    NotCorrectable,
    NotMergeable,
    NotVisible,
    ReasonMissing,
    UnknownCase,
)
from guikou.engine.supervision.naming import cases_named, listed_cases, near_cases
from guikou.engine.supervision.query import Query

from ..told import BY, SCHOOL

OLD, NEW, NEWER, OTHER = "521101087NCC6K4P54", "52110105MJ0001010Q", "52110105MJ0001029M", "52110105MJ0001037G"


@pytest.fixture
def supervision(published, clock):
    store = MemoryStore(clock)
    return Supervision.activate(published, store)


def register(supervision, id, **facts):
    return supervision.register(Organization(id, f"学校{id[-2:]}", "110105", {**SCHOOL, **facts}))


def test_an_id_is_checked_by_what_the_organisation_was_found_to_be(supervision):
    for id in ("A", "521101087NCC6K4P55", "5.21E+17"):
        with pytest.raises(BadIdentity):
            register(supervision, id)
    with pytest.raises(BadIdentity):
        supervision.take_in(Organization("A", "学校", "110105", SCHOOL))
    for id in ("", " ", f" {OLD}", f"{OLD}\x00"):
        with pytest.raises(BadText):
            register(supervision, id)
    assert supervision.cases() == []


def test_however_it_is_written_it_is_one_organisation(supervision):
    assert register(supervision, OLD.lower()).id == OLD
    assert supervision.get("５２１１０１０８７ncc6k4p5 4").id == OLD
    outcome, view = supervision.take_in(Organization(f"'{OLD}", "学校54", "110105", SCHOOL))
    assert (outcome, view.id) == ("unchanged", OLD)
    assert supervision.report("'" + OLD.lower(), {"employees": 3}).case.facts["employees"] == 3


def test_every_old_id_still_finds_the_case(supervision):
    register(supervision, OLD)
    assert supervision.rename(OLD, NEW, reason="new certificate", by=BY).id == NEW
    assert supervision.rename(NEW.lower(), NEWER, by=BY).id == NEWER
    for id in (OLD, NEW, NEWER):
        assert supervision.get(id).id == NEWER
        assert [event.kind for event in supervision.lineage(id)][-2:] == ["renamed", "renamed"]
    supervision.report(NEW, {"employees": 7})
    assert supervision.take_in(Organization(OLD, "学校54", "110105", SCHOOL | {"employees": 8}))[0] == "changed"
    assert len(supervision.cases()) == 1
    assert supervision.get(OLD, as_of=date(2016, 1, 4)).id == NEWER
    assert supervision.rename(NEWER, OLD, by=BY).id == OLD
    assert supervision.get(NEWER).id == OLD
    with pytest.raises(UnknownCase):
        supervision.get(OTHER)


def test_what_names_a_case_names_it_by_its_present_id(supervision):
    register(supervision, OLD)
    supervision.rename(OLD, NEW, by=BY)
    store, policy = supervision.store, supervision.policy
    assert [case.organization for case in cases_named(store, NEW[:8].lower())] == [NEW]
    assert [case.organization for case in cases_named(store, OLD[:12])] == [NEW], "by the beginning of an old one too"
    assert NEW in listed_cases(policy, store.cases(Query()), 3).en
    assert near_cases(store, NEW[:-2] + "XX").en.startswith(NEW)
    refused = {
        "already-open": lambda: register(supervision, OLD),
        "not-a-group": lambda: supervision.join(OLD, OLD, kind="joint_membership", by=BY),
        "not-visible": lambda: supervision.remark(OLD, "seen", by="haidian-health"),
        "not-continued": lambda: supervision.register(Organization(OTHER, "学校", "110105", SCHOOL), continues=OLD),
    }
    for code, attempt in refused.items():
        with pytest.raises(GuikouError) as caught:
            attempt()
        assert (caught.value.code, caught.value.details["case"]) == (code, NEW)


def test_an_id_that_another_has_had_is_not_given_again(supervision):
    register(supervision, OLD)
    register(supervision, OTHER)
    supervision.rename(OTHER, NEW, by=BY)
    for taken in (OTHER, NEW, NEW.lower()):
        with pytest.raises(IdTaken):
            supervision.rename(OLD, taken, by=BY)


def test_an_id_of_a_case_that_was_merged_is_kept_by_merging_the_other_way_round(supervision):
    register(supervision, OLD)
    register(supervision, OTHER)
    supervision.rename(OTHER, NEW, by=BY)
    supervision.same(OLD, NEW, reason="entered twice", by=BY)
    for its in (OTHER, NEW, NEW.lower()):
        with pytest.raises(IdMerged):
            supervision.rename(OLD, its, by=BY)
        assert supervision.get(its).id == OLD
    (event,) = [one for one in supervision.history(OLD) if one.kind == EventKind.SAME]
    supervision.correct(OLD, event.seq, reason="the new code is the other's", never=True, by=BY)
    assert supervision.same(NEW, OLD, reason="entered twice", by=BY).id == NEW
    assert [supervision.get(id).id for id in (OLD, OTHER, NEW)] == [NEW] * 3


def test_two_records_of_one_organisation_become_one_with_both_histories(supervision):
    register(supervision, OLD)
    register(supervision, NEW, records_kept=True)
    supervision.rename(NEW, NEWER, by=BY)
    view = supervision.same(OLD, NEWER, reason="entered twice", by=BY)
    assert (view.id, view.case.facts["records_kept"]) == (OLD, True)
    for id in (OLD, NEW, NEWER):
        assert supervision.get(id).id == OLD
        assert [(event.case, event.kind) for event in supervision.lineage(id)] == [
            (NEW, "opened"), (NEW, "renamed"), (NEW, "merged"), (OLD, "opened"), (OLD, "same"), (OLD, "reported"),
        ] or sorted(event.case for event in supervision.lineage(id)) == [OLD] * 3 + [NEW] * 3  # fmt: skip
    assert [view.id for view in supervision.cases(closed=False)] == [OLD]
    for one, two in ((OLD, NEW), (OLD, OLD), (NEW, OLD)):
        with pytest.raises(NotMergeable):
            supervision.same(one, two, reason="again", by=BY)
    with pytest.raises(ReasonMissing):
        supervision.same(OLD, NEW, reason=" ", by=BY)


def test_a_request_on_either_gets_its_answer_after_they_became_one(supervision):
    register(supervision, OLD)
    register(supervision, NEW)
    first = supervision.report(NEW, {"employees": 7}, by=BY, request_id="r")
    supervision.same(OLD, NEW, reason="entered twice", by=BY, request_id="s")
    assert supervision.report(NEW, {"employees": 7}, by=BY, request_id="r").case == first.case
    assert supervision.same(OLD, NEW, reason="entered twice", by=BY, request_id="s").id == OLD


def test_a_record_of_the_other_stays_counted_when_one_of_its_own_is_struck(supervision, clock):
    register(supervision, OLD)
    register(supervision, NEW)
    for id, count in ((OLD, 9), (NEW, 12)):
        supervision.record(id, "activity", count=count, by=BY, evidence={"activity_record": "1"})
    view = supervision.same(OLD, NEW, reason="entered twice", by=BY)
    assert view.case.records["activity"].of(2016)[:2] == (2, 21)
    (own,) = supervision.records(OLD)
    assert supervision.strike(OLD, own.seq, reason="wrong", by=BY).case.records["activity"].of(2016)[:2] == (1, 12)


def test_who_does_not_see_a_case_neither_renames_nor_merges_it(supervision):
    register(supervision, OLD)
    supervision.register(Organization(OTHER, "海淀医院", "110108", {**SCHOOL, "industry": "health"}))
    for work in (
        lambda: supervision.rename(OTHER, NEW, reason="换证", by=BY),
        lambda: supervision.same(OLD, OTHER, reason="重复", by=BY),
        lambda: supervision.same(OLD, OTHER, reason="重复", by="haidian-health"),
        lambda: supervision.same(OTHER, OLD, reason="重复", by=BY),
    ):
        with pytest.raises(NotVisible):
            work()
    assert [one.case.revision for one in supervision.cases()] == [1, 1]
    assert supervision.same(OLD, OTHER, reason="重复", by="beijing").id == OLD


def test_two_that_were_merged_by_mistake_are_two_again(supervision, clock):
    register(supervision, OLD, employees=3)
    register(supervision, OTHER, grade="3A", employees=9)
    before = [supervision.get(id).case for id in (OLD, OTHER)]
    supervision.same(OLD, OTHER, reason="误认", by=BY)
    supervision.report(OLD, {"employees": 4}, by=BY)
    assert supervision.get(OTHER).id == OLD
    (event,) = [one for one in supervision.history(OLD) if one.kind == EventKind.SAME]
    with pytest.raises(MergedAway):
        supervision.correct(OTHER, event.seq, reason="并错", never=True, by=BY)
    with pytest.raises(NotCorrectable):
        supervision.correct(OLD, event.seq, reason="并错", because="另一理由", by=BY)
    preview = supervision.correct(OLD, event.seq, reason="并错", never=True, by=BY, dry_run=True)
    assert supervision.get(OTHER).id == OLD
    assert "grade" in preview.before.case.facts
    assert "grade" not in preview.after.case.facts
    assert supervision.correct(OLD, event.seq, reason="并错", never=True, by=BY).parted.id == OTHER
    kept, other = supervision.get(OLD).case, supervision.get(OTHER).case
    assert (kept.id, other.id) == (OLD, OTHER)
    assert kept.facts == {**before[0].facts, "employees": 4}
    assert (other.facts, other.closed, other.same_as, other.stage_due) == (
        before[1].facts,
        False,
        None,
        before[1].stage_due,
    )
    assert fold(supervision.history(OTHER)) == other
    assert fold(supervision.history(OLD)) == kept
    assert supervision.same(OLD, OTHER, reason="确系同一", by=BY).id == OLD
