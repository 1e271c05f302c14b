"""A policy's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Where
from ..rules.tables import DecisionTable
from ..text import Title, brief


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """A table with its title, where the policy has it from (`source`), the types of its `outputs` by name and the place
    that declares it."""

    name: str
    title: Title
    source: str
    outputs: Mapping[str, str]
    where: Where
    decision: DecisionTable

    __repr__ = brief("title")
