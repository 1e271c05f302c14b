"""Deciding is a function call: no store, no clock."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Advance, Block, GuikouError, Organization, Register, Report, fold
from guikou.engine.cases.fold import evolve

from ..told import BY, SCHOOL, building


def test_M17_to_M20_through_all_four_stages(beijing):
    told = building(beijing)
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


@pytest.mark.parametrize(
    ("command", "by", "code", "words"),
    [
        (Advance("fly"), BY, "unknown-trigger", "from here: apply (apply)"),
        (Advance("Establi"), BY, "unknown-trigger", "like it: establish ("),
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
    told = building(beijing)
    before = told.case
    refusal = told.refused(command, by)
    assert refusal.code == code
    assert words in refusal.line("en")
    assert told.case == before


def test_time_runs_forward_only(beijing):
    told = building(beijing)
    told.day -= timedelta(days=1)
    assert told.refused(Advance("apply", {"application": "1"})).code == "time-runs-back"


def test_a_closed_case_stays_closed(beijing):
    told = building(beijing).advance("deregister", deregistration_record="1")
    assert told.case.closed
    assert told.refused(Advance("apply", {"application": "1"})).code == "case-closed"
    assert told.refused(Report({"employees": 1}), "beijing").code == "case-closed"


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
    told = building(beijing, party_members=members)
    for step, days in steps:
        told.day += timedelta(days=days)
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
        assert told.case.responsible in beijing.places.bodies
        assert told.case.state in beijing.workflows[told.case.workflow].states
