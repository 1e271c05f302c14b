"""Working days by China's calendar, with its make-up days, and what is counted beyond the years that it knows."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Period
from guikou.engine.dates.working_days import EVERY_WEEKDAY, China, WorkingDays

CHINA = WorkingDays(China())


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday that makes up for the holiday
        (date(2026, 10, 11), False),
        (date(2016, 2, 6), True),  # the Saturday before Spring Festival
        (date(2016, 2, 8), False),
    ],
)
def test_make_up_days_are_worked_and_holidays_are_not(day, worked):
    assert CHINA.worked(day) is worked


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 1, 2), 5, date(2026, 1, 8)),  # 4 January 2026, a Sunday, is worked
    ],
)
def test_working_days_are_counted_from_the_next_day(day, count, due):
    assert Period(count, "working day").after(day, CHINA) == due
    assert Period(count, "working day").before(due + timedelta(days=1), CHINA) > day


def test_beyond_the_years_that_are_known_monday_to_friday_count_and_the_year_is_named():
    assert not CHINA.worked(date(2027, 1, 2))
    assert CHINA.worked(date(2027, 1, 1))  # surely a holiday, and nobody has announced it yet
    due = Period(10, "working day").after(date(2026, 12, 25), CHINA)
    assert due == date(2027, 1, 8)
    assert CHINA.assumed(date(2026, 12, 25), due) == (2027,)
    assert CHINA.assumed(date(2026, 1, 1), date(2026, 12, 31)) == ()
    assert EVERY_WEEKDAY.assumed(date(2026, 12, 25), due) == ()


days = st.dates(date(2003, 1, 1), date(2030, 12, 31))
calendars = st.sampled_from([CHINA, EVERY_WEEKDAY])


@settings(deadline=None)
@given(days, st.integers(1, 400), calendars)
def test_so_many_working_days_lie_between_a_day_and_its_due_date(day, count, calendar):
    due = calendar.after(day, count)
    between = [day + timedelta(days=i) for i in range(1, (due - day).days + 1)]
    assert sum(map(calendar.worked, between)) == count
    assert calendar.worked(due)
    assert (due - day).days <= calendar.longest(count) or not all(map(calendar.calendar.knows, {day.year, due.year}))


@settings(deadline=None)
@given(days, st.integers(1, 400), calendars)
def test_before_is_the_way_back(day, count, calendar):
    assert calendar.before(calendar.after(day, count) + timedelta(days=1), count) == calendar.after(day, 1)


@settings(deadline=None)
@given(days, days, st.integers(1, 60), calendars)
def test_a_later_start_is_never_due_earlier(one, other, count, calendar):
    if one <= other:
        assert calendar.after(one, count) <= calendar.after(other, count)
