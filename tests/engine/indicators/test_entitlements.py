"""What support an organisation may have, what of it was paid or given, and what is outstanding."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.case import Tally
from guikou.engine.decide.due.context import asked_context
from guikou.engine.indicators.entitlements import (
    Entitlement,
    counted_on,
    entitled,
    entitlement,
    entitlements,
    undecided,
)

from .cases import DAY, case

money = st.decimals(0, 10**6, places=2)


def paid(amount, year=2016, kind="allowance_paid"):
    return {kind: Tally(DAY, {year: (1, 0, Decimal(amount))})}


def of(policy, name, now):
    return entitlement(policy, policy.parts.support[name], asked_context(policy, now, DAY), now, 2016)


@given(money, money)
def test_what_was_paid_too_much_is_not_outstanding_to_anybody(beijing, due, settled):
    one = Entitlement(beijing.parts.support["allowance"], due, settled)
    assert one.outstanding - one.overpaid == due - settled
    assert min(one.outstanding, one.overpaid) == 0
    assert one.lacking == (due > settled)


def test_200_yuan_a_member_less_what_was_paid_for_the_year(beijing):
    now = case(facts={"party_members": 3}, records=paid("150.00"))
    one = of(beijing, "allowance", now)
    assert (one.due, one.paid, one.outstanding, one.lacking) == (
        Decimal("600.00"),
        Decimal("150.00"),
        Decimal("450.00"),
        True,
    )
    assert of(beijing, "allowance", replace(now, records=paid("150.00", year=2015))).paid == 0
    assert not of(beijing, "allowance", replace(now, records=paid("600.00"))).lacking


def test_a_number_that_is_not_known_is_missing_and_not_nought(beijing):
    now = case()
    now = replace(now, facts={name: value for name, value in now.facts.items() if name != "party_members"})
    one = of(beijing, "allowance", now)
    assert (one.due, one.missing, one.outstanding, one.lacking) == (None, "party_members", None, True)


def test_dues_come_back_by_what_was_recorded(beijing):
    one = of(beijing, "dues", case(records=paid("12.34", kind="dues_paid") | paid("2.34", kind="dues_returned")))
    assert (one.due, one.outstanding) == (Decimal("12.34"), Decimal("10.00"))


@pytest.mark.parametrize(("sent", "given", "lacking"), [(True, True, False), (False, False, True)])
def test_what_is_no_money_is_given_or_lacking(beijing, sent, given, lacking):
    one = of(beijing, "guide", case(facts={"guide_sent": sent}))
    assert (one.given, one.lacking, one.due) == (given, lacking, None)


def test_what_is_open_to_whoever_may_have_it_is_never_lacking(beijing):
    one = of(beijing, "venues", case())
    assert (one.given, one.lacking) == (None, False)


def test_what_the_table_leaves_open_is_told_with_a_fact_that_would_settle_it(beijing):
    known = asked_context(beijing, case(), DAY)
    sure = set(entitled(beijing, known))
    assert sure
    for fact in ("party_members", "has_organization"):
        less = {name: value for name, value in known.items() if name != fact}
        open_ = undecided(beijing, less)
        assert set(entitled(beijing, less)) | set(open_) >= sure
        assert not set(entitled(beijing, less)) & set(open_)
        assert all(missing not in less for missing in open_.values())
    assert undecided(beijing, known) == {}


def test_whoever_was_not_there_yet_or_is_closed_has_none(beijing):
    now = case()
    assert entitlements(beijing, None, now, 2016, DAY) == []
    assert entitlements(beijing, replace(now, closed=True), now, 2016, DAY) == []
    assert {one.support.name for one in entitlements(beijing, now, now, 2016, DAY)} == set(entitled(beijing, asked_context(beijing, now, DAY)))  # fmt: skip


def test_a_year_is_counted_by_the_policys_day_or_today_while_that_is_to_come(beijing):
    allowance = beijing.parts.support["allowance"]
    assert counted_on(allowance, 2015, DAY) == date(2015, 12, 31)
    assert counted_on(allowance, 2016, DAY) == DAY
