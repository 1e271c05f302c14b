"""Unary tests and conditions as they are written."""

import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import parse_test
from guikou.engine.errors import BadTest, UnknownFact

from .notation import BOOLEAN, COLOUR, DATE, DECIMAL, INTEGER, STRING, condition


@pytest.mark.parametrize(
    ("text", "kind", "met", "unmet"),
    [
        ("-", INTEGER, [0, None], []),
        ("", INTEGER, [0, None], []),
        ("null", INTEGER, [None], [0]),
        ("3", INTEGER, [3], [2, 4, None]),
        ("= 3", INTEGER, [3], [2, None]),
        (">= 3", INTEGER, [3, 4], [2, None]),
        ("> 3", INTEGER, [4], [3, None]),
        ("<= -3", INTEGER, [-3, -4], [-2, None]),
        ("< 3", INTEGER, [2], [3, None]),
        ("[3..50)", INTEGER, [3, 49], [2, 50, None]),
        ("(3..50]", INTEGER, [4, 50], [3, 51]),
        ("]3..50[", INTEGER, [4, 49], [3, 50]),
        ("[3..3]", INTEGER, [3], [2, 4]),
        ("1, 3, > 10", INTEGER, [1, 3, 11], [2, 10, None]),
        ("not(1, [5..7])", INTEGER, [2, 8], [1, 5, 7, None]),
        ("null, 3", INTEGER, [None, 3], [4]),
        ("not(null)", INTEGER, [0], [None]),
        (".5", DECIMAL, [Decimal("0.5")], [Decimal("0.51"), 5]),
        ("[-.5..1.5)", DECIMAL, [Decimal("-0.5"), 1], [Decimal("1.5"), -1]),
        ("> 0.5", DECIMAL, [Decimal("0.51"), 1], [Decimal("0.5"), 0]),
        ("true", BOOLEAN, [True], [False, None]),
        ("not(true)", BOOLEAN, [False], [True, None]),
        ("red, green", COLOUR, ["red", "green"], ["blue", None]),
        ('"red", "green"', COLOUR, ["red"], ["blue"]),
        ("red，green", COLOUR, ["green"], ["blue"]),
        ("not（red）", COLOUR, ["blue"], ["red"]),
        ("“red”", COLOUR, ["red"], ["green"]),
        ('"a, b"', STRING, ["a, b"], ["a"]),
        (r'"a \"b\"", "c\\d"', STRING, ['a "b"', "c\\d"], ["a", r"a \"b\""]),
        (r'"\u5317\u4eac", "\U020BB7"', STRING, ["北京", "𠮷"], ["\\u5317"]),
        (r"“甲\”乙”", STRING, ["甲”乙"], ["甲"]),
        ("培训", STRING, ["培训"], ["教育"]),
        (">= 2015-11-27", DATE, [date(2015, 11, 27)], [date(2015, 11, 26), None]),
        ('[date("2015-01-01")..@"2015-12-31"]', DATE, [date(2015, 12, 31)], [date(2016, 1, 1)]),
        (3, INTEGER, [3], [4]),
        (True, BOOLEAN, [True], [False]),
        (None, INTEGER, [None], [0]),
        (Decimal("1.5"), DECIMAL, [Decimal("1.5")], [1]),
    ],
)
def test_a_unary_test(text, kind, met, unmet):
    test = parse_test(text, kind)
    fast = test.compile()
    for value in met:
        assert test.matches(value) is True
        assert fast(value) is True
    for value in unmet:
        assert test.matches(value) is False
        assert fast(value) is False


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (">= many", INTEGER), ("3.5", INTEGER), ('"3"', INTEGER), ("[5..3]", INTEGER), ("[3..3)", INTEGER), ("[3..", INTEGER),
        ("3..5", INTEGER), ("> null", INTEGER), ("3,", INTEGER), ("3 4", INTEGER), ("not(3", INTEGER), ("not 3", INTEGER),
        (">= red", COLOUR), ("purple", COLOUR), ("[red..blue]", COLOUR), ("yes", BOOLEAN), ("> true", BOOLEAN), ("1", BOOLEAN),
        ("2015-13-01", DATE), ('"2015-01-01"', DATE), ("NaN", DECIMAL), ("> a", STRING), ([1, 2], INTEGER), (1.5, DECIMAL),
        ("'x", COLOUR), ("-3-", INTEGER), (".5.6", DECIMAL), (".5x", DECIMAL), (".5", INTEGER), (r'"a\x"', STRING),
        ('"a\\', STRING), (r'"\u12"', STRING), (r'"\UFFFFFF"', STRING),
    ],
)  # fmt: skip
def test_a_wrong_cell_says_what_was_expected(text, kind):
    with pytest.raises(BadTest) as caught:
        parse_test(text, kind, "fact")
    assert caught.value.details["expected"].en.startswith("-, null, ")
    for lang in ("zh", "en"):
        assert "fact" in caught.value.line(lang)
        assert "\n" not in caught.value.line(lang)


def test_a_fact_that_is_not_declared():
    with pytest.raises(UnknownFact):
        condition(weight="> 3")


@given(st.text(string.printable + "，（）“”", max_size=12), st.sampled_from([INTEGER, DECIMAL, BOOLEAN, DATE, COLOUR]))
def test_rubbish_is_read_or_refused_and_nothing_else(text, kind):
    try:
        test = parse_test(text, kind)
    except BadTest:
        return
    assert test.matches(None) in (True, False)
