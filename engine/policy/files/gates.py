"""Reads what a policy says of gates, from gates.yaml."""

from __future__ import annotations

from ...errors import UnknownName, Where
from ..gates import Gate, Ground, InStep, Told
from ..obligations import Outcome
from ..workflow import GATE
from . import models as f
from .documents import Document
from .sections import Sections
from .values import Place, bad_value, check_names, read_sets, read_title


def read_gates(read: Sections) -> dict[str, Gate]:
    return {name: _gate(read, name, one, document, place) for name, one, document, place in read.each("gates")}


def _gate(read: Sections, name: str, one: f.GateFile, document: Document, place: Place) -> Gate:
    check_names(document, (*place, "table"), ("table", "表"), [one.table], read.rules.tables)
    table = read.rules.tables[one.table].decision
    if len(table.outputs) != 1 or table.hit not in ("C", "R", "O"):
        raise bad_value(
            document,
            (*place, "table"),
            "needs a table that collects (hit: C), with one output",
            "需要单一输出的收集型（hit: C）表",
        )
    for row in table.rows:
        if row.outputs[0] not in one.grounds:
            where = Where(table.file, row.line, row.number, f"->{table.outputs[0]}")
            known = list(one.grounds)
            raise UnknownName(where=where, kind_en="ground", kind_zh="理由", name=row.outputs[0], known=known)
    check_names(document, (*place, "otherwise"), ("ground", "理由"), [one.otherwise], one.grounds)
    lasting = [key for key, spec in read.rules.obligations.items() if spec.within is not None]
    together = one.in_step.outcomes if one.in_step is not None else []
    check_names(document, (*place, "in_step", "outcomes"), ("outcome", "结果"), together, one.told)
    owed = [one.in_step.owes] if one.in_step is not None else []
    check_names(document, (*place, "in_step", "owes"), ("obligation with 'within'", "有 within 的义务"), owed, lasting)
    grounds = {}
    for key, ground in one.grounds.items():
        at = (*place, "grounds", key)
        if (ground.owes is not None) != (ground.answer == "conditional"):
            raise bad_value(
                document,
                at,
                "'owes' goes with 'answer: conditional', and only with it",
                "answer: conditional 须有 owes，且仅限于它",
            )
        owes = [ground.owes] if ground.owes is not None else []
        check_names(document, (*at, "owes"), ("obligation with 'within'", "有 within 的义务"), owes, lasting)
        check_names(document, (*at, "waives"), ("outcome told in step", "须同步的结果"), ground.waives, together)
        do = read_title(ground.do) if ground.do is not None else None
        grounds[key] = Ground(key, ground.answer, read_title(ground.title), do, ground.owes, tuple(ground.waives))
    for key, resolved in grounds.items():
        if together and set(resolved.waives) >= set(together):
            raise bad_value(
                document, (*place, "grounds", key, "waives"), "leaves nothing to be told", "没有可回报的结果了"
            )
    return Gate(
        name,
        read_title(one.title),
        read.when(one.when, document, (*place, "when")),
        read.by(one.by, document, (*place, "by")),
        one.table,
        one.otherwise,
        grounds,
        {key: _told(read, key, told, document, (*place, "told", key)) for key, told in one.told.items()},
        InStep(tuple(together), one.in_step.owes, read.effect(one.in_step, document, (*place, "in_step"), GATE))
        if one.in_step is not None
        else None,
        document.where(place),
        one.note,
    )


def _told(read: Sections, name: str, one: f.ToldFile, document: Document, place: Place) -> Told:
    values = {
        key: Outcome(
            read_title(value.title), read_sets(value.sets, document, (*place, "values", key, "sets"), read.facts)
        )
        for key, value in one.values.items()
    }
    return Told(
        name,
        read_title(one.title),
        read.by(one.by, document, (*place, "by")),
        {key: read_title(title) for key, title in one.evidence.items()},
        values,
        read.effect(one, document, place, GATE),
    )
