"""Conditions in words: what is asked for, in both languages, and why it does not hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import parse_condition
from guikou.engine.rules.conditions import Condition
from guikou.engine.rules.wording import by_title, in_line, in_names, in_words, unmet
from guikou.engine.text import Title, plainly

from .notation import KINDS, condition, known_facts, written

TITLES = {"members": Title("成员数", "members"), "joint": Title("联合", "joint"), "colour": Title("颜色", "colour")}
NOTHING = Title("-", "-")


class Named:
    def title(self, fact):
        return TITLES[fact]

    def value(self, fact, value):
        return Title("红", "red") if value == "red" else plainly(value)


title = Named()


def either(*ways, **own):
    return parse_condition({**own, "any": list(ways)}, KINDS)


BOTH = either({"members": ">= 3"}, {"colour": "red"}, joint=True)


def test_what_is_asked_together_and_what_either_way():
    assert in_words(BOTH, by_title(title)) == Title(
        "联合 是，（成员数 >= 3 或 颜色 红）", "joint true, (members >= 3 or colour red)"
    )
    assert in_names(BOTH) == ["joint true", "(members >= 3 | colour red)"]
    assert in_line(BOTH) == "joint true, (members >= 3 | colour red)"


@pytest.mark.parametrize("nothing", [Condition(), condition(members="-")])
def test_what_asks_for_nothing(nothing):
    assert in_words(nothing, by_title(title)) == unmet(nothing, {}, title) == NOTHING
    assert in_line(nothing) == "-"
    assert in_names(nothing) == []


def test_why_it_does_not_hold_with_what_is_and_what_is_needed():
    known = {"joint": False, "members": 2, "colour": None}
    assert unmet(BOTH, known, title) == Title(
        "联合为 否，需要 是，成员数为 2，需要 >= 3，或者 颜色为 无，需要 红",
        "joint is false, needed true, members is 2, needed >= 3, or else colour is none, needed red",
    )
    assert unmet(condition(members=">= 3"), {"members": 2}, title, names=True) == Title(
        "成员数（members）为 2，需要 >= 3", "members (members) is 2, needed >= 3"
    )


def test_what_holds_or_is_not_known_is_not_told_as_failing():
    assert unmet(BOTH, {"joint": True, "members": 3}, title) == NOTHING
    assert unmet(BOTH, {"members": 2}, title) == NOTHING  # the colour is not known: the other way may still hold
    assert unmet(BOTH, {"joint": False}, title).en == "joint is false, needed true"


ways = st.lists(written.filter(lambda one: any(test != "-" for test in one.values())), min_size=2, max_size=3)


@given(written, ways)
def test_alternatives_are_never_put_as_and(own, some):
    asked = either(*some, **own)
    words = in_words(asked, by_title(title))
    each = [in_words(one, by_title(title)) for one in asked.alternatives]
    zh, en = " 或 ".join(one.zh for one in each), " or ".join(one.en for one in each)
    alone = not any(not test.everything for _, test in asked.tests)
    assert words.zh.endswith(zh if alone else f"（{zh}）")
    assert words.en.endswith(en if alone else f"({en})")
    assert in_line(asked).endswith("(" + " | ".join(map(in_line, asked.alternatives)) + ")")


@given(written, st.lists(written, max_size=3), known_facts)
def test_something_is_told_as_failing_exactly_where_the_condition_surely_does_not_hold(own, some, known):
    asked = either(*some, **own) if some else condition(**own)
    told = unmet(asked, known, title)
    assert (told != NOTHING) == (asked.evaluate(known) is False)


@given(written, ways, known_facts)
def test_both_languages_say_the_same_of_the_same_facts(own, some, known):
    asked = either(*some, **own)
    for words in (in_words(asked, by_title(title)), unmet(asked, known, title)):
        english = [one.en for one in TITLES.values()]
        chinese = {one.zh: one.en for one in TITLES.values()}
        told = re.findall("|".join(chinese), words.zh)
        assert [chinese[one] for one in told] == re.findall(rf"\b(?:{'|'.join(english)})\b", words.en)
