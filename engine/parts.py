"""What a policy says besides types, routing and stages: records, gates, groups, support, indicators; as validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from .calendar import Period, YearDay
from .case import Title
from .conditions import Condition, UnaryTest
from .errors import Where
from .obligations import Outcome

Answer = Literal["allowed", "conditional", "refused"]
#: The answers of a gate, the worst last.
ANSWERS: tuple[Answer, ...] = ("allowed", "conditional", "refused")
#: What an indicator may say of a support that is money.
MONEY = ("due", "paid", "outstanding")


@dataclass(frozen=True, slots=True)
class Effect:
    """What something told brings about: facts are set, those of the obligations `meets` that are owed are met, and
    `fire` is triggered where it can be."""

    sets: Mapping[str, Any] = field(default_factory=dict)
    meets: tuple[str, ...] = ()
    fire: str | None = None


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


@dataclass(frozen=True, slots=True)
class Support:
    """A support that a table of entitlements names. With `rate`, money: that much for each of what the fact `of` says,
    or of the year's amounts of the record kind `of`, by the facts on the day `at` of the year; `paid` is the record
    kind that settles it. Without, it is `given` while that holds; without either, it is open to whoever may have it."""

    name: str
    title: Title
    rate: Decimal | None
    of: str | None
    at: YearDay
    paid: str | None
    given: Condition | None
    where: Where
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number from elsewhere: by area (code) and the year from which it holds."""

    name: str
    title: Title
    source: Title
    values: Mapping[str, Mapping[int, int]]

    def of(self, area: str, year: int) -> int | None:
        """The latest for an area that is not after a year."""
        known = {since: value for since, value in self.values.get(area, {}).items() if since <= year}
        return known[max(known)] if known else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number, and what it is to be; see `IndicatorFile` for how each kind counts. `target` is a test of the value for
    the groups in which `target_when` holds of every case counted; `published` are values to compare with, by group."""

    name: str
    title: Title
    of: Condition
    share: Condition | None
    sum: str | None
    per: tuple[str, int] | None
    held: tuple[str, int] | None
    happened: Condition | None
    recorded: str | None
    measure: Literal["times", "count", "amount"]
    growth: Period | None
    support: tuple[str, str] | None
    by: tuple[str, ...]
    target: UnaryTest | None
    target_when: Condition
    published: Mapping[str, Decimal | None]
    worse: Literal["high", "low"] | None
    where: Where
    note: str = ""

    @property
    def is_ratio(self) -> bool:
        """Whether its value is a share of 1."""
        return self.share is not None or self.held is not None or self.growth is not None

    @property
    def is_money(self) -> bool:
        return self.measure == "amount" or (
            self.support is not None and self.support[1] in ("due", "paid", "outstanding")
        )


@dataclass(frozen=True, slots=True)
class Section:
    title: Title
    indicators: tuple[str, ...]
    by: str | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A body's report of a year."""

    title: Title
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Venue:
    """A place that is open to organisations."""

    id: str
    kind: str
    area: str
    title: Title


@dataclass(frozen=True, slots=True)
class Parts:
    """All of them, by name."""

    records: Mapping[str, RecordKind] = field(default_factory=dict)
    gates: Mapping[str, Gate] = field(default_factory=dict)
    groups: Mapping[str, GroupKind] = field(default_factory=dict)
    support: Mapping[str, Support] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    scorecard: Scorecard | None = None
    venues: Mapping[str, Venue] = field(default_factory=dict)
