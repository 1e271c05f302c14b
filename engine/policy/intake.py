"""What a policy says of intake, and what it promises."""

from __future__ import annotations

from dataclasses import dataclass

from ..dates.periods import Period
from ..errors import Where
from ..rules.conditions import Condition
from ..text import Title


@dataclass(frozen=True, slots=True)
class Refusal:
    """Facts with which no organisation is taken in."""

    when: Condition
    because: Title
    where: Where


@dataclass(frozen=True, slots=True)
class Property:
    """A promise of the policy: `never` this stage or state with facts that meet `when`, or, with `within`, always out
    of the stage (or at the top tier) by then."""

    title: Title
    workflows: tuple[str, ...]
    stage: str
    when: Condition
    within: Period | None
    where: Where


@dataclass(frozen=True, slots=True)
class Intake:
    """The tables that decide when an organisation comes in, by what they decide."""

    type: str
    responsible: str
    entry: str
    hub: str | None
    priority: str | None
    weight: str | None
    entitlements: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
