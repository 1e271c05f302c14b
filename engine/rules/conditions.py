"""Unary tests and conditions: the one notation of every rule.

A unary test is DMN's S-FEEL (DMN 1.3, ch. 9): `-`, `null`, `>= 3`, `[3..50)`, `"law", "accounting"`, `not("school")`.
Names need no quotes, because spreadsheets strip them. A condition maps facts to unary tests, all of which must hold;
`any:` lists conditions of which one must. Values are True, False or unknown (a fact that is not there): Kleene's logic.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Any

from .unary_tests import Facts, Test, UnaryTest


@dataclass(frozen=True, slots=True)
class Need:
    """One fact that a condition looked at: what it needs, what the fact is (`known` tells missing from null)."""

    fact: str
    wanted: UnaryTest
    known: bool
    value: Any = None
    met: bool | None = None

    @property
    def test(self) -> str:
        return self.wanted.text


@dataclass(frozen=True)
class Condition:
    """All of `tests` hold, and of `alternatives`, if there are any, at least one. Made once, it is compiled once."""

    tests: tuple[tuple[str, UnaryTest], ...] = ()
    alternatives: tuple[Condition, ...] = ()
    #: True, False, or None where a missing fact leaves it open.
    evaluate: Callable[[Facts], bool | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evaluate", self._compiled())

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.tests, self.alternatives)

    @property
    def facts(self) -> frozenset[str]:
        own = frozenset(fact for fact, test in self.tests if not test.everything)
        return own.union(*(one.facts for one in self.alternatives))

    @property
    def asks(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.tests or self.alternatives)

    def interpret(self, facts: Facts) -> bool | None:
        """What `evaluate` says, test by test."""
        answers = [
            None if fact not in facts else test.matches(facts[fact]) for fact, test in self.tests if not test.everything
        ]
        if self.alternatives:
            answers.append(_any([one.interpret(facts) for one in self.alternatives]))
        return _all(answers)

    def needs(self, facts: Facts) -> tuple[Need, ...]:
        """Each test with the fact's value, for an explanation."""
        own = tuple(
            Need(fact, test, fact in facts, facts.get(fact), test.matches(facts[fact]) if fact in facts else None)
            for fact, test in self.tests
            if not test.everything
        )
        return own + tuple(need for one in self.alternatives for need in one.needs(facts))

    def lacking(self, facts: Facts) -> tuple[str, ...]:
        """The facts that must become known for it to be decided; of alternatives, those of the first that is open."""
        own = [fact for fact, test in self.tests if not test.everything and fact not in facts]
        if self.alternatives and Condition(alternatives=self.alternatives).evaluate(facts) is None:
            own += next(one for one in self.alternatives if one.evaluate(facts) is None).lacking(facts)
        return tuple(dict.fromkeys(own))

    def mended_by(self, facts: Facts, told: Container[str]) -> tuple[str, ...]:
        """The facts that fail it, where others than these would make it hold; none where anything fails that is not
        `told` by anybody, but comes about."""
        own = tuple(need.fact for need in Condition(self.tests).needs(facts) if need.met is False)
        if any(fact not in told for fact in own):
            return ()
        if not self.alternatives or Condition(alternatives=self.alternatives).evaluate(facts) is not False:
            return own
        ways = tuple(fact for one in self.alternatives for fact in one.mended_by(facts, told))
        return own + ways if ways else ()

    def _compiled(self) -> Callable[[Facts], bool | None]:
        # A missing fact, and only that, goes the slow way.
        slow = self.interpret
        fast = _conjunction([(fact, test.compile()) for fact, test in self.tests if not test.everything])
        if not self.alternatives:

            def closed(facts: Facts) -> bool | None:
                try:
                    return fast(facts)
                except KeyError:
                    return slow(facts)
        else:
            ways = [one.evaluate for one in self.alternatives]

            def closed(facts: Facts) -> bool | None:
                try:
                    if not fast(facts):
                        return False
                except KeyError:
                    return slow(facts)
                return _any([way(facts) for way in ways])

        return closed


def _conjunction(parts: list[tuple[str, Test]]) -> Callable[[Facts], bool]:
    if not parts:
        return lambda facts: True
    if len(parts) == 1:
        ((a, first),) = parts
        return lambda facts: first(facts[a])
    if len(parts) == 2:
        (a, first), (b, second) = parts
        return lambda facts: first(facts[a]) and second(facts[b])
    return lambda facts: all(test(facts[fact]) for fact, test in parts)


def _all(answers: Sequence[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: Sequence[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False
