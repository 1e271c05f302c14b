"""What all proofs share: a policy's space, the boxes of its types, its tables' rows as boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ..errors import Where
from ..policy.policy import Policy
from ..policy.workflow import Transition, Workflow
from ..rules.conditions import Condition
from ..rules.tables import DecisionTable
from ..rules.unary_tests import UnaryTest
from .findings import Finding, Witness
from .space import AREA, Box, Cover, Space, meet, meet_all, merged

#: No more findings of one code than this for one table; the rest are counted.
MOST = 100


class Prover:
    """A policy as boxes. `types` are the boxes of the organisations of each type, `refusals` those not taken in."""

    def __init__(self, policy: Policy, space: Space | None = None) -> None:
        self.policy = policy
        self.space = space or Space(policy, tests_of(policy))
        self.refusals = [box for one in policy.intake.refusals for box in self.space.boxes(one.when)]
        self._refused = Cover(self.space, self.refusals)
        self.types: dict[str, list[Box]] = {name: [] for name in policy.workflows}
        self._parts: dict[str, list[tuple[int, Box]]] = {}
        self._decided: dict[str, list[tuple[int, Box]]] = {}
        table = policy.table(policy.intake.type)
        for row, box in self.decided(policy.intake.type):
            self.types[table.rows[row].outputs[0]] += self.admitted(box)

    def admitted(self, box: Box) -> list[Box]:
        """What of a box is taken in."""
        return list(self._refused.gaps(box))

    def is_admitted(self, box: Box) -> bool:
        return not self._refused.covered(box)

    def parts(self, name: str) -> list[tuple[int, Box]]:
        """Each row's index with its boxes; a row that asks for types has those of each of them."""
        if name not in self._parts:
            table = self.policy.table(name)
            facts = [fact for fact, _ in table.inputs]
            found = []
            for index, row in enumerate(table.rows):
                condition = Condition(tuple(zip(facts, row.tests, strict=True)))
                found += [(index, box) for box in self.space.boxes(condition, self.types)]
            self._parts[name] = found
        return self._parts[name]

    def order(self, table: DecisionTable) -> list[int]:
        """The rows' indexes, the one that decides first where several fit first."""
        indexes = list(range(len(table.rows)))
        if table.hit == "P":
            priorities = list(table.priorities)

            def rank(index: int) -> int:
                value = table.rows[index].outputs[0]
                return priorities.index(value) if value in priorities else len(priorities)

            indexes.sort(key=rank)
        return indexes

    def decided(self, name: str) -> list[tuple[int, Box]]:
        """Each row's index with the boxes in which it is the one that decides."""
        if name not in self._decided:
            table, parts = self.policy.table(name), self.parts(name)
            if table.hit not in ("F", "P"):
                self._decided[name] = parts
            else:
                cover = Cover(self.space, [box for _, box in parts])
                place = {index: at for at, index in enumerate(self.order(table))}
                found = []
                for at, (row, box) in enumerate(parts):
                    before = cover.meeting(box) & ~(1 << at)
                    before = bits(
                        i for i, (other, _) in enumerate(parts) if before >> i & 1 and place[other] < place[row]
                    )
                    found += [(row, piece) for piece in cover.gaps(box, before)]
                self._decided[name] = found
        return self._decided[name]

    # --- guards ---

    @cached_property
    def _guards(self) -> dict[int, list[Box]]:
        return {}

    def guard(self, workflow: Workflow, transition: Transition) -> list[Box]:
        """Where a transition's guard holds for a case of the workflow."""
        if id(transition) not in self._guards:
            boxes = self.space.boxes(transition.when, {workflow.name: self.types[workflow.name]})
            self._guards[id(transition)] = meet_all(boxes, self.types[workflow.name])
        return self._guards[id(transition)]

    # --- findings ---

    def facts(self, box: Box) -> tuple[str, dict[str, Any]]:
        """An area's key and facts, one organisation of a box."""
        area, facts = self.space.pick(box)
        return self.policy.places.areas[area].key, facts

    def witness(
        self, box: Box, table: str | None = None, chosen: Mapping[str, Any] | None = None, **more: Any
    ) -> Witness:
        """One organisation of a box, with the facts (and area) in `chosen` as they are there. What only a case has
        (days overdue, ...) is told where a table alone is tried."""
        area, facts = self.facts(box)
        facts |= chosen or {}
        area = facts.pop(AREA, area)
        if table is not None:
            asked = self.asked(table)
            facts = {name: value for name, value in facts.items() if name in asked}
            return Witness(facts, area if asked & set(self.policy.places.tiers) else None, table=table, **more)
        facts = {name: value for name, value in facts.items() if name in self.intake_facts or self._limits(box, name)}
        return Witness(facts, area, **more)

    def _limits(self, box: Box, fact: str) -> bool:
        """Whether a box asks anything of an organisation's fact."""
        at = self.space.at.get(fact)
        return at is not None and fact in self.policy.facts and box[at] != self.space.axes[at].all

    @cached_property
    def intake_facts(self) -> frozenset[str]:
        """The facts without which nobody is taken in."""
        intake = self.policy.intake
        names = (intake.type, intake.responsible, intake.hub, intake.entry, intake.priority)
        asked = frozenset[str]().union(*(self.asked(name) for name in names if name is not None))
        asked = asked.union(*(one.when.facts for one in intake.refusals))
        return asked & frozenset(self.policy.facts)

    def text(self, box: Box, asked: frozenset[str]) -> str:
        """A box in words: what it says of the facts that matter here."""
        said = self.space.describe(box)
        tiers = AREA if asked & set(self.policy.places.tiers) else ""
        return "; ".join(f"{fact} {test}" for fact, test in said.items() if fact in asked or fact == tiers) or "-"

    def projected(self, boxes: Sequence[Box], asked: frozenset[str]) -> Iterator[tuple[Box, Box]]:
        """The boxes with what isn't asked left open, joined where they can be, each with one of those it came from."""
        tiers = bool(asked & set(self.policy.places.tiers))
        axes = self.space.axes
        open_ = [
            tuple(
                mask if axis.name in asked or (axis.name == AREA and tiers) else axis.all
                for axis, mask in zip(axes, box, strict=True)
            )
            for box in boxes
        ]
        for box in merged(open_):
            yield box, next(one for one in boxes if meet(one, box) is not None)

    def asked(self, name: str) -> frozenset[str]:
        """The facts that a table asks for; for the type those by which it is told."""
        facts = frozenset(fact for fact, _ in self.policy.table(name).inputs)
        return facts | self.asked(self.policy.intake.type) if "type" in facts else facts

    def row_where(self, name: str, index: int, column: str | None = None) -> Where:
        table = self.policy.table(name)
        row = table.rows[index]
        return Where(table.file, row.line, row.number, column)

    def table_where(self, name: str) -> Where:
        return self.policy.tables[name].where


