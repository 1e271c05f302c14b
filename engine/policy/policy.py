"""A policy as values: places, facts, tables, workflows, and what intake and everything else asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from ..dates.instants import local_day
from ..dates.periods import Period
from ..dates.working_days import WorkingDays
from ..rules.tables import DecisionTable
from ..text import Title, as_json, brief
from .facts import FactSpec, Vocabulary
from .gates import Gate
from .groups import GroupKind
from .identity import Identity
from .indicators import Figure, Indicator, Scorecard
from .intake import Intake, Property
from .obligations import Obligation
from .places import Places
from .records import RecordKind, Venue
from .support import Support
from .synonyms import Synonyms, Wording
from .tables import PolicyTable
from .workflow import Workflow


@dataclass(frozen=True, slots=True)
class Parts:
    """What a policy says besides types, routing and stages, by name."""

    records: Mapping[str, RecordKind]
    gates: Mapping[str, Gate]
    groups: Mapping[str, GroupKind]
    support: Mapping[str, Support]
    figures: Mapping[str, Figure]
    indicators: Mapping[str, Indicator]
    scorecard: Scorecard | None
    venues: Mapping[str, Venue]


@dataclass(frozen=True)
class Policy:
    """Everything that a policy says, checked and compiled. `files` are the texts that it was read from, by name, and
    `digest` is of those among them that decide anything; `roll`: what is due on a day off is due on the next working
    day; `retention`: how long the texts of a case are kept after it is closed (None: as long as it is)."""

    name: str
    version: str
    effective: date
    zone: ZoneInfo
    working: WorkingDays
    roll: bool
    remind: tuple[int, ...]
    title: Title
    source: Title
    places: Places
    vocabulary: Vocabulary
    tables: Mapping[str, PolicyTable]
    workflows: Mapping[str, Workflow]
    intake: Intake
    identity: Identity
    blockers: Mapping[str, Title]
    obligations: Mapping[str, Obligation]
    properties: tuple[Property, ...]
    parts: Parts
    synonyms: Synonyms
    digest: str
    files: Mapping[str, str] = field(repr=False)
    retention: Period | None = None

    __repr__ = brief("name", "version", "digest")

    def to_dict(self) -> dict[str, Any]:
        """Which policy it is, as JSON has it."""
        return {
            "name": self.name, "version": self.version, "digest": self.digest, "title": as_json(self.title),
        }  # fmt: skip

    def day(self, instant: datetime) -> date:
        """What day it is where the policy holds."""
        return local_day(instant, self.zone)

    def due(self, day: date) -> date:
        """When something is due that would be on a day: one off moves to the next working day where the policy says so
        (民法典 art. 203)."""
        return self.working.on_or_after(day) if self.roll else day

    def table(self, name: str) -> DecisionTable:
        """A table by name."""
        return self.tables[name].decision

    @property
    def facts(self) -> Mapping[str, FactSpec]:
        """The facts that it declares, by name."""
        return self.vocabulary.facts

    @cached_property
    def wording(self) -> Wording:
        """Finds what a text of a register means."""
        return Wording(self.places, self.facts, self.synonyms)
