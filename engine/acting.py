"""What all decisions share: events with all that follows from them, who may act, transitions taken, duties met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from .case import GENESIS, Body, Case, Duty, Event, RuleFired, Title
from .errors import (
    AlreadySuspended,
    EvidenceMissing,
    GuikouError,
    ManyRules,
    MayNotAct,
    MissingFact,
    NoRule,
    NotFromHere,
    NotOpenYet,
    NotOwed,
    NotSuspended,
    TopReached,
    UnknownEvidence,
    UnknownObligation,
    UnknownOutcome,
    shown,
)
from .machine import WorkflowMachine
from .obligations import Obligation, Outcome
from .policy import Policy
from .timing import above, case_context, counting_period, entering, lapsed, next_duty, settle
from .workflow import ENGINE, ORIGIN, SAME, SWEEP, TODAY, FactOf, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who tells it and when: `at` is when it takes effect, `recorded_at` when it is told, both instants in UTC;
    `body` acts, through the account `actor` of its office."""

    at: datetime
    recorded_at: datetime
    body: str
    actor: str
    request_id: str | None = None


Decision = tuple[Event, ...] | GuikouError


def happened(
    kind: str, case_id: str, case: Case | None, changes: dict[str, Any], policy: Policy, stamp: Stamp, **more: Any
) -> Event:
    """An event with all that follows from its changes, sealed."""
    settle(policy, case, changes, policy.day(stamp.at))
    return Event(
        case=case_id,
        seq=(case.revision if case else 0) + 1,
        kind=kind,
        at=stamp.at,
        recorded_at=stamp.recorded_at,
        actor=stamp.actor,
        body=stamp.body,
        policy=policy.digest,
        changes=changes,
        request_id=stamp.request_id,
        previous=case.head if case else GENESIS,
        **more,
    ).sealed()


