"""Everything that time brings about, over all cases."""

from datetime import date

import pytest

from guikou.engine.supervision.sweeping import recount_all, sweep

pytestmark = pytest.mark.usefixtures("told_on_time")

DAY = date(2016, 6, 1)


def test_batches_of_any_size_do_the_same_once(office, school, beijing, clock):
    for id in "ABC":
        school(id, has_organization=True, standardized=True, weak=False)
    tried = sweep(office, DAY, True, 2)
    assert [office.store.get(id).revision for id in "ABC"] == [1, 1, 1]
    swept = sweep(office, DAY, False, 2)
    assert (swept.day, swept.cases, swept.failed, swept.ahead) == (DAY, 3, (), 0)
    assert [event.hash for _, event in swept.happened] == [event.hash for _, event in tried.happened]
    assert {view.obligation for view, event in swept.happened if event.concerns} >= {"inspection"}
    again = sweep(office, DAY, False, 2)
    assert (again.cases, again.happened) == (0, ())


def test_a_case_that_was_changed_on_a_later_day_is_left_as_it_is(office, school, supervision):
    school()
    supervision.report("A", {"employees": 43}, when=date(2017, 1, 1))
    swept = sweep(office, date(2016, 12, 31), False, 9)
    assert (swept.ahead, swept.happened) == (1, ())
    assert office.store.get("A").revision == 2


def test_where_no_year_was_assumed_there_is_nothing_to_count_anew(office, school):
    school()
    assert recount_all(office, None, False) == []
