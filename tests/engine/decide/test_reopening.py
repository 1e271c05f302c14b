"""A case that was closed, and goes on."""

from datetime import date

import pytest

from guikou.engine.cases.events import counting
from guikou.engine.decide.reopening import to_reopen
from guikou.engine.errors import MayNotAct, NotReopenable, ReasonMissing

from ..edits import edited
from ..told import ABOVE, BY, STAGES, building, established


def closed(policy, **facts):
    return building(policy, **facts).sweep(date(2016, 2, 1)).advance("deregister", deregistration_record="1")


def reopen(told, by=BY, days=0, reason="误办注销"):
    told.day = date.fromordinal(told.day.toordinal() + days)
    return told.try_(to_reopen(counting(told.events), reason), by)


def test_it_stands_where_it_stood_with_the_due_dates_that_it_had(beijing):
    open_, told = building(beijing).sweep(date(2016, 2, 1)), closed(beijing)
    assert (told.case.closed, told.case.duties) == (True, {})
    told.follow(reopen(told, days=30))
    assert (told.case.closed, told.case.state, told.case.due) == (False, "build.preparing", open_.case.due)
    assert told.case.duties == open_.case.duties
    told.advance("apply", days=1, application="2")
    told.advance("deregister", days=1, deregistration_record="2")
    told.follow(reopen(told))
    assert told.case.state == "build.approving"


@pytest.mark.parametrize(
    ("more", "error"),
    [({"days": 31}, NotReopenable), ({"by": ABOVE}, MayNotAct), ({"reason": " "}, ReasonMissing)],
)
def test_too_late_by_another_or_without_a_reason_it_is_not(beijing, more, error):
    refused = reopen(closed(beijing), **more)
    assert isinstance(refused, error)
    assert refused.line("zh")


def test_where_the_policy_gives_no_time_it_is_not(beijing):
    without = edited(beijing, STAGES, ("reopen: 30 days", "#"))
    assert isinstance(reopen(closed(without)), NotReopenable)


def test_what_is_open_is_not_reopened(beijing):
    assert isinstance(reopen(established(beijing)), NotReopenable)
