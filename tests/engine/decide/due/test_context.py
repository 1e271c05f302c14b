"""What rules may ask of a case on a day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.case import Membership, Tally
from guikou.engine.decide.due.context import asked_context, case_context, facts_and_area, holds, months
from guikou.engine.rules.conditions import Condition

from ...indicators.cases import DAY, case


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 3000))
def test_months_since_a_day_count_as_periods_do(since, days):
    day = since + timedelta(days=days)
    whole = months(since, day)
    assert _after(since, whole) <= day < _after(since, whole + 1)


def _after(day, count):
    from guikou.engine import Period

    return Period(count, "month").after(day) if count else day


def test_an_area_is_told_by_its_key_at_each_tier_and_null_where_it_has_none(beijing):
    assert facts_and_area(beijing, {"weak": True}, "110105") == {
        "weak": True,
        "city": "beijing",
        "district": "chaoyang",
        "street": None,
    }


def test_a_gate_may_ask_for_more_than_a_guard_and_for_nothing_else(beijing):
    one = case(
        facts={"registered_on": date(2015, 1, 4)}, stage_due=date(2016, 1, 1), escalation=1,
        groups={"J": Membership("joint_membership", DAY)}, members=2,
        records={"activity": Tally(date(2015, 12, 4), {2015: (3, 9, Decimal(0)), 2016: (1, 2, Decimal(0))})},
    )  # fmt: skip
    guard, gate = case_context(beijing, one, DAY), asked_context(beijing, one, DAY)
    assert (guard["case.days_overdue"], guard["case.escalation"], guard["case.suspended"]) == (3, 1, False)
    assert set(guard) <= set(beijing.vocabulary.kinds)
    assert set(gate) <= set(beijing.vocabulary.asked)
    assert guard.items() <= gate.items()
    assert (gate["registered_on.months"], gate["activity.months"], gate["activity.this_year"]) == (12, 1, 1)
    assert (gate["member.joint_membership"], gate["member.hub_membership"], gate["training.months"]) == (
        True,
        False,
        None,
    )
    assert (gate["stage"], gate["case.members"]) == ("standardize", 2)


def test_what_asks_for_nothing_does_not_hold():
    assert not holds(Condition(), {})
