"""The facts that rules ask for as a space that can be searched exactly.

Every axis (a fact, or the area for all of its tiers) is cut at the values that the rules name into atoms: sets of
values that no rule tells apart. A box is a bit mask of atoms for each axis, a rule a union of boxes; so overlap,
coverage and emptiness are questions about finitely many atoms, and each answer has a concrete value for a witness.
Calvanese et al., "Semantics and Analysis of DMN Decision Tables" (2016), ask the same questions by sweeping over the
dimensions; here a region is halved where the fewest rows are cut, which finds a table's own structure again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..policy.policy import Policy
from ..rules.conditions import Condition
from ..rules.unary_tests import EXACT, Interval, UnaryTest, middle
from ..text import shown

Box = tuple[int, ...]


AREA = "area"


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension: its atoms, each the tuple of values in it (for an unbounded one, of one such value)."""

    name: str
    atoms: tuple[tuple[Any, ...], ...]
    ordered: bool

    @property
    def all(self) -> int:
        return (1 << len(self.atoms)) - 1

    def text(self, mask: int) -> str:
        """The mask as a unary test would say it."""
        chosen = [self.atoms[i] for i in ones(mask)]
        values = [value for atom in chosen for value in atom]
        return ", ".join(shown(value) for value in values[:6]) + (", …" if len(values) > 6 else "")


class Space:
    """The axes that a policy's rules need, and the boxes of its rules."""

    def __init__(self, policy: Policy, tests: Iterable[tuple[str, UnaryTest]]) -> None:
        self.policy = policy
        by_fact: dict[str, list[UnaryTest]] = {}
        for fact, test in tests:
            if fact != "type":
                by_fact.setdefault(fact, []).append(test)
        tiers = {tier: by_fact.pop(tier) for tier in policy.places.tiers if tier in by_fact}
        self._tiers = frozenset(policy.places.tiers)
        self._around = {code: policy.places.around(code) for code in policy.places.areas}
        axes = [self._areas(tiers)]
        axes += [_axis(policy, fact, found) for fact, found in sorted(by_fact.items())]
        self.axes = tuple(axes)
        self.at = {axis.name: i for i, axis in enumerate(self.axes)}
        self.full: Box = tuple(axis.all for axis in self.axes)
        self._masks: dict[tuple[str, str], int] = {}

    def _areas(self, tests: Mapping[str, list[UnaryTest]]) -> Axis:
        """Areas that no test tells apart are one atom; the lowest come first, for they have every tier around them."""
        order = list(self.policy.places.tiers)
        groups: dict[tuple[Any, ...], list[str]] = {}
        for area in sorted(self.policy.places.areas.values(), key=lambda one: -order.index(one.tier)):
            signature = tuple(
                test.matches(self._key(area.code, tier)) for tier, found in tests.items() for test in found
            ) + tuple(tier in self._around[area.code] for tier in order)
            groups.setdefault(signature, []).append(area.code)
        return Axis(AREA, tuple(tuple(codes) for codes in groups.values()), ordered=False)

    def _key(self, code: str, tier: str) -> str | None:
        around = self._around[code]
        return around[tier].key if tier in around else None

    # --- rules as boxes ---

    def mask(self, fact: str, test: UnaryTest) -> int:
        """The atoms of the fact's axis whose values pass."""
        key = (fact, test.text)
        if key not in self._masks:
            axis = self.axes[self._axis_of(fact)]
            if fact in self._tiers:
                values = [self._key(atom[0], fact) for atom in axis.atoms]
            else:
                values = [atom[0] for atom in axis.atoms]
            self._masks[key] = sum(1 << i for i, value in enumerate(values) if test.matches(value))
        return self._masks[key]

    def _axis_of(self, fact: str) -> int:
        return self.at[AREA if fact in self._tiers else fact]

    def box(self, tests: Iterable[tuple[str, UnaryTest]]) -> Box | None:
        """The box where all tests pass (`type` is not a dimension: leave it out); None if there is none."""
        masks = list(self.full)
        for fact, test in tests:
            if test.everything or fact == "type":
                continue
            i = self._axis_of(fact)
            masks[i] &= self.mask(fact, test)
            if not masks[i]:
                return None
        return tuple(masks)

    def boxes(self, condition: Condition, types: Mapping[str, Sequence[Box]] | None = None) -> list[Box]:
        """A condition as a union of boxes; its tests of `type` by the boxes of each type."""
        own = self.box(condition.tests)
        found = [own] if own is not None else []
        for fact, test in condition.tests:
            if fact == "type" and not test.everything and types is not None:
                held = [box for name, boxes in types.items() if test.matches(name) for box in boxes]
                found = meet_all(found, held)
        if condition.alternatives:
            ways = [box for one in condition.alternatives for box in self.boxes(one, types)]
            found = meet_all(found, ways)
        return found

    def value_box(self, fact: str, value: Any) -> int:
        """The atom of a fact's axis that a value lies in, as a mask (0: in none, or the fact has no axis)."""
        if fact not in self.at:
            return 0
        axis = self.axes[self.at[fact]]
        for i, atom in enumerate(axis.atoms):
            if value is None or not axis.ordered or atom == (None,):
                held = value in atom
            else:
                _, low, high, low_closed, high_closed = atom
                held = value in Interval(low, high, low_closed, high_closed)
            if held:
                return 1 << i
        return 0

    # --- boxes as facts ---

    def pick(self, box: Box) -> tuple[str, dict[str, Any]]:
        """One area's code and one value for each axis in a box."""
        values = {axis.name: axis.atoms[next(ones(mask))][0] for axis, mask in zip(self.axes, box, strict=True)}
        return values.pop(AREA), values

    def describe(self, box: Box) -> dict[str, str]:
        """What a box asks of each fact that it limits."""
        said = {}
        for axis, mask in zip(self.axes, box, strict=True):
            if mask != axis.all:
                if axis.name == AREA:
                    keys = [self.policy.places.areas[code].key for i in ones(mask) for code in axis.atoms[i]]
                    said[AREA] = ", ".join(keys[:4]) + (", …" if len(keys) > 4 else "")
                else:
                    said[axis.name] = _span(axis, mask)
        return said


