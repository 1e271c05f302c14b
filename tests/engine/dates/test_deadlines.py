"""Which reminders are to come."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine.dates.deadlines import passed, pending

days = st.dates(date(2003, 1, 1), date(2030, 12, 31))


@settings(deadline=None)
@given(days, st.sets(st.integers(1, 90), min_size=1), st.integers(-5, 120))
def test_reminders_that_have_passed_are_not_to_come(due, remind, before):
    order = tuple(sorted(remind, reverse=True))
    today = due - timedelta(days=before)
    given_last = passed(order, due, today)
    left = pending(order, given_last, due)
    assert [days for _, days in left] == [days for days in order if days < before]
    assert all(day > today for day, _ in left)
    assert [day for day, _ in left] == sorted(day for day, _ in left)
