"""Who is told of what happened, and in which words."""

from datetime import date

import pytest

from guikou.engine.decide.notices import TOLD, standing, subject

from ..told import ABOVE, BY, established


def test_who_is_escalated_to_by_an_office_is_told_as_by_the_sweep(beijing):
    told = established(beijing, weak=True).sweep(date(2016, 2, 10)).advance("escalate")
    notice = told.told[-1]
    assert (notice.kind, notice.body, notice.due, notice.state) == (
        "escalated",
        ABOVE,
        date(2016, 2, 3),
        "rectify.finding",
    )
    told.advance("confirm_finding").advance("adopt_plan", rectification_plan="1").advance(
        "complete_measures", measures_report="1"
    )
    told.advance("fail_reinspection", reinspection_report="1")
    assert (told.told[-1].body, told.told[-1].seq) == ("beijing", told.events[-1].seq)
    assert subject(beijing, told.told[-1]).en.endswith("Rectify: re-inspection was escalated to you")


def test_M23_who_is_responsible_is_told_of_a_missed_inspection(beijing):
    told = established(beijing).sweep(date(2016, 8, 31))
    (notice,) = [one for one in told.told if one.kind == "missed"]
    assert (notice.body, notice.concerns, notice.due) == (BY, "inspection", date(2016, 5, 31))
    assert subject(beijing, notice).zh == "学校 (A)：年度检查 应于 2016-05-31 前办理，未办理，已结"


@pytest.mark.parametrize(
    ("until", "today", "kinds"),
    [
        (date(2016, 2, 3), date(2016, 2, 3), ["reminded"]),
        (date(2016, 2, 3), date(2016, 3, 3), []),  # it was to be reminded of before that day
        (date(2016, 2, 10), date(2016, 2, 10), ["overdue"]),
        (date(2016, 2, 10), date(2019, 2, 10), ["overdue"]),
        (date(2016, 3, 1), date(2019, 2, 10), ["overdue", "escalated"]),
    ],
)
def test_of_what_was_decided_anew_is_told_what_stands_still(beijing, until, today, kinds):
    told = established(beijing, weak=True).sweep(until)
    own = [event for event in standing(told.events, told.case, today) if event.concerns is None]
    assert [event.kind for event in own if event.kind in TOLD] == kinds


def test_what_has_climbed_on_or_is_done_is_told_no_more(beijing):
    told = established(beijing, weak=True).sweep(date(2016, 3, 31))
    own = [event for event in standing(told.events, told.case, told.day) if event.concerns is None]
    assert [event.climbed_to for event in own if event.climbed_to] == [told.case.escalated_to]
    told.advance("confirm_finding")
    own = [event for event in standing(told.events, told.case, told.day) if event.concerns is None]
    assert not [event for event in own if event.kind in TOLD]
