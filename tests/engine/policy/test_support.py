"""What a policy says of support."""

from guikou.engine.policy.support import MONEY


def test_money_has_a_rate_what_it_is_for_and_what_settles_it(beijing):
    for support in beijing.parts.support.values():
        money = support.rate is not None
        assert money == (support.of is not None) == (support.paid is not None)
        assert not (money and support.given is not None)
        if money:
            assert beijing.parts.records[support.paid].amount
            assert support.of in beijing.facts or beijing.parts.records[support.of].amount


def test_an_indicator_of_money_is_of_support_that_is_money(beijing):
    for one in beijing.parts.indicators.values():
        if one.support is not None and one.support[1] in MONEY:
            assert beijing.parts.support[one.support[0]].rate is not None
