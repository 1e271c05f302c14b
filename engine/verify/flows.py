"""Proofs over workflows: what can be reached, what can't be left, how long it can take, who may act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from ..calendar import Deadline, Period
from ..case import Organization
from ..errors import Where
from ..policy import CASE_FACTS, Policy, Property
from ..trial import Fire, Step, Tell, Trial, Wait
from ..workflow import ENGINE, GATE, GROUP, ORIGIN, SAME, SWEEP, TODAY, FactOf, State, Transition, Workflow
from .findings import Bound, Finding, Witness
from .prover import Prover, with_value
from .space import AREA, Box, Cover, meet, meet_all, merged

OVERDUE, ESCALATION, EXTENSIONS = "case.days_overdue", "case.escalation", "case.extensions"


@dataclass(frozen=True, slots=True)
class Node:
    """Where a case can stand: its state, the state it came from, its extensions and escalations in this stage."""

    state: str
    origin: str | None = None
    extensions: int = 0
    escalation: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A transition that can be taken, to where, for which cases."""

    transition: Transition
    dest: Node
    boxes: tuple[Box, ...]


class Flow:
    """One workflow's graph. Between two triggers any fact may be reported anew, so a way on is open when some
    organisation of the type meets its guard; only a case's own counters are carried from node to node."""

    def __init__(self, prover: Prover, workflow: Workflow, climbs: int) -> None:
        self.prover, self.workflow, self.climbs = prover, workflow, climbs
        self.space = prover.space
        self.boxes = prover.types[workflow.name]
        self._most = {
            EXTENSIONS: self._beyond(EXTENSIONS),
            # Where no guard asks for it, escalations make no difference to what can be done next.
            ESCALATION: min(climbs, self._beyond(ESCALATION)) if ESCALATION in self.space.at else 0,
        }
        self._ways: dict[Node, list[Way]] = {}
        self._without: dict[str, set[str]] = {}
        self._effective = {id(one): boxes for one, boxes in self._taken()}

    def _beyond(self, fact: str) -> int:
        """A count that no rule tells from a larger one."""
        if fact not in self.space.at:
            return 1
        last = self.space.axes[self.space.at[fact]].atoms[-1]
        return int(last[0])

    def _taken(self) -> Iterator[tuple[Transition, list[Box]]]:
        """Each transition with the boxes in which it is the first of its trigger that holds."""
        for state in self.workflow.states:
            before: dict[str, list[Box]] = {}
            for one in self.workflow.from_state(state):
                boxes = self.prover.guard(self.workflow, one)
                earlier = before.setdefault(one.trigger, [])
                cover = Cover(self.space, earlier)
                yield one, [piece for box in boxes for piece in cover.gaps(box)]
                earlier.extend(boxes)

    def effective(self, transition: Transition) -> list[Box]:
        return self._effective[id(transition)]

    def here(self, node: Node, boxes: Sequence[Box]) -> list[Box]:
        """What of some boxes a case at a node can be: with its own counters, overdue only where there is a deadline."""
        values: dict[str, Any] = {EXTENSIONS: node.extensions, ESCALATION: node.escalation}
        state = self.workflow.states[node.state]
        if state.due is None and self.workflow.stages[state.stage].due is None:
            values[OVERDUE] = 0
        point = with_value(self.space, self.space.full, values)
        return meet_all(boxes, [point]) if point else []

    def due(self, state: State) -> Deadline | None:
        """The deadline that a case in a state is sure to have."""
        for one in (state.due, self.workflow.stages[state.stage].due):
            if one is not None and (one.start is None or self._sure(one.start, state.name)):
                return one
        return None

    def _sure(self, start: str, state: str) -> bool:
        """Whether a state is never reached before the trigger was fired from which its deadline runs."""
        if start not in self.workflow.triggers:
            return False  # a fact need not be known
        if start not in self._without:
            self._without[start] = {node.state for node in self.search(frozenset([start]))}
        return state not in self._without[start]

    @cached_property
    def entries(self) -> dict[Node, Box]:
        """Where organisations come in, with a box of those that do."""
        table = self.prover.policy.table(self.prover.policy.intake.entry)
        found: dict[Node, Box] = {}
        for row, box in self.prover.decided(table.name):
            state = self.workflow.state_of(table.rows[row].outputs[0])
            for one in self.boxes:
                shared = meet(box, one)
                if state is not None and shared is not None:
                    found.setdefault(Node(state), shared)
        return found

    def ways(self, node: Node) -> list[Way]:
        """Every way on from a node that some case can take."""
        if node not in self._ways:
            self._ways[node] = self._find_ways(node)
        return self._ways[node]

    def _find_ways(self, node: Node) -> list[Way]:
        found = []
        for one in self.workflow.from_state(node.state):
            boxes = self.here(node, self.effective(one))
            if boxes:
                found += [Way(one, dest, tuple(boxes)) for dest in self._dests(node, one)]
        return found

    def _dests(self, node: Node, one: Transition) -> Iterator[Node]:
        extensions = min(node.extensions + bool(one.extend), self._most[EXTENSIONS])
        escalation = node.escalation + one.escalate
        if escalation > self.climbs and one.dest == SAME:
            return  # the top is reached
        escalation = min(escalation, self._most[ESCALATION])
        dests: list[str] = [one.dest]
        if one.dest == SAME:
            dests = [node.state]
        elif one.dest == ORIGIN:
            # Who came in where it stands goes to where its facts would have it come in.
            dests = [node.origin] if node.origin else [entry.state for entry in self.entries]
        for dest in dests:
            if self.workflow.states[dest].stage == self.workflow.states[node.state].stage:
                yield Node(dest, node.origin, extensions, escalation)
            else:
                yield Node(dest, node.state)

    @cached_property
    def reached(self) -> dict[Node, tuple[Node, Way] | None]:
        """Every node that can be reached, with the node and the way that first led there (None: intake)."""
        return self.search(frozenset())

    def search(self, without: frozenset[str]) -> dict[Node, tuple[Node, Way] | None]:
        """Breadth first from intake, firing none of the triggers in `without`."""
        found: dict[Node, tuple[Node, Way] | None] = dict.fromkeys(self.entries)
        waiting = list(found)
        for node in waiting:
            for way in self.ways(node):
                if way.transition.trigger not in without and way.dest not in found:
                    found[way.dest] = (node, way)
                    waiting.append(way.dest)
        return found

    @cached_property
    def nodes_of(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.reached:
            found.setdefault(node.state, []).append(node)
        return found

    # --- witnesses ---

    def walk(
        self,
        node: Node,
        then: Sequence[Step | tuple[Transition, Sequence[Box]]] = (),
        reached: Mapping[Node, tuple[Node, Way] | None] | None = None,
    ) -> Witness:
        """A path from intake to a node and further, by really taking each step."""
        reached = self.reached if reached is None else reached
        chain: list[Way] = []
        at = node
        while (step := reached[at]) is not None:
            chain.append(step[1])
            at = step[0]
        area, facts = self.space.pick(self.entries[at])
        facts = {name: value for name, value in facts.items() if name in self.prover.intake_facts}
        organization = Organization("-", "-", area, facts)
        trial = Trial(self.prover.policy, organization, self.prover.policy.effective)
        witness = Witness(facts, self.prover.policy.areas[area].key)
        if trial.refused:
            return witness
        todo: list[Step | tuple[Transition, Sequence[Box]]] = [(way.transition, way.boxes) for way in reversed(chain)]
        for one in (*todo, *then):
            steps = self._towards(trial, one[0], one[1]) if isinstance(one, tuple) else [one]
            if any(trial.take(step).refused for step in steps):
                break
        return Witness(facts, witness.area, tuple(taken.step for taken in trial.steps))

    def _towards(self, trial: Trial, transition: Transition, boxes: Sequence[Box]) -> list[Step]:
        """The waiting and the reporting that a trigger needs first, and the trigger."""
        case, space = trial.case, self.space
        assert case is not None
        facts = trial.facts()
        area = next(i for i, codes in enumerate(space.axes[0].atoms) if case.area in codes)
        # A fact that isn't known lies on no atom, unless null is one of its values: then it is told.
        now = {AREA: 1 << area} | {
            axis.name: space.value_box(axis.name, facts[axis.name]) if axis.name in facts else 0
            for axis in space.axes[1:]
        }

        def changes(box: Box) -> list[int]:
            return [i for i, axis in enumerate(space.axes) if box[i] != axis.all and not now[axis.name] & box[i]]

        steps: list[Step] = []
        if boxes:
            box = min(boxes, key=lambda one: len(changes(one)))
            picked, values = space.pick(box)
            told: dict[str, Any] = {}
            moved = None
            for i in changes(box):
                name = space.axes[i].name
                if name == AREA:
                    moved = self.prover.policy.areas[picked].code
                elif name == OVERDUE and case.due is not None:
                    steps.append(Wait((case.due + timedelta(days=values[name]) - trial.day).days))
                elif name not in CASE_FACTS:
                    told[name] = values[name]
            if told or moved:
                steps.append(Tell(told, moved))
        return [*steps, Fire(transition.trigger)]


# --- what is checked -------------------------------------------------------------------------------------------------


def flow_findings(flow: Flow, hubs: bool) -> Iterator[Finding]:
    """Everything that is wrong with one workflow, but for its properties."""
    yield from _reachability(flow)
    yield from _guards(flow)
    yield from _stuck(flow)
    yield from _deadlines(flow)
    yield from _actors(flow, hubs)
    yield from _evidence(flow)
    yield from _automatic(flow)


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
                        yield Finding("automatic-loop", _at(first), {**_names(flow, first), **details}, witness)
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
                masks[flow.space.at[fact]] = axis.all if _open(value) else flow.space.value_box(fact, value)
        for table in way.tables:
            for output in flow.prover.policy.table(table).outputs:
                if output in flow.space.at:
                    masks[flow.space.at[output]] = flow.space.axes[flow.space.at[output]].all
        if way.dest not in (SAME, ORIGIN) and _stage_of(flow, way.dest) != _stage_of(flow, way.source):
            for fact, value in ((OVERDUE, 0), (ESCALATION, 0), (EXTENSIONS, 0)):
                if fact in flow.space.at:
                    masks[flow.space.at[fact]] = flow.space.value_box(fact, value)
        if all(masks):
            found.append(tuple(masks))
    return found


def _open(value: Any) -> bool:
    """Whether what is set can be anything that the fact may be."""
    return value is TODAY or isinstance(value, FactOf)


def _stage_of(flow: Flow, state: str) -> str:
    return flow.workflow.states[state].stage


def _where(flow: Flow, name: str) -> Where:
    return flow.workflow.lines.get(name) or Where(flow.workflow.files[0], 1)


def _at(transition: Transition) -> Where:
    return Where(transition.file, transition.line)


def _names(flow: Flow, transition: Transition) -> dict[str, Any]:
    return {"type": flow.workflow.name, "state": transition.source, "trigger": transition.trigger}


def _reachability(flow: Flow) -> Iterator[Finding]:
    workflow = flow.workflow
    if not flow.boxes:
        return
    for name in workflow.states:
        if name not in flow.nodes_of:
            start = next(iter(flow.entries), None)
            witness = flow.walk(start) if start else None
            yield Finding("state-unreachable", _where(flow, name), {"type": workflow.name, "state": name}, witness)
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
        yield Finding(code, _where(flow, name), {"type": workflow.name, "state": name}, flow.walk(nodes[0]))


def _guards(flow: Flow) -> Iterator[Finding]:
    for state, nodes in flow.nodes_of.items():
        seen: list[Transition] = []
        for one in flow.workflow.from_state(state):
            boxes = flow.prover.guard(flow.workflow, one)
            if not any(flow.here(node, boxes) for node in nodes):
                yield Finding(
                    "guard-never-holds", _at(one), _names(flow, one), flow.walk(nodes[0], [Fire(one.trigger)])
                )
                continue
            taken = next((node for node in nodes if flow.here(node, flow.effective(one))), None)
            if taken is None:
                witness = flow.walk(nodes[0], [(one, flow.here(nodes[0], boxes))])
                yield Finding("transition-shadowed", _at(one), _names(flow, one), witness)
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
                        yield Finding("transitions-contend", _at(one), {**_names(flow, one), **details}, witness)
                elif other.trigger != one.trigger and _effect(other) == _effect(one) and other.when == one.when:
                    witness = flow.walk(taken, [(one, flow.here(taken, boxes))])
                    yield Finding("triggers-alike", _at(one), {**_names(flow, one), "other": other.trigger}, witness)
            seen.append(one)


def _effect(one: Transition) -> tuple[Any, ...]:
    return (
        one.dest, sorted(one.sets.items()), one.tables, one.escalate, one.extend, sorted(one.by), sorted(one.evidence),
        one.suspend, one.resume, one.automatic,
    )  # fmt: skip


def _stuck(flow: Flow) -> Iterator[Finding]:
    """Facts with which a case that waits for nothing can't go anywhere but to its end."""
    workflow = flow.workflow
    for name, nodes in flow.nodes_of.items():
        state = workflow.states[name]
        if _ends(workflow, state):
            continue
        moving = [one for one in workflow.from_state(name) if one.dest not in (SAME, name)]
        onward = [one for one in moving if one.dest == ORIGIN or not workflow.states[one.dest].final] or moving
        if not onward:
            continue  # a dead end, told already
        cover = Cover(flow.space, [box for one in onward for box in flow.prover.guard(workflow, one)])
        region = meet_all(flow.space.boxes(state.awaits, {workflow.name: flow.boxes}), flow.boxes)
        left = merged(piece for box in flow.here(nodes[0], region) for piece in cover.gaps(box))
        if left:
            _, facts = flow.space.pick(left[0])
            told = {fact: value for fact, value in facts.items() if fact not in CASE_FACTS and fact in _asked(onward)}
            yield Finding(
                "facts-stuck",
                _where(flow, name),
                {"type": workflow.name, "state": name, "box": flow.prover.text(left[0], _asked(onward))},
                flow.walk(nodes[0], [Tell(told)]),
            )


def _ends(workflow: Workflow, state: State) -> bool:
    """Whether nothing needs to lead on from a state: it is final, it waits for nobody, or another case carries on."""
    stage = workflow.stages[state.stage]
    return state.final or stage.rests or stage.continued


def _asked(transitions: Sequence[Transition]) -> frozenset[str]:
    return frozenset(fact for one in transitions for fact in one.when.facts)


# --- time ---


def _deadlines(flow: Flow) -> Iterator[Finding]:
    workflow = flow.workflow
    for name, nodes in flow.nodes_of.items():
        state = workflow.states[name]
        stage = workflow.stages[state.stage]
        if state.final or stage.rests:
            continue
        details = {"type": workflow.name, "state": name}
        due = flow.due(state)
        if due is None:
            yield Finding("no-deadline", _where(flow, name), details, flow.walk(nodes[0]))
            continue
        climbing = any(way.transition.escalate for node in nodes for way in flow.ways(node))
        if flow.climbs and not due.escalates and not climbing:
            yield Finding("no-escalation", _where(flow, name), details, flow.walk(nodes[0]))
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
                return Finding("deadline-unbounded", _at(one), {"type": workflow.name, "state": name, **said}, witness)
    suspends = any(way.transition.suspend for ways in within.values() for way in ways)
    working = flow.prover.policy.working
    if stage.due is not None and (
        stage.due.start is None or all(flow._sure(stage.due.start, one.name) for one in states)
    ):
        most = flow._most[EXTENSIONS]
        periods = [stage.due.longest]
        for node in inside:
            for way in within[node]:
                if way.transition.extend and node.extensions == most:
                    said = {"reason_zh": "可以一再延期", "reason_en": "it can be extended again and again"}
                    one = way.transition
                    witness = flow.walk(node, [(one, way.boxes), (one, way.boxes)])
                    return Finding("deadline-unbounded", _at(one), {**details, **said}, witness)
        extends = [way.transition.extend for ways in within.values() for way in ways if way.transition.extend]
        if extends:
            longest = max(extends, key=lambda one: one.after(flow.prover.policy.effective, working))
            periods += [longest] * max(way.dest.extensions for ways in within.values() for way in ways)
        return Bound(workflow.name, name, tuple(periods), climbs, grace, working, suspends)
    found = _by_steps(flow, name, inside, within, details, climbs)
    return replace(found, grace=grace, suspends=suspends) if isinstance(found, Bound) else found


def _restarts(flow: Flow, source: Node, way: Way, within: Mapping[Node, list[Way]]) -> bool:
    """Whether a way starts the clock of a deadline anew that the case has before and after it, and can do so again."""
    state, dest = (flow.workflow.states[one.state] for one in (source, way.dest))
    stage = flow.workflow.stages[state.stage]
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
    longest: dict[Node, tuple[Period, ...]] = {}
    path: list[tuple[Node, Way | None]] = []
    round_: list[tuple[Node, Way | None]] = []

    def days(periods: tuple[Period, ...]) -> int:
        return Bound("", "", periods, 0, None, flow.prover.policy.working).days

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
        return Finding("deadline-unbounded", _where(flow, name), {**details, **said}, flow.walk(round_[0][0], once))
    return Bound(flow.workflow.name, name, periods, climbs, None, flow.prover.policy.working)


# --- who, and with what ---


def _actors(flow: Flow, hubs: bool) -> Iterator[Finding]:
    """Whether for every case there is somebody who may fire each trigger."""
    policy = flow.prover.policy
    hubless = _hubless(flow) if hubs else list(flow.boxes)
    fired = _fired(policy)
    for state, nodes in flow.nodes_of.items():
        for one in flow.workflow.from_state(state):
            if not one.by_office and not one.automatic and not any(one.trigger in fired[role] for role in one.by):
                yield Finding("trigger-unfired", _at(one), _names(flow, one))
            if {"responsible", "superior", *ENGINE} & set(one.by):
                continue
            named = [policy.bodies[role] for role in one.by if role in policy.bodies]
            if any(body.valid_from is None and body.valid_until is None for body in named):
                continue
            boxes = flow.effective(one)
            for node in nodes:
                found = flow.here(node, meet_all(boxes, hubless) if "hub" in one.by else boxes)
                ends = [body.valid_until for body in named if body.valid_until]
                if not found or any(body.exists_on(policy.effective) and not body.valid_until for body in named):
                    continue
                then: list[Step | tuple[Transition, Sequence[Box]]] = []
                if ends and max(ends) > policy.effective:
                    then.append(Wait((max(ends) - policy.effective).days))
                yield Finding("nobody-may-act", _at(one), _names(flow, one), flow.walk(node, [*then, (one, found)]))
                break


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


def _evidence(flow: Flow) -> Iterator[Finding]:
    """Whether evidence that only a trigger brings about can be asked for before it."""
    for key, after in flow.workflow.evidence_after.items():
        if not after:
            continue
        without = flow.search(frozenset(after))
        for node in without:
            asking = next((way for way in flow.ways(node) if key in way.transition.evidence), None)
            if asking is not None and asking.transition.trigger not in after:
                one = asking.transition
                details = {"type": flow.workflow.name, "trigger": one.trigger, "evidence": key, "after": list(after)}
                yield Finding("evidence-too-early", _at(one), details, flow.walk(node, [(one, asking.boxes)], without))
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


# --- properties ---


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
                    hit = _open(value) or wanted[at] & space.value_box(fact, value)
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
    after = with_value(flow.space, box, {fact: value for fact, value in sets.items() if not _open(value)})
    return after is not None and any(
        flow.workflow.state_of(table.rows[row].outputs[0]) == way.dest.state and meet(cell, after) is not None
        for row, cell in flow.prover.decided(table.name)
    )


def _exceeded(flow: Flow, promise: Property) -> Iterator[Finding]:
    assert promise.within is not None
    found = bound(flow, promise.stage) if promise.stage in flow.workflow.stages else None
    if found is None or (isinstance(found, Bound) and found.climbs == flow.climbs and found.fits(promise.within)):
        return
    text: Any = "∞" if isinstance(found, Finding) or found.climbs < flow.climbs else found.title
    node = next(one for one in flow.reached if flow.workflow.states[one.state].stage == promise.stage)
    start = flow.prover.policy.effective
    days = (promise.within.after(start) - start).days + 1
    steps: list[Step | tuple[Transition, Sequence[Box]]] = [Wait(days)]
    details = {"title": promise.title, "type": flow.workflow.name, "state": promise.stage, "bound": text}
    yield Finding("property-exceeded", promise.where, details, flow.walk(node, steps))
