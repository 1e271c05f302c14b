"""When the sweep must look at a case next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ...cases.case import Case, Duty
from ...dates.deadlines import pending
from ...dates.periods import Period
from ...policy.obligations import Obligation
from ...policy.policy import Policy
from ...policy.workflow import Transition
from ...rules.conditions import Condition
from .context import DAYS_OVERDUE, case_context
from .dates import deadline
from .duties import following_by_rule, opening


def closes(obligation: Obligation, duty: Duty, policy: Policy) -> date | None:
    """The day on which a duty that is not met is closed as missed: when the policy says so, or when the next by the
    rule opens; None for one that stays until it is met."""
    if duty.due is None or duty.nominal is None:
        return None
    days = []
    if obligation.missed is not None:
        days.append(obligation.missed.after.after(duty.due, policy.working))
    if obligation.rule is not None and (following := following_by_rule(obligation, duty.nominal)) is not None:
        opens = opening(policy, obligation, following)
        days.append(opens if opens > duty.due else max(following, duty.due + _DAY))
    return min(days, default=None)


_DAY = timedelta(days=1)


def climbs_on(grace: Period | None, due: date, escalated_on: date | None, policy: Policy) -> date:
    """The day on which what is overdue goes one tier up: a grace after its due date, or after it last climbed."""
    since = max(due, escalated_on) if escalated_on is not None else due
    return (grace or Period(1, "day")).after(since, policy.working)


def wake(policy: Policy, case: Case, day: date) -> date | None:
    """The first day on which the sweep has something to do; None if it never has, unless something happens first.
    `day` is the day of the case's last event, or of the sweep that has just looked at it."""
    if case.closed:
        return None
    return min(_days(policy, case, day), default=None)


def wakes_by(policy: Policy, case: Case, day: date) -> date | None:
    """The last day on which the sweep may look at a case next, whatever happened up to `day`; None if it need not. What
    it has seen on a day it looks at again on the next at the earliest."""
    following = wake(policy, case, day)
    return max(following, day + _DAY) if following is not None else None


def _days(policy: Policy, case: Case, day: date) -> Iterator[date]:
    workflow, standing = policy.workflows[case.workflow], policy.places.on(day)
    due = case.due
    if due is not None:
        found = deadline(policy, case)
        if not case.overdue:
            yield due + _DAY
            if found is not None and (left := pending(found.remind, case.reminded, due)):
                yield left[0][0]
        elif found is not None and found.escalates and standing.above(case.escalated_to or case.responsible):
            yield climbs_on(found.grace, due, case.escalated_on, policy)
    for one in workflow.automatic_from(case.state):
        if (first := holds_from(policy, case, one, day)) is not None:
            yield first
    for name, duty in case.duties.items():
        obligation = policy.obligations.get(name)
        if obligation is not None and duty.due is not None and duty.opens is not None:
            yield from _duty_days(policy, case, obligation, duty, day)


def _duty_days(policy: Policy, case: Case, obligation: Obligation, duty: Duty, day: date) -> Iterator[date]:
    due = duty.due
    assert due is not None
    assert duty.opens is not None
    if not duty.open:
        yield duty.opens
    elif not duty.overdue:
        yield due + _DAY
        if left := pending(obligation.remind, duty.reminded, due):
            yield left[0][0]
    else:
        if obligation.escalates and policy.places.on(day).above(duty.escalated_to or case.responsible):
            yield climbs_on(obligation.grace, due, duty.escalated_on, policy)
        if (last := closes(obligation, duty, policy)) is not None:
            yield last


def holds_from(policy: Policy, case: Case, transition: Transition, day: date) -> date | None:
    """The first day, from `day` on, on which a guard holds if nothing happens until then: only time moves, so it
    begins to hold today or when the days overdue reach a bound that it names."""
    bounds = {day}
    if case.due is not None:
        bounds |= {case.due + timedelta(days=at + more) for at in _bounds(transition.when) for more in (0, 1)}
    for candidate in sorted(one for one in bounds if one >= day):
        if transition.when.evaluate(case_context(policy, case, candidate)):
            return candidate
    return None


def _bounds(condition: Condition) -> Iterator[int]:
    for fact, test in condition.tests:
        if fact == DAYS_OVERDUE:
            yield from (int(point) for point in test.points if point is not None)
            yield from (int(one.low) for one in test.intervals if one.low is not None)
            yield from (int(one.high) for one in test.intervals if one.high is not None)
    for way in condition.alternatives:
        yield from _bounds(way)
