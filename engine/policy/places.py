"""Places: areas and bodies, who stands for whom on a day, who stands above whom, what lies under what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ..errors import UnknownArea, UnknownBody
from ..text import Title, brief, suggested

#: What a template of a body's id leaves open: a tier, or a fact that names a body.
HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area; `parent` is the code of the one around it, None at the top."""

    code: str
    key: str
    tier: str
    parent: str | None
    title: Title

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "zh": self.title.zh, "en": self.title.en}


@dataclass(frozen=True, slots=True)
class Body:
    """A body that supervises. Valid from `valid_from` up to, and not on, `valid_until` (None: without end)."""

    id: str
    tier: str
    area: str
    parent: str | None
    title: Title
    kind: str = "body"
    valid_from: date | None = None
    valid_until: date | None = None
    succeeded_by: str | None = None

    __repr__ = brief("id", "tier", "title")

    def to_dict(self) -> dict[str, str]:
        return {"id": self.id, "zh": self.title.zh, "en": self.title.en}

    @property
    def name(self) -> str:
        return self.title.zh

    def exists_on(self, day: date) -> bool:
        return (self.valid_from is None or day >= self.valid_from) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True)
class Places:
    """The tiers by name, the highest first; the areas by code; the bodies by id; the kinds of bodies by name."""

    tiers: Mapping[str, Title]
    areas: Mapping[str, Area]
    bodies: Mapping[str, Body]
    kinds: Mapping[str, Title]

    # --- areas ---

    def area(self, code_or_key: str) -> Area:
        """An area by code, key or unambiguous Chinese title. Raises UnknownArea."""
        found = self.areas.get(code_or_key) or self._keys.get(code_or_key)
        if found is None:
            named = [area for area in self.areas.values() if area.title.zh == code_or_key]
            if len(named) == 1:
                return named[0]
            raise UnknownArea(area=code_or_key, known=suggested(code_or_key, self.area_titles))
        return found

    @cached_property
    def area_titles(self) -> dict[str, Title]:
        """The titles of areas by key."""
        return {area.key: area.title for area in self.areas.values()}

    def around(self, code: str) -> dict[str, Area]:
        """The areas around an area, itself among them, by tier."""
        around: dict[str, Area] = {}
        area = self.areas.get(code)
        while area is not None:
            around[area.tier] = area
            area = self.areas.get(area.parent) if area.parent else None
        return around

    def areas_under(self, code: str) -> frozenset[str]:
        """The area's code and those of all within it."""
        if code not in self._within:
            self._within[code] = _below(code, self._area_children)
        return self._within[code]

    # --- bodies ---

    @property
    def top(self) -> str:
        """The body that has none above it."""
        return next(body.id for body in self.bodies.values() if body.parent is None)

    def body(self, id: str) -> Body:
        """A body by id or Chinese title. Raises UnknownBody."""
        found = self.bodies.get(id)
        if found is None:
            named = [body for body in self.bodies.values() if body.title.zh == id]
            if len(named) == 1:
                return named[0]
            raise UnknownBody(body=id, known=suggested(id, {one.id: one.title for one in self.bodies.values()}))
        return found

    def bodies_under(self, id: str) -> frozenset[str]:
        """The body and all below it; and those that it succeeded."""
        if id not in self._under:
            self._under[id] = _below(id, self._children)
        return self._under[id]

    # --- who stands for whom, and above whom ---

    def body_on(self, id: str, day: date) -> Body | None:
        """The body that stands for `id` on a day: itself, or whoever succeeded it by then; None if nobody does."""
        body = self.bodies.get(id)
        seen: set[str] = set()
        while body is not None and not body.exists_on(day):
            if body.id in seen:
                return None
            seen.add(body.id)
            follows = body.valid_until is not None and day >= body.valid_until and body.succeeded_by
            body = self.bodies.get(body.succeeded_by) if follows and body.succeeded_by else None
        return body

    def acting_for(self, id: str, day: date) -> Body | None:
        """The body that stands for `id` on a day, or itself where nobody does; None for one that there is not."""
        return self.body_on(id, day) or self.bodies.get(id)

    def acting_id(self, id: str, day: date) -> str:
        """The id of `acting_for`; `id` itself for a body that there is not (another policy may have had it)."""
        body = self.body_on(id, day)
        return body.id if body is not None else id

    def succeeded(self, id: str) -> frozenset[str]:
        """The body and those that it succeeded."""
        return _below(id, self._successions)

    def chain(self, id: str) -> tuple[Body, ...]:
        """The body and those above it, up to the top."""
        chain: list[Body] = []
        body = self.bodies.get(id)
        while body is not None:
            chain.append(body)
            body = self.bodies.get(body.parent) if body.parent else None
        return tuple(chain)

    def superiors(self, id: str) -> tuple[Body, ...]:
        """Those above a body. The top has none above it and decides itself."""
        chain = self.chain(id)
        return chain[1:] or chain

    def above(self, id: str, day: date) -> Body | None:
        """The body one tier above, or who succeeded it; None above the top."""
        here = self.acting_id(id, day)
        for one in self.chain(here)[1:]:
            higher = self.body_on(one.id, day) or one
            if higher.id != here:  # a superior may have been merged into the body itself
                return higher
        return None

    # --- what is looked up again and again ---

    @cached_property
    def _keys(self) -> dict[str, Area]:
        return {area.key: area for area in self.areas.values()}

    @cached_property
    def _within(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _under(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _area_children(self) -> dict[str, list[str]]:
        return _children((area.code, area.parent) for area in self.areas.values())

    @cached_property
    def _successions(self) -> dict[str, list[str]]:
        return _children((body.id, body.succeeded_by) for body in self.bodies.values())

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children = _children((body.id, body.parent) for body in self.bodies.values())
        for id, succeeded in self._successions.items():
            children.setdefault(id, []).extend(succeeded)
        return children


def _children(pairs: Iterable[tuple[str, str | None]]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {}
    for id, parent in pairs:
        if parent:
            children.setdefault(parent, []).append(id)
    return children


def _below(top: str, children: Mapping[str, list[str]]) -> frozenset[str]:
    found, waiting = set(), [top]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, [])
    return frozenset(found)
