"""Decision tables with DMN's hit policies.

Each row is a bit. Every column is cut at the values its cells name into parts on which each cell is either always or
never met, and each part keeps the bits of the rows that it meets; so a decision is one look-up a column and an `and`
of integers, however many rows there are. A missing fact keeps a row possible without making it certain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from ..errors.reasons import InWords
from ..text import shown
from .unary_tests import EXACT, Facts, Kind, UnaryTest, middle

HIT_POLICIES = {
    "U": "unique",
    "F": "first",
    "A": "any",
    "P": "priority",
    "R": "rule order",
    "O": "output order",
    "C": "collect",
    "C+": "sum",
    "C#": "count",
    "C<": "min",
    "C>": "max",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A rule: a test for each input, a value for each output. `number` counts from 1; `line` is that of its file."""

    number: int
    tests: tuple[UnaryTest, ...]
    outputs: tuple[Any, ...]
    line: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table says: its `outputs` by name and the `rows` that decided; or why it says nothing.

    `missing` are the facts without which it can't decide; `clash` are rows that fit together though only one may.
    No rows, nothing missing and no clash: no row fits (for a collecting table an answer like any other).
    """

    table: str
    rows: tuple[int, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    clash: tuple[int, ...] = ()

    @property
    def decided(self) -> bool:
        return not self.missing and not self.clash


class DecisionTable:
    """A table compiled once. Raises ValueError for a hit policy that is none, for an aggregate of several outputs or of
    values that have none, and for an order of outputs that leaves one out."""

    def __init__(
        self,
        name: str,
        hit: str,
        inputs: Sequence[tuple[str, Kind]],
        outputs: Sequence[str],
        rows: Iterable[Row],
        priorities: Sequence[Any] = (),
        file: str | None = None,
    ) -> None:
        if hit not in HIT_POLICIES:
            raise ValueError(hit)
        if hit in ("C+", "C#", "C<", "C>") and len(outputs) != 1:
            raise InWords(f"{hit} 只能有一个输出", f"{hit} takes one output")
        rows = tuple(rows)
        _check_outputs(hit, rows, priorities)
        self.name, self.hit, self.file = name, hit, file
        self.inputs, self.outputs, self.rows = tuple(inputs), tuple(outputs), rows
        self.priorities = tuple(priorities)
        self._all = (1 << len(self.rows)) - 1
        self.columns = tuple(
            _column(fact, kind, [row.tests[i] for row in self.rows]) for i, (fact, kind) in enumerate(self.inputs)
        )
        self._lookups = [(one.fact, one.lookup(), one.indifferent) for one in self.columns]
        self._answers = [
            Outcome(name, (row.number,), dict(zip(self.outputs, row.outputs, strict=True))) for row in self.rows
        ]

    @property
    def collects(self) -> bool:
        """Whether its answer is of all rows that fit."""
        return self.hit[0] in "CRO"

    def fits(self, facts: Facts) -> tuple[int, int]:
        """The bits of the rows that certainly fit, and of those that may."""
        certain = possible = self._all
        for fact, lookup, indifferent in self._lookups:
            if fact in facts:
                met = lookup(facts[fact])
                certain &= met
                possible &= met
            else:
                certain &= indifferent
        return certain, possible

    def evaluate(self, facts: Facts) -> Outcome:
        """Decide by the hit policy.

        A unique or any table is decided by a row that certainly fits; a first or priority table only when no better
        row may fit; a collecting one only when nothing is missing.
        """
        certain, possible = self.fits(facts)
        if certain == possible and certain and not certain & (certain - 1) and not self.collects:
            return self._answers[certain.bit_length() - 1]
        match self.hit:
            case "U" | "A" if certain:
                fitting = self._numbered(certain)
                if len(fitting) > 1 and (self.hit == "U" or len({row.outputs for row in fitting}) > 1):
                    return Outcome(self.name, clash=tuple(row.number for row in fitting))
                return self._answers[fitting[0].number - 1]
            case "F" if certain and (certain & -certain) == (possible & -possible):
                return self._answers[(certain & -certain).bit_length() - 1]
            case "P" if certain:
                best = min(self._numbered(certain), key=self.rank)
                if self.rank(best) == min(map(self.rank, self._numbered(possible))):
                    return self._answers[best.number - 1]
            case _ if self.collects and certain == possible:
                return self._collect(self._numbered(certain))
        if possible != certain:
            return Outcome(self.name, missing=self.lacking(facts, possible))
        return Outcome(self.name)

    def lacking(self, facts: Facts, possible: int) -> tuple[str, ...]:
        """The missing facts that rows which may still fit ask for."""
        return tuple(one.fact for one in self.columns if one.fact not in facts and possible & ~one.indifferent)

    def needs(self, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of the facts that are missing: those without which it can't decide, whatever the others are, and those that
        it may need, depending on them. Both are empty where nothing is missing."""
        missing = self.evaluate(facts).missing
        ways = {fact: self._ways(fact) for fact in missing}
        certain = [
            fact
            for fact in missing
            if all(
                self.evaluate({**facts, **dict(zip(others, values, strict=True))}).missing
                for others in [[one for one in missing if one != fact]]
                for values in product(*(ways[one] for one in others))
            )
        ]
        return tuple(certain), tuple(fact for fact in missing if fact not in certain)

    def _ways(self, fact: str) -> list[Any]:
        """A value for each way in which a fact can meet its column's tests."""
        at = next(i for i, (name, _) in enumerate(self.inputs) if name == fact)
        kind, tests = self.inputs[at][1], [row.tests[at] for row in self.rows]
        points = {point for test in tests for point in test.points}
        values: list[Any] = list(kind.values) if kind.values else [True, False] if kind.name == "boolean" else []
        if kind.ordered:
            bounds = {one for test in tests for part in test.intervals for one in (part.low, part.high)}
            cuts = sorted((points | bounds) - {None})
            values = [*cuts, *_between(cuts, kind)]
        elif not values:
            values = [*sorted(points - {None}), _Other()]
        if None in points:
            values.append(None)
        found = {tuple(test.matches(value) for test in tests): value for value in reversed(values)}
        return list(found.values())

    def _numbered(self, bits: int) -> list[Row]:
        return [row for i, row in enumerate(self.rows) if bits >> i & 1]

    def rank(self, row: Row) -> int:
        """Where a row's first output stands among the priorities; after them all, if it is none."""
        first = row.outputs[0]
        return self.priorities.index(first) if first in self.priorities else len(self.priorities)

    def _collect(self, rows: list[Row]) -> Outcome:
        if self.hit == "O":  # sorting is stable: equals stay in the order of the rows, as DMN has it
            rows = sorted(rows, key=self.rank)
        numbers = tuple(row.number for row in rows)
        values = [row.outputs[0] for row in rows]
        result: Any
        match self.hit:
            case "C" | "R" | "O":
                result = {name: [row.outputs[i] for row in rows] for i, name in enumerate(self.outputs)}
                return Outcome(self.name, numbers, result)
            case "C#":
                result = len(set(values))  # DMN 1.3, 8.2.11: the number of distinct outputs
            case "C+":
                result = _sum(values)
            case "C<":
                result = min(values, default=None)
            case _:
                result = max(values, default=None)
        return Outcome(self.name, numbers, {self.outputs[0]: result})


