"""What a policy says of obligations."""

from guikou.engine.dates.deadlines import REMIND
from guikou.engine.policy.obligations import OPENED


def test_each_recurs_by_a_rule_or_a_period_or_is_laid_on(beijing):
    for one in beijing.obligations.values():
        assert sum(given is not None for given in (one.rule, one.every, one.within)) == 1
        assert all(fact == OPENED or beijing.facts[fact].kind.name == "date" for fact in one.since)
        assert not one.until.asks or one.within is not None
        assert one.missed is None or one.missed.after.count > 0


def test_it_opens_before_its_first_reminder(beijing):
    assert beijing.remind == REMIND
    for one in beijing.obligations.values():
        assert one.remind == tuple(sorted(one.remind, reverse=True))
        assert one.opens.least > max(one.remind, default=0)
