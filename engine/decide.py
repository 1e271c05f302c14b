"""command -> events, purely: no I/O, no clock, no randomness.

A decision is the tuple of events that follow from a command, or the error that says why it is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .acting import (
    Decision,
    Stamp,
    allowed_bodies,
    apply,
    check_evidence,
    happened,
    known_triggers,
    machine,
    may_act,
    meet,
    owed,
    plays,
    took,
)
from .calendar import passed
from .case import Body, Case, Event, Organization, RuleFired, Title, evolve
from .conditions import Condition, Need
from .errors import (
    AlreadyOpen,
    CaseClosed,
    GuardNotMet,
    GuikouError,
    MayNotAct,
    MissingFact,
    NoRule,
    NoSuchBody,
    NoSuchTier,
    NotAdmitted,
    NotFromHere,
    NotPostponable,
    ReasonMissing,
    StillTheSame,
    TimeRunsBack,
    TypeChanged,
    UnknownBlocker,
    UnknownTrigger,
    shown,
)
from .instep import InStepCommand, carried, decide_in_step, may_be_continued
from .obligations import following_by_rule
from .policy import Policy
from .timing import case_context, entering, scheduled
from .workflow import Transition, Workflow


@dataclass(frozen=True, slots=True)
class Register:
    """An organisation is taken in; its case carries on the one that it `continues`."""

    organization: Organization
    continues: Case | None = None


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


Command = Register | Advance | Report | Block | Meet | Postpone | InStepCommand


def decide(policy: Policy, case: Case | None, command: Command, stamp: Stamp) -> Decision:
    """What follows from a command on a case (None: there is none yet)."""
    if isinstance(command, Register):
        if case is not None:
            return AlreadyOpen(case=case.id)
        return _register(policy, command, stamp)
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
            return meet(policy, case, command.obligation, command.outcome, command.evidence, stamp)
        case Postpone():
            return _postpone(policy, case, command, stamp)
        case _:
            return decide_in_step(policy, case, command, stamp)


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


def _register(policy: Policy, command: Register, stamp: Stamp) -> Decision:
    organization, continues = command.organization, command.continues
    day = policy.day(stamp.at)
    if continues is not None:
        refused = may_be_continued(policy, continues)
        if refused:
            return refused
        organization = replace(organization, facts={**continues.facts, **organization.facts})
    placed = place(policy, organization, day)
    if isinstance(placed, GuikouError):
        return placed
    workflow = policy.workflows[placed.workflow]
    if continues is not None and placed.workflow == continues.workflow:
        return StillTheSame(case=continues.id, workflow=workflow.title)
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
        **(carried(policy, continues, organization.facts, day) if continues is not None else {}),
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
        allowed = allowed_bodies(policy, case, [role for one in ways for role in one.by], day)
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
            body=policy.body(stamp.body).title, trigger=title, allowed=allowed_bodies(policy, case, taken.by, day)
        )
    refusal = check_evidence(title, taken.evidence, workflow.evidence, command.evidence)
    if refusal:
        return refusal
    if taken.reason and not command.reason.strip():
        return ReasonMissing(trigger=title)
    return took(policy, case, taken, facts, stamp, command.evidence, command.reason)


def _not_from_here(workflow: Workflow, case: Case, trigger: str) -> GuikouError:
    known = known_triggers(workflow, case.state)
    if trigger not in workflow.triggers:
        return UnknownTrigger(workflow=workflow.title, trigger=trigger, known=known)
    return NotFromHere(trigger=workflow.triggers[trigger], state=workflow.full_title(case.state), known=known)


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


def rescheduled(policy: Policy, case: Case, stamp: Stamp) -> Event | None:
    """What another policy changes of a case's duties, before anything else happens under it."""
    if not scheduled(policy, case, {}, policy.day(stamp.at)):
        return None
    return happened("scheduled", case.id, case, {}, policy, replace(stamp, request_id=None))


def _postpone(policy: Policy, case: Case, command: Postpone, stamp: Stamp) -> Decision:
    found = owed(policy, case, command.obligation)
    if isinstance(found, GuikouError):
        return found
    obligation, duty = found
    day, how = policy.day(stamp.at), obligation.postponement
    if how is None or duty.extensions >= how.times:
        return NotPostponable(obligation=obligation.title, times=how.times if how is not None else 0)
    if not plays(policy, case, how.roles, stamp.body, day):
        allowed = allowed_bodies(policy, case, how.roles, day)
        doing = Title(f"延期{obligation.title.zh}", f"put off the {obligation.title.en}")
        return MayNotAct(body=policy.body(stamp.body).title, trigger=doing, allowed=allowed)
    refusal = check_evidence(obligation.title, list(how.evidence), how.evidence, command.evidence)
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
