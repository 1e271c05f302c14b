"""When a case is due, and when the sweep must look at it next. Everything here follows from a policy and a case."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from .calendar import Deadline, Period, passed, pending
from .case import Body, Case, Duty, Organization, earlier
from .conditions import Condition
from .obligations import Obligation, following_by_rule
from .policy import Policy
from .workflow import Transition, Workflow

DAYS_OVERDUE = "case.days_overdue"


def case_context(policy: Policy, case: Case, day: date) -> dict[str, Any]:
    """Everything that a guard may ask of a case on a day."""
    return {
        **policy.context(Organization(case.organization, case.name, case.area, case.facts)),
        "type": case.workflow,
        DAYS_OVERDUE: case.days_overdue(day),
        "case.escalation": case.escalation,
        "case.extensions": case.extensions,
        "case.suspended": case.suspended is not None,
    }


def asked_context(policy: Policy, case: Case, day: date) -> dict[str, Any]:
    """Everything that a gate, a support or an indicator may ask of a case on a day."""
    context = {**policy.unrecorded, **case_context(policy, case, day)}
    context["stage"], context["case.members"] = case.stage, case.members
    for name, key in policy.dated:
        if name in case.facts:
            since = case.facts[name]
            context[key] = months(since, day) if since is not None else None
    for name, tally in case.records.items():
        if name in policy.parts.records:
            context[f"{name}.months"] = months(tally.last, day)
            context[f"{name}.this_year"] = tally.of(day.year)[0]
    for one in case.groups.values():
        if one.kind in policy.parts.groups:
            context[f"member.{one.kind}"] = True
    return context


def months(since: date, day: date) -> int:
    """How many whole months have passed; as a period runs, the last day of a month ends one from any later day."""
    found = (day.year - since.year) * 12 + day.month - since.month
    return found - (day.day < since.day and day.day < monthrange(day.year, day.month)[1])


# --- due dates -------------------------------------------------------------------------------------------------------


def entering(
    policy: Policy,
    workflow: Workflow,
    case: Case | None,
    state: str,
    day: date,
    fired: Mapping[str, date],
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """What entering a state on a day changes: a new stage starts its clock and forgets the old one's escalation."""
    found = workflow.states[state]
    new_stage = case is None or found.stage != case.stage
    stood = day - case.suspended if case is not None and case.suspended is not None else timedelta()
    if stood:
        fired = {trigger: since + stood for trigger, since in fired.items()}
    changes: dict[str, Any] = {
        "state": state,
        "step_since": day,
        "step_due": _counted(policy, workflow, found.due, day, fired, facts),
        "closed": found.final,
    }
    years = _assumed(policy, found.due, day, changes["step_due"])
    if new_stage:
        stage = workflow.stages[found.stage]
        changes |= {"stage_since": day, "stage_due": _counted(policy, workflow, stage.due, day, fired, facts)}
        years |= _assumed(policy, stage.due, day, changes["stage_due"])
        if case is not None:
            changes |= {"origin": case.state, "escalation": 0, "escalated_to": None, "escalated_on": None}
            changes["extensions"] = 0
    elif case is not None:
        years |= set(case.assumed)
        if stood:
            changes |= {
                name: since + stood
                for name in ("stage_due", "escalated_on")
                if (since := getattr(case, name)) is not None
            }
    if case is not None and case.suspended is not None:
        changes["suspended"] = None  # whoever moves a case on lets its clock run
        if stood and fired:
            changes["fired"] = fired
    if years != set(case.assumed if case is not None else ()):
        changes["assumed"] = sorted(years)
    return changes


def _counted(
    policy: Policy,
    workflow: Workflow,
    deadline: Deadline | None,
    day: date,
    fired: Mapping[str, date],
    facts: Mapping[str, Any],
) -> date | None:
    if deadline is None:
        return None
    start: date | None = day
    if deadline.start is not None:
        start = (fired if deadline.start in workflow.triggers else facts).get(deadline.start)
    return deadline.after(start, policy.working) if start is not None else None


def _assumed(policy: Policy, deadline: Deadline | None, start: date, due: date | None) -> set[int]:
    if deadline is None or due is None or deadline.within is None or deadline.within.unit != "working day":
        return set()
    return set(policy.working.assumed(min(start, due), due))


def counting_period(policy: Policy, period: Period, start: date) -> tuple[date, set[int]]:
    """A due date put off by a period, and the years that had to be assumed for it."""
    due = period.after(start, policy.working)
    return due, set(policy.working.assumed(start, due)) if period.unit == "working day" else set()


