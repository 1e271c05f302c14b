"""A workflow as validated: stages, steps, transitions, with all names resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .calendar import Period
from .case import Title
from .conditions import Condition
from .errors import Where

SAME, ORIGIN = "same", "origin"
ROLES = ("responsible", "superior", "hub")


@dataclass(frozen=True, slots=True)
class State:
    """A stage without steps, or one step of a stage ('rectify.plan')."""

    name: str
    title: Title
    stage: str
    due: Period | None
    final: bool
    awaits: Condition = field(default_factory=Condition)
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    title: Title
    due: Period | None
    states: tuple[str, ...]
    rests: bool = False
    escalates: bool = False
    grace: Period | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on. `source` and `dest` are states (`dest` may be SAME or ORIGIN); `by` are roles or body ids."""

    trigger: str
    source: str
    dest: str
    when: Condition
    by: tuple[str, ...]
    evidence: tuple[str, ...]
    sets: Mapping[str, Any]
    tables: tuple[str, ...]
    escalate: bool
    extend: Period | None
    file: str
    line: int | None
    note: str


@dataclass(frozen=True)
class Workflow:
    """One type's states and transitions, with the titles of its triggers and of its evidence; `evidence_after` names
    the triggers of which one must have been fired before evidence can be given, `lines` where each name was written."""

    name: str
    title: Title
    stages: Mapping[str, Stage]
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    triggers: Mapping[str, Title]
    evidence: Mapping[str, Title]
    tiers: tuple[str, ...] = ()
    evidence_after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    lines: Mapping[str, Where] = field(default_factory=dict)

    def state_of(self, name: str) -> str | None:
        """The state that a name enters: itself, or a stage's first step."""
        if name in self.states:
            return name
        return self.stages[name].states[0] if name in self.stages else None

    def from_state(self, state: str) -> tuple[Transition, ...]:
        return self._by_source.get(state, ())

    @cached_property
    def _by_source(self) -> dict[str, tuple[Transition, ...]]:
        found: dict[str, tuple[Transition, ...]] = {}
        for one in self.transitions:
            found[one.source] = (*found.get(one.source, ()), one)
        return found

    def triggers_from(self, state: str) -> tuple[str, ...]:
        """The triggers that leave a state, in the order of the file."""
        return tuple(dict.fromkeys(one.trigger for one in self.from_state(state)))

    def full_title(self, state: str) -> Title:
        """'Rectify: plan' for a step, the stage's title for a stage."""
        found = self.states[state]
        stage = self.stages[found.stage].title
        if found.title == stage:
            return stage
        return Title(f"{stage.zh}·{found.title.zh}", f"{stage.en}: {found.title.en}")
