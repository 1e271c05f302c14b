"""Indicators, figures and the scorecard as they are read."""

import pytest

from .faults import check_fault

INDICATORS = "indicators.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (INDICATORS, "    sum: employees\n", "    sum: employees\n    share: {weak: true}\n", "bad-value", "can't be where 'share' is"),
        (INDICATORS, "    sum: employees\n", "    sum: industry\n", "unknown-name", "no number fact 'industry'"),
        (INDICATORS, "    sum: employees\n", "    sum: employees\n    measure: amount\n", "bad-value", "goes with 'recorded' only"),
        (INDICATORS, "figure: residents, each", "figure: people, each", "unknown-name", "no figure 'people'"),
        (INDICATORS, "      beijing: {2014: 21516000}", "      peking: {2014: 21516000}", "unknown-name", "no area 'peking'"),
        (INDICATORS, "held: {by: responsible,", "held: {by: boss,", "unknown-name", "no way of grouping 'boss'"),
        (INDICATORS, 'target: ">= 0.85"', 'target: "high"', "bad-test", "'high' is no test of target"),
        (INDICATORS, '    target: ">= 0.85"\n', "", "bad-value", "needs 'target'"),
        (INDICATORS, "event.kind: met,", "event.kind: mett,", "bad-test", "event.kind"),
        (INDICATORS, "growth: 1 year", "growth: a year", "bad-value", "is no period"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_an_indicator_is_read_with_its_target_and_what_was_published(beijing):
    one = beijing.parts.indicators["coverage"]
    assert (one.target.text, one.target_when.facts, one.worse) == (">= 0.85", {"registered_at"}, "low")
    assert "guide_sent" in one.share.facts
    published = beijing.parts.indicators["industry_coverage"].published
    assert published["beijing-internet"] is None
    assert float(published["beijing-lawyers"]) == 0.686


def test_a_scorecard_names_indicators_that_there_are(beijing):
    card = beijing.parts.scorecard
    assert {name for section in card.sections for name in section.indicators} <= set(beijing.parts.indicators)
