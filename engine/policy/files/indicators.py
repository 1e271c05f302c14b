"""Reads a policy's figures, indicators and scorecard, from indicators.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from ...cases.events import EventKind
from ...errors import BadTest, DuplicateKey
from ...rules.notation import parse_test
from ...rules.unary_tests import Kind
from ..indicators import Figure, Indicator, Scorecard, Section
from . import models as f
from .documents import Document
from .sections import Sections
from .values import Place, bad_value, check_names, read_optional, read_title


def read_figures(read: Sections) -> dict[str, Figure]:
    return {name: _figure(read, name, one, document, place) for name, one, document, place in read.each("figures")}


def read_indicators(read: Sections) -> dict[str, Indicator]:
    events = _events(read)
    return {
        name: _indicator(read, name, one, document, place, events)
        for name, one, document, place in read.each("indicators")
    }


def read_scorecard(read: Sections) -> Scorecard | None:
    found = [(part.scorecard, document) for part, document in read.parts if part.scorecard is not None]
    if len(found) > 1:
        raise DuplicateKey(where=found[1][1].where(("scorecard",)), key="scorecard")
    if not found:
        return None
    (one, document), known = found[0], read.names("indicators")
    for i, section in enumerate(one.sections):
        place: Place = ("scorecard", "sections", i)
        check_names(document, (*place, "indicators"), ("indicator", "指标"), section.indicators, known)
        if section.by is not None:
            check_names(document, (*place, "by"), ("way of grouping", "分组方式"), [section.by], _dimensions(read))
    sections = [Section(read_title(part.title), tuple(part.indicators), part.by) for part in one.sections]
    return Scorecard(read_title(one.title), tuple(sections))


def _figure(read: Sections, name: str, one: f.FigureFile, document: Document, place: Place) -> Figure:
    by_key = {area.key: code for code, area in read.places.areas.items()}
    check_names(document, (*place, "values"), ("area", "区域"), one.values, by_key)
    values = {by_key[key]: dict(years) for key, years in one.values.items()}
    return Figure(name, read_title(one.title), read_title(one.source), values)


def _indicator(
    read: Sections, name: str, one: f.IndicatorFile, document: Document, place: Place, events: Mapping[str, Kind]
) -> Indicator:
    kinds = ("share", "sum", "per", "held", "happened", "recorded", "support", "growth")
    given = [key for key in kinds if getattr(one, key) is not None]
    if len(given) > 1:
        raise bad_value(document, (*place, given[1]), f"can't be where '{given[0]}' is", f"不能与 {given[0]} 同时使用")
    if one.measure != "times" and one.recorded is None:
        raise bad_value(document, (*place, "measure"), "goes with 'recorded' only", "只能与 recorded 同用")
    recorded = [one.recorded] if one.recorded else []
    check_names(document, (*place, "recorded"), ("kind of record", "记录种类"), recorded, read.names("records"))
    whole = [key for key, spec in read.facts.items() if spec.kind.name in ("integer", "decimal")]
    check_names(document, (*place, "sum"), ("number fact", "数值事实"), [one.sum] if one.sum else [], whole)
    figures = [one.per.figure] if one.per else []
    check_names(document, (*place, "per"), ("figure", "数据"), figures, read.names("figures"))
    supported = [one.support.name] if one.support else []
    check_names(document, (*place, "support"), ("support", "支持事项"), supported, read.names("support"))
    dimensions = [*one.by, *([one.held.by] if one.held else [])]
    check_names(document, (*place, "by"), ("way of grouping", "分组方式"), dimensions, _dimensions(read))
    target = None
    if one.target is not None:
        try:
            target = parse_test(one.target, Kind("decimal"), "target")
        except BadTest as error:
            raise error.at(document.where((*place, "target"))) from error
    elif one.target_when:
        raise bad_value(document, (*place, "target_when"), "needs 'target'", "需要 target")
    return Indicator(
        name,
        read_title(one.title),
        read.when(one.of, document, (*place, "of")),
        read.when(one.share, document, (*place, "share")) if one.share is not None else None,
        one.sum,
        (one.per.figure, one.per.each) if one.per else None,
        (one.held.by, one.held.least) if one.held else None,
        read.when(one.happened, document, (*place, "happened"), events) if one.happened is not None else None,
        one.recorded,
        one.measure,
        read_optional(one.growth, document, (*place, "growth")),
        (one.support.name, one.support.what) if one.support else None,
        tuple(one.by),
        target,
        read.when(one.target_when, document, (*place, "target_when")),
        dict(one.published),
        one.worse,
        document.where(place),
        one.note,
    )


def _dimensions(read: Sections) -> list[str]:
    """What cases can be grouped by."""
    grouped = ("enumeration", "boolean", "body")
    facts = [name for name, spec in read.facts.items() if spec.kind.name in grouped]
    return ["type", "stage", "responsible", "hub", *read.places.tiers, *facts]


def _events(read: Sections) -> dict[str, Kind]:
    """Everything that an indicator may ask of an event."""
    flows = read.rules.workflows.values()
    stages = tuple(dict.fromkeys(stage for flow in flows for stage in flow.stages))
    triggers = tuple(dict.fromkeys(trigger for flow in flows for trigger in flow.triggers))

    return {
        **read.asked,
        "event.kind": Kind("enumeration", tuple(str(kind) for kind in EventKind)),
        "event.trigger": Kind("enumeration", triggers),
        "event.into": Kind("enumeration", stages),
        "event.out_of": Kind("enumeration", stages),
        "event.obligation": Kind("enumeration", tuple(read.rules.obligations)),
        "event.outcome": Kind("string"),
        "event.gate": Kind("enumeration", tuple(read.names("gates"))),
        "event.answer": Kind("enumeration", ("allowed", "conditional", "refused")),
        "event.group": Kind("enumeration", tuple(read.names("groups"))),
        "event.blocker": Kind("enumeration", tuple(read.rules.blockers)),
        "event.stage": Kind("enumeration", stages),
        "event.escalated": Kind("boolean"),
    }
