"""Transitions taken: what they set, where they lead, whom they escalate to."""

from datetime import date

import pytest

from guikou.engine import Advance, Report

from ..edits import edited
from ..told import building


def weak(policy, **facts):
    return building(policy, has_organization=True, standardized=False, weak=True, **facts)


def test_M20_a_withdrawn_finding_goes_back_to_where_it_came_from(beijing):
    told = building(beijing, has_organization=True, standardized=False, weak=False)
    told.advance("find_weak", finding_report="1")
    told.advance("withdraw_finding", "beijing-education", withdrawal_note="2")
    assert (told.case.state, told.case.facts["weak"]) == ("standardize.improving", False)


def test_M20_one_extension_by_a_superior(beijing):
    told = weak(beijing)
    due = told.case.stage_due
    assert told.refused(Advance("extend", {"extension_approval": "1"})).code == "may-not-act"
    without = told.refused(Advance("extend", {"extension_approval": "1"}), "beijing-education")
    assert without.code == "reason-missing"
    told.do(Advance("extend", {"extension_approval": "1"}, "the premises are being moved"), "beijing-education")
    assert (told.events[-1].reason, told.events[-1].body) == ("the premises are being moved", "beijing-education")
    assert (due, told.case.stage_due, told.case.extensions) == (date(2016, 7, 4), date(2016, 10, 4), 1)
    refusal = told.refused(Advance("extend", {"extension_approval": "2"}), "beijing-education")
    assert "extensions (case.extensions) is 1, needed < 1" in refusal.message("en")


def test_a_deadline_that_is_extended_has_climbed_nowhere_unless_the_policy_says_otherwise(beijing):
    extend = "evidence: extension_approval, reason: true, extend: 3 months"
    kept = edited(beijing, "workflows/stages.yaml", (extend, f"{extend}, climbed: kept"))
    for policy, climbed in ((beijing, (0, None, None)), (kept, (1, "beijing-education", date(2016, 7, 6)))):
        told = weak(policy)
        for trigger, evidence in (("confirm_finding", {}), ("adopt_plan", {"rectification_plan": "1"})):
            told.advance(trigger, **evidence)
        told.day = date(2016, 7, 6)
        told.advance("escalate")
        assert (told.case.due, told.case.escalated_to) == (date(2016, 7, 4), "beijing-education")
        told.do(Advance("extend", {"extension_approval": "1"}, "moved"), "beijing-education")
        assert (told.case.escalation, told.case.escalated_to, told.case.escalated_on) == climbed
        assert told.case.due == date(2016, 10, 4)


def test_M20_escalation_climbs_to_the_top_and_ends_with_the_stage(beijing):
    told = weak(beijing)
    assert told.refused(Advance("escalate")).code == "guard-not-met"
    told.advance("escalate", days=200)
    assert (told.case.escalation, told.case.escalated_to) == (1, "beijing-education")
    told.advance("escalate")
    assert (told.case.escalation, told.case.escalated_to) == (2, "beijing")
    assert told.refused(Advance("escalate")).code == "top-reached"
    told.advance("confirm_finding").advance("adopt_plan", rectification_plan="1")
    told.advance("complete_measures", measures_report="1").advance("pass_reinspection", reinspection_report="1")
    assert (told.case.escalation, told.case.escalated_to) == (0, None)


def test_M20_a_failed_reinspection_goes_back_and_up(beijing):
    told = weak(beijing).advance("confirm_finding").advance("adopt_plan", rectification_plan="1")
    told.advance("complete_measures", measures_report="1").advance("fail_reinspection", reinspection_report="1")
    assert (told.case.state, told.case.escalated_to) == ("rectify.measures", "beijing-education")


@pytest.mark.parametrize(
    ("members", "state", "form"),
    [(3, "build.preparing", "branch"), (49, "build.preparing", "branch"), (50, "build.preparing", "general_branch"),
     (99, "build.preparing", "general_branch"), (100, "build.preparing", "committee")],
)  # fmt: skip
def test_M17_the_form_goes_by_members(beijing, members, state, form):
    told = building(beijing, party_members=members)
    assert told.case.state == state
    assert told.advance("apply", application="1").case.facts["organization_form"] == form


@pytest.mark.parametrize("members", [1, 2])
def test_M17_few_members_join(beijing, members):
    told = building(beijing, party_members=members)
    assert told.case.state == "build.joining"
    told.advance("join", "chaoyang-private-schools", joint_agreement="1").advance("establish", approval_document="2")
    assert told.case.facts["organization_form"] == "joint_branch"


def test_M17_no_members_get_a_guide_first(beijing):
    told = building(beijing, party_members=0)
    assert told.case.state == "build.guiding"
    told.advance("send_guide", guide_letter="1")
    assert (told.case.state, told.case.facts["guide_sent"]) == ("build.guiding", True)
    assert told.refused(Advance("prepare")).code == "guard-not-met"
    told.do(Report({"party_members": 2}), "beijing").advance("prepare")
    assert told.case.state == "build.joining"
