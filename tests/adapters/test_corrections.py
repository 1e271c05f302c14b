"""Corrections and what was on record, on every store."""

from datetime import UTC, date, datetime

import pytest

from guikou.engine import Organization, Supervision, fold
from guikou.engine.errors import RecordOnly

BY = "chaoyang-education"
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education",
    "employees": 42, "party_members": 5, "has_organization": True, "weak": False, "standardized": True,
}  # fmt: skip


@pytest.fixture
def clock(store, monkeypatch):
    """Sets what time it is for the store, and so for whoever asks it."""

    def at(month, day, hour=4):
        now = datetime(2016, month, day, hour, tzinfo=UTC)
        monkeypatch.setattr(store, "now", lambda: now)

    return at


@pytest.fixture
def office(policy, store, clock):
    clock(1, 4)
    office = Supervision(policy, store)
    for id in ("A", "B"):
        office.register(Organization(id, f"学校{id}", "110105", FACTS))
        clock(2, 1)
        office.advance(id, "find_weak", by=BY, evidence={"finding_report": "1"})
        clock(1, 4)
    return office


def weak(office, day, **known):
    found = office if not known else office.known_on(known["known"])
    return [view.id for view in found.cases(stage="rectify", as_of=day)]


def test_a_corrected_case_is_the_fold_of_its_events_and_is_listed_as_corrected(office, store, clock):
    clock(3, 1)
    made = office.correct("A", 2, day=date(2016, 1, 20), reason="写错", by=BY)
    assert store.get("A") == made.after.case == fold(store.events("A"))
    days = [date(2016, 1, 19), date(2016, 1, 20), date(2016, 2, 1)]
    assert [weak(office, day) for day in days] == [[], ["A"], ["A", "B"]]
    before = date(2016, 2, 29)
    assert [weak(office, day, known=before) for day in days] == [[], [], ["A", "B"]]
    assert [one.due for one in office.deadlines(stage="rectify", as_of=days[-1])] == [
        date(2016, 2, 19), date(2016, 3, 2),
    ]  # fmt: skip
    assert office.known_on(before).get("A", as_of=days[1]).state == "innovate"
    assert [event.kind for event in office.known_on(before).history("A")] == ["opened", "advanced"]
    assert office.known_on(date(2016, 1, 31)).count_cases(stage="rectify") == 0


def test_what_was_told_late_is_listed_from_its_day_on_once_it_is_told(office, clock):
    clock(3, 1)
    office.report("A", {"employees": 7}, by=BY, when=date(2016, 1, 10))
    found = {
        (known, day): office.known_on(known).get("A", as_of=day).case.facts["employees"]
        for known in (date(2016, 2, 29), date(2016, 3, 1))
        for day in (date(2016, 1, 9), date(2016, 1, 10))
    }
    assert list(found.values()) == [42, 42, 42, 7]


def test_what_never_happened_is_counted_no_more(office, clock):
    clock(3, 1)
    day = date(2016, 3, 1)
    assert office.count_cases(stage="rectify", as_of=day) == 2
    office.correct("A", 2, never=True, reason="误办", by=BY)
    assert office.count_cases(stage="rectify", as_of=day) == 1
    assert office.known_on(date(2016, 2, 29)).count_cases(stage="rectify") == 2
    (opened,) = [one for one in office.indicators(as_of=date(2016, 12, 31)) if one.indicator.name == "rectify_opened"]
    assert opened.value == 1


def test_nothing_is_done_as_of_a_record(office, clock):
    clock(3, 1)
    then = office.known_on(date(2016, 2, 29))
    for tell in (
        lambda: then.report("A", {"employees": 7}, by=BY),
        lambda: then.sweep(),
        lambda: then.correct("A", 2, never=True, reason="误办", by=BY),
    ):
        with pytest.raises(RecordOnly):
            tell()
