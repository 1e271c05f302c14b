"""A case that was closed, and goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..cases.case import Case
from ..cases.events import Event, Reopened
from ..cases.fold import applied, evolve
from ..errors import MayNotAct, NotReopenable, ReasonMissing
from ..policy.policy import Policy
from ..text import Title, is_blank
from .duties import rescheduled
from .happening import Decision, Stamp, told
from .taking_back import differing


@dataclass(frozen=True, slots=True)
class Reopen:
    """`then` is the case as it stood before it was closed by the event `closed_by`."""

    reason: str
    then: Case | None = None
    closed_by: Event | None = None


def to_reopen(events: Sequence[Event], reason: str) -> Reopen:
    """The command to reopen a case of which these are the events that count."""
    case: Case | None = None
    found = Reopen(reason)
    for event in events:
        before, case = case, applied(case, event)
        if before is not None and case.closed and not before.closed:
            found = Reopen(reason, before, event)
    return found


def reopen(policy: Policy, case: Case, command: Reopen, stamp: Stamp) -> Decision:
    """It stands where it stood, with the due dates that it had; groups that it left, it has to join again."""
    then, closing = command.then, command.closed_by
    title = Title("恢复办理", "reopen")
    if not case.closed or then is None or closing is None:
        return NotReopenable(case=case.organization, because=Title("它没有结案", "it is not closed"))
    if case.continued_as is not None or case.same_as is not None:
        other = case.continued_as or case.same_as
        because = Title(f"它已由 {other} 接续", f"the case of {other} goes on in its place")
        return NotReopenable(case=case.organization, because=because)
    within = policy.workflows[case.workflow].reopen
    day, closed = policy.day(stamp.at), policy.day(closing.at)
    if within is None:
        because = Title("政策不允许恢复办理", "the policy does not let it")
        return NotReopenable(case=case.organization, because=because)
    last = within.after(closed, policy.working)
    if day > last:
        because = Title(f"它于 {closed} 结案，最迟 {last}", f"it was closed on {closed}, and {last} was the last day")
        return NotReopenable(case=case.organization, because=because)
    by = policy.places.acting_id(closing.body, day)
    if stamp.body != by:
        bodies = policy.places.bodies
        allowed = Title(f"{bodies[by].title.zh}（{by}）", f"{bodies[by].title.en} ({by})")
        return MayNotAct(body=bodies[stamp.body].title, trigger=title, allowed=allowed)
    if is_blank(command.reason):
        return ReasonMissing(trigger=title)
    goes_on = replace(then, groups=case.groups, members=case.members)
    event = told(
        Reopened(), case.id, case, dict(differing(case, goes_on)), policy, stamp, reason=command.reason
    )  # fmt: skip
    first = rescheduled(policy, evolve(case, event), stamp) if then.policy != policy.digest else None
    return (event,) if first is None else (event, first)
