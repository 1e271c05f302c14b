"""What was said last of a case by mistake, taken back: nothing is deleted, an event says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from ..cases.case import Case
from ..cases.events import Restored, Withdrawn
from ..cases.fold import evolve
from ..policy.policy import Policy
from .duties import rescheduled
from .happening import Decision, Stamp, happened, told


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The case is again as it was `then` (None: there was none, and its registration is withdrawn)."""

    then: Case | None
    reason: str


def take_back(policy: Policy, case: Case, command: TakeBack, stamp: Stamp) -> Decision:
    then = command.then
    if then is None or then.withdrawn is not None:
        gone = dict(lapsing(case)) | {"closed": True, "withdrawn": policy.day(stamp.at)}
        return (happened(Withdrawn(back_to=0), case.id, case, gone, policy, stamp, reason=command.reason),)
    unknown = tuple(sorted(case.facts.keys() - then.facts.keys()))
    says = Restored(back_to=then.revision, unknown=unknown or None)
    event = told(says, case.id, case, dict(differing(case, then)), policy, stamp, reason=command.reason)
    # What another policy than that of the time says of its duties, it says anew.
    restored = replace(evolve(case, event), policy=then.policy)
    first = rescheduled(policy, restored, stamp) if then.policy != policy.digest else None
    return (event,) if first is None else (event, first)


#: What says of a case where it stands in its history, and what never changes.
_OWN = ("id", "organization", "opened_at", "updated_at", "policy", "revision", "head")
#: What a case has by name, each with its content.
_NAMED = ("duties", "gates", "groups", "records")


def differing(now: Case, then: Case) -> Iterator[tuple[str, Any]]:
    """What of a case changes when it is put back."""
    for one in fields(Case):
        old, new = getattr(then, one.name), getattr(now, one.name)
        if one.name in _OWN or old == new:
            continue
        if one.name in _NAMED:
            names = {name for name in {*old, *new} if old.get(name) != new.get(name)}
            yield one.name, {name: old[name].content() if name in old else None for name in sorted(names)}
        elif one.name in ("facts", "fired"):
            if differing := {name: value for name, value in old.items() if new.get(name, ...) != value}:
                yield one.name, differing
        else:
            yield one.name, list(old) if isinstance(old, tuple) else old


def lapsing(case: Case) -> Iterator[tuple[str, Any]]:
    """What a case that counts for nothing no longer waits for."""
    for name in ("stage_due", "step_due", "suspended", "escalated_to", "escalated_on"):
        if getattr(case, name) is not None:
            yield name, None
    if case.escalation:
        yield "escalation", 0
    if case.blockers:
        yield "blockers", []
    if case.gates:
        yield "gates", dict.fromkeys(case.gates)
