"""What a policy says of ids, as it is read."""

import pytest

from ...edits import edited
from .faults import HEAD, check_fault

STANDARD = "    standard: cn.uscc\n"


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        (STANDARD, "    standard: cn.usc\n", "bad-value", "no standard of python-stdnum"),
        (STANDARD, '    pattern: "["\n', "bad-value", "no regular expression"),
        (STANDARD, "    note: neither\n", "bad-value", "needs either 'pattern' or 'standard'"),
        ("    types: [applicant, community_filed", "    types: [applicants, community_filed", "unknown-name", "no type 'applicants'"),
        ('    pattern: "', '    check_digit: false\n    pattern: "', "bad-value", "a pattern has none"),
        ("    example: BA1", "    example: 1BA1", "bad-value", "is no such id: it is written in another way"),
        ("    example: 521101087NCC6K4P54", "    example: 521101087NCC6K4P55", "bad-value", "its check digit is wrong"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(published, old, new, code, words):
    check_fault(published, HEAD, old, new, code, words)


def test_an_id_that_is_none_is_refused_with_an_example(published):
    assert "; it looks like 521101087NCC6K4P54" in published.identity.fault("foundation", "5211").line("en")
    assert "；例如 BA110108-2016-001" in published.identity.fault("joint", "1").line("zh")
    assert "例如 BA110108-2016-001 或 521101087NCC6K4P54" in published.identity.fault("hub", "1").line("zh")
    without = edited(published, HEAD, (STANDARD + "    example: 521101087NCC6K4P54\n", STANDARD))
    assert without.identity.fault("foundation", "5211").line("en").endswith("give it as it was issued")


def test_the_switch_lets_wrong_check_digits_pass(published):
    lax = edited(published, HEAD, (STANDARD, STANDARD + "    check_digit: false\n"))
    assert published.identity.fault("foundation", "521101087NCC6K4P55") is not None
    assert lax.identity.fault("foundation", "521101087NCC6K4P55") is None


@pytest.mark.parametrize("id", ["HUB", "APP-1", "C1", "H1", "BA110101001100001", "京海社备字〔2015〕012号"])
def test_the_flagship_policy_takes_filing_numbers_where_nothing_is_registered(published, id):
    for type in ("applicant", "community_filed", "hub", "joint"):
        assert published.identity.fault(type, published.identity.normal(id)) is None
    assert published.identity.fault("foundation", id) is not None


@pytest.mark.parametrize("id", ["待定", "无", "-", "1", "5.2E+17", "521101087NCC6K4P55"])
def test_what_means_nothing_is_no_filing_number(published, id):
    assert published.identity.fault("community_filed", published.identity.normal(id)) is not None
