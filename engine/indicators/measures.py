"""Indicators as the policy defines them, computed over cases: purely, from what stood on a day and what happened.

Whatever a fact leaves open is not counted as met, and is told apart (`unknown`), so that a number is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..cases.case import Case
from ..policy.indicators import Indicator
from ..policy.support import MONEY
from ..rules.unary_tests import Facts, UnaryTest
from ..text import Title, as_json, brief
from .entitlements import counted_on, entitled, entitlement, undecided
from .grouping import ALL, NONE, UNKNOWN, Groups
from .population import Population

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator of one group (`key`; ALL for all together). `value` is a share, a number or an amount, None where
    there is nothing to divide by or no figure; `numerator` and `denominator` are what it was made of. `groups` are
    counted where shares are held by the large. `met` says whether the target is met, None where it has none."""

    indicator: Indicator
    key: str
    title: Title
    numerator: int | Decimal
    denominator: int | Decimal | None
    value: Decimal | None
    unknown: int = 0
    groups: int | None = None
    target: UnaryTest | None = None
    met: bool | None = None
    published: Decimal | None = None
    is_published: bool = False

    __repr__ = brief("name", "key", "value", "numerator", "denominator", "met")

    @property
    def name(self) -> str:
        return self.indicator.name

    def values(self) -> dict[str, Any]:
        """Its numbers, as JSON has them."""
        value: Any = self.value
        if value is not None and not self.indicator.is_money:
            value = round(value, 6) if self.denominator is not None else int(value)
        return {
            "value": as_json(value),
            "numerator": as_json(self.numerator),
            "denominator": as_json(self.denominator),
            "unknown": self.unknown or None,
            "target": self.target.text if self.target is not None else None,
            "met": self.met,
            "published": as_json(self.published),
        }

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; `groups` only where shares are held by the large."""
        one = self.indicator
        said = {
            "indicator": one.name, "title": as_json(one.title), "key": self.key or "all",
            "group": as_json(self.title), **self.values(), "by": list(one.by), "note": one.note,
        }  # fmt: skip
        return said | ({"groups": self.groups} if one.held is not None else {})

    @property
    def size(self) -> int | Decimal:
        """How large its group is: what it is a share of, else what was counted."""
        return self.denominator if self.denominator is not None else self.numerator


def measure(
    population: Population, indicator: Indicator, by: str | None = None, *, least: int | None = None
) -> list[Measure]:
    """An indicator of all, and then of each group by `by`, in the order of the policy's areas, bodies or values.
    `least` stands in for the indicator's own bound of what is large."""
    groups = Groups(population.policy, population.day)
    if indicator.held is not None:
        return _held(population, indicator, groups, least or indicator.held[1])
    sums: dict[str, _Sum] = {}

    def add(case: Case, facts: Facts, more: int | Decimal, of: int, unknown: int = 0) -> None:
        for key in (ALL,) if by is None else (ALL, groups.key(case, facts, by)):
            one = sums.setdefault(key, _Sum())
            one.numerator += more
            one.denominator += of
            one.unknown += unknown
            if one.target and not target(facts):
                one.target = False

    wanted, target = indicator.of.evaluate, _sure(indicator.target_when.evaluate)
    _count(population, indicator, wanted, add)
    keys = [ALL, *groups.ordered((key for key in sums if key != ALL), by)]
    return [_measured(population, indicator, key, sums.get(key, _Sum()), groups.title(key, by)) for key in keys]


@dataclass(slots=True)
class _Sum:
    numerator: int | Decimal = 0
    denominator: int = 0
    unknown: int = 0
    target: bool = True


_Add = Callable[..., None]


def _sure(test: Callable[[Facts], bool | None]) -> Callable[[Facts], bool]:
    return lambda facts: test(facts) is True


def _count(population: Population, indicator: Indicator, wanted: Callable[[Facts], bool | None], add: _Add) -> None:
    """Each case's, or event's, part in an indicator."""
    policy = population.policy
    if indicator.happened is not None:
        holds = indicator.happened.evaluate
        for case, facts, event in population.happened:
            if wanted(facts) and holds(event):
                add(case, facts, 1, 0)
    elif indicator.recorded is not None:
        at = ("times", "count", "amount").index(indicator.measure)
        for case, facts in population.rows:
            if case.continued_as in population.by_id:
                continue  # the case that carries it on has its records
            tally = population.recorded[case.id].records.get(indicator.recorded)
            if tally is not None and population.year in tally.years and wanted(facts):
                add(case, facts, tally.of(population.year)[at], 0)
    elif indicator.support is not None:
        name, what = indicator.support
        support = policy.parts.support[name]
        if what == "paid" and support.paid is not None:  # also to those that have closed since
            for case, facts in population.rows:
                tally = population.recorded[case.id].records.get(support.paid)
                if tally is not None and case.continued_as not in population.by_id and wanted(facts):
                    add(case, facts, tally.of(population.year)[2], 0)
            return
        for case, facts in population.counted(counted_on(support, population.year, population.day)):
            if not wanted(facts):
                continue
            if name not in entitled(policy, facts):
                if name in undecided(policy, facts):
                    add(case, facts, 0, 0, 1)
                continue
            now = population.recorded.get(case.id, case)
            found = entitlement(policy, support, facts, now, population.year)
            if what in MONEY:
                add(case, facts, getattr(found, what) or Decimal(0), 0, found.due is None)
            else:
                add(case, facts, found.lacking if what == "lacking" else 1, 0)
    elif indicator.growth is not None:
        for case, facts in population.open:
            if wanted(facts):
                add(case, facts, 1, 0)
        for case, facts in population.counted(indicator.growth.before(population.day)):
            if wanted(facts):
                add(case, facts, 0, 1)
    else:
        share = indicator.share.evaluate if indicator.share is not None else None
        for case, facts in population.open:
            if not wanted(facts):
                continue
            if share is not None:
                met = share(facts)
                add(case, facts, met is True, 1, met is None)
            elif indicator.sum is not None:
                number = facts.get(indicator.sum)
                add(case, facts, number or 0, 0, number is None)
            else:
                add(case, facts, 1, 0)


