"""Cases, duties and gates listed."""

from datetime import date

import pytest

from guikou.engine.errors import NotVisible, UnknownCase, UnknownGate, UnknownObligation
from guikou.engine.supervision import listings

from ..told import BY, REGISTRY

pytestmark = pytest.mark.usefixtures("told_on_time")

ORGANIZED = {"has_organization": True, "standardized": True, "weak": False}


def test_one_case_is_seen_from_above_only(office, school):
    school()
    assert listings.one_case(office, "A", BY, None).id == "A"
    assert listings.one_case(office, "A", "beijing", None).id == "A"
    with pytest.raises(NotVisible):
        listings.one_case(office, "A", "haidian-education", None)
    with pytest.raises(UnknownCase):
        listings.one_case(office, "A", None, date(2016, 1, 3))


def due(office, what="all", obligation=None, since=None, before=None, order="due", limit=None, **which):
    found = listings.deadlines(office, what, obligation, None, since, before, order, limit, **which)
    return [(one.id, one.obligation, one.due) for one in found]


def test_deadlines_are_of_cases_and_of_duties_in_one_order(office, school):
    school("A")
    school("B", **ORGANIZED)
    stage = ("A", None, date(2016, 7, 4))
    inspections = [(id, "inspection", date(2016, 5, 31)) for id in "AB"]
    assert due(office) == sorted(due(office), key=lambda one: (one[2], one[0]))
    assert stage in due(office)
    assert due(office, what="stages") == [stage]
    assert due(office, obligation="inspection") == inspections
    assert due(office, what="duties", since=date(2016, 5, 31), before=date(2016, 6, 1)) == inspections
    assert due(office, obligation="inspection", limit=1) == inspections[:1]
    assert due(office, stage="build") == [stage]
    assert due(office, under="haidian") == []
    with pytest.raises(UnknownObligation):
        due(office, obligation="dance")


def test_what_is_a_day_overdue_was_due_before_today():
    today = date(2016, 6, 1)
    assert listings.overdue_before(today, 1) == today
    assert listings.overdue_before(today, 30) == date(2016, 5, 3)


def test_an_inbox_is_what_a_body_itself_can_do(office, school, supervision):
    school("A")
    school("B", **ORGANIZED)
    assert [(one.id, one.obligation) for one in listings.inbox(office, BY, None)][:1] == [("A", "first_review")]
    assert listings.inbox(office, "haidian-education", None) == []
    supervision.sweep(when=date(2016, 1, 5))
    waiting = [(one.id, one.obligation) for one in listings.inbox(office, BY, None, as_of=date(2016, 1, 5))]
    assert {("A", "inspection"), ("B", "inspection")} <= set(waiting)
    assert listings.inbox(office, BY, 1, as_of=date(2016, 1, 5))[0].obligation is not None


def test_gates_are_listed_the_half_told_first(office, school, supervision):
    known = {"registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": False, "investigated": False}
    for id in "AB":
        school(id, **ORGANIZED, **known)
        supervision.gate(id, "annual_inspection", by=REGISTRY)
    supervision.tell(
        "B", "annual_inspection", "inspected", value="qualified", by=REGISTRY, evidence={"inspection_report": "1"}
    )
    found = listings.gates(office, None, False, None)
    assert [(one.case.id, one.standing, one.left) for one in found] == [
        ("B", "half-told", ("organization_inspected",)), ("A", "asked", ("inspected", "organization_inspected")),
    ]  # fmt: skip
    assert listings.gates(office, "registration", False, None) == []
    with pytest.raises(UnknownGate):
        listings.gates(office, "nothing", False, None)


def test_what_can_not_be_scheduled_is_listed_with_what_it_wants(school, supervision):
    for id in ("A", "B", "C"):
        school(id, has_organization=True, weak=False, standardized=True)
    supervision.report("B", {"term_began": date(2012, 5, 4)}, by=BY)
    found = {
        (view.id, view.obligation): view.unscheduled[view.obligation]
        for view in supervision.unscheduled(area="chaoyang")
    }
    assert ("A", "change_of_term") in found
    assert "term_began" in found["A", "change_of_term"]
    assert ("B", "change_of_term") not in found
    ids = [view.id for view in supervision.unscheduled(obligation="change_of_term")]
    assert ids == ["A", "C"]
    assert [view.id for view in supervision.unscheduled(obligation="change_of_term", limit=1)] == ["A"]
    with pytest.raises(UnknownObligation):
        supervision.unscheduled(obligation="nothing")
