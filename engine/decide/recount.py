"""Working days counted anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ..cases.case import Case
from ..cases.events import Event, Recounted
from ..dates.working_days import WorkingCalendar, WorkingDays
from ..policy.policy import Policy
from .happening import Stamp, happened


def recount(policy: Policy, case: Case, stamp: Stamp) -> tuple[Event, ...]:
    """Due dates counted anew in years that the calendar did not know when they were counted, and knows now: each moves
    by as many days as the count does, whatever it was put off by since."""
    known = [year for year in case.assumed if policy.working.calendar.knows(year)]
    if not known or case.closed:
        return ()
    workflow = policy.workflows[case.workflow]
    state = workflow.states[case.state]
    before = replace(policy, working=WorkingDays(Without(policy.working.calendar, frozenset(case.assumed))))
    # An extension in working days is not counted anew: the years stay named.
    extended = case.extensions and any(one.extend and one.extend.unit == "working day" for one in workflow.transitions)
    changes: dict[str, Any] = {"assumed": sorted(case.assumed if extended else set(case.assumed) - set(known))}
    for name, found, since in (
        ("step_due", state.due, case.step_since),
        ("stage_due", workflow.stages[state.stage].due, case.stage_since),
    ):
        due = getattr(case, name)
        if due is None or found is None:
            continue
        if not policy.roll and (found.within is None or found.within.unit != "working day"):
            continue
        start = case.fired.get(found.start) or case.facts.get(found.start) if found.start is not None else since
        if start is not None:
            now, then = (one.due(found.after(start, one.working)) for one in (policy, before))
            changes[name] = policy.due(due + (now - then))
    if policy.roll and (moved := _rolled(policy, before, case)):
        changes["duties"] = moved
    if all(getattr(case, name) == value or value == list(case.assumed) for name, value in changes.items()):
        return ()
    return (happened(Recounted(), case.id, case, changes, policy, stamp),)


def _rolled(policy: Policy, before: Policy, case: Case) -> dict[str, Any]:
    """Duties that were moved off a day that is worked, or on to one that is not, by content."""
    return {
        name: replace(duty, due=policy.due(duty.nominal)).content()
        for name, duty in case.duties.items()
        if duty.due is not None and duty.nominal is not None
        if duty.due == before.due(duty.nominal) != policy.due(duty.nominal)
    }


class Without:
    """A calendar as it was before some years were known."""

    def __init__(self, calendar: WorkingCalendar, years: frozenset[int]) -> None:
        self.name, self._calendar, self._years = calendar.name, calendar, years

    def knows(self, year: int) -> bool:
        return year not in self._years and self._calendar.knows(year)

    def worked(self, day: date) -> bool:
        return self._calendar.worked(day)
