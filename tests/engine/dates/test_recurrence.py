"""The arithmetic of rules."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine.dates.recurrence import next_by_rule, read_rule, rule_in_words


@settings(deadline=None)
@given(st.dates(date(2010, 1, 1), date(2060, 1, 1)))
def test_the_next_31_may_is_the_first_one(day):
    rule = "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31"
    found = next_by_rule(rule, date(2000, 1, 1), day, True)
    assert found == min(one for one in (date(day.year, 5, 31), date(day.year + 1, 5, 31)) if one >= day)


def test_a_rule_may_end_and_then_nothing_is_owed(beijing):
    assert next_by_rule("FREQ=YEARLY;COUNT=2", date(2015, 3, 1), date(2016, 3, 2), True) is None
    with pytest.raises(ValueError, match="more often than daily"):
        read_rule("FREQ=MINUTELY", date(2015, 1, 1))


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "每年5月31日", "day 31 of May, every year"),
        (
            "FREQ=MONTHLY;BYMONTH=3,12;BYMONTHDAY=-1",
            "每年3、12月最后一日",
            "the last day of March, December, every year",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "每月15日", "day 15 of every month"),
    ],
)
def test_a_rule_of_a_day_of_the_month_is_put_in_words(rule, zh, en):
    assert (rule_in_words(rule).zh, rule_in_words(rule).en) == (zh, en)


@pytest.mark.parametrize("rule", [
    "FREQ=WEEKLY;BYDAY=MO", "FREQ=YEARLY;BYMONTHDAY=1", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1", "FREQ=YEARLY",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
])  # fmt: skip
def test_any_other_rule_is_told_as_it_is_written(rule):
    assert rule_in_words(rule).zh == rule
