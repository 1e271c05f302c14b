"""What a policy says of groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Where
from ..rules.conditions import Condition
from ..text import Title, brief
from .gates import Effect


@dataclass(frozen=True, slots=True)
class GroupKind:
    """What joins organisations: a case of the workflow `of`, with members for which `members` holds."""

    name: str
    title: Title
    of: str
    members: Condition
    by: tuple[str, ...]
    least: int
    most: int | None
    also: str | None
    exclusive: bool
    evidence: Mapping[str, Title]
    joined: Effect
    left: Effect
    dissolves: str | None
    where: Where
    note: str = ""

    __repr__ = brief("name", "title")
