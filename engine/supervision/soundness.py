"""Whether what a store gives can be a case of a policy at all."""

from __future__ import annotations

from ..cases.case import Case
from ..errors import Damaged
from ..policy.policy import Policy
from ..text import Title


def sound(policy: Policy, case: Case) -> None:
    """Raises Damaged for a case that stands where the policy has nothing: no command brings that about, and a policy
    that has not what cases are in is not activated."""
    workflow = policy.workflows.get(case.workflow)
    if workflow is None:
        raise Damaged(case=case.organization, what=Title(f"没有类型 “{case.workflow}”", f"no type '{case.workflow}'"))
    if case.state not in workflow.states:
        raise Damaged(case=case.organization, what=Title(f"没有环节 “{case.state}”", f"no state '{case.state}'"))
    bodies, areas = policy.places.bodies, policy.places.areas
    for body in (case.responsible, case.hub, case.escalated_to):
        if body is not None and body not in bodies:
            raise Damaged(case=case.organization, what=Title(f"没有机构 “{body}”", f"no body '{body}'"))
    if case.area not in areas:
        raise Damaged(case=case.organization, what=Title(f"没有区域 “{case.area}”", f"no area '{case.area}'"))
