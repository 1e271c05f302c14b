"""What takes two cases, on the last day: some organisations found groups, others join them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from guikou.engine.cases.case import Case, Organization
from guikou.engine.decide.due.context import asked_context
from guikou.engine.decide.groups import size
from guikou.engine.policy.groups import GroupKind
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.query import Query
from guikou.engine.supervision.supervision import Supervision

from .draws import Source, drawn
from .rates import Founded, Joined
from .world import World
from .write import Counts


def join_up(office: Supervision, seed: int, day: date, policy: Policy | None = None) -> Counts:
    """Groups of neighbours are founded on a day, and some organisations join others, as far as sample.yaml says; some
    of these leave again. The recipe is that of `policy`, which decides as the office's own does (default: that one).
    Returns the cases opened and the events. Raises WrongUsage if it says nothing of lives, PolicyError if it is wrong.
    """
    joining = _Joining(office, World(policy or office.policy), seed, day)
    for kind in office.policy.parts.groups.values():
        own = joining.world.life.groups.get(kind.name)
        if own is not None and own.founded is not None:
            joining.found(kind, own.founded)
        if own is not None and own.joined is not None:
            joining.join(kind, own.joined)
    return joining.counts()


class _Joining:
    """A day on which groups come about, with how much had happened before to those that take part."""

    def __init__(self, office: Supervision, world: World, seed: int, day: date) -> None:
        self.office, self.policy, self.day = office, office.policy, day
        self.world, self.draw = world, random.Random(f"{seed}:groups")
        self._before: dict[str, int] = {}
        self._opened = Counts()

    def counts(self) -> Counts:
        """What happened to all that took part."""
        for id, before in self._before.items():
            self._opened.events.update(event.kind for event in self.office.store.events(id) if event.seq > before)
        return self._opened

    def found(self, kind: GroupKind, own: Founded) -> None:
        """Groups of neighbours in one area, who are in no other."""
        founded, recipe = 0, self.world.recipe
        for area, cases in sorted(self._waiting(kind, own).items()):
            most = kind.most or len(cases)
            for at in range(0, len(cases) - 1, most):
                members = cases[at : at + most]
                if founded >= own.most or len(members) < kind.least or not self.draw.random() < own.chance:
                    continue
                founded += 1
                place = self.policy.places.areas[area]
                facts: dict[str, Any] = {recipe.tier_fact: place.tier} if recipe.tier_fact is not None else {}
                source = Source(self.draw, self.day, members=[case.facts for case in members])
                drawn(own.facts, facts, source, recipe.limits)
                _fit(facts, kind, len(members))
                name = own.name.format(area=place.title.zh, number=founded) + recipe.marker
                group = Organization(own.code.numbered(founded, area), name, area, facts)
                evidence = dict.fromkeys(kind.evidence, f"S{self.day:%Y%m%d}")
                together = [case.id for case in members]
                self._touch(together)
                self.office.found(group, together, by=self.office.top, kind=kind.name, evidence=evidence, when=self.day)
                self._before[group.id] = 0
                self._opened.cases[kind.of] += 1

    def join(self, kind: GroupKind, own: Joined) -> None:
        """Some organisations become members of a group like them, in their own area; some of them leave it again."""
        office, policy, joined = self.office, self.policy, 0
        groups = office.store.cases(Query(types=frozenset([kind.of]), closed=False))
        # Those of large areas first: to find the few organisations of a street among very many takes long.
        for group in sorted(groups, key=lambda one: -len(policy.places.areas_under(one.area))):
            if joined >= own.most:
                return
            room = kind.most - size(policy, kind, group) if kind.most is not None else own.most
            areas = policy.places.areas_under(group.area)
            for case in office.store.cases(Query(areas=areas, closed=False, limit=200)):
                if joined >= own.most or room <= 0 or not self._fits(case, group, kind, own):
                    continue
                if not self.draw.random() < own.chance:
                    continue
                self._touch([case.id, group.id])
                office.join(case.id, group.id, by=office.top, kind=kind.name, when=self.day)
                joined, room = joined + 1, room - 1
                if self.draw.random() < own.left:
                    office.leave(case.id, group.id, by=office.top, kind=kind.name, reason="sample", when=self.day)
                    room += 1

    def _waiting(self, kind: GroupKind, own: Founded) -> Mapping[str, list[Case]]:
        """Those that may be members and are in no group, by their area."""
        found, flows = dict[str, list[Case]](), self.policy.workflows.values()
        states = {one.name for flow in flows for one in flow.states.values() if {one.name, one.stage} & set(own.in_)}
        for case in self.office.store.cases(Query(states=frozenset(states), closed=False)):
            if not case.groups and self._may_be_member(case, kind):
                found.setdefault(case.area, []).append(case)
        return found

    def _fits(self, case: Case, group: Case, kind: GroupKind, own: Joined) -> bool:
        alike = own.alike is None or case.facts.get(own.alike) == group.facts.get(own.alike)
        free = case.workflow not in self.world.life.apart and not case.groups
        return alike and free and self._may_be_member(case, kind)

    def _may_be_member(self, case: Case, kind: GroupKind) -> bool:
        return kind.members.evaluate(asked_context(self.policy, case, self.day)) is True

    def _touch(self, ids: Iterable[str]) -> None:
        for id in ids:
            if id not in self._before:
                self._before[id] = len(self.office.store.events(id))


def _fit(facts: dict[str, Any], kind: GroupKind, members: int) -> None:
    """What the group's own fact adds to its members leaves it no larger than its kind may be."""
    if kind.most is not None and kind.also is not None and facts.get(kind.also) is not None:
        facts[kind.also] = min(facts[kind.also], kind.most - members)
