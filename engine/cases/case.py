"""Organization, Case: what is supervised, and where it stands. A case is the fold of its events (`events`, `fold`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..text import brief
from .events import GENESIS


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation as another system reports it: its code, its name, its area's code, its facts by name."""

    id: str
    name: str
    area: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    __repr__ = brief("id", "name", "area")


@dataclass(frozen=True, slots=True)
class Duty:
    """How one obligation of a case stands: the occurrence that runs (none: `due` is None) and what became of the last.

    `nominal` is the due date before it was postponed (`extensions` times), `opens` the day from which it can be met.
    `reminded` is how many days before its due date it was reminded of last; `overdue` is set once it was marked so.
    `done` is the day on which it was met last, with its `outcome`; `ended` the due date of the last that was met or
    missed.
    """

    due: date | None = None
    nominal: date | None = None
    opens: date | None = None
    open: bool = False
    reminded: int | None = None
    overdue: bool = False
    escalation: int = 0
    escalated_to: str | None = None
    escalated_on: date | None = None
    extensions: int = 0
    done: date | None = None
    outcome: str | None = None
    ended: date | None = None

    def content(self) -> dict[str, Any]:
        """As an event keeps it: what differs from a new one."""
        return {name: value for name in _DUTY_FIELDS if (value := getattr(self, name)) != _NO_DUTY[name]}


@dataclass(frozen=True, slots=True)
class Passage:
    """How a case stands before a gate that was asked: the `answer` ('allowed', 'conditional' or 'refused') with its
    `grounds`, on which day; `told` are the outcomes reported since, each with its day, its value and its evidence;
    `passed` is the day on which all that has to be told was."""

    answer: str
    grounds: tuple[str, ...]
    asked: date
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    passed: date | None = None

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        whole = {"answer": self.answer, "grounds": list(self.grounds), "asked": self.asked}
        whole |= {"told": self.told} if self.told else {}
        return whole | ({"passed": self.passed} if self.passed is not None else {})

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Passage:
        return cls(**{**content, "grounds": tuple(content["grounds"])})


@dataclass(frozen=True, slots=True)
class Tally:
    """What was recorded of one kind: `last`, the latest day on which it took place; and by year how often, for how
    many (people, say) and how much (in the policy's currency, whole hundredths)."""

    last: date
    years: Mapping[int, tuple[int, int, Decimal]]

    def of(self, year: int) -> tuple[int, int, Decimal]:
        return self.years.get(year, (0, 0, Decimal(0)))

    def plus(self, other: Tally) -> Tally:
        """What was recorded in both."""
        years = {
            year: (one[0] + two[0], one[1] + two[1], one[2] + two[2])
            for year in sorted({*self.years, *other.years})
            for one, two in [(self.of(year), other.of(year))]
        }
        return Tally(max(self.last, other.last), years)

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"last": self.last, "years": {str(year): list(sums) for year, sums in sorted(self.years.items())}}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Tally:
        return cls(
            content["last"], {int(year): (n, count, sum_) for year, (n, count, sum_) in content["years"].items()}
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """Of which kind a membership is, and since which day."""

    kind: str
    since: date

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"kind": self.kind, "since": self.since}


_DUTY_FIELDS = tuple(one.name for one in fields(Duty))


_NO_DUTY = {one.name: one.default for one in fields(Duty)}


@dataclass(frozen=True, slots=True)
class Case:
    """Where the supervision of one organisation stands. Days are dates in the policy's time zone.

    `state` is a stage, or 'stage.step'. `hub` links and guides it; `origin` is the state from which it entered its
    stage; `escalation` counts the tiers it has climbed, to `escalated_to`; `priority` (1 first) and `weight` (larger
    first) order an inbox; `policy` is the digest under which it last changed; `head` the hash of its last event.
    `withdrawn` is the day since which its registration counts for nothing, as if it had never been (it is closed too);
    `suspended` the day since which its clock stands still; `reminded` and `overdue` are of its due date what they
    are of a Duty's; `escalated_on` the day on which it last climbed, or was handed to another body; `fired` on which
    day the triggers were last fired from which deadlines run; `assumed` the years that no calendar knew when working
    days were counted in them. `gates` are those that it was asked before; `groups` the cases of the groups that it is a
    member of, and `members` how many members it has itself, if it is a group's; `records` what was recorded, by kind;
    `continues` the case whose history it carries on, `continued_as` the one that carries on its own; `same_as` the one
    that is kept of the same organisation. `id` is the organisation's when the case was opened, and stays;
    `organization` is its id now.
    """

    id: str
    organization: str
    name: str
    area: str
    workflow: str
    state: str
    responsible: str
    hub: str | None
    facts: Mapping[str, Any]
    stage_since: date
    step_since: date
    opened_at: datetime
    updated_at: datetime
    policy: str
    stage_due: date | None = None
    step_due: date | None = None
    origin: str | None = None
    escalation: int = 0
    escalated_to: str | None = None
    extensions: int = 0
    priority: int = 0
    weight: int = 0
    blockers: tuple[str, ...] = ()
    closed: bool = False
    withdrawn: date | None = None
    suspended: date | None = None
    reminded: int | None = None
    overdue: bool = False
    escalated_on: date | None = None
    fired: Mapping[str, date] = field(default_factory=dict)
    assumed: tuple[int, ...] = ()
    duties: Mapping[str, Duty] = field(default_factory=dict)
    gates: Mapping[str, Passage] = field(default_factory=dict)
    groups: Mapping[str, Membership] = field(default_factory=dict)
    records: Mapping[str, Tally] = field(default_factory=dict)
    members: int = 0
    continues: str | None = None
    continued_as: str | None = None
    same_as: str | None = None
    revision: int = 0
    head: str = GENESIS

    __repr__ = brief("id", "name", "state", "due", "responsible", "revision")

    @property
    def stage(self) -> str:
        return self.state.partition(".")[0]

    @property
    def step(self) -> str | None:
        return self.state.partition(".")[2] or None

    @property
    def due(self) -> date | None:
        """The earlier of the stage's and the step's due dates; none while the case is suspended."""
        if self.suspended is not None:
            return None
        return earlier(self.stage_due, self.step_due)

    def days_overdue(self, today: date) -> int:
        """Days since the due date; 0 on that day, before it, and without one."""
        return max(0, (today - self.due).days) if self.due and not self.closed else 0


#: What a case that has climbed nowhere says of it.
UNCLIMBED = {"escalation": 0, "escalated_to": None, "escalated_on": None}


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two days, of which each may be missing."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)
