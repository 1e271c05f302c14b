"""Obligations: what an organisation owes again and again, such as its annual inspection, and when the next is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..dates.deadlines import REMIND
from ..dates.periods import Period
from ..errors import Where
from ..rules.conditions import Condition
from ..text import Title, brief

#: Instead of a fact: the day on which the case was opened.
OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an obligation may end, and the facts that this sets."""

    title: Title
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Postponement:
    """By how long, how often, by whom and with what evidence a due date may be put off; whether it `keeps` what the old
    date had climbed."""

    by: Period
    times: int
    roles: tuple[str, ...]
    evidence: Mapping[str, Title]
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Missed:
    """What becomes of one that is not met: `after` its due date it is closed, which `sets` facts, and `fire` is
    triggered if it can be."""

    after: Period
    fire: str | None
    sets: Mapping[str, Any]


@dataclass(frozen=True)
class Obligation:
    """What recurs for the organisations for which `when` holds.

    Due by `rule` (RFC 5545, days only), counted from `start`; or `every` period after the latest of the days that the
    facts in `since` say (those in `since_when` for the organisations for which their condition holds), and on which it
    was last met; never while none of these facts is known, for no other day is one on which it began. With `rule` the
    first is due no earlier than `not_before` after that day, if it is known. It opens `opens` before it is due, for the
    roles or bodies in `by`; one that may be `early` can be met again before that. One with `within` does not recur: it
    is laid on, open at once, until it is met or `until` holds.
    """

    name: str
    title: Title
    when: Condition
    rule: str | None
    start: date
    every: Period | None
    since: tuple[str, ...]
    not_before: Period | None
    opens: Period
    by: tuple[str, ...]
    evidence: Mapping[str, Title]
    outcomes: Mapping[str, Outcome]
    postponement: Postponement | None
    missed: Missed | None
    where: Where
    remind: tuple[int, ...] = REMIND
    escalates: bool = False
    grace: Period | None = None
    note: str = ""
    within: Period | None = None
    until: Condition = field(default_factory=Condition)
    since_when: Mapping[str, Condition] = field(default_factory=dict)
    early: bool = False

    __repr__ = brief("name", "title")
