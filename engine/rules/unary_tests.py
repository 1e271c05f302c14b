"""Unary tests (DMN S-FEEL): what one value must be, and the kinds of values that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any

from ..text import Title

Facts = Mapping[str, Any]
#: Arithmetic with all digits: exponents have three at most, and Decimal's own rounds to 28 digits.
EXACT = Context(prec=5_000, Emax=99_999, Emin=-99_999)


Test = Callable[[Any], bool]

# What Python's own int, Decimal and date take besides (1_000, １２, Infinity, 2015-W09-7) is none of these.
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a fact: 'integer', 'decimal', 'string', 'enumeration', 'boolean', 'date' or 'body'."""

    name: str
    values: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        return self.name in ("integer", "decimal", "date")

    @property
    def title(self) -> Title:
        """What values of this kind are called."""
        return _TITLES[self.name]

    @property
    def expected(self) -> Title:
        """What a value of this kind looks like."""
        if self.name == "enumeration":
            values = ", ".join(self.values)
            return Title(values, values)
        return _EXAMPLES.get(self.name, Title("“文字”", '"text"'))

    def read(self, text: str) -> Any:
        """A value from its text as a policy writes it, without quotes: one writing for each value.

        Raises ValueError when it is none of this kind.
        """
        match self.name:
            case "integer":
                return int(text) if _INTEGER.fullmatch(text) else refuse_value(text)
            case "decimal":
                return Decimal(text) if _DECIMAL.fullmatch(text) else refuse_value(text)
            case "boolean":
                return {"true": True, "false": False}[text] if text in ("true", "false") else refuse_value(text)
            case "date":
                return date.fromisoformat(text) if _DAY.fullmatch(text) else refuse_value(text)
            case "enumeration":
                return text if text in self.values else refuse_value(text)
            case _:
                return text

    def holds(self, value: Any) -> bool:
        """Whether a Python value is of this kind (null always is)."""
        match self.name:
            case _ if value is None:
                return True
            case "integer":
                return type(value) is int
            case "decimal":
                return type(value) is int or (isinstance(value, Decimal) and value.is_finite())
            case "boolean":
                return type(value) is bool
            case "date":
                return type(value) is date
            case "enumeration":
                return value in self.values
            case _:
                return isinstance(value, str)


_TITLES = {
    "integer": Title("整数", "integer"),
    "decimal": Title("数", "decimal"),
    "string": Title("文字", "string"),
    "enumeration": Title("可选的值", "enumeration"),
    "boolean": Title("是非值", "boolean"),
    "date": Title("日期", "date"),
    "body": Title("机构", "body"),
}
_EXAMPLES = {
    "integer": Title("42", "42"),
    "decimal": Title("3.5", "3.5"),
    "boolean": Title("是 / 否", "true / false"),
    "date": Title("2015-11-27", "2015-11-27"),
}


def middle(low: int | Decimal, high: int | Decimal) -> Decimal:
    """The number half way between two."""
    return EXACT.divide(EXACT.add(Decimal(low), Decimal(high)), Decimal(2))


def refuse_value(text: str) -> Any:
    raise ValueError(text)


@dataclass(frozen=True, slots=True)
class Interval:
    """The values between two bounds; None is unbounded on that side."""

    low: Any = None
    high: Any = None
    low_closed: bool = False
    high_closed: bool = False

    def __contains__(self, value: Any) -> bool:
        if value is None:
            return False
        low, high = self.low, self.high
        return (low is None or value > low or (self.low_closed and value == low)) and (
            high is None or value < high or (self.high_closed and value == high)
        )


@dataclass(frozen=True, slots=True)
class UnaryTest:
    """A set of values: all of them (`-`), or those in `intervals` or `points` (null among them), or the others."""

    text: str
    intervals: tuple[Interval, ...] = ()
    points: tuple[Any, ...] = ()
    negated: bool = False
    everything: bool = False

    def matches(self, value: Any) -> bool:
        """Whether a known value (None is null) passes. `not(...)` never takes null in, unless null is what it excludes
        the opposite of: `not(null)` is every known value."""
        if self.everything:
            return True
        inside = value in self.points or any(value in interval for interval in self.intervals)
        if not self.negated:
            return inside
        return not inside and value is not None

    def compile(self) -> Test:
        """The same as `matches`, as a closure made for this test."""
        if self.everything:
            return lambda value: True
        if not self.negated and not self.intervals and len(self.points) == 1:
            (only,) = self.points
            if only is None or isinstance(only, bool):
                return lambda value: value is only
            return lambda value: value == only
        if not self.negated and len(self.intervals) == 1 and not self.points:
            return _interval(self.intervals[0])
        if not self.intervals and _hashable(self.points):
            known = frozenset(self.points)
            if self.negated:
                return lambda value: value not in known and value is not None
            return lambda value: value in known
        return self.matches


def _hashable(points: Sequence[Any]) -> bool:
    return all(point is None or isinstance(point, (str, int, date, Decimal)) for point in points)


def _interval(interval: Interval) -> Test:
    low, high = interval.low, interval.high
    if high is None:
        if interval.low_closed:
            return lambda value: value is not None and value >= low
        return lambda value: value is not None and value > low
    if low is None:
        if interval.high_closed:
            return lambda value: value is not None and value <= high
        return lambda value: value is not None and value < high
    return interval.__contains__
