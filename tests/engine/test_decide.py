"""Deciding is a function call: no store, no clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Advance, Block, GuikouError, Organization, Register, Report, Stamp, fold
from guikou.engine.case import evolve
from guikou.engine.decide import decide, machine
from guikou.engine.errors import BrokenChain

NOON = datetime(2016, 1, 4, 4, tzinfo=UTC)
BY = "chaoyang-education"
SCHOOL = {
    "registered_as": "private_non_enterprise",
    "registered_at": "district",
    "industry": "education",
    "employees": 42,
    "party_members": 5,
    "has_organization": False,
}


class Told:
    """A case told command by command, with its events."""

    def __init__(self, policy, **facts):
        self.policy, self.case, self.events, self.at = policy, None, [], NOON
        self.do(Register(Organization("A", "学校", "110105", {**SCHOOL, **facts})), "beijing")

    def try_(self, command, by=BY):
        return decide(self.policy, self.case, command, Stamp(self.at, self.at, by, by))

    def do(self, command, by=BY, days=0):
        self.at += timedelta(days=days)
        decision = self.try_(command, by)
        assert not isinstance(decision, GuikouError), decision
        for event in decision:
            self.case = evolve(self.case, event)
            self.events.append(event)
        return self

    def advance(self, trigger, by=BY, days=0, **evidence):
        return self.do(Advance(trigger, evidence), by, days)

    def refused(self, command, by=BY):
        decision = self.try_(command, by)
        assert isinstance(decision, GuikouError), decision
        return decision


def weak(policy, **facts):
    return Told(policy, has_organization=True, standardized=False, weak=True, **facts)


def test_M17_to_M20_through_all_four_stages(beijing):
    told = Told(beijing)
    assert (told.case.state, told.case.due) == ("build.preparing", date(2016, 7, 4))
    told.advance("apply", application="1", days=10)
    assert (told.case.state, told.case.due) == ("build.approving", date(2016, 3, 14))
    told.advance("establish", approval_document="2", days=10)
    assert told.case.state == "standardize.improving"
    assert told.case.facts["organization_form"] == "branch"
    assert told.case.facts["has_organization"] is True
    told.do(Report({"regular_life": True, "terms_kept": True, "records_kept": True}), "beijing")
    told.advance("apply_review").advance("recognize", review_report="3")
    assert (told.case.stage, told.case.due) == ("innovate", None)
    told.advance("find_weak", finding_report="4", days=30)
    assert (told.case.state, told.case.origin) == ("rectify.finding", "innovate")
    assert told.case.stage_due == date(2016, 8, 23)
    told.advance("confirm_finding").advance("adopt_plan", rectification_plan="5")
    told.advance("complete_measures", measures_report="6")
    assert told.case.step_due == date(2016, 3, 24)
    told.advance("pass_reinspection", reinspection_report="7")
    assert told.case.state == "standardize.improving"
    assert fold(told.events) == told.case


def test_M20_no_way_leads_from_rectify_straight_to_innovate(beijing):
    for workflow in beijing.workflows.values():
        for one in workflow.transitions:
            assert not (one.source.startswith("rectify") and one.dest == "innovate")


def test_M20_a_withdrawn_finding_goes_back_to_where_it_came_from(beijing):
    told = Told(beijing, has_organization=True, standardized=False, weak=False)
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
    told = Told(beijing, party_members=members)
    assert told.case.state == state
    assert told.advance("apply", application="1").case.facts["organization_form"] == form


@pytest.mark.parametrize("members", [1, 2])
def test_M17_few_members_join(beijing, members):
    told = Told(beijing, party_members=members)
    assert told.case.state == "build.joining"
    told.advance("join", "chaoyang-private-schools", joint_agreement="1").advance("establish", approval_document="2")
    assert told.case.facts["organization_form"] == "joint_branch"


def test_M17_no_members_get_a_guide_first(beijing):
    told = Told(beijing, party_members=0)
    assert told.case.state == "build.guiding"
    told.advance("send_guide", guide_letter="1")
    assert (told.case.state, told.case.facts["guide_sent"]) == ("build.guiding", True)
    assert told.refused(Advance("prepare")).code == "guard-not-met"
    told.do(Report({"party_members": 2}), "beijing").advance("prepare")
    assert told.case.state == "build.joining"


@pytest.mark.parametrize(
    ("command", "by", "code", "words"),
    [
        (Advance("fly"), BY, "unknown-trigger", "from here: apply (apply)"),
        (Advance("establish"), BY, "not-from-here", "'establish' is not possible from 'Build: preparing'"),
        (Advance("apply"), BY, "evidence-missing", "application"),
        (Advance("apply", {"application": " "}), BY, "evidence-missing", "application"),
        (Advance("apply", {"application": "1", "photo": "2"}), BY, "unknown-evidence", "takes no evidence 'photo'"),
        (Advance("apply", {"application": "1"}), "haidian-education", "may-not-act", "(chaoyang-education)"),
        (Advance("deregister", {"deregistration_record": "1"}), "chaoyang-private-schools", "may-not-act", "may not"),
        (Block("laziness"), BY, "unknown-blocker", "no blocker 'laziness'"),
        (Block("coverage"), "haidian", "may-not-act", "may not"),
        (Report({"registered_as": "foundation"}), "beijing", "type-changed", "'Foundation'"),
        (Register(Organization("A", "x", "110105", SCHOOL)), "beijing", "already-open", "'A' is already open"),
    ],
)
def test_a_refusal_is_a_value_that_says_why(beijing, command, by, code, words):
    told = Told(beijing)
    before = told.case
    refusal = told.refused(command, by)
    assert refusal.code == code
    assert words in refusal.line("en")
    assert told.case == before


def test_a_guard_is_told_with_the_facts_value_and_what_is_needed(beijing):
    told = Told(beijing).do(Report({"party_members": 2}), "beijing")
    refusal = told.refused(Advance("apply", {"application": "1"}))
    assert refusal.message("en") == "'apply' is not allowed: full Party members (party_members) is 2, needed >= 3"
    assert refusal.message("zh") == "不能办理 “提交组建申请”：正式党员数（party_members）为 2，需要 >= 3"


def test_a_guard_whose_fact_is_missing_names_it(beijing):
    told = Told(beijing, has_organization=True, standardized=False, weak=False)
    refusal = told.refused(Advance("apply_review"))
    assert (refusal.code, refusal.details["key"]) == ("missing-fact", "regular_life")


def test_time_runs_forward_only(beijing):
    told = Told(beijing)
    told.at -= timedelta(days=1)
    assert told.refused(Advance("apply", {"application": "1"})).code == "time-runs-back"


def test_a_closed_case_stays_closed(beijing):
    told = Told(beijing).advance("deregister", deregistration_record="1")
    assert told.case.closed
    assert told.refused(Advance("apply", {"application": "1"})).code == "case-closed"
    assert told.refused(Report({"employees": 1}), "beijing").code == "case-closed"


def test_M07_a_change_of_body_is_an_event_with_its_reason(beijing):
    told = Told(beijing).do(Report({"industry": "health"}), "beijing")
    assert [event.kind for event in told.events] == ["opened", "reported", "rerouted"]
    assert told.events[-1].changes["responsible"] == "chaoyang-health" == told.case.responsible
    assert told.events[-1].reason.startswith("routing row 15")
    assert told.try_(Report({"industry": "health"}), "beijing") == ()


def test_M20a_blockers_are_recorded_by_code_once(beijing):
    told = Told(beijing).do(Block("coverage")).do(Block("hard_to_form"))
    assert told.case.blockers == ("coverage", "hard_to_form")
    assert told.try_(Block("coverage")) == ()
    assert told.do(Block("coverage", clear=True)).case.blockers == ("hard_to_form",)


def test_M11_a_foundation_needs_both_approvals(beijing):
    told = Told(beijing, registered_as="foundation", industry="charity")
    assert told.case.responsible == "chaoyang-registration"
    told.advance("apply", "chaoyang-registration", application="1")
    refusal = told.refused(Advance("establish", {"approval_document": "1"}), "chaoyang-registration")
    assert (refusal.code, refusal.details["key"]) == ("evidence-missing", "registration_decision")


def test_what_was_changed_afterwards_breaks_the_chain(beijing):
    events = Told(beijing).advance("apply", application="1").advance("establish", approval_document="2").events
    for at in range(len(events)):
        for change in ({"actor": "x"}, {"evidence": {"approval_document": "3"}}, {"seq": 9}, {"hash": "0" * 64}):
            tampered = [*events[:at], replace(events[at], **change), *events[at + 1 :]]
            with pytest.raises(BrokenChain):
                fold(tampered)
    with pytest.raises(BrokenChain):
        fold([events[0], events[2]])


def test_a_trigger_that_a_type_says_anew_keeps_its_place_as_the_next_step(beijing):
    for name, workflow in beijing.workflows.items():
        if "build.approving" in workflow.states:
            assert workflow.from_state("build.approving")[0].trigger == "establish", name


def test_all_cases_of_a_workflow_share_one_machine(beijing):
    assert machine(beijing, "foundation") is machine(beijing, "foundation")
    assert machine(beijing, "foundation")._machine.models == []


commands = st.one_of(
    st.sampled_from(sorted({
        "apply", "establish", "join", "prepare", "send_guide", "apply_review", "recognize", "find_weak", "confirm_finding",
        "adopt_plan", "complete_measures", "pass_reinspection", "fail_reinspection", "extend", "escalate",
        "lose_organization", "withdraw_finding", "return_application", "return_review", "fall_back",
    })),
    st.fixed_dictionaries({}, optional={
        "party_members": st.integers(0, 120), "industry": st.sampled_from(["education", "law", "community"]),
        "regular_life": st.booleans(), "terms_kept": st.booleans(), "records_kept": st.booleans(),
    }),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(commands, st.integers(0, 90)), max_size=25), st.integers(0, 120))
def test_a_case_is_the_fold_of_its_events_and_always_has_one_body(beijing, steps, members):
    told = Told(beijing, party_members=members)
    for step, days in steps:
        told.at += timedelta(days=days)
        command = Report(step)
        if isinstance(step, str):
            ways = [one for one in beijing.workflows[told.case.workflow].transitions if one.trigger == step]
            command = Advance(step, dict.fromkeys(ways[0].evidence, "1"))
        decision = told.try_(
            command, "beijing-education" if step in ("extend", "withdraw_finding") else told.case.responsible
        )
        if isinstance(decision, GuikouError):
            continue
        for event in decision:
            assert event == replace(event, hash=event.digest())
            told.case = evolve(told.case, event)
            told.events.append(event)
        assert fold(told.events) == told.case
        assert told.case.responsible in beijing.bodies
        assert told.case.state in beijing.workflows[told.case.workflow].states
