"""When duties are due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ...cases.case import Case, Duty
from ...dates.deadlines import passed
from ...dates.recurrence import next_by_rule
from ...policy.obligations import OPENED, Obligation
from ...policy.policy import Policy
from .context import facts_and_area, holds


def scheduled(policy: Policy, case: Case | None, changes: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Which duties begin, change or cease with an event's changes: by name their content, None for one that ceased."""
    if not policy.obligations and (case is None or not case.duties):
        return {}
    facts = {**(case.facts if case is not None else {}), **changes.get("facts", {})}
    area = changes.get("area", case.area if case is not None else None)
    context = facts_and_area(policy, facts, area)
    context["type"] = changes.get("workflow", case.workflow if case is not None else None)
    opened = policy.day(case.opened_at) if case is not None else day
    found: dict[str, Any] = {}
    for name, obligation in policy.obligations.items():
        duty = case.duties.get(name) if case is not None else None
        if obligation.when.evaluate(context) is not True:
            if duty is not None:
                found[name] = None
            continue
        if duty is not None and duty.due is not None and holds(obligation.until, context):
            found[name] = replace(Duty(), done=day, ended=duty.nominal).content()
            continue
        after = _running(policy, obligation, duty, facts, opened, day)
        if after != duty and after is not None:
            found[name] = after.content()
    for name in case.duties if case is not None else ():
        if name not in policy.obligations:
            found[name] = None
    return found


def _running(
    policy: Policy, obligation: Obligation, duty: Duty | None, facts: Mapping[str, Any], opened: date, day: date
) -> Duty | None:
    """A duty as it stands once facts are known: the same while its due date is."""
    if duty is not None and duty.due is not None and obligation.every is None:
        return duty  # only what recurs from facts has another date because of them
    due = next_due(policy, obligation, facts, opened, duty, day)
    if duty is not None and duty.nominal == due:
        return duty
    past = duty or Duty()
    if due is None:
        return replace(Duty(), done=past.done, outcome=past.outcome, ended=past.ended) if duty is not None else None
    nominal, due = due, policy.due(due)
    return Duty(
        due=due,
        nominal=nominal,
        opens=opening(policy, obligation, nominal),
        reminded=passed(obligation.remind, due, day),
        escalated_on=day if due < day else None,  # nobody was told before: the body has its grace from today
        done=past.done,
        outcome=past.outcome,
        ended=past.ended,
    )


def laid_on(policy: Policy, obligation: Obligation, duty: Duty | None, since: date, day: date) -> Duty:
    """An obligation that does not recur, as it runs from `since` on; the same if it runs already."""
    assert obligation.within is not None, "only what has 'within' is laid on"
    if duty is not None and duty.due is not None:
        return duty
    nominal, past = obligation.within.after(since, policy.working), duty or Duty()
    due = policy.due(nominal)
    return Duty(
        due=due, nominal=nominal, opens=day, open=True, reminded=passed(obligation.remind, due, day),
        escalated_on=day if due < day else None, done=past.done, outcome=past.outcome, ended=past.ended,
    )  # fmt: skip


def lapsed(policy: Policy, case: Case, obligation: str) -> dict[str, Any]:
    """What of an event's changes follows for gates once an occurrence of an obligation has ended otherwise than through
    them: what was asked and told of it was about that one, and is not carried over to the next."""
    gates, duties = dict[str, Any](), dict[str, Any]()
    for name, passage in case.gates.items():
        gate = policy.parts.gates.get(name)
        if gate is None or passage.passed is not None:
            continue
        effects = [one.effect for one in gate.told.values()] + ([gate.in_step.effect] if gate.in_step else [])
        if any(obligation in effect.meets for effect in effects):
            gates[name] = None
            if gate.in_step is not None and gate.in_step.owes in case.duties:
                duties[gate.in_step.owes] = None
    return {"gates": gates, "duties": duties} if gates else {}


def next_duty(policy: Policy, case: Case, obligation: Obligation, ended: Duty, day: date, missed: bool) -> Duty:
    """After one that was met or missed: the next, with what became of this one. One that runs from when it was met
    last runs, once missed, from when it was due."""
    last = ended.nominal if missed or obligation.rule is not None else None
    closed = replace(Duty(), done=ended.done, outcome=ended.outcome, ended=last)
    opened = policy.day(case.opened_at)
    following = _running(policy, obligation, closed, case.facts, opened, day) or closed
    while missed and following.due is not None and following.due < day:
        # Nobody was told of those that came and went unswept.
        closed = replace(closed, ended=following.nominal)
        following = _running(policy, obligation, closed, case.facts, opened, day) or closed
    return following


def next_due(
    policy: Policy, obligation: Obligation, facts: Mapping[str, Any], opened: date, duty: Duty | None, today: date
) -> date | None:
    """When an obligation is due next, before any postponement; None while nothing says so. `duty` is the one that runs,
    with what became of those before it; `opened` the day of the case's opening."""
    if obligation.within is not None:
        return duty.nominal if duty is not None else None
    known = {**policy.vocabulary.defaults, **facts}
    days = [
        day
        for name in obligation.since
        if (day := opened if name == OPENED else facts.get(name)) is not None
        and (name not in obligation.since_when or obligation.since_when[name].evaluate(known) is True)
    ]
    if obligation.every is not None:
        if not days:
            return None
        start = max([*days, duty.done] if duty is not None and duty.done is not None else days)
        ended = duty.ended if duty is not None and duty.ended is not None else start
        return obligation.every.following(start, ended, policy.working)
    assert obligation.rule is not None
    if duty is not None and duty.due is not None:
        return duty.nominal
    if duty is not None and duty.ended is not None:
        # Years in which nobody swept are not caught up one by one: nobody was told of them.
        return next_by_rule(obligation.rule, obligation.start, max(duty.ended, today - timedelta(days=1)), False)
    first = today
    if obligation.not_before is not None and days:
        first = max(today, obligation.not_before.after(max(days), policy.working))
    return next_by_rule(obligation.rule, obligation.start, first, True)


def opening(policy: Policy, obligation: Obligation, due: date) -> date:
    """The day from which it can be met."""
    return obligation.opens.before(due, policy.working)


def following_by_rule(obligation: Obligation, nominal: date) -> date | None:
    """When the next occurrence after one that was due on `nominal` is due; None for one that does not go by a rule."""
    return next_by_rule(obligation.rule, obligation.start, nominal, False) if obligation.rule is not None else None
