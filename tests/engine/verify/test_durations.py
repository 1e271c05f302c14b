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


def test_a_way_to_its_own_state_that_restarts_the_clock_is_bounded_by_its_stage_alone(beijing):
    again = (
        "  - {trigger: return_review, from: standardize.improving, to: same, clock: restart}\n"
        "  - {trigger: complete_measures, from"
    )
    files, _ = rewritten(beijing.files, STAGES, "  - {trigger: complete_measures, from", again)
    improving = "improving: {title: {zh: 规范提升, en: improving}"
    files, _ = rewritten(files, STAGES, improving, improving + ", due: {within: 90 days}")
    report = check(parse(files))
    assert report.findings == ()
    (bound,) = {one.text() for one in report.bounds if one.stage == "standardize"}
    assert bound.startswith("1 year + ")
    whole = "    due: {within: 1 year, then: escalate, grace: 30 days}\n"
    files, _ = rewritten(files, STAGES, whole, "")
    reviewing = "en: under review}, due: {within: 60 days}"
    files, _ = rewritten(files, STAGES, reviewing, reviewing[:-1] + ", then: escalate, grace: 30 days}")
    found = {one.code: one for one in check(parse(files)).findings}
    assert "deadline-unbounded" in found


def test_what_is_due_on_a_day_off_is_bounded_with_the_days_it_moves(beijing):
    files, _ = rewritten(beijing.files, "policy.yaml", "calendar: CN", "calendar: CN\nroll: next working day")
    report = check(parse(files))
    (bound,) = {one.text() for one in report.bounds if one.stage == "build"}
    days = 6 * 31 + 3 * 30 + parse(files).working.longest(1) - 1
    assert bound == f"6 months + 3 × 30 days, to a working day + time suspended (at most {days} days)"
