"""Reads the facts that a policy declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import GuikouError
from ...rules.unary_tests import Kind
from ...text import Title
from ..facts import CASE_FACTS, FactSpec, Vocabulary
from ..places import Places
from ..synonyms import OWN, own_column
from . import models as f
from .documents import Document
from .values import bad_value, located, read_title


def read_facts(head: f.PolicyFile, document: Document, tiers: Mapping[str, Title]) -> dict[str, FactSpec]:
    facts = {}
    for name, one in head.facts.items():
        if name in tiers or name in ("type", "any"):
            raise bad_value(document, ("facts", name), "is a name that the engine itself gives", "是引擎自用的名称")
        own = own_column(name) or own_column(one.title.zh) or own_column(one.title.en)
        if own is not None:
            raise bad_value(
                document,
                ("facts", name),
                f"is called like the {OWN[own].en}, which every register has",
                f"与每份名册都有的“{OWN[own].zh}”同名",
            )
        if (one.type == "enumeration") != bool(one.values):
            raise bad_value(
                document,
                ("facts", name),
                "an enumeration, and only that, needs values",
                "枚举（且仅枚举）需要 values",
            )
        titles = {value: read_title(title) for value, title in one.values.items()}
        kind = Kind(one.type, tuple(titles))
        _look_at_bounds(name, one, document)
        past = one.maximum == "today"
        maximum = None if isinstance(one.maximum, str) else one.maximum
        spec = FactSpec(name, read_title(one.title), kind, titles, one.minimum, maximum, one.nullable, past=past)
        facts[name] = replace(spec, default=_default(spec, one, document))
    return facts


def _look_at_bounds(name: str, one: f.FactFile, document: Document) -> None:
    for key, bound in (("minimum", one.minimum), ("maximum", one.maximum)):
        place = ("facts", name, key)
        if bound == "today" and one.type != "date":
            raise bad_value(document, place, "today is of a date only", "today 只用于日期")
        if bound not in (None, "today") and one.type not in ("integer", "decimal"):
            raise bad_value(document, place, "is for numbers only", "只用于数值")


def _default(spec: FactSpec, written: f.FactFile, document: Document) -> tuple[Any, ...]:
    if "default" not in written.model_fields_set:
        return ()
    place, value = ("facts", spec.name, "default"), written.default
    if spec.kind.name in ("date", "body"):  # of a day, deadlines would run that nobody began
        raise bad_value(document, place, "can't be of a date or a body", "日期和机构不能有默认值")
    try:
        return (spec.read(value) if isinstance(value, str) else spec.check(value),)
    except GuikouError as error:
        raise located(error, spec.name, document.where(place)) from error


def read_vocabulary(
    places: Places,
    facts: Mapping[str, FactSpec],
    workflows: Mapping[str, Sequence[tuple[f.WorkflowFile, Document]]],
    parts: Sequence[tuple[f.PartsFile, Document]],
) -> Vocabulary:
    """Everything that rules may ask for. `workflows` are those that cases can have, each with what it extends."""
    areas = {
        tier: Kind("enumeration", tuple(area.key for area in places.areas.values() if area.tier == tier))
        for tier in places.tiers
    }
    kinds = {
        **{name: spec.kind for name, spec in facts.items()},
        **areas,
        "type": Kind("enumeration", tuple(workflows)),
        **CASE_FACTS,
    }
    stages = tuple(dict.fromkeys(name for lineage in workflows.values() for part, _ in lineage for name in part.stages))
    records = {name: read_title(one.title) for part, _ in parts for name, one in part.records.items()}
    groups = {name: read_title(one.title) for part, _ in parts for name, one in part.groups.items()}
    asked = {
        **kinds,
        **{f"{name}.months": Kind("integer") for name in [*_dates(facts), *records]},
        **{f"{name}.this_year": Kind("integer") for name in records},
        **{f"member.{name}": Kind("boolean") for name in groups},
        "stage": Kind("enumeration", stages),
        "case.members": Kind("integer"),
    }
    unrecorded = {
        **{f"{name}.months": None for name in records},
        **{f"{name}.this_year": 0 for name in records},
        **{f"member.{name}": False for name in groups},
    }
    values: dict[str, dict[str, Title]] = {
        tier: {area.key: area.title for area in places.areas.values() if area.tier == tier} for tier in places.tiers
    }
    values["type"] = {name: read_title(lineage[-1][0].title) for name, lineage in workflows.items()}
    values["stage"] = {
        name: read_title(stage.title)
        for lineage in workflows.values()
        for part, _ in lineage
        for name, stage in part.stages.items()
    }
    return Vocabulary(places, facts, kinds, asked, _derived(facts, records, groups), unrecorded, values)


def _dates(facts: Mapping[str, FactSpec]) -> list[str]:
    return [name for name, spec in facts.items() if spec.kind.name == "date"]


def _derived(
    facts: Mapping[str, FactSpec], records: Mapping[str, Title], groups: Mapping[str, Title]
) -> dict[str, Title]:
    """The titles of what changes by itself: the months since a day that a fact says or since something was recorded
    last (null: it never was), how often it was within the year, membership of a kind of group."""
    since = {**{name: facts[name].title for name in _dates(facts)}, **records}
    return {
        **{f"{name}.months": Title(f"{one.zh}至今月数", f"months since {one.en}") for name, one in since.items()},
        **{f"{name}.this_year": Title(f"本年{one.zh}次数", f"{one.en} this year") for name, one in records.items()},
        **{f"member.{name}": Title(f"已加入{one.zh}", f"member ({one.en})") for name, one in groups.items()},
    }
