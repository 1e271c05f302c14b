"""What several commands are refused for."""

import pytest

from guikou.engine import Advance
from guikou.engine.decide.checks import check_evidence, missing_fact, only_one, unknown_outcome
from guikou.engine.policy.obligations import Outcome
from guikou.engine.text import Title

from ..told import building


def test_M11_a_foundation_needs_both_approvals(beijing):
    told = building(beijing, registered_as="foundation", industry="charity")
    assert told.case.responsible == "chaoyang-registration"
    told.advance("apply", "chaoyang-registration", application="1")
    refusal = told.refused(Advance("establish", {"approval_document": "1"}), "chaoyang-registration")
    assert (refusal.code, refusal.details["key"]) == ("evidence-missing", "registration_decision")


T = Title("它", "it")
PAPERS = {"report": Title("报告", "report"), "note": Title("说明", "note")}
HELD, PASSED = Outcome(T, {}), Outcome(T, {})


@pytest.mark.parametrize(
    ("given", "code", "key"),
    [
        ({"report": "1", "note": "2"}, None, None), ({"report": "1"}, "evidence-missing", "note"), ({"report": " ", "note": "2"}, "evidence-missing", "report"),
        ({"report": 1, "note": "2"}, "evidence-missing", "report"), ({"report": "1", "note": "2", "photo": "3"}, "unknown-evidence", "photo"),
    ],
)  # fmt: skip
def test_evidence_is_all_that_is_asked_for_and_nothing_else(given, code, key):
    refused = check_evidence(T, list(PAPERS), PAPERS, given)
    assert (refused and refused.code, refused and refused.details["key"]) == (code, key)


@pytest.mark.parametrize(
    ("given", "reason", "code", "keys"),
    [
        ({}, None, "evidence-missing", ["report", "note"]), ({}, "why", "evidence-missing", ["report", "note"]),
        ({"note": "1"}, " ", "evidence-and-reason-missing", ["report"]),
        ({"report": "1", "note": "1"}, "", "reason-missing", None),
        ({"report": "1", "note": "1"}, "why", None, None),
    ],
)  # fmt: skip
def test_all_that_is_missing_is_told_at_once(given, reason, code, keys):
    refused = check_evidence(T, list(PAPERS), PAPERS, given, reason)
    assert (refused and refused.code, refused and refused.details.get("keys")) == (code, keys)


def test_an_outcome_need_not_be_named_where_there_is_only_one():
    assert only_one(None, {"held": HELD}) == "held"
    assert only_one(None, {"held": HELD, "passed": PASSED}) is None
    assert only_one("passed", {"held": HELD}) == "passed"


@pytest.mark.parametrize(
    ("outcome", "outcomes", "known"),
    [(None, {}, True), ("held", {}, False), ("held", {"held": HELD}, True), (None, {"held": HELD}, False), ("passed", {"held": HELD}, False)],
)  # fmt: skip
def test_an_outcome_is_one_of_those_that_there_are(outcome, outcomes, known):
    assert (unknown_outcome(T, outcome, outcomes) is None) is known


def test_an_outcome_that_is_not_named_is_missing_and_another_is_not_known():
    missing = unknown_outcome(T, None, {"held": HELD, "passed": PASSED}, ["report"])
    assert missing.code == "outcome-missing"
    assert missing.line("zh") == "未写明“它”的结论；可用：held（它）、passed（它）；并请给出 report 的文号"
    assert (
        unknown_outcome(T, None, {"held": HELD}).line("en") == "it is not said how the it ended; use one of: held (it)"
    )
    assert unknown_outcome(T, "lost", {"held": HELD}).code == "unknown-outcome"


def test_months_since_a_day_are_missing_for_want_of_the_day(beijing):
    refused = missing_fact(beijing, ["registered_on.months"], T)
    assert (refused.details["key"], refused.details["fact"]) == (
        "registered_on",
        beijing.vocabulary.title("registered_on"),
    )
    assert missing_fact(beijing, ["activity.months"], T).details["key"] == "activity"
