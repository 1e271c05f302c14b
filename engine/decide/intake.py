"""Intake: an organisation classified, routed, taken in; what is reported of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..cases.case import Case, Organization
from ..cases.events import Event, Opened, Reported, Rerouted, RuleFired
from ..cases.fold import evolve
from ..errors import (
    GuikouError,
    MayMissFact,
    MissingFact,
    NoLongerAdmitted,
    NoRule,
    NoSuchBody,
    NoSuchTier,
    NotAdmitted,
    StillTheSame,
    TypeChanged,
)
from ..policy.policy import Policy
from ..policy.standing import Body
from ..text import Title, as_json, brief, listed, with_titles
from .checks import check_evidence, missing_fact
from .continuation import carried, may_be_continued
from .due.context import facts_and_area
from .due.dates import entering
from .happening import Decision, Stamp, happened, settle, told
from .transitions import apply


@dataclass(frozen=True, slots=True)
class Register:
    """An organisation is taken in; its case carries on the one that it `continues`. Where it goes may be known already,
    as it is `placed` on the same day."""

    organization: Organization
    continues: Case | None = None
    placed: Placement | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became known of the organisation: facts, and its name and area (None: unchanged); why, and what shows it, by
    the name of the fact."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    area: str | None = None
    reason: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


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

    __repr__ = brief("workflow", "responsible", "hub", "state")

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: bodies with their titles, rules as events keep them."""
        return {
            "type": self.workflow, "responsible": as_json(self.responsible), "hub": as_json(self.hub),
            "state": self.state, "priority": self.priority, "weight": self.weight,
            "rules": as_json([one.content() for one in self.rules]),
        }  # fmt: skip


def place(policy: Policy, organization: Organization, day: date) -> Placement | GuikouError:
    """Classify and route an organisation: its workflow, its one responsible body, its hub, its state."""
    context = facts_and_area(policy, organization.facts, organization.area)
    if refused := excluded(policy, context):
        return refused
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


def classified(policy: Policy, facts: Mapping[str, Any]) -> str | None:
    """The type that an organisation's facts alone say; None where they don't."""
    outcome = apply(policy, policy.intake.type, {**policy.vocabulary.defaults, **facts})
    return None if isinstance(outcome, GuikouError) else str(next(iter(outcome.outputs.values())))


def excluded(policy: Policy, context: Mapping[str, Any]) -> NotAdmitted | None:
    """Why the policy takes no such organisation in, as far as its facts are known."""
    for refusal in policy.intake.refusals:
        if refusal.when.evaluate(context):
            return NotAdmitted(because=refusal.because, rule=refusal.where.text("en"))
    return None


def missing(policy: Policy, organization: Organization, day: date) -> tuple[GuikouError, ...]:
    """Everything that `place` lacks of an organisation, where it says that a fact is missing: a MissingFact for each
    without which a table can't decide, and a MayMissFact for those that it may need, depending on these."""
    context = facts_and_area(policy, organization.facts, organization.area)
    intake = policy.intake
    needed: dict[str, GuikouError] = {}
    perhaps: dict[str, Title] = {}
    for table in (intake.type, intake.responsible, intake.hub, intake.entry, intake.priority):
        if table is None:
            continue
        title = policy.tables[table].title
        certain, others = policy.table(table).needs(context)
        lacking = dict.fromkeys(others, title)
        if not certain and not others:
            answer = next(iter(policy.table(table).evaluate(context).outputs.values()), None)
            if table == intake.type:
                context["type"] = answer
            elif table in (intake.responsible, intake.hub):
                found = _resolve(policy, answer, context, organization.area, table, day)
                certain = (found.details["key"],) if isinstance(found, MissingFact) else ()
        for name in certain:
            if name in policy.facts:
                needed.setdefault(name, missing_fact(policy, [name], title))
        perhaps = {**lacking, **perhaps}
    told = {name: rule for name, rule in perhaps.items() if name in policy.facts and name not in needed}
    for rule in dict.fromkeys(told.values()):
        names = [name for name in policy.facts if told.get(name) == rule]
        titles = [policy.vocabulary.title(name) for name in names]
        needed[rule.en] = MayMissFact(fact=listed(titles), key=names, rule=rule)
    return tuple(needed.values())


