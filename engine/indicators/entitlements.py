"""What support an organisation may have in a year, what of it was paid or given, and what is outstanding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..cases.case import Case
from ..decide.due.context import asked_context
from ..policy.policy import Policy
from ..policy.support import Support
from ..text import brief

_FEN = Decimal("0.01")


_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One support of one organisation in one year. Money: what is `due`, what was `paid`, in whole hundredths. Else
    `given` says whether it has it (None: that is not known, or it is simply open to it). `missing` is a fact without
    which what is due can't be computed."""

    support: Support
    due: Decimal | None = None
    paid: Decimal | None = None
    given: bool | None = None
    missing: str | None = None

    __repr__ = brief("support", "due", "paid", "given", "missing")

    @property
    def outstanding(self) -> Decimal | None:
        """What is still to be paid: what was paid too much to one pays nobody else."""
        return max(self.due - self.paid, _NOTHING) if self.due is not None and self.paid is not None else None

    @property
    def overpaid(self) -> Decimal | None:
        """What was paid beyond what was due."""
        return max(self.paid - self.due, _NOTHING) if self.due is not None and self.paid is not None else None

    @property
    def lacking(self) -> bool:
        """Whether something is still to be paid or given, or that is not known."""
        if self.missing is not None:
            return True
        if self.support.rate is not None:
            return (self.outstanding or Decimal(0)) > 0
        return self.support.given is not None and self.given is not True


def entitled(policy: Policy, facts: Mapping[str, Any]) -> list[str]:
    """The supports that the policy's tables of entitlements surely give with some facts."""
    found: list[str] = []
    for name in policy.intake.entitlements:
        table = policy.table(name)
        certain, _ = table.fits(facts)
        found += [str(row.outputs[0]) for at, row in enumerate(table.rows) if certain >> at & 1]
    return list(dict.fromkeys(found))


def undecided(policy: Policy, facts: Mapping[str, Any]) -> dict[str, str]:
    """The supports of which it is not known whether the tables give them, each with a fact that is missing."""
    found: dict[str, str] = {}
    for name in policy.intake.entitlements:
        table = policy.table(name)
        certain, possible = table.fits(facts)
        for at, row in enumerate(table.rows):
            if (possible & ~certain) >> at & 1:
                found.setdefault(str(row.outputs[0]), table.lacking(facts, 1 << at)[0])
    for name in entitled(policy, facts):
        found.pop(name, None)
    return found


def counted_on(support: Support, year: int, today: date) -> date:
    """The day of a year by whose facts a support is computed: today where that day is still to come."""
    return min(support.at.from_(date(year, 1, 1)), today)


def entitlements(policy: Policy, then: Case | None, now: Case, year: int, day: date) -> list[Entitlement]:
    """The supports of an organisation for a year: by the facts of the case as it stood `then`, on `day` (None: it was
    not there yet, and has none), and by what was recorded for that year by `now`."""
    if then is None or then.closed:
        return []
    facts = asked_context(policy, then, day)
    supports = policy.parts.support
    found = [
        entitlement(policy, supports[name], facts, now, year) for name in entitled(policy, facts) if name in supports
    ]
    open_ = undecided(policy, facts).items()
    return found + [Entitlement(supports[name], missing=fact) for name, fact in open_ if name in supports]


def entitlement(policy: Policy, support: Support, facts: Mapping[str, Any], now: Case, year: int) -> Entitlement:
    """One support for which an organisation is entitled."""
    if support.rate is None:
        given = support.given.evaluate(facts) if support.given is not None else None
        return Entitlement(support, given=given)
    assert support.of is not None, "money has a rate and what it is for"
    assert support.paid is not None
    paid = _amount(now, support.paid, year)
    if support.of in policy.parts.records:
        number: Any = _amount(now, support.of, year)
    else:
        number = facts.get(support.of)
        if number is None:
            return Entitlement(support, paid=paid, missing=support.of)
    due = (support.rate * number).quantize(_FEN, ROUND_HALF_UP)
    return Entitlement(support, due, paid)


def _amount(case: Case, record: str, year: int) -> Decimal:
    tally = case.records.get(record)
    return tally.of(year)[2].quantize(_FEN) if tally is not None else Decimal("0.00")
