"""Transitions taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..cases.case import UNCLIMBED, Case, earlier
from ..cases.events import Advanced, Climb, RuleFired
from ..errors import (
    AlreadySuspended,
    GuikouError,
    ManyRules,
    NoRule,
    NotFromHere,
    NotSuspended,
    TopReached,
)
from ..policy.facts import facts_in_words
from ..policy.policy import Policy
from ..policy.workflow import ORIGIN, SAME, SWEEP, Transition
from ..text import Title, listed, with_title
from .checks import missing_fact
from .due.context import case_context
from .due.dates import counting_period, entering
from .happening import Decision, Stamp, happened, values_set
from .machine import WorkflowMachine
from .roles import may_act


def apply(policy: Policy, table: str, context: Mapping[str, Any]) -> RuleFired | GuikouError:
    """A table's one answer, or why it has none."""
    outcome = policy.table(table).evaluate(context)
    title = policy.tables[table].title
    if outcome.missing:
        return missing_fact(policy, outcome.missing[:1], title)
    if outcome.clash:
        return ManyRules(rule=title, rows=list(outcome.clash))
    if not outcome.outputs:
        facts = {name: context.get(name) for name, _ in policy.table(table).inputs}
        return NoRule(rule=title, facts=facts_in_words(policy.vocabulary, facts))
    return RuleFired(table, outcome.rows, outcome.outputs)


_MACHINES: dict[tuple[str, str], WorkflowMachine] = {}


def machine(policy: Policy, workflow: str) -> WorkflowMachine:
    """A workflow's machine, compiled once for each content of the policy."""
    key = (policy.digest, workflow)
    if key not in _MACHINES:
        _MACHINES[key] = WorkflowMachine(policy.workflows[workflow])
    return _MACHINES[key]


def fire(policy: Policy, case: Case, trigger: str, stamp: Stamp, role: str = SWEEP) -> Decision:
    """What follows when the engine itself fires a trigger in one of its roles; no event where no guard holds."""
    ways = policy.workflows[case.workflow].from_state(case.state)
    if not any(one.trigger == trigger and role in one.by for one in ways):
        return ()
    facts = case_context(policy, case, policy.day(stamp.at))
    taken = machine(policy, case.workflow).fire(trigger, case.state, facts).taken
    if taken is None or role not in taken.by:
        return ()
    return took(policy, case, taken, facts, stamp, {}, "")


