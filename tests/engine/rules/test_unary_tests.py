"""What one value must be."""

from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import parse_test

from .notation import INTEGER, integer_tests


@given(integer_tests, st.none() | st.integers(-7, 7))
def test_a_closure_says_what_the_test_says(text, value):
    test = parse_test(text, INTEGER)
    assert test.compile()(value) is test.matches(value)
    assert parse_test(test.text, INTEGER) == test


@given(integer_tests.filter(lambda text: not text.startswith(("not", "-"))), st.integers(-7, 7))
def test_not_turns_a_known_value_round(text, value):
    assert parse_test(f"not({text})", INTEGER).matches(value) is not parse_test(text, INTEGER).matches(value)
