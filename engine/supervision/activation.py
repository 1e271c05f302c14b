"""Whether a policy can take another's place."""

from __future__ import annotations

from ..errors import PolicyInUse
from ..policy.policy import Policy
from .store import Store


def fits(policy: Policy, store: Store) -> None:
    """Every open case's state and body must be there in a policy that is to be activated. Raises PolicyInUse."""
    states: dict[str, int] = {}
    bodies: dict[str, int] = {}
    for (workflow, state, body), count in store.counts().items():
        if workflow not in policy.workflows or state not in policy.workflows[workflow].states:
            states[f"{workflow}/{state}"] = states.get(f"{workflow}/{state}", 0) + count
        if body not in policy.places.bodies:
            bodies[body] = bodies.get(body, 0) + count
    for stranded, en, zh in ((states, "state", "环节"), (bodies, "body", "机构")):
        if stranded:
            raise PolicyInUse(count=sum(stranded.values()), kind_en=en, kind_zh=zh, names=sorted(stranded))
