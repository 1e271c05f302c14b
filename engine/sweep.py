"""What time alone brings about: one case on one day, purely. The sweep of a whole office is `Supervision.sweep`.

A case is looked at on the day that `timing.wake` says. Everything that is due by then happens, each as an event: duties
open, reminders are given, what is late is marked and climbs, what is automatic fires. Looked at twice, nothing happens
the second time. A sweep that comes late takes effect on its own day: of several reminders that have passed since, only
the last is given, and a case climbs once, so that every body has its grace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .acting import Decision, Stamp, fire, happened, values_set
from .calendar import Period, pending
from .case import Case, Duty, Event, Title, evolve
from .decide import rescheduled
from .errors import GuikouError
from .obligations import Obligation
from .policy import Policy
from .timing import above, case_context, climbs_on, closes, deadline, lapsed, next_duty
from .working_days import WorkingCalendar, WorkingDays

#: Which events of the sweep somebody is told of.
TOLD = ("reminded", "overdue", "escalated", "missed")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a body is to be told: of which event (`case`, `seq`), of what `kind` (one of TOLD), to which body,
    about which due date (None: it had none); `concerns` is an obligation's name, or None for the case's own deadline;
    `state` is where it stood."""

    case: str
    seq: int
    kind: str
    body: str
    name: str
    concerns: str | None
    state: str
    workflow: str
    due: date | None
    day: date


def notices(policy: Policy, events: tuple[Event, ...], after: Case) -> Iterator[Notice]:
    """Who is to be told of events: exactly one body of each that is TOLD, or by which an office escalates a case.
    `after` is the case after them."""
    for event in events:
        kind = "escalated" if "to" in event.changes else event.kind
        if kind not in TOLD:
            continue
        day = policy.day(event.at)
        responsible = policy.body_on(after.responsible, day)
        body = event.changes.get("to") or (responsible.id if responsible else after.responsible)
        yield Notice(
            event.case, event.seq, kind, body, after.name,
            event.changes.get("concerns"), event.changes["stood"], after.workflow, event.changes["of"], day,
        )  # fmt: skip


def tick(policy: Policy, case: Case, stamp: Stamp) -> Decision:
    """All that is due for a case by the day of the stamp, in order; or why it can't be decided."""
    today = policy.day(stamp.at)
    events: list[Event] = []
    if case.closed:
        return ()

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
                if event.kind == "missed" and obligation.missed is not None and obligation.missed.fire is not None:
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
    return tuple(events)


def _clock(policy: Policy, case: Case, stamp: Stamp, today: date) -> Event | None:
    """The next that the case's own deadline brings about by today."""
    due, found = case.due, deadline(policy, case)
    if due is None or found is None or case.closed:
        return None
    said: dict[str, Any] = {"of": due, "stood": case.state}
    if today <= due:
        days = _reminder(found.remind, case.reminded, due, today)
        if days is None:
            return None
        return happened("reminded", case.id, case, {**said, "reminded": days}, policy, stamp)
    if not case.overdue:
        return happened("overdue", case.id, case, {**said, "overdue": True}, policy, stamp)
    higher = _climbs(policy, case, found.escalates, found.grace, due, case.escalated_to, case.escalated_on, today)
    if higher is None:
        return None
    climbed = {"escalation": case.escalation + 1, "escalated_to": higher, "escalated_on": today}
    return happened("escalated", case.id, case, {**said, **climbed, "to": higher}, policy, stamp)


