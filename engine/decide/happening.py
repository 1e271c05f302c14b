"""An event with all that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..cases.case import Case
from ..cases.events import GENESIS, Event, Says
from ..errors import GuikouError
from ..policy.policy import Policy
from ..policy.workflow import TODAY, FactOf
from .due.dates import forget_reminders, restarted, roll
from .due.duties import scheduled


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who tells it and when: `at` is when it takes effect, `recorded_at` when it is told, both instants in UTC;
    `body` acts, through the account `actor` of its office. What is not `exact` takes effect at any time of its day.
    `late` is why it is told late, where what time brought about since is to be decided anew. `salt` is nobody's to
    guess, and kept nowhere: the texts of what happens are salted by what is made of it."""

    at: datetime
    recorded_at: datetime
    body: str
    actor: str
    request_id: str | None = None
    exact: bool = True
    late: str = ""
    salt: str = ""


def without_request(stamp: Stamp) -> Stamp:
    """For what follows from a command elsewhere: its request is answered by the command's own events."""
    return replace(stamp, request_id=None)


Decision = tuple[Event, ...] | GuikouError


def happened(
    says: Says, case_id: str, case: Case | None, changes: dict[str, Any], policy: Policy, stamp: Stamp, **more: Any
) -> Event:
    """An event with all that follows from its changes of the case's fields, and what it says besides, sealed."""
    settle(policy, case, changes, policy.day(stamp.at))
    return told(says, case_id, case, changes, policy, stamp, **more)


def told(
    says: Says, case_id: str, after: Case | None, changes: dict[str, Any], policy: Policy, stamp: Stamp, **more: Any
) -> Event:
    """An event that follows the last one of a case, with these changes and what it says besides, sealed."""
    return Event.sealed(
        salt=stamp.salt,
        case=case_id,
        seq=(after.revision if after else 0) + 1,
        kind=says.kind.value,
        at=stamp.at,
        recorded_at=stamp.recorded_at,
        actor=stamp.actor,
        body=stamp.body,
        policy=policy.digest,
        changes=changes | says.changes(),
        request_id=stamp.request_id,
        previous=after.head if after else GENESIS,
        **more,
    )


def values_set(sets: Mapping[str, Any], facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What is set, with `today` as the day, and what another fact was as it was; nothing where that is not known."""
    return {
        name: day if value is TODAY else facts[value.name] if isinstance(value, FactOf) else value
        for name, value in sets.items()
        if not isinstance(value, FactOf) or value.name in facts
    }


def settle(policy: Policy, case: Case | None, changes: dict[str, Any], day: date) -> None:
    """Add to an event's changes what follows from them for due dates, reminders and duties."""
    if case is not None and (moved := restarted(policy, case, changes, day)):
        changes |= moved
    if policy.roll:
        roll(policy, case, changes)  # before reminders are set by it, and once more for the duties below
    if case is None or "stage_due" in changes or "step_due" in changes or "suspended" in changes:
        forget_reminders(policy, case, changes, day)
    if changes.get("closed"):
        duties: dict[str, Any] = dict.fromkeys(case.duties if case is not None else ())
        if case is not None and case.groups:
            changes["groups"] = dict.fromkeys(case.groups)
    elif case is None or "facts" in changes or "area" in changes or case.policy != policy.digest:
        duties = scheduled(policy, case, changes, day)
    else:
        return
    if duties:
        ceased = {name: None for name, content in duties.items() if content is None}
        changes["duties"] = {**duties, **changes.get("duties", {}), **ceased}
        if policy.roll:
            roll(policy, case, changes)
