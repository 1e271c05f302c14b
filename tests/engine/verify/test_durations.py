"""How long a case can stay in a stage."""

import pytest

from guikou.engine import parse
from guikou.engine.verify.check import check

from ..edits import rewritten
from .broken import DURATIONS_BROKEN, STAGES, TWICE
from .replay import check_broken, check_broken_twice


@pytest.mark.parametrize("case", DURATIONS_BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    check_broken(beijing, case)


@pytest.mark.parametrize(
    "case", [one for one in TWICE if one[0] in ("no-escalation", "deadline-unbounded")], ids=lambda case: case[0]
)
def test_a_policy_broken_in_several_places_is_found_broken(beijing, case):
    check_broken_twice(beijing, case)


MEASURES = "measures: {title: {zh: 落实整顿措施, en: measures}"


def test_a_bound_counts_on_the_longest_grace_of_a_stage_and_its_steps(beijing):
    files, _ = rewritten(
        beijing.files, STAGES, MEASURES, MEASURES + ", due: {within: 60 days, then: escalate, grace: 300 days}"
    )
    report = check(parse(files))
    assert {one.code for one in report.findings} == {"property-exceeded"}
    (bound,) = {one.text() for one in report.bounds if one.stage == "rectify"}
    assert bound == "6 months + 3 months + 3 × 300 days + time suspended (at most 1179 days)"


def test_a_clock_that_can_be_started_again_and_again_bounds_nothing(beijing):
    again = "  - {trigger: adopt_plan, from: rectify.measures, to: same, evidence: rectification_plan}\n  - {trigger: complete_measures, from"
    files, _ = rewritten(beijing.files, STAGES, "  - {trigger: complete_measures, from", again)
    files, _ = rewritten(files, STAGES, MEASURES, MEASURES + ", due: {within: 60 days, from: adopt_plan}")
    assert "deadline-unbounded" in {one.code for one in check(parse(files)).findings}
    files, _ = rewritten(beijing.files, STAGES, MEASURES, MEASURES + ", due: {within: 60 days, from: adopt_plan}")
    assert check(parse(files)).findings == ()
