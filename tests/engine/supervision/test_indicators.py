"""Numbers over many cases."""

from datetime import date
from decimal import Decimal

import pytest

from guikou.engine.errors import FutureDay, NotGroupedBy, UnknownChoice, UnknownIndicator, UnknownSupport
from guikou.engine.indicators.grouping import ALL
from guikou.engine.supervision.indicators import Counting

DAY = date(2016, 1, 4)


@pytest.fixture
def counting(office, school):
    for id, has in (("A", True), ("B", False), ("C", True)):
        school(id, has_organization=has, standardized=False, weak=False)
    return Counting(office)


def test_an_indicator_is_of_whom_it_is_asked(counting):
    whole, chaoyang = counting.indicator("organization_coverage", "district", None)
    assert (whole.key, whole.numerator, whole.denominator, chaoyang.key) == (ALL, 2, 3, "chaoyang")
    assert counting.indicator("organization_coverage", None, None, under="haidian")[0].denominator == 0
    assert counting.indicator("organization_coverage", None, None, as_of=date(2016, 1, 3))[0].denominator == 0
    assert counting.indicator("organization_coverage", None, None, type="foundation")[0].value is None


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda one: one.indicator("nothing", None, None), UnknownIndicator),
        (lambda one: one.indicator("organization_coverage", "weak", None), NotGroupedBy),
        (lambda one: one.indicator("organizations", None, None, type="club"), UnknownChoice),
        (lambda one: one.trend("growth", [DAY]), NotGroupedBy),
        (lambda one: one.scorecard("beijing", 2017), FutureDay),
        (lambda one: one.support(2016, what="nothing"), UnknownSupport),
    ],
)
def test_what_there_is_not_is_named(counting, ask, error):
    with pytest.raises(error):
        ask(counting)


def test_a_trend_is_each_days_indicator(counting, supervision, clock):
    clock.now = clock.now.replace(day=6)
    supervision.report("B", {"has_organization": True})
    days = [date(2016, 1, day) for day in (3, 4, 5, 6)]
    trend = counting.trend("organization_coverage", days)
    assert [one.numerator for _, one in trend] == [0, 2, 2, 3]
    assert [one for _, one in trend] == [
        counting.indicator("organization_coverage", None, None, as_of=day)[0] for day in days
    ]
    assert counting.trend("organization_coverage", []) == []


def test_all_at_once_is_each_by_itself(counting, beijing):
    every = counting.indicators()
    assert [one.indicator.name for one in every] == list(beijing.parts.indicators)
    assert every[0] == counting.indicator(every[0].indicator.name, None, None)[0]


def test_a_scorecard_has_the_policys_sections(counting, beijing):
    card = counting.scorecard("beijing", 2016)
    assert (card.day, card.body.id) == (DAY, "beijing")
    assert [section for section, _ in card.sections] == list(beijing.parts.scorecard.sections)
    assert counting.scorecard("chaoyang", 2015).day == date(2015, 12, 31)


def test_support_and_venues_by_year(counting, supervision, beijing):
    supervision.record("A", "venue_use", venue="centre-chaoyang", by="chaoyang-education")
    used = {one.venue.id: (one.users, one.times) for one in counting.venues(year=2016, area="chaoyang")}
    assert used["centre-chaoyang"] == (("A",), 1)
    assert sum(times for _, times in used.values()) == 1
    assert {one.venue.id for one in counting.venues(year=2016)} == set(beijing.parts.venues)
    paid = {"amount": Decimal("1000.00"), "evidence": {"voucher": "1"}, "by": "chaoyang-education"}
    supervision.record("C", "allowance_paid", **paid)  # 200 for each of 5 members
    lacking = counting.support(2016, what="allowance", lacking=True)
    assert [one.case.id for one in lacking] == ["A", "B"]
    assert all(one.entitlement.outstanding > 0 for one in lacking)
