"""Places: areas and bodies, and which areas lie within which; for who stands for whom and above whom see standing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ..errors import UnknownArea, UnknownBody
from ..text import Title, suggested
from .standing import Body, Standing

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
            raise UnknownArea(area=code_or_key, known=suggested(code_or_key, self.area_titles), wider="")
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

    def within(self, area: str | None) -> frozenset[str] | None:
        """The codes of an area, by its key or code, and of all within it; None, for no limit, where none is given.
        Raises UnknownArea."""
        return self.areas_under(self.area(area).code) if area is not None else None

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
            known = suggested(id, {one.id: one.title for one in self.bodies.values()})
            raise UnknownBody(body=id, known=known, none="")
        return found

    # --- who stands for whom, and above whom, on a day ---

    def on(self, day: date) -> Standing:
        """The bodies as they stand on a day."""
        at = bisect_right(self._changes, day)
        if at not in self._standing:
            self._standing[at] = Standing(self.bodies, day)
        return self._standing[at]

    def changes(self, since: date) -> list[date]:
        """The days from one on, itself among them, on which bodies begin or end."""
        return [since, *(day for day in self._changes if day > since)]

    def body_on(self, id: str, day: date) -> Body | None:
        """The body that stands for another on a day: itself, or whoever succeeded it by then; None if nobody does."""
        return self.on(day).acting(id)

    def acting_id(self, id: str, day: date) -> str:
        """The id of `body_on`; `id` itself where nobody stands for it (another policy may have had it)."""
        body = self.body_on(id, day)
        return body.id if body is not None else id

    # --- what is looked up again and again ---

    @cached_property
    def _keys(self) -> dict[str, Area]:
        return {area.key: area for area in self.areas.values()}

    @cached_property
    def _within(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _area_children(self) -> dict[str, list[str]]:
        return _children((area.code, area.parent) for area in self.areas.values())

    @cached_property
    def _changes(self) -> list[date]:
        ends = {day for body in self.bodies.values() for day in (body.valid_from, body.valid_until)}
        return sorted(day for day in ends if day is not None)

    @cached_property
    def _standing(self) -> dict[int, Standing]:
        return {}


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
