"""Cases, duties and gates listed: what is there, what is due, what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, Unpack

from ..cases.case import Passage
from ..decide.roles import may_act, plays, sees
from ..errors import NotVisible, UnknownGate, UnknownObligation, WrongUsage
from ..policy.gates import Gate
from ..policy.obligations import Obligation
from ..text import suggested, titles
from .asked import known_counted, known_order, known_what
from .office import Office, Which
from .query import Query
from .views import CaseView, GateView

#: So many cases are looked at at a time where all have to be.
_PAGE = 1000
#: Which deadlines: those of stages and steps, those of duties, or both.
What = Literal["all", "stages", "duties"]


def one_case(office: Office, id: str, seen_by: str | None, as_of: date | None) -> CaseView:
    case = office.found(id, as_of)
    if seen_by is not None:
        body = office.policy.places.body(seen_by)
        if not sees(office.policy, case, body.id, office.today(as_of)):
            raise NotVisible(case=id, body=body.title, responsible=office.policy.places.bodies[case.responsible].title)
    return CaseView(case, office.policy, office.today(as_of))


def views(office: Office, query: Query, as_of: date | None) -> list[CaseView]:
    """The cases that a query asks for."""
    today = office.today(as_of)
    return [CaseView(case, office.policy, today) for case in office.store.cases(query)]


def duties(office: Office, query: Query, as_of: date | None) -> list[CaseView]:
    """The duties that a query asks for, of the obligations that the policy has."""
    today = office.today(as_of)
    return [
        CaseView(case, office.policy, today, name)
        for case, name in office.store.duties(query)
        if name in office.policy.obligations
    ]


def count_deadlines(
    office: Office,
    what: What,
    obligation: str | None,
    escalation: int | None,
    since: date | None,
    before: date | None,
    **which: Unpack[Which],
) -> int:
    """How many `deadlines` finds without a limit."""
    _check_what(what, obligation, which.get("stage"))
    query = _due(office, obligation, escalation, since, before, **which)
    found = 0
    if obligation is None and what != "duties":
        found += office.store.count(query)
    if which.get("stage") is None and what != "stages":
        known = frozenset(office.policy.obligations)
        found += office.store.count_duties(
            replace(query, duties=frozenset([obligation]) if obligation is not None else known)
        )
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases, or duties (of an `obligation`), are overdue for so many days: by `key`, what they are counted
    by."""

    key: tuple[Any, ...]
    obligation: str | None
    days: int
    count: int


def tallied(
    office: Office,
    by: Sequence[str],
    what: What,
    obligation: str | None,
    escalation: int | None,
    days: int,
    **which: Unpack[Which],
) -> list[Tally]:
    """What `deadlines` finds overdue without a limit, counted by the store."""
    for name in by:
        known_counted(name)
    _check_what(what, obligation, which.get("stage"))
    today = office.today(which.get("as_of"))
    query = _due(office, obligation, escalation, None, overdue_before(today, days), **which)
    found = []
    if obligation is None and what != "duties":
        for (*key, due), count in office.store.tally(query, by, duties=False).items():
            found.append(Tally(tuple(key), None, (today - due).days, count))
    if which.get("stage") is None and what != "stages":
        asked = frozenset([obligation]) if obligation is not None else frozenset(office.policy.obligations)
        query = replace(query, duties=asked)
        for (name, *key, due), count in office.store.tally(query, ("duty", *by), duties=True).items():
            found.append(Tally(tuple(key), name, (today - due).days, count))
    return found


def members(office: Office, group: str, as_of: date | None, limit: int | None) -> list[CaseView]:
    group = office.found(group, as_of).id
    return views(office, Query(group=group, limit=limit, as_of=office.end(as_of)), as_of)


def deadlines(
    office: Office,
    what: What,
    obligation: str | None,
    escalation: int | None,
    since: date | None,
    before: date | None,
    order: str,
    limit: int | None,
    **which: Unpack[Which],
) -> list[CaseView]:
    """What is due from `since` on and before `before`."""
    known_order(order)
    _check_what(what, obligation, which.get("stage"))
    stage, as_of = which.get("stage"), which.get("as_of")
    query = _due(office, obligation, escalation, since, before, **which)
    query = replace(query, order=order, limit=limit)
    found: list[CaseView] = []
    if obligation is None and what != "duties":
        found += views(office, query, as_of)
    if stage is None and what != "stages":
        query = replace(query, duties=frozenset([obligation]) if obligation is not None else None)
        found += duties(office, query, as_of)
    if len(found) > 1 and stage is None and what == "all" and obligation is None:
        found.sort(key=lambda one: query.key(one.case, one.due))  # two listings, each in order, made one
    return found[:limit]


