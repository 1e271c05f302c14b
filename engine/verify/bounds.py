"""By when a stage is left: what was proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from ..dates.periods import Period
from ..dates.working_days import EVERY_WEEKDAY, WorkingDays
from ..text import Lang, Title


@cache
def _fits(
    periods: tuple[Period, ...], waits: tuple[Period, ...], within: Period, working: WorkingDays, rolls: bool
) -> bool:
    starts = [date(2095, 1, 1) + timedelta(days=i) for i in range(9 * 366)]
    if rolls or any(one.unit == "working day" for one in (*periods, *waits, within)):
        known = [year for year in range(1990, 2095) if working.calendar.knows(year)]
        starts += [date(year, 1, 1) + timedelta(days=i) for year in known for i in range(365)]
    for start in starts:
        end = start
        for one in periods:
            end = one.after(end, working)
            end = working.on_or_after(end) if rolls else end
        for one in waits:
            end = one.after(end, working)
        if end > within.after(start, working):
            return False
    return True


@cache
def _most_days(period: Period, working: WorkingDays) -> int:
    if period.unit == "working day":
        return working.longest(period.count)
    return period.count * {"day": 1, "week": 7, "month": 31, "year": 366}[period.unit]


@dataclass(frozen=True, slots=True)
class Bound:
    """How long a stage lasts at most: its period, the extensions it allows, and then, if nobody acts, how often it
    must be escalated until the top tier has it (`grace` each). `suspends`: the time for which its clock can be stopped
    is not counted. `rolls`: what is due on a day off is due on the next working day."""

    workflow: str
    stage: str
    periods: tuple[Period, ...]
    climbs: int
    grace: Period | None
    working: WorkingDays = EVERY_WEEKDAY
    suspends: bool = False
    rolls: bool = False

    @property
    def _waits(self) -> tuple[Period, ...]:
        return (self.grace or Period(1, "day"),) * self.climbs

    @property
    def days(self) -> int:
        """The most days that it can be."""
        rolled = len(self.periods) * (self.working.longest(1) - 1) if self.rolls else 0
        return sum(_most_days(one, self.working) for one in (*self.periods, *self._waits)) + rolled

    def fits(self, within: Period) -> bool:
        """Whether it is never longer than `within`, whichever day it begins: tried for each day of nine years, in
        which every arrangement of leap years and month lengths occurs, the year 2100 among them; for working days also
        for each day of the years that the calendar knows."""
        return _fits(self.periods, self._waits, within, self.working, self.rolls)

    def text(self, lang: Lang = "en") -> str:
        parts = " + ".join(one.text(lang) for one in self.periods)
        if self.climbs:
            parts += f" + {self.climbs} × {self._waits[0].text(lang)}"
        if self.rolls:
            parts += "，遇休息日顺延" if lang == "zh" else ", to a working day"
        if self.suspends:
            parts += " + 中止计时" if lang == "zh" else " + time suspended"
        most = f"（至多 {self.days} 天）" if lang == "zh" else f" (at most {self.days} days)"
        return parts + most

    @property
    def title(self) -> Title:
        return Title(self.text("zh"), self.text("en"))
