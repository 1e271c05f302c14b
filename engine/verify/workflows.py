"""Findings in workflows: what can't be reached or left, guards, who may act, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ..errors import Where
from ..policy.facts import CASE_FACTS
from ..policy.places import Places
from ..policy.policy import Policy
from ..policy.workflow import ENGINE, GATE, GROUP, ORIGIN, ROLES, SAME, SWEEP, State, Transition, Workflow
from .durations import deadline_findings
from .findings import Finding
from .flow import ESCALATION, EXTENSIONS, OVERDUE, Flow, Node, is_open, named_at, names_of, stage_of, written_at
from .prover import bits, with_value
from .space import AREA, Box, Cover, meet_all, merged
from .trial import Fire, Step, Tell, Wait

SUSPENDED = "case.suspended"


def flow_findings(flow: Flow, hubs: bool) -> Iterator[Finding]:
    """Everything that is wrong with one workflow, but for its properties."""
    yield from _reachability(flow)
    yield from _guards(flow)
    yield from _stuck(flow)
    yield from deadline_findings(flow)
    yield from _actors(flow, hubs)
    yield from _evidence(flow)
    yield from _automatic(flow)
    yield from _dissolved(flow)


def _automatic(flow: Flow) -> Iterator[Finding]:
    """What the sweep fires by itself must come to rest: a case that every way on takes further never does."""
    workflow = flow.workflow
    for state in flow.nodes_of:
        for first in workflow.automatic_from(state):
            waiting = [(first, _after(flow, first, flow.effective(first)))]
            seen = {id(first)}
            for way, boxes in waiting:
                for following in workflow.automatic_from(way.dest):
                    held = meet_all(boxes, flow.effective(following))
                    if held and following is first:
                        details = {"box": flow.prover.text(held[0], first.when.facts)}
                        node = flow.nodes_of[state][0]
                        witness = flow.walk(node, [(first, flow.here(node, flow.effective(first)))])
                        yield Finding(
                            "automatic-loop", written_at(first), {**names_of(flow, first), **details}, witness
                        )
                    elif held and id(following) not in seen:
                        seen.add(id(following))
                        waiting.append((following, _after(flow, following, held)))


def _after(flow: Flow, way: Transition, boxes: Sequence[Box]) -> list[Box]:
    """Cases of some boxes once a way has set its facts; its tables and the time that passes leave theirs open."""
    found = []
    for box in boxes:
        masks = list(box)
        for fact, value in way.sets.items():
            if fact in flow.space.at:
                axis = flow.space.axes[flow.space.at[fact]]
                masks[flow.space.at[fact]] = axis.all if is_open(value) else flow.space.value_box(fact, value)
        for table in way.tables:
            for output in flow.prover.policy.table(table).outputs:
                if output in flow.space.at:
                    masks[flow.space.at[output]] = flow.space.axes[flow.space.at[output]].all
        if way.dest not in (SAME, ORIGIN) and stage_of(flow, way.dest) != stage_of(flow, way.source):
            for fact, value in ((OVERDUE, 0), (ESCALATION, 0), (EXTENSIONS, 0)):
                if fact in flow.space.at:
                    masks[flow.space.at[fact]] = flow.space.value_box(fact, value)
        if all(masks):
            found.append(tuple(masks))
    return found


def _reachability(flow: Flow) -> Iterator[Finding]:
    workflow = flow.workflow
    if not flow.boxes:
        return
    for name in workflow.states:
        if name not in flow.nodes_of:
            start = next(iter(flow.entries), None)
            witness = flow.walk(start) if start else None
            yield Finding("state-unreachable", named_at(flow, name), {"type": workflow.name, "state": name}, witness)
    leads: dict[str, set[str]] = {}
    for node in flow.reached:
        for way in flow.ways(node):
            leads.setdefault(way.dest.state, set()).add(node.state)
    good = {name for name, state in workflow.states.items() if _ends(workflow, state)}
    waiting = list(good)
    for name in waiting:
        for source in leads.get(name, ()):
            if source not in good:
                good.add(source)
                waiting.append(source)
    leaving = {source for dest, sources in leads.items() for source in sources if source != dest}
    for name, nodes in flow.nodes_of.items():
        if name in good:
            continue
        code = "no-exit" if name in leaving else "dead-end"
        yield Finding(code, named_at(flow, name), {"type": workflow.name, "state": name}, flow.walk(nodes[0]))


def _guards(flow: Flow) -> Iterator[Finding]:
    for state, nodes in flow.nodes_of.items():
        seen: list[Transition] = []
        for one in flow.workflow.from_state(state):
            boxes = flow.prover.guard(flow.workflow, one)
            if one.suspend or one.resume:  # what stands still is not stopped, nor what runs let go on
                stands = with_value(flow.space, flow.space.full, {SUSPENDED: one.resume})
                boxes = meet_all(boxes, [stands]) if stands is not None else []
            if not any(flow.here(node, boxes) for node in nodes):
                yield Finding(
                    "guard-never-holds", written_at(one), names_of(flow, one), flow.walk(nodes[0], [Fire(one.trigger)])
                )
                continue
            taken = next((node for node in nodes if flow.here(node, flow.effective(one))), None)
            if taken is None:
                witness = flow.walk(nodes[0], [(one, flow.here(nodes[0], boxes))])
                yield Finding("transition-shadowed", written_at(one), names_of(flow, one), witness)
                continue
            for other in seen:
                if other.trigger == one.trigger and _effect(other) != _effect(one):
                    shared = meet_all(flow.prover.guard(flow.workflow, other), boxes)
                    both = next(((node, found) for node in nodes if (found := flow.here(node, shared))), None)
                    if both is not None:
                        details = {
                            "other": other.line,
                            "box": flow.prover.text(both[1][0], one.when.facts | other.when.facts),
                        }
                        witness = flow.walk(both[0], [(one, both[1])])
                        yield Finding(
                            "transitions-contend", written_at(one), {**names_of(flow, one), **details}, witness
                        )
                elif other.trigger != one.trigger and _effect(other) == _effect(one) and other.when == one.when:
                    witness = flow.walk(taken, [(one, flow.here(taken, boxes))])
                    yield Finding(
                        "triggers-alike", written_at(one), {**names_of(flow, one), "other": other.trigger}, witness
                    )
            seen.append(one)


def _effect(one: Transition) -> tuple[Any, ...]:
    return (
        one.dest, sorted(one.sets.items()), one.tables, one.escalate, one.extend, sorted(one.by), sorted(one.evidence),
        one.suspend, one.resume, one.automatic,
    )  # fmt: skip


def _stuck(flow: Flow) -> Iterator[Finding]:
    """Facts with which a case that waits for nothing can't go anywhere. What a group alone fires is no way on, for the
    case itself can't take it; nor is what leads to the end whatever the facts are: whoever leaves says nothing of them.
    """
    workflow = flow.workflow
    for name, nodes in flow.nodes_of.items():
        state = workflow.states[name]
        if _ends(workflow, state):
            continue
        ways = [one for one in workflow.from_state(name) if one.dest not in (SAME, name)]
        moving = [one for one in ways if set(one.by) != {GROUP}] or ways
        ending = [one for one in moving if one.dest != ORIGIN and workflow.states[one.dest].final]
        onward = [one for one in moving if one not in ending or one.when.asks] or moving
        if not onward:
            continue  # a dead end, told already
        open_ = [box for one in onward for box in _open(flow, one)]
        region = meet_all(flow.space.boxes(state.awaits, {workflow.name: flow.boxes}), flow.boxes)
        yield from _early(flow, name, open_, _asked(onward))
        left = _left(flow, nodes[0], region, open_)
        if left:
            _, facts = flow.space.pick(left[0])
            told = {fact: value for fact, value in facts.items() if fact not in CASE_FACTS and fact in _asked(onward)}
            yield Finding(
                "facts-stuck",
                named_at(flow, name),
                {"type": workflow.name, "state": name, "box": flow.prover.text(left[0], _asked(onward))},
                flow.walk(nodes[0], [Tell(told)]),
            )


def _early(flow: Flow, name: str, ways: Sequence[Box], asked: frozenset[str]) -> Iterator[Finding]:
    """Cases that may go on from a state before what it is said to wait for."""
    awaits = flow.workflow.states[name].awaits
    if not awaits.asks:
        return
    waits = flow.space.boxes(awaits, {flow.workflow.name: flow.boxes})
    node = flow.nodes_of[name][0]
    left = _left(flow, node, meet_all(ways, flow.boxes), waits)
    if left:
        box = flow.prover.text(left[0], asked | awaits.facts)
        details = {"type": flow.workflow.name, "state": name, "box": box}
        yield Finding("awaits-nothing", named_at(flow, name), details, flow.walk(node))


def _left(flow: Flow, node: Node, region: Sequence[Box], taken: Sequence[Box]) -> list[Box]:
    """What of a region a case at a node can be, and none of some boxes holds."""
    cover = Cover(flow.space, taken)
    return merged(piece for box in flow.here(node, region) for piece in cover.gaps(box))


def _open(flow: Flow, one: Transition) -> list[Box]:
    """The cases that may take a way: that meet its guard and, where a gate alone fires it, may ask that gate."""
    boxes, fireable = flow.prover.guard(flow.workflow, one), flow.fireable(one)
    return boxes if fireable is None else meet_all(boxes, fireable)


def _kept(flow: Flow, one: Transition) -> list[Box]:
    """The cases for which a gate or a group may fire a transition; who leaves a group need not be as it was when it
    joined."""
    leaves = any(one.trigger == kind.left.fire for kind in flow.prover.policy.parts.groups.values())
    fireable = flow.fireable(one) or []
    return fireable if leaves else meet_all(flow.effective(one), fireable)


def _ends(workflow: Workflow, state: State) -> bool:
    """Whether nothing needs to lead on from a state: it is final, it waits for nobody, or another case carries on."""
    stage = workflow.stages[state.stage]
    return state.final or stage.rests or stage.continued


def _asked(transitions: Sequence[Transition]) -> frozenset[str]:
    return frozenset(fact for one in transitions for fact in one.when.facts)


def _actors(flow: Flow, hubs: bool) -> Iterator[Finding]:
    """Whether for every case there is somebody who may fire each trigger."""
    policy = flow.prover.policy
    hubless = _hubless(flow) if hubs else list(flow.boxes)
    fired = _fired(policy)
    for state, nodes in flow.nodes_of.items():
        for one in flow.workflow.from_state(state):
            if not one.by_office and not one.automatic and not any(one.trigger in fired[role] for role in one.by):
                yield Finding("trigger-unfired", written_at(one), names_of(flow, one))
            elif flow.fireable(one) is not None and not _kept(flow, one):
                code = "gate-excludes" if GATE in one.by else "group-excludes"
                yield Finding(code, written_at(one), names_of(flow, one), flow.walk(nodes[0]))
            if {"responsible", "superior", *ENGINE} & set(one.by):
                continue
            day, areas = _without(policy.places, one.by, policy.effective)
            if not areas:
                continue
            boxes = _within(flow, areas, flow.effective(one))
            for node in nodes:
                found = flow.here(node, meet_all(boxes, hubless) if "hub" in one.by else boxes)
                if not found:
                    continue
                then: list[Step | tuple[Transition, Sequence[Box]]] = []
                if day > policy.effective:
                    then.append(Wait((day - policy.effective).days))
                yield Finding(
                    "nobody-may-act", written_at(one), names_of(flow, one), flow.walk(node, [*then, (one, found)])
                )
                break


def _without(places: Places, roles: Sequence[str], since: date) -> tuple[date, frozenset[str]]:
    """The first day on which there are areas whose cases none of the bodies and kinds among some roles may act for, and
    these areas; none if there is no such day."""
    kinds = [role for role in roles if role in places.kinds and role not in (*places.bodies, *ROLES)]
    for day in places.changes(since):
        if any(places.on(day).acting(role) is not None for role in roles):
            continue
        there = [body.area for body in places.bodies.values() if body.kind in kinds and body.exists_on(day)]
        areas = places.areas.keys() - {code for area in set(there) for code in places.areas_under(area)}
        if areas:
            return day, frozenset(areas)
    return since, frozenset()


def _within(flow: Flow, areas: frozenset[str], boxes: Sequence[Box]) -> list[Box]:
    """The organisations of some boxes that may lie in some areas."""
    space = flow.prover.space
    at = space.at.get(AREA)
    if at is None:
        return list(boxes)
    own = bits(i for i, codes in enumerate(space.axes[at].atoms) if areas & set(codes))
    full = space.full
    return meet_all(boxes, [(*full[:at], own, *full[at + 1 :])])


def _fired(policy: Policy) -> dict[str, set[str | None]]:
    """The triggers that the engine fires, by the role in which it does."""
    gates, groups = policy.parts.gates.values(), policy.parts.groups.values()
    told = [one.effect for gate in gates for one in gate.told.values()]
    told += [gate.in_step.effect for gate in gates if gate.in_step is not None]
    return {
        GATE: {effect.fire for effect in told},
        GROUP: {fire for one in groups for fire in (one.joined.fire, one.left.fire, one.dissolves)},
        SWEEP: {one.missed.fire for one in policy.obligations.values() if one.missed is not None},
    }


def _hubless(flow: Flow) -> list[Box]:
    """The organisations of this type that have no hub."""
    policy = flow.prover.policy
    if policy.intake.hub is None:
        return list(flow.boxes)
    table = policy.table(policy.intake.hub)
    none = [box for row, box in flow.prover.decided(table.name) if table.rows[row].outputs[0] is None]
    return meet_all(none, flow.boxes)


def _dissolved(flow: Flow) -> Iterator[Finding]:
    """Whether a group that has too few members is dissolved wherever it stands, whatever is known of it."""
    for kind in flow.prover.policy.parts.groups.values():
        if kind.of != flow.workflow.name or kind.dissolves is None:
            continue
        for name, nodes in flow.nodes_of.items():
            if flow.workflow.states[name].final:
                continue
            ways = [one for one in flow.workflow.from_state(name) if one.trigger == kind.dissolves and GROUP in one.by]
            left = _left(
                flow, nodes[0], flow.boxes, [box for one in ways for box in flow.prover.guard(flow.workflow, one)]
            )
            if left:
                details = {
                    "type": flow.workflow.name, "state": name, "trigger": kind.dissolves,
                    "box": flow.prover.text(left[0], _asked(ways)),
                }  # fmt: skip
                yield Finding("group-stays", named_at(flow, name), details, flow.walk(nodes[0]))


def _evidence(flow: Flow) -> Iterator[Finding]:
    """Whether evidence that only a trigger brings about can be asked for before it."""
    for key, after in flow.workflow.evidence_after.items():
        if not after:
            continue
        without = flow.search(frozenset(after))
        for node in without:
            asking = next((way for way in flow.ways(node) if key in way.transition.evidence), None)
            if asking is not None:
                one = asking.transition
                details = {"type": flow.workflow.name, "trigger": one.trigger, "evidence": key, "after": list(after)}
                yield Finding(
                    "evidence-too-early", written_at(one), details, flow.walk(node, [(one, asking.boxes)], without)
                )
                break


def unused_findings(workflows: Sequence[Workflow]) -> Iterator[Finding]:
    """Triggers and evidence that no workflow asks for."""
    places: dict[tuple[str, Where], bool] = {}
    for workflow in workflows:
        triggers = {one.trigger for one in workflow.transitions}
        evidence = {key for one in workflow.transitions for key in one.evidence}
        for kind, names, used in (
            ("trigger", workflow.triggers, triggers), ("evidence", workflow.evidence, evidence),
        ):  # fmt: skip
            for name in names:
                place = (f"{kind} {name}", workflow.lines[f"{kind} {name}"])
                places[place] = places.get(place, False) or name in used
    for (named, where), used_somewhere in places.items():
        if not used_somewhere:
            kind, name = named.split(" ", 1)
            yield Finding(f"{kind}-unused", where, {kind: name})
