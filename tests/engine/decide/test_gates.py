"""Gates asked and told."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import GuikouError, fold
from guikou.engine.decide.gates import Ask, TellGate, judge
from guikou.engine.policy.gates import ANSWERS
from guikou.engine.rules.conditions import Condition

from ..told import BY, REGISTRY, applicant, building, school


def test_M22_neither_approval_stands_without_the_other_in_either_order(beijing):
    first = ("registered", REGISTRY, {"registration_decision": "1"})
    second = ("organization_approved", BY, {"approval_document": "2"})
    ends = []
    for order in ((first, second), (second, first)):
        told = applicant(beijing).do(Ask("registration"), REGISTRY)
        (outcome, body, evidence), (other, its, papers) = order
        told.do(TellGate("registration", outcome, None, evidence), body)
        assert told.case.state == "register"
        assert "registered_on" not in told.case.facts
        assert told.case.facts["has_organization"] is False
        assert told.case.duties["registration_in_step"].due == date(2016, 2, 3)
        told.do(TellGate("registration", other, None, papers), its)
        assert told.case.state == "registered"
        assert told.case.duties["registration_in_step"].due is None
        assert told.case.gates["registration"].passed == date(2016, 1, 4)
        assert [event.kind for event in told.events] == ["opened", "asked", "told", "told", "advanced"]
        assert fold(told.events) == told.case
        ends.append((told.case.state, told.case.facts))
    assert ends[0] == ends[1]
    assert ends[0][1]["has_organization"] is True
    assert ends[0][1]["registered_on"] == date(2016, 1, 4)


def test_M22_a_dated_plan_takes_the_place_of_the_other_approval(beijing):
    told = applicant(beijing, party_members=2).do(Ask("registration"), REGISTRY)
    assert told.case.gates["registration"].answer == "conditional"
    assert told.events[-1].changes["due"] == date(2016, 7, 4)
    refused = told.refused(TellGate("registration", "organization_approved", None, {"approval_document": "1"}), BY)
    assert refused.code == "unknown-outcome"
    told.do(TellGate("registration", "registered", None, {"registration_decision": "1"}), REGISTRY, days=10)
    assert told.case.state == "registered"
    assert told.case.duties["build_plan"].due == date(2016, 7, 4)  # from when it was asked, as the answer said


def test_M22_a_plan_that_is_fulfilled_already_is_not_laid_on(beijing):
    told = school(beijing, has_organization=False, party_members=3).do(Ask("annual_inspection"), REGISTRY)
    assert told.case.gates["annual_inspection"].answer == "conditional"
    told.do(TellGate("annual_inspection", "inspected", "qualified", {"inspection_report": "1"}), REGISTRY)
    told.advance("apply", application="1").advance("establish", approval_document="2")
    told.do(TellGate("annual_inspection", "organization_inspected", None, {"party_building_report": "2"}))
    assert "build_plan" not in told.case.duties


def test_M22_a_refusal_by_the_registry_takes_back_what_was_half_told(beijing):
    told = applicant(beijing).do(Ask("registration"), REGISTRY)
    told.do(TellGate("registration", "organization_approved", None, {"approval_document": "2"}), BY)
    told.do(TellGate("registration", "rejected", None, {"rejection": "3"}), REGISTRY)
    assert told.case.closed
    assert told.case.facts["has_organization"] is False
    assert told.case.duties == {}


def test_M23_the_inspection_is_met_once_both_are_inspected_and_never_twice(beijing):
    told = school(beijing).do(Ask("annual_inspection"), REGISTRY)
    told.do(TellGate("annual_inspection", "inspected", "basically_qualified", {"inspection_report": "1"}), REGISTRY)
    assert told.case.duties["inspection"].due == date(2016, 5, 31)
    assert told.case.facts["inspection"] == "qualified"
    told.do(TellGate("annual_inspection", "organization_inspected", None, {"party_building_report": "2"}))
    assert told.case.duties["inspection"].due == date(2017, 5, 31)
    assert told.case.facts["inspection"] == "basically_qualified"
    assert told.case.facts["inspection_before"] == "qualified"
    assert told.events[-1].kind == "met"
    assert told.events[-1].evidence == {"inspection_report": "1", "party_building_report": "2"}
    again = told.refused(TellGate("annual_inspection", "inspected", "qualified", {"inspection_report": "1"}), REGISTRY)
    assert again.code == "not-asked"


def test_M23_the_two_changes_of_term_may_drift_by_90_days(beijing):
    told = school(beijing, term_began=date(2012, 5, 4)).do(Ask("change_of_term"), REGISTRY)
    told.do(TellGate("change_of_term", "council_elected", None, {"council_election": "1"}), BY)
    assert told.case.duties["term_in_step"].due == date(2016, 4, 3)
    assert told.case.duties["change_of_term"].due == date(2016, 5, 4)
    told.do(TellGate("change_of_term", "organization_elected", None, {"organization_election": "2"}), BY, days=30)
    assert told.case.facts["term_began"] == date(2016, 2, 3)
    assert told.case.duties["change_of_term"].due == date(2020, 2, 3)


def evaluated(told, grade):
    told.do(Ask("grade_evaluation"), REGISTRY)
    told.do(TellGate("grade_evaluation", "evaluated", grade, {"evaluation_report": "1"}), REGISTRY)
    return told.do(TellGate("grade_evaluation", "organization_evaluated", None, {"party_building_evaluation": "2"}))


def test_M24_a_grade_is_evaluated_again_once_it_runs_out_and_not_before(beijing):
    """What the evaluation sets is from when the next one counts, and no hindrance to this one."""
    told = evaluated(school(beijing), "3A")
    assert told.case.facts["grade"] == "3A"
    told.day = date(2019, 1, 4)
    told.do(Ask("grade_evaluation"), REGISTRY)
    early = TellGate("grade_evaluation", "evaluated", "4A", {"evaluation_report": "3"})
    assert told.refused(early, REGISTRY).code == "already-met"  # before the half of it is told
    told.day = date(2020, 10, 1)
    evaluated(told, "4A")
    met = told.events[-1]
    assert (met.kind, met.concerns, met.of) == ("met", "grade_evaluation", date(2021, 1, 4))
    assert told.case.facts["grade"] == "4A"
    assert told.case.duties["grade_evaluation"].due == date(2025, 10, 1)
    assert fold(told.events) == told.case


@pytest.mark.parametrize(
    ("facts", "ground"),
    [
        ({"has_organization": False, "party_members": 3}, "should_have_built"),
        ({"registered_on": date(2014, 1, 5)}, "too_young"),
        ({"inspection": "unqualified"}, "last_inspection"),
        ({"inspection": "missed"}, "last_inspection"),
        ({"inspection": "basically_qualified", "inspection_before": "basically_qualified"}, "basic_twice"),
        ({"penalised": True}, "penalised"),
        ({"investigated": True}, "under_investigation"),
    ],
)
def test_M24_who_may_not_be_evaluated_and_why(beijing, facts, ground):
    told = school(beijing, **facts).do(Ask("grade_evaluation"), REGISTRY)
    asked = told.events[-1]
    assert (asked.changes["answer"], told.case.gates["grade_evaluation"].grounds) == ("refused", (ground,))
    assert len(asked.rules) == 1
    assert len(asked.rules[0].rows) == 1
    outcome = TellGate("grade_evaluation", "evaluated", "3A", {"evaluation_report": "1"})
    assert told.refused(outcome, REGISTRY).code == "gate-refused"


def test_M24_two_full_years_to_the_day(beijing):
    told = school(beijing, registered_on=date(2014, 1, 4)).do(Ask("grade_evaluation"), REGISTRY)
    assert told.case.gates["grade_evaluation"].answer == "allowed"


def test_a_fact_that_is_not_known_is_not_guessed_unless_it_makes_no_difference(beijing):
    told = building(beijing, registered_on=date(2012, 5, 4), inspection="qualified", penalised=False)
    assert told.refused(Ask("annual_inspection"), REGISTRY).code == "missing-fact"
    told = building(beijing, investigated=True)  # registered on, and the inspection, are not known
    told.do(Ask("grade_evaluation"), REGISTRY)
    assert told.case.gates["grade_evaluation"].grounds == ("should_have_built", "under_investigation")


def test_who_may_ask_and_tell(beijing):
    told = school(beijing)
    assert told.refused(Ask("annual_inspection"), "haidian-registration").code == "may-not-act"
    assert told.refused(Ask("nothing"), REGISTRY).code == "unknown-gate"
    firm = building(
        beijing, registered_as="professional_firm", industry="law", registered_at="city", investigated=False
    )
    assert firm.refused(Ask("annual_inspection"), "beijing-registration").code == "not-for-gate"
    told.do(Ask("annual_inspection"), "beijing-registration")  # its area holds the organisation
    report = {"inspection_report": "1"}
    assert told.refused(TellGate("annual_inspection", "inspected", "qualified", report), BY).code == "may-not-act"
    assert (
        told.refused(TellGate("annual_inspection", "inspected", "qualified", {}), REGISTRY).code == "evidence-missing"
    )
    assert told.refused(TellGate("annual_inspection", "inspected", None, report), REGISTRY).code == "value-missing"
    assert told.refused(TellGate("annual_inspection", "x", None, report), REGISTRY).code == "unknown-outcome"
    told.do(TellGate("annual_inspection", "inspected", "qualified", report), REGISTRY)
    twice = told.refused(TellGate("annual_inspection", "inspected", "qualified", report), REGISTRY)
    assert twice.code == "already-told"
    assert "Party-building inspected" in twice.line("en")


GATES = st.sampled_from(["annual_inspection", "change_of_term", "grade_evaluation"])

FACTS = st.fixed_dictionaries(
    {},
    optional={
        "has_organization": st.booleans(),
        "party_members": st.integers(0, 5),
        "registered_on.months": st.integers(0, 40),
        "inspection": st.sampled_from(["qualified", "basically_qualified", "unqualified", "missed"]),
        "inspection_before": st.sampled_from(["qualified", "basically_qualified"]),
        "penalised": st.booleans(),
        "investigated": st.booleans(),
    },
)


@given(name=GATES, facts=FACTS)
@settings(deadline=None)
def test_a_gate_answers_by_its_worst_ground_and_the_same_however_the_unknown_turns_out(beijing, name, facts):
    gate = beijing.parts.gates[name]
    table = beijing.table(gate.table)
    answer = judge(beijing, gate, facts)
    if isinstance(answer, GuikouError):
        assert answer.code == "missing-fact"
        assert answer.details["key"] not in facts
        return
    by_hand = [
        row.outputs[0]
        for row in table.rows
        if Condition(tuple(zip([fact for fact, _ in table.inputs], row.tests, strict=True))).evaluate(facts) is True
    ]
    grounds = [gate.grounds[one] for one in by_hand or [gate.otherwise]]
    worst = max(ANSWERS.index(one.answer) for one in grounds)
    assert answer.outputs["answer"] == ANSWERS[worst]
    told = {one.name for one in grounds if not worst or one.answer != "allowed"}  # what is refused needs no praise
    assert told == set(answer.outputs["grounds"])
    for fact, worse in (("investigated", True), ("penalised", True), ("inspection", "missed")):
        if fact not in facts and any(fact == one for one, _ in table.inputs):
            other = judge(beijing, gate, {**facts, fact: worse})
            if not isinstance(other, GuikouError):
                assert ANSWERS.index(other.outputs["answer"]) <= worst
