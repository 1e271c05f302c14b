"""Findings in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from ..errors import Where
from ..rules.tables import DecisionTable
from .findings import Finding, Witness
from .prover import MOST, Prover, bits
from .space import Box, Cover, meet, meet_all, ones, within


def table_findings(prover: Prover, name: str, domain: list[Box] | None) -> Iterator[Finding]:
    """What is wrong with one table. `domain` is where it must have an answer (None: nothing asks it)."""
    table = prover.policy.table(name)
    parts = prover.parts(name)
    known = len(parts)
    cover = Cover(prover.space, [*(box for _, box in parts), *prover.refusals])
    refused = bits(range(known, known + len(prover.refusals)))
    own: dict[int, int] = dict.fromkeys(range(len(table.rows)), 0)
    for at, (row, _) in enumerate(parts):
        own[row] |= 1 << at
    alive = {row: any(not cover.covered(parts[at][1], refused) for at in ones(bits)) for row, bits in own.items()}
    for row, living in alive.items():
        if not living:
            yield Finding("row-never-met", prover.row_where(name, row), {"table": name, "a": row + 1})
    if table.hit in ("U", "A"):
        yield from _overlaps(prover, table, parts, cover, refused)
    if table.hit in ("F", "P"):
        yield from _unreachable(prover, table, parts, cover, refused, own, alive)
    yield from _subsumed(prover, table, parts, cover, own, alive)
    yield from _mergeable(prover, table)
    if domain is None:
        yield Finding("table-unused", prover.table_where(name), {"table": name})
    elif not table.collects:
        asked = prover.asked(name)
        gaps = [gap for region in domain for gap in islice(cover.gaps(region), MOST)]
        for box, one in prover.projected(gaps, asked):
            details = {"table": name, "box": prover.text(box, asked)}
            yield Finding("table-gap", prover.table_where(name), details, prover.witness(one, name))


def _overlaps(
    prover: Prover, table: DecisionTable, parts: list[tuple[int, Box]], cover: Cover, refused: int
) -> Iterator[Finding]:
    told: set[tuple[int, int]] = set()
    for at, (row, box) in enumerate(parts):
        others = cover.meeting(box) & ~refused & ~((1 << (at + 1)) - 1)
        for other_at in ones(others):
            other, other_box = parts[other_at]
            pair = (min(row, other), max(row, other))
            alike = table.rows[row].outputs == table.rows[other].outputs
            if row == other or pair in told or (table.hit == "A" and alike):
                continue
            shared = meet(box, other_box)
            left = next(cover.gaps(shared, refused), None) if shared else None
            if left is None:
                continue
            told.add(pair)
            yield Finding(
                "rows-overlap-alike" if alike else "rows-overlap",
                prover.row_where(table.name, pair[1]),
                {
                    "table": table.name,
                    "a": pair[0] + 1,
                    "b": pair[1] + 1,
                    "box": prover.text(left, prover.asked(table.name)),
                },
                prover.witness(left, table.name),
            )


def _unreachable(
    prover: Prover,
    table: DecisionTable,
    parts: list[tuple[int, Box]],
    cover: Cover,
    refused: int,
    own: Mapping[int, int],
    alive: Mapping[int, bool],
) -> Iterator[Finding]:
    before = refused
    for row in prover.order(table):
        boxes = [parts[at][1] for at in ones(own[row])]
        if alive[row] and all(cover.covered(box, before) for box in boxes):
            left = next(piece for box in boxes for piece in cover.gaps(box, refused))
            yield Finding(
                "row-unreachable",
                prover.row_where(table.name, row),
                {"table": table.name, "a": row + 1},
                prover.witness(left, table.name),
            )
        before |= own[row]


def _subsumed(
    prover: Prover,
    table: DecisionTable,
    parts: list[tuple[int, Box]],
    cover: Cover,
    own: Mapping[int, int],
    alive: Mapping[int, bool],
) -> Iterator[Finding]:
    """Rows that change nothing: another contains them, says the same, and no third comes between."""
    if table.hit not in ("A", "F", "C"):
        return
    for row, mine in own.items():
        boxes = [parts[at][1] for at in ones(mine)]
        if not boxes or not alive[row]:
            continue
        meeting = [cover.meeting(box) for box in boxes]
        candidates = {parts[at][0] for met in meeting for at in ones(met) if at < len(parts)} - {row}
        for other in sorted(candidates):
            if table.rows[other].outputs != table.rows[row].outputs or (table.hit == "F" and other < row):
                continue
            if not all(any(within(box, parts[at][1]) for at in ones(own[other])) for box in boxes):
                continue
            between = any(row < third < other for third in candidates)
            if table.hit == "F" and between:
                continue
            if (
                own[other].bit_count() == mine.bit_count()
                and other > row
                and table.hit != "F"
                and all(any(within(parts[at][1], box) for box in boxes) for at in ones(own[other]))
            ):
                continue  # two that are the same are told once, at the later one
            yield Finding(
                "row-subsumed",
                prover.row_where(table.name, row),
                {"table": table.name, "a": row + 1, "b": other + 1},
                prover.witness(boxes[0], table.name),
            )
            break


def _mergeable(prover: Prover, table: DecisionTable) -> Iterator[Finding]:
    """Rows that differ in one column. Rows whose notes differ stand apart on purpose: they name different sources."""
    if table.hit not in ("U", "A", "F"):
        return
    keys = []
    types = list(prover.policy.workflows)
    for row in table.rows:
        masks = [
            bits(i for i, name in enumerate(types) if test.matches(name))
            if fact == "type"
            else prover.space.mask(fact, test)
            if not test.everything
            else -1
            for (fact, _), test in zip(table.inputs, row.tests, strict=True)
        ]
        keys.append((masks, row))
    for column, (fact, _) in enumerate(table.inputs):
        groups: dict[Any, list[int]] = {}
        for index, (masks, row) in enumerate(keys):
            rest = (*masks[:column], *masks[column + 1 :])
            groups.setdefault((rest, row.outputs, row.note), []).append(index)
        for group in groups.values():
            for a, b in pairwise(group):
                if table.hit == "F" and b != a + 1:
                    continue
                if keys[a][0][column] == keys[b][0][column]:
                    continue
                yield Finding(
                    "rows-mergeable",
                    prover.row_where(table.name, b, fact),
                    {"table": table.name, "a": a + 1, "b": b + 1, "column": fact},
                    _either(prover, table, b),
                )


def _either(prover: Prover, table: DecisionTable, row: int) -> Witness | None:
    for at, box in prover.parts(table.name):
        if at == row:
            return prover.witness(box, table.name)
    return None


def entry_findings(prover: Prover) -> Iterator[Finding]:
    """Every organisation that is taken in enters a state that its workflow has, and that is not its end."""
    policy = prover.policy
    name = policy.intake.entry
    table = policy.table(name)
    told: set[tuple[str, int, str]] = set()
    for row, box in prover.decided(name):
        output = table.rows[row].outputs[0]
        for type_name, boxes in prover.types.items():
            workflow = policy.workflows[type_name]
            state = workflow.state_of(output)
            code = "entry-not-in-workflow" if state is None else "entry-closed"
            if state is not None and not workflow.states[state].final:
                continue
            shared = next((part for one in boxes if (part := meet(box, one)) is not None), None)
            if shared is None or (code, row, type_name) in told:
                continue
            told.add((code, row, type_name))
            yield Finding(
                code,
                prover.row_where(name, row, f"->{table.outputs[0]}"),
                {"table": name, "a": row + 1, "state": output, "type": type_name},
                prover.witness(shared),
            )


def intake_findings(prover: Prover) -> Iterator[Finding]:
    """Types that no organisation has, refusals that never apply."""
    for name, boxes in prover.types.items():
        if not boxes:
            workflow = prover.policy.workflows[name]
            yield Finding("workflow-unused", Where(workflow.files[0], 1), {"type": name})
    for refusal in prover.policy.intake.refusals:
        if not prover.space.boxes(refusal.when):
            yield Finding("refusal-never", refusal.where)


def obligation_findings(prover: Prover) -> Iterator[Finding]:
    """Obligations that nobody has."""
    for obligation in prover.policy.obligations.values():
        boxes = prover.space.boxes(obligation.when, prover.types)
        everyone = [box for boxes in prover.types.values() for box in boxes]
        if not meet_all(boxes, everyone):
            yield Finding("obligation-never", obligation.where, {"obligation": obligation.name})


def gate_findings(prover: Prover) -> Iterator[Finding]:
    """Grounds that no row of a gate's table gives."""
    for gate in prover.policy.parts.gates.values():
        given = {str(row.outputs[0]) for row in prover.policy.table(gate.table).rows} | {gate.otherwise}
        for ground in gate.grounds:
            if ground not in given:
                yield Finding("ground-unused", gate.where, {"gate": gate.name, "ground": ground})
