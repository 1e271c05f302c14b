"""What one value must be."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Kind, parse_test
from guikou.engine.errors import BadTest

from .notation import INTEGER, integer_tests


@given(integer_tests, st.none() | st.integers(-7, 7))
def test_a_closure_says_what_the_test_says(text, value):
    test = parse_test(text, INTEGER)
    assert test.compile()(value) is test.matches(value)
    assert parse_test(test.text, INTEGER) == test


@given(integer_tests.filter(lambda text: not text.startswith(("not", "-"))), st.integers(-7, 7))
def test_not_turns_a_known_value_round(text, value):
    assert parse_test(f"not({text})", INTEGER).matches(value) is not parse_test(text, INTEGER).matches(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "2015-W09-7"), ("date", "20150301"), ("date", "2015-060"), ("date", "2015/3/1"), ("integer", "1_000"),
        ("integer", "１２"), ("decimal", "Infinity"), ("decimal", "1_000"), ("decimal", "NaN"), ("decimal", "１"),
        ("boolean", "True"), ("boolean", "是"), ("decimal", "1e9999999"),
    ],
)  # fmt: skip
def test_a_policy_writes_a_value_in_one_way(kind, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        Kind(kind).read(text)
    with pytest.raises(BadTest):
        parse_test(f"[{text}..{text}]" if kind != "boolean" else text, Kind(kind))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2015-03-01", date(2015, 3, 1)),
        ("integer", "-12", -12),
        ("decimal", "0.5", Decimal("0.5")),
        ("decimal", "1E+3", 1000),
    ],
)
def test_that_way_is_read(kind, text, value):
    assert Kind(kind).read(text) == value
