"""What recurs by a rule of RFC 5545, in days."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrule, rrulestr

from ..errors.reasons import InWords
from ..text import Title

_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def read_rule(text: str, start: date) -> rrule:
    """An RRULE of RFC 5545, such as 'FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31', counted from `start`.

    Raises ValueError for one that cannot be read, that names times of a day, or that recurs more often than daily.
    """
    parts = dict(part.partition("=")[::2] for part in text.removeprefix("RRULE:").upper().split(";"))
    if unknown := sorted(set(parts) - _PARTS):
        known = sorted(_PARTS)
        raise InWords(
            f"{unknown[0]} 不适用于按日计的规则；可用：{'、'.join(known)}",
            f"{unknown[0]} is not for days; there are {', '.join(known)}",
        )
    if parts.get("FREQ") in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise InWords("比每日更频繁", "it recurs more often than daily")
    if not re.fullmatch("[0-9]{1,9}", parts.get("INTERVAL", "1")) or int(parts.get("INTERVAL", "1")) == 0:
        raise InWords("INTERVAL 应为 1 或更大", "INTERVAL must be 1 or more")
    rule = rrulestr(text.removeprefix("RRULE:"), dtstart=datetime.combine(start, time()))
    assert isinstance(rule, rrule), "more than one rule needs more than one line"
    return rule


@lru_cache(maxsize=4096)
def next_by_rule(text: str, start: date, day: date, inclusive: bool) -> date | None:
    """The rule's first day after `day`, or with `inclusive` from it on; None if it has ended."""
    found = read_rule(text, start).after(datetime.combine(day, time()), inc=inclusive)
    return found.date() if found is not None else None


def rule_in_words(text: str) -> Title:
    """A rule as a person reads it: one of a day in every month or in some months; any other is as it is written."""
    parts = dict(part.partition("=")[::2] for part in text.removeprefix("RRULE:").upper().split(";"))
    months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month]
    yearly = parts.get("FREQ") in ("YEARLY", "MONTHLY") and bool(months)
    if not (yearly or parts.get("FREQ") == "MONTHLY") or set(parts) - {"FREQ", "BYMONTH", "BYMONTHDAY"}:
        return Title(text, text)
    day = parts.get("BYMONTHDAY", "")
    if not re.fullmatch("-1|[1-9][0-9]?", day):
        return Title(text, text)
    zh_day, en_day = ("最后一日", "the last day") if day == "-1" else (f"{day}日", f"day {day}")
    if not months:
        return Title(f"每月{zh_day}", f"{en_day} of every month")
    names = ", ".join(_MONTHS[month - 1] for month in months)
    return Title(f"每年{'、'.join(str(month) for month in months)}月{zh_day}", f"{en_day} of {names}, every year")
