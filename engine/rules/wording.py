"""How a condition is put into words, here and nowhere else. Titles are given: a rule knows no policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..text import Title, shown
from .conditions import Condition, Need
from .unary_tests import Facts, UnaryTest

#: From a fact's name to its title.
Titles = Callable[[str], Title]
#: From a fact and what is asked of it to what a person reads.
Worded = Callable[[str, UnaryTest], Title]

_NOTHING = Title("-", "-")


def by_title(titles: Titles) -> Worded:
    """A test as its fact's title and the test as it is written."""
    return lambda fact, test: Title(f"{titles(fact).zh} {test.text}", f"{titles(fact).en} {test.text}")


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


def unmet(condition: Condition, facts: Facts, titles: Titles, *, names: bool = False) -> Title:
    """Why a condition does not hold: each test that failed with what the fact is and what is needed; with `names`, each
    fact's name behind its title. '-' where nothing is known to fail."""
    own = [_need(need, titles, names) for need in Condition(condition.tests).needs(facts) if need.met is False]
    if condition.alternatives and Condition(alternatives=condition.alternatives).evaluate(facts) is False:
        ways = [unmet(one, facts, titles, names=names) for one in condition.alternatives]
        own.append(Title("，或者 ".join(one.zh for one in ways), ", or else ".join(one.en for one in ways)))
    return _together(own) if own else _NOTHING


def _need(need: Need, titles: Titles, names: bool) -> Title:
    title, value = titles(need.fact), shown(need.value)
    zh, en = (f"（{need.fact}）", f" ({need.fact})") if names else ("", "")
    return Title(f"{title.zh}{zh}为 {value}，需要 {need.test}", f"{title.en}{en} is {value}, needed {need.test}")


def _together(parts: Sequence[Title]) -> Title:
    return Title("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))
