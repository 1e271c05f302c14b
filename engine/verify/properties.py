"""Whether a policy keeps its own promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..policy.intake import Property
from ..policy.workflow import ORIGIN, Transition
from .bounds import Bound
from .durations import bound
from .findings import Finding
from .flow import Flow, Way, is_open
from .prover import with_value
from .space import Box, meet, meet_all
from .trial import Step, Wait


def property_findings(flow: Flow, promise: Property) -> Iterator[Finding]:
    """Whether one workflow keeps a promise."""
    if flow.workflow.name not in promise.workflows:
        return
    if promise.within is not None:
        yield from _exceeded(flow, promise)
    else:
        yield from _broken(flow, promise)


def _in(flow: Flow, state: str, promise: Property) -> bool:
    return promise.stage in (state, flow.workflow.states[state].stage)


def _broken(flow: Flow, promise: Property) -> Iterator[Finding]:
    bad = meet_all(flow.space.boxes(promise.when, {flow.workflow.name: flow.boxes}), flow.boxes)
    details = {"title": promise.title, "type": flow.workflow.name}
    table = flow.prover.policy.table(flow.prover.policy.intake.entry)
    for row, box in flow.prover.decided(table.name):
        state = flow.workflow.state_of(table.rows[row].outputs[0])
        found = meet_all([box], bad)
        if state is not None and _in(flow, state, promise) and found:
            more = {"state": state, "box": flow.prover.text(found[0], promise.when.facts)}
            yield Finding("property-broken", promise.where, {**details, **more}, flow.prover.witness(found[0]))
            return
    for node in flow.reached:
        if _in(flow, node.state, promise):
            continue
        for way in flow.ways(node):
            if not _in(flow, way.dest.state, promise):
                continue
            for box in way.boxes:
                before = _before(flow, way, box, bad)
                if before is not None:
                    more = {
                        "state": way.dest.state,
                        "box": flow.prover.text(before, promise.when.facts | way.transition.when.facts),
                    }
                    witness = flow.walk(node, [(way.transition, [before])])
                    yield Finding("property-broken", promise.where, {**details, **more}, witness)
                    return


def _before(flow: Flow, way: Way, box: Box, bad: Sequence[Box]) -> Box | None:
    """Which cases of `box`, once the transition has set its facts, are bad."""
    space, prover = flow.space, flow.prover
    branches: list[tuple[Box, dict[str, Any]]] = [(box, dict(way.transition.sets))]
    for name in way.transition.tables:
        table = prover.policy.table(name)
        branches = [
            (shared, {**sets, **dict(zip(table.outputs, table.rows[row].outputs, strict=True))})
            for part, sets in branches
            for row, cell in prover.decided(name)
            if (shared := meet(part, cell)) is not None
        ]
    for part, sets in branches:
        for one in bad:
            wanted = list(one)
            for fact, value in sets.items():
                if fact in space.at:
                    at = space.at[fact]
                    hit = is_open(value) or wanted[at] & space.value_box(fact, value)
                    wanted[at] = space.axes[at].all if hit else 0
            if all(wanted) and (shared := meet(part, tuple(wanted))) is not None:
                if way.transition.dest == ORIGIN and not _comes_in(flow, way, shared, sets):
                    continue
                return shared
    return None


def _comes_in(flow: Flow, way: Way, box: Box, sets: Mapping[str, Any]) -> bool:
    """Whether a case sent back to where it came from, having come in where it stands, comes in at the way's end."""
    source = way.transition.source
    if any(node.origin == way.dest.state for node in flow.nodes_of[source]):
        return True
    table = flow.prover.policy.table(flow.prover.policy.intake.entry)
    after = with_value(flow.space, box, {fact: value for fact, value in sets.items() if not is_open(value)})
    return after is not None and any(
        flow.workflow.state_of(table.rows[row].outputs[0]) == way.dest.state and meet(cell, after) is not None
        for row, cell in flow.prover.decided(table.name)
    )


def _exceeded(flow: Flow, promise: Property) -> Iterator[Finding]:
    assert promise.within is not None
    stage = flow.workflow.stages.get(promise.stage)
    found = bound(flow, promise.stage) if stage is not None else None
    rests = stage is not None and stage.rests and any(name in flow.nodes_of for name in stage.states)
    if (found is None and not rests) or (
        isinstance(found, Bound) and found.climbs == flow.climbs and found.fits(promise.within)
    ):
        return
    text: Any = found.title if isinstance(found, Bound) and found.climbs == flow.climbs else "∞"
    node = next(one for one in flow.reached if flow.workflow.states[one.state].stage == promise.stage)
    start = flow.prover.policy.effective
    days = (promise.within.after(start) - start).days + 1
    steps: list[Step | tuple[Transition, Sequence[Box]]] = [Wait(days)]
    details = {"title": promise.title, "type": flow.workflow.name, "state": promise.stage, "bound": text}
    yield Finding("property-exceeded", promise.where, details, flow.walk(node, steps))
