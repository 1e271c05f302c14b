from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Period
from guikou.engine.calendar import day_end, instant, local_day
from guikou.engine.errors import BadValue, NaiveDatetime

BEIJING = ZoneInfo("Asia/Shanghai")


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


def test_the_policys_zone_says_what_day_it_is():
    late = datetime(2015, 12, 31, 16, tzinfo=UTC)
    assert local_day(late, BEIJING) == date(2016, 1, 1)
    assert local_day(late - timedelta(seconds=1), BEIJING) == date(2015, 12, 31)


def test_instants():
    assert instant(date(2015, 11, 27), BEIJING) == datetime(2015, 11, 27, 4, tzinfo=UTC)
    other = datetime(2015, 11, 27, 1, tzinfo=timezone(timedelta(hours=-5)))
    assert instant(other, BEIJING) == datetime(2015, 11, 27, 6, tzinfo=UTC)
    with pytest.raises(NaiveDatetime):
        instant(datetime(2015, 11, 27), BEIJING)


periods = st.builds(Period, st.integers(1, 60), st.sampled_from(["day", "week", "month", "year"]))
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(periods, days, days)
def test_a_due_date_is_later_and_keeps_the_order_of_days(period, one, other):
    assert period.after(one) > one
    if one <= other:
        assert period.after(one) <= period.after(other)


@given(days)
def test_a_day_ends_on_that_day(day):
    assert local_day(day_end(day, BEIJING), BEIJING) == day
    assert local_day(day_end(day, BEIJING) + timedelta(microseconds=1), BEIJING) == day + timedelta(days=1)
    assert local_day(instant(day, BEIJING), BEIJING) == day
