"""Instants and the days that they fall on in a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ..errors import NaiveDatetime


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """What day it is in `zone` at `instant`."""
    return instant.astimezone(zone).date()


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
    """The last instant of `day` in `zone`, in UTC."""
    return datetime.combine(day, time.max, zone).astimezone(UTC)