def _check_what(what: What, obligation: str | None, stage: str | None) -> None:
    """Raises WrongUsage for what leaves nothing, and UnknownChoice."""
    known_what(what)
    if (obligation is not None and what == "stages") or (stage is not None and (obligation or what == "duties")):
        raise WrongUsage(
            reason_en="a stage or what='stages' leaves no duties, an obligation or what='duties' nothing else",
            reason_zh="给出阶段或 what='stages' 则不含义务，给出义务或 what='duties' 则只含义务",
        )


def _due(
    office: Office,
    obligation: str | None,
    escalation: int | None,
    since: date | None,
    before: date | None,
    **which: Unpack[Which],
) -> Query:
    """What asks for due dates. Raises UnknownObligation."""
    if obligation is not None:
        known_obligation(office, obligation)
    query = replace(office.query(**which), closed=False, escalation=escalation)
    return replace(query, due_before=before or date.max, due_from=since)


def unscheduled(
    office: Office, obligation: str | None, limit: int | None, **which: Unpack[Which]
) -> list[CaseView]:  # fmt: skip
    """Obligations of open cases that can't be scheduled for want of facts, by the case's id."""
    if obligation is not None:
        known_obligation(office, obligation)
    query = replace(office.query(**which), closed=False, order="id", limit=_PAGE)
    found: list[CaseView] = []
    while limit is None or len(found) < limit:
        page = views(office, query, which.get("as_of"))
        found += [
            replace(view, obligation=name)
            for view in page
            for name in view.unscheduled
            if obligation in (None, name)
        ]  # fmt: skip
        if len(page) < _PAGE:
            break
        query = replace(query, after=page[-1].case.id)
    return found[:limit]


def overdue_before(today: date, days: int) -> date:
    """Earlier than which day something was due that is at least so many days overdue."""
    return today - timedelta(days=days - 1)


def inbox(office: Office, body: str, limit: int | None, **which: Unpack[Which]) -> list[CaseView]:
    """What waits for a body itself."""
    policy, as_of = office.policy, which.get("as_of")
    today = office.today(as_of)
    standing = policy.places.on(today)
    id = policy.places.acting_id(policy.places.body(body).id, today)
    query = replace(office.query(**which), closed=False)
    query = replace(query, responsible=standing.stood_for(id), involved=True, order="inbox")
    waiting = [
        view
        for view in views(office, query, as_of)
        if any(may_act(policy, view.case, one, id, today) for one in view.transitions)
    ]
    if which.get("stage") is None:
        for view in duties(office, query, as_of):
            duty = view.case.duties[view.obligation or ""]
            come = duty.open or (duty.opens is not None and today >= duty.opens)  # though nobody has swept since
            if come and plays(policy, view.case, view.roles, id, today):
                waiting.append(view)
        # Whoever is to tell the other half of what goes in step need not answer for the organisation.
        halves = frozenset(gate.owes_in_step or "" for gate in policy.parts.gates.values())
        seen = {(view.id, view.obligation) for view in waiting}
        for view in duties(office, replace(query, responsible=None, duties=halves, open=True), as_of):
            if (view.id, view.obligation) not in seen and plays(policy, view.case, view.roles, id, today):
                waiting.append(view)
        waiting.sort(key=lambda one: query.key(one.case, one.due))
    return waiting[:limit]


def gates(
    office: Office, gate: str | None, closed: bool | None, limit: int | None, **which: Unpack[Which]
) -> list[GateView]:
    """How cases stand before the gates that they were asked at (or one gate)."""
    known = office.policy.parts.gates
    if gate is not None and gate not in known:
        raise UnknownGate(gate=gate, known=suggested(gate, titles(known)))
    query = replace(office.query(**which), closed=closed, gate=gate or "")
    found = []
    for view in views(office, query, which.get("as_of")):
        for name, passage in view.case.gates.items():
            if name in known and gate in (None, name):
                found.append(_gate_view(view, known[name], passage))
    order = {"half-told": 0, "asked": 1, "refused": 2, "passed": 3}
    found.sort(key=lambda one: (order[one.standing], one.due or date.max, one.case.id))
    return found[:limit]


def _gate_view(view: CaseView, gate: Gate, passage: Passage) -> GateView:
    owed = [gate.grounds[name].owes for name in passage.grounds if name in gate.grounds]
    if passage.passed is None:
        owed = [gate.in_step.owes] if gate.in_step is not None and passage.told else []
    due = [view.case.duties[name].due for name in owed if name is not None and name in view.case.duties]
    left = view.left(gate.name)
    return GateView(view, gate, passage, left, min((one for one in due if one is not None), default=None))


def known_obligation(office: Office, name: str) -> Obligation:
    """Raises UnknownObligation."""
    obligations = office.policy.obligations
    if name not in obligations:
        raise UnknownObligation(obligation=name, known=suggested(name, titles(obligations)))
    return obligations[name]
