"""Gates that other systems ask and tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..cases.case import Case, Duty, Passage
from ..cases.events import Asked, RuleFired, Told
from ..errors import (
    AlreadyTold,
    GateRefused,
    GuikouError,
    NotAsked,
    NotForGate,
    UnknownGate,
    UnknownOutcome,
    ValueMissing,
)
from ..policy.gates import ANSWERS, Effect, Gate
from ..policy.obligations import Outcome
from ..policy.policy import Policy
from ..policy.workflow import GATE
from ..rules.wording import by_title, in_words
from ..text import Title, listed, suggested, titles, with_titles
from .checks import check_evidence, forbidden, lacking, missing_fact, only_one, undecided, unknown_outcome
from .due.context import asked_context, holds
from .due.duties import laid_on
from .duties import not_open
from .effects import Steps
from .happening import Decision, Stamp, happened, values_set


@dataclass(frozen=True, slots=True)
class Ask:
    """Another system asks whether the organisation may proceed."""

    gate: str


@dataclass(frozen=True, slots=True)
class TellGate:
    """What came of it: an outcome of the gate, with one of its values (None where it has none)."""

    gate: str
    outcome: str
    value: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


def judge(policy: Policy, gate: Gate, facts: Mapping[str, Any]) -> RuleFired | GuikouError:
    """What a gate answers with some facts: the rows that fit, with the `answer` and the `grounds`, the worst first.

    Facts that are missing matter only where they could make the answer worse.
    """
    table = policy.table(gate.table)
    certain, possible = table.fits(facts)
    rows = [row for at, row in enumerate(table.rows) if certain >> at & 1]
    if not rows and possible:
        return missing_fact(policy, table.lacking(facts, possible)[:1], gate.title)
    names = list(dict.fromkeys(str(row.outputs[0]) for row in rows)) or [gate.otherwise]
    grounds = sorted((gate.grounds[name] for name in names), key=lambda one: -ANSWERS.index(one.answer))
    worst = ANSWERS.index(grounds[0].answer)
    if worst:  # what would have been allowed says nothing of what is refused
        grounds = [one for one in grounds if one.answer != ANSWERS[0]]
    graver = sum(
        1 << at
        for at, row in enumerate(table.rows)
        if (possible & ~certain) >> at & 1 and ANSWERS.index(gate.grounds[str(row.outputs[0])].answer) > worst
    )
    if graver:
        return missing_fact(policy, table.lacking(facts, graver)[:1], gate.title)
    outputs = {"answer": grounds[0].answer, "grounds": [one.name for one in grounds]}
    return RuleFired(gate.table, tuple(row.number for row in rows), outputs)


def _gate(policy: Policy, name: str) -> Gate | GuikouError:
    return policy.parts.gates.get(name) or UnknownGate(gate=name, known=suggested(name, titles(policy.parts.gates)))


def ask(policy: Policy, case: Case, command: Ask, stamp: Stamp) -> Decision:
    gate = _gate(policy, command.gate)
    if isinstance(gate, GuikouError):
        return gate
    refused = forbidden(policy, case, gate.by, Title(f"询问{gate.title.zh}", f"ask for {gate.title.en}"), stamp)
    if refused:
        return refused
    day = policy.day(stamp.at)
    facts = asked_context(policy, case, day)
    applies = gate.when.evaluate(facts)
    if applies is None:
        return undecided(policy, gate.when, facts, gate.title)
    if not applies:
        return NotForGate(gate=gate.title, when=in_words(gate.when, by_title(policy.vocabulary)))
    rule = judge(policy, gate, facts)
    if isinstance(rule, GuikouError):
        return rule
    before = case.gates.get(gate.name)
    told = before.told if before is not None and before.passed is None else {}
    grounds = tuple(rule.outputs["grounds"])
    duties: dict[str, Any] = {}
    if (
        before is not None
        and told
        and (rule.outputs["answer"] == "refused" or gate.together(grounds) != gate.together(before.grounds))
    ):  # what was told was told of another answer
        told = {}
        if gate.in_step is not None and gate.in_step.owes in case.duties:
            duties = {gate.in_step.owes: None}
    passage = Passage(rule.outputs["answer"], grounds, day, told)
    due = [condition_due(policy, gate, name, day) for name in passage.grounds]
    says = Asked(
        gate=gate.name,
        answer=passage.answer,
        condition_due=min((one for one in due if one is not None), default=None),
    )
    changes = {"gates": {gate.name: passage.content()}, **({"duties": duties} if duties else {})}
    return (happened(says, case.id, case, changes, policy, stamp, rules=(rule,)),)


def condition_due(policy: Policy, gate: Gate, ground: str, asked: date) -> date | None:
    """By when the condition of a conditional ground is to be met."""
    owes = gate.grounds[ground].owes
    if owes is None:
        return None
    within = policy.obligations[owes].within
    assert within is not None, "what a ground owes has 'within'"
    return policy.due(within.after(asked, policy.working))


def tell(policy: Policy, case: Case, command: TellGate, stamp: Stamp) -> Decision:
    gate = _gate(policy, command.gate)
    if isinstance(gate, GuikouError):
        return gate
    passage = case.gates.get(gate.name)
    if passage is None or passage.passed is not None:
        return NotAsked(gate=gate.title, key=gate.name)
    if passage.answer == "refused":
        grounds = listed([gate.grounds[one].title for one in passage.grounds if one in gate.grounds])
        return GateRefused(gate=gate.title, key=gate.name, day=passage.asked, grounds=grounds)
    together = gate.together(passage.grounds)
    alone = [name for name in gate.told if gate.in_step is None or name not in gate.in_step.outcomes]
    if command.outcome not in (*together, *alone):
        known = {name: gate.told[name].title for name in (*together, *alone)}
        return UnknownOutcome(obligation=gate.title, outcome=command.outcome, known=with_titles(known))
    outcome = gate.told[command.outcome]
    if command.outcome in passage.told:
        left = listed([gate.told[name].title for name in together if name not in passage.told])
        return AlreadyTold(outcome=outcome.title, day=passage.told[command.outcome]["on"], left=left)
    refused = forbidden(policy, case, outcome.by, Title(f"回报{outcome.title.zh}", f"tell: {outcome.title.en}"), stamp)
    if refused:
        return refused
    value = only_one(command.value, outcome.values)
    if value is None and outcome.values:
        return ValueMissing(
            outcome=outcome.title,
            known=with_titles(titles(outcome.values)),
            keys=lacking(outcome.evidence, command.evidence),
        )
    refused = unknown_outcome(outcome.title, value, outcome.values)
    if refused:
        return refused
    refused = check_evidence(outcome.title, list(outcome.evidence), outcome.evidence, command.evidence)
    if refused:
        return refused
    day = policy.day(stamp.at)
    said = {"on": day, "value": value, "evidence": dict(command.evidence)}
    whole = {**passage.told, outcome.name: said}
    in_step = outcome.name in together
    complete = not in_step or all(name in whole for name in together)
    if not complete and gate.in_step is not None:  # none is told of what the others could not complete
        for name in gate.in_step.effect.meets:
            duty, obligation = case.duties.get(name), policy.obligations[name]
            early = not_open(policy, obligation, duty, day) if duty is not None else None
            if early:
                return early
    after = replace(passage, told=whole, passed=day if complete else None)
    changes: dict[str, Any] = {"gates": {gate.name: after.content()}}
    facts: dict[str, Any] = {}
    if complete:
        for name in together if in_step else (outcome.name,):
            facts |= _sets(policy, gate, name, whole[name]["value"], case, day)
        if in_step and gate.in_step is not None:
            facts |= values_set(gate.in_step.effect.sets, case.facts, day)
    # An outcome that brings nothing about, such as that it was declined, lays nothing on.
    goes_on = in_step or (gate.in_step is None and (outcome.effect != Effect() or bool(outcome.values)))
    duties = _told_duties(policy, gate, case, after, complete, goes_on, facts, day)
    changes |= {"duties": duties} if duties else {}
    changes |= {"facts": facts} if facts else {}
    steps = Steps(policy, case, stamp)
    says = Told(gate=gate.name, outcome=outcome.name, value=value)
    steps.add(happened(says, case.id, case, changes, policy, stamp, evidence=dict(command.evidence)))
    if not complete:
        return tuple(steps.events)
    evidence: dict[str, str] = {}
    ended = value
    for name in together if in_step else (outcome.name,):
        evidence |= whole[name]["evidence"]
        ended = whole[name]["value"] or ended
    effects = [gate.told[name].effect for name in (together if in_step else (outcome.name,))]
    effects += [gate.in_step.effect] if in_step and gate.in_step is not None else []
    for effect in effects:
        refused = steps.bring_about(effect, GATE, ended, evidence)
        if refused:
            return refused
    return tuple(steps.events)


def _told_duties(
    policy: Policy,
    gate: Gate,
    case: Case,
    passage: Passage,
    complete: bool,
    goes_on: bool,
    facts: Mapping[str, Any],
    day: date,
) -> dict[str, Any]:
    """What a pair that is half told owes, and what a gate that is passed on a condition does."""
    duties: dict[str, Any] = {}
    if gate.in_step is not None:
        owed = case.duties.get(gate.in_step.owes)
        if not complete:
            duty = laid_on(policy, policy.obligations[gate.in_step.owes], owed, day, day)
            duties[gate.in_step.owes] = duty.content()
        elif owed is not None and owed.due is not None:
            duties[gate.in_step.owes] = replace(Duty(), done=day, ended=owed.nominal).content()
    if complete and goes_on:
        for ground in passage.grounds:
            owes = gate.grounds[ground].owes if ground in gate.grounds else None
            known = {**asked_context(policy, case, day), **facts}
            if owes is not None and not holds(policy.obligations[owes].until, known):
                duty = laid_on(policy, policy.obligations[owes], case.duties.get(owes), passage.asked, day)
                duties[owes] = duty.content()
    return duties


def _sets(policy: Policy, gate: Gate, outcome: str, value: str | None, case: Case, day: date) -> dict[str, Any]:
    told = gate.told[outcome]
    own: Outcome | None = told.values.get(value) if value is not None else None
    return {
        **values_set(told.effect.sets, case.facts, day),
        **(values_set(own.sets, case.facts, day) if own is not None else {}),
    }
