"""command -> events, purely: no I/O, no clock, no randomness.

A decision is the tuple of events that follow from a command, or the error that says why it is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from .calendar import Period
from .case import GENESIS, Body, Case, Event, Organization, RuleFired, Title, evolve
from .conditions import Condition, Need
from .errors import (
    AlreadyOpen,
    CaseClosed,
    EvidenceMissing,
    GuardNotMet,
    GuikouError,
    ManyRules,
    MayNotAct,
    MissingFact,
    NoRule,
    NoSuchBody,
    NoSuchTier,
    NotAdmitted,
    NotFromHere,
    TimeRunsBack,
    TopReached,
    TypeChanged,
    UnknownBlocker,
    UnknownEvidence,
    UnknownTrigger,
    shown,
)
from .machine import WorkflowMachine
from .policy import Policy
from .workflow import ORIGIN, SAME, Transition, Workflow


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who tells it and when: `at` is when it takes effect, `recorded_at` when it is told, both instants in UTC;
    `body` acts, through the account `actor` of its office."""

    at: datetime
    recorded_at: datetime
    body: str
    actor: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Register:
    organization: Organization


@dataclass(frozen=True, slots=True)
class Advance:
    trigger: str
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What became known of the organisation: facts, and its name and area (None: unchanged)."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Record what keeps the case from going on, by code; or, with `clear`, that it no longer does."""

    code: str
    clear: bool = False


Command = Register | Advance | Report | Block
Decision = tuple[Event, ...] | GuikouError


def decide(policy: Policy, case: Case | None, command: Command, stamp: Stamp) -> Decision:
    """What follows from a command on a case (None: there is none yet)."""
    if isinstance(command, Register):
        if case is not None:
            return AlreadyOpen(case=case.id)
        return _register(policy, command.organization, stamp)
    assert case is not None, "only Register has no case"
    if case.closed:
        return CaseClosed(case=case.id)
    if stamp.at < case.updated_at:
        return TimeRunsBack(last=policy.day(case.updated_at), at=policy.day(stamp.at))
    match command:
        case Advance():
            return _advance(policy, case, command, stamp)
        case Report():
            return _report(policy, case, command, stamp)
        case Block():
            return _block(policy, case, command, stamp)


# --- intake ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placement:
    """What the rules say of an organisation on a day."""

    workflow: str
    responsible: Body
    hub: Body | None
    state: str
    priority: int
    weight: int
    rules: tuple[RuleFired, ...]


def place(policy: Policy, organization: Organization, day: date) -> Placement | GuikouError:
    """Classify and route an organisation: its workflow, its one responsible body, its hub, its state."""
    context = policy.context(organization)
    for refusal in policy.intake.refusals:
        if refusal.when.evaluate(context):
            return NotAdmitted(because=refusal.because, rule=refusal.where.text("en"))
    rules: list[RuleFired] = []
    answers: dict[str, Any] = {}
    intake = policy.intake
    for key, table in (
        ("type", intake.type),
        ("responsible", intake.responsible),
        ("hub", intake.hub),
        ("entry", intake.entry),
        ("priority", intake.priority),
    ):
        if table is None:
            continue
        outcome = apply(policy, table, context)
        if isinstance(outcome, GuikouError):
            return outcome
        value = next(iter(outcome.outputs.values()))
        if key == "type":
            context["type"] = value
        elif key in ("responsible", "hub"):
            body = _resolve(policy, value, context, organization.area, table, day)
            if isinstance(body, GuikouError):
                return body
            value = body
            outcome = replace(outcome, outputs={key: body.id if body else None})
        answers[key] = value
        rules.append(outcome)
    workflow = policy.workflows[answers["type"]]
    state = workflow.state_of(answers["entry"])
    if state is None:
        return NoRule(rule=policy.tables[intake.entry].title, facts=answers["entry"])
    if answers["responsible"] is None:
        return NoRule(rule=policy.tables[intake.responsible].title, facts="-")
    return Placement(
        workflow.name,
        answers["responsible"],
        answers.get("hub"),
        state,
        answers.get("priority", 0),
        organization.facts.get(intake.weight or "") or 0,
        tuple(rules),
    )


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