def values_set(sets: Mapping[str, Any], facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What is set, with `today` as the day, and what another fact was as it was; nothing where that is not known."""
    return {
        name: day if value is TODAY else facts[value.name] if isinstance(value, FactOf) else value
        for name, value in sets.items()
        if not isinstance(value, FactOf) or value.name in facts
    }


def apply(policy: Policy, table: str, context: Mapping[str, Any]) -> RuleFired | GuikouError:
    """A table's one answer, or why it has none."""
    outcome = policy.table(table).evaluate(context)
    title = policy.tables[table].title
    if outcome.missing:
        return MissingFact(fact=policy.fact_title(outcome.missing[0]), key=outcome.missing[0], rule=title)
    if outcome.clash:
        return ManyRules(rule=title, rows=list(outcome.clash))
    if not outcome.outputs:
        facts = {name: context.get(name) for name, _ in policy.table(table).inputs}
        return NoRule(rule=title, facts="; ".join(f"{name} = {shown(value)}" for name, value in facts.items()))
    return RuleFired(table, outcome.rows, outcome.outputs)


_MACHINES: dict[tuple[str, str], WorkflowMachine] = {}


def machine(policy: Policy, workflow: str) -> WorkflowMachine:
    """A workflow's machine, compiled once for each content of the policy."""
    key = (policy.digest, workflow)
    if key not in _MACHINES:
        _MACHINES[key] = WorkflowMachine(policy.workflows[workflow])
    return _MACHINES[key]


def may_act(policy: Policy, case: Case, transition: Transition, body: str, day: date) -> bool:
    """Whether a body may fire a transition of a case: as the responsible body or its successor, as one above it, as
    the case's hub, or by its own name."""
    return plays(policy, case, transition.by, body, day)


def plays(policy: Policy, case: Case, roles: tuple[str, ...], body: str, day: date) -> bool:
    """Whether a body has one of these roles for a case, or is named."""
    return any(_plays(policy, case, role, body, day) for role in roles)


def _plays(policy: Policy, case: Case, role: str, body: str, day: date) -> bool:
    responsible = policy.body_on(case.responsible, day)
    if responsible is None:
        responsible = policy.bodies.get(case.responsible)
    match role:
        case "responsible":
            return responsible is not None and body == responsible.id
        case "superior":
            # The top has none above it and decides itself.
            return responsible is not None and body in [one.id for one in _superiors(policy, responsible)]
        case "hub":
            return case.hub is not None and body == case.hub
        case _ if role in ENGINE:
            return False
        case _ if role in policy.body_kinds and role not in policy.bodies:
            acting = policy.bodies[body]
            return acting.kind == role and case.area in policy.areas_under(acting.area)
        case _:
            return body == role


def _superiors(policy: Policy, responsible: Body) -> tuple[Body, ...]:
    chain = policy.chain(responsible.id)
    return chain[1:] or chain


def allowed_bodies(policy: Policy, case: Case, roles: Iterable[str], day: date) -> Title:
    """Who may act instead, by name."""
    titles: list[Title] = []
    for role in dict.fromkeys(roles):
        match role:
            case "responsible":
                found = policy.body_on(case.responsible, day) or policy.bodies.get(case.responsible)
            case "superior":
                found = _superiors(policy, policy.body_on(case.responsible, day) or policy.bodies[case.responsible])[0]
            case "hub":
                found = policy.bodies.get(case.hub or "")
            case _:
                found = policy.bodies.get(role)
                if role in policy.body_kinds and role not in policy.bodies:
                    kind = policy.body_kinds[role]
                    titles.append(Title(f"所在区域的{kind.zh}", f"a {kind.en} in whose area it lies"))
        if found:
            titles.append(Title(f"{found.title.zh}（{found.id}）", f"{found.title.en} ({found.id})"))
    titles = titles or [Title("只有系统巡检", "the sweep alone")]
    return Title("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def check_evidence(
    title: Title, asked: Iterable[str], titles: Mapping[str, Title], given: Mapping[str, str]
) -> GuikouError | None:
    for key in given:
        if key not in asked:
            return UnknownEvidence(trigger=title, key=key, known=list(asked) or "-")
    missing = [key for key in asked if not (isinstance(given.get(key), str) and given[key].strip())]
    if missing:
        named = [titles[key] for key in missing]
        listed = Title("、".join(one.zh for one in named), ", ".join(one.en for one in named))
        return EvidenceMissing(trigger=title, missing=listed, key=missing[0])
    return None


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
    if dest != case.state:
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
                trigger=title, state=workflow.full_title(case.state), known=known_triggers(workflow, case.state)
            )
        changes["stage_due"], years = counting_period(policy, taken.extend, stage_due)
        changes["extensions"] = case.extensions + 1
        if years - set(case.assumed):
            changes["assumed"] = sorted(years | set(changes.get("assumed", case.assumed)))
    if taken.escalate:
        higher = above(policy, case.escalated_to or case.responsible, day)
        if higher is not None:
            changes |= {"escalation": case.escalation + 1, "escalated_to": higher.id, "escalated_on": day}
            changes |= {"to": higher.id, "of": case.due, "stood": case.state}
        elif taken.dest == SAME:  # where the trigger does more than escalate, the top does that without
            return TopReached(body=policy.bodies[case.escalated_to or case.responsible].title)
    event = happened(
        "advanced", case.id, case, changes, policy, stamp,
        trigger=trigger, evidence=dict(evidence), rules=tuple(rules), reason=reason or taken.note,
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


def known_triggers(workflow: Workflow, state: str) -> Title:
    names = workflow.triggers_from(state)
    return Title(
        "、".join(f"{name}（{workflow.triggers[name].zh}）" for name in names) or "无",
        ", ".join(f"{name} ({workflow.triggers[name].en})" for name in names) or "nothing",
    )


def owed(policy: Policy, case: Case, name: str) -> tuple[Obligation, Duty] | GuikouError:
    """An obligation of a case with how it stands, or why there is none."""
    obligation = policy.obligations.get(name)
    if obligation is None:
        return UnknownObligation(obligation=name, known=list(policy.obligations) or "-")
    duty = case.duties.get(name)
    if duty is None or duty.due is None:
        facts = case_context(policy, case, policy.day(case.updated_at))
        if obligation.since and obligation.when.evaluate(facts) is True:
            fact = obligation.since[0]
            return MissingFact(fact=policy.fact_title(fact), key=fact, rule=obligation.title)
        known = [policy.obligations[one].title for one, its in case.duties.items() if its.due is not None]
        listed = Title("、".join(one.zh for one in known) or "无", ", ".join(one.en for one in known) or "nothing")
        return NotOwed(obligation=obligation.title, known=listed)
    return obligation, duty


def only_one(outcome: str | None, outcomes: Mapping[str, Outcome]) -> str | None:
    """An outcome as it was named; where there is only one, nobody needs to name it."""
    return next(iter(outcomes)) if outcome is None and len(outcomes) == 1 else outcome


def unknown_outcome(title: Title, outcome: str | None, outcomes: Mapping[str, Outcome]) -> GuikouError | None:
    """Why an outcome can't be what it ended with; None if it can."""
    if outcome in (outcomes or (None,)):
        return None
    known = [f"{key} ({one.title.en})" for key, one in outcomes.items()]
    return UnknownOutcome(obligation=title, outcome=outcome or "-", known=known or "-")


def meet(
    policy: Policy,
    case: Case,
    name: str,
    outcome: str | None,
    evidence: Mapping[str, str],
    stamp: Stamp,
    *,
    by_office: bool = True,
) -> Decision:
    """An obligation is met; by an office that may, or else by what a gate is told or a record says."""
    found = owed(policy, case, name)
    if isinstance(found, GuikouError):
        return found
    obligation, duty = found
    day = policy.day(stamp.at)
    if by_office and not plays(policy, case, obligation.by, stamp.body, day):
        allowed = allowed_bodies(policy, case, obligation.by, day)
        doing = Title(f"办结{obligation.title.zh}", f"record the {obligation.title.en}")
        return MayNotAct(body=policy.body(stamp.body).title, trigger=doing, allowed=allowed)
    # One that recurs by the calendar can't be met for another year; one that runs from when it was met last, can.
    if duty.opens is not None and obligation.rule is not None and day < duty.opens:
        return NotOpenYet(obligation=obligation.title, opens=duty.opens)
    outcome = only_one(outcome, obligation.outcomes)
    unknown = unknown_outcome(obligation.title, outcome, obligation.outcomes)
    if unknown:
        return unknown
    refusal = check_evidence(obligation.title, list(obligation.evidence), obligation.evidence, evidence)
    if refusal and by_office:  # a gate and a record ask for evidence of their own
        return refusal
    facts = values_set(obligation.outcomes[outcome].sets, case.facts, day) if outcome is not None else {}
    met = replace(duty, done=day, outcome=outcome)
    after = next_duty(policy, replace(case, facts={**case.facts, **facts}), obligation, met, day, missed=False)
    changes: dict[str, Any] = {"concerns": obligation.name, "of": duty.due, "outcome": outcome}
    changes |= lapsed(policy, case, name)
    changes["duties"] = {**changes.get("duties", {}), name: after.content()}
    if facts:
        changes["facts"] = facts
    return (happened("met", case.id, case, changes, policy, stamp, evidence=dict(evidence)),)