def took(
    policy: Policy,
    case: Case,
    taken: Transition,
    facts: Mapping[str, Any],
    stamp: Stamp,
    evidence: Mapping[str, str],
    reason: str,
) -> Decision:
    """What follows from a transition whose guard holds."""
    workflow = policy.workflows[case.workflow]
    trigger, day = taken.trigger, policy.day(stamp.at)
    title = workflow.triggers[trigger]
    changes: dict[str, Any] = {}
    rules: list[RuleFired] = []
    sets = values_set(taken.sets, case.facts, day)
    for table in taken.tables:
        outcome = apply(policy, table, facts)
        if isinstance(outcome, GuikouError):
            return outcome
        rules.append(outcome)
        sets |= outcome.outputs
    if sets:
        changes["facts"] = dict(sets)
    fired = case.fired
    if trigger in workflow.starts:
        clock = case.suspended or day  # while it stands still, it shows that day
        changes["fired"] = {trigger: clock}
        fired = {**fired, trigger: clock}
    dest = {SAME: case.state, ORIGIN: case.origin or ""}.get(taken.dest, taken.dest)
    if not dest:
        # It came in where it stands: it goes to where its facts would have it come in now.
        entry = apply(policy, policy.intake.entry, {**facts, **sets})
        if isinstance(entry, GuikouError):
            return entry
        rules.append(entry)
        dest = workflow.state_of(next(iter(entry.outputs.values()))) or case.state
    if dest != case.state or taken.restarts:
        changes |= entering(policy, workflow, case, dest, day, fired, {**case.facts, **sets})
    stage_due = changes.get("stage_due", case.stage_due)
    if taken.suspend or taken.resume:
        if taken.suspend == (case.suspended is not None):
            return AlreadySuspended(day=case.suspended) if taken.suspend else NotSuspended(trigger=title)
        changes |= {"suspended": day} if taken.suspend else _resumed(case, day, changes)
        stage_due = changes.get("stage_due", stage_due)
    if taken.extend:
        if stage_due is None:
            return NotFromHere(
                trigger=title,
                state=workflow.full_title(case.state),
                known=known_triggers(policy, case, stamp.body, day),
                then=as_of(policy, stamp),
            )
        changes["stage_due"], years = counting_period(policy, taken.extend, stage_due)
        step_due = changes.get("step_due", case.step_due)
        if step_due is not None:  # the stage's own date stays the last
            changes["step_due"], more = counting_period(policy, taken.extend, step_due)
            years |= more
        changes["extensions"] = case.extensions + 1
        if years - set(case.assumed):
            changes["assumed"] = sorted(years | set(changes.get("assumed", case.assumed)))
        due = earlier(changes["stage_due"], changes.get("step_due", case.step_due))
        if not taken.keeps and due is not None and due >= day and due != case.due:
            changes |= {name: value for name, value in UNCLIMBED.items() if getattr(case, name) != value}
    climb = None
    if taken.escalate:
        higher = policy.places.on(day).above(case.escalated_to or case.responsible)
        if higher is not None:
            changes |= {"escalation": case.escalation + 1, "escalated_to": higher.id, "escalated_on": day}
            climb = Climb(climbed_to=higher.id, of=case.due, stood=case.state)
        elif taken.dest == SAME:  # where the trigger does more than escalate, the top does that without
            return TopReached(body=policy.places.bodies[case.escalated_to or case.responsible].title)
    event = happened(
        Advanced(climb=climb), case.id, case, changes, policy, stamp,
        trigger=trigger, evidence=dict(evidence), rules=tuple(rules), reason=reason or taken.note,
        note=not reason or reason == taken.note,
    )  # fmt: skip
    return (event,)


def _resumed(case: Case, day: date, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The clock runs on: what stood still is added to the due dates that the transition did not set anew."""
    assert case.suspended is not None
    stood = day - case.suspended
    resumed: dict[str, Any] = {"suspended": None}
    for name in ("stage_due", "step_due", "escalated_on"):
        set_on = getattr(case, name)
        if set_on is not None and name not in changes:
            resumed[name] = set_on + stood
    if case.fired and stood and "fired" not in changes:
        resumed["fired"] = {trigger: day + stood for trigger, day in case.fired.items()}
    return resumed


def offered(policy: Policy, case: Case, day: date) -> tuple[Transition, ...]:
    """The ways by which an office can move an open case on a day: of each trigger the first whose guard holds, without
    what its clock or the want of a body above would refuse."""
    stands = case.escalated_to or case.responsible
    return tuple(
        one
        for one in policy.workflows[case.workflow].open_from(case.state, case_context(policy, case, day))
        if one.by_office
        and not (one.suspend and case.suspended is not None)
        and not (one.resume and case.suspended is None)
        and not (one.extend and case.stage_due is None)
        and not (one.escalate and one.dest == SAME and policy.places.on(day).above(stands) is None)
    )


def as_of(policy: Policy, stamp: Stamp) -> Title:
    """Of which day it is said what is possible: of one that has passed, that one."""
    day, now = policy.day(stamp.at), policy.day(stamp.recorded_at)
    return Title("当前可办理", "from here") if day >= now else Title(f"{day} 当时可办理", f"from here on {day}")


def known_triggers(
    policy: Policy,
    case: Case,
    body: str,
    day: date,
    none: Title = Title("无", "nothing"),  # noqa: B008  a value
) -> Title:
    """The triggers that a body can fire on a day; `none` where there are none."""
    titles = policy.workflows[case.workflow].triggers
    ways = (
        [one for one in offered(policy, case, day) if may_act(policy, case, one, body, day)] if not case.closed else []
    )
    return listed([with_title(one.trigger, titles[one.trigger]) for one in ways], none)
