"""How years go by, as the `life` section of a sample.yaml says it: mostly how likely something is at one look."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import Field, ValidationInfo, model_validator

from guikou.engine.policy.workflow import TODAY, FactOf

from .codes import Code
from .draws import Drawn, Draws
from .vocabulary import (
    Chance,
    Duty,
    FactName,
    GateName,
    GroupName,
    Model,
    Outcome,
    Range,
    RecordName,
    Sets,
    State,
    States,
    Trigger,
    Type,
    Weight,
    When,
    always,
    bad,
    check_holes,
    never,
)


class Careless(Model):
    """What `share` of the offices does its part only so often."""

    share: Chance = 0.0
    does: Chance = 1.0


class Newly(Model):
    """What becomes of the facts of those that are newly registered: some are not known yet, others are set."""

    when: When = Field(default_factory=lambda: always)
    forgets: list[FactName] = Field(default_factory=list)
    sets: Sets = Field(default_factory=dict)


class Forerunners(Model):
    """What `share` of those that are newly registered comes as another case first, which their own carries on: under a
    `code` of its own, with the facts that it `keeps` and some of its own. `carried` are set in the case that carries it
    on, from what it ended with."""

    share: Chance
    code: Code
    keeps: list[FactName] = Field(default_factory=list)
    facts: Draws = Field(default_factory=dict)
    carried: Sets = Field(default_factory=dict)

    @model_validator(mode="after")
    def _coded(self, info: ValidationInfo) -> Forerunners:
        if info.context is not None:
            self.code.needs("id")
        return self


class Change(Model):
    """How a number changes: `times` something between two, `plus` one of some, but to no less than `least`."""

    times: tuple[float, float] | None = None
    plus: Annotated[list[int], Field(min_length=1)] | None = None
    least: int | None = None


class Learned(Model):
    """What becomes known of an organisation, `in` some stages or states (none named: any) and where `when` holds: each
    of the facts it `sets` by the chance, unless it is so already; or `changes` of numbers together, if all are known.
    What comes about `by_office` is left undone by the careless."""

    chance: Chance
    in_: States = Field(default_factory=list, alias="in")
    when: When = Field(default_factory=lambda: always)
    sets: Sets = Field(default_factory=dict)
    changes: dict[FactName, Change] = Field(default_factory=dict)
    by_office: bool = False

    @cached_property
    def constant(self) -> bool:
        """Whether what it sets is the same for every case and on every day."""
        return not any(value is TODAY or isinstance(value, FactOf) for value in self.sets.values())

    @model_validator(mode="after")
    def _numbers(self, info: ValidationInfo) -> Learned:
        if info.context is not None:
            for name, one in self.changes.items():
                if info.context.facts[name].kind.name != "integer":
                    raise bad(name, "only whole numbers change", "只有整数可以变动", ("changes", name))
                if (one.times is None) == (one.plus is None):
                    raise bad(name, "give 'times' or 'plus'", "须写明 times 或 plus 之一", ("changes", name))
        return self


class Blocked(Model):
    """How often a blocker is found `in` some stages or states (none named: any), and `cleared` again."""

    in_: States = Field(default_factory=list, alias="in")
    chance: Chance
    cleared: Chance


class Sought(Model):
    """How often an organisation asks a gate of its own accord, where `when` holds and `unless` does not."""

    chance: Chance
    when: When = Field(default_factory=lambda: always)
    unless: When = Field(default_factory=lambda: never)


class Lead(Model):
    """A gate that leads on from a state: how often it is asked at a look; the outcome that it `tells` (none: those in
    step), and the one with which it `declines`."""

    in_: State = Field(alias="in")
    gate: GateName
    chance: Chance
    tells: str | None = None
    declines: str | None = None

    @model_validator(mode="after")
    def _told(self, info: ValidationInfo) -> Lead:
        if info.context is not None:
            told = info.context.policy.parts.gates[self.gate].told
            for field in ("tells", "declines"):
                if getattr(self, field) is not None:
                    info.context.look_up("outcome", getattr(self, field), told, (field,))
        return self


class Gates(Model):
    """How gates are asked: through them what is met (`asked`); of their own accord (`sought`); to go on (`leads`).
    `half_told` is how often one of two outcomes in step is told, `told_rest` how often, at a look, the rest is."""

    asked: dict[GateName, Chance] = Field(default_factory=dict)
    sought: dict[GateName, Sought] = Field(default_factory=dict)
    leads: list[Lead] = Field(default_factory=list)
    half_told: Chance = 0.0
    told_rest: Chance = 0.0
    declined: Chance = 0.0


class Recorded(Model):
    """How often something is recorded, for how many and with how much money."""

    rate: Chance
    count: Range | None = None
    amount: Range | None = None


class Returned(Model):
    """A record of the same amount that follows."""

    record: RecordName
    chance: Chance


class Paid(Model):
    """A record of a year's money: `each` (or between two) for each of what the fact `for` says."""

    record: RecordName
    chance: Chance
    for_: FactName = Field(alias="for")
    each: Annotated[int, Field(ge=0)] | Range
    then: Returned | None = None