def _resolve(
    policy: Policy, written: str | None, context: Mapping[str, Any], area: str, table: str, day: date
) -> Body | GuikouError | None:
    """The body that a template means for an organisation on a day."""
    if written is None:
        return None
    title = policy.tables[table].title
    id = written
    if "{" in written:
        for hole in [*policy.places.tiers, *policy.facts]:
            mark = "{" + hole + "}"
            if mark not in id:
                continue
            value = context.get(hole)
            if value is None and hole in policy.places.tiers:
                return NoSuchTier(rule=title, tier=policy.places.tiers[hole], area=policy.places.areas[area].title)
            if value is None:
                return missing_fact(policy, [hole], title)
            id = id.replace(mark, str(value))
    return policy.places.body_on(id, day) or NoSuchBody(rule=title, body=id, day=day)


def register(policy: Policy, command: Register, stamp: Stamp, withdrawn: Case | None = None) -> Decision:
    """`withdrawn` is the case that there was before, whose chain the new one goes on with."""
    organization, continues = command.organization, command.continues
    day = policy.day(stamp.at)
    if continues is not None:
        refused = may_be_continued(policy, continues)
        if refused:
            return refused
        organization = replace(organization, facts={**continues.facts, **organization.facts})
    placed = command.placed or place(policy, organization, day)
    if isinstance(placed, GuikouError):
        return placed
    workflow = policy.workflows[placed.workflow]
    if continues is not None and placed.workflow == continues.workflow:
        return StillTheSame(case=continues.organization, workflow=workflow.title)
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
    says = Opened(continues_from=continues.head if continues is not None else None)
    settle(policy, None, changes, day)
    return (
        told(
            says, withdrawn.id if withdrawn else organization.id, withdrawn, changes, policy, stamp, rules=placed.rules
        ),
    )


def report(policy: Policy, case: Case, command: Report, stamp: Stamp) -> Decision:
    facts = {
        name: value for name, value in command.facts.items() if name not in case.facts or case.facts[name] != value
    }
    name = command.name if command.name is not None else case.name
    area = command.area if command.area is not None else case.area
    organization = Organization(case.organization, name, area, {**case.facts, **facts})
    day = policy.day(stamp.at)
    placed = place(policy, organization, day)
    if isinstance(placed, NotAdmitted):
        because, rule = placed.details["because"], placed.details["rule"]
        return NoLongerAdmitted(because=because, rule=rule, case=case.organization, closing=_closing(policy, case))
    if isinstance(placed, MissingFact):
        return _all_missing(policy, organization, day) or placed
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
    told_of = {name: policy.vocabulary.title(name) for name in command.facts}  # its evidence goes by the fact's name
    doing = Title("更新事实", "record facts")
    refused = check_evidence(doing, told_of, told_of, command.evidence, optional=True)
    if refused:
        return refused
    if changes:
        why = {"reason": command.reason, "evidence": dict(command.evidence)}
        events.append(happened(Reported(), case.id, case, changes, policy, stamp, **why))
        case = evolve(case, events[0])
    routed: dict[str, str | None] = {"responsible": placed.responsible.id, "hub": placed.hub.id if placed.hub else None}
    rerouted: dict[str, Any] = {key: new for key, new in routed.items() if getattr(case, key) != new}
    if rerouted:
        if "responsible" in rerouted:
            rerouted |= _handed_over(case, day)
        routing = tuple(one for one in placed.rules if one.table in (policy.intake.responsible, policy.intake.hub))
        reason = "; ".join(f"{one.table} row {', '.join(map(str, one.rows))}" for one in routing)
        events.append(happened(Rerouted(), case.id, case, rerouted, policy, stamp, rules=routing, reason=reason))
    return tuple(events)


def _closing(policy: Policy, case: Case) -> Title:
    """The triggers by which an office closes a case from where it stands."""
    workflow = policy.workflows[case.workflow]
    ways = (one for one in workflow.from_state(case.state) if one.by_office and one.dest in workflow.states)
    names = dict.fromkeys(one.trigger for one in ways if workflow.states[one.dest].final)
    return with_titles({name: workflow.triggers[name] for name in names})


def _all_missing(policy: Policy, organization: Organization, day: date) -> MissingFact | None:
    """Everything that routing lacks, as one: what is certain, and what it may need besides."""
    every = missing(policy, organization, day)
    found = [one for one in every if isinstance(one, MissingFact)]
    if not found:
        return None
    keys = [key for one in found for key in one.details["keys"]]
    rules = listed(dict.fromkeys(one.details["rule"] for one in found))
    perhaps = listed((one.details["fact"] for one in every if isinstance(one, MayMissFact)), Title("", ""))
    return missing_fact(policy, keys, rules, perhaps)


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
