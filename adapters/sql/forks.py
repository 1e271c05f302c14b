"""Forks and transactions of SQLite, which must not happen at once.

SQLite keeps within the process who of it has which lock. A process that is forked while another thread is in a
transaction has that lock for ever: nobody there gives it back (https://www.sqlite.org/howtocorrupt.html, 2.6).
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

#: So many seconds a fork waits for the transactions of other threads.
PATIENCE = 60.0


class Gate:
    """Lets transactions run side by side, and a fork only between them."""

    def __init__(self) -> None:
        self._turn = threading.Condition(threading.RLock())
        self._within: Counter[int] = Counter()
        self._forking = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """While a transaction runs."""
        own = threading.get_ident()
        with self._turn:
            self._turn.wait_for(lambda: not self._forking or own in self._within, PATIENCE)
            self._within[own] += 1
        try:
            yield
        finally:
            with self._turn:
                self._within[own] -= 1
                if not self._within[own]:
                    del self._within[own]
                    self._turn.notify_all()

    def before(self) -> None:
        """Before a fork: waits until no other thread is in a transaction, and lets none begin one."""
        self._turn.acquire()
        self._forking += 1
        self._turn.wait_for(lambda: not self._within.keys() - {threading.get_ident()}, PATIENCE)

    def after(self) -> None:
        """After it, in the parent."""
        self._forking -= 1
        self._turn.notify_all()
        self._turn.release()

    def anew(self) -> None:
        """After it, in the child: of all threads only this one is left."""
        mine = self._within.pop(threading.get_ident(), 0)
        self._turn = threading.Condition(threading.RLock())
        self._within = Counter({threading.get_ident(): mine} if mine else {})
        self._forking = 0


GATE = Gate()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=GATE.before, after_in_parent=GATE.after, after_in_child=GATE.anew)