class Yearly(Model):
    """What is paid once a year, at the first look of December, or else of January."""

    in_december: Chance = 1.0
    paid: list[Paid]

    @model_validator(mode="after")
    def _money(self, info: ValidationInfo) -> Yearly:
        if info.context is not None:
            for at, one in enumerate(self.paid):
                if info.context.facts[one.for_].kind.name != "integer":
                    raise bad(one.for_, "is no whole number", "不是整数", ("paid", at, "for"))
                for kind in (one.record, one.then.record if one.then is not None else one.record):
                    if not info.context.policy.parts.records[kind].amount:
                        raise bad(kind, "has no amount of money", "没有金额", ("paid", at, "record"))
        return self


class Joined(Model):
    """How often one joins a group whose fact `alike` is as its own, and how often it `left` again."""

    chance: Chance
    left: Chance = 0.0
    alike: FactName | None = None
    most: Annotated[int, Field(ge=0)]


class Founded(Model):
    """How often those `in` some states found a group in their area; its `code`, `name` ({area}, {number}) and facts."""

    in_: States = Field(alias="in")
    chance: Chance
    code: Code
    name: str
    facts: Draws = Field(default_factory=dict)
    most: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _named(self, info: ValidationInfo) -> Founded:
        if info.context is not None:
            check_holes(self.name, ("area", "number"), ("name",))
            self.code.needs("number")
        return self


class Grouped(Model):
    """How a kind of group comes about: it is founded, or joined."""

    founded: Founded | None = None
    joined: Joined | None = None


class Rates(Model):
    """How years go by. What is a rate is the chance at one look of an office at a case; a look follows the last one by
    as many days as `look` says (`looks`, for some types). Types that are `apart` do no business: nothing is recorded of
    them, they don't move, and they join no group."""

    growth: Annotated[float, Field(gt=0)]
    taken_in: Annotated[int, Field(ge=1)]
    look: Range
    looks: dict[Type, Range] = Field(default_factory=dict)
    apart: list[Type] = Field(default_factory=list)
    careless: Careless = Careless()
    there_before: list[Drawn] = Field(default_factory=list)
    newly: Newly | None = None
    forerunners: Forerunners | None = None
    triggers: dict[Trigger, Chance] = Field(default_factory=dict)
    learned: list[Learned] = Field(default_factory=list)
    moves: Chance = 0.0
    blocked: Blocked | None = None
    duties: dict[Duty, Chance] = Field(default_factory=dict)
    postponed: Chance = 0.0
    gates: Gates = Gates()
    outcomes: dict[Outcome, Weight] = Field(default_factory=dict)
    records: dict[RecordName, Recorded] = Field(default_factory=dict)
    struck: Chance = 0.0
    yearly: Yearly | None = None
    groups: dict[GroupName, Grouped] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _measured(self, info: ValidationInfo) -> Rates:
        """What a kind of record asks for is given, and nothing else."""
        if info.context is None:
            return self
        if self.blocked is not None and not info.context.policy.blockers:
            raise bad("blocked", "the policy has no blockers", "该政策没有障碍代码", ("blocked",))
        for name, one in self.records.items():
            kind = info.context.policy.parts.records[name]
            for field, asked in (("amount", kind.amount), ("count", kind.count is not None)):
                if asked and getattr(one, field) is None:
                    raise bad(field, "is asked for by this record", "此记录须写明", ("records", name))
                if not asked and getattr(one, field) is not None:
                    raise bad(field, "is not asked for by this record", "此记录不含此项", ("records", name, field))
        return self
