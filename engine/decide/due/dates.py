"""When a case is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from ...cases.case import UNCLIMBED, Case, earlier
from ...dates.deadlines import Deadline, passed
from ...dates.periods import Period
from ...policy.policy import Policy
from ...policy.workflow import Workflow


def entering(
    policy: Policy,
    workflow: Workflow,
    case: Case | None,
    state: str,
    day: date,
    fired: Mapping[str, date],
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """What entering a state on a day changes: a new stage starts its clock and forgets the old one's escalation; so
    does one without steps that is entered anew."""
    found = workflow.states[state]
    again = case is not None and state == case.state
    new_stage = case is None or found.stage != case.stage or (again and state == found.stage)
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
            changes |= UNCLIMBED if again else {"origin": case.state, **UNCLIMBED}
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


def roll(policy: Policy, case: Case | None, changes: dict[str, Any]) -> None:
    """Due dates that were set to a day off move as the policy says, and the years that had to be assumed for it are
    named, also for duties."""
    years = set(changes.get("assumed", case.assumed if case is not None else ()))
    dues = [(due, due) for name in ("stage_due", "step_due") if (due := changes.get(name)) is not None]
    dues += [(duty["nominal"], duty["due"]) for duty in changes.get("duties", {}).values() if duty and "due" in duty]
    more = {year for nominal, due in dues for year in policy.working.assumed(nominal, policy.due(due))}
    if more - years:
        changes["assumed"] = sorted(years | more)
    changes |= {name: policy.due(due) for name in ("stage_due", "step_due") if (due := changes.get(name)) is not None}


def _assumed(policy: Policy, deadline: Deadline | None, start: date, due: date | None) -> set[int]:
    if deadline is None or due is None or deadline.within is None or deadline.within.unit != "working day":
        return set()
    return set(policy.working.assumed(min(start, due), due))


def counting_period(policy: Policy, period: Period, start: date) -> tuple[date, set[int]]:
    """A due date put off by a period, and the years that had to be assumed for it."""
    due = period.after(start, policy.working)
    return due, set(policy.working.assumed(start, due)) if period.unit == "working day" else set()


def restarted(policy: Policy, case: Case, changes: Mapping[str, Any], day: date) -> dict[str, Any]:
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
            now = policy.due(now) + (due - policy.due(then))  # what it was put off by since stays granted
        elif now is not None and case.suspended is not None:
            now -= max(day - case.suspended, timedelta())  # the clock has stood since; resuming adds it again
        moved[name] = now
        if (years := _assumed(policy, found, day, now)) - set(case.assumed):
            moved["assumed"] = sorted(years | set(moved.get("assumed", changes.get("assumed", case.assumed))))
    return moved


def forget_reminders(policy: Policy, case: Case | None, changes: dict[str, Any], day: date) -> None:
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
