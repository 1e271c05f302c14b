"""What something told brings about, step by step."""

from __future__ import annotations

from collections.abc import Mapping

from ..cases.case import Case
from ..cases.events import Event
from ..cases.fold import evolve
from ..errors import GuikouError
from ..policy.gates import Effect
from ..policy.policy import Policy
from .duties import meet
from .happening import Decision, Stamp
from .transitions import fire


class Steps:
    """Events that follow one another."""

    def __init__(self, policy: Policy, case: Case, stamp: Stamp) -> None:
        self.policy, self.before, self.case, self.stamp = policy, case, case, stamp
        self.events: list[Event] = []

    def add(self, decision: Decision | Event) -> GuikouError | None:
        if isinstance(decision, GuikouError):
            return decision
        for event in (decision,) if isinstance(decision, Event) else decision:
            self.events.append(event)
            self.case = evolve(self.case, event)
        return None

    def bring_about(
        self, effect: Effect, role: str, outcome: str | None = None, evidence: Mapping[str, str] | None = None
    ) -> GuikouError | None:
        """Meet what is owed, and fire the trigger where it can be; facts are set by the event itself."""
        for name in effect.meets:
            duty, obligation = self.case.duties.get(name), self.policy.obligations[name]
            if duty is None or duty.due is None:
                continue
            given = {key: value for key, value in (evidence or {}).items() if key in obligation.evidence}
            ended = outcome if outcome in obligation.outcomes else None
            stood = self.before.duties.get(name)
            refused = self.add(
                meet(self.policy, self.case, name, ended, given, self.stamp, by_office=False, stood=stood)
            )
            if refused:
                return refused
        if effect.fire is not None and not self.case.closed:
            return self.add(fire(self.policy, self.case, effect.fire, self.stamp, role))
        return None
