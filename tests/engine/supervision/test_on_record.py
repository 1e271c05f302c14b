"""What was on record."""

from datetime import UTC, date, datetime

import pytest

from guikou.engine.errors import FutureDay, RecordOnly, UnknownCase

from ..told import BY


@pytest.fixture
def told_late(school, supervision, clock):
    """A school that was opened in January, and found weak on 1 February, which was told on 1 March."""
    school(has_organization=True, weak=False, standardized=True)
    clock.now = datetime(2016, 3, 1, 4, tzinfo=UTC)
    supervision.advance("A", "find_weak", by=BY, evidence={"finding_report": "1"}, when=date(2016, 2, 1))
    school("B")
    return supervision


def test_what_was_on_record_is_told_apart_from_what_was_so(told_late):
    day = date(2016, 2, 15)
    assert told_late.get("A", as_of=day).state == "rectify.finding"
    then = told_late.known_on(day)
    assert (then.get("A").state, then.today()) == ("innovate", day)
    assert [one.id for one in then.cases()] == ["A"]
    assert then.count_cases() == 1
    assert [one.id for one in then.cases(stage="rectify")] == []
    assert [one.kind for one in then.history("A")] == ["opened"]
    assert told_late.known_on(date(2016, 3, 1)).get("A", as_of=day).state == "rectify.finding"
    with pytest.raises(UnknownCase):
        then.get("B")


def test_what_was_wrong_is_on_record_until_it_was_corrected(told_late, clock):
    clock.now = datetime(2016, 4, 1, 4, tzinfo=UTC)
    told_late.correct("A", 2, day=date(2016, 1, 20), reason="写错", by=BY)
    day = date(2016, 1, 25)
    assert told_late.get("A", as_of=day).state == "rectify.finding"
    assert told_late.known_on(date(2016, 3, 31)).get("A", as_of=day).state == "innovate"
    assert [one.id for one in told_late.cases(stage="rectify", as_of=day)] == ["A"]
    assert told_late.known_on(date(2016, 3, 31)).cases(stage="rectify", as_of=day) == []


def test_nothing_is_changed_in_it_and_nothing_else_is_asked(told_late):
    then = told_late.known_on(date(2016, 2, 15))
    for ask in (
        lambda: then.report("A", {"employees": 7}),
        lambda: then.sweep(),
        lambda: then.intake.imports(),
        lambda: then.intake.parked(),
    ):
        with pytest.raises(RecordOnly):
            ask()
    with pytest.raises(FutureDay):
        told_late.known_on(date(2016, 3, 2))
