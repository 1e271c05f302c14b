"""Cases by group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..cases.case import Case
from ..policy.places import Area
from ..policy.policy import Policy
from ..policy.standing import Body
from ..rules.unary_tests import Facts
from ..text import Title

#: The group that holds all.
ALL = ""


#: The group of those of which it is not known, and of those that have none.
UNKNOWN, NONE = "?", "-"


class Groups:
    """What cases are grouped by, with titles and an order."""

    def __init__(self, policy: Policy, day: date) -> None:
        self.policy, self.day = policy, day
        self._bodies: dict[str, str] = {}

    def key(self, case: Case, facts: Facts, by: str) -> str:
        match by:
            case "responsible":
                return self._standing(case.responsible)
            case "hub":
                return self._standing(case.hub) if case.hub else NONE
            case _ if by not in facts:
                return UNKNOWN
            case _:
                value = facts[by]
                return NONE if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    def _standing(self, body: str) -> str:
        if body not in self._bodies:
            found = self.policy.places.body_on(body, self.day)
            self._bodies[body] = found.id if found is not None else body
        return self._bodies[body]

    def ordered(self, keys: Iterable[str], by: str | None) -> list[str]:
        known = {key: at for at, key in enumerate(self._known(by))}
        return sorted(keys, key=lambda key: (known.get(key, len(known)), key))

    def _known(self, by: str | None) -> Iterable[str]:
        policy = self.policy
        if by in ("responsible", "hub"):
            return policy.places.bodies
        if by in policy.places.tiers:
            return (area.key for area in policy.places.areas.values())
        kind = policy.vocabulary.asked.get(by or "")
        return kind.values if kind is not None else ()

    def title(self, key: str, by: str | None) -> Title:
        policy = self.policy
        if key == ALL:
            return Title("合计", "all")
        if key in (UNKNOWN, NONE):
            return Title("未知", "not known") if key == UNKNOWN else Title("无", "none")
        found: Body | Area | None = policy.places.bodies.get(key)
        if by in policy.places.tiers:
            found = next((area for area in policy.places.areas.values() if area.key == key), None)
        if found is not None and (
            by in ("responsible", "hub", *policy.places.tiers) or policy.vocabulary.asked[by or ""].name == "body"
        ):
            return found.title
        if by == "type":
            return policy.workflows[key].title
        if by == "stage":
            stages = [flow.stages[key].title for flow in policy.workflows.values() if key in flow.stages]
            return stages[0] if stages else Title(key, key)
        if key in ("true", "false"):
            return Title("是", "yes") if key == "true" else Title("否", "no")
        spec = policy.facts.get(by or "")
        return spec.titles.get(key, Title(key, key)) if spec is not None else Title(key, key)
