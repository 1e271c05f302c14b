"""A workflow compiled once to a `transitions` machine that all of its cases share.

The machine has no model of its own: firing a trigger hands it a small record of the case's state and facts, and the
guards write into the record which transition held and which could not be decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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
                    "conditions": [_guard(one)],
                }
                for one in workflow.transitions
            ],
            send_event=True,
            auto_transitions=False,
        )

    def fire(self, trigger: str, state: str, facts: Mapping[str, Any]) -> Firing:
        """Fire a trigger that leaves `state`; `taken` is the first transition whose guard holds, None if none does or
        if one before it, which is `undecided`, may.

        Raises KeyError for a trigger that the workflow does not have.
        """
        firing = Firing(state, facts)
        self._machine.events[trigger].trigger(firing)
        return firing


def _guard(transition: Transition) -> Callable[[EventData], bool]:
    holds = transition.when.evaluate

    def guard(event: EventData) -> bool:
        firing = event.model
        assert isinstance(firing, Firing)
        if firing.undecided:  # what may hold before it is not passed over
            return False
        answer = holds(firing.facts)
        if answer:
            firing.taken = transition
        elif answer is None:
            firing.undecided.append(transition)
        return answer is True

    return guard
