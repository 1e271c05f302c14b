"""What is told of a case late: it took effect before the last that happened, on another matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from ..cases.case import Case
from ..cases.events import Event, counting
from ..cases.fold import applied, as_at, evolve
from ..errors import CannotStand, GuikouError, TimeRunsBack
from ..policy.policy import Policy
from ..text import Title
from .again import Known, Story, named, redone
from .decide import Command, decide
from .happening import Decision, Stamp


def decide_late(
    known: Known, policy: Policy, case: Case, history: Sequence[Event], command: Command, stamp: Stamp
) -> Decision:
    """What follows from a command on the case as it was then; refused where anything that was decided since rests on
    what it changes, or would come out otherwise."""
    events = sorted(counting(history), key=lambda event: (event.at, event.seq))
    upto = sum(event.at <= stamp.at for event in events)
    then = as_at(events[:upto])
    own = known.policy(then.policy) if then is not None else None
    if then is None or own is None:
        return _refused(policy, stamp, Title(f"{policy.day(case.opened_at)} 立案", "its registration"))
    decision = decide(own, then, command, stamp)
    if isinstance(decision, GuikouError) or not decision:
        return decision
    changed = _touched(decision)
    clash = next((event for event in events[upto:] if changed & _touched([event])), None)
    clash = clash or _otherwise(Story(known, events), upto, then, decision)
    if clash is not None:
        return _refused(policy, stamp, named(clash, policy))
    found: list[Event] = []
    for event in decision:
        content = {one.name: getattr(event, one.name) for one in fields(Event) if one.name != "hash"}
        sealed = Event.sealed(**content | {"seq": case.revision + 1, "previous": case.head})
        found.append(sealed)
        case = evolve(case, sealed)
    return tuple(found)


def _refused(policy: Policy, stamp: Stamp, what: Title) -> TimeRunsBack:
    return TimeRunsBack(at=policy.day(stamp.at), what=what)


def _otherwise(story: Story, upto: int, then: Case, decision: Sequence[Event]) -> Event | None:
    """The first event since that would come out otherwise, or of which that can't be told."""
    now = then
    for event in decision:
        now = applied(now, event)
    earlier = [*story.events[:upto], *decision]
    for step in story.steps(upto):
        if isinstance(step, Event):
            return step
        try:
            again = redone(story, [step], now, earlier)
        except CannotStand:
            return step.events[0]
        if len(again) != len(step.events) or not all(map(Event.like, again, step.events)):
            return step.events[0]
        for event in again:
            now = applied(now, event)
        earlier += again
    return None


def _touched(events: Iterable[Event]) -> set[str | tuple[str, str]]:
    """What of a case some events change; of what it has by name, each by itself."""
    names = {one.name for one in fields(Case)}
    found: set[str | tuple[str, str]] = set()
    for event in events:
        for name, value in event.changes.items():
            if name in ("facts", "fired", "duties", "gates", "groups", "records"):
                found |= {(name, key) for key in value}
            elif name in names:
                found.add(name)
    return found
