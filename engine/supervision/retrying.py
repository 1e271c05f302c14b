"""A transaction that is begun anew where others were in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..errors import StoreContended
from .keeping import Keeping, OutOfOrder
from .office import Office

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
    needed, tries = set(ids), 0
    while True:
        try:
            with office.store.transaction() as work:
                if len(needed) > 1:
                    work.reserve(needed)
                keeping = Keeping(office, work)
                keeping.hold(needed)
                return do(keeping)
        except OutOfOrder as more:
            needed |= more.ids
        except StoreContended:
            tries += 1
            if tries == TRIES:
                raise
