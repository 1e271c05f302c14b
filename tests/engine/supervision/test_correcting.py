"""Corrections and reopenings, kept."""

from datetime import UTC, date, datetime

import pytest

from guikou.engine.errors import FutureDay, NotCorrectable, ReasonMissing

from ..told import BY


@pytest.fixture
def weak(school, supervision, clock):
    school(has_organization=True, weak=False, standardized=True)
    clock.now = datetime(2016, 2, 1, 4, tzinfo=UTC)
    supervision.advance("A", "find_weak", by=BY, evidence={"finding_report": "1"})


def test_a_dry_run_shows_it_and_keeps_nothing(weak, supervision, store):
    before = store.get("A")
    tried = supervision.correct("A", 2, day=date(2016, 1, 20), reason="写错", by=BY, dry_run=True)
    assert (tried.before.due, tried.after.due) == (date(2016, 3, 2), date(2016, 2, 19))
    assert store.get("A") == before
    done = supervision.correct("A", 2, day=date(2016, 1, 20), reason="写错", by=BY)
    assert store.get("A") == done.after.case
    assert supervision.get("A", as_of=date(2016, 1, 21)).state == "rectify.finding"
    assert [event.kind for event in supervision.history("A")] == ["opened", "advanced", "corrected", "advanced"]


def test_the_same_request_corrects_once(weak, supervision):
    asked = {"evidence": {"finding_report": "2"}, "reason": "写错", "by": BY, "request_id": "r"}
    first = supervision.correct("A", 2, **asked)
    again = supervision.correct("A", 2, **asked)
    assert again.after.case == first.after.case
    assert len(supervision.history("A")) == 4


def test_it_is_refused_without_a_reason_of_a_day_to_come_and_of_what_there_is_not(weak, supervision, store):
    before = store.events("A")
    for error, more in (
        (ReasonMissing, {"reason": " ", "because": "x"}),
        (FutureDay, {"reason": "x", "day": date(2016, 2, 2)}),
        (NotCorrectable, {"reason": "x"}),
    ):
        with pytest.raises(error):
            supervision.correct("A", 2, by=BY, **more)
    assert store.events("A") == before


def test_who_closed_it_reopens_it(weak, supervision):
    supervision.advance("A", "deregister", by=BY, evidence={"deregistration_record": "1"})
    assert supervision.reopen("A", reason="误办", by=BY).state == "rectify.finding"
    assert supervision.history("A")[-1].kind == "reopened"


def test_what_is_told_late_stands_on_its_day(weak, supervision, clock):
    supervision.report("A", {"employees": 7}, when=date(2016, 1, 10))
    assert [
        supervision.get("A", as_of=date(2016, 1, day)).case.facts["employees"] for day in (9, 10, 31)
    ] == [42, 7, 7]  # fmt: skip
    assert supervision.get("A").state == "rectify.finding"


def test_the_time_of_a_day_is_not_asked(school, supervision, clock):
    """What is told of a day, and of no time of it, is not refused for what was told earlier on that day."""
    clock.now = datetime(2016, 1, 4, 9, tzinfo=UTC)
    school()
    clock.now = datetime(2016, 1, 6, 4, tzinfo=UTC)
    supervision.report("A", {"employees": 7}, when=date(2016, 1, 4))
    first, second = supervision.history("A")
    assert first.at == second.at


def test_a_clock_that_runs_back_a_little_is_no_other_day(school, supervision, clock):
    school()
    clock.now = datetime(2016, 1, 4, 3, 59, 59, tzinfo=UTC)
    assert supervision.report("A", {"employees": 7}).case.facts["employees"] == 7


@pytest.mark.parametrize("when", [date(2016, 1, 5), datetime(2016, 1, 4, 4, 0, 1, tzinfo=UTC)])
def test_nothing_is_told_of_what_is_to_come(school, supervision, when):
    school()
    for tell in (
        lambda: supervision.report("A", {"employees": 7}, when=when),
        lambda: supervision.sweep(when=when),
        lambda: supervision.recount(when=when),
    ):
        with pytest.raises(FutureDay) as error:
            tell()
        assert error.value.line("zh")
    assert supervision.sweep(when=date(2016, 6, 1), dry_run=True).cases == 1
