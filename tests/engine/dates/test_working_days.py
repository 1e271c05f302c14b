"""Working days by China's calendar, with its make-up days, and what is counted beyond the years that it knows."""

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Period
from guikou.engine.dates.working_days import EVERY_WEEKDAY, NOTICES, China, WorkingDays

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


#: The days off that are worked, as the State Council's notices on each year's holidays name them.
MAKE_UP = {
    2004: "0117 0118 0508 0509 1009 1010", 2005: "0205 0206 0430 0508 1008 1009 1231",
    2006: "0128 0205 0429 0430 0930 1008 1230 1231", 2007: "0217 0225 0428 0429 0929 0930 1229",
    2008: "0202 0203 0504 0927 0928", 2009: "0104 0124 0201 0531 0927 1010",
    2010: "0220 0221 0612 0613 0919 0925 0926 1009", 2011: "0130 0212 0402 1008 1009 1231",
    2012: "0121 0129 0331 0401 0428 0929", 2013: "0105 0106 0216 0217 0407 0427 0428 0608 0609 0922 0929 1012",
    2014: "0126 0208 0504 0928 1011", 2015: "0104 0215 0228 0906 1010", 2016: "0206 0214 0612 0918 1008 1009",
    2017: "0122 0204 0401 0527 0930", 2018: "0211 0224 0408 0428 0929 0930 1229", 2019: "0202 0203 0428 0505 0929 1012",
    2020: "0119 0426 0509 0628 0927 1010", 2021: "0207 0220 0425 0508 0918 0926 1009",
    2022: "0129 0130 0402 0424 0507 1008 1009", 2023: "0128 0129 0423 0506 0625 1007 1008",
    2024: "0204 0218 0407 0428 0511 0914 0929 1012", 2025: "0126 0208 0427 0928 1011", 2026: "0104 0214 0228 0509 0920 1010",
}  # fmt: skip


@pytest.mark.parametrize("year", range(2004, 2027))
def test_the_weekends_that_are_worked_are_those_that_the_notices_name(year):
    days = (date(year, 1, 1) + timedelta(days=at) for at in range(366))
    worked = [day for day in days if day.year == year and day.weekday() > 4 and CHINA.worked(day)]
    assert " ".join(day.strftime("%m%d") for day in worked) == MAKE_UP[year]


def test_what_is_corrected_is_what_the_library_says_otherwise_and_has_its_source():
    for day, (worked, source) in NOTICES.items():
        assert is_workday(day) is not worked, f"the library has learnt of {day}: take it out"
        assert "通知" in source


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
