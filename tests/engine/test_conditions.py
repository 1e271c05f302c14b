import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Kind, parse_condition, parse_test
from guikou.engine.errors import BadTest, UnknownFact

INTEGER, DECIMAL, BOOLEAN, DATE = Kind("integer"), Kind("decimal"), Kind("boolean"), Kind("date")
STRING, COLOUR = Kind("string"), Kind("enumeration", ("red", "green", "blue"))


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
        ("> 0.5", DECIMAL, [Decimal("0.51"), 1], [Decimal("0.5"), 0]),
        ("true", BOOLEAN, [True], [False, None]),
        ("not(true)", BOOLEAN, [False], [True, None]),
        ("red, green", COLOUR, ["red", "green"], ["blue", None]),
        ('"red", "green"', COLOUR, ["red"], ["blue"]),
        ("red，green", COLOUR, ["green"], ["blue"]),
        ("not（red）", COLOUR, ["blue"], ["red"]),
        ("“red”", COLOUR, ["red"], ["green"]),
        ('"a, b"', STRING, ["a, b"], ["a"]),
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
        ("'x", COLOUR), ("-3-", INTEGER),
    ],
)  # fmt: skip
def test_a_wrong_cell_says_what_was_expected(text, kind):
    with pytest.raises(BadTest) as caught:
        parse_test(text, kind, "fact")
    assert caught.value.details["expected"].startswith("-, null, ")
    for lang in ("zh", "en"):
        assert "fact" in caught.value.line(lang)
        assert "\n" not in caught.value.line(lang)


KINDS = {"members": INTEGER, "joint": BOOLEAN, "colour": COLOUR}


def condition(**written):
    return parse_condition(written, KINDS)


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({"members": 3, "joint": False}, True),
        ({"members": 2, "joint": False}, False),
        ({"members": 3}, None),
        ({"members": 2}, False),
        ({"joint": True}, False),
        ({}, None),
        ({"members": None, "joint": False}, False),
    ],
)
def test_a_missing_fact_is_its_own_answer(facts, answer):
    both = condition(members=">= 3", joint=False)
    assert both.evaluate(facts) is answer
    assert both.compile()(facts) is answer


def test_alternatives():
    one = parse_condition({"joint": True, "any": [{"members": ">= 3"}, {"colour": "red"}]}, KINDS)
    assert one.facts == {"joint", "members", "colour"}
    for facts, answer in [
        ({"joint": True, "members": 3}, True),
        ({"joint": True, "members": 2}, None),
        ({"joint": True, "members": 2, "colour": "blue"}, False),
        ({"joint": False}, False),
        ({"members": 2, "colour": "blue"}, False),
    ]:
        assert one.evaluate(facts) is answer
        assert one.compile()(facts) is answer


def test_each_need_is_told_with_the_value():
    needs = condition(members=">= 3", joint=False).needs({"members": 2})
    assert [(need.fact, need.test, need.known, need.value, need.met) for need in needs] == [
        ("members", ">= 3", True, 2, False),
        ("joint", "false", False, None, None),
    ]


def test_a_fact_that_is_not_declared():
    with pytest.raises(UnknownFact):
        condition(weight="> 3")


# --- properties ------------------------------------------------------------------------------------------------------

small = st.integers(-5, 5)
bounds = st.tuples(small, small).filter(lambda pair: pair[0] < pair[1])
parts = st.one_of(
    small.map(str),
    st.just("null"),
    st.tuples(st.sampled_from([">=", "<=", ">", "<"]), small).map(lambda one: f"{one[0]} {one[1]}"),
    st.tuples(st.sampled_from("[("), bounds, st.sampled_from("])")).map(
        lambda one: f"{one[0]}{one[1][0]}..{one[1][1]}{one[2]}"
    ),
)
integer_tests = st.one_of(
    st.just("-"),
    st.lists(parts, min_size=1, max_size=3).map(", ".join),
    st.lists(parts, min_size=1, max_size=3).map(lambda some: f"not({', '.join(some)})"),
)


@given(integer_tests, st.none() | st.integers(-7, 7))
def test_a_closure_says_what_the_test_says(text, value):
    test = parse_test(text, INTEGER)
    assert test.compile()(value) is test.matches(value)
    assert parse_test(test.text, INTEGER) == test


@given(integer_tests.filter(lambda text: not text.startswith(("not", "-"))), st.integers(-7, 7))
def test_not_turns_a_known_value_round(text, value):
    assert parse_test(f"not({text})", INTEGER).matches(value) is not parse_test(text, INTEGER).matches(value)


written = st.fixed_dictionaries(
    {},
    optional={
        "members": integer_tests,
        "joint": st.sampled_from(["-", "true", "not(true)", "null"]),
        "colour": st.sampled_from(["-", "red", "not(red, null)", "red, green"]),
    },
)
facts = st.fixed_dictionaries(
    {},
    optional={
        "members": st.none() | st.integers(-7, 7),
        "joint": st.none() | st.booleans(),
        "colour": st.none() | st.sampled_from(COLOUR.values),
    },
)


@given(written, st.lists(written, max_size=3), facts)
def test_a_compiled_condition_says_what_evaluate_says(own, ways, known):
    one = parse_condition(own | ({"any": ways} if ways else {}), KINDS)
    assert one.compile()(known) is one.evaluate(known)


@given(written, facts, facts)
def test_more_knowledge_never_turns_an_answer_round(own, known, more):
    one = condition(**own)
    first = one.evaluate(known)
    assert first is None or one.evaluate({**more, **known}) is first


@given(st.text(string.printable + "，（）“”", max_size=12), st.sampled_from([INTEGER, DECIMAL, BOOLEAN, DATE, COLOUR]))
def test_rubbish_is_read_or_refused_and_nothing_else(text, kind):
    try:
        test = parse_test(text, kind)
    except BadTest:
        return
    assert test.matches(None) in (True, False)
