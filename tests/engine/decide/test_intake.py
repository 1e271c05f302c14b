"""Organisations taken in, and what is reported of them."""

from guikou.engine import Report

from ..told import building


def test_M07_a_change_of_body_is_an_event_with_its_reason(beijing):
    told = building(beijing).do(Report({"industry": "health"}), "beijing")
    assert [event.kind for event in told.events] == ["opened", "reported", "rerouted"]
    assert told.events[-1].changes["responsible"] == "chaoyang-health" == told.case.responsible
    assert told.events[-1].reason.startswith("routing row 15")
    assert told.try_(Report({"industry": "health"}), "beijing") == ()
