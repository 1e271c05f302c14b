"""Reads what a policy says of intake, and what it promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...errors import UnknownName
from ...rules.conditions import Condition
from ..facts import CASE_FACTS, Vocabulary
from ..intake import Intake, Property, Refusal
from ..tables import PolicyTable
from ..workflow import Workflow
from . import models as f
from .documents import Document
from .tables import only_facts
from .values import Known, bad_value, read_condition, read_period, read_title


def read_intake(head: f.PolicyFile, document: Document, tables: Mapping[str, PolicyTable], known: Known) -> Intake:
    written, vocabulary = head.intake, known.vocabulary
    wanted = {"type": "workflow", "responsible": "body", "entry": "state", "hub": "body", "priority": "integer"}
    for key, kind in wanted.items():
        name = getattr(written, key)
        if name is None:
            continue
        where = document.where(("intake", key))
        if name not in tables:
            raise UnknownName(where=where, kind_en="table", kind_zh="表", name=name, known=sorted(tables))
        only_facts(tables[name], vocabulary, where)
        if list(tables[name].outputs.values()) != [kind] or tables[name].decision.collects:
            raise bad_value(
                document,
                ("intake", key),
                f"needs a table with one output of type {kind}",
                f"需要只有一个 {kind} 输出的表",
            )
    for name in written.entitlements:
        if name not in tables:
            where = document.where(("intake", "entitlements"))
            raise UnknownName(where=where, kind_en="table", kind_zh="表", name=name, known=sorted(tables))
    weight = written.weight
    if weight is not None and (weight not in vocabulary.facts or vocabulary.facts[weight].kind.name != "integer"):
        raise bad_value(document, ("intake", "weight"), "must be an integer fact", "应为整数事实")
    return Intake(
        written.type,
        written.responsible,
        written.entry,
        written.hub,
        written.priority,
        weight,
        tuple(written.entitlements),
        tuple(_refusals(written, document, vocabulary)),
    )


def _refusals(written: f.IntakeFile, document: Document, vocabulary: Vocabulary) -> Iterable[Refusal]:
    for i, one in enumerate(written.refuses):
        place = ("intake", "refuses", i)
        when = read_condition(one.when, document, (*place, "when"), vocabulary.kinds)
        own = sorted(name for name in when.facts if name == "type" or name in CASE_FACTS)
        if own:
            raise bad_value(document, (*place, "when", own[0]), "is not known yet at intake", "在受理时尚不可知")
        yield Refusal(when, read_title(one.because), document.where(place))


def read_properties(
    head: f.PolicyFile, document: Document, workflows: Mapping[str, Workflow], known: Known
) -> Iterable[Property]:
    kinds = known.vocabulary.kinds
    for i, one in enumerate(head.properties):
        place = ("properties", i)
        if (one.never is None) == (one.always_within is None):
            raise bad_value(
                document, place, "needs either 'never' or 'always_within'", "需要 never 或 always_within 之一"
            )
        for name in one.workflows:
            if name not in workflows:
                where = document.where((*place, "workflows"))
                raise UnknownName(where=where, kind_en="workflow", kind_zh="流程", name=name, known=sorted(workflows))
        chosen = tuple(one.workflows) or tuple(workflows)
        said = one.never or one.always_within
        assert said is not None
        key = "never" if one.never else "always_within"
        states = {name for workflow in chosen for name in (*workflows[workflow].stages, *workflows[workflow].states)}
        if said.stage not in states:
            where = document.where((*place, key, "stage"))
            raise UnknownName(where=where, kind_en="state", kind_zh="环节", name=said.stage, known=sorted(states))
        when = read_condition(one.never.when, document, (*place, "never", "when"), kinds) if one.never else Condition()
        within = (
            read_period(one.always_within.within, document, (*place, "always_within", "within"))
            if one.always_within
            else None
        )
        yield Property(read_title(one.title), chosen, said.stage, when, within, document.where(place))