def _span(axis: Axis, mask: int) -> str:
    """A mask in the notation of unary tests. An ordered axis has the named values and what lies between."""
    if not axis.ordered:
        return axis.text(mask)
    parts: list[str] = []
    atoms = axis.atoms
    start = 0
    if atoms and atoms[0] == (None,):
        start = 1
        if mask & 1:
            parts.append("null")
    i = start
    while i < len(atoms):
        if not mask >> i & 1:
            i += 1
            continue
        j = i
        while j + 1 < len(atoms) and mask >> (j + 1) & 1:
            j += 1
        low, high = atoms[i], atoms[j]
        bottom, top = i == start and low[1] is None, j == len(atoms) - 1 and high[2] is None
        if bottom and top:
            parts.append("not(null)")
        elif top:
            parts.append((">= " if low[3] else "> ") + shown(low[1]))
        elif bottom:
            parts.append(("<= " if high[4] else "< ") + shown(high[2]))
        elif low[1] == high[2]:
            parts.append(shown(low[1]))
        else:
            parts.append(f"{'[' if low[3] else '('}{shown(low[1])}..{shown(high[2])}{']' if high[4] else ')'}")
        i = j + 1
    return ", ".join(parts)


def ones(mask: int) -> Iterator[int]:
    """The positions of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def meet(a: Box, b: Box) -> Box | None:
    """What two boxes share; None if nothing."""
    shared = []
    for x, y in zip(a, b, strict=True):
        both = x & y
        if not both:
            return None
        shared.append(both)
    return tuple(shared)


def meet_all(some: Sequence[Box], others: Sequence[Box]) -> list[Box]:
    """What two unions of boxes share."""
    return [shared for a in some for b in others if (shared := meet(a, b)) is not None]


def within(inner: Box, outer: Box) -> bool:
    return all(x & ~y == 0 for x, y in zip(inner, outer, strict=True))


class Cover:
    """Boxes to be searched for what they leave out and which of them meet."""

    def __init__(self, space: Space, boxes: Sequence[Box]) -> None:
        self.space, self.boxes = space, list(boxes)
        self._all = (1 << len(self.boxes)) - 1
        self._rows = [_transposed([box[i] for box in self.boxes], len(axis.atoms)) for i, axis in enumerate(space.axes)]
        self._unions: list[dict[int, int]] = [{} for _ in self._rows]  # few masks are asked for, again and again

    def _touching(self, i: int, mask: int) -> int:
        """The bits of the boxes that hold an atom of `mask` on axis `i`."""
        found = self._unions[i].get(mask)
        if found is None:
            found = 0
            for atom in ones(mask):
                found |= self._rows[i][atom]
            self._unions[i][mask] = found
        return found

    def meeting(self, box: Box) -> int:
        """The bits of the boxes that share something with `box`."""
        found = self._all
        for i, mask in enumerate(box):
            found &= self._touching(i, mask)
            if not found:
                break
        return found

    def gaps(self, region: Box, active: int | None = None) -> Iterator[Box]:
        """Disjoint boxes that make up what of `region` no box (of those in `active`) covers."""
        waiting = [(region, self._all if active is None else active)]
        while waiting:
            box, rows = waiting.pop()
            for i, mask in enumerate(box):
                rows &= self._touching(i, mask)
            if not rows:
                yield box
                continue
            split = self._split(box, rows)
            if split is not None:
                waiting += split

    def covered(self, region: Box, active: int | None = None) -> bool:
        return next(self.gaps(region, active), None) is None

    def _split(self, box: Box, rows: int) -> list[tuple[Box, int]] | None:
        """The region in two where the fewest rows lie on both sides; None where one row covers all of it."""
        covering = rows
        best: tuple[int, int, int, int, int] | None = None
        for i, mask in enumerate(box):
            groups: list[tuple[int, int]] = []
            places: dict[int, int] = {}
            for atom in ones(mask):
                here = self._rows[i][atom] & rows
                covering &= here
                if self.space.axes[i].ordered:
                    if groups and groups[-1][0] == here:
                        groups[-1] = (here, groups[-1][1] | 1 << atom)
                    else:
                        groups.append((here, 1 << atom))
                elif here in places:
                    at = places[here]
                    groups[at] = (here, groups[at][1] | 1 << atom)
                else:
                    places[here] = len(groups)
                    groups.append((here, 1 << atom))
            if len(groups) < 2:
                continue
            before = [0]
            for here, _ in groups:
                before.append(before[-1] | here)
            after = 0
            atoms_after = 0
            for at in range(len(groups) - 1, 0, -1):
                after |= groups[at][0]
                atoms_after |= groups[at][1]
                left, right = before[at].bit_count(), after.bit_count()
                score = left * left + right * right
                if best is None or score < best[0]:
                    best = (score, i, atoms_after, before[at], after)
        if covering:
            return None
        assert best is not None, "rows that don't cover a region cut it somewhere"
        _, i, atoms, left_rows, right_rows = best
        return [
            ((*box[:i], box[i] & ~atoms, *box[i + 1 :]), left_rows & rows),
            ((*box[:i], atoms, *box[i + 1 :]), right_rows & rows),
        ]


def merged(boxes: Iterable[Box]) -> list[Box]:
    """The same union in fewer boxes: those that differ on one axis only are joined."""
    found = list(dict.fromkeys(boxes))
    again = True
    while again and found:
        again = False
        for i in range(len(found[0])):
            joined: dict[tuple[Any, ...], int] = {}
            for box in found:
                rest = (*box[:i], *box[i + 1 :])
                joined[rest] = joined.get(rest, 0) | box[i]
            if len(joined) < len(found):
                found = [(*rest[:i], mask, *rest[i:]) for rest, mask in joined.items()]
                again = True
    return found


def _transposed(masks: Sequence[int], width: int) -> list[int]:
    """From masks of atoms by row to masks of rows by atom."""
    if not masks:
        return [0] * width
    columns = zip(*(format(mask, f"0{width}b") for mask in reversed(masks)), strict=True)
    return [int("".join(column), 2) for column in columns][::-1]


def _axis(policy: Policy, fact: str, tests: Sequence[UnaryTest]) -> Axis:
    spec = policy.facts.get(fact)
    kind = policy.vocabulary.asked[fact]
    nullable = spec.nullable if spec else fact.endswith(".months")
    low, high = (spec.minimum, spec.maximum) if spec else (0 if fact not in policy.places.tiers else None, None)
    named = {point for test in tests for point in test.points if point is not None}
    named |= {bound for test in tests for part in test.intervals for bound in (part.low, part.high)} - {None}
    null: list[tuple[Any, ...]] = [(None,)] if nullable else []
    match kind.name:
        case "boolean":
            return Axis(fact, (*null, (False,), (True,)), ordered=False)
        case "enumeration":
            groups = _alike(list(kind.values), tests)
            return Axis(fact, (*null, *groups), ordered=False)
        case "body":
            return Axis(fact, (*null, *_alike(list(policy.places.bodies), tests)), ordered=False)
        case "string":
            other = "…"
            return Axis(fact, (*null, *((point,) for point in sorted(named)), (other,)), ordered=False)
        case _:
            return Axis(fact, (*null, *_pieces(sorted(named), kind.name, low, high)), ordered=True)


def _alike(values: Sequence[Any], tests: Sequence[UnaryTest]) -> list[tuple[Any, ...]]:
    groups: dict[tuple[bool, ...], list[Any]] = {}
    for value in values:
        groups.setdefault(tuple(test.matches(value) for test in tests), []).append(value)
    return [tuple(group) for group in groups.values()]


def _pieces(cuts: Sequence[Any], kind: str, low: Any, high: Any) -> Iterator[tuple[Any, ...]]:
    """The atoms of an ordered axis within [low, high]: (a value, lower bound, upper bound, each closed or not)."""
    cuts = sorted({*cuts, *(bound for bound in (low, high) if bound is not None)})
    inside = [cut for cut in cuts if (low is None or cut >= low) and (high is None or cut <= high)]
    if not inside:
        yield (_anything(kind), None, None, False, False)
        return
    if low is None and (below := _step(inside[0], kind, -1)) is not None:
        yield (below, None, inside[0], False, False)
    for i, cut in enumerate(inside):
        yield (cut, cut, cut, True, True)
        if i + 1 < len(inside):
            between = _between(cut, inside[i + 1], kind)
            if between is not None:
                yield (between, cut, inside[i + 1], False, False)
    if high is None and (above := _step(inside[-1], kind, 1)) is not None:
        yield (above, inside[-1], None, False, False)


def _anything(kind: str) -> Any:
    return date(2000, 1, 1) if kind == "date" else 0


def _step(value: Any, kind: str, by: int) -> Any:
    if kind == "date":
        return None if value == (date.max if by > 0 else date.min) else value + timedelta(days=by)
    return EXACT.add(value, Decimal(by)) if isinstance(value, Decimal) else value + by


def _between(a: Any, b: Any, kind: str) -> Any:
    if kind == "decimal":
        return middle(a, b)
    after = _step(a, kind, 1)
    return after if after < b else None
