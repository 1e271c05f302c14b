"""A case as the policy and a day show it."""

from datetime import date

import pytest

from guikou.engine.cases.case import Duty, Passage
from guikou.engine.supervision.views import CaseView, GateView

from ..indicators.cases import DAY, case
from ..told import building, established

DUE = date(2016, 2, 3)


def view(policy, one, day=DAY, obligation=None):
    return CaseView(one, policy, day, obligation)


def test_what_is_due_is_the_cases_or_the_duties(beijing):
    duty = Duty(due=DUE, escalation=1, escalated_to="beijing-education")
    one = case(stage_due=date(2016, 7, 4), duties={"inspection": duty})
    own, of_duty = view(beijing, one, date(2016, 2, 13)), view(beijing, one, date(2016, 2, 13), "inspection")
    assert (own.due, own.days_overdue, own.escalation, own.escalated_to) == (date(2016, 7, 4), 0, 0, None)
    assert (of_duty.due, of_duty.days_overdue, of_duty.escalation, of_duty.escalated_to.id) == (
        DUE,
        10,
        1,
        "beijing-education",
    )
    assert own.what == beijing.workflows[one.workflow].full_title(one.state)
    assert of_duty.what == beijing.obligations["inspection"].title
    assert (of_duty.next, of_duty.escalates_to.id) == ((), "beijing")
    assert of_duty.roles == beijing.obligations["inspection"].by


def test_who_answers_is_whoever_stands_for_the_body_that_day(beijing):
    one = case(responsible="beijing-local-tax")
    assert view(beijing, one, date(2018, 6, 14)).responsible.id == "beijing-local-tax"
    assert view(beijing, one, date(2018, 6, 15)).responsible.id == "beijing-tax"


def test_what_is_next_and_once_it_is_late_to_escalate(beijing):
    told = building(beijing)
    assert view(beijing, told.case).next == ("apply",)
    late = view(beijing, told.case, date(2016, 12, 1))
    assert (late.next, late.escalates_to.id) == (("apply", "escalate"), "beijing-education")
    assert "escalate" in late.open_triggers
    assert "escalate" not in view(beijing, told.case).open_triggers


def test_what_a_state_waits_for_and_does_not_have(beijing):
    guided = view(beijing, building(beijing, party_members=0).case)
    assert [(need.fact, need.value, need.met) for need in guided.lacking] == [("party_members", 0, False)]
    assert view(beijing, building(beijing).case).lacking == ()


def test_a_closed_case_has_nothing_left(beijing):
    told = established(beijing).advance("deregister", deregistration_record="1")
    closed = view(beijing, told.case)
    assert (closed.transitions, closed.next, closed.open_triggers, closed.unscheduled) == ((), (), (), {})


def test_an_obligation_that_lacks_a_day_names_the_facts_that_would_give_it(beijing):
    unscheduled = view(beijing, established(beijing).case).unscheduled
    assert unscheduled["change_of_term"] == beijing.obligations["change_of_term"].since
    known = view(beijing, established(beijing, term_began=date(2014, 1, 4)).case).unscheduled
    assert "change_of_term" not in known


PASSAGES = {
    "passed": Passage("allowed", (), DAY, {"inspected": {}}, DAY), "half-told": Passage("allowed", (), DAY, {"inspected": {}}),
    "refused": Passage("refused", (), DAY), "asked": Passage("allowed", (), DAY),
}  # fmt: skip


@pytest.mark.parametrize("standing", PASSAGES)
def test_how_a_case_stands_before_a_gate(beijing, standing):
    gate, passage = beijing.parts.gates["annual_inspection"], PASSAGES[standing]
    one = view(beijing, case(gates={gate.name: passage}), date(2016, 2, 13))
    seen = GateView(one, gate, passage, one.left(gate.name), DUE)
    assert (seen.standing, seen.days_overdue) == (standing, 10)
    both = ("inspected", "organization_inspected")
    assert seen.left == {"passed": (), "half-told": both[1:], "refused": (), "asked": both}[standing]
