"""How a fact is drawn, as sample.yaml says it, and drawing it: the same for the same source of chance."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, ValidationInfo, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from .vocabulary import Chance, FactName, Model, Range, Vocabulary, Weight, When, Wrong, always, bad

_HOWS = ("value", "between", "one_of", "weights", "chance", "days_ago", "in_turn", "fact", "in_common")
#: The type that a fact must have to be drawn so.
_KINDS = {"between": "integer", "chance": "boolean", "days_ago": "date"}


class After(Model):
    """So many days after the day that a date fact says."""

    fact: FactName
    days: Annotated[int, Field(ge=0)]

    def passed(self, facts: Mapping[str, Any], day: date) -> bool:
        """Whether as many went by until a day; not where the fact is not known."""
        since = facts.get(self.fact)
        return since is not None and (day - since).days >= self.days


class Draw(Model):
    """How a fact is drawn where `when` holds of those before it: a `value`; a whole number `between` two, small ones
    more often; `one_of` some, or by `weights`; true by `chance`; `days_ago`, at least and at most; some `in_turn`;
    what another `fact` of the organisation is; what its members have `in_common`, or else this. A day is `not_before`
    another; what is drawn is `known_after` some days only. `otherwise` is drawn where it is not; nothing, if that is
    not said. A list of two whole numbers alone is `between`, another list `one_of`, anything else the `value`."""

    value: Any = None
    between: Range | None = None
    one_of: list[Any] | None = None
    weights: dict[str, Weight] | None = None
    chance: Chance | None = None
    days_ago: Range | None = None
    in_turn: list[Any] | None = None
    fact: FactName | None = None
    in_common: Any = None
    when: When = Field(default_factory=lambda: always)
    not_before: FactName | None = None
    known_after: After | None = None
    otherwise: Draw | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        if isinstance(value, (dict, Draw)):
            return value
        if not isinstance(value, list):
            return {"value": value}
        return {"between" if len(value) == 2 and all(type(one) is int for one in value) else "one_of": value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        made = handler(core)
        own = handler.resolve_ref_schema(made)
        own["type"] = ["object", "array", "string", "number", "boolean", "null"]
        return made

    @cached_property
    def how(self) -> str | None:
        """In which of the ways it is drawn; None if not in one alone."""
        said = [name for name in _HOWS if name in self.model_fields_set]
        return said[0] if len(said) == 1 else None

    @cached_property
    def other(self) -> Draw | None:
        """What is drawn instead; `otherwise: null` is the value null."""
        if self.otherwise is None and "otherwise" in self.model_fields_set:
            return Draw(value=None)
        return self.otherwise

    def of(self, name: str, known: Vocabulary) -> Draw:
        """The same with the values of a fact. Raises Wrong where the fact can't be drawn so."""
        spec = known.fact(name)
        if self.how is None:
            ways = ", ".join(_HOWS)
            raise bad(name, f"give one of {ways}, and only one", f"须写明其中一项且只写一项：{ways}")
        kind = _KINDS.get(self.how, spec.kind.name)
        if spec.kind.name != kind:
            en = f"{self.how} gives a fact of type {kind}; it is {spec.kind.name}"
            raise bad(name, en, f"{self.how} 用于 {kind} 类型的事实，此为 {spec.kind.name}", (self.how,))
        if self.between is not None and self.between[0] < 0:
            raise bad(name, "numbers are drawn from 0 on", "只能从 0 起抽取", ("between",))
        if self.not_before is not None and spec.kind.name != "date":
            raise bad(name, "is no date", "不是日期", ("not_before",))
        after = self.known_after.fact if self.known_after is not None else None
        for key, other in (("not_before", self.not_before), ("known_after", after)):
            if other is not None and known.fact(other).kind.name != "date":
                raise bad(other, "is no date", "不是日期", (key,))
        more: dict[str, Any] = {}
        place: tuple[str, ...] = () if self.how == "value" else (self.how,)
        if self.how in ("value", "in_common"):
            more[self.how] = known.value(name, getattr(self, self.how), place)
        elif self.how in ("one_of", "in_turn"):
            more[self.how] = [known.value(name, one, place) for one in getattr(self, self.how)]
        elif self.weights is not None:
            more["weights"] = {known.value(name, one, place): weight for one, weight in self.weights.items()}
        if self.how in ("one_of", "in_turn", "weights") and not (more[self.how] and _possible(more[self.how])):
            raise bad(name, "there is nothing to draw from", "没有可抽取的值", place)
        if self.other is not None:
            more["otherwise"] = self.other.of(name, known)
        return self.model_copy(update=more)


