"""command -> events, purely: no I/O, no clock, no randomness.

A decision is the tuple of events that follow from a command, or the error that says why it is not allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from .calendar import passed
from .case import GENESIS, Body, Case, Duty, Event, Organization, RuleFired, Title, evolve
from .conditions import Condition, Need
from .errors import (
    AlreadyOpen,
    AlreadySuspended,
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
    NotOpenYet,
    NotOwed,
    NotPostponable,
    NotSuspended,
    ReasonMissing,
    TimeRunsBack,
    TopReached,
    TypeChanged,
    UnknownBlocker,
    UnknownEvidence,
    UnknownObligation,
    UnknownOutcome,
    UnknownTrigger,
    shown,
)
from .machine import WorkflowMachine
from .obligations import Obligation, following_by_rule
from .policy import Policy
from .timing import above, case_context, counting_period, entering, next_duty, scheduled, settle
from .workflow import ORIGIN, SAME, SWEEP, TODAY, Transition, Workflow


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
    reason: str = ""


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


@dataclass(frozen=True, slots=True)
class Meet:
    """An obligation is met, with one of its outcomes (None where it names none)."""

    obligation: str
    outcome: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Postpone:
    """Put off the due date of an obligation, for a reason."""

    obligation: str
    reason: str
    evidence: Mapping[str, str] = field(default_factory=dict)


Command = Register | Advance | Report | Block | Meet | Postpone
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
    if case.policy != policy.digest and (first := rescheduled(policy, case, stamp)):
        decision = decide(policy, evolve(case, first), command, stamp)
        return decision if isinstance(decision, GuikouError) or not decision else (first, *decision)
    match command:
        case Advance():
            return _advance(policy, case, command, stamp)
        case Report():
            return _report(policy, case, command, stamp)
        case Block():
            return _block(policy, case, command, stamp)
        case Meet():
            return _meet(policy, case, command, stamp)
        case Postpone():
            return _postpone(policy, case, command, stamp)


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
        **entering(policy, workflow, None, placed.state, day, {}, organization.facts),
    }
    return (happened("opened", organization.id, None, changes, policy, stamp, rules=placed.rules),)


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
        allowed = _allowed(policy, case, [role for one in ways for role in one.by], day)
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
            body=policy.body(stamp.body).title, trigger=title, allowed=_allowed(policy, case, taken.by, day)
        )
    refusal = _evidence(title, taken.evidence, workflow.evidence, command.evidence)
    if refusal:
        return refusal
    if taken.reason and not command.reason.strip():
        return ReasonMissing(trigger=title)
    return _took(policy, case, taken, facts, stamp, command.evidence, command.reason)


def _took(
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
    sets = on_day(taken.sets, day)
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
            return NotFromHere(trigger=title, state=workflow.full_title(case.state), known=_known(workflow, case.state))
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


def on_day(sets: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What is set, with `today` as the day."""
    return {name: day if value is TODAY else value for name, value in sets.items()}


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


def fire(policy: Policy, case: Case, trigger: str, stamp: Stamp) -> Decision:
    """What follows when the engine itself fires a trigger, as the sweep does; no event where no guard holds."""
    ways = policy.workflows[case.workflow].from_state(case.state)
    if not any(one.trigger == trigger and SWEEP in one.by for one in ways):
        return ()
    facts = case_context(policy, case, policy.day(stamp.at))
    taken = machine(policy, case.workflow).fire(trigger, case.state, facts).taken
    if taken is None or SWEEP not in taken.by:
        return ()
    return _took(policy, case, taken, facts, stamp, {}, "")


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
        case "sweep":
            return False
        case _:
            return body == role


def _superiors(policy: Policy, responsible: Body) -> tuple[Body, ...]:
    chain = policy.chain(responsible.id)
    return chain[1:] or chain


def _allowed(policy: Policy, case: Case, roles: Iterable[str], day: date) -> Title:
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
        if found:
            titles.append(Title(f"{found.title.zh}（{found.id}）", f"{found.title.en} ({found.id})"))
    titles = titles or [Title("只有系统巡检", "the sweep alone")]
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


def _evidence(
    title: Title, asked: Iterable[str], titles: Mapping[str, Title], given: Mapping[str, str]
) -> GuikouError | None:
    for key in given:
        if key not in asked:
            return UnknownEvidence(trigger=title, key=key, known=list(asked) or "-")
    missing = [key for key in asked if not given.get(key, "").strip()]
    if missing:
        named = [titles[key] for key in missing]
        listed = Title("、".join(one.zh for one in named), ", ".join(one.en for one in named))
        return EvidenceMissing(trigger=title, missing=listed, key=missing[0])
    return None


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
        events.append(happened("reported", case.id, case, changes, policy, stamp))
        case = evolve(case, events[0])
    routed: dict[str, str | None] = {"responsible": placed.responsible.id, "hub": placed.hub.id if placed.hub else None}
    rerouted: dict[str, Any] = {key: new for key, new in routed.items() if getattr(case, key) != new}
    if rerouted:
        if "responsible" in rerouted:
            rerouted |= _handed_over(case, policy.day(stamp.at))
        routing = tuple(one for one in placed.rules if one.table in (policy.intake.responsible, policy.intake.hub))
        reason = "; ".join(f"{one.table} row {', '.join(map(str, one.rows))}" for one in routing)
        events.append(happened("rerouted", case.id, case, rerouted, policy, stamp, rules=routing, reason=reason))
    return tuple(events)


