"""Support as it is read."""

import pytest

from .faults import check_fault

SUPPORT = "support.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (SUPPORT, "  guide:\n", "  guides:\n", "bad-value", "is given by no table of entitlements"),
        (SUPPORT, "of: dues_paid", "of: activity", "unknown-name", "no integer fact or record of money 'activity'"),
        (SUPPORT, "of: party_members", "of: has_organization", "unknown-name", "'has_organization'"),
        (SUPPORT, 'rate: "200.00"', 'rate: "200.001"', "bad-value", "in whole hundredths"),
        (SUPPORT, "    paid: allowance_paid\n", "", "bad-value", "needs 'paid'"),
        (SUPPORT, "paid: allowance_paid", "paid: training", "unknown-name", "no record of money 'training'"),
        (SUPPORT, "    at: 12-31", "    at: 12-32", "bad-value", "no day of the year"),
        (SUPPORT, "    at: 12-31", "    given: {guide_sent: true}\n    at: 12-31", "bad-value", "can't be where 'amount' is"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_support_is_money_or_given_or_open_to_whoever_may_have_it(beijing):
    support = beijing.parts.support
    allowance, guide, venues = support["allowance"], support["guide"], support["venues"]
    assert (allowance.rate, allowance.of, allowance.paid, str(allowance.at)) == (
        200,
        "party_members",
        "allowance_paid",
        "12-31",
    )
    assert (guide.rate, guide.given.facts) == (None, {"guide_sent"})
    assert (venues.rate, venues.given) == (None, None)
