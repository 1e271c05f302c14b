"""Who may act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..cases.case import Case
from ..policy.policy import Policy
from ..policy.standing import Body
from ..policy.workflow import ENGINE, Transition
from ..text import Title, listed


def may_act(policy: Policy, case: Case, transition: Transition, body: str, day: date) -> bool:
    """Whether a body may fire a transition of a case on a day: as the responsible body, as one above it, as the case's
    hub, as one of a kind or by its own name; for each its successor, from the day on which it has one."""
    return plays(policy, case, transition.by, body, day)


def sees(policy: Policy, case: Case, body: str, day: date) -> bool:
    """Whether a case is a body's own or below it on a day, as that of who answers for it or as that of its hub."""
    return bool({case.responsible, case.hub} & policy.places.on(day).under(body))


def stands_over(policy: Policy, body: str, other: str, day: date) -> bool:
    """Whether a body stands for another on a day, or is above it."""
    return any(_is(one, body) for one in policy.places.on(day).chain(other))


def plays(policy: Policy, case: Case, roles: tuple[str, ...], body: str, day: date) -> bool:
    """Whether a body has one of these roles for a case on a day, or is named."""
    return any(_plays(policy, case, role, body, day) for role in roles)


def _plays(policy: Policy, case: Case, role: str, body: str, day: date) -> bool:
    places = policy.places
    standing = places.on(day)
    match role:
        case "responsible":
            return _is(standing.acting(case.responsible), body)
        case "superior":
            return any(_is(one, body) for one in standing.superiors(case.responsible))
        case "hub":
            return case.hub is not None and _is(standing.acting(case.hub), body)
        case _ if role in ENGINE:
            return False
        case _ if role in places.kinds and role not in places.bodies:
            acting = places.bodies[body]
            return acting.kind == role and acting.exists_on(day) and case.area in places.areas_under(acting.area)
        case _:
            return _is(standing.acting(role), body)


def players(policy: Policy, case: Case, roles: Iterable[str], day: date) -> frozenset[str]:
    """All the bodies that have one of these roles for a case on a day, or are named, by id."""
    found: set[str] = set()
    places, standing = policy.places, policy.places.on(day)
    for role in roles:
        if role in ("responsible", "hub") or (role in places.bodies and role not in ENGINE):
            acting = standing.acting({"responsible": case.responsible, "hub": case.hub or ""}.get(role, role))
            found |= {acting.id} if acting is not None else set()
        elif role == "superior":
            found |= {one.id for one in standing.superiors(case.responsible)}
        else:
            kind = (one for one in places.bodies.values() if one.kind == role)
            found |= {one.id for one in kind if _plays(policy, case, role, one.id, day)}
    return frozenset(found)


def _is(one: Body | None, body: str) -> bool:
    return one is not None and one.id == body


def allowed_bodies(policy: Policy, case: Case, roles: Iterable[str], day: date) -> Title:
    """Who may act instead, by name."""
    places, standing = policy.places, policy.places.on(day)
    titles: list[Title] = []
    for role in dict.fromkeys(roles):
        match role:
            case "responsible":
                found = standing.acting(case.responsible)
            case "superior":
                found = next(iter(standing.superiors(case.responsible)), None)
            case "hub":
                found = standing.acting(case.hub or "")
            case _:
                found = standing.acting(role)
                if role in places.kinds and role not in places.bodies:
                    kind = places.kinds[role]
                    titles.append(Title(f"所在区域的{kind.zh}", f"a {kind.en} in whose area it lies"))
        if found:
            titles.append(Title(f"{found.title.zh}（{found.id}）", f"{found.title.en} ({found.id})"))
    return listed(titles, Title("只有系统巡检", "the sweep alone"))
