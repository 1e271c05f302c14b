"""Numbers in words, where rounding could mislead."""

from decimal import Decimal

import pytest

from guikou.adapters.report.wording import Wording
from guikou.engine.rules.notation import parse_test
from guikou.engine.rules.unary_tests import Kind

from .cards import measured


@pytest.mark.parametrize(
    ("share", "written"),
    [
        ("0", "0.0%"),
        ("1", "100.0%"),
        ("0.125", "12.5%"),
        ("0.6665", "66.7%"),  # half up, as people round
        ("0.0004", "0.04%"),  # not none
        ("0.9999", "99.99%"),  # not all
        ("-0.5", "−50.0%"),
        ("12.3456", "1,234.6%"),
    ],
)
def test_a_share_is_not_rounded_into_none_or_all(share, written):
    assert Wording("en").percent(Decimal(share)) == written


def test_a_share_is_not_rounded_over_its_target():
    target = parse_test(">= 0.85", Kind("decimal"))
    assert Wording("zh").percent(Decimal("0.84999"), target) == "84.999%"
    assert Wording("zh").percent(Decimal("0.84999")) == "85.0%"


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        ("share", "0.25", "25%", "25%"),
        ("change", "0.05", "+5%", "+5%"),
        ("change", "-0.05", "−5%", "−5%"),
        ("count", "25000", "2.5万", "25,000"),
        ("money", "120000000", "1.2亿", "120m"),
        ("money", "-3000000000", "−30亿", "−3bn"),
    ],
)
def test_an_axis_has_short_numbers(kind, value, zh, en):
    assert Wording("zh").short(kind, Decimal(value)) == zh
    assert Wording("en").short(kind, Decimal(value)) == en


@pytest.mark.parametrize(
    ("test", "written"),
    [(">= 0.850", "≥ 85%"), ("< 0.05", "< 5%"), ("[0.1..0.2]", "10%–20%"), ("0.5", "50%"), ("not(0.5)", "not(0.5)")],
)
def test_a_target_is_written_as_a_reader_would(card, test, written):
    indicator = measured(card, "coverage")[0].indicator
    assert Wording("en").target(indicator, parse_test(test, Kind("decimal"))) == written
