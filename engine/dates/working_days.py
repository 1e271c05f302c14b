"""Which days are worked: a small port, the official calendar of China behind it, and Monday to Friday beyond.

The working days of a year are known once its public holidays and make-up days (调休) are announced. For a year that a
calendar does not know, Monday to Friday are counted, and whoever computes a date says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol


class WorkingCalendar(Protocol):
    """What a calendar must do; implement it for another country's."""

    name: str

    def knows(self, year: int) -> bool:
        """Whether the year's holidays and make-up days are known."""

    def worked(self, day: date) -> bool:
        """Whether a day is worked, in a year that is known."""


class MondayToFriday:
    """The calendar of a policy that names none."""

    name = "monday-to-friday"

    def knows(self, year: int) -> bool:
        return True

    def worked(self, day: date) -> bool:
        return day.weekday() < 5


#: Where the library says otherwise than the State Council's notices: whether a day is worked, and which notice says so.
NOTICES = {
    date(2005, 12, 31): (True, "国务院办公厅关于2006年部分节假日安排的通知：元旦放假3天，12月31日（星期六）上班"),
}


class China:
    """The State Council's holiday notices with their make-up days, by the library chinesecalendar (2004 to 2026) and,
    in what it says otherwise, by NOTICES."""

    name = "CN"

    def __init__(self) -> None:
        import chinese_calendar
        from chinese_calendar.constants import holidays

        self._worked: Callable[[date], bool] = chinese_calendar.is_workday
        self._years = range(min(holidays).year, max(holidays).year + 1)

    def knows(self, year: int) -> bool:
        return year in self._years

    def worked(self, day: date) -> bool:
        return NOTICES[day][0] if day in NOTICES else self._worked(day)


#: The calendars that a policy can name.
CALENDARS: dict[str, Callable[[], WorkingCalendar]] = {"CN": China, "monday-to-friday": MondayToFriday}


class WorkingDays:
    """Counting on a calendar, a year at a time."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._year = lru_cache(maxsize=None)(self._of_year)
        #: The most calendar days that so many working days take; see `_longest`.
        self.longest = lru_cache(maxsize=None)(self._longest)

    @property
    def name(self) -> str:
        return self.calendar.name

    def worked(self, day: date) -> bool:
        """Whether a day is worked; in a year that the calendar does not know, whether it is Monday to Friday."""
        return self.calendar.worked(day) if self.calendar.knows(day.year) else day.weekday() < 5

    def after(self, day: date, count: int) -> date:
        """The `count`-th (from 1) working day after `day`, which itself is not counted (民法典 art. 201)."""
        year, left = day.year, count
        coming = [one for one in self._year(year) if one > day]
        while len(coming) < left:
            left -= len(coming)
            year += 1
            coming = self._year(year)
        return coming[left - 1]

    def on_or_after(self, day: date) -> date:
        """The first working day that is `day` or later."""
        return day if self.worked(day) else self.after(day, 1)

    def before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`."""
        year, left = day.year, count
        gone = [one for one in self._year(year) if one < day]
        while len(gone) < left:
            left -= len(gone)
            year -= 1
            gone = self._year(year)
        return gone[-left]

    def assumed(self, first: date, last: date) -> tuple[int, ...]:
        """The years from one day to another that the calendar does not know."""
        return tuple(year for year in range(first.year, last.year + 1) if not self.calendar.knows(year))

    def _longest(self, count: int) -> int:
        """The most calendar days that `count` working days take, whichever day they begin on: tried for the years that
        the calendar knows, and for Monday to Friday."""
        weeks, rest = divmod(count, 5)
        most = weeks * 7 + rest + 2 * bool(rest)
        years = [year for year in range(1990, 2100) if self.calendar.knows(year)]
        if not years:
            return most
        first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        worked = [day.toordinal() for year in range(first.year, last.year + 1) for day in self._year(year)]
        starts = [first.toordinal(), *worked]  # what begins between two working days takes less than at the first
        following = last.year + 1
        while len(worked) < len(starts) + count:
            worked += [day.toordinal() for day in self._year(following)]
            following += 1
        return max(most, *(worked[bisect_right(worked, at) + count - 1] - at for at in starts))

    def _of_year(self, year: int) -> list[date]:
        first = date(year, 1, 1)
        return [
            day for at in range((date(year + 1, 1, 1) - first).days) if self.worked(day := first + timedelta(days=at))
        ]


EVERY_WEEKDAY = WorkingDays(MondayToFriday())
