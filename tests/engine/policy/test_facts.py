"""Facts as a policy declares them, and everything else that its rules may ask for."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Kind
from guikou.engine.errors import BadFact, NotAFact, NotCanonical, UnknownBody
from guikou.engine.policy.facts import CASE_FACTS, FactSpec
from guikou.engine.text import Title

COLOURS = {"red": Title("红", "Red one"), "blue": Title("蓝", "Blue one")}


def spec(kind, values=(), **more):
    return FactSpec("it", Title("它", "it"), Kind(kind, tuple(values)), dict(values), **more)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (spec("integer"), "3"), (spec("integer"), 3.0), (spec("integer"), True), (spec("integer"), None),
        (spec("integer", minimum=0), -1), (spec("integer", maximum=9), 10), (spec("decimal"), Decimal("NaN")), (spec("boolean"), 1),
        (spec("date"), date(1899, 12, 31)), (spec("date"), date(3000, 1, 1)), (spec("date"), "2016-01-04"),
        (spec("enumeration", COLOURS), "green"), (spec("body"), 3),
    ],
    ids=repr,
)  # fmt: skip
def test_what_a_fact_cannot_be_is_refused_with_what_it_can(fact, value):
    with pytest.raises(BadFact) as refused:
        fact.check(value)
    assert refused.value.details["expected"] == fact.expected
    assert fact.expected.zh in refused.value.line("zh")


@pytest.mark.parametrize(
    ("fact", "value"), [(spec("integer"), 2**53), (spec("integer"), -(2**53)), (spec("string"), "\ud800")]
)
def test_what_cannot_be_kept_is_refused_by_a_name_of_its_own(fact, value):
    with pytest.raises(NotCanonical):
        fact.check(value)
    assert fact.check(2**53 - 1 if fact.kind.name == "integer" else "\U00020000") is not None


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        (spec("integer"), " 42 ", 42), (spec("decimal"), "0.50", Decimal("0.50")), (spec("date"), "2016-02-29", date(2016, 2, 29)),
        (spec("boolean"), "是", True), (spec("boolean"), "No", False), (spec("boolean"), "TRUE", True),
        (spec("enumeration", COLOURS), "红", "red"), (spec("enumeration", COLOURS), "Blue one", "blue"), (spec("enumeration", COLOURS), "red", "red"),
        (spec("integer", nullable=True), "null", None), (spec("string"), "null and void", "null and void"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_a_person_writes_it(fact, text, value):
    assert fact.read(text) == value


@pytest.mark.parametrize(
    ("fact", "text"), [(spec("integer"), "many"), (spec("integer"), "null"), (spec("boolean"), "perhaps"), (spec("date"), "2016-02-30")]
)  # fmt: skip
def test_what_is_written_wrongly_is_refused(fact, text):
    with pytest.raises(BadFact):
        fact.read(text)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        (spec("date"), "2015年3月1日", date(2015, 3, 1)), (spec("integer"), "1,234", 1234), (spec("integer"), "12.0", 12),
        (spec("boolean"), "√", True), (spec("boolean"), "无", False), (spec("boolean", nullable=True), "无", False),
        (spec("boolean", nullable=True), "null", None), (spec("date", nullable=True), "无", None), (spec("date", nullable=True), "None", None),
        (spec("enumeration", COLOURS), " 红 ", "red"), (spec("enumeration", COLOURS), "ＲＥＤ ＯＮＥ", "red"),
        (spec("enumeration", COLOURS), "redone", "red"), (spec("enumeration", {"no": Title("无", "none")}), "无", "no"),
        (spec("enumeration", {"no": Title("无", "none")}, nullable=True), "null", None),
    ],
    ids=lambda one: None if isinstance(one, FactSpec) else ascii(one),
)  # fmt: skip
def test_a_value_is_read_in_every_usual_writing(fact, text, value):
    assert fact.read(text) == value
    assert type(fact.read(text)) is type(value)


def test_a_word_for_two_values_is_none_of_them():
    fact = spec("enumeration", {"a": Title("同", "same"), "b": Title("同", "other")})
    assert fact.read("other") == "b"
    with pytest.raises(BadFact):
        fact.read("同")


def test_what_to_write_instead_is_said_in_both_languages():
    with pytest.raises(BadFact) as refused:
        spec("integer").read("12人")
    assert refused.value.hint("zh") == "应为 数字本身，如 12"
    assert refused.value.hint("en") == "give the number alone, such as 12"


def test_what_is_expected_says_its_bounds():
    whole = spec("integer", minimum=0, maximum=9, nullable=True).expected
    assert (whole.zh, whole.en) == (
        "整数，如 42，且 >= 0、<= 9，或 null（无）", "a whole number, such as 42, and >= 0 and <= 9, or null",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "zh", "en"),
    [
        ("integer", "3.5", "整数，如 42，且 >= 0", "a whole number, such as 42, and >= 0"),
        ("integer", "二十", "整数，如 42，且 >= 0", "a whole number, such as 42, and >= 0"),
        ("decimal", "约三", "数，如 3.5，且 >= 0", "a number, such as 3.5, and >= 0"),
    ],
)
def test_an_example_is_told_as_one(kind, text, zh, en):
    with pytest.raises(BadFact) as refused:
        spec(kind, minimum=0).read(text)
    assert (refused.value.hint("zh"), refused.value.hint("en")) == (f"应为 {zh}", f"give {en}")


def test_a_day_that_must_have_come_is_not_taken_before():
    told = spec("date", past=True)
    today = date(2016, 1, 4)
    assert told.check(today, today) == today
    assert told.check(date(2030, 1, 1)) == date(2030, 1, 1)  # as an example of a policy has it, on no day
    with pytest.raises(BadFact) as refused:
        told.check(date(2016, 1, 5), today)
    assert "已到的日期（今天是 2016-01-04）" in refused.value.message("zh")
    assert refused.value.hint("zh") == "应为 日期，如 2015-11-27，且不晚于今天"
    assert spec("date").check(date(2030, 1, 1), today) == date(2030, 1, 1)


# --- the vocabulary --------------------------------------------------------------------------------------------------


def test_facts_are_checked_by_name_value_and_whether_there_is_such_a_body(beijing):
    vocabulary = beijing.vocabulary
    assert vocabulary.check({"party_members": 3, "supervising_unit": None}) == {
        "party_members": 3,
        "supervising_unit": None,
    }
    with pytest.raises(NotAFact) as unknown:
        vocabulary.check({"party_member": 3})
    assert "party_members" in unknown.value.details["known"].en
    with pytest.raises(BadFact):
        vocabulary.check({"party_members": -1})
    with pytest.raises(UnknownBody):
        vocabulary.check({"supervising_unit": "nobody"})


def test_guards_may_ask_for_less_than_gates_and_nothing_that_is_derived(beijing):
    vocabulary = beijing.vocabulary
    assert vocabulary.kinds.items() <= vocabulary.asked.items()
    assert set(CASE_FACTS) | {"type", *beijing.places.tiers, *beijing.facts} == set(vocabulary.kinds)
    assert set(vocabulary.derived) | {"stage", "case.members"} == set(vocabulary.asked) - set(vocabulary.kinds)
    assert set(vocabulary.unrecorded) <= set(vocabulary.derived)
    assert set(vocabulary.asked["district"].values) == {
        one.key for one in beijing.places.areas.values() if one.tier == "district"
    }


def test_everything_that_may_be_asked_for_has_a_title_of_its_own(beijing):
    for name in beijing.vocabulary.asked:
        title = beijing.vocabulary.title(name)
        assert title != Title(name, name), name
        assert any("一" <= char <= "鿿" for char in title.zh), name
    assert beijing.vocabulary.title("nothing") == Title("nothing", "nothing")


def test_days_are_dated_by_the_months_since(beijing):
    assert ("registered_on", "registered_on.months") in beijing.vocabulary.dated
    assert {name for name, _ in beijing.vocabulary.dated} == {
        name for name, one in beijing.facts.items() if one.kind.name == "date"
    }


@given(st.data())
def test_what_is_checked_is_what_is_written_and_read_again(beijing, data):
    fact = data.draw(
        st.sampled_from(
            [one for one in beijing.facts.values() if one.kind.name in ("integer", "boolean", "enumeration", "date")]
        )
    )
    values = {
        "integer": st.integers(fact.minimum or 0, 10**6), "boolean": st.booleans(), "date": st.dates(date(1900, 1, 1), date(2999, 12, 31)),
        "enumeration": st.sampled_from(fact.kind.values or ("-",)),
    }  # fmt: skip
    value = data.draw(values[fact.kind.name])
    assert fact.read(str(value).lower() if value is True or value is False else str(value)) == fact.check(value)
