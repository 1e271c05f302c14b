"""The canonical form against another hand's RFC 8785, over everything that is admitted."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import assume, given
from hypothesis import strategies as st

from guikou.engine.cases.canonical import MOST, admits, admits_key, canonical, dumps, loads, plain
from guikou.engine.errors import NotCanonical
from guikou.engine.text import UNFIT

bmp = st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs",))
keys = st.text(bmp, max_size=6) | st.sampled_from(
    ["", "party_members", "\u20ac", "\r", "1", "\u0080", "\ufb33", "date"]
)
any_text = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
texts = any_text.filter(lambda text: not UNFIT.search(text))
admitted = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-MOST, MOST),
    st.sampled_from([MOST, -MOST, 0, -1]),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    texts,
)
nested = st.recursive(
    admitted | st.datetimes(timezones=st.timezones()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=5)
    ),
    max_leaves=25,
)


def plainly(value):
    """With dates, decimals and instants as `plain` writes them, for a writer that does not know them."""
    if isinstance(value, dict):
        return {key: plainly(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plainly(one) for one in value]
    return plain(value) if isinstance(value, (date, Decimal)) else value


@given(admitted)
def test_what_is_admitted_is_written(value):
    assert admits(value)
    assert canonical(value) == rfc8785.dumps(plainly(value))


@given(nested)
def test_nested_as_deep_as_may_be_it_is_written_as_RFC_8785_does(value):
    assert canonical(value) == rfc8785.dumps(plainly(value))
    assert dumps(value).encode() == canonical(value)


@given(any_text)
def test_what_was_kept_before_there_was_a_door_is_written_as_it_was(text):
    assert canonical(text) == rfc8785.dumps(text)
    assert admits(text) == (UNFIT.search(text) is None)


def keeps(value):
    """What reads back as it was: an instant stays text, and an object that says it is a date is one."""
    if isinstance(value, dict):
        return not set(value) & {"date", "decimal"} and all(map(keeps, value.values()))
    return all(map(keeps, value)) if isinstance(value, (list, tuple)) else not isinstance(value, datetime)


def listed(value):
    if isinstance(value, dict):
        return {key: listed(one) for key, one in value.items()}
    return [listed(one) for one in value] if isinstance(value, (list, tuple)) else value


@given(nested)
def test_what_was_written_is_read_again(value):
    assume(keeps(value))
    again = loads(dumps(value))
    assert again == listed(value)
    assert dumps(again) == dumps(value)


@dataclass
class Something:
    it: int = 1


WRONG = [2**53, -(2**53), 10**30, 0.5, 1.0, float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), "\ud800", "a\udfff", b"x", Something(), [1], {"a": 1}, (1,)]  # fmt: skip


@pytest.mark.parametrize("value", [*WRONG, datetime(2016, 1, 4, tzinfo=UTC)], ids=repr)
def test_what_no_fact_or_amount_may_be_is_refused_at_the_door(value):
    assert not admits(value)


@pytest.mark.parametrize("value", ["\ud800", "a\udfff", b"x", Something(), {1: 10**30}], ids=repr)
@pytest.mark.parametrize("around", [lambda one: one, lambda one: [one], lambda one: {"a": {"b": [one]}}])
def test_and_is_not_written_either(value, around):
    with pytest.raises(NotCanonical) as refused:
        canonical(around(value))
    assert refused.value.exit_code == 2
    assert refused.value.line("zh") != refused.value.line("en")


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63, 10**30])
def test_what_was_kept_before_there_was_a_door_is_hashed_as_it_was(number):
    kept = {"é": [number, {"a": Decimal("5.00"), "b": date(2016, 1, 4)}], "a": ("x", None)}
    plainly = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain).encode(kept)
    assert canonical(kept) == plainly.encode()
    assert loads(dumps(kept))["é"][0] == number


@pytest.mark.parametrize(("key", "admitted"), [("S1", True), ("学校", True), ("\U00020000", False), ("\ud800", False)])
def test_a_key_beyond_the_bmp_is_refused_at_the_door(key, admitted):
    assert admits_key(key) is admitted


def test_a_key_is_text():
    with pytest.raises(NotCanonical):
        canonical({1: "a"})


def test_an_instant_is_written_in_UTC_to_the_microsecond():
    at = datetime(2016, 1, 4, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=8)))
    assert plain(at) == "2016-01-04T04:00:00.000007Z"
    assert plain(date(2016, 1, 4)) == {"date": "2016-01-04"}
    assert plain(Decimal("1000.10")) == {"decimal": "1000.10"}
    with pytest.raises(TypeError, match="no place in an event"):
        plain(object())


def test_keys_are_in_order_and_nothing_stands_between():
    assert dumps({"b": [1, None], "a": {"z": True, "y": "学校"}}) == '{"a":{"y":"学校","z":true},"b":[1,null]}'
    assert json.loads(dumps({"a": date(2016, 1, 4)})) == {"a": {"date": "2016-01-04"}}
