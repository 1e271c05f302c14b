"""Obligations: what an organisation owes again and again, such as its annual inspection, and when the next is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from dateutil.rrule import rrule, rrulestr

from .calendar import REMIND, Period
from .case import Duty, Title
from .conditions import Condition
from .errors import Where
from .working_days import WorkingDays

#: Instead of a fact: the day on which the case was opened.
OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an obligation may end, and the facts that this sets."""

    title: Title
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Postponement:
    """By how long, how often, by whom and with what evidence a due date may be put off."""

    by: Period
    times: int
    roles: tuple[str, ...]
    evidence: Mapping[str, Title]


@dataclass(frozen=True, slots=True)
class Missed:
    """What becomes of one that is not met: `after` its due date it is closed, which `sets` facts, and `fire` is
    triggered if it can be."""

    after: Period
    fire: str | None
    sets: Mapping[str, Any]


@dataclass(frozen=True)
class Obligation:
    """What recurs for the organisations for which `when` holds.

    Due by `rule` (RFC 5545, days only), counted from `start`; or `every` period after the latest of the days that the
    facts in `since` say, and on which it was last met; never while none of these facts is known. With `rule` the first
    is due no earlier than `not_before` after that day, if it is known. It opens `opens` before it is due, for the roles
    or bodies in `by`. One with `within` does not recur: it is laid on, open at once, until it is met or `until` holds.
    """

    name: str
    title: Title
    when: Condition
    rule: str | None
    start: date
    every: Period | None
    since: tuple[str, ...]
    not_before: Period | None
    opens: Period
    by: tuple[str, ...]
    evidence: Mapping[str, Title]
    outcomes: Mapping[str, Outcome]
    postponement: Postponement | None
    missed: Missed | None
    where: Where
    remind: tuple[int, ...] = REMIND
    escalates: bool = False
    grace: Period | None = None
    note: str = ""
    within: Period | None = None
    until: Condition = field(default_factory=Condition)

    def due(
        self, facts: Mapping[str, Any], opened: date, duty: Duty | None, today: date, working: WorkingDays
    ) -> date | None:
        """When it is due next, before any postponement; None while nothing says so. `duty` is the one that runs, with
        what became of those before it; `opened` the day of the case's opening."""
        if self.within is not None:
            return duty.nominal if duty is not None else None
        days = [day for name in self.since if (day := opened if name == OPENED else facts.get(name)) is not None]
        if self.every is not None:
            if not days:
                return None
            days += [day for day in (duty.done, duty.ended) if day is not None] if duty is not None else []
            return self.every.after(max(days), working)
        assert self.rule is not None
        if duty is not None and duty.due is not None:
            return duty.nominal
        if duty is not None and duty.ended is not None:
            # Years in which nobody swept are not caught up one by one: nobody was told of them.
            return next_by_rule(self.rule, self.start, max(duty.ended, today - timedelta(days=1)), False)
        first = today
        if self.not_before is not None and days:
            first = max(today, self.not_before.after(max(days), working))
        return next_by_rule(self.rule, self.start, first, True)

    def opening(self, due: date, working: WorkingDays) -> date:
        """The day from which it can be met."""
        return self.opens.before(due, working)


def following_by_rule(obligation: Obligation, nominal: date) -> date | None:
    """When the next occurrence after one that was due on `nominal` is due; None for one that does not go by a rule."""
    return next_by_rule(obligation.rule, obligation.start, nominal, False) if obligation.rule is not None else None


_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS",
}  # fmt: skip


def read_rule(text: str, start: date) -> rrule:
    """An RRULE of RFC 5545, such as 'FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31', counted from `start`.

    Raises ValueError for one that cannot be read, that names times of a day, or that recurs more often than daily.
    """
    parts = dict(part.partition("=")[::2] for part in text.removeprefix("RRULE:").upper().split(";"))
    if unknown := sorted(set(parts) - _PARTS):
        raise ValueError(f"{unknown[0]} is not for days; there are {', '.join(sorted(_PARTS))}")
    if parts.get("FREQ") in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise ValueError("it recurs more often than daily")
    if not parts.get("INTERVAL", "1").isdigit() or int(parts.get("INTERVAL", "1")) == 0:
        raise ValueError("INTERVAL must be 1 or more")
    rule = rrulestr(text.removeprefix("RRULE:"), dtstart=datetime.combine(start, time()))
    assert isinstance(rule, rrule), "more than one rule needs more than one line"
    return rule


@lru_cache(maxsize=4096)
def next_by_rule(text: str, start: date, day: date, inclusive: bool) -> date | None:
    """The rule's first day after `day`, or with `inclusive` from it on; None if it has ended."""
    found = read_rule(text, start).after(datetime.combine(day, time()), inc=inclusive)
    return found.date() if found is not None else None
