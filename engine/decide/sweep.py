"""What time alone brings about: one case on one day, purely. The sweep of a whole office is `Supervision.sweep`.

A case is looked at on the day that `wake` says. Everything that is due by then happens, each as an event: duties
open, reminders are given, what is late is marked and climbs, what is automatic fires. Looked at twice, nothing happens
the second time. A sweep that comes late takes effect on its own day: of several reminders that have passed since, only
the last is given, and a case climbs once, so that every body has its grace.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ..cases.case import Case, Duty
from ..cases.events import DutyOpened, Escalated, Event, EventKind, Missed, Overdue, Reminded, Says
from ..cases.fold import evolve
from ..dates.deadlines import pending
from ..dates.periods import Period
from ..errors import GuikouError
from ..policy.obligations import Obligation
from ..policy.policy import Policy
from .due.context import case_context
from .due.dates import deadline
from .due.duties import lapsed, next_duty
from .due.wake import climbs_on, closes
from .duties import rescheduled
from .happening import Decision, Stamp, happened, values_set
from .transitions import fire


def tick(policy: Policy, case: Case, stamp: Stamp) -> Decision:
    """All that is due for a case by the day of the stamp, in order; or why it can't be decided."""
    found = ticked(policy, case, stamp)
    return found if isinstance(found, GuikouError) else found[0]


def ticked(policy: Policy, case: Case, stamp: Stamp) -> tuple[tuple[Event, ...], Case] | GuikouError:
    """The same, and the case after it."""
    today = policy.day(stamp.at)
    events: list[Event] = []
    if case.closed:
        return (), case

    def follow(found: Event | Decision) -> GuikouError | None:
        nonlocal case
        if isinstance(found, GuikouError):
            return found
        for event in (found,) if isinstance(found, Event) else found:
            events.append(event)
            case = evolve(case, event)
        return None

    if case.policy != policy.digest and (first := rescheduled(policy, case, stamp)):
        follow(first)
    before, left = -1, set[str]()
    while before < len(events):  # what one thing brings about may bring about another
        before = len(events)
        for name, obligation in policy.obligations.items():  # in the policy's order, however a store keeps the duties
            while name in case.duties:
                event = _duty(policy, case, obligation, case.duties[name], stamp, today)
                if event is None:
                    break
                follow(event)
                if (
                    event.kind == EventKind.MISSED
                    and obligation.missed is not None
                    and obligation.missed.fire is not None
                ):
                    refused = follow(fire(policy, case, obligation.missed.fire, stamp))
                    if refused:
                        return refused
        while case.state not in left:  # each state once a day: two that lead to each other would never end
            stood, facts = case.state, case_context(policy, case, today)
            for way in policy.workflows[case.workflow].automatic_from(stood):
                if way.when.evaluate(facts) and case.state == stood:
                    refused = follow(fire(policy, case, way.trigger, stamp))
                    if refused:
                        return refused
            if case.state == stood:
                break
            left.add(stood)
        event = _clock(policy, case, stamp, today)
        while event is not None:
            follow(event)
            event = _clock(policy, case, stamp, today)
    return tuple(events), case


def _clock(policy: Policy, case: Case, stamp: Stamp, today: date) -> Event | None:
    """The next that the case's own deadline brings about by today."""
    due, found = case.due, deadline(policy, case)
    if due is None or found is None or case.closed:
        return None
    if today <= due:
        days = _reminder(found.remind, case.reminded, due, today)
        if days is None:
            return None
        return happened(Reminded(of=due, stood=case.state), case.id, case, {"reminded": days}, policy, stamp)
    if not case.overdue:
        return happened(Overdue(of=due, stood=case.state), case.id, case, {"overdue": True}, policy, stamp)
    higher = _climbs(policy, case, found.escalates, found.grace, due, case.escalated_to, case.escalated_on, today)
    if higher is None:
        return None
    climbed = {"escalation": case.escalation + 1, "escalated_to": higher, "escalated_on": today}
    says = Escalated(of=due, stood=case.state, climbed_to=higher)
    return happened(says, case.id, case, climbed, policy, stamp)


def _duty(policy: Policy, case: Case, obligation: Obligation, duty: Duty, stamp: Stamp, today: date) -> Event | None:
    """The next that a duty brings about by today."""
    due = duty.due
    if due is None or duty.opens is None:
        return None
    name, stood = obligation.name, case.state

    def becomes(says: Says, after: Duty, **more: Any) -> Event:
        changes = {**more, "duties": {**more.get("duties", {}), name: after.content()}}
        return happened(says, case.id, case, changes, policy, stamp)

    if not duty.open:
        says = DutyOpened(concerns=name, of=due, stood=stood)
        return becomes(says, replace(duty, open=True)) if today >= duty.opens else None
    if today <= due:
        days = _reminder(obligation.remind, duty.reminded, due, today)
        if days is None:
            return None
        return becomes(Reminded(concerns=name, of=due, stood=stood), replace(duty, reminded=days))
    if not duty.overdue:
        return becomes(Overdue(concerns=name, of=due, stood=stood), replace(duty, overdue=True))
    last = closes(obligation, duty, policy)
    if last is not None and today >= last:
        facts = values_set(obligation.missed.sets, case.facts, today) if obligation.missed is not None else {}
        told = replace(case, facts={**case.facts, **facts})
        after = next_duty(policy, told, obligation, replace(duty, outcome=None), today, missed=True)
        ended = lapsed(policy, case, name)
        missed = Missed(concerns=name, of=due, stood=stood)
        return becomes(missed, after, **ended, **({"facts": facts} if facts else {}))
    higher = _climbs(
        policy, case, obligation.escalates, obligation.grace, due, duty.escalated_to, duty.escalated_on, today
    )
    if higher is None:
        return None
    climbed = replace(duty, escalation=duty.escalation + 1, escalated_to=higher, escalated_on=today)
    return becomes(Escalated(concerns=name, of=due, stood=stood, climbed_to=higher), climbed)


def _reminder(remind: tuple[int, ...], reminded: int | None, due: date, today: date) -> int | None:
    passed = [days for day, days in pending(remind, reminded, due) if day <= today]
    return passed[-1] if passed else None


def _climbs(
    policy: Policy,
    case: Case,
    escalates: bool,
    grace: Period | None,
    due: date,
    stands_at: str | None,
    escalated_on: date | None,
    today: date,
) -> str | None:
    """The body that something overdue goes up to today; None if it stays."""
    if not escalates or climbs_on(grace, due, escalated_on, policy) > today:
        return None
    higher = policy.places.on(today).above(stands_at or case.responsible)
    return higher.id if higher is not None else None