def _duty(policy: Policy, case: Case, obligation: Obligation, duty: Duty, stamp: Stamp, today: date) -> Event | None:
    """The next that a duty brings about by today."""
    due = duty.due
    if due is None or duty.opens is None:
        return None
    said: dict[str, Any] = {"concerns": obligation.name, "of": due, "stood": case.state}

    def becomes(kind: str, after: Duty, **more: Any) -> Event:
        changes = {**said, **more, "duties": {**more.get("duties", {}), obligation.name: after.content()}}
        return happened(kind, case.id, case, changes, policy, stamp)

    if not duty.open:
        return becomes("duty_opened", replace(duty, open=True)) if today >= duty.opens else None
    if today <= due:
        days = _reminder(obligation.remind, duty.reminded, due, today)
        return becomes("reminded", replace(duty, reminded=days)) if days is not None else None
    if not duty.overdue:
        return becomes("overdue", replace(duty, overdue=True))
    last = closes(obligation, duty, policy)
    if last is not None and today >= last:
        facts = values_set(obligation.missed.sets, case.facts, today) if obligation.missed is not None else {}
        told = replace(case, facts={**case.facts, **facts})
        after = next_duty(policy, told, obligation, replace(duty, outcome=None), today, missed=True)
        ended = lapsed(policy, case, obligation.name)
        return becomes("missed", after, **ended, **({"facts": facts} if facts else {}))
    higher = _climbs(
        policy, case, obligation.escalates, obligation.grace, due, duty.escalated_to, duty.escalated_on, today
    )
    if higher is None:
        return None
    climbed = replace(duty, escalation=duty.escalation + 1, escalated_to=higher, escalated_on=today)
    return becomes("escalated", climbed, to=higher)


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
    higher = above(policy, stands_at or case.responsible, today)
    return higher.id if higher is not None else None


def recount(policy: Policy, case: Case, stamp: Stamp) -> tuple[Event, ...]:
    """Due dates counted anew in years that the calendar did not know when they were counted, and knows now: each moves
    by as many days as the count does, whatever it was put off by since."""
    known = [year for year in case.assumed if policy.working.calendar.knows(year)]
    if not known or case.closed:
        return ()
    workflow = policy.workflows[case.workflow]
    state = workflow.states[case.state]
    before = WorkingDays(_Without(policy.working.calendar, frozenset(case.assumed)))
    # An extension in working days is not counted anew: the years stay named.
    extended = case.extensions and any(one.extend and one.extend.unit == "working day" for one in workflow.transitions)
    changes: dict[str, Any] = {"assumed": sorted(case.assumed if extended else set(case.assumed) - set(known))}
    for name, found, since in (
        ("step_due", state.due, case.step_since),
        ("stage_due", workflow.stages[state.stage].due, case.stage_since),
    ):
        due = getattr(case, name)
        if due is None or found is None or found.within is None or found.within.unit != "working day":
            continue
        start = case.fired.get(found.start) or case.facts.get(found.start) if found.start is not None else since
        if start is not None:
            changes[name] = due + (found.after(start, policy.working) - found.after(start, before))
    if all(getattr(case, name) == value or value == list(case.assumed) for name, value in changes.items()):
        return ()
    return (happened("recounted", case.id, case, changes, policy, stamp),)


class _Without:
    """A calendar as it was before some years were known."""

    def __init__(self, calendar: WorkingCalendar, years: frozenset[int]) -> None:
        self.name, self._calendar, self._years = calendar.name, calendar, years

    def knows(self, year: int) -> bool:
        return year not in self._years and self._calendar.knows(year)

    def worked(self, day: date) -> bool:
        return self._calendar.worked(day)


def subject(policy: Policy, notice: Notice) -> Title:
    """A notice in one sentence."""
    workflow = policy.workflows.get(notice.workflow)
    if notice.concerns is not None:
        obligation = policy.obligations.get(notice.concerns)
        what = obligation.title if obligation is not None else Title(notice.concerns, notice.concerns)
    elif workflow is not None and notice.state in workflow.states:
        what = workflow.full_title(notice.state)
    else:
        what = Title(notice.state, notice.state)
    left = (notice.due - notice.day).days if notice.due is not None else 0
    who = f"{notice.name} ({notice.case})"
    late_zh, late_en = (f"逾期 {-left} 天，", f"is {_days(-left)} overdue and ") if left < 0 else ("", "")
    zh, en = {
        "reminded": (f"还有 {left} 天到期（{notice.due}）", f"is due in {_days(left)} ({notice.due})"),
        "overdue": (f"已于 {notice.due} 到期，逾期 {-left} 天", f"was due on {notice.due}, {_days(-left)} ago"),
        "missed": (f"应于 {notice.due} 前办理，未办理，已结", f"was due on {notice.due} and is closed as missed"),
        "escalated": (f"{late_zh}已上报至贵单位", f"{late_en}was escalated to you"),
    }[notice.kind]
    return Title(f"{who}：{what.zh} {zh}", f"{who}: {what.en} {en}")


def _days(count: int) -> str:
    return f"{count} day{'s' if count != 1 else ''}"
