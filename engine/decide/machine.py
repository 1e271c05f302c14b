"""A workflow compiled once to a `transitions` machine that all of its cases share.

The machine has no model of its own: firing a trigger hands it a small record of the case's state and facts, and the
guards write into the record which transition held and which could not be decided. What it would try from each state is
read off it once, in its order; going through that directly, `fire` takes a tenth of the time or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from transitions import EventData, Machine

from ..policy.workflow import ORIGIN, SAME, Transition, Workflow


@dataclass(slots=True)
class Firing:
    """One attempt to fire: the state it starts from and moves, and what the guards found."""

    state: str
    facts: Mapping[str, Any]
    taken: Transition | None = None
    undecided: list[Transition] = field(default_factory=list)


class WorkflowMachine:
    """A workflow's one machine."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        states = list(workflow.states)
        guards = [_Guard(one) for one in workflow.transitions]
        self._machine = Machine(
            model=None,
            states=states,
            initial=states[0],
            transitions=[
                {
                    "trigger": one.trigger,
                    "source": one.source,
                    # An internal transition: `decide` knows where the case came from, the machine does not.
                    "dest": None if one.dest in (SAME, ORIGIN) else one.dest,
                    "conditions": [guard],
                }
                for guard, one in zip(guards, workflow.transitions, strict=True)
            ],
            send_event=True,
            auto_transitions=False,
        )
        self._ways = {
            (trigger, source): tuple((cast(_Guard, one.conditions[0].func), one.dest) for one in ways)
            for trigger, event in self._machine.events.items()
            for source, ways in event.transitions.items()
        }

    def fire(self, trigger: str, state: str, facts: Mapping[str, Any]) -> Firing:
        """Fire a trigger that leaves `state`; `taken` is the first transition whose guard holds, None if none does or
        if one before it, which is `undecided`, may.

        Raises KeyError for a trigger that the workflow does not have, or that does not leave the state.
        """
        firing = Firing(state, facts)
        for guard, dest in self._ways[trigger, state]:
            if guard.passes(firing):
                firing.state = dest or state
                break
        return firing

    def fired_by_machine(self, trigger: str, state: str, facts: Mapping[str, Any]) -> Firing:
        """The same, by the library's own way through the machine. Raises MachineError besides."""
        firing = Firing(state, facts)
        self._machine.events[trigger].trigger(firing)
        return firing


class _Guard:
    """The condition of a transition, as the machine asks it."""

    __slots__ = ("_holds", "_transition")

    def __init__(self, transition: Transition) -> None:
        self._holds, self._transition = transition.when.evaluate, transition

    def __call__(self, event: EventData) -> bool:
        assert isinstance(event.model, Firing)
        return self.passes(event.model)

    def passes(self, firing: Firing) -> bool:
        if firing.undecided:  # what may hold before it is not passed over
            return False
        answer = self._holds(firing.facts)
        if answer:
            firing.taken = self._transition
        elif answer is None:
            firing.undecided.append(self._transition)
        return answer is True
