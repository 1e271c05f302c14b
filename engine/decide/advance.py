"""Advancing a case; recording what keeps it from going on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..cases import events
from ..cases.case import Case
from ..errors import (
    GuardNotMet,
    GuikouError,
    MayNotAct,
    NotFromHere,
    UnknownBlocker,
    UnknownTrigger,
)
from ..policy.policy import Policy
from ..policy.workflow import Transition
from ..rules.wording import unmet
from ..text import Title, nearest, suggested, with_titles
from .checks import check_evidence, forbidden, undecided
from .due.context import case_context
from .happening import Decision, Stamp, happened
from .transitions import as_of, known_triggers, machine, took


@dataclass(frozen=True, slots=True)
class Advance:
    trigger: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Record what keeps the case from going on, by code; or, with `clear`, that it no longer does."""

    code: str
    clear: bool = False


def advance(policy: Policy, case: Case, command: Advance, stamp: Stamp) -> Decision:
    workflow = policy.workflows[case.workflow]
    trigger = command.trigger
    ways = [one for one in workflow.from_state(case.state) if one.trigger == trigger]
    if not ways:
        return _not_from_here(policy, case, trigger, stamp)
    day = policy.day(stamp.at)
    title = workflow.triggers[trigger]
    refused = forbidden(policy, case, (role for one in ways for role in one.by), title, stamp)
    if refused:
        return refused
    facts = case_context(policy, case, day)
    firing = machine(policy, case.workflow).fire(trigger, case.state, facts)
    taken = firing.taken
    if taken is None:
        if firing.undecided:
            return undecided(policy, firing.undecided[0].when, facts, title)
        return _unmet(policy, case, title, ways, facts, stamp)
    refused = forbidden(policy, case, taken.by, title, stamp)
    if refused:
        return refused
    reason = command.reason if taken.reason else None
    refusal = check_evidence(title, taken.evidence, workflow.evidence, command.evidence, reason)
    if refusal:
        return refusal
    return took(policy, case, taken, facts, stamp, command.evidence, command.reason)


def unnoted(policy: Policy, command: Advance) -> Advance:
    """A command that was told of an event, without what the policy notes of its trigger: that was no office's reason,
    and another way has a note of its own."""
    every = (one for flow in policy.workflows.values() for one in flow.transitions)
    notes = {one.note for one in every if one.trigger == command.trigger and not one.reason}
    return replace(command, reason="") if command.reason in notes else command


def _not_from_here(policy: Policy, case: Case, trigger: str, stamp: Stamp) -> GuikouError:
    workflow, known = policy.workflows[case.workflow], known_triggers(policy, case, stamp.body, policy.day(stamp.at))
    if trigger not in workflow.triggers:
        by_offices = {one.trigger for one in workflow.transitions if one.by_office}
        titles = {name: title for name, title in workflow.triggers.items() if name in by_offices}
        near = with_titles({name: titles[name] for name in nearest(trigger, titles)})
        return UnknownTrigger(workflow=workflow.title, trigger=trigger, known=known, near=near)
    return NotFromHere(
        trigger=workflow.triggers[trigger],
        state=workflow.full_title(case.state),
        known=known,
        then=as_of(policy, stamp),
    )


def _unmet(
    policy: Policy, case: Case, title: Title, ways: list[Transition], facts: Mapping[str, Any], stamp: Stamp
) -> GuardNotMet:
    """The refusal with each test that failed, its fact's value and what is needed."""
    texts = [unmet(one.when, facts, policy.vocabulary, names=True) for one in ways]
    return GuardNotMet(
        trigger=title,
        failed=Title("；或 ".join(one.zh for one in texts), "; or ".join(one.en for one in texts)),
        known=known_triggers(policy, case, stamp.body, policy.day(stamp.at), Title("", "")),
        key=next((fact for one in ways for fact in one.when.mended_by(facts, policy.facts)), ""),
    )


def block(policy: Policy, case: Case, command: Block, stamp: Stamp) -> Decision:
    if command.code not in policy.blockers:
        return UnknownBlocker(blocker=command.code, known=suggested(command.code, policy.blockers))
    day = policy.day(stamp.at)
    standing = policy.places.on(day)
    allowed = [*standing.chain(case.responsible), standing.acting(case.hub or "")]
    if stamp.body not in [one.id for one in allowed if one is not None]:
        title = policy.places.bodies[policy.places.acting_id(case.responsible, day)].title
        return MayNotAct(
            body=policy.places.body(stamp.body).title, trigger=policy.blockers[command.code], allowed=title
        )
    if (command.code in case.blockers) != command.clear:
        return ()
    blockers = {*case.blockers} ^ {command.code}
    changes = {"blockers": sorted(blockers)}
    says = events.Unblocked() if command.clear else events.Blocked()
    return (happened(says, case.id, case, changes, policy, stamp, reason=command.code),)