def _check_outputs(hit: str, rows: Sequence[Row], priorities: Sequence[Any]) -> None:
    """What an aggregate is of, and what is put in order, has to be such (DMN 1.3, 8.2.11). Raises InWords."""
    for row in rows:
        value = row.outputs[0]
        if hit == "C+" and (isinstance(value, bool) or not isinstance(value, (int, Decimal))):
            raise InWords(
                f"C+ 求和，而第 {row.number} 行的输出不是数", f"C+ adds up numbers, and row {row.number} gives none"
            )
        if hit in ("C<", "C>") and (isinstance(value, bool) or not isinstance(value, (int, Decimal, date))):
            raise InWords(
                f"{hit} 比较大小，而第 {row.number} 行的输出不是数或日期",
                f"{hit} compares numbers or days, and row {row.number} gives neither",
            )
        if hit == "O" and value not in priorities:
            raise InWords(
                f"O 按 priorities 排列，其中没有第 {row.number} 行的输出 {shown(value, 'zh')}",
                f"O puts outputs in the order of priorities, which lack that of row {row.number}: {shown(value, 'en')}",
            )


def _sum(values: Iterable[int | Decimal]) -> int | Decimal:
    """The exact sum: Decimal's own rounds to 28 digits."""
    whole, rest = 0, Decimal(0)
    decimals = False
    for value in values:
        if isinstance(value, Decimal):
            rest, decimals = EXACT.add(rest, value), True
        else:
            whole += value
    return EXACT.add(rest, Decimal(whole)) if decimals else whole


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << i for i, flag in enumerate(flags) if flag)


@dataclass(frozen=True, slots=True)
class Column:
    """An input, cut at the values that its cells name; what a value is worth are the bits of the rows whose cell it
    meets. `met` has those of the values that are named, null among them; `between` those of what lies before, between
    and after them, as they are sorted (in `cuts`), and of a kind without an order, of all others. `indifferent` are the
    rows that don't ask for it."""

    fact: str
    kind: Kind
    met: Mapping[Any, int]
    cuts: tuple[Any, ...]
    between: tuple[int, ...]
    indifferent: int

    def lookup(self) -> Callable[[Any], int]:
        """From a known value to its bits."""
        met, cuts, between = self.met, self.cuts, self.between
        if not self.kind.ordered:
            (other,) = between
            return lambda value: met.get(value, other)

        def lookup(value: Any) -> int:
            exact = met.get(value)
            return between[bisect_left(cuts, value)] if exact is None else exact

        return lookup


def _column(fact: str, kind: Kind, tests: Sequence[UnaryTest]) -> Column:
    points = {point for test in tests for point in test.points if point is not None}
    points |= {
        bound for test in tests for part in test.intervals for bound in (part.low, part.high) if bound is not None
    }
    met = {value: _bits(test.matches(value) for test in tests) for value in [None, *points]}
    cuts = tuple(sorted(points)) if kind.ordered else ()
    others = _between(cuts, kind) if kind.ordered else [_Other()]
    between = tuple(_bits(test.matches(value) for test in tests) for value in others)
    return Column(fact, kind, met, cuts, between, _bits(test.everything for test in tests))


class _Other:
    """A value that no cell names."""


def _between(cuts: Sequence[Any], kind: Kind) -> list[Any]:
    """One value before, between and after the cuts. Where none lies between two, any will do: it is never asked for."""
    if not cuts:
        return [date(2000, 1, 1) if kind.name == "date" else 0]
    if kind.name == "date":
        day = timedelta(days=1)
        low, high = min(cuts) != date.min, max(cuts) != date.max
        return [
            cuts[0] - day if low else cuts[0],
            *(cut + day for cut in cuts[:-1]),
            cuts[-1] + day if high else cuts[-1],
        ]
    if kind.name == "integer":
        return [cuts[0] - 1, *(cut + 1 for cut in cuts)]
    middles = [middle(a, b) for a, b in pairwise(cuts)]
    return [EXACT.subtract(Decimal(cuts[0]), Decimal(1)), *middles, EXACT.add(Decimal(cuts[-1]), Decimal(1))]
