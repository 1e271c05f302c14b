"""Workflows as validated."""

from dataclasses import replace

import pytest

from guikou.engine import Deadline, Period
from guikou.engine.policy.workflow import ENGINE, TODAY, FactOf, Stage
from guikou.engine.text import Title

T = Title("-", "-")


@pytest.fixture
def flow(beijing):
    return beijing.workflows["private_non_enterprise"]


def test_a_name_enters_a_state_or_a_stages_first_step(flow):
    assert flow.state_of("build.joining") == "build.joining"
    assert flow.state_of("build") == flow.stages["build"].states[0]
    assert flow.state_of("innovate") == "innovate"
    assert flow.state_of("nowhere") is None


def test_a_step_is_titled_with_its_stage_and_a_stage_by_itself(flow):
    assert flow.full_title("rectify.measures").en == "Rectify: measures"
    assert flow.full_title("rectify.measures").zh == "抓整顿·落实整顿措施"
    assert flow.full_title("innovate") == flow.stages["innovate"].title


def test_ways_on_are_in_the_order_of_the_file_and_an_office_sees_its_own(flow):
    for state in flow.states:
        ways = flow.from_state(state)
        assert list(ways) == [one for one in flow.transitions if one.source == state]
        offices = {one.trigger for one in ways if one.by_office}
        assert set(flow.triggers_from(state)) == offices
        assert all(one.automatic for one in flow.automatic_from(state))
        assert {one.trigger for one in ways if one.automatic} == {one.trigger for one in flow.automatic_from(state)}
    assert "turn_weak" not in flow.triggers_from("innovate")
    assert flow.from_state("nowhere") == flow.automatic_from("nowhere") == ()


def test_what_only_the_engine_may_fire_is_no_offices(flow):
    one = flow.transitions[0]
    for role in ENGINE:
        assert not replace(one, by=(role,)).by_office
        assert replace(one, by=(role, "superior")).by_office


def test_from_what_its_deadlines_run(flow):
    assert flow.starts == {one.due.start for one in (*flow.stages.values(), *flow.states.values()) if one.due and one.due.start}  # fmt: skip
    due = Deadline(Period(1, "month"), start="term_began")
    stages = {**flow.stages, "build": replace(flow.stages["build"], due=due)}
    assert "term_began" in replace(flow, stages=stages).starts


def test_a_stage_escalates_and_has_a_grace_by_its_deadline():
    without = Stage("s", T, None, ("s",))
    assert (without.escalates, without.grace) == (False, None)
    late = replace(without, due=Deadline(Period(1, "month"), escalates=True, grace=Period(3, "day")))
    assert (late.escalates, late.grace) == (True, Period(3, "day"))


def test_what_is_set_is_shown_as_it_is_written():
    assert (str(TODAY), str(FactOf("inspection"))) == ("today", "{fact: inspection}")
