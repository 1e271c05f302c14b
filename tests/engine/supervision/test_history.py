"""What happened to a case, and which rules placed it where it is."""

from dataclasses import replace

import pytest

from guikou.engine.errors import BrokenChain, UnknownCase
from guikou.engine.supervision.history import explain, history, lineage, with_facts_before

from ..told import BY


def test_a_history_is_whole_and_checked(office, school, supervision, monkeypatch):
    school()
    supervision.advance("A", "apply", by=BY, evidence={"application": "1"})
    assert [event.kind for event in history(office, "A")] == ["opened", "advanced"]
    assert lineage(office, "A") == history(office, "A")
    with pytest.raises(UnknownCase):
        history(office, "Z")
    events = office.store.events("A")
    monkeypatch.setattr(office.store, "events", lambda id: [events[0], replace(events[1], actor="another")])
    with pytest.raises(BrokenChain):
        history(office, "A")


def test_each_table_that_placed_a_case_is_told_by_the_row_that_did_so_last(office, school, supervision):
    school()
    supervision.report("A", {"industry": "health"})
    told = explain(office, "A")
    assert {rule.table for rule in told.rules} == {"classification", "routing", "hubs", "entry", "intake_order"}
    (routing,) = [rule for rule in told.rules if rule.table == "routing"]
    assert routing.outputs == {"responsible": "chaoyang-health"}
    assert {cell.fact: cell.value for cell in routing.cells}["industry"] == "health"
    assert told.event.seq == 3
    assert told.case.responsible.id == "chaoyang-health"


def test_each_event_is_told_with_what_the_facts_that_it_changes_were(supervision, school):
    school()
    supervision.report("A", {"employees": 50, "weak": True}, by=BY)
    supervision.report("A", {"employees": 51}, by=BY)
    told = [(event.kind, before) for event, before in with_facts_before(supervision.history("A"))]
    assert told == [("opened", {}), ("reported", {"employees": 42}), ("reported", {"employees": 50})]