def _resolve(
    policy: Policy, written: str | None, context: Mapping[str, Any], area: str, table: str, day: date
) -> Body | GuikouError | None:
    """The body that a template means for an organisation on a day."""
    if written is None:
        return None
    title = policy.tables[table].title
    id = written
    if "{" in written:
        for hole in [*policy.tiers, *policy.facts]:
            mark = "{" + hole + "}"
            if mark not in id:
                continue
            value = context.get(hole)
            if value is None and hole in policy.tiers:
                return NoSuchTier(rule=title, tier=policy.tiers[hole], area=policy.areas[area].title)
            if value is None:
                return MissingFact(fact=policy.fact_title(hole), key=hole, rule=title)
            id = id.replace(mark, str(value))
    return policy.body_on(id, day) or NoSuchBody(rule=title, body=id, day=day)


def _register(policy: Policy, organization: Organization, stamp: Stamp) -> Decision:
    day = policy.day(stamp.at)
    placed = place(policy, organization, day)
    if isinstance(placed, GuikouError):
        return placed
    workflow = policy.workflows[placed.workflow]
    changes = {
        "organization": organization.id,
        "name": organization.name,
        "area": organization.area,
        "facts": dict(organization.facts),
        "workflow": placed.workflow,
        "responsible": placed.responsible.id,
        "hub": placed.hub.id if placed.hub else None,
        "priority": placed.priority,
        "weight": placed.weight,
        **_entering(workflow, placed.state, day, stage_too=True),
    }
    event = _event("opened", organization.id, None, changes, policy, stamp, rules=placed.rules)
    return (event,)


# --- advancing -------------------------------------------------------------------------------------------------------


def _advance(policy: Policy, case: Case, command: Advance, stamp: Stamp) -> Decision:
    workflow = policy.workflows[case.workflow]
    trigger = command.trigger
    ways = [one for one in workflow.from_state(case.state) if one.trigger == trigger]
    if not ways:
        return _not_from_here(workflow, case, trigger)
    day = policy.day(stamp.at)
    title = workflow.triggers[trigger]
    if not any(may_act(policy, case, one, stamp.body, day) for one in ways):
        allowed = _allowed(policy, case, ways, day)
        return MayNotAct(body=policy.body(stamp.body).title, trigger=title, allowed=allowed)
    facts = case_context(policy, case, day)
    firing = machine(policy, case.workflow).fire(trigger, case.state, facts)
    taken = firing.taken
    if taken is None:
        if firing.undecided:
            need = next(need for need in firing.undecided[0].when.needs(facts) if not need.known)
            return MissingFact(fact=policy.fact_title(need.fact), key=need.fact, rule=title)
        return _unmet(policy, title, ways, facts)
    if not may_act(policy, case, taken, stamp.body, day):
        return MayNotAct(
            body=policy.body(stamp.body).title, trigger=title, allowed=_allowed(policy, case, [taken], day)
        )
    refusal = _evidence(workflow, taken, command.evidence)
    if refusal:
        return refusal
    changes: dict[str, Any] = {}
    rules: list[RuleFired] = []
    sets = dict(taken.sets)
    for table in taken.tables:
        outcome = apply(policy, table, facts)
        if isinstance(outcome, GuikouError):
            return outcome
        rules.append(outcome)
        sets |= outcome.outputs
    if sets:
        changes["facts"] = dict(sets)
    dest = {SAME: case.state, ORIGIN: case.origin or ""}.get(taken.dest, taken.dest)
    if not dest:
        # It came in where it stands: it goes to where its facts would have it come in now.
        entry = apply(policy, policy.intake.entry, {**facts, **sets})
        if isinstance(entry, GuikouError):
            return entry
        rules.append(entry)
        dest = workflow.state_of(next(iter(entry.outputs.values()))) or case.state
    if dest != case.state:
        changes |= _moving(workflow, case, dest, day)
    if taken.extend:
        if case.stage_due is None:
            return NotFromHere(trigger=title, state=workflow.full_title(case.state), known=_known(workflow, case.state))
        changes["stage_due"] = taken.extend.after(case.stage_due)
        changes["extensions"] = case.extensions + 1
    if taken.escalate:
        chain = policy.chain(case.escalated_to or case.responsible)
        if len(chain) > 1:
            above = policy.body_on(chain[1].id, day) or chain[1]
            changes |= {"escalation": case.escalation + 1, "escalated_to": above.id}
        elif taken.dest == SAME:  # where the trigger does more than escalate, the top does that without
            return TopReached(body=chain[0].title if chain else Title("?", "?"))
    event = _event(
        "advanced", case.id, case, changes, policy, stamp,
        trigger=trigger, evidence=dict(command.evidence), rules=tuple(rules), reason=taken.note,
    )  # fmt: skip
    return (event,)


