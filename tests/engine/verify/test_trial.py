"""A policy tried on one organisation, step by step."""

from datetime import date

import pytest

from guikou.engine import Organization
from guikou.engine.verify.trial import Asked, Fire, GateTold, Met, Swept, Tell, Trial, Wait

from ..told import BY, SCHOOL, START


def trial(policy, day=START, **facts):
    return Trial(policy, Organization("-", "-", "110105", {**SCHOOL, **facts}), day)


def test_an_organisation_that_is_not_taken_in_says_why(beijing):
    refused = trial(beijing, registered_as="enterprise", industry="education")
    assert refused.refused.code == "not-admitted"
    assert (refused.case, refused.placement, refused.open_triggers(), refused.events) == (None, None, (), [])
    with pytest.raises(AssertionError):
        refused.take(Wait(1))


def test_whoever_may_acts_with_whatever_evidence_is_asked_for(beijing):
    tried = trial(beijing).run([Fire("apply"), Wait(3), Fire("establish"), Tell({"weak": True})])
    assert [one.refused for one in tried.steps] == [None] * 4
    assert [one.body for one in tried.steps] == [BY, None, BY, BY]
    assert [one.day for one in tried.steps] == [START, *[date(2016, 1, 7)] * 3]
    assert tried.case.state == "standardize.improving"
    assert tried.events[1].evidence == {"application": "trial"}
    assert tried.facts()["weak"] is True


def test_it_stops_at_the_first_step_that_is_refused(beijing):
    tried = trial(beijing).run([Fire("establish"), Fire("apply")])
    assert [one.refused.code for one in tried.steps] == ["not-from-here"]
    assert tried.case.state == "build.preparing"


def test_a_superior_acts_where_only_one_may(beijing):
    tried = trial(beijing, has_organization=True, standardized=False, weak=True).run([Fire("extend")])
    assert (tried.steps[0].body, tried.case.extensions) == ("beijing-education", 1)
    assert "extend" not in tried.open_triggers()
    assert tried.first(("hub",)) == tried.case.hub


def test_days_are_swept_one_by_one_or_pass_unseen(beijing):
    due = trial(beijing).case.due
    swept, waited = trial(beijing).take(Swept(date(2017, 1, 1))), trial(beijing).take(Wait(363))
    assert (swept.day, waited.day) == (date(2017, 1, 1), date(2017, 1, 1))
    assert swept.day > due
    assert (swept.case.overdue, waited.case.overdue) == (True, False)


def test_what_fires_by_itself_is_fired_as_by_the_sweep(beijing):
    tried = trial(beijing, has_organization=True, standardized=True, weak=False).run(
        [Tell({"weak": True}), Fire("turn_weak")]
    )
    assert (tried.case.stage, tried.events[-1].actor, tried.steps[-1].refused) == ("rectify", "sweep", None)


def test_gates_are_asked_and_told_and_duties_met(beijing):
    facts = {"registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": False, "investigated": False}
    tried = trial(beijing, has_organization=True, standardized=True, weak=False, **facts)
    tried.run(
        [Asked("annual_inspection"), GateTold("annual_inspection", "inspected", "qualified"), Met("first_review")]
    )
    assert [one.refused for one in tried.steps] == [None] * 3
    assert tried.case.gates["annual_inspection"].told.keys() == {"inspected"}
    assert tried.asked()["registered_on.months"] == 44
    assert tried.take(Asked("nothing")).refused.code == "unknown-gate"
