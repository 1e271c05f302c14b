"""What a policy says of gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import Where
from ..rules.conditions import Condition
from ..text import Title, brief
from .obligations import Outcome

Answer = Literal["allowed", "conditional", "refused"]


#: The answers of a gate, the worst last.
ANSWERS: tuple[Answer, ...] = ("allowed", "conditional", "refused")


@dataclass(frozen=True, slots=True)
class Effect:
    """What something told brings about: facts are set, those of the obligations `meets` that are owed are met, and
    `fire` is triggered where it can be."""

    sets: Mapping[str, Any] = field(default_factory=dict)
    meets: tuple[str, ...] = ()
    fire: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a gate answers as it does, and what is to be done. A conditional one `owes` an obligation once the gate is
    passed; it `waives` outcomes that else are told together."""

    name: str
    answer: Answer
    title: Title
    do: Title | None = None
    owes: str | None = None
    waives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome that is told of a gate, by whom, with which value (none named: none) and what evidence."""

    name: str
    title: Title
    by: tuple[str, ...]
    evidence: Mapping[str, Title]
    values: Mapping[str, Outcome]
    effect: Effect


@dataclass(frozen=True, slots=True)
class InStep:
    """Outcomes of which none takes effect before all are told; meanwhile the case `owes` an obligation."""

    outcomes: tuple[str, ...]
    owes: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Gate:
    """What another system asks before it lets an organisation proceed: the grounds that `table` names, of which the
    worst decides, or else the one `otherwise`."""

    name: str
    title: Title
    when: Condition
    by: tuple[str, ...]
    table: str
    otherwise: str
    grounds: Mapping[str, Ground]
    told: Mapping[str, Told]
    in_step: InStep | None
    where: Where
    note: str = ""

    __repr__ = brief("name", "title")

    @property
    def owes_in_step(self) -> str | None:
        """The obligation of a case of which some outcomes were told and others are due."""
        return self.in_step.owes if self.in_step is not None else None

    def together(self, grounds: tuple[str, ...]) -> tuple[str, ...]:
        """The outcomes that take effect together only, given the grounds of the answer."""
        if self.in_step is None:
            return ()
        waived = {name for one in grounds if one in self.grounds for name in self.grounds[one].waives}
        return tuple(name for name in self.in_step.outcomes if name not in waived)
