"""A case is the fold of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from ..errors import BrokenChain
from .case import Case, Duty, Membership, Passage, Tally
from .changed import changer
from .events import GENESIS, Event, EventKind, effective

_FIELDS = frozenset(one.name for one in fields(Case))
_changed = changer(Case)


#: What a case has by name, with how each is read from an event.
_NAMED: tuple[tuple[str, Callable[[Mapping[str, Any]], Any]], ...] = (
    ("duties", lambda content: Duty(**content)),
    ("gates", Passage.of),
    ("groups", lambda content: Membership(**content)),
    ("records", Tally.read),
)


def evolve(case: Case | None, event: Event) -> Case:
    """The case after the event. Raises BrokenChain when the event does not follow the case's last one."""
    previous, seq = (GENESIS, 0) if case is None else (case.head, case.revision)
    if event.previous != previous or event.seq != seq + 1:
        raise BrokenChain(case=event.case, seq=event.seq)
    if event.kind == EventKind.OPENED and case is not None and case.withdrawn is None:
        raise BrokenChain(case=event.case, seq=event.seq)
    return applied(case, event)


def applied(case: Case | None, event: Event) -> Case:
    """The case once an event took effect, whatever its place in the chain."""
    if event.kind == EventKind.OPENED:
        case = None  # opened anew: whatever the first opening had said is forgotten
    changes = {key: value for key, value in event.changes.items() if key in _FIELDS}
    for name in ("blockers", "assumed"):
        if name in changes:
            changes[name] = tuple(changes[name])
    for name, read in _NAMED:
        if name in changes:
            whole = dict(getattr(case, name)) if case is not None else {}
            for key, content in changes[name].items():
                if content is None:
                    whole.pop(key, None)
                else:
                    whole[key] = read(content)
            changes[name] = whole
    changes |= {"updated_at": event.at, "policy": event.policy, "revision": event.seq, "head": event.hash}
    if case is not None and (
        event.kind == EventKind.ERASED or (event.at < case.updated_at and event.kind != EventKind.CORRECTED)
    ):
        changes |= {"updated_at": case.updated_at, "policy": case.policy}  # it was told late, or says nothing
    if case is None:
        return Case(id=event.case, opened_at=event.at, **changes)
    for name in ("facts", "fired"):
        if name in changes:
            changes[name] = {**getattr(case, name), **changes[name]}
    if event.unknown:
        known = changes.get("facts", case.facts)
        changes["facts"] = {name: value for name, value in known.items() if name not in event.unknown}
    return _changed(case, changes)


def follow(case: Case | None, events: Iterable[Event]) -> Case | None:
    """The case after events that follow its last one. Raises BrokenChain."""
    for event in events:
        case = evolve(case, event)
    return case


def fold(events: list[Event]) -> Case | None:
    """The case that its whole history makes; every hash is checked. Raises BrokenChain."""
    case = None
    for event in events:
        if event.hash != event.digest() or not event.fits():
            raise BrokenChain(case=event.case, seq=event.seq)
        case = evolve(case, event)
    return case


def as_at(events: Iterable[Event], until: datetime | None = None, known: datetime | None = None) -> Case | None:
    """The case as it stood at an instant (None: as it stands), by what was on record at another (None: is on record):
    of its whole history, oldest first, whose hashes are not checked."""
    case: Case | None = None
    told = [event for event in events if known is None or event.recorded_at <= known]
    for event in effective(told):
        if until is None or event.at <= until:
            case = applied(case, event)
    # What was erased since is erased for all time.
    upto = (event for event in told if until is None or event.at <= until or event.kind == EventKind.ERASED)
    last = max(upto, key=attrgetter("seq"), default=None)
    if case is not None and last is not None and case.revision != last.seq:  # told late, corrected, or erased
        case = replace(case, revision=last.seq, head=last.hash)
    return case
