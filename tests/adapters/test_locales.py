"""Numbers and dates as each language writes them."""

from datetime import date
from decimal import Decimal

import pytest

from guikou.adapters import locales

DAY = date(2016, 9, 5)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (0, None, "0"),
        (1234567, None, "1,234,567"),
        (Decimal("1234.50"), None, "1,234.50"),  # as it is written
        (Decimal("1E+4"), None, "10,000"),
        (Decimal("-0.5"), None, "-0.5"),
        (Decimal("1234.565"), 2, "1,234.56"),  # half to even
        (Decimal("12"), 2, "12.00"),
        (2.5, 0, "2"),
    ],
)
def test_a_number(lang, value, places, written):
    assert locales.number(value, lang, places) == written


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("share", "places", "written"),
    [
        (Decimal("0.85"), None, "85%"),
        (Decimal("0.8500"), None, "85.00%"),
        (Decimal("0.6865"), 1, "68.6%"),
        (Decimal("12.5"), 1, "1,250.0%"),
        (1, None, "100%"),
        (0.1, 1, "10.0%"),
    ],
)
def test_a_share(lang, share, places, written):
    assert locales.percent(share, lang, places) == written


def test_thousands_are_left_ungrouped_and_the_minus_is_chosen():
    assert locales.number(Decimal("-1234.5"), "en", grouped=False, minus="−") == "−1234.5"
    assert locales.percent(Decimal("-12.345"), "zh", grouped=False, minus="−") == "−1234.5%"


@pytest.mark.parametrize(
    ("lang", "day", "short", "month", "of_year"),
    [
        ("zh", "2016年9月5日", "2016年9月5日", "9月", "2016年9月"),
        ("en", "5 September 2016", "5 Sep 2016", "Sep", "Sep 2016"),
    ],
)
def test_a_day_and_a_month(lang, day, short, month, of_year):
    assert locales.day(DAY, lang) == day
    assert locales.short_day(DAY, lang) == short
    assert locales.month(DAY, lang, year=False) == month
    assert locales.month(DAY, lang, year=True) == of_year
