"""A workflow as validated: stages, steps, transitions, with all names resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..dates.deadlines import Deadline
from ..dates.periods import Period
from ..errors import Where
from ..rules.conditions import Condition
from ..rules.unary_tests import Facts
from ..text import Title, brief

SAME, ORIGIN = "same", "origin"


class _Today:
    def __str__(self) -> str:
        return "today"


#: What a date is set to that becomes the day of the event.
TODAY = _Today()


@dataclass(frozen=True, slots=True)
class FactOf:
    """What a fact is set to that becomes the value another one had before the event."""

    name: str

    def __str__(self) -> str:
        return f"{{fact: {self.name}}}"


#: Roles that no office has: what only they may fire is fired by time, by what a gate is told, by joining or leaving a
#: group.
SWEEP, GATE, GROUP = ENGINE = ("sweep", "gate", "group")


ROLES = ("responsible", "superior", "hub", *ENGINE)
_ENGINE = frozenset(ENGINE)


@dataclass(frozen=True, slots=True)
class State:
    """A stage without steps, or one step of a stage ('rectify.plan')."""

    name: str
    title: Title
    stage: str
    due: Deadline | None
    final: bool
    awaits: Condition = field(default_factory=Condition)
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. A case in one that is `continued` is carried on by another case, which closes it."""

    name: str
    title: Title
    due: Deadline | None
    states: tuple[str, ...]
    rests: bool = False
    continued: bool = False

    @property
    def escalates(self) -> bool:
        return self.due is not None and self.due.escalates

    @property
    def grace(self) -> Period | None:
        return self.due.grace if self.due is not None else None


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on. `source` and `dest` are states (`dest` may be SAME or ORIGIN); `by` are roles or body ids; one that
    extends `keeps` what the old date had climbed, or takes it back; who fires an `irreversible` one is asked first.
    One that `restarts` leads from a state to itself, as if it were entered anew."""

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
    suspend: bool = False
    resume: bool = False
    reason: bool = False
    automatic: bool = False
    keeps: bool = False
    irreversible: bool = False
    restarts: bool = False

    __repr__ = brief("trigger", "source", "dest")

    @property
    def by_office(self) -> bool:
        """Whether an office may fire it, and not only the engine."""
        return not _ENGINE.issuperset(self.by)


@dataclass(frozen=True)
class Workflow:
    """One type's states and transitions, with the titles of its triggers and of its evidence; `evidence_after` names
    the triggers of which one must have been fired before evidence can be given, `lines` where each name was written;
    `reopen` is how long after it was closed a case can be reopened."""

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
    reopen: Period | None = None

    __repr__ = brief("name", "title")

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

    def open_from(self, state: str, facts: Facts) -> tuple[Transition, ...]:
        """The ways that would be taken, one of each trigger: the first whose guard holds. A trigger has none while a
        guard before it can't be decided."""
        answers: dict[str, bool | None] = {}
        found = []
        for one in self.from_state(state):
            if answers.get(one.trigger, False) is False:
                answers[one.trigger] = one.when.evaluate(facts)
                if answers[one.trigger]:
                    found.append(one)
        return tuple(found)

    def automatic_from(self, state: str) -> tuple[Transition, ...]:
        """Those that the sweep fires."""
        return self._automatic.get(state, ())

    @cached_property
    def _automatic(self) -> dict[str, tuple[Transition, ...]]:
        found = {state: tuple(one for one in ways if one.automatic) for state, ways in self._by_source.items()}
        return {state: ways for state, ways in found.items() if ways}

    @cached_property
    def starts(self) -> frozenset[str]:
        """The triggers and facts from which deadlines run."""
        deadlines = [*(one.due for one in self.stages.values()), *(one.due for one in self.states.values())]
        return frozenset(one.start for one in deadlines if one is not None and one.start is not None)

    def triggers_from(self, state: str) -> tuple[str, ...]:
        """The triggers by which an office leaves a state, in the order of the file."""
        return tuple(dict.fromkeys(one.trigger for one in self.from_state(state) if one.by_office))

    def full_title(self, state: str) -> Title:
        """'Rectify: plan' for a step, the stage's title for a stage."""
        found = self.states[state]
        stage = self.stages[found.stage].title
        if found.title == stage:
            return stage
        return Title(f"{stage.zh}·{found.title.zh}", f"{stage.en}: {found.title.en}")
