"""How a condition is put into words, here and nowhere else. Titles are given: a rule knows no policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from ..text import Title
from .conditions import Condition, Need
from .unary_tests import Facts, Interval, UnaryTest

#: From a fact and what is asked of it to what a person reads.
Worded = Callable[[str, UnaryTest], Title]

_NOTHING, _NOT_KNOWN = Title("-", "-"), Title("未知", "not known")


class Words(Protocol):
    """What facts and their values are called."""

    def title(self, name: str) -> Title: ...

    def value(self, name: str, value: Any) -> Title: ...


def by_title(words: Words) -> Worded:
    """A test as its fact's title and what the fact must be."""

    def worded(fact: str, test: UnaryTest) -> Title:
        title, needed = words.title(fact), test_in_words(fact, test, words)
        return Title(f"{title.zh} {needed.zh}", f"{title.en} {needed.en}")

    return worded


def test_in_words(fact: str, test: UnaryTest, words: Words) -> Title:
    """What a fact must be, its values by their titles; bounds by signs."""
    if test.everything:
        return _NOTHING
    parts = [words.value(fact, point) for point in test.points]
    parts += [_bounds(one) for one in test.intervals]
    zh, en = "、".join(one.zh for one in parts), ", ".join(one.en for one in parts)
    return Title(f"非（{zh}）", f"not ({en})") if test.negated else Title(zh, en)


def _bounds(one: Interval) -> Title:
    low, high = f"{'>=' if one.low_closed else '>'} {one.low}", f"{'<=' if one.high_closed else '<'} {one.high}"
    if one.high is None:
        return Title(low, low)
    return Title(high, high) if one.low is None else Title(f"{low} 且 {high}", f"{low} and {high}")


def in_words(condition: Condition, worded: Worded) -> Title:
    """What a condition asks for; alternatives are in brackets where something else is asked besides. '-' for one that
    asks for nothing."""
    own = [worded(fact, test) for fact, test in condition.tests if not test.everything]
    if condition.alternatives:
        ways = [in_words(one, worded) for one in condition.alternatives]
        either = Title(" 或 ".join(one.zh for one in ways), " or ".join(one.en for one in ways))
        own.append(Title(f"（{either.zh}）", f"({either.en})") if own else either)
    return _together(own) if own else _NOTHING


def in_names(condition: Condition) -> list[str]:
    """Each test by its fact's name, as files write it; alternatives in one, with '|' between them."""
    own = [f"{fact} {test.text}" for fact, test in condition.tests if not test.everything]
    if condition.alternatives:
        own.append("(" + " | ".join(in_line(one) for one in condition.alternatives) + ")")
    return own


def in_line(condition: Condition) -> str:
    """The same in one line; '-' for a condition that asks for nothing."""
    return ", ".join(in_names(condition)) or "-"


def unmet(condition: Condition, facts: Facts, words: Words, *, names: bool = False) -> Title:
    """Why a condition does not hold: each test that failed with what the fact is and what is needed, and each whose
    fact is not known; with `names`, each fact's name behind its title. '-' where nothing is known to fail."""
    needs = Condition(condition.tests).needs(facts)
    own = [_need(need, words, names) for need in needs if need.met is False]
    if condition.alternatives and Condition(alternatives=condition.alternatives).evaluate(facts) is False:
        ways = [unmet(one, facts, words, names=names) for one in condition.alternatives]
        own.append(Title("，或者 ".join(one.zh for one in ways), ", or else ".join(one.en for one in ways)))
    if not own:
        return _NOTHING
    return _together(own + [_need(need, words, names) for need in needs if not need.known])


def _need(need: Need, words: Words, names: bool) -> Title:
    title = words.title(need.fact)
    value = words.value(need.fact, need.value) if need.known else _NOT_KNOWN
    needed = test_in_words(need.fact, need.wanted, words)
    zh, en = (f"（{need.fact}）", f" ({need.fact})") if names else ("", "")
    return Title(f"{title.zh}{zh}为 {value.zh}，需要 {needed.zh}", f"{title.en}{en} is {value.en}, needed {needed.en}")


def _together(parts: Sequence[Title]) -> Title:
    return Title("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))
