"""Who stands for whom, and above whom, on the days between two changes of bodies: the one place that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ..errors import Where
from ..text import Title, brief


@dataclass(frozen=True, slots=True)
class Body:
    """A body that supervises. Valid from `valid_from` up to, and not on, `valid_until` (None: without end), from when
    `succeeded_by` stands for it; `where` is the place that declares it."""

    id: str
    tier: str
    area: str
    parent: str | None
    title: Title
    kind: str = "body"
    valid_from: date | None = None
    valid_until: date | None = None
    succeeded_by: str | None = None
    where: Where | None = field(default=None, compare=False)

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


class Standing:
    """The bodies as they stand on `day`, and on every other on which the same ones exist."""

    def __init__(self, bodies: Mapping[str, Body], day: date) -> None:
        self._bodies, self._day = bodies, day
        self._acting: dict[str, Body | None] = {}
        self._chains: dict[str, tuple[Body, ...]] = {}

    def acting(self, id: str) -> Body | None:
        """The body that stands for another: itself, or whoever has succeeded it; None if nobody does."""
        if id not in self._acting:
            self._acting[id] = self._successor(id)
        return self._acting[id]

    def _successor(self, id: str) -> Body | None:
        body, seen = self._bodies.get(id), set()
        while body is not None and not body.exists_on(self._day):
            if body.id in seen or body.valid_until is None or self._day < body.valid_until:
                return None
            seen.add(body.id)
            body = self._bodies.get(body.succeeded_by) if body.succeeded_by else None
        return body

    def chain(self, id: str) -> tuple[Body, ...]:
        """Whoever stands for a body, and those above that, up to the top; where nobody stands for one, whoever is above
        it. One that was merged into a body below it is there once."""
        if id not in self._chains:
            found: dict[str, Body] = {}
            at: str | None = id
            while at is not None and at in self._bodies:
                acting = self.acting(at)
                if acting is not None and acting.id not in found:
                    found[acting.id] = acting
                    at = acting.parent
                else:
                    at = self._bodies[at].parent
            self._chains[id] = tuple(found.values())
        return self._chains[id]

    def superiors(self, id: str) -> tuple[Body, ...]:
        """Those above whoever stands for a body. The top has none above it and decides itself."""
        chain, acting = self.chain(id), self.acting(id)
        return (chain[1:] or chain) if acting is not None else chain

    def above(self, id: str) -> Body | None:
        """The next above whoever stands for a body; None above the top."""
        chain, acting = self.chain(id), self.acting(id)
        higher = chain[1:] if acting is not None else chain
        return higher[0] if higher else None

    def under(self, id: str) -> frozenset[str]:
        """The bodies whose cases are those of whoever stands for a body, or below that."""
        acting = self.acting(id)
        return self._under.get(acting.id if acting is not None else id, frozenset([id]))

    @cached_property
    def _under(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for id in self._bodies:
            for one in self.chain(id):
                found.setdefault(one.id, {one.id}).add(id)
        return {id: frozenset(ids) for id, ids in found.items()}

    def stood_for(self, id: str) -> frozenset[str]:
        """The bodies for which whoever stands for a body stands."""
        acting = self.acting(id)
        return self._stood_for.get(acting.id, frozenset([id])) if acting is not None else frozenset([id])

    @cached_property
    def _stood_for(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for id in self._bodies:
            if (acting := self.acting(id)) is not None:
                found.setdefault(acting.id, set()).add(id)
        return {id: frozenset(ids) for id, ids in found.items()}
