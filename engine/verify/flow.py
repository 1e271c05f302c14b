"""A workflow as a graph of what cases can be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from ..cases.case import Organization
from ..dates.deadlines import Deadline
from ..errors import Where
from ..policy.facts import CASE_FACTS
from ..policy.workflow import GATE, GROUP, ORIGIN, SAME, TODAY, FactOf, State, Transition, Workflow
from .findings import Witness
from .prover import Prover, with_value
from .space import AREA, Box, Cover, meet, meet_all
from .trial import Fire, Step, Tell, Trial, Wait

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
        self.most = {
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

    def fireable(self, one: Transition) -> list[Box] | None:
        """The cases for which a gate, or a group that they join or leave, may fire a transition that nobody else fires;
        None for one that somebody else may fire, and for what dissolves a group."""
        parts = self.prover.policy.parts
        if set(one.by) == {GATE}:
            conditions = []
            for gate in parts.gates.values():
                effects = [told.effect for told in gate.told.values()]
                effects += [gate.in_step.effect] if gate.in_step is not None else []
                if one.trigger in [effect.fire for effect in effects]:
                    conditions.append(gate.when)
        elif set(one.by) == {GROUP} and one.trigger not in [kind.dissolves for kind in parts.groups.values()]:
            conditions = [
                kind.members for kind in parts.groups.values() if one.trigger in (kind.joined.fire, kind.left.fire)
            ]
        else:
            return None
        return [box for when in conditions for box in meet_all(self.space.boxes(when, self.prover.types), self.boxes)]

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
            if one is not None and (one.start is None or self.sure(one.start, state.name)):
                return one
        return None

    def sure(self, start: str, state: str) -> bool:
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
        extensions = min(node.extensions + bool(one.extend), self.most[EXTENSIONS])
        escalation = node.escalation + one.escalate
        if escalation > self.climbs and one.dest == SAME:
            return  # the top is reached
        escalation = min(escalation, self.most[ESCALATION])
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
        witness = Witness(facts, self.prover.policy.places.areas[area].key)
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
                    moved = self.prover.policy.places.areas[picked].code
                elif name == OVERDUE and case.due is not None:
                    steps.append(Wait((case.due + timedelta(days=values[name]) - trial.day).days))
                elif name not in CASE_FACTS:
                    told[name] = values[name]
            if told or moved:
                steps.append(Tell(told, moved))
        return [*steps, Fire(transition.trigger)]


def is_open(value: Any) -> bool:
    """Whether what is set can be anything that the fact may be."""
    return value is TODAY or isinstance(value, FactOf)


def stage_of(flow: Flow, state: str) -> str:
    return flow.workflow.states[state].stage


def named_at(flow: Flow, name: str) -> Where:
    return flow.workflow.lines.get(name) or Where(flow.workflow.files[0], 1)


def written_at(transition: Transition) -> Where:
    return Where(transition.file, transition.line)


def names_of(flow: Flow, transition: Transition) -> dict[str, Any]:
    return {"type": flow.workflow.name, "state": transition.source, "trigger": transition.trigger}
