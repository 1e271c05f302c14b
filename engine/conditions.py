"""Unary tests and conditions: the one notation of every rule.

A unary test is DMN's S-FEEL (DMN 1.3, ch. 9): `-`, `null`, `>= 3`, `[3..50)`, `"law", "accounting"`, `not("school")`.
Names need no quotes, because spreadsheets strip them. A condition maps facts to unary tests, all of which must hold;
`any:` lists conditions of which one must. Values are True, False or unknown (a fact that is not there): Kleene's logic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import BadTest, UnknownFact, shown

Facts = Mapping[str, Any]
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a fact: 'integer', 'decimal', 'string', 'enumeration', 'boolean', 'date' or 'body'."""

    name: str
    values: tuple[str, ...] = ()

    @property
    def ordered(self) -> bool:
        return self.name in ("integer", "decimal", "date")

    @property
    def expected(self) -> str:
        """What a value of this kind looks like."""
        return {
            "integer": "42",
            "decimal": "3.5",
            "boolean": "true / false",
            "date": "2015-11-27",
            "enumeration": ", ".join(self.values),
        }.get(self.name, '"text"')

    def read(self, text: str) -> Any:
        """A value from its text, without quotes.

        Raises ValueError when it is none of this kind.
        """
        match self.name:
            case "integer":
                return int(text)
            case "decimal":
                try:
                    value = Decimal(text)
                except InvalidOperation as error:
                    raise ValueError(text) from error
                if not value.is_finite():
                    raise ValueError(text)
                return value
            case "boolean":
                return {"true": True, "false": False}[text] if text in ("true", "false") else _no(text)
            case "date":
                return date.fromisoformat(text)
            case "enumeration":
                return text if text in self.values else _no(text)
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


