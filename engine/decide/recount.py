"""Working days counted anew."""

from __future__ import annotations

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
    before = WorkingDays(Without(policy.working.calendar, frozenset(case.assumed)))
    # An extension in working days is not counted anew: the years stay named.
    extended = case.extensions and any(one.extend and one.extend.unit == "working day" for one in workflow.transitions)
    changes: dict[str, Any] = {"assumed": sorted(case.assumed if extended else set(case.assumed) - set(known))}
    for name, found, since in (
        ("step_due", state.due, case.step_since),
        ("stage_due", workflow.stages[state.stage].due, case.stage_since),
    ):
        due = getattr(case, name)
        if due is None or found is None or found.within is None or found.within.unit != "working day":
            continue
        start = case.fired.get(found.start) or case.facts.get(found.start) if found.start is not None else since
        if start is not None:
            changes[name] = due + (found.after(start, policy.working) - found.after(start, before))
    if all(getattr(case, name) == value or value == list(case.assumed) for name, value in changes.items()):
        return ()
    return (happened(Recounted(), case.id, case, changes, policy, stamp),)


class Without:
    """A calendar as it was before some years were known."""

    def __init__(self, calendar: WorkingCalendar, years: frozenset[int]) -> None:
        self.name, self._calendar, self._years = calendar.name, calendar, years

    def knows(self, year: int) -> bool:
        return year not in self._years and self._calendar.knows(year)

    def worked(self, day: date) -> bool:
        return self._calendar.worked(day)
