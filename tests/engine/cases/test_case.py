"""Cases and what they hold, and how an event keeps it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.cases.case import Case, Duty, Membership, Passage, Tally, earlier

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
names = st.text("abc_", min_size=1, max_size=6)
amounts = st.decimals(0, 10**9, places=2)
duties = st.builds(
    Duty, *(st.none() | days,) * 3, st.booleans(), st.none() | st.integers(1, 90), st.booleans(), st.integers(0, 3),
    st.none() | names, st.none() | days, st.integers(0, 3), st.none() | days, st.none() | names, st.none() | days,
)  # fmt: skip
passages = st.builds(
    Passage, names, st.lists(names).map(tuple), days, st.dictionaries(names, st.dictionaries(names, names | days)), st.none() | days
)  # fmt: skip
sums = st.dictionaries(st.integers(1990, 2100), st.tuples(st.integers(0, 99), st.integers(0, 10**6), amounts))
tallies = st.builds(Tally, days, sums)
memberships = st.builds(Membership, names, days)


def kept(value):
    """As a store gives back what an event keeps."""
    return loads(dumps(value.content()))


@given(duties, passages, tallies, memberships)
def test_what_an_event_keeps_is_read_again(duty, passage, tally, membership):
    assert Duty(**kept(duty)) == duty
    assert Passage.of(kept(passage)) == passage
    assert Tally.read(kept(tally)) == tally
    assert Membership(**kept(membership)) == membership


def test_of_a_duty_only_what_is_not_as_in_a_new_one_is_kept():
    assert Duty().content() == {}
    assert Duty(due=date(2016, 5, 31), open=True).content() == {"due": date(2016, 5, 31), "open": True}


def test_a_year_of_which_nothing_was_recorded_has_none():
    tally = Tally(date(2016, 1, 4), {2015: (1, 30, Decimal("0.10"))})
    assert tally.of(2015) == (1, 30, Decimal("0.10"))
    assert tally.of(2016) == (0, 0, 0)


def case(**more):
    at = datetime(2016, 1, 4, 4, tzinfo=UTC)
    day = date(2016, 1, 4)
    own = {"stage_since": day, "step_since": day, "opened_at": at, "updated_at": at}
    return Case("A", "A", "学校", "110105", "school", more.pop("state", "rectify.plan"), "office", None, {}, policy="", **own, **more)  # fmt: skip


@pytest.mark.parametrize(
    ("stage_due", "step_due", "due"),
    [(None, None, None), (3, None, 3), (None, 5, 5), (3, 5, 3), (5, 3, 3)],
)
def test_a_case_is_due_on_the_earlier_of_two_days_and_never_while_it_is_suspended(stage_due, step_due, due):
    stage_due, step_due, due = (day and date(2016, 2, day) for day in (stage_due, step_due, due))
    one = case(stage_due=stage_due, step_due=step_due)
    assert one.due == earlier(step_due, stage_due) == due
    assert case(stage_due=stage_due, step_due=step_due, suspended=date(2016, 1, 9)).due is None


def test_days_overdue_count_from_the_day_after_it_was_due_and_end_with_the_case():
    due = date(2016, 2, 3)
    late = [case(stage_due=due).days_overdue(date(2016, 2, day)) for day in (2, 3, 4, 13)]
    assert late == [0, 0, 1, 10]
    assert case(stage_due=due, closed=True).days_overdue(date(2016, 2, 13)) == 0
    assert case().days_overdue(date(2016, 2, 13)) == 0


def test_a_state_is_a_stage_or_one_step_of_it():
    assert (case().stage, case().step) == ("rectify", "plan")
    assert (case(state="innovate").stage, case(state="innovate").step) == ("innovate", None)
