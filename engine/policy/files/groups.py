"""Reads what a policy says of groups, from groups.yaml."""

from __future__ import annotations

from ..groups import GroupKind
from ..workflow import GROUP
from . import models as f
from .documents import Document
from .sections import Sections
from .values import Place, bad_value, check_names, read_title


def read_groups(read: Sections) -> dict[str, GroupKind]:
    return {name: _group(read, name, one, document, place) for name, one, document, place in read.each("groups")}


def _group(read: Sections, name: str, one: f.GroupFile, document: Document, place: Place) -> GroupKind:
    check_names(document, (*place, "of"), ("workflow", "流程"), [one.of], read.rules.workflows)
    also = [one.also] if one.also is not None else []
    whole = [key for key, spec in read.facts.items() if spec.kind.name == "integer"]
    check_names(document, (*place, "also"), ("integer fact", "整数事实"), also, whole)
    least = read.facts[one.also].minimum if one.also is not None else 0
    if least is None or least < 0:
        en, zh = "may be negative: give the fact a minimum of 0", "可能为负；请给该事实设 minimum: 0"
        raise bad_value(document, (*place, "also"), en, zh)
    if one.most is not None and one.most < one.least:
        raise bad_value(document, (*place, "most"), "is less than 'least'", "小于 least")
    dissolves = [one.dissolves] if one.dissolves is not None else []
    fired = sorted({way.trigger for way in read.rules.workflows[one.of].transitions if GROUP in way.by})
    check_names(document, (*place, "dissolves"), ("trigger of 'group'", "由 group 触发的动作"), dissolves, fired)
    return GroupKind(
        name,
        read_title(one.title),
        one.of,
        read.when(one.members, document, (*place, "members")),
        read.by(one.by, document, (*place, "by")),
        one.least,
        one.most,
        one.also,
        one.exclusive,
        {key: read_title(title) for key, title in one.evidence.items()},
        read.effect(one.joined, document, (*place, "joined"), GROUP),
        read.effect(one.left, document, (*place, "left"), GROUP),
        one.dissolves,
        document.where(place),
        one.note,
    )
