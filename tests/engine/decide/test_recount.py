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
