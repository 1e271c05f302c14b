"""Gates, records, groups and cases that others carry on, as pure decisions."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import GuikouError, Organization, Register, fold
from guikou.engine.case import Tally
from guikou.engine.conditions import Condition
from guikou.engine.instep import Ask, Continued, Join, Leave, Record, Strike, TellGate, judge
from guikou.engine.parts import ANSWERS
from guikou.engine.timing import asked_context, months

from .test_decide import BY, Told

REGISTRY = "chaoyang-registration"
OLD_ENOUGH = {
    "registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": False, "investigated": False,
    "has_organization": True, "standardized": False, "weak": False,
}  # fmt: skip


def school(policy, **facts):
    return Told(policy, **{**OLD_ENOUGH, **facts})


def applicant(policy, **facts):
    own = {"registered_as": "applicant", "incubating": False, "party_members": 3, "investigated": False}
    return Told(policy, **{**own, **facts})


# --- gates -----------------------------------------------------------------------------------------------------------


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
    told = Told(beijing, registered_on=date(2012, 5, 4), inspection="qualified", penalised=False)
    assert told.refused(Ask("annual_inspection"), REGISTRY).code == "missing-fact"
    told = Told(beijing, investigated=True)  # registered on, and the inspection, are not known
    told.do(Ask("grade_evaluation"), REGISTRY)
    assert told.case.gates["grade_evaluation"].grounds == ("should_have_built", "under_investigation")


def test_who_may_ask_and_tell(beijing):
    told = school(beijing)
    assert told.refused(Ask("annual_inspection"), "haidian-registration").code == "may-not-act"
    assert told.refused(Ask("nothing"), REGISTRY).code == "unknown-gate"
    firm = Told(beijing, registered_as="professional_firm", industry="law", registered_at="city", investigated=False)
    assert firm.refused(Ask("annual_inspection"), "beijing-registration").code == "not-for-gate"
    told.do(Ask("annual_inspection"), "beijing-registration")  # its area holds the organisation
    report = {"inspection_report": "1"}
    assert told.refused(TellGate("annual_inspection", "inspected", "qualified", report), BY).code == "may-not-act"
    assert (
        told.refused(TellGate("annual_inspection", "inspected", "qualified", {}), REGISTRY).code == "evidence-missing"
    )
    assert told.refused(TellGate("annual_inspection", "inspected", None, report), REGISTRY).code == "unknown-outcome"
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


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 3000))
def test_months_since_a_day_count_as_periods_do(since, days):
    day = since + timedelta(days=days)
    whole = months(since, day)
    assert _after(since, whole) <= day < _after(since, whole + 1)


def _after(day, count):
    from guikou.engine import Period

    return Period(count, "month").after(day) if count else day


# --- records ---------------------------------------------------------------------------------------------------------


def test_M30_money_is_whole_hundredths_and_counts_for_its_year(beijing):
    told = school(beijing)
    pay = Record("allowance_paid", year=2015, amount=Decimal("1000.10"), evidence={"voucher": "1"})
    told.do(pay, BY).do(replace(pay, amount=Decimal("0.02"), year=None), BY, days=40)
    assert told.case.records["allowance_paid"] == Tally(
        date(2016, 2, 13), {2015: (1, 0, Decimal("1000.10")), 2016: (1, 0, Decimal("0.02"))}
    )
    assert fold(told.events) == told.case


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": None}, "bad-record"),
        ({"amount": Decimal("0.001")}, "bad-record"),
        ({"amount": Decimal("-1")}, "bad-record"),
        ({"amount": Decimal("NaN")}, "bad-record"),
        ({"amount": Decimal("1e20")}, "bad-record"),
        ({"count": 3}, "bad-record"),
        ({"venue": "centre-beijing"}, "bad-record"),
        ({"year": 2017}, "bad-record"),
        ({"on": date(2016, 1, 5)}, "bad-record"),
        ({"evidence": {}}, "evidence-missing"),
        ({"kind": "nothing"}, "unknown-record"),
    ],
)
def test_a_record_is_as_its_kind_asks_or_refused(beijing, wrong, code):
    good = {"kind": "allowance_paid", "amount": Decimal("1.00"), "evidence": {"voucher": "1"}}
    told = school(beijing)
    assert told.refused(Record(**good | wrong)).code == code
    told.do(Record(**good))


def test_M31_a_venue_must_be_one_of_the_policys(beijing):
    told = school(beijing)
    assert told.refused(Record("venue_use", venue="centre-chaoyan")).code == "unknown-venue"
    told.do(Record("venue_use", venue="centre-chaoyang"))
    assert told.case.records["venue_use"].of(2016)[0] == 1


def test_M26_what_was_recorded_is_seen_by_indicators_and_can_be_struck(beijing):
    told = school(beijing)
    activity = Record("activity", on=date(2015, 12, 20), count=30, evidence={"activity_record": "1"})
    told.do(activity).do(replace(activity, on=None, count=12), days=1)
    facts = asked_context(beijing, told.case, date(2016, 2, 20))
    assert (facts["activity.this_year"], facts["activity.months"]) == (1, 1)
    recorded = [event for event in told.events if event.kind == "recorded"]
    told.do(Strike(recorded[1], recorded[:1], "wrong"))
    assert told.case.records["activity"] == Tally(date(2015, 12, 20), {2015: (1, 30, Decimal(0))})
    told.do(Strike(recorded[0], [], "wrong too"))
    assert told.case.records == {}
    assert asked_context(beijing, told.case, date(2016, 2, 20))["activity.months"] is None


# --- groups ----------------------------------------------------------------------------------------------------------


def group(policy, **facts):
    own = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
    return Told(policy, **{**own, **facts}).case


def test_M15_joining_gives_an_organisation_and_leaving_takes_it(beijing):
    joint, told = replace(group(beijing), id="J"), Told(beijing, party_members=2)
    told.do(Join("joint_membership", joint, {"joint_agreement": "1"}))
    assert (told.case.stage, told.case.facts["organization_form"]) == ("standardize", "joint_branch")
    assert told.case.groups["J"].since == date(2016, 1, 4)
    again = told.refused(Join("joint_membership", replace(joint, id="K"), {"joint_agreement": "1"}))
    assert again.code == "already-member"
    told.do(Leave("joint_membership", joint), days=30)
    assert (told.case.state, told.case.facts["has_organization"]) == ("build.joining", False)
    assert told.case.groups == {}
    assert told.refused(Leave("joint_membership", joint)).code == "not-member"


@pytest.mark.parametrize(
    ("facts", "members", "code"),
    [
        ({"has_organization": True, "standardized": False, "weak": False}, 0, "not-eligible"),
        ({"party_members": 0}, 0, "not-eligible"),
        ({}, 5, "group-full"),
        ({}, 4, None),
    ],
)
def test_M15_who_may_join(beijing, facts, members, code):
    joint, told = replace(group(beijing), id="J", members=members), Told(beijing, **facts)
    join = Join("joint_membership", joint, {"joint_agreement": "1"})
    if code is None:
        told.do(join)
    else:
        assert told.refused(join).code == code
    assert told.refused(replace(join, evidence={})).code in ("evidence-missing", "already-member", code)


def test_M02_a_group_is_of_its_kind_only(beijing):
    told = Told(beijing)
    assert told.refused(Join("hub_membership", group(beijing))).code == "not-a-group"
    assert told.refused(Join("club", group(beijing))).code == "unknown-group"


def test_whoever_closes_leaves_its_groups(beijing):
    told = Told(beijing, party_members=2).do(
        Join("joint_membership", replace(group(beijing), id="J"), {"joint_agreement": "1"})
    )
    told.advance("deregister", deregistration_record="1")
    assert told.case.groups == {}


# --- a case that another carries on ----------------------------------------------------------------------------------


def test_M25_the_registered_organisation_carries_the_incubated_one_on(beijing):
    told = applicant(beijing, party_members=2, incubating=True, guide_sent=False)
    told.do(Record("activity", count=9, evidence={"activity_record": "1"}), REGISTRY)
    registered = Organization("N", "N", "110105", {"registered_as": "private_non_enterprise"})
    assert told.refused(Register(registered)).code == "already-open"
    told.do(Ask("incubation"), REGISTRY)
    told.do(TellGate("incubation", "admitted", None, {"incubation_agreement": "1"}), REGISTRY)
    told.advance("graduate", by=REGISTRY, incubation_report="1")
    assert told.refused(Continued("N"), REGISTRY).code == "not-continued"
    told.do(Ask("registration"), REGISTRY)
    told.do(TellGate("registration", "registered", None, {"registration_decision": "1"}), REGISTRY)
    new = Told.__new__(Told)
    new.policy, new.case, new.events, new.at = beijing, None, [], told.at
    new.do(Register(registered, told.case), "beijing")
    assert new.case.continues == "A"
    assert new.case.records == told.case.records
    assert new.case.duties["build_plan"] == told.case.duties["build_plan"]
    assert new.case.facts["party_members"] == 2
    assert new.case.state == "build.joining"
    assert new.events[0].changes["continues_from"] == told.case.head
    told.do(Continued("N"), REGISTRY)
    assert (told.case.closed, told.case.continued_as, told.case.duties) == (True, "N", {})
    assert fold(new.events) == new.case


def test_a_school_is_not_carried_on(beijing):
    assert Told(beijing).refused(Continued("N")).code == "not-continued"
