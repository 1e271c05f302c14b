"""Whether a policy can take another's place."""

from dataclasses import replace

import pytest

from guikou.engine.errors import PolicyInUse
from guikou.engine.supervision.activation import fits


def without_state(policy, workflow, state):
    flow = policy.workflows[workflow]
    states = {name: one for name, one in flow.states.items() if name != state}
    return replace(policy, workflows={**policy.workflows, workflow: replace(flow, states=states)})


def without_body(policy, body):
    bodies = {id: one for id, one in policy.places.bodies.items() if id != body}
    return replace(policy, places=replace(policy.places, bodies=bodies))


def test_a_policy_fits_where_no_open_case_stands_where_it_has_nothing(beijing, store, school, supervision):
    for id in "AB":
        school(id)
    fits(beijing, store)
    fits(without_state(beijing, "private_non_enterprise", "innovate"), store)
    with pytest.raises(PolicyInUse) as stranded:
        fits(without_state(beijing, "private_non_enterprise", "build.preparing"), store)
    assert stranded.value.details["count"] == 2
    assert stranded.value.details["names"] == ["private_non_enterprise/build.preparing"]
    with pytest.raises(PolicyInUse) as stranded:
        fits(without_body(beijing, "chaoyang-education"), store)
    assert (stranded.value.details["kind_en"], stranded.value.details["names"]) == ("body", ["chaoyang-education"])
    for id in "AB":
        supervision.advance(id, "deregister", by="chaoyang-education", evidence={"deregistration_record": "1"})
    fits(without_body(beijing, "chaoyang-education"), store)
