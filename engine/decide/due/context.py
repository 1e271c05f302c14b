"""What rules may ask of a case on a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from ...cases.case import Case
from ...policy.policy import Policy
from ...rules.conditions import Condition

DAYS_OVERDUE = "case.days_overdue"


def facts_and_area(policy: Policy, facts: Mapping[str, Any], area: str) -> dict[str, Any]:
    """The facts of an organisation, with the policy's defaults of those that nobody has said, together with its area's
    key at each tier (null where it has none)."""
    around = policy.places.around(area)
    return {
        **policy.vocabulary.defaults,
        **facts,
        **{tier: around[tier].key if tier in around else None for tier in policy.places.tiers},
    }


def case_context(policy: Policy, case: Case, day: date) -> dict[str, Any]:
    """Everything that a guard may ask of a case on a day."""
    return {
        **facts_and_area(policy, case.facts, case.area),
        "type": case.workflow,
        DAYS_OVERDUE: case.days_overdue(day),
        "case.escalation": case.escalation,
        "case.extensions": case.extensions,
        "case.suspended": case.suspended is not None,
    }


def asked_context(policy: Policy, case: Case, day: date) -> dict[str, Any]:
    """Everything that a gate, a support or an indicator may ask of a case on a day."""
    context = {**policy.vocabulary.unrecorded, **case_context(policy, case, day)}
    context["stage"], context["case.members"] = case.stage, case.members
    for name, key in policy.vocabulary.dated:
        if name in case.facts:
            since = case.facts[name]
            context[key] = months(since, day) if since is not None else None
    for name, tally in case.records.items():
        if name in policy.parts.records:
            context[f"{name}.months"] = months(tally.last, day)
            context[f"{name}.this_year"] = tally.of(day.year)[0]
    for one in case.groups.values():
        if one.kind in policy.parts.groups:
            context[f"member.{one.kind}"] = True
    return context


def months(since: date, day: date) -> int:
    """How many whole months have passed; as a period runs, the last day of a month ends one from any later day."""
    found = (day.year - since.year) * 12 + day.month - since.month
    return found - (day.day < since.day and day.day < monthrange(day.year, day.month)[1])


def holds(condition: Condition, facts: Mapping[str, Any]) -> bool:
    """Whether a condition that asks for something holds."""
    return condition.asks and condition.evaluate(facts) is True
