"""What a policy says of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Where
from ..rules.conditions import Condition
from ..text import Title, brief
from .gates import Effect


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What is recorded each time that it takes place: with an `amount` of money, for how many (`count` is what is
    counted), at a `venue`."""

    name: str
    title: Title
    when: Condition
    by: tuple[str, ...]
    amount: bool
    count: Title | None
    venue: bool
    evidence: Mapping[str, Title]
    effect: Effect
    where: Where
    note: str = ""

    __repr__ = brief("name", "title")


@dataclass(frozen=True, slots=True)
class Venue:
    """A place that is open to organisations."""

    id: str
    kind: str
    area: str
    title: Title

    __repr__ = brief("id", "title")
