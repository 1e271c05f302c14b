"""Keeping what was decided, and what follows for groups."""

from datetime import date

import pytest

from guikou.engine import Organization
from guikou.engine.decide.due.wake import wake
from guikou.engine.decide.intake import Report
from guikou.engine.errors import TypeChanged, UnknownCase
from guikou.engine.supervision.keeping import Keeping

from ..told import BY

JOINT = Organization("J", "联合", "110105", {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"})  # fmt: skip


def test_a_case_is_read_once_in_a_transaction_and_seen_as_it_became(office, school):
    school()
    with office.store.transaction() as work:
        keeping = Keeping(office, work)
        before = keeping.standing("A")
        assert keeping.case("A") is before
        after = keeping.done(before, Report({"employees": 43}), office.stamp(by="beijing"))
        assert keeping.standing("A") == after
        assert [event.kind for event in keeping.events] == ["reported"]
        assert keeping.case("Z") is None
        with pytest.raises(UnknownCase):
            keeping.standing("Z")
        with pytest.raises(TypeChanged):
            keeping.done(after, Report({"registered_as": "foundation"}), office.stamp(by="beijing"))
    assert office.store.get("A") == before  # nothing is kept without a commit


def test_what_is_kept_is_looked_at_again_when_something_is_due(office, school):
    case = school().case
    day = wake(office.policy, case, date(2016, 1, 4))
    with office.store.transaction() as work:
        assert [(woken, one.id) for woken, _, one in work.woken(day, 9, (date.min, ""))] == [(day, "A")]
    with office.store.transaction() as work:
        assert work.woken(date.fromordinal(day.toordinal() - 1), 9, (date.min, "")) == []


def test_a_command_that_changes_nothing_appends_nothing(office, school):
    school()
    with office.store.transaction() as work:
        keeping = Keeping(office, work)
        assert keeping.done(keeping.standing("A"), Report({}), office.stamp(by="beijing")) == keeping.standing("A")
        assert keeping.events == []


def test_who_closes_leaves_its_group_and_a_group_with_too_few_is_dissolved(office, school, supervision):
    for id in "AB":
        school(id, party_members=2)
    supervision.found(JOINT, ["A", "B"], evidence={"joint_agreement": "1"}, by=BY)
    supervision.advance("A", "deregister", by=BY, evidence={"deregistration_record": "1"})
    assert office.store.get("J").closed
    assert {id: office.store.get(id).groups for id in "AB"} == {"A": {}, "B": {}}
    assert office.store.get("B").facts["has_organization"] is False
