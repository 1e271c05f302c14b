"""When something is due, and when it is reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..text import Lang
from .periods import Period, YearDay
from .working_days import EVERY_WEEKDAY, WorkingDays

#: The days before a due date on which a reminder is given, where a policy does not say.
REMIND = (30, 7, 1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due: `within` a period from entering the state or, with `start`, from the last time that
    trigger was fired or from the day that fact says; or on a day of the year (`by`), the first from then on.

    `remind`: how many days before it a reminder is given. With `escalates`, what is overdue by `grace` goes one tier
    up, and again after each further grace.
    """

    within: Period | None = None
    by: YearDay | None = None
    start: str | None = None
    remind: tuple[int, ...] = REMIND
    escalates: bool = False
    grace: Period | None = None

    def after(self, day: date, working: WorkingDays = EVERY_WEEKDAY) -> date:
        """The due date, counted from `day`."""
        if self.by is not None:
            return self.by.from_(day)
        assert self.within is not None
        return self.within.after(day, working)

    @property
    def longest(self) -> Period:
        """A period that it never exceeds."""
        return self.within or Period(1, "year")

    def text(self, lang: Lang) -> str:
        own = self.within.text(lang) if self.within else f"{self.by} 前" if lang == "zh" else f"by {self.by}"
        if self.start is None:
            return own
        return f"自 {self.start} 起 {own}" if lang == "zh" else f"{own} from {self.start}"

    def __str__(self) -> str:
        return self.text("en")


def pending(remind: tuple[int, ...], reminded: int | None, due: date) -> list[tuple[date, int]]:
    """The reminders of a due date that are still to come, earliest first: the day, and how many days before.

    `reminded` is the last one that was given, or that had passed when the due date was set.
    """
    left = [days for days in remind if reminded is None or days < reminded]
    return [(date.fromordinal(due.toordinal() - days), days) for days in sorted(left, reverse=True)]


def passed(remind: tuple[int, ...], due: date, today: date) -> int | None:
    """Of a due date set today, the last reminder whose day is not to come any more; None if all are."""
    return min((days for days in remind if due.toordinal() - days <= today.toordinal()), default=None)