def capped(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings, but no more than MOST of one code; then how many more there are."""
    seen: dict[str, int] = {}
    last: dict[str, Finding] = {}
    for one in findings:
        seen[one.code] = seen.get(one.code, 0) + 1
        if seen[one.code] <= MOST:
            last[one.code] = one
            yield one
    for code, count in seen.items():
        if count > MOST:
            yield Finding("more-findings", last[code].where, {"count": count - MOST, "code": code})


def bits(positions: Iterable[int]) -> int:
    return sum(1 << position for position in positions)


def tests_of(policy: Policy) -> Iterator[tuple[str, UnaryTest]]:
    """Every test that the policy writes."""

    def condition(one: Condition) -> Iterator[tuple[str, UnaryTest]]:
        yield from one.tests
        for way in one.alternatives:
            yield from condition(way)

    for name in policy.tables:
        table = policy.table(name)
        for row in table.rows:
            for (fact, _), test in zip(table.inputs, row.tests, strict=True):
                yield fact, test
    for workflow in policy.workflows.values():
        for transition in workflow.transitions:
            yield from condition(transition.when)
        for state in workflow.states.values():
            yield from condition(state.awaits)
    for refusal in policy.intake.refusals:
        yield from condition(refusal.when)
    for obligation in policy.obligations.values():
        yield from condition(obligation.when)
    for promise in policy.properties:
        yield from condition(promise.when)


def with_value(space: Space, box: Box, values: Mapping[str, Any]) -> Box | None:
    """A box with facts set to values: None where a value lies on no atom (then nothing asks for it)."""
    masks = list(box)
    for fact, value in values.items():
        if fact in space.at:
            mask = space.value_box(fact, value)
            if not mask:
                return None
            masks[space.at[fact]] = mask
    return tuple(masks)