def _handed_over(case: Case, day: date) -> dict[str, Any]:
    """An escalation belongs to the old body's chain; the new body starts at its own level, and has its own grace."""
    fresh: dict[str, Any] = {"escalation": 0, "escalated_to": None, "escalated_on": day}
    changes = {**fresh, "escalated_on": case.suspended or day} if case.overdue or case.escalated_to else {}
    duties = {
        name: replace(duty, **fresh).content()
        for name, duty in case.duties.items()
        if duty.overdue or duty.escalated_to
    }
    return {**changes, "duties": duties} if duties else changes


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
    return (happened(kind, case.id, case, changes, policy, stamp, reason=command.code),)


# --- obligations -----------------------------------------------------------------------------------------------------


def _owed(policy: Policy, case: Case, name: str) -> tuple[Obligation, Duty] | GuikouError:
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


def rescheduled(policy: Policy, case: Case, stamp: Stamp) -> Event | None:
    """What another policy changes of a case's duties, before anything else happens under it."""
    if not scheduled(policy, case, {}, policy.day(stamp.at)):
        return None
    return happened("scheduled", case.id, case, {}, policy, replace(stamp, request_id=None))


def _meet(policy: Policy, case: Case, command: Meet, stamp: Stamp) -> Decision:
    owed = _owed(policy, case, command.obligation)
    if isinstance(owed, GuikouError):
        return owed
    obligation, duty = owed
    day = policy.day(stamp.at)
    if not plays(policy, case, obligation.by, stamp.body, day):
        allowed = _allowed(policy, case, obligation.by, day)
        doing = Title(f"办结{obligation.title.zh}", f"record the {obligation.title.en}")
        return MayNotAct(body=policy.body(stamp.body).title, trigger=doing, allowed=allowed)
    # One that recurs by the calendar can't be met for another year; one that runs from when it was met last, can.
    if duty.opens is not None and obligation.rule is not None and day < duty.opens:
        return NotOpenYet(obligation=obligation.title, opens=duty.opens)
    # Where there is only one outcome, nobody needs to name it.
    outcome = command.outcome
    if outcome is None and len(obligation.outcomes) == 1:
        (outcome,) = obligation.outcomes
    if outcome not in (obligation.outcomes or (None,)):
        known = [f"{key} ({one.title.en})" for key, one in obligation.outcomes.items()]
        return UnknownOutcome(obligation=obligation.title, outcome=outcome or "-", known=known or "-")
    refusal = _evidence(obligation.title, list(obligation.evidence), obligation.evidence, command.evidence)
    if refusal:
        return refusal
    facts = on_day(obligation.outcomes[outcome].sets, day) if outcome is not None else {}
    met = replace(duty, done=day, outcome=outcome)
    after = next_duty(policy, replace(case, facts={**case.facts, **facts}), obligation, met, day, missed=False)
    changes: dict[str, Any] = {"duties": {obligation.name: after.content()}, "concerns": obligation.name}
    changes |= {"of": duty.due, "outcome": outcome}
    if facts:
        changes["facts"] = facts
    return (happened("met", case.id, case, changes, policy, stamp, evidence=dict(command.evidence)),)


def _postpone(policy: Policy, case: Case, command: Postpone, stamp: Stamp) -> Decision:
    owed = _owed(policy, case, command.obligation)
    if isinstance(owed, GuikouError):
        return owed
    obligation, duty = owed
    day, how = policy.day(stamp.at), obligation.postponement
    if how is None or duty.extensions >= how.times:
        return NotPostponable(obligation=obligation.title, times=how.times if how is not None else 0)
    if not plays(policy, case, how.roles, stamp.body, day):
        allowed = _allowed(policy, case, how.roles, day)
        doing = Title(f"延期{obligation.title.zh}", f"put off the {obligation.title.en}")
        return MayNotAct(body=policy.body(stamp.body).title, trigger=doing, allowed=allowed)
    refusal = _evidence(obligation.title, list(how.evidence), how.evidence, command.evidence)
    if refusal:
        return refusal
    if not command.reason.strip():
        return ReasonMissing(trigger=obligation.title)
    assert duty.due is not None
    assert duty.nominal is not None
    due = how.by.after(duty.due, policy.working)
    following = following_by_rule(obligation, duty.nominal)
    if following is not None and due >= following:
        return NotPostponable(obligation=obligation.title, times=duty.extensions)
    after = replace(
        duty, due=due, extensions=duty.extensions + 1, overdue=False, reminded=passed(obligation.remind, due, day)
    )
    changes = {"duties": {obligation.name: after.content()}, "concerns": obligation.name, "of": due}
    event = happened(
        "postponed", case.id, case, changes, policy, stamp, evidence=dict(command.evidence), reason=command.reason
    )
    return (event,)


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
