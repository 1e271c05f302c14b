"""What a policy says of support."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..dates.periods import YearDay
from ..errors import Where
from ..rules.conditions import Condition
from ..text import Title, brief

#: What an indicator may say of a support that is money.
MONEY = ("due", "paid", "outstanding")


@dataclass(frozen=True, slots=True)
class Support:
    """A support that a table of entitlements names. With `rate`, money: that much for each of what the fact `of` says,
    or of the year's amounts of the record kind `of`, by the facts on the day `at` of the year; `paid` is the record
    kind that settles it. Without, it is `given` while that holds; without either, it is open to whoever may have it."""

    name: str
    title: Title
    rate: Decimal | None
    of: str | None
    at: YearDay
    paid: str | None
    given: Condition | None
    where: Where
    note: str = ""

    __repr__ = brief("name", "title")