_MACHINES: dict[tuple[str, str], WorkflowMachine] = {}


def machine(policy: Policy, workflow: str) -> WorkflowMachine:
    """A workflow's machine, compiled once for each content of the policy."""
    key = (policy.digest, workflow)
    if key not in _MACHINES:
        _MACHINES[key] = WorkflowMachine(policy.workflows[workflow])
    return _MACHINES[key]


def case_context(policy: Policy, case: Case, day: date) -> dict[str, Any]:
    """Everything that a guard may ask of a case on a day."""
    return {
        **policy.context(Organization(case.organization, case.name, case.area, case.facts)),
        "type": case.workflow,
        "case.days_overdue": case.days_overdue(day),
        "case.escalation": case.escalation,
        "case.extensions": case.extensions,
    }


def may_act(policy: Policy, case: Case, transition: Transition, body: str, day: date) -> bool:
    """Whether a body may fire a transition of a case: as the responsible body or its successor, as one above it, as
    the case's hub, or by its own name."""
    return any(_plays(policy, case, role, body, day) for role in transition.by)


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
        case _:
            return body == role


def _superiors(policy: Policy, responsible: Body) -> tuple[Body, ...]:
    chain = policy.chain(responsible.id)
    return chain[1:] or chain


def _allowed(policy: Policy, case: Case, ways: list[Transition], day: date) -> Title:
    """Who may act instead, by name."""
    titles: list[Title] = []
    for role in dict.fromkeys(role for one in ways for role in one.by):
        match role:
            case "responsible":
                found = policy.body_on(case.responsible, day) or policy.bodies.get(case.responsible)
            case "superior":
                found = _superiors(policy, policy.body_on(case.responsible, day) or policy.bodies[case.responsible])[0]
            case "hub":
                found = policy.bodies.get(case.hub or "")
            case _:
                found = policy.bodies.get(role)
        if found:
            titles.append(Title(f"{found.title.zh}（{found.id}）", f"{found.title.en} ({found.id})"))
    return Title("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def _not_from_here(workflow: Workflow, case: Case, trigger: str) -> GuikouError:
    known = _known(workflow, case.state)
    if trigger not in workflow.triggers:
        return UnknownTrigger(workflow=workflow.title, trigger=trigger, known=known)
    return NotFromHere(trigger=workflow.triggers[trigger], state=workflow.full_title(case.state), known=known)


def _known(workflow: Workflow, state: str) -> Title:
    names = workflow.triggers_from(state)
    return Title(
        "、".join(f"{name}（{workflow.triggers[name].zh}）" for name in names) or "无",
        ", ".join(f"{name} ({workflow.triggers[name].en})" for name in names) or "nothing",
    )


def _unmet(policy: Policy, title: Title, ways: list[Transition], facts: Mapping[str, Any]) -> GuardNotMet:
    """The refusal with each test that failed, its fact's value and what is needed."""
    texts = [_failed(policy, one.when, facts) for one in ways]
    return GuardNotMet(
        trigger=title, failed=Title("；或 ".join(one.zh for one in texts), "; or ".join(one.en for one in texts))
    )


def _failed(policy: Policy, when: Condition, facts: Mapping[str, Any]) -> Title:
    own = [need for need in Condition(when.tests).needs(facts) if need.met is False]
    zh = [_need(policy, need, "zh") for need in own]
    en = [_need(policy, need, "en") for need in own]
    if when.alternatives and Condition(alternatives=when.alternatives).evaluate(facts) is False:
        ways = [_failed(policy, one, facts) for one in when.alternatives]
        zh.append("，或者 ".join(way.zh for way in ways))
        en.append(", or else ".join(way.en for way in ways))
    return Title("，".join(zh), ", ".join(en))


def _need(policy: Policy, need: Need, lang: str) -> str:
    fact = policy.fact_title(need.fact)
    if lang == "zh":
        return f"{fact.zh}（{need.fact}）为 {shown(need.value)}，需要 {need.test}"
    return f"{fact.en} ({need.fact}) is {shown(need.value)}, needed {need.test}"


def _evidence(workflow: Workflow, taken: Transition, given: Mapping[str, str]) -> GuikouError | None:
    title = workflow.triggers[taken.trigger]
    for key in given:
        if key not in taken.evidence:
            return UnknownEvidence(trigger=title, key=key, known=list(taken.evidence) or "-")
    missing = [key for key in taken.evidence if not given.get(key, "").strip()]
    if missing:
        named = [workflow.evidence[key] for key in missing]
        listed = Title("、".join(one.zh for one in named), ", ".join(one.en for one in named))
        return EvidenceMissing(trigger=title, missing=listed, key=missing[0])
    return None


def _entering(workflow: Workflow, state: str, day: date, stage_too: bool) -> dict[str, Any]:
    found = workflow.states[state]
    changes: dict[str, Any] = {
        "state": state,
        "step_since": day,
        "step_due": _due(found.due, day) if found.due is not workflow.stages[found.stage].due else None,
        "closed": found.final,
    }
    if stage_too:
        changes |= {"stage_since": day, "stage_due": _due(workflow.stages[found.stage].due, day)}
    return changes


def _due(period: Period | None, day: date) -> date | None:
    return period.after(day) if period else None


def _moving(workflow: Workflow, case: Case, dest: str, day: date) -> dict[str, Any]:
    """What entering another state changes. A new stage starts its clock and forgets the old one's escalation."""
    new_stage = workflow.states[dest].stage != case.stage
    changes = _entering(workflow, dest, day, stage_too=new_stage)
    if new_stage:
        changes |= {"origin": case.state, "escalation": 0, "escalated_to": None, "extensions": 0}
    return changes


# --- facts and blockers ----------------------------------------------------------------------------------------------


def _report(policy: Policy, case: Case, command: Report, stamp: Stamp) -> Decision:
    facts = {
        name: value for name, value in command.facts.items() if name not in case.facts or case.facts[name] != value
    }
    name = command.name if command.name is not None else case.name
    area = command.area if command.area is not None else case.area
    organization = Organization(case.organization, name, area, {**case.facts, **facts})
    placed = place(policy, organization, policy.day(stamp.at))
    if isinstance(placed, GuikouError):
        return placed
    if placed.workflow != case.workflow:
        titles = policy.workflows
        return TypeChanged(to=titles[placed.workflow].title, of=titles[case.workflow].title)
    changes: dict[str, Any] = {"facts": dict(facts)} if facts else {}
    for key, new in (("name", name), ("area", area), ("priority", placed.priority), ("weight", placed.weight)):
        if getattr(case, key) != new:
            changes[key] = new
    events: list[Event] = []
    if changes:
        events.append(_event("reported", case.id, case, changes, policy, stamp))
        case = evolve(case, events[0])
    routed: dict[str, str | None] = {"responsible": placed.responsible.id, "hub": placed.hub.id if placed.hub else None}
    rerouted: dict[str, Any] = {key: new for key, new in routed.items() if getattr(case, key) != new}
    if rerouted:
        # An escalation belongs to the old body's chain; the new one starts at its own level.
        if "responsible" in rerouted and case.escalated_to:
            rerouted |= {"escalation": 0, "escalated_to": None}
        routing = tuple(one for one in placed.rules if one.table in (policy.intake.responsible, policy.intake.hub))
        reason = "; ".join(f"{one.table} row {', '.join(map(str, one.rows))}" for one in routing)
        events.append(_event("rerouted", case.id, case, rerouted, policy, stamp, rules=routing, reason=reason))
    return tuple(events)


def _block(policy: Policy, case: Case, command: Block, stamp: Stamp) -> Decision:
    if command.code not in policy.blockers:
        return UnknownBlocker(blocker=command.code, known=list(policy.blockers))
    day = policy.day(stamp.at)
    responsible = policy.body_on(case.responsible, day)
    above = {one.id for one in policy.chain(responsible.id if responsible else case.responsible)}
    if stamp.body not in above | {case.hub}:
        title = policy.bodies[case.responsible].title
        return MayNotAct(body=policy.body(stamp.body).title, trigger=policy.blockers[command.code], allowed=title)
    if (command.code in case.blockers) != command.clear:
        return ()
    blockers = {*case.blockers} ^ {command.code}
    changes = {"blockers": sorted(blockers)}
    kind = "unblocked" if command.clear else "blocked"
    return (_event(kind, case.id, case, changes, policy, stamp, reason=command.code),)


def _event(
    kind: str, case_id: str, case: Case | None, changes: Mapping[str, Any], policy: Policy, stamp: Stamp, **more: Any
) -> Event:
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
