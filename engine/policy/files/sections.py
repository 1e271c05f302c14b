"""What records, gates, groups, support and indicators are written with alike, and named in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import DuplicateKey
from ...rules.conditions import Condition
from ...rules.unary_tests import Kind
from ..facts import FactSpec
from ..gates import Effect
from ..places import Places
from ..workflow import ROLES
from . import models as f
from .documents import Document
from .values import Place, Rules, check_names, read_condition, read_sets


@dataclass(frozen=True, slots=True)
class Sections:
    """The files that have such sections, and the rules that they may name."""

    rules: Rules
    parts: Sequence[tuple[f.PartsFile, Document]]

    @property
    def facts(self) -> Mapping[str, FactSpec]:
        return self.rules.known.vocabulary.facts

    @property
    def asked(self) -> Mapping[str, Kind]:
        return self.rules.known.vocabulary.asked

    @property
    def places(self) -> Places:
        return self.rules.known.places

    def each(self, section: str) -> Iterable[tuple[str, Any, Document, Place]]:
        """What a section has, from all files: its name, what is written, and where. Raises DuplicateKey."""
        seen: set[str] = set()
        for part, document in self.parts:
            for name, one in getattr(part, section).items():
                if name in seen:
                    raise DuplicateKey(where=document.where((section, name)), key=name)
                seen.add(name)
                yield name, one, document, (section, name)

    def names(self, section: str) -> list[str]:
        return [name for part, _ in self.parts for name in getattr(part, section)]

    def when(
        self, written: Mapping[str, Any], document: Document, place: Place, kinds: Mapping[str, Kind] | None = None
    ) -> Condition:
        return read_condition(written, document, place, kinds or self.asked)

    def by(self, roles: Sequence[str], document: Document, place: Place) -> tuple[str, ...]:
        known = [*ROLES[:3], *self.places.kinds, *self.places.bodies]
        check_names(document, place, ("role, kind of body or body", "角色、机构种类或机构"), roles, known)
        return tuple(roles)

    def effect(self, written: Any, document: Document, place: Place, role: str | None) -> Effect:
        """What sets, meets and fires; a trigger must be one that `role` may fire."""
        meets = tuple(getattr(written, "meets", ()))
        check_names(document, (*place, "meets"), ("obligation", "义务"), meets, self.rules.obligations)
        fire = getattr(written, "fire", None)
        if fire is not None:
            flows = self.rules.workflows.values()
            fired = {one.trigger for flow in flows for one in flow.transitions if role in one.by}
            kind = (f"trigger of '{role}'", f"由 {role} 触发的动作")
            check_names(document, (*place, "fire"), kind, [fire], sorted(fired))
        return Effect(read_sets(written.sets, document, (*place, "sets"), self.facts), meets, fire)
