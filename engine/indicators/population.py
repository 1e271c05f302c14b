"""What indicators are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ..cases.case import Case
from ..cases.events import Event, EventKind
from ..decide.due.context import asked_context
from ..policy.indicators import Indicator
from ..policy.policy import Policy
from ..text import brief
from .entitlements import counted_on


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

    __repr__ = brief("day", "year", "area")

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


def _stage(state: str | None) -> str | None:
    return state.partition(".")[0] if state is not None else None


def event_facts(event: Event) -> dict[str, Any]:
    """What an indicator may ask of an event; null where it says nothing of it."""
    out_of = _stage(event.origin)
    return {
        "event.kind": event.kind,
        "event.trigger": event.trigger,
        "event.into": _stage(event.state) if event.enters_stage else None,
        "event.out_of": out_of,
        "event.stage": _stage(event.stood) or out_of,
        "event.obligation": event.concerns,
        "event.outcome": event.outcome,
        "event.gate": event.gate,
        "event.answer": event.answer,
        "event.group": event.group_kind,
        "event.blocker": event.reason if event.kind in (EventKind.BLOCKED, EventKind.UNBLOCKED) else None,
        "event.escalated": event.climbed_to is not None,
    }


def happenings(indicators: Iterable[Indicator], events: Iterable[Event]) -> list[tuple[str, dict[str, Any]]]:
    """Of some events those that any of these indicators may count, each by its case with what may be asked of it."""
    asked = [one.happened for one in indicators if one.happened is not None]
    found: list[tuple[str, int, dict[str, Any]]] = []
    for event in events:  # by case and in order
        if event.back_to is not None:  # what was taken back has not happened
            while found and found[-1][0] == event.case and found[-1][1] > event.back_to:
                found.pop()
            continue
        said = event_facts(event)
        if any(one.evaluate(said) is not False for one in asked):
            found.append((event.case, event.seq, said))
    return [(case, said) for case, _, said in found]


def days_counted(policy: Policy, indicators: Iterable[Indicator], year: int, day: date) -> set[date]:
    """The days besides `day` whose cases these indicators are computed from."""
    found: set[date] = set()
    for one in indicators:
        if one.support is not None:
            found.add(counted_on(policy.parts.support[one.support[0]], year, day))
        if one.growth is not None:
            found.add(one.growth.before(day))
    return found - {day}
