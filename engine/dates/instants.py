"""Instants and the days that they fall on in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..errors import NaiveDatetime


def instant_text(value: datetime) -> str:
    """'2015-11-27T04:00:00.000000Z': in UTC, and of one length, so that text order is time order."""
    return _text(_utc(value))


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """What day it is in `zone` at `instant`."""
    return _day(_utc(instant), zone)


def _utc(value: datetime) -> datetime:
    # Two instants of an hour that is repeated are equal in their own zone, and would be taken for one below.
    return value if value.tzinfo is UTC else value.astimezone(UTC)


@lru_cache(maxsize=4096)  # one command asks for the same few instants a dozen times
def _text(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")[:-6] + "Z"


@lru_cache(maxsize=4096)
def _day(value: datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date()


def instant(when: datetime | date, zone: ZoneInfo) -> datetime:
    """An instant in UTC: a datetime with an offset as it is, a date as its noon in `zone`.

    Raises NaiveDatetime for a datetime without an offset.
    """
    if isinstance(when, datetime):
        if when.tzinfo is None or when.utcoffset() is None:
            raise NaiveDatetime(value=when.isoformat())
        return when.astimezone(UTC)
    return datetime.combine(when, time(12), zone).astimezone(UTC)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The last instant of `day` in `zone`, in UTC; also where an hour about midnight is repeated or left out."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, zone)
    ends = [one.astimezone(UTC) - timedelta.resolution for one in (midnight, midnight.replace(fold=1))]
    return max((end for end in ends if _day(end, zone) <= day), default=min(ends))
