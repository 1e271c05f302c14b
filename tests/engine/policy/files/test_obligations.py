"""Obligations written wrongly."""

import pytest

from guikou.engine.errors import PolicyError

from ...edits import edited


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=SOMETIMES", "is no rule"),
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=HOURLY", "more often than daily"),
        (
            "rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31",
            "rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31;BYHOUR=9",
            "BYHOUR is not for days",
        ),
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=YEARLY;INTERVAL=0", "INTERVAL must be 1 or more"),
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes"),
        ("every: 5 years", "every: 9000 years", "is no period"),
        ("every: 5 years", "every: 500 working days", "not by working days"),
        ("opens: 5 months", "opens: 30 days", "longer than the first reminder, 30 days before"),
        (
            "rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31",
            "every: 1 year\n    rule: FREQ=DAILY",
            "one of 'rule', 'every', 'within'",
        ),
        ("since: graded_on", "since: []", "'every' needs 'since'"),
        ("since: graded_on", "since: grade", "no date fact 'grade'"),
        ("when: {type: private_non_enterprise}", "when: {case.escalation: 1}", "changes by itself"),
        ("fire: miss_inspection", "fire: find_weak", "no trigger of the sweep 'find_weak'"),
        ("      by: superior\n      evidence", "      by: nobody\n      evidence", "no role or body 'nobody'"),
        ("sets: {grade: null, graded_on: null}", "sets: {grade: 9A}", "grade"),
        ("opens: 5 months", "opens: soon", "is no period"),
    ],
)
def test_an_obligation_that_is_written_wrongly_is_named_with_its_line(beijing, old, new, reason):
    with pytest.raises(PolicyError) as refused:
        edited(beijing, "policy.yaml", (old, new))
    assert reason in refused.value.line("en")
    assert refused.value.where.line > 100
