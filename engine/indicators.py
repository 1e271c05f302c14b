"""Indicators as the policy defines them, computed over cases: purely, from what stood on a day and what happened.

Whatever a fact leaves open is not counted as met, and is told apart (`unknown`), so that a number is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from .case import Area, Body, Case, Event, Title
from .conditions import Facts, UnaryTest
from .parts import MONEY, Indicator
from .policy import Policy
from .supporting import counted_on, entitled, entitlement, undecided
from .timing import asked_context

#: The group that holds all.
ALL = ""
#: The group of those of which it is not known, and of those that have none.
UNKNOWN, NONE = "?", "-"
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


@dataclass(frozen=True)
class Population:
    """What indicators are computed from: the cases as they stood at the end of `day`, the closed among them; as they
    stand at the end of `until`, for what was recorded for the year later; those of the days on which supports and
    growth are counted, by day; and of the events of the year up to `day`, each one's case and what may be asked
    of it (`happenings`). Events of other cases are left out. `whole` says
    that they are all the cases there are; `area` (a code) that they are all of an area."""

    policy: Policy
    day: date
    year: int
    cases: Sequence[Case]
    now: Sequence[Case] = ()
    at: Mapping[date, Sequence[Case]] = field(default_factory=dict)
    events: Sequence[tuple[str, Mapping[str, Any]]] = ()
    whole: bool = True
    area: str | None = None

    @cached_property
    def rows(self) -> list[tuple[Case, dict[str, Any]]]:
        """Each case with what a rule may ask of it on the day."""
        return [(case, asked_context(self.policy, case, self.day)) for case in self.cases]

    @cached_property
    def open(self) -> list[tuple[Case, dict[str, Any]]]:
        return [(case, facts) for case, facts in self.rows if not case.closed]

    @cached_property
    def by_id(self) -> dict[str, tuple[Case, dict[str, Any]]]:
        return {case.id: (case, facts) for case, facts in self.rows}

    @cached_property
    def recorded(self) -> dict[str, Case]:
        """Each case as it stands now, or stood if it is not among those that do."""
        return {**{case.id: case for case in self.cases}, **{case.id: case for case in self.now}}

    @cached_property
    def happened(self) -> list[tuple[Case, dict[str, Any], dict[str, Any]]]:
        """Each event's case, its facts, and the same with what may be asked of the event."""
        found = []
        for id, said in self.events:
            if id in self.by_id:
                case, facts = self.by_id[id]
                found.append((case, facts, {**facts, **said}))
        return found

    def counted(self, day: date) -> list[tuple[Case, dict[str, Any]]]:
        """The open cases of another day."""
        if day == self.day:
            return self.open
        if day not in self._counted:
            own = (case for case in self.at.get(day, ()) if not case.closed)
            self._counted[day] = [(case, asked_context(self.policy, case, day)) for case in own]
        return self._counted[day]

    @cached_property
    def _counted(self) -> dict[date, list[tuple[Case, dict[str, Any]]]]:
        return {}


def event_facts(event: Event) -> dict[str, Any]:
    """What an indicator may ask of an event; null where it says nothing of it."""
    changes = event.changes
    into = str(changes["state"]).partition(".")[0] if "stage_since" in changes else None
    out_of = str(changes["origin"]).partition(".")[0] if changes.get("origin") else None
    stood = str(changes["stood"]).partition(".")[0] if "stood" in changes else out_of
    return {
        "event.kind": event.kind,
        "event.trigger": event.trigger,
        "event.into": into,
        "event.out_of": out_of,
        "event.stage": stood,
        "event.obligation": changes.get("concerns"),
        "event.outcome": changes.get("outcome"),
        "event.gate": changes.get("gate"),
        "event.answer": changes.get("answer"),
        "event.group": changes.get("of_group"),
        "event.blocker": event.reason if event.kind in ("blocked", "unblocked") else None,
        "event.escalated": "to" in changes,
    }


def happenings(indicators: Iterable[Indicator], events: Iterable[Event]) -> list[tuple[str, dict[str, Any]]]:
    """Of some events those that any of these indicators may count, each by its case with what may be asked of it."""
    asked = [one.happened for one in indicators if one.happened is not None]
    found = []
    for event in events:
        said = event_facts(event)
        if any(one.evaluate(said) is not False for one in asked):
            found.append((event.case, said))
    return found


