"""What happened to a case, and which rules placed it where it is."""

from __future__ import annotations

from ..cases.case import Case
from ..cases.events import Event, EventKind, RuleFired
from ..cases.fold import evolve, fold
from ..dates.working_days import CALENDARS
from ..errors import BrokenChain, UnknownCase
from ..policy.files.load import parse
from .explained import explained_as_placed
from .naming import near_cases
from .office import Office
from .views import CaseView, Explanation


def history(office: Office, id: str) -> list[Event]:
    """Everything that happened to a case, checked against its hashes. Raises UnknownCase and BrokenChain."""
    events = office.store.events(id)
    if not events:
        raise UnknownCase(case=id, known=near_cases(office.store, id))
    fold(events)
    return events


def lineage(office: Office, id: str) -> list[Event]:
    """The history of a case together with that of those that it carries on, oldest first; each is checked against its
    hashes, and that it goes on where the one before it ended. Raises UnknownCase and BrokenChain."""
    events = history(office, id)
    source = events[0].continues
    if source is None:
        return events
    before = lineage(office, source)
    ended = next((at for at, event in enumerate(before) if event.kind == EventKind.CONTINUED), 0)
    while ended and before[ended - 1].kind == EventKind.SCHEDULED:  # another policy had its say in between
        ended -= 1
    if not ended or before[ended - 1].hash != events[0].continues_from:
        raise BrokenChain(case=id, seq=1)
    return [*before, *events]


def explain(office: Office, id: str) -> Explanation:
    """Which row of which table placed a case where it is, cell by cell, under the policy of that time."""
    events = history(office, id)
    found: dict[str, tuple[RuleFired, Event, Case]] = {}
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
        for rule in event.rules:
            found[rule.table] = (rule, event, case)
    assert case is not None
    policy = office.policy
    policies = {policy.digest: policy}
    rules = []
    for rule, event, then in found.values():
        if event.policy not in policies:
            files = office.store.policy_files(event.policy)
            own = {**CALENDARS, policy.working.name: lambda: policy.working.calendar}
            policies[event.policy] = parse(files, calendars=own) if files else policy
        rules += explained_as_placed(policies[event.policy], rule, then)
    return Explanation(CaseView(case, policy, office.today()), events[-1], tuple(rules))
