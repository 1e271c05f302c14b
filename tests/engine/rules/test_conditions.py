"""Conditions hold, do not, or are left open by a fact that is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import parse_condition

from .notation import KINDS, condition, known_facts, written


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
    assert both.interpret(facts) is answer


@pytest.mark.parametrize(
    ("facts", "told", "keys"),
    [
        ({"members": 2, "joint": False}, {"members", "joint"}, ("members",)),
        ({"members": 2, "joint": True}, {"members", "joint"}, ("members", "joint")),
        ({"members": 2, "joint": True}, {"members"}, ()),  # to report the one alone leaves the other as it is
        ({"members": 3, "joint": False}, {"members"}, ()),
        ({}, {"members"}, ()),
    ],
)
def test_what_mends_a_condition_are_the_facts_that_fail_it(facts, told, keys):
    assert condition(members=">= 3", joint=False).mended_by(facts, told) == keys


def test_one_alternative_that_can_be_mended_is_enough():
    either = parse_condition(
        {"any": [{"members": ">= 3"}, {"joint": True, "overdue": False}]}, KINDS | {"overdue": KINDS["joint"]}
    )
    facts = {"members": 2, "joint": False, "overdue": True}
    assert either.mended_by(facts, {"members", "joint"}) == ("members",)
    assert either.mended_by(facts, {"joint"}) == ()


def test_what_must_become_known_is_all_that_is_asked_and_of_alternatives_one_way():
    assert condition(members=">= 3", joint=False).lacking({}) == ("members", "joint")
    ways = parse_condition({"any": [{"members": ">= 3"}, {"joint": False, "members": ">= 1"}]}, KINDS)
    assert ways.lacking({}) == ("members",)
    assert ways.lacking({"members": 2}) == ("joint",)
    assert ways.lacking({"members": 3}) == ()


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
        assert one.interpret(facts) is answer


def test_each_need_is_told_with_the_value():
    needs = condition(members=">= 3", joint=False).needs({"members": 2})
    assert [(need.fact, need.test, need.known, need.value, need.met) for need in needs] == [
        ("members", ">= 3", True, 2, False),
        ("joint", "false", False, None, None),
    ]


@given(written, st.lists(written, max_size=3), known_facts)
def test_a_compiled_condition_says_what_evaluate_says(own, ways, known):
    one = parse_condition(own | ({"any": ways} if ways else {}), KINDS)
    assert one.interpret(known) is one.evaluate(known)


@given(written, known_facts, known_facts)
def test_more_knowledge_never_turns_an_answer_round(own, known, more):
    one = condition(**own)
    first = one.evaluate(known)
    assert first is None or one.evaluate({**more, **known}) is first
