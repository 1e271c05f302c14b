"""By when a stage is left."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import Period, WorkingDays
from guikou.engine.dates.working_days import China
from guikou.engine.verify.bounds import Bound

CHINA = WorkingDays(China())
MONTHS, YEAR, DAYS = Period(6, "month"), Period(1, "year"), Period(15, "day")


@pytest.mark.parametrize(
    ("bound", "within", "fits"),
    [
        (Bound("w", "s", (MONTHS, MONTHS), 0, None), YEAR, True),
        (Bound("w", "s", (MONTHS, MONTHS), 1, None), YEAR, False),  # and a day, if nobody acts
        (Bound("w", "s", (Period(365, "day"),), 0, None), YEAR, True),
        (Bound("w", "s", (Period(366, "day"),), 0, None), YEAR, False),  # most years have 365
        (Bound("w", "s", (Period(1, "month"),), 0, None), Period(30, "day"), False),
        (Bound("w", "s", (Period(10, "working day"),), 0, None, CHINA), Period(12, "day"), False),
        (Bound("w", "s", (Period(10, "working day"),), 0, None, CHINA), Period(1, "month"), True),
    ],
)
def test_it_fits_on_whichever_day_it_begins_or_does_not(bound, within, fits):
    assert bound.fits(within) is fits


def test_it_is_told_with_all_that_it_is_made_of():
    bound = Bound("w", "s", (MONTHS, Period(3, "month")), 3, DAYS, suspends=True)
    assert bound.days == 6 * 31 + 3 * 31 + 3 * 15
    assert bound.text() == "6 months + 3 months + 3 × 15 days + time suspended (at most 324 days)"
    assert bound.title.zh == "6 个月 + 3 个月 + 3 × 15 天 + 中止计时（至多 324 天）"
    assert Bound("w", "s", (MONTHS,), 0, DAYS).text() == "6 months (at most 186 days)"


periods = st.builds(Period, st.integers(1, 13), st.sampled_from(["day", "week", "month"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(periods, min_size=1, max_size=2), periods, st.dates(date(2095, 1, 1), date(2103, 12, 1)))
def test_what_fits_never_ends_later(parts, within, start):
    bound = Bound("w", "s", tuple(parts), 0, None)
    end = start
    for one in parts:
        end = one.after(end)
    assert (end - start).days <= bound.days
    if bound.fits(within):
        assert end <= within.after(start)


@settings(max_examples=25, deadline=None)
@given(st.lists(periods, min_size=1, max_size=2), periods, st.dates(date(2004, 1, 1), date(2024, 12, 1)))
def test_what_is_due_on_a_day_off_is_counted_with_the_days_it_moves(parts, within, start):
    bound = Bound("w", "s", tuple(parts), 0, None, CHINA, rolls=True)
    end = start
    for one in parts:
        end = CHINA.on_or_after(one.after(end))
    assert (end - start).days <= bound.days
    if bound.fits(within):
        assert end <= within.after(start)


def test_a_year_that_rolls_is_longer_than_a_year():
    assert Bound("w", "s", (YEAR,), 0, None, CHINA).fits(YEAR)
    assert not Bound("w", "s", (YEAR,), 0, None, CHINA, rolls=True).fits(YEAR)
    text = Bound("w", "s", (YEAR,), 0, None, CHINA, rolls=True)
    assert text.text() == f"1 year, to a working day (at most {366 + CHINA.longest(1) - 1} days)"
    assert text.text("zh") == f"1 年，遇休息日顺延（至多 {366 + CHINA.longest(1) - 1} 天）"
