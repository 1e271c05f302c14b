"""What something told brings about, step by step."""

from datetime import date

from guikou.engine.decide.effects import Steps
from guikou.engine.decide.gates import Ask
from guikou.engine.policy.gates import Effect
from guikou.engine.policy.workflow import GATE, SWEEP

from ..told import BY, REGISTRY, applicant, established


def steps(told):
    return Steps(told.policy, told.case, told.stamp(BY))


def test_what_is_owed_is_met_with_the_outcome_and_evidence_that_are_the_obligations_own(beijing):
    some = steps(established(beijing))
    evidence = {"inspection_report": "1", "something_else": "2"}
    assert some.bring_about(Effect(meets=("inspection",)), GATE, "qualified", evidence) is None
    (met,) = some.events
    assert (met.kind, met.concerns, met.outcome, met.evidence) == (
        "met",
        "inspection",
        "qualified",
        {"inspection_report": "1"},
    )
    assert some.case.duties["inspection"].due.year == 2017


def test_an_outcome_that_is_anothers_leaves_an_obligation_with_its_own(beijing):
    some = steps(established(beijing, term_began=date(2012, 9, 1)))
    assert some.bring_about(Effect(meets=("change_of_term",)), GATE, "qualified") is None
    assert [(event.concerns, event.outcome) for event in some.events] == [("change_of_term", "held")]


def test_what_is_not_owed_is_left(beijing):
    some = steps(established(beijing))
    assert some.bring_about(Effect(meets=("hub_meeting",), fire="establish"), GATE) is None
    assert (some.events, some.case.stage) == ([], "innovate")


def test_a_trigger_is_fired_in_its_role_only_and_not_once_the_case_is_closed(beijing):
    told = applicant(beijing).do(Ask("registration"), REGISTRY)
    for role, fired in ((SWEEP, 0), (GATE, 1)):
        some = steps(told)
        assert some.bring_about(Effect(fire="register"), role) is None
        assert len(some.events) == fired
    assert some.case.state == "registered"
    closed = established(beijing).advance("deregister", deregistration_record="1")
    some = steps(closed)
    assert some.bring_about(Effect(fire="turn_weak"), SWEEP) is None
    assert some.events == []


def test_a_refusal_stops_what_follows(beijing):
    some = steps(established(beijing))
    refused = some.bring_about(Effect(meets=("inspection",), fire="turn_weak"), GATE, "splendid")
    assert refused.code == "outcome-missing"
    assert some.events == []
    assert some.add(refused) is refused
