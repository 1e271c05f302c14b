"""What a sample.yaml may name: each name as a type that is looked up in the policy which it is read for.

A recipe is read twice: first its shape, with no policy at hand, then with one, where every name must be known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from string import Formatter
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from guikou.engine.errors import BadValue, GuikouError, PolicyError, UnknownFact, UnknownName, Where
from guikou.engine.policy.files.documents import Document, Place
from guikou.engine.policy.files.values import located, named_fact, read_sets
from guikou.engine.policy.policy import Policy
from guikou.engine.rules.conditions import Condition
from guikou.engine.rules.notation import parse_condition
from guikou.engine.rules.unary_tests import Kind
from guikou.engine.text import suggested

#: Tells whether a condition surely holds of what is known; not where a fact that is not known leaves it open.
Holds = Callable[[Mapping[str, Any]], bool]

_TITLES = {
    "tier": ("tier", "层级"),
    "type": ("type", "类型"),
    "state": ("stage or state", "阶段或环节"),
    "trigger": ("trigger that an office may fire", "可由机构办理的动作"),
    "obligation": ("obligation", "义务"),
    "gate": ("gate", "关口"),
    "outcome": ("outcome", "结果"),
    "record": ("record", "记录"),
    "group": ("kind of group", "联合"),
}


class Model(BaseModel):
    """A part of a sample.yaml; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Wrong(ValueError):
    """An error of the policy's, at a place within the part that is being read."""

    def __init__(self, error: PolicyError, place: Place = ()) -> None:
        super().__init__(str(error))
        self.error, self.place = error, place


def bad(field: str, en: str, zh: str, place: Place = ()) -> Wrong:
    return Wrong(BadValue(field=field, reason_en=en, reason_zh=zh), place)


def check_holes(text: str, known: Iterable[str], place: Place = ()) -> None:
    """Raises Wrong for a text with {something} that is not known, or that is no such text."""
    try:
        holes = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        holes = {text}
    for name in sorted(holes - set(known)):
        use = ", ".join(f"{{{one}}}" for one in known)
        raise bad("name", f"'{{{name}}}' is not known there; use {use}", f"“{{{name}}}” 不可用；可用：{use}", place)


class Vocabulary:
    """A policy's names, by kind, and what the conditions of a sample.yaml may ask for: the facts of an organisation
    and, of its case, the type and the stage."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.facts = policy, policy.facts
        self.kinds: Mapping[str, Kind] = {
            **{name: spec.kind for name, spec in policy.facts.items()},
            "type": policy.vocabulary.asked["type"],
            "stage": policy.vocabulary.asked["stage"],
        }

    @cached_property
    def names(self) -> dict[str, Collection[str]]:
        policy, parts = self.policy, self.policy.parts
        flows = policy.workflows.values()
        outcomes = [one.outcomes for one in policy.obligations.values()]
        outcomes += [told.values for gate in parts.gates.values() for told in gate.told.values()]
        return {
            "tier": policy.places.tiers,
            "type": policy.workflows,
            "state": {name: None for flow in flows for name in (*flow.stages, *flow.states)},
            "trigger": {one.trigger: None for flow in flows for one in flow.transitions if one.by_office},
            "obligation": policy.obligations,
            "gate": parts.gates,
            "outcome": {name: None for one in outcomes for name in one},
            "record": parts.records,
            "group": parts.groups,
        }

    def look_up(self, kind: str, name: str, known: Collection[str] | None = None, place: Place = ()) -> None:
        """Raises Wrong for a name that is none of its kind."""
        known = self.names[kind] if known is None else known
        if name not in known:
            en, zh = _TITLES[kind]
            near = suggested(name, list(known))
            raise Wrong(UnknownName(kind_en=en, kind_zh=zh, name=name, known=near), place)

    def fact(self, name: str, place: Place = ()) -> Any:
        """The fact of this name. Raises Wrong."""
        if name not in self.facts:
            raise Wrong(UnknownFact(fact=name, known=suggested(name, list(self.facts))), place)
        return self.facts[name]

    def value(self, name: str, written: Any, place: Place = ()) -> Any:
        """A fact's value as it is written. Raises Wrong."""
        spec = self.fact(name, place)
        try:
            return spec.read(written) if isinstance(written, str) else spec.check(written)
        except GuikouError as error:
            raise Wrong(located(error, name, _NOWHERE.where(())), place) from error


_NOWHERE = Document("sample.yaml", None)


def _known(kind: str) -> AfterValidator:
    def check(value: str, info: ValidationInfo) -> str:
        if info.context is not None:
            info.context.look_up(kind, value)
        return value

    return AfterValidator(check)


def _fact(value: str, info: ValidationInfo) -> str:
    if info.context is not None:
        info.context.fact(value)
    return value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def always(known: Mapping[str, Any]) -> bool:
    """The condition that nothing is asked for."""
    return True


def never(known: Mapping[str, Any]) -> bool:
    return False


def _condition(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, dict):
        raise ValueError("must be a map of facts to tests")
    if info.context is None:
        return always
    try:
        return _surely(parse_condition(value, info.context.kinds))
    except GuikouError as error:
        raise Wrong(located(error, "when", Where("sample.yaml")), named_fact(error)) from error


def _surely(condition: Condition) -> Holds:
    return lambda known: condition.evaluate(known) is True


def _sets(value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    if info.context is None:
        return value
    found: dict[str, Any] = {}
    for name, written in value.items():
        try:
            found |= read_sets({name: written}, _NOWHERE, (), info.context.facts)
        except PolicyError as error:
            raise Wrong(error, (name,)) from error
    return found


def _in_order(value: tuple[int, int], info: ValidationInfo) -> tuple[int, int]:
    if info.context is not None and value[0] > value[1]:
        raise bad("range", f"{value[0]} is more than {value[1]}", f"{value[0]} 大于 {value[1]}")
    return value


_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

FactName = Annotated[str, AfterValidator(_fact)]
Tier = Annotated[str, _known("tier")]
Type = Annotated[str, _known("type")]
State = Annotated[str, _known("state")]
States = Annotated[list[State], BeforeValidator(_listed), WithJsonSchema(_NAMES)]
Trigger = Annotated[str, _known("trigger")]
Duty = Annotated[str, _known("obligation")]
GateName = Annotated[str, _known("gate")]
Outcome = Annotated[str, _known("outcome")]
RecordName = Annotated[str, _known("record")]
GroupName = Annotated[str, _known("group")]

Chance = Annotated[float, Field(ge=0, le=1)]
Range = Annotated[tuple[int, int], AfterValidator(_in_order)]
Weight = Annotated[float, Field(ge=0)]
#: A condition in the notation of every rule, as what tells whether it holds.
When = Annotated[Holds, BeforeValidator(_condition), WithJsonSchema({"type": "object"})]
#: What facts are set to: values, `today`, or {fact: NAME} for what another one was.
Sets = Annotated[dict[str, Any], AfterValidator(_sets)]
