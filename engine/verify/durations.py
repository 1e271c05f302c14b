"""How long a case can stay in a stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..dates.periods import Period
from .bounds import Bound
from .findings import Finding
from .flow import EXTENSIONS, Flow, Node, Way, named_at, written_at


def deadline_findings(flow: Flow) -> Iterator[Finding]:
    workflow = flow.workflow
    for name, nodes in flow.nodes_of.items():
        state = workflow.states[name]
        stage = workflow.stages[state.stage]
        if state.final or stage.rests:
            continue
        details = {"type": workflow.name, "state": name}
        due = flow.due(state)
        if due is None:
            yield Finding("no-deadline", named_at(flow, name), details, flow.walk(nodes[0]))
            continue
        climbing = any(way.transition.escalate for node in nodes for way in flow.ways(node))
        if flow.climbs and not due.escalates and not climbing:
            yield Finding("no-escalation", named_at(flow, name), details, flow.walk(nodes[0]))
    for stage_name in workflow.stages:
        found = bound(flow, stage_name)
        if isinstance(found, Finding):
            yield found


def bounds(flow: Flow) -> Iterator[Bound]:
    for name in flow.workflow.stages:
        found = bound(flow, name)
        if isinstance(found, Bound):
            yield found


def bound(flow: Flow, name: str) -> Bound | Finding | None:
    """How long a stage can last; a finding where it can last for ever; None where it waits for nobody, can't be
    entered, or lacks a deadline (which is told by itself)."""
    workflow = flow.workflow
    stage = workflow.stages[name]
    inside = [node for node in flow.reached if workflow.states[node.state].stage == name]
    states = [workflow.states[state] for state in stage.states]
    if not inside or stage.rests or all(state.final for state in states):
        return None
    if any(flow.due(workflow.states[node.state]) is None for node in inside):
        return None
    within = {
        node: [
            way for way in flow.ways(node) if way.dest in flow.reached and workflow.states[way.dest.state].stage == name
        ]
        for node in inside
    }
    climbs = flow.climbs if stage.escalates else 0
    details: dict[str, Any] = {"type": workflow.name, "state": name}
    deadlines = [stage.due, *(one.due for one in states)]
    graces = [one.grace for one in deadlines if one is not None and one.grace is not None]
    grace = max(
        graces, key=lambda one: one.after(flow.prover.policy.effective, flow.prover.policy.working), default=None
    )
    for source, ways in within.items():
        for way in ways:
            if _restarts(flow, source, way, within):
                said = {"reason_zh": "其期限可以一再重新起算", "reason_en": "its clock can be started again and again"}
                one = way.transition
                witness = flow.walk(source, [(one, way.boxes)])
                return Finding(
                    "deadline-unbounded", written_at(one), {"type": workflow.name, "state": name, **said}, witness
                )
    suspends = any(way.transition.suspend for ways in within.values() for way in ways)
    working, rolls = flow.prover.policy.working, flow.prover.policy.roll
    if stage.due is not None and (
        stage.due.start is None or all(flow.sure(stage.due.start, one.name) for one in states)
    ):
        most = flow.most[EXTENSIONS]
        periods = [stage.due.longest]
        for node in inside:
            for way in within[node]:
                if way.transition.extend and node.extensions == most:
                    said = {"reason_zh": "可以一再延期", "reason_en": "it can be extended again and again"}
                    one = way.transition
                    witness = flow.walk(node, [(one, way.boxes), (one, way.boxes)])
                    return Finding("deadline-unbounded", written_at(one), {**details, **said}, witness)
        extends = [way.transition.extend for ways in within.values() for way in ways if way.transition.extend]
        if extends:
            longest = max(extends, key=lambda one: one.after(flow.prover.policy.effective, working))
            periods += [longest] * max(way.dest.extensions for ways in within.values() for way in ways)
        return Bound(workflow.name, name, tuple(periods), climbs, grace, working, suspends, rolls)
    found = _by_steps(flow, name, inside, within, details, climbs)
    return replace(found, grace=grace, suspends=suspends) if isinstance(found, Bound) else found


def _restarts(flow: Flow, source: Node, way: Way, within: Mapping[Node, list[Way]]) -> bool:
    """Whether a way starts the clock of a deadline anew that the case has before and after it, and can do so again."""
    state, dest = (flow.workflow.states[one.state] for one in (source, way.dest))
    stage = flow.workflow.stages[state.stage]
    if way.transition.restarts and (stage.due is None or state.name == state.stage):
        return True
    step = state.due if state.name == dest.name else None
    if way.transition.trigger not in [one.start for one in (stage.due, step) if one is not None]:
        return False
    seen, waiting = {way.dest}, [way.dest]
    for node in waiting:
        if node.state == source.state:
            return True
        for one in within[node]:
            if one.dest not in seen:
                seen.add(one.dest)
                waiting.append(one.dest)
    return False


def _by_steps(
    flow: Flow, name: str, inside: list[Node], within: Mapping[Node, list[Way]], details: dict[str, Any], climbs: int
) -> Bound | Finding:
    """A stage that has deadlines for its steps only lasts as long as its longest way, if none goes round."""
    policy = flow.prover.policy
    longest: dict[Node, tuple[Period, ...]] = {}
    path: list[tuple[Node, Way | None]] = []
    round_: list[tuple[Node, Way | None]] = []

    def days(periods: tuple[Period, ...]) -> int:
        return Bound("", "", periods, 0, None, policy.working, rolls=policy.roll).days

    def visit(node: Node, by: Way | None = None) -> tuple[Period, ...]:
        if not round_ and (start := next((at for at, (one, _) in enumerate(path) if one == node), None)) is not None:
            round_.extend([*path[start:], (node, by)])
        if round_:
            return ()
        if node not in longest:
            path.append((node, by))
            onward = [visit(way.dest, way) for way in within[node] if way.dest.state != node.state]
            path.pop()
            own = flow.due(flow.workflow.states[node.state])
            assert own is not None
            longest[node] = (own.longest, *max(onward, key=days, default=()))
        return longest[node]

    periods = max((visit(node) for node in inside), key=days)
    if round_:
        said = {"reason_zh": "各步骤可以循环往复", "reason_en": "its steps can go round and round"}
        once = [(way.transition, way.boxes) for _, way in round_[1:] if way is not None]
        return Finding("deadline-unbounded", named_at(flow, name), {**details, **said}, flow.walk(round_[0][0], once))
    return Bound(flow.workflow.name, name, periods, climbs, None, policy.working, rolls=policy.roll)
