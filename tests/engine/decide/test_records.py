"""Records kept and struck."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from guikou.engine import fold
from guikou.engine.cases.case import Tally
from guikou.engine.decide.due.context import asked_context
from guikou.engine.decide.records import Record, Strike

from ..edits import edited
from ..told import BY, school


def test_M30_money_is_whole_hundredths_and_counts_for_its_year(beijing):
    told = school(beijing)
    pay = Record("allowance_paid", year=2015, amount=Decimal("1000.10"), evidence={"voucher": "1"})
    told.do(pay, BY).do(replace(pay, amount=Decimal("0.02"), year=None), BY, days=40)
    assert told.case.records["allowance_paid"] == Tally(
        date(2016, 2, 13), {2015: (1, 0, Decimal("1000.10")), 2016: (1, 0, Decimal("0.02"))}
    )
    assert fold(told.events) == told.case


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": None}, "bad-record"),
        ({"amount": Decimal("0.001")}, "bad-record"),
        ({"amount": Decimal("-1")}, "bad-record"),
        ({"amount": Decimal("NaN")}, "bad-record"),
        ({"amount": Decimal("1e20")}, "bad-record"),
        ({"count": 3}, "bad-record"),
        ({"venue": "centre-beijing"}, "bad-record"),
        ({"year": 2017}, "bad-record"),
        ({"on": date(2016, 1, 5)}, "bad-record"),
        ({"evidence": {}}, "evidence-missing"),
        ({"kind": "nothing"}, "unknown-record"),
    ],
)
def test_a_record_is_as_its_kind_asks_or_refused(beijing, wrong, code):
    good = {"kind": "allowance_paid", "amount": Decimal("1.00"), "evidence": {"voucher": "1"}}
    told = school(beijing)
    assert told.refused(Record(**good | wrong)).code == code
    told.do(Record(**good))


def test_all_that_a_record_lacks_is_told_at_once(beijing):
    both = edited(beijing, "records.yaml", ("    venue: true\n", "    venue: true\n    amount: true\n"))
    refused = school(both).refused(Record("venue_use"), BY)
    assert refused.message("zh") == "使用服务中心或商务楼宇工作站：请给出金额、场所"
    assert refused.message("en").endswith(": give its amount, its venue")


def test_M31_a_venue_must_be_one_of_the_policys(beijing):
    told = school(beijing)
    assert told.refused(Record("venue_use", venue="centre-chaoyan")).code == "unknown-venue"
    told.do(Record("venue_use", venue="centre-chaoyang"))
    assert told.case.records["venue_use"].of(2016)[0] == 1


def test_M26_what_was_recorded_is_seen_by_indicators_and_can_be_struck(beijing):
    told = school(beijing)
    activity = Record("activity", on=date(2015, 12, 20), count=30, evidence={"activity_record": "1"})
    told.do(activity).do(replace(activity, on=None, count=12), days=1)
    facts = asked_context(beijing, told.case, date(2016, 2, 20))
    assert (facts["activity.this_year"], facts["activity.months"]) == (1, 1)
    recorded = [event for event in told.events if event.kind == "recorded"]
    told.do(Strike(recorded[1], recorded[:1], "wrong"))
    assert told.case.records["activity"] == Tally(date(2015, 12, 20), {2015: (1, 30, Decimal(0))})
    told.do(Strike(recorded[0], [], "wrong too"))
    assert told.case.records == {}
    assert asked_context(beijing, told.case, date(2016, 2, 20))["activity.months"] is None
