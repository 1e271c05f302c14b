"""Organisations taken in, and what is reported of them."""

from datetime import date

import pytest

from guikou.engine import Organization, Report
from guikou.engine.decide.intake import missing, place

from ..told import building


def test_M07_a_change_of_body_is_an_event_with_its_reason(beijing):
    told = building(beijing).do(Report({"industry": "health"}), "beijing")
    assert [event.kind for event in told.events] == ["opened", "reported", "rerouted"]
    assert told.events[-1].changes["responsible"] == "chaoyang-health" == told.case.responsible
    assert told.events[-1].reason.startswith("routing row 15")
    assert told.try_(Report({"industry": "health"}), "beijing") == ()


@pytest.mark.parametrize(
    ("facts", "needed", "perhaps"),
    [
        ({}, ["registered_as"], ["registered_at", "industry", "supervising_unit", "has_organization", "party_members"]),
        (
            {"registered_as": "foundation"},
            ["registered_at", "industry", "has_organization"],
            ["party_members", "standardized", "weak"],
        ),
        ({"registered_as": "foundation", "registered_at": "city", "has_organization": True}, ["industry", "weak"], ["standardized"]),
        (
            {"registered_as": "foundation", "registered_at": "city", "has_organization": False, "industry": "charity"},
            ["party_members"],
            [],
        ),
        (
            {"registered_as": "foundation", "registered_at": "city", "has_organization": False, "industry": "charity", "party_members": 0},
            [],
            [],
        ),
    ],
    ids=["nothing", "type", "with", "without", "all"],
)  # fmt: skip
def test_everything_that_is_missing_is_told_at_once(beijing, facts, needed, perhaps):
    organization = Organization("521101087NCC6K4P54", "x", "110108", facts)
    told = missing(beijing, organization, date(2016, 1, 4))
    assert [one.details["key"] for one in told if type(one).__name__ == "MissingFact"] == needed
    also = [name for one in told if type(one).__name__ == "MayMissFact" for name in one.details["key"]]
    assert set(perhaps) <= set(also)
    assert not set(also) & {*needed, *facts}
    assert {one.code for one in told} <= {"missing-fact", "may-miss-fact"}
    assert bool(told) == (getattr(place(beijing, organization, date(2016, 1, 4)), "code", None) == "missing-fact")
