"""Working days counted anew."""

from datetime import date

from guikou.engine import parse
from guikou.engine.cases.fold import evolve
from guikou.engine.decide.recount import recount

from ..edits import edited
from ..told import FIRM, STAGES, established


def test_years_that_had_to_be_assumed_are_kept_and_counted_anew_once_they_are_known(beijing):
    policy = edited(beijing, STAGES, ("finding: {title: {zh: 认定, en: finding}, due: {within: 30 days}}",
                                      "finding: {title: {zh: 认定, en: finding}, due: {within: 20 working days}}"))  # fmt: skip
    told = established(policy, date(2026, 12, 21), **FIRM, weak=True)
    assert (told.case.due, told.case.assumed) == (date(2027, 1, 18), (2027,))
    assert recount(policy, told.case, told.stamp("sweep")) == ()

    class Known:
        name = "CN"

        def knows(self, year):
            return year <= 2027

        def worked(self, day):
            return day.weekday() < 5 and day != date(2027, 1, 1)

    later = parse(policy.files, calendars={"CN": Known})
    (event,) = recount(later, told.case, told.stamp("sweep"))
    case = evolve(told.case, event)
    assert (case.due, case.assumed, event.kind) == (date(2027, 1, 19), (), "recounted")


def test_what_was_moved_off_a_day_that_proves_to_be_worked_moves_back(beijing):
    """Of duties too; in 2027 every day off that was assumed is worked here, and 31 May is not."""
    policy = edited(beijing, "policy.yaml", ("calendar: CN", "calendar: CN\nroll: next working day"))
    told = established(policy, date(2026, 12, 21), weak=True)
    told.sweep(date(2027, 1, 4))
    assert told.case.assumed == (2027,)
    assert told.case.duties["inspection"].due == date(2027, 5, 31)

    class Known:
        name = "CN"

        def knows(self, year):
            return year <= 2027

        def worked(self, day):
            return day != date(2027, 5, 31)

    later = parse(policy.files, calendars={"CN": Known})
    (event,) = recount(later, told.case, told.stamp("sweep"))
    case = evolve(told.case, event)
    assert case.duties["inspection"].due == date(2027, 6, 1)
    assert case.duties["inspection"].nominal == date(2027, 5, 31)
    for due, was in ((case.step_due, told.case.step_due), (case.stage_due, told.case.stage_due)):
        assert due <= was