def _measured(population: Population, indicator: Indicator, key: str, one: _Sum, title: Title) -> Measure:
    numerator: int | Decimal = one.numerator
    denominator: int | Decimal | None = None
    value: Decimal | None
    if indicator.is_ratio:
        denominator = one.denominator
        # Where nothing is known of any, there is no share; of some, those of which it is known are the least there are.
        known = one.denominator and one.unknown < one.denominator
        value = Decimal(numerator) / one.denominator if known else None
        if indicator.growth is not None and value is not None:
            value -= 1
    elif indicator.per is not None:
        figure, each = indicator.per
        denominator = _figure(population, figure, key)
        value = Decimal(numerator) * each / denominator if denominator else None
    elif indicator.is_money:
        numerator = value = Decimal(numerator).quantize(_HUNDREDTH)
    else:
        value = Decimal(numerator)
    target = indicator.target if one.target else None
    met = target.matches(value) if target is not None and value is not None else None
    named = key if key != ALL else "all" if population.whole else ""
    return Measure(
        indicator, key, title, numerator, denominator, value, one.unknown, None, target, met,
        indicator.published.get(named), named in indicator.published,
    )  # fmt: skip


def _figure(population: Population, name: str, key: str) -> int | None:
    """A figure of the area that a group is (by its key); for all, of their area, or of the top one for the whole."""
    figure, year = population.policy.parts.figures[name], population.day.year
    if key == ALL and population.area is not None:
        return figure.of(population.area, year)
    for code, area in population.policy.places.areas.items():
        if area.key == key or (key == ALL and area.parent is None and population.whole):
            return figure.of(code, year)
    return None


def _held(population: Population, indicator: Indicator, groups: Groups, least: int) -> list[Measure]:
    """How much of the whole the large hold, and each of them, the largest first."""
    assert indicator.held is not None
    by = indicator.held[0]
    wanted = indicator.of.evaluate
    counts: dict[str, int] = {}
    for case, facts in population.open:
        if wanted(facts):
            key = groups.key(case, facts, by)
            counts[key] = counts.get(key, 0) + 1
    whole = sum(counts.values())
    large = {key: count for key, count in counts.items() if count >= least and key not in (UNKNOWN, NONE)}
    held = sum(large.values())

    def made(key: str, count: int, many: int | None, title: Title) -> Measure:
        value = Decimal(count) / whole if whole else None
        named = key if key != ALL else "all" if population.whole else ""
        target = indicator.target if key == ALL else None
        met = target.matches(value) if target is not None and value is not None else None
        return Measure(
            indicator, key, title, count, whole, value, 0, many, target, met,
            indicator.published.get(named), named in indicator.published,
        )  # fmt: skip

    found = [made(ALL, held, len(large), groups.title(ALL, by))]
    for key, count in sorted(large.items(), key=lambda one: (-one[1], one[0])):
        found.append(made(key, count, None, groups.title(key, by)))
    return found


def worst_first(measures: Sequence[Measure]) -> list[Measure]:
    """All first; then the groups that miss their target, and what the indicator says is worse, the larger among equals;
    in the policy's order where neither says anything."""
    if not measures:
        return []
    worse = measures[0].indicator.worse
    sign = -1 if worse == "high" else 1
    if worse is None and not any(one.met is False for one in measures[1:]):
        return list(measures)

    def rank(one: Measure) -> tuple[Any, ...]:
        value = sign * (one.value or 0) if worse is not None else 0
        return one.met is not False, one.value is None, value, -one.size

    return [measures[0], *sorted(measures[1:], key=rank)]


def without_empty(measures: Sequence[Measure]) -> list[Measure]:
    """All, and the groups of which there is something to say."""
    return [one for one in measures if one.key == ALL or one.numerator or one.denominator or one.unknown]
