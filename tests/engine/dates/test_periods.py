"""Periods and days of the year."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Period
from guikou.engine.dates.deadlines import Deadline
from guikou.engine.dates.periods import YearDay
from guikou.engine.errors import BadValue

periods = st.builds(Period, st.integers(1, 60), st.sampled_from(["day", "week", "month", "year"]))
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("period", "day", "due"),
    [
        ("30 days", date(2015, 1, 31), date(2015, 3, 2)),
        ("2 weeks", date(2015, 1, 31), date(2015, 2, 14)),
        ("1 month", date(2015, 1, 31), date(2015, 2, 28)),
        ("1 month", date(2016, 1, 31), date(2016, 2, 29)),
        ("6 months", date(2015, 8, 31), date(2016, 2, 29)),
        ("1 year", date(2016, 2, 29), date(2017, 2, 28)),
        ("4 years", date(2016, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_period_after_a_day(period, day, due):
    assert Period.parse(period).after(day) == due
    assert str(Period.parse(period)) == period


@pytest.mark.parametrize(
    "text", ["", "6", "months", "0 days", "-1 days", "6 moons", "1.5 years", "10 workdays", "working days", "6months"]
)
def test_what_is_no_period(text):
    with pytest.raises(BadValue):
        Period.parse(text)


@given(periods, days, days)
def test_a_due_date_is_later_and_keeps_the_order_of_days(period, one, other):
    assert period.after(one) > one
    if one <= other:
        assert period.after(one) <= period.after(other)


@settings(deadline=None)
@given(days, st.integers(1, 60), st.sampled_from(["month", "year"]))
def test_months_end_on_the_same_number_or_on_the_last_day(day, count, unit):
    due = Period(count, unit).after(day)
    months = count if unit == "month" else 12 * count
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months
    assert due.day == day.day or (due.day < day.day and (due + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("text", "day", "due"),
    [
        ("05-31", date(2016, 1, 4), date(2016, 5, 31)),
        ("05-31", date(2016, 5, 31), date(2016, 5, 31)),
        ("05-31", date(2016, 6, 1), date(2017, 5, 31)),
        ("02-29", date(2015, 1, 1), date(2015, 2, 28)),
        ("02-29", date(2015, 3, 1), date(2016, 2, 29)),
    ],
)
def test_a_day_of_the_year(text, day, due):
    assert YearDay.parse(text).from_(day) == due
    assert str(YearDay.parse(text)) == text
    assert Deadline(by=YearDay.parse(text)).after(day) == due


@pytest.mark.parametrize("text", ["", "5-31", "13-01", "02-30", "31-05", "05/31"])
def test_what_is_no_day_of_the_year(text):
    with pytest.raises(BadValue):
        YearDay.parse(text)


@given(periods, days, st.integers(-400, 4000))
def test_what_follows_is_counted_from_the_start_and_never_from_what_came_before(period, start, more):
    after = start + timedelta(days=more)
    found = period.following(start, after)
    counted, times = start, 0
    while counted <= after or not times:
        times += 1
        counted = Period(period.count * times, period.unit).after(start)
    assert found == counted


def test_from_a_months_end_it_stays_at_the_months_ends_and_from_a_leap_day_on_it():
    month, year, day = Period(1, "month"), Period(1, "year"), date(2016, 1, 31)
    found = []
    for _ in range(4):
        day = month.following(date(2016, 1, 31), day)
        found.append(day)
    assert found == [date(2016, 2, 29), date(2016, 3, 31), date(2016, 4, 30), date(2016, 5, 31)]
    day, found = date(2016, 2, 29), []
    for _ in range(4):
        day = year.following(date(2016, 2, 29), day)
        found.append(day)
    assert found == [date(2017, 2, 28), date(2018, 2, 28), date(2019, 2, 28), date(2020, 2, 29)]
