"""Numbers over many cases: indicators, a body's yearly report, support by year, venues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from ..cases.case import Case
from ..cases.fold import applied
from ..dates.instants import day_end
from ..errors import FutureDay, NotGroupedBy, UnknownIndicator, UnknownSupport
from ..indicators.entitlements import counted_on, entitlements
from ..indicators.measures import Measure, measure, without_empty
from ..indicators.population import Population, days_counted, happenings
from ..policy.indicators import Indicator
from ..policy.support import Support
from ..text import Title, suggested, titles
from .asked import known_type
from .office import Office
from .query import Query
from .views import CaseView, Supported, VenueUse, YearReport


class Scope(TypedDict, total=False):
    """What is counted: the cases of a body and all below it, an area and all within it, a type; at the end of a day
    (`as_of`, default today), or of a year."""

    under: str | None
    area: str | None
    type: str | None
    year: int | None
    as_of: date | None


class Counting:
    """What can be counted of an office's cases; `Supervision` says of each method what goes in, comes out and is
    raised."""

    def __init__(self, office: Office) -> None:
        self._office, self.policy, self.store, self.today = office, office.policy, office.store, office.today

    def indicator(
        self,
        name: str,
        by: str | None,
        least: int | None,
        **scope: Unpack[Scope],
    ) -> list[Measure]:
        """Of all, and of each group by `by`."""
        found = self._indicator(name)
        if by is not None and by not in found.by:
            raise NotGroupedBy(indicator=found.title, by=by, known=list(found.by))
        population = self.population([found], **scope)
        return measure(population, found, by, least=least)

    def _indicator(self, name: str) -> Indicator:
        found = self.policy.parts.indicators.get(name)
        if found is None:
            raise UnknownIndicator(indicator=name, known=suggested(name, titles(self.policy.parts.indicators)))
        return found

    def indicators(self, **scope: Unpack[Scope]) -> list[Measure]:
        """Each of all together."""
        every = list(self.policy.parts.indicators.values())
        population = self.population(every, **scope)
        return [measure(population, one)[0] for one in every]

    def trend(
        self, name: str, days: Sequence[date], *, under: str | None = None, area: str | None = None
    ) -> list[tuple[date, Measure]]:
        """At the end of each of some days; every history is read once."""
        found = self._indicator(name)
        if found.happened is not None or found.support is not None or found.growth is not None:
            raise NotGroupedBy(indicator=found.title, by=Title("日", "day"), known=list(found.by))
        body = self.policy.places.body(under).id if under is not None else None
        areas = self.policy.places.within(area)
        ends = [(day, day_end(day, self.policy.zone)) for day in sorted(days)]
        stood: dict[date, list[Case]] = {day: [] for day, _ in ends}
        if not ends:
            return []

        def keep(case: Case, upto: int, after: int) -> None:
            if case.withdrawn is not None:
                return
            if areas is None or case.area in areas:
                for day, _ in ends[upto:after]:
                    if body is None or case.responsible in self.policy.places.on(day).under(body):
                        stood[day].append(case)

        case: Case | None = None
        at = 0
        for event in self.store.happened(datetime.min.replace(tzinfo=UTC), ends[-1][1]):
            if case is not None and event.case != case.id:
                keep(case, at, len(ends))
                case, at = None, 0
            upto = at
            while at < len(ends) and ends[at][1] < event.at:
                at += 1
            if case is not None:
                keep(case, upto, at)
            case = applied(case, event)
        if case is not None:
            keep(case, at, len(ends))
        whole = self._is_top(under, area)
        code = self.policy.places.area(area).code if area is not None and under is None else None
        return [
            (day, measure(Population(self.policy, day, day.year, stood[day], whole=whole, area=code), found)[0])
            for day, _ in ends
        ]

    def scorecard(self, body: str, year: int, *, territory: bool = False, as_of: date | None = None) -> YearReport:
        """A body's report of a year."""
        card, own = self.policy.parts.scorecard, self.policy.places.body(body)
        last = as_of or self.today()
        if year > last.year:
            raise FutureDay(day=date(year, 1, 1), today=last)
        if card is None:
            raise UnknownIndicator(indicator="scorecard", known="")
        every = self.policy.parts.indicators
        used = [every[name] for section in card.sections for name in section.indicators]
        scope: Scope = {"year": year, "as_of": as_of}
        scope |= {"area": own.area} if territory else {"under": own.id}
        population = self.population(used, **scope)

        def measured(name: str, by: str | None) -> tuple[Measure, ...]:
            return tuple(without_empty(measure(population, every[name], by)))

        sections = tuple(
            (section, tuple(measured(name, section.by) for name in section.indicators)) for section in card.sections
        )
        return YearReport(card, own, year, population.day, sections, territory)

    def population(
        self,
        indicators: Sequence[Indicator],
        *,
        under: str | None = None,
        area: str | None = None,
        type: str | None = None,
        year: int | None = None,
        as_of: date | None = None,
    ) -> Population:
        """What some indicators are computed from; `measure` computes them. Raises UnknownBody, UnknownArea."""
        known_type(self.policy, type)
        last = as_of or self.today()
        day = min(last, date(year, 12, 31)) if year is not None else last
        query = Query(
            types=frozenset([type]) if type is not None else None,
            areas=self.policy.places.within(area),
        )

        def stood(when: date) -> list[Case]:
            then = day_end(when, self.policy.zone) if as_of is not None or when != last else None
            responsible = self._office.bodies_under(under, when) if under is not None else None
            return self.store.cases(replace(query, as_of=then, responsible=responsible))

        cases = stood(day)
        events: list[tuple[str, dict[str, Any]]] = []
        if any(one.happened is not None for one in indicators):
            zone = self.policy.zone
            start = day_end(date(year or day.year, 1, 1) - timedelta(days=1), zone)
            events = happenings(indicators, self.store.happened(start, day_end(day, zone)))
        return Population(
            self.policy,
            day,
            year or day.year,
            cases,
            self.store.cases(Query(as_of=day_end(last, self.policy.zone))) if last != day else cases,
            {when: stood(when) for when in sorted(days_counted(self.policy, indicators, year or day.year, day))},
            events,
            whole=type is None and self._is_top(under, area),
            area=self.policy.places.area(area).code if area is not None and (under, type) == (None, None) else None,
        )

    def _is_top(self, under: str | None, area: str | None) -> bool:
        """Whether a body and an area have all others below them."""
        body = self.policy.places.body(under).parent if under is not None else None
        return body is None and (self.policy.places.area(area).parent if area is not None else None) is None

    def support(
        self,
        year: int,
        *,
        what: str | None = None,
        under: str | None = None,
        area: str | None = None,
        case: str | None = None,
        lacking: bool = False,
        as_of: date | None = None,
        limit: int | None = None,
    ) -> list[Supported]:
        """The supports that organisations may have for a year, in the order of the cases' ids."""
        supports = self.policy.parts.support
        if what is not None and what not in supports:
            raise UnknownSupport(support=what, known=suggested(what, titles(supports)))
        last = as_of or self.today()
        chosen = [one for one in supports.values() if what in (None, one.name)]
        query = Query(
            areas=self.policy.places.within(area),
            text=case,
        )

        def stood(day: date) -> dict[str, Case]:
            then = day_end(day, self.policy.zone) if as_of is not None or day != last else None
            if case is not None:
                one = self.store.get(case, then)
                return {case: one} if one is not None and one.withdrawn is None else {}
            responsible = self._office.bodies_under(under, day) if under is not None else None
            return {one.id: one for one in self.store.cases(replace(query, as_of=then, responsible=responsible))}

        now = stood(last)
        if case is not None and not now:
            raise self._office.no_case(case, None) if as_of is None else self._office.no_case_then(case, as_of)
        by_day: dict[date, list[Support]] = {}
        for support in chosen:
            by_day.setdefault(counted_on(support, year, last), []).append(support)
        found = []
        for day, on_it in by_day.items():
            names = {one.name for one in on_it}
            for id, then in (now if day == last else stood(day)).items():
                for one in entitlements(self.policy, then, now.get(id, then), year, day):
                    if one.support.name in names and (one.lacking or not lacking):
                        found.append(Supported(CaseView(now.get(id, then), self.policy, last), one))
        order = {name: at for at, name in enumerate(supports)}
        found.sort(key=lambda one: (one.case.id, order[one.entitlement.support.name]))
        return found[:limit]

    def venues(self, *, year: int, area: str | None = None) -> list[VenueUse]:
        """The venues of an area, with who used each in a year."""
        within = self.policy.places.within(area)
        zone = self.policy.zone
        start = day_end(date(year - 1, 12, 31), zone)
        used: dict[tuple[str, int], str] = {}
        for event in self.store.happened(start, self.store.now()):
            if event.venue is not None and event.year == year:
                used[event.case, event.seq] = event.venue
            elif event.struck is not None:
                used.pop((event.case, event.struck), None)
            elif event.back_to is not None:
                for case, seq in [one for one in used if one[0] == event.case and one[1] > event.back_to]:
                    used.pop((case, seq))
        users: dict[str, list[str]] = {}
        for (case, _), venue in sorted(used.items()):
            users.setdefault(venue, []).append(case)
        return [
            VenueUse(
                venue,
                tuple(dict.fromkeys(users.get(venue.id, ()))),
                len(users.get(venue.id, ())),
                self.policy.places.areas.get(venue.area),
            )
            for venue in self.policy.parts.venues.values()
            if within is None or venue.area in within
        ]
