"""What a policy says of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..dates.periods import Period
from ..errors import Where
from ..rules.conditions import Condition
from ..rules.unary_tests import UnaryTest
from ..text import Title, brief


@dataclass(frozen=True, slots=True)
class Figure:
    """A number from elsewhere: by area (code) and the year from which it holds."""

    name: str
    title: Title
    source: Title
    values: Mapping[str, Mapping[int, int]]

    __repr__ = brief("name")

    def of(self, area: str, year: int) -> int | None:
        """The latest for an area that is not after a year."""
        known = {since: value for since, value in self.values.get(area, {}).items() if since <= year}
        return known[max(known)] if known else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number, and what it is to be; see `IndicatorFile` for how each kind counts. `target` is a test of the value for
    the groups in which `target_when` holds of every case counted; `published` are values to compare with, by group."""

    name: str
    title: Title
    of: Condition
    share: Condition | None
    sum: str | None
    per: tuple[str, int] | None
    held: tuple[str, int] | None
    happened: Condition | None
    recorded: str | None
    measure: Literal["times", "count", "amount"]
    growth: Period | None
    support: tuple[str, str] | None
    by: tuple[str, ...]
    target: UnaryTest | None
    target_when: Condition
    published: Mapping[str, Decimal | None]
    worse: Literal["high", "low"] | None
    where: Where
    note: str = ""

    __repr__ = brief("name", "title")

    @property
    def is_ratio(self) -> bool:
        """Whether its value is a share of 1."""
        return self.share is not None or self.held is not None or self.growth is not None

    @property
    def is_money(self) -> bool:
        return self.measure == "amount" or (
            self.support is not None and self.support[1] in ("due", "paid", "outstanding")
        )


@dataclass(frozen=True, slots=True)
class Section:
    title: Title
    indicators: tuple[str, ...]
    by: str | None

    __repr__ = brief("title")


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A body's report of a year."""

    title: Title
    sections: tuple[Section, ...]

    __repr__ = brief("title")
