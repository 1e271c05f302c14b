"""A workflow compiled once."""

import gc
import weakref

import pytest

from guikou.engine.decide.machine import WorkflowMachine
from guikou.engine.decide.transitions import machine


class Known(dict):
    """Facts that can be watched."""


def test_all_cases_of_a_workflow_share_one_machine(beijing):
    assert machine(beijing, "foundation") is machine(beijing, "foundation")
    shared = machine(beijing, "foundation")
    facts = Known(party_members=5)
    firing = shared.fire("apply", "build.preparing", facts)
    assert firing.taken.dest == firing.state == "build.approving"
    watched = weakref.ref(facts)
    del facts, firing
    gc.collect()
    assert watched() is None  # the machine has no model, and keeps nothing of a case
    assert shared.fire("apply", "build.preparing", {"party_members": 2}).state == "build.preparing"


def test_a_guard_that_is_left_open_is_told_from_one_that_does_not_hold(beijing):
    one = WorkflowMachine(beijing.workflows["foundation"])
    (open_,) = one.fire("apply", "build.preparing", {}).undecided
    assert (open_.trigger, open_.source) == ("apply", "build.preparing")
    closed = one.fire("apply", "build.preparing", {"party_members": 2})
    assert (closed.taken, closed.undecided) == (None, [])
    with pytest.raises(KeyError):
        one.fire("fly", "build.preparing", {})
