"""What a policy says of indicators."""

from dataclasses import replace

import pytest

from guikou.engine import Period, parse_condition
from guikou.engine.policy.indicators import Figure
from guikou.engine.text import Title

RESIDENTS = Figure("residents", Title("人口", "residents"), Title("-", "-"), {"110000": {2014: 10, 2016: 12}})


@pytest.mark.parametrize(("year", "value"), [(2013, None), (2014, 10), (2015, 10), (2016, 12), (2099, 12)])
def test_a_figure_holds_until_there_is_a_later_one(year, value):
    assert RESIDENTS.of("110000", year) == value


def test_a_figure_is_of_its_area_alone():
    assert RESIDENTS.of("110101", 2016) is None


def test_what_is_a_share_of_1_and_what_is_money(beijing):
    plain = beijing.parts.indicators["organizations"]
    assert not plain.is_ratio
    assert not plain.is_money
    for more in ({"share": parse_condition({}, {})}, {"held": ("responsible", 10)}, {"growth": Period(1, "year")}):
        assert replace(plain, **more).is_ratio
    assert replace(plain, recorded="purchase", measure="amount").is_money
    assert not replace(plain, recorded="purchase", measure="count").is_money
    for what, money in (("due", True), ("paid", True), ("outstanding", True), ("lacking", False), ("entitled", False)):
        assert replace(plain, support=("allowance", what)).is_money is money