def settle(policy: Policy, case: Case | None, changes: dict[str, Any], day: date) -> None:
    """Add to an event's changes what follows from them for due dates, reminders and duties."""
    if case is not None and (moved := _restarted(policy, case, changes, day)):
        changes |= moved
    if case is None or "stage_due" in changes or "step_due" in changes or "suspended" in changes:
        _forget(policy, case, changes, day)
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


def _restarted(policy: Policy, case: Case, changes: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Due dates that run from a trigger that was fired, or from a fact that changed, while the case stays there."""
    workflow = policy.workflows[case.workflow]
    told = {*changes.get("fired", ()), *changes.get("facts", ())} & workflow.starts
    if not told:
        return {}
    fired = {**case.fired, **changes.get("fired", {})}
    facts = {**case.facts, **changes.get("facts", {})}
    state = workflow.states[changes.get("state", case.state)]
    stage = workflow.stages[state.stage]
    moved: dict[str, Any] = {}
    for name, found in (("step_due", state.due), ("stage_due", stage.due)):
        if name in changes or found is None or found.start not in told or state.stage != case.stage:
            continue
        due, then = getattr(case, name), _counted(policy, workflow, found, day, case.fired, case.facts)
        now = _counted(policy, workflow, found, day, fired, facts)
        if now is not None and due is not None and then is not None:
            now += due - then  # what it was put off by since stays granted
        elif now is not None and case.suspended is not None:
            now -= max(day - case.suspended, timedelta())  # the clock has stood since; resuming adds it again
        moved[name] = now
        if (years := _assumed(policy, found, day, now)) - set(case.assumed):
            moved["assumed"] = sorted(years | set(moved.get("assumed", changes.get("assumed", case.assumed))))
    return moved


def _forget(policy: Policy, case: Case | None, changes: dict[str, Any], day: date) -> None:
    """Another due date has its own reminders."""

    def now(name: str) -> Any:
        return changes[name] if name in changes else getattr(case, name) if case is not None else None

    stage_due, step_due = now("stage_due"), now("step_due")
    due = earlier(stage_due, step_due)
    if case is not None and "stage_since" not in changes and due == earlier(case.stage_due, case.step_due):
        return  # the same date, though its clock may stand still meanwhile
    workflow = policy.workflows[now("workflow")]
    deadline = _which(workflow, now("state"), stage_due, step_due)
    reminded = passed(deadline.remind, due, day) if deadline is not None and due is not None else None
    if reminded != (case.reminded if case is not None else None):
        changes["reminded"] = reminded
    if case is not None and case.overdue:
        changes["overdue"] = False


def _which(workflow: Workflow, state: str, stage_due: date | None, step_due: date | None) -> Deadline | None:
    found = workflow.states[state]
    if step_due is not None and (stage_due is None or step_due <= stage_due) and found.due is not None:
        return found.due
    return workflow.stages[found.stage].due


def deadline(policy: Policy, case: Case) -> Deadline | None:
    """The deadline that the case's due date comes from: its step's or its stage's."""
    return _which(policy.workflows[case.workflow], case.state, case.stage_due, case.step_due)


# --- duties ----------------------------------------------------------------------------------------------------------


def scheduled(policy: Policy, case: Case | None, changes: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Which duties begin, change or cease with an event's changes: by name their content, None for one that ceased."""
    if not policy.obligations and (case is None or not case.duties):
        return {}
    facts = {**(case.facts if case is not None else {}), **changes.get("facts", {})}
    area = changes.get("area", case.area if case is not None else None)
    context = policy.context(Organization("", "", area, facts))
    context["type"] = changes.get("workflow", case.workflow if case is not None else None)
    opened = policy.day(case.opened_at) if case is not None else day
    found: dict[str, Any] = {}
    for name, obligation in policy.obligations.items():
        duty = case.duties.get(name) if case is not None else None
        if obligation.when.evaluate(context) is not True:
            if duty is not None:
                found[name] = None
            continue
        if duty is not None and duty.due is not None and holds(obligation.until, context):
            found[name] = replace(Duty(), done=day, ended=duty.nominal).content()
            continue
        after = _running(policy, obligation, duty, facts, opened, day)
        if after != duty and after is not None:
            found[name] = after.content()
    for name in case.duties if case is not None else ():
        if name not in policy.obligations:
            found[name] = None
    return found


def _running(
    policy: Policy, obligation: Obligation, duty: Duty | None, facts: Mapping[str, Any], opened: date, day: date
) -> Duty | None:
    """A duty as it stands once facts are known: the same while its due date is."""
    due = obligation.due(facts, opened, duty, day, policy.working)
    if duty is not None and duty.nominal == due:
        return duty
    past = duty or Duty()
    if due is None:
        return replace(Duty(), done=past.done, outcome=past.outcome, ended=past.ended) if duty is not None else None
    return Duty(
        due=due,
        nominal=due,
        opens=obligation.opening(due, policy.working),
        reminded=passed(obligation.remind, due, day),
        escalated_on=day if due < day else None,  # nobody was told before: the body has its grace from today
        done=past.done,
        outcome=past.outcome,
        ended=past.ended,
    )


def holds(condition: Condition, facts: Mapping[str, Any]) -> bool:
    """Whether a condition that asks for something holds."""
    return bool(condition.tests or condition.alternatives) and condition.evaluate(facts) is True


def laid_on(policy: Policy, obligation: Obligation, duty: Duty | None, since: date, day: date) -> Duty:
    """An obligation that does not recur, as it runs from `since` on; the same if it runs already."""
    assert obligation.within is not None, "only what has 'within' is laid on"
    if duty is not None and duty.due is not None:
        return duty
    due, past = obligation.within.after(since, policy.working), duty or Duty()
    return Duty(
        due=due, nominal=due, opens=day, open=True, reminded=passed(obligation.remind, due, day),
        escalated_on=day if due < day else None, done=past.done, outcome=past.outcome, ended=past.ended,
    )  # fmt: skip


def lapsed(policy: Policy, case: Case, obligation: str) -> dict[str, Any]:
    """What of an event's changes follows for gates once an occurrence of an obligation has ended otherwise than through
    them: what was asked and told of it was about that one, and is not carried over to the next."""
    gates, duties = dict[str, Any](), dict[str, Any]()
    for name, passage in case.gates.items():
        gate = policy.parts.gates.get(name)
        if gate is None or passage.passed is not None:
            continue
        effects = [one.effect for one in gate.told.values()] + ([gate.in_step.effect] if gate.in_step else [])
        if any(obligation in effect.meets for effect in effects):
            gates[name] = None
            if gate.in_step is not None and gate.in_step.owes in case.duties:
                duties[gate.in_step.owes] = None
    return {"gates": gates, "duties": duties} if gates else {}


def next_duty(policy: Policy, case: Case, obligation: Obligation, ended: Duty, day: date, missed: bool) -> Duty:
    """After one that was met or missed: the next, with what became of this one. One that runs from when it was met
    last runs, once missed, from when it was due."""
    last = ended.nominal if missed or obligation.rule is not None else None
    closed = replace(Duty(), done=ended.done, outcome=ended.outcome, ended=last)
    opened = policy.day(case.opened_at)
    following = _running(policy, obligation, closed, case.facts, opened, day) or closed
    while missed and following.due is not None and following.due < day:
        # Nobody was told of those that came and went unswept.
        closed = replace(closed, ended=following.due)
        following = _running(policy, obligation, closed, case.facts, opened, day) or closed
    return following


def closes(obligation: Obligation, duty: Duty, policy: Policy) -> date | None:
    """The day on which a duty that is not met is closed as missed: when the policy says so, or when the next by the
    rule opens; None for one that stays until it is met."""
    if duty.due is None or duty.nominal is None:
        return None
    days = []
    if obligation.missed is not None:
        days.append(obligation.missed.after.after(duty.due, policy.working))
    if obligation.rule is not None and (following := following_by_rule(obligation, duty.nominal)) is not None:
        opening = obligation.opening(following, policy.working)
        days.append(opening if opening > duty.due else max(following, duty.due + _DAY))
    return min(days, default=None)


_DAY = timedelta(days=1)


# --- the next look ---------------------------------------------------------------------------------------------------


def above(policy: Policy, body: str, day: date) -> Body | None:
    """The body one tier above, or who succeeded it; None above the top."""
    stands = policy.body_on(body, day)
    here = stands.id if stands is not None else body
    for one in policy.chain(here)[1:]:
        higher = policy.body_on(one.id, day) or one
        if higher.id != here:  # a superior may have been merged into the body itself
            return higher
    return None


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


def _days(policy: Policy, case: Case, day: date) -> Iterator[date]:
    workflow = policy.workflows[case.workflow]
    due = case.due
    if due is not None:
        found = deadline(policy, case)
        if not case.overdue:
            yield due + _DAY
            if found is not None and (left := pending(found.remind, case.reminded, due)):
                yield left[0][0]
        elif found is not None and found.escalates and above(policy, case.escalated_to or case.responsible, day):
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
        if obligation.escalates and above(policy, duty.escalated_to or case.responsible, day):
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
