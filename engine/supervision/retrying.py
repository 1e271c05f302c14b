"""A transaction that is begun anew where others were in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..errors import StoreContended
from .keeping import Keeping, OutOfOrder
from .office import Office
from .store import NeededFirst

T = TypeVar("T")

#: How often what others are at is tried.
TRIES = 5


def transacted(office: Office, ids: Iterable[str], do: Callable[[Keeping], T]) -> T:
    """What `do` gives in a transaction, which it commits itself, and in which the cases of some ids are held from the
    beginning on.

    All transactions take cases in one order, so that no two wait for each other: where it turns out that others are
    needed that come before these, it begins anew with them. It is also begun anew, up to TRIES times, where the
    database gave it up because of others. Raises StoreContended after that, and what `do` raises.
    """

    def attempt(needed: set[str]) -> T:
        with office.store.transaction() as work:
            if len(needed) > 1:
                work.reserve(needed)
            keeping = Keeping(office, work)
            keeping.hold(needed)
            return do(keeping)

    return anew(attempt, ids, OutOfOrder)


def anew(attempt: Callable[[set[str]], T], ids: Iterable[str], further: type[OutOfOrder] | type[NeededFirst]) -> T:
    """What `attempt` gives for the ids that are needed: some at first, and each time more that it raises as `further`;
    up to TRIES times where the database gave it up because of others. Raises StoreContended after that."""
    needed, tries = set(ids), 0
    while True:
        try:
            return attempt(needed)
        except further as more:
            needed |= more.ids
        except StoreContended:
            tries += 1
            if tries == TRIES:
                raise