def _possible(values: Any) -> bool:
    return not isinstance(values, dict) or sum(values.values()) > 0


def _fitting(value: dict[str, Draw], info: ValidationInfo) -> dict[str, Draw]:
    if info.context is None:
        return value
    found = {}
    for name, one in value.items():
        try:
            found[name] = one.of(name, info.context)
        except Wrong as error:
            raise Wrong(error.error, (name, *error.place)) from error
    return found


#: Facts, in the order in which they are drawn.
Draws = Annotated[dict[FactName, Draw], AfterValidator(_fitting)]


class Drawn(Model):
    """Facts that are drawn for those for which `when` holds, `after` some days, by a `chance`."""

    when: When = Field(default_factory=lambda: always)
    after: After | None = None
    chance: Chance | None = None
    facts: Draws


#: Facts that are no more than others: each is drawn down to the other where that one is less.
Limits = Mapping[str, str]


@dataclass(slots=True)
class Source:
    """What is drawn from, and on which day; `turn` says which of those in turn it is, `of` are the facts of the
    organisation that it is drawn for, `members` those of a group's members."""

    draw: random.Random
    day: date
    turn: int = 0
    of: Mapping[str, Any] = field(default_factory=dict)
    members: Sequence[Mapping[str, Any]] = ()


def drawn(draws: Mapping[str, Draw], facts: MutableMapping[str, Any], source: Source, limits: Limits) -> None:
    """Adds to the facts those that are drawn."""
    for name, one in draws.items():
        value = _taken(name, one, facts, source)
        if value is not _NOTHING:
            facts[name] = value
            keep_within(facts, limits)


def keep_within(facts: MutableMapping[str, Any], limits: Limits) -> None:
    """Brings down each fact that is more than it may be."""
    for name, most in limits.items():
        if facts.get(name) is not None and facts.get(most) is not None:
            facts[name] = min(facts[name], facts[most])


def weighted(draw: random.Random, weights: Mapping[Any, float]) -> Any:
    """One of the names, by their weights."""
    return draw.choices(list(weights), list(weights.values()))[0]


_NOTHING: Any = object()


def _taken(name: str, one: Draw, facts: Mapping[str, Any], source: Source) -> Any:
    if one.when(facts):
        value = _drawn(name, one, source)
        if one.not_before is not None and facts.get(one.not_before) is not None:
            value = max(value, facts[one.not_before])
        if one.known_after is None or one.known_after.passed(facts, source.day):
            return value
    return _taken(name, one.other, facts, source) if one.other is not None else _NOTHING


def _drawn(name: str, one: Draw, source: Source) -> Any:
    draw = source.draw
    if one.between is not None:
        return _skewed(draw, *one.between)
    if one.one_of is not None:
        return draw.choice(one.one_of)
    if one.weights is not None:
        return weighted(draw, one.weights)
    if one.chance is not None:
        return draw.random() < one.chance
    if one.days_ago is not None:
        return source.day - timedelta(days=draw.randint(*one.days_ago))
    if one.in_turn is not None:
        return one.in_turn[source.turn % len(one.in_turn)]
    if one.fact is not None:
        return source.of.get(one.fact, _NOTHING)
    if one.how == "in_common":
        among = {member.get(name) for member in source.members}
        return among.pop() if len(among) == 1 else one.in_common
    return one.value


def _skewed(draw: random.Random, low: int, high: int) -> int:
    """From low to high, evenly on a logarithmic scale."""
    return round(math.exp(draw.uniform(math.log(low + 1), math.log(high + 1)))) - 1
