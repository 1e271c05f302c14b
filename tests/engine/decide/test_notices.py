"""Who is told of what happened, and in which words."""

from datetime import date

from guikou.engine.decide.notices import subject

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
