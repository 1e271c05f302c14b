"""Periods and due dates. A day is a date in the policy's time zone; an instant is UTC with an offset.

How days are counted: the day from which a period runs is not counted itself (民法典 art. 201), so that '30 days' from
1 March ends on 31 March; months and years end on the day of the same number, or on the month's last day where it has
none such (art. 202): one month from 31 January ends on 28 or 29 February, one year from 29 February on 28 February.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from ..errors import BadValue
from ..text import Lang
from .working_days import EVERY_WEEKDAY, WorkingDays

_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年", "working day": "个工作日"}


_PERIOD = re.compile(r"(\d{1,5}) (day|week|month|year|working day)s?")


#: A hundred years, in each unit.
_MOST = {"day": 36500, "week": 5200, "month": 1200, "year": 100, "working day": 25000}


#: The fewest days that one of a unit is.
_LEAST = {"day": 1, "week": 7, "month": 28, "year": 365, "working day": 1}


_MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")


@lru_cache(maxsize=8192)  # a sweep counts the same few periods from the same few days for each case
def _moved(day: date, count: int, unit: str) -> date:
    return day + relativedelta(**{f"{unit}s": count})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, such as '6 months' or '10 working days'."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read '30 days', '10 working days', '2 weeks', '6 months' or '1 year'.

        Raises BadValue for anything else.
        """
        match = _PERIOD.fullmatch(text.strip())
        if not match or not 0 < int(match[1]) <= _MOST[match[2]]:
            raise BadValue(
                field=text,
                reason_en="is no period; write for example '30 days', '10 working days', '2 weeks' or '6 months'",
                reason_zh="不是期限；例如写作 “30 days”“10 working days”“2 weeks” 或 “6 months”",
            )
        return cls(int(match[1]), match[2])

    def after(self, day: date, working: WorkingDays = EVERY_WEEKDAY) -> date:
        """The day this long after `day`; `working` counts working days."""
        if self.unit == "working day":
            return working.after(day, self.count)
        return _moved(day, self.count, self.unit)

    def before(self, day: date, working: WorkingDays = EVERY_WEEKDAY) -> date:
        """The day this long before `day`, by the same rules."""
        if self.unit == "working day":
            return working.before(day, self.count)
        return _moved(day, -self.count, self.unit)

    def following(self, start: date, after: date, working: WorkingDays = EVERY_WEEKDAY) -> date:
        """The first of the days that are one, two, three, ... of it after `start` which comes after `after`: each is
        counted from the start, so that what begins on the 31st stays at the months' ends."""
        if self.unit == "working day":  # these add up
            return self.after(max(start, after), working)
        if self.unit in ("month", "year"):
            months = (after.year - start.year) * 12 + after.month - start.month
            times = max(1, months // (self.count * (12 if self.unit == "year" else 1)))
        else:
            times = max(0, (after - start).days) // self.least + 1
        while (day := Period(self.count * times, self.unit).after(start)) <= after:
            times += 1
        return day

    @property
    def least(self) -> int:
        """The fewest days that it can be."""
        return self.count * _LEAST[self.unit]

    def text(self, lang: Lang) -> str:
        """The period as a person reads it."""
        return f"{self.count} {_UNITS[self.unit]}" if lang == "zh" else str(self)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count != 1 else ''}"


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year, such as 31 May; 29 February is the 28th in a common year."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> YearDay:
        """Read '05-31'. Raises BadValue."""
        match = _MONTH_DAY.fullmatch(text.strip())
        try:
            if match:
                return cls(date(2000, int(match[1]), int(match[2])).month, int(match[2]))
        except ValueError:
            pass  # told below, like any other text that is no day
        raise BadValue(
            field=text,
            reason_en="is no day of the year; write month and day, for example '05-31'",
            reason_zh="不是一年中的日期；请写月和日，例如 “05-31”",
        )

    def from_(self, day: date) -> date:
        """The first such day that is `day` or later."""
        here = self._of(day.year)
        return here if here >= day else self._of(day.year + 1)

    def _of(self, year: int) -> date:
        # relativedelta takes the month's last day where there is no such day
        return date(year, self.month, 1) + relativedelta(day=self.day)

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"
