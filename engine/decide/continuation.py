"""A case that another carries on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..cases import events
from ..cases.case import Case
from ..errors import GuikouError, NotContinued
from ..policy.policy import Policy
from ..text import listed
from .due.context import asked_context, holds
from .happening import Decision, Stamp, happened


@dataclass(frozen=True, slots=True)
class Continued:
    """Another case carries this one on."""

    by: str


def may_be_continued(policy: Policy, case: Case) -> GuikouError | None:
    """Why another case may not carry a case on; None if it may."""
    workflow = policy.workflows[case.workflow]
    stage = workflow.stages[case.stage]
    if stage.continued and not case.closed:
        return None
    known = listed([one.title for one in workflow.stages.values() if one.continued])
    return NotContinued(case=case.organization, state=workflow.full_title(case.state), known=known)


def carried(policy: Policy, case: Case, facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What the case that carries another on takes over, as its first event keeps it: what was recorded, the gates that
    were passed, what was laid on it; and where its history goes on from."""
    duties = laid_on(policy, case, {**asked_context(policy, case, day), **facts}, day)
    found = {
        "gates": {name: one.content() for name, one in case.gates.items()},
        "records": {name: one.content() for name, one in case.records.items()},
        "duties": duties,
    }
    return {
        "continues": case.id,
        **{name: value for name, value in found.items() if value},
    }


def laid_on(policy: Policy, case: Case, known: Mapping[str, Any], day: date) -> dict[str, Any]:
    """What gates laid on a case and it still owes, where it is `known` what another case knows, as that one's event
    keeps it."""
    return {
        name: replace(duty, escalation=0, escalated_to=None, escalated_on=day if duty.overdue else None).content()
        for name, duty in case.duties.items()
        if duty.due is not None
        and name in policy.obligations
        and policy.obligations[name].within is not None
        and not holds(policy.obligations[name].until, known)
    }


def continued(policy: Policy, case: Case, command: Continued, stamp: Stamp) -> Decision:
    refused = may_be_continued(policy, case)
    if refused:
        return refused
    changes = {"closed": True, "continued_as": command.by, "stage_due": None, "step_due": None}
    return (happened(events.Continued(), case.id, case, changes, policy, stamp),)
