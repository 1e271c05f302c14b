"""Periods and due dates. A day is a date in the policy's time zone; an instant is UTC with an offset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from .errors import BadValue, Lang, NaiveDatetime

_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年"}
_PERIOD = re.compile(r"(\d{1,4}) (day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Period:
    """A length of calendar time, such as '6 months'."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read '30 days', '2 weeks', '6 months' or '1 year'.

        Raises BadValue for anything else.
        """
        match = _PERIOD.fullmatch(text.strip())
        if not match or int(match[1]) == 0:
            raise BadValue(
                field=text,
                reason_en="is no period; write for example '30 days', '2 weeks', '6 months' or '1 year'",
                reason_zh="不是期限；例如写作 “30 days”“2 weeks”“6 months”“1 year”",
            )
        return cls(int(match[1]), match[2])

    def after(self, day: date) -> date:
        """The day this long after `day`. A month that is too short ends on its last day (31 January + 1 month is
        28 or 29 February), as 民法典 art. 202 counts."""
        return day + relativedelta(**{f"{self.unit}s": self.count})  # type: ignore[arg-type]

    def text(self, lang: Lang) -> str:
        """The period as a person reads it."""
        return f"{self.count} {_UNITS[self.unit]}" if lang == "zh" else str(self)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"


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
