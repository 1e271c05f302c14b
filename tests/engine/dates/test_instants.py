"""What day it is, and when a day ends, in a policy's zone."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.dates.instants import day_end, instant, instant_text, local_day
from guikou.engine.errors import NaiveDatetime

BEIJING = ZoneInfo("Asia/Shanghai")
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


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


@given(days)
def test_a_day_ends_on_that_day(day):
    assert local_day(day_end(day, BEIJING), BEIJING) == day
    assert local_day(day_end(day, BEIJING) + timedelta(microseconds=1), BEIJING) == day + timedelta(days=1)
    assert local_day(instant(day, BEIJING), BEIJING) == day


#: Zones that repeat or leave out hours: about midnight, a minute after it, half hours, a whole day.
ODD = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai", "America/Sao_Paulo", "America/St_Johns", "America/Havana", "Africa/Cairo", "Asia/Beirut",
        "Australia/Lord_Howe", "Europe/London", "Pacific/Apia", "UTC",
    )
]  # fmt: skip
changes = [date(1991, 9, 14), date(1991, 9, 15), date(2006, 10, 28), date(2006, 10, 29), date(2011, 12, 29)]


@given(st.sampled_from(ODD), st.one_of(days, st.sampled_from(changes)), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_day_ends_with_its_last_instant_whatever_hours_a_zone_repeats_or_leaves_out(zone, day, later):
    end = day_end(day, zone)
    assert local_day(end, zone) <= day
    assert local_day(end - timedelta(hours=25), zone) <= day
    assert local_day(end + timedelta(microseconds=1) + later, zone) > day


def test_both_instants_of_an_hour_that_is_repeated_are_told_apart():
    """On 15 September 1991 Shanghai set its clocks back at 02:00 to 01:00."""
    zone = ZoneInfo("Asia/Shanghai")
    first, second = (datetime(1991, 9, 15, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
    assert first == second
    assert [instant_text(one) for one in (first, second)] == [
        "1991-09-14T16:30:00.000000Z",
        "1991-09-14T17:30:00.000000Z",
    ]
    assert local_day(first, UTC) == date(1991, 9, 14)
