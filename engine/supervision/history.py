"""What happened to a case, and which rules placed it where it is."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from ..cases.case import Case
from ..cases.events import Event, EventKind, RuleFired, counting, effective, opening
from ..cases.fold import applied, evolve, fold
from ..errors import BrokenChain, UnknownCase
from .explained import explained_as_placed
from .naming import near_cases
from .office import Office
from .views import CaseView, Explanation


def history(office: Office, id: str) -> list[Event]:
    """Everything that happened to a case, checked against its hashes. Raises UnknownCase and BrokenChain."""
    return _checked(office, office.found(id).id)


def _checked(office: Office, case: str) -> list[Event]:
    events = office.store.events(case)
    if not events:
        raise UnknownCase(case=case, known=near_cases(office.store, case))
    fold(events)
    return events


def with_case_before(events: Iterable[Event]) -> Iterator[tuple[Event, Case | None]]:
    """Each event of some cases with its case as it stood before."""
    stand: dict[str, Case | None] = {}
    for event in events:
        yield event, stand.get(event.case)
        stand[event.case] = evolve(stand.get(event.case), event)


def facts_before(event: Event, before: Case | Event | None) -> dict[str, Any]:
    """What the facts that an event changes were before; what was not known is not there."""
    known = before.facts if before is not None else {}
    return {name: known[name] for name in (*event.facts, *(event.unknown or ())) if name in known}


def with_facts_before(events: Iterable[Event]) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Each event of some cases with what the facts that it changes were before."""
    for event, before in with_case_before(events):
        yield event, facts_before(event, before)


def gone(events: Iterable[Event]) -> set[tuple[str, int]]:
    """Those of the events of some cases, by case and number, that do not count any more: something before them was
    corrected, or they were undone."""
    own: dict[str, list[Event]] = {}
    for event in events:
        own.setdefault(event.case, []).append(event)
    every = {
        (event.case, event.seq)
        for some in own.values()
        for event in some
        if event.back_to is None and event.kind != EventKind.ERASED
    }
    return every - {(event.case, event.seq) for some in own.values() for event in counting(some)}


def remarks(office: Office, id: str, as_of: date | None) -> list[Event]:
    """What was remarked on a case by a day's end."""
    until = office.end(as_of)
    told = (one for one in effective(history(office, id)) if one.kind == EventKind.REMARKED)
    return [one for one in told if until is None or one.at <= until]


def merged(office: Office, id: str, as_of: date | None) -> list[Event]:
    """By which events other cases were merged into a case by a day's end, and others into these before."""
    until = office.end(as_of)
    return [one for one in _merged(office, history(office, id)) if until is None or one.at <= until]


def _merged(office: Office, events: Sequence[Event]) -> Iterator[Event]:
    for event in counting(events):
        if event.same is not None:
            yield from _merged(office, _checked(office, event.same))
            yield event


def lineage(office: Office, id: str) -> list[Event]:
    """The history of a case together with that of those that it carries on and of those of the same organisation,
    oldest first; each is checked against its hashes, and that it ended where this one says. Raises UnknownCase and
    BrokenChain."""
    return _lineage(office, office.found(id).id)


def _lineage(office: Office, case: str) -> list[Event]:
    events = _checked(office, case)
    merged = [event for event in counting(events) if event.same is not None]
    events = _carried_on(office, events)
    for event in merged:
        other = _lineage(office, event.same or "")
        if event.same_from not in [one.hash for one in other]:
            raise BrokenChain(case=case, seq=event.seq)
        events = list(heapq.merge(other, events, key=attrgetter("at")))
    return events


def _carried_on(office: Office, events: list[Event]) -> list[Event]:
    opened = opening(events)
    source = opened.continues
    if source is None:
        return events
    before = _checked(office, source)
    ended = next((at for at, event in enumerate(before) if event.kind == EventKind.CONTINUED), 0)
    while ended and before[ended - 1].kind == EventKind.SCHEDULED:  # another policy had its say in between
        ended -= 1
    if not ended or before[ended - 1].hash != opened.continues_from:
        raise BrokenChain(case=opened.case, seq=opened.seq)
    return [*_lineage(office, source), *events]


def explain(office: Office, id: str, as_of: date | None = None) -> Explanation:
    """Which row of which table placed a case where it is, cell by cell, under the policy of that time, and which event
    brought it to the state in which it stands; at a day's end."""
    until = office.end(as_of)
    told = history(office, id)
    case: Case | None = None
    found: dict[str, tuple[RuleFired, Event, Case]] = {}
    entered: Event | None = None
    for event in (one for one in effective(told) if until is None or one.at <= until):
        case = applied(case, event)
        for rule in event.rules:
            found[rule.table] = (rule, event, case)
        if event.state is not None:
            entered = event
    if case is None or entered is None:
        raise office.no_case(id, None) if as_of is None else office.no_case_then(id, as_of)
    policy = office.policy
    rules = []
    for rule, event, then in found.values():
        rules += explained_as_placed(office.policy_of(event.policy) or policy, rule, then)
    return Explanation(CaseView(case, policy, office.today(as_of)), told[-1], tuple(rules), entered)
