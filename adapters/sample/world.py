"""A policy with what its sample.yaml says of lives, looked up once for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from guikou.engine.cases.case import Case
from guikou.engine.errors import WrongUsage
from guikou.engine.policy.gates import Gate
from guikou.engine.policy.policy import Policy

from ..sample import recipe
from .rates import Lead, Learned


class World:
    """Raises WrongUsage if the recipe says nothing of lives, PolicyError if it is wrong."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.recipe = recipe.read(policy)
        if self.recipe.life is None:
            raise WrongUsage(reason_en="sample.yaml says nothing of lives", reason_zh="sample.yaml 未写明历年情况")
        self.life = self.recipe.life
        self.top = policy.places.top
        self.leads: dict[str, Lead] = {lead.in_: lead for lead in self.life.gates.leads}
        self.gate_of: dict[str, Gate] = {
            duty: gate
            for gate in policy.parts.gates.values()
            if gate.in_step is not None
            for duty in gate.in_step.effect.meets
        }
        self.siblings: dict[str | None, list[str]] = {}
        for area in policy.places.areas.values():
            self.siblings.setdefault(area.parent, []).append(area.code)
        self._learned: dict[str, tuple[Learned, ...]] = {}
        self._venues: dict[str, list[str]] = {}
        for venue in policy.parts.venues.values():
            for around in policy.places.around(venue.area).values():
                self._venues.setdefault(around.code, []).append(venue.id)

    def learned(self, case: Case) -> tuple[Learned, ...]:
        """What may become known of a case where it stands."""
        if case.state not in self._learned:
            found = (one for one in self.life.learned if not one.in_ or stands_in(case, one.in_))
            self._learned[case.state] = tuple(found)
        return self._learned[case.state]

    def venues(self, area: str) -> Sequence[str]:
        """Those in an area, or else anywhere."""
        return self._venues.get(area) or list(self.policy.parts.venues)


def stands_in(case: Case, names: Sequence[str]) -> bool:
    """Whether it stands in one of these stages or states."""
    return case.state in names or case.stage in names