def _no(text: str) -> Any:
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


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>(?:@"(?P<at>[^"]*)"|date\(\s*"(?P<call>[^"]*)"\s*\)))
    | (?P<quoted>"[^"]*"|“[^”]*”)
    | (?P<op>>=|<=|>|<|=)
    | (?P<mark>\.\.|[,()\[\]，（）])
    | (?P<word>[^\s,()\[\]"<>=，（）.]+(?:\.(?!\.)[^\s,()\[\]"<>=，（）.]+)*)
    )""",
    re.VERBOSE,
)
_PLAIN = {"，": ",", "（": "(", "）": ")"}


def parse_test(written: Any, kind: Kind, fact: str = "value") -> UnaryTest:
    """Read a unary test of a fact of `kind`. `written` is text, or a plain YAML value, which tests for equality.

    Raises BadTest, saying what was expected.
    """
    text = shown(written) if not isinstance(written, str) else written.strip()
    wrong = BadTest(text=text, fact=fact, kind=kind.name, expected=_expected(kind))
    if isinstance(written, (list, dict, float)):
        raise wrong
    if text in ("-", ""):
        return UnaryTest("-", everything=True)
    tokens = _tokens(text)
    if tokens is None:
        raise wrong
    try:
        reader = _Reader(tokens, kind)
        test = reader.test(text)
    except (ValueError, IndexError, KeyError) as error:
        raise wrong from error
    return test


def _expected(kind: Kind) -> str:
    if kind.ordered:
        low, high = {"integer": ("3", "50"), "decimal": ("0.5", "2"), "date": ("2015-01-01", "2015-12-31")}[kind.name]
        return f"-, null, {low}, >= {low}, [{low}..{high}), not({low})"
    return f"-, null, not(...), {kind.expected}" + ("" if kind.name == "boolean" else ', "a", "b"')


def _tokens(text: str) -> list[tuple[str, str]] | None:
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match:
            return None
        kind = str(match.lastgroup)
        if match["date"]:
            tokens.append(("literal", match["at"] or match["call"] or ""))
        elif kind == "quoted":
            tokens.append(("quoted", match["quoted"][1:-1]))
        else:
            value = match[kind]
            tokens.append((kind, _PLAIN.get(value, value)))
        at = match.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], kind: Kind) -> None:
        self.tokens, self.kind, self.at = tokens, kind, 0

    def test(self, text: str) -> UnaryTest:
        if self.tokens[:2] == [("word", "not"), ("mark", "(")]:
            self.at = 2
            intervals, points = self.alternatives()
            if self.next() != ("mark", ")"):
                raise ValueError
            negated = True
        else:
            intervals, points = self.alternatives()
            negated = False
        if self.at != len(self.tokens):
            raise ValueError
        return UnaryTest(text, tuple(intervals), tuple(points), negated)

    def next(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def alternatives(self) -> tuple[list[Interval], list[Any]]:
        intervals: list[Interval] = []
        points: list[Any] = []
        while True:
            kind, value = self.tokens[self.at]
            if kind == "op":
                self.at += 1
                self.comparison(value, intervals, points)
            elif kind == "mark" and value in "([]" and value != ",":
                intervals.append(self.interval())
            else:
                points.append(self.value(null=True))
            if self.at < len(self.tokens) and self.tokens[self.at] == ("mark", ","):
                self.at += 1
                continue
            return intervals, points

    def comparison(self, op: str, intervals: list[Interval], points: list[Any]) -> None:
        bound = self.value(null=op == "=")
        if op == "=":
            points.append(bound)
            return
        self.need_order()
        if op[0] == ">":
            intervals.append(Interval(low=bound, low_closed=op == ">="))
        else:
            intervals.append(Interval(high=bound, high_closed=op == "<="))

    def interval(self) -> Interval:
        self.need_order()
        opening = self.next()[1]
        low = self.value()
        if self.next() != ("mark", ".."):
            raise ValueError
        high = self.value()
        closing = self.next()[1]
        if closing not in ")][" or low > high or (low == high and (opening, closing) != ("[", "]")):
            raise ValueError
        return Interval(low, high, opening == "[", closing == "]")

    def need_order(self) -> None:
        if not self.kind.ordered:
            raise ValueError

    def value(self, null: bool = False) -> Any:
        kind, text = self.next()
        if kind == "word" and text == "null":
            return None if null else _no(text)
        if kind == "quoted":
            return self.kind.read(text) if self.kind.name in ("string", "enumeration", "body") else _no(text)
        if kind == "literal":
            return self.kind.read(text) if self.kind.name == "date" else _no(text)
        return self.kind.read(text) if kind == "word" else _no(text)


# --- conditions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """One fact that a condition looked at: what it needs, what the fact is (`known` tells missing from null)."""

    fact: str
    test: str
    known: bool
    value: Any = None
    met: bool | None = None


@dataclass(frozen=True)
class Condition:
    """All of `tests` hold, and of `alternatives`, if there are any, at least one."""

    tests: tuple[tuple[str, UnaryTest], ...] = ()
    alternatives: tuple[Condition, ...] = ()

    @property
    def facts(self) -> frozenset[str]:
        own = frozenset(fact for fact, test in self.tests if not test.everything)
        return own.union(*(one.facts for one in self.alternatives))

    def evaluate(self, facts: Facts) -> bool | None:
        """True, False, or None where a missing fact leaves it open."""
        answers = [
            None if fact not in facts else test.matches(facts[fact]) for fact, test in self.tests if not test.everything
        ]
        if self.alternatives:
            answers.append(_any([one.evaluate(facts) for one in self.alternatives]))
        return _all(answers)

    def needs(self, facts: Facts) -> tuple[Need, ...]:
        """Each test with the fact's value, for an explanation."""
        own = tuple(
            Need(fact, test.text, fact in facts, facts.get(fact), test.matches(facts[fact]) if fact in facts else None)
            for fact, test in self.tests
            if not test.everything
        )
        return own + tuple(need for one in self.alternatives for need in one.needs(facts))

    def compile(self) -> Callable[[Facts], bool | None]:
        """The same as `evaluate`, as closures. A missing fact, and only that, goes the slow way."""
        slow = self.evaluate
        fast = _conjunction([(fact, test.compile()) for fact, test in self.tests if not test.everything])
        if not self.alternatives:

            def closed(facts: Facts) -> bool | None:
                try:
                    return fast(facts)
                except KeyError:
                    return slow(facts)
        else:
            ways = [one.compile() for one in self.alternatives]

            def closed(facts: Facts) -> bool | None:
                try:
                    if not fast(facts):
                        return False
                except KeyError:
                    return slow(facts)
                return _any([way(facts) for way in ways])

        return closed


def _conjunction(parts: list[tuple[str, Test]]) -> Callable[[Facts], bool]:
    if not parts:
        return lambda facts: True
    if len(parts) == 1:
        ((a, first),) = parts
        return lambda facts: first(facts[a])
    if len(parts) == 2:
        (a, first), (b, second) = parts
        return lambda facts: first(facts[a]) and second(facts[b])
    return lambda facts: all(test(facts[fact]) for fact, test in parts)


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: Sequence[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def parse_condition(written: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Condition:
    """Read a condition: fact names to unary tests, and `any:` to a list of conditions.

    Raises UnknownFact and BadTest.
    """
    tests = []
    alternatives: tuple[Condition, ...] = ()
    for fact, test in written.items():
        if fact == "any":
            alternatives = tuple(parse_condition(one, kinds) for one in test)
        elif fact not in kinds:
            raise UnknownFact(fact=fact, known=sorted(kinds))
        else:
            tests.append((fact, parse_test(test, kinds[fact], fact)))
    return Condition(tuple(tests), alternatives)