def days_counted(policy: Policy, indicators: Iterable[Indicator], year: int, day: date) -> set[date]:
    """The days besides `day` whose cases these indicators are computed from."""
    found: set[date] = set()
    for one in indicators:
        if one.support is not None:
            found.add(counted_on(policy.parts.support[one.support[0]], year, day))
        if one.growth is not None:
            found.add(one.growth.before(day))
    return found - {day}


def measure(
    population: Population, indicator: Indicator, by: str | None = None, *, least: int | None = None
) -> list[Measure]:
    """An indicator of all, and then of each group by `by`, in the order of the policy's areas, bodies or values.
    `least` stands in for the indicator's own bound of what is large."""
    groups = _Groups(population.policy, population.day)
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

    wanted, target = indicator.of.compile(), _sure(indicator.target_when.compile())
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
        holds = indicator.happened.compile()
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
        share = indicator.share.compile() if indicator.share is not None else None
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
        value = Decimal(numerator) / one.denominator if one.denominator else None
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
    for code, area in population.policy.areas.items():
        if area.key == key or (key == ALL and area.parent is None and population.whole):
            return figure.of(code, year)
    return None


def _held(population: Population, indicator: Indicator, groups: _Groups, least: int) -> list[Measure]:
    """How much of the whole the large hold, and each of them, the largest first."""
    assert indicator.held is not None
    by = indicator.held[0]
    wanted = indicator.of.compile()
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


class _Groups:
    """What cases are grouped by, with titles and an order."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy, self.day = policy, day
        self._bodies: dict[str, str] = {}

    def key(self, case: Case, facts: Facts, by: str) -> str:
        match by:
            case "responsible":
                return self._standing(case.responsible)
            case "hub":
                return case.hub or NONE
            case _ if by not in facts:
                return UNKNOWN
            case _:
                value = facts[by]
                return NONE if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    def _standing(self, body: str) -> str:
        if body not in self._bodies:
            found = self.policy.body_on(body, self.day)
            self._bodies[body] = found.id if found is not None else body
        return self._bodies[body]

    def ordered(self, keys: Iterable[str], by: str | None) -> list[str]:
        known = {key: at for at, key in enumerate(self._known(by))}
        return sorted(keys, key=lambda key: (known.get(key, len(known)), key))

    def _known(self, by: str | None) -> Iterable[str]:
        policy = self.policy
        if by in ("responsible", "hub"):
            return policy.bodies
        if by in policy.tiers:
            return (area.key for area in policy.areas.values())
        kind = policy.asked.get(by or "")
        return kind.values if kind is not None else ()

    def title(self, key: str, by: str | None) -> Title:
        policy = self.policy
        if key == ALL:
            return Title("合计", "all")
        if key in (UNKNOWN, NONE):
            return Title("未知", "not known") if key == UNKNOWN else Title("无", "none")
        found: Body | Area | None = policy.bodies.get(key)
        if by in policy.tiers:
            found = next((area for area in policy.areas.values() if area.key == key), None)
        if found is not None and (by in ("responsible", "hub", *policy.tiers) or policy.asked[by or ""].name == "body"):
            return found.title
        if by == "type":
            return policy.workflows[key].title
        if by == "stage":
            stages = [flow.stages[key].title for flow in policy.workflows.values() if key in flow.stages]
            return stages[0] if stages else Title(key, key)
        if key in ("true", "false"):
            return Title("是", "yes") if key == "true" else Title("否", "no")
        spec = policy.facts.get(by or "")
        return spec.titles.get(key, Title(key, key)) if spec is not None else Title(key, key)


def worst_first(measures: Sequence[Measure]) -> list[Measure]:
    """All first; then the groups that miss their target, and what the indicator says is worse."""
    if not measures:
        return []
    worse = measures[0].indicator.worse
    sign = -1 if worse == "high" else 1

    def rank(one: Measure) -> tuple[Any, ...]:
        return one.met is not False, one.value is None, sign * (one.value or 0) if worse is not None else 0

    return [measures[0], *sorted(measures[1:], key=rank)]


def without_empty(measures: Sequence[Measure]) -> list[Measure]:
    """All, and the groups of which there is something to say."""
    return [one for one in measures if one.key == ALL or one.numerator or one.denominator or one.unknown]
