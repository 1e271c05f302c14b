"""A workflow compiled once."""

import gc
import weakref
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from guikou.engine import Kind
from guikou.engine.decide.machine import WorkflowMachine
from guikou.engine.decide.transitions import machine
from guikou.engine.rules.notation import parse_condition


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


def test_a_guard_that_is_left_open_is_never_passed_over_for_the_next(beijing):
    flow = beijing.workflows["foundation"]
    first = next(one for one in flow.transitions if one.trigger == "apply")
    employees = parse_condition({"employees": ">= 1"}, {"employees": Kind("integer")})
    later = replace(first, when=employees, dest="rectify.finding")
    flow = replace(flow, transitions=(*flow.transitions, later))
    one = WorkflowMachine(flow)
    for facts, dest, open_ in [
        ({"employees": 3}, None, True),
        ({"employees": 3, "party_members": 1}, "rectify.finding", False),
        ({"employees": 3, "party_members": 5}, first.dest, False),
        ({"party_members": 5}, first.dest, False),
        ({"party_members": 1}, None, True),
        ({"party_members": 1, "employees": 0}, None, False),
    ]:
        firing = one.fire("apply", first.source, facts)
        assert (firing.taken.dest if firing.taken else None) == dest, facts
        assert bool(firing.undecided) == open_
        ways = {way.trigger: way for way in flow.open_from(first.source, facts)}
        assert ways.get("apply") == firing.taken


VALUES = {"boolean": (True, False), "integer": (0, 2, 3, 5, 50), "date": (date(2015, 9, 1),)}


def test_what_was_read_off_the_machine_takes_the_ways_that_it_takes(beijing):
    taken = set()
    for flow in beijing.workflows.values():
        shared = machine(beijing, flow.name)
        for trigger, source in {(one.trigger, one.source) for one in flow.transitions}:
            ways = [one for one in flow.transitions if (one.trigger, one.source) == (trigger, source)]
            asked = sorted({fact for way in ways for fact in way.when.facts})
            kinds = [beijing.vocabulary.kinds[fact] for fact in asked]
            for values in product(*((None, *(VALUES.get(kind.name) or kind.values)) for kind in kinds)):
                known = {fact: value for fact, value in zip(asked, values, strict=True) if value is not None}
                firing = shared.fire(trigger, source, known)
                assert firing == shared.fired_by_machine(trigger, source, known)
                taken.add((firing.taken is None, bool(firing.undecided), firing.state == source))
    assert len(taken) > 3
