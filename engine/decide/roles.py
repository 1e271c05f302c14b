"""Who may act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..cases.case import Case
from ..policy.policy import Policy
from ..policy.workflow import ENGINE, Transition
from ..text import Title, listed


def may_act(policy: Policy, case: Case, transition: Transition, body: str, day: date) -> bool:
    """Whether a body may fire a transition of a case: as the responsible body or its successor, as one above it, as
    the case's hub, or by its own name."""
    return plays(policy, case, transition.by, body, day)


def sees(policy: Policy, case: Case, body: str) -> bool:
    """Whether a case is a body's own or below it, as that of who answers for it or as that of its hub."""
    return bool({case.responsible, case.hub} & policy.places.bodies_under(body))


def plays(policy: Policy, case: Case, roles: tuple[str, ...], body: str, day: date) -> bool:
    """Whether a body has one of these roles for a case, or is named."""
    return any(_plays(policy, case, role, body, day) for role in roles)


def _plays(policy: Policy, case: Case, role: str, body: str, day: date) -> bool:
    places = policy.places
    responsible = places.acting_for(case.responsible, day)
    match role:
        case "responsible":
            return responsible is not None and body == responsible.id
        case "superior":
            # The top has none above it and decides itself.
            return responsible is not None and body in [one.id for one in places.superiors(responsible.id)]
        case "hub":
            return case.hub is not None and body == case.hub
        case _ if role in ENGINE:
            return False
        case _ if role in places.kinds and role not in places.bodies:
            acting = places.bodies[body]
            return acting.kind == role and case.area in places.areas_under(acting.area)
        case _:
            return body == role


def allowed_bodies(policy: Policy, case: Case, roles: Iterable[str], day: date) -> Title:
    """Who may act instead, by name."""
    places = policy.places
    titles: list[Title] = []
    for role in dict.fromkeys(roles):
        match role:
            case "responsible":
                found = places.acting_for(case.responsible, day)
            case "superior":
                found = places.superiors(places.acting_id(case.responsible, day))[0]
            case "hub":
                found = places.bodies.get(case.hub or "")
            case _:
                found = places.bodies.get(role)
                if role in places.kinds and role not in places.bodies:
                    kind = places.kinds[role]
                    titles.append(Title(f"所在区域的{kind.zh}", f"a {kind.en} in whose area it lies"))
        if found:
            titles.append(Title(f"{found.title.zh}（{found.id}）", f"{found.title.en} ({found.id})"))
    return listed(titles, Title("只有系统巡检", "the sweep alone"))
