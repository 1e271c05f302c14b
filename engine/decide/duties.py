"""Duties met and put off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..cases.case import Case, Duty
from ..cases.events import Event, Met, Postponed, Scheduled
from ..dates.deadlines import passed
from ..errors import (
    AlreadyMet,
    GuikouError,
    NotOpenYet,
    NotOwed,
    NotPostponable,
    UnknownObligation,
)
from ..policy.obligations import Obligation
from ..policy.policy import Policy
from ..text import Title, listed, suggested, titles
from .checks import check_evidence, forbidden, lacking, missing_fact, only_one, unknown_outcome
from .due.context import case_context
from .due.duties import following_by_rule, lapsed, next_duty, opening, scheduled
from .happening import Decision, Stamp, happened, values_set, without_request


def owed(policy: Policy, case: Case, name: str) -> tuple[Obligation, Duty] | GuikouError:
    """An obligation of a case with how it stands, or why there is none."""
    obligation = policy.obligations.get(name)
    if obligation is None:
        return UnknownObligation(obligation=name, known=suggested(name, titles(policy.obligations)))
    duty = case.duties.get(name)
    if duty is None or duty.due is None:
        facts = case_context(policy, case, policy.day(case.updated_at))
        if obligation.since and obligation.when.evaluate(facts) is True:
            fact = obligation.since[0]
            return missing_fact(policy, [fact], obligation.title)
        known = [policy.obligations[one].title for one, its in case.duties.items() if its.due is not None]
        return NotOwed(obligation=obligation.title, known=listed(known, Title("无", "nothing")))
    return obligation, duty


def meet(
    policy: Policy,
    case: Case,
    name: str,
    outcome: str | None,
    evidence: Mapping[str, str],
    stamp: Stamp,
    *,
    by_office: bool = True,
    stood: Duty | None = None,
) -> Decision:
    """An obligation is met; by an office that may, or else by what a gate is told or a record says: then it is met as
    it `stood` before, whatever that has set meanwhile."""
    found = owed(policy, case, name)
    if isinstance(found, GuikouError):
        return found
    obligation, duty = found
    day = policy.day(stamp.at)
    doing = Title(f"办结{obligation.title.zh}", f"record the {obligation.title.en}")
    refused = forbidden(policy, case, obligation.by, doing, stamp)
    if refused and by_office:
        return refused
    stood = stood if stood is not None and stood.due is not None else duty
    early = not_open(policy, obligation, stood, day)
    if early:
        return early
    outcome = only_one(outcome, obligation.outcomes)
    unknown = unknown_outcome(
        obligation.title, outcome, obligation.outcomes, lacking(obligation.evidence, evidence) if by_office else ()
    )
    if unknown:
        return unknown
    refusal = check_evidence(obligation.title, list(obligation.evidence), obligation.evidence, evidence)
    if refusal and by_office:  # a gate and a record ask for evidence of their own
        return refusal
    facts = values_set(obligation.outcomes[outcome].sets, case.facts, day) if outcome is not None else {}
    met = replace(duty, done=day, outcome=outcome)
    after = next_duty(policy, replace(case, facts={**case.facts, **facts}), obligation, met, day, missed=False)
    says = Met(concerns=obligation.name, of=stood.due, outcome=outcome)
    changes = lapsed(policy, case, name)
    changes["duties"] = {**changes.get("duties", {}), name: after.content()}
    if facts:
        changes["facts"] = facts
    return (happened(says, case.id, case, changes, policy, stamp, evidence=dict(evidence)),)


def not_open(policy: Policy, obligation: Obligation, duty: Duty, day: date) -> GuikouError | None:
    """Why an obligation that runs can't be met on a day; None if it can."""
    if duty.opens is None or day >= duty.opens:
        return None
    done, title = duty.done, obligation.title
    if obligation.rule is None:
        # What was met is not met again until the next opens, unless that may be early: never twice on one day.
        met = done is not None and (day <= done or not obligation.early)
        return AlreadyMet(obligation=title, day=done, opens=duty.opens) if met else None
    if done is not None and duty.ended is not None and done >= opening(policy, obligation, duty.ended):
        return AlreadyMet(obligation=title, day=done, opens=duty.opens)
    return NotOpenYet(obligation=title, opens=duty.opens)


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


def rescheduled(policy: Policy, case: Case, stamp: Stamp) -> Event | None:
    """What another policy changes of a case's duties, before anything else happens under it."""
    if not scheduled(policy, case, {}, policy.day(stamp.at)):
        return None
    return happened(Scheduled(), case.id, case, {}, policy, without_request(stamp))


def postpone(policy: Policy, case: Case, command: Postpone, stamp: Stamp) -> Decision:
    found = owed(policy, case, command.obligation)
    if isinstance(found, GuikouError):
        return found
    obligation, duty = found
    day, how = policy.day(stamp.at), obligation.postponement
    if how is None or duty.extensions >= how.times:
        return NotPostponable(obligation=obligation.title, times=how.times if how is not None else 0)
    doing = Title(f"延期{obligation.title.zh}", f"put off the {obligation.title.en}")
    refused = forbidden(policy, case, how.roles, doing, stamp)
    if refused:
        return refused
    refusal = check_evidence(obligation.title, list(how.evidence), how.evidence, command.evidence, command.reason)
    if refusal:
        return refusal
    assert duty.due is not None
    assert duty.nominal is not None
    due = policy.due(how.by.after(duty.due, policy.working))
    following = following_by_rule(obligation, duty.nominal)
    if following is not None and due >= following:
        return NotPostponable(obligation=obligation.title, times=duty.extensions)
    after = replace(
        duty, due=due, extensions=duty.extensions + 1, overdue=False, reminded=passed(obligation.remind, due, day)
    )
    if not how.keeps:
        after = replace(after, escalation=0, escalated_to=None, escalated_on=day if due < day else None)
    says = Postponed(concerns=obligation.name, of=due)
    changes = {"duties": {obligation.name: after.content()}}
    event = happened(
        says, case.id, case, changes, policy, stamp, evidence=dict(command.evidence), reason=command.reason
    )
    return (event,)
