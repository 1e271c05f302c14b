"""A pool of connections: how many there are at most, who has which, and what becomes of them where the process forks.

SQLAlchemy's own pool makes a new proxy of each connection that it hands out, which costs a tenth of an advance; this
one hands out what it holds as it is.
"""

from __future__ import annotations

import ctypes
import os
import select
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from guikou.engine.errors import NoConnection

#: A connection that nobody used for so many seconds is closed.
IDLE = 300.0


class Link:
    """A connection of SQLAlchemy's with the driver's own below it."""

    __slots__ = ("__weakref__", "connection", "driver", "forsaken", "idle_since", "on_fork")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.driver_connection
        self.idle_since = 0.0
        #: Whether it is the parent process's.
        self.forsaken = False
        #: What else is to be done where the process forks while it is used.
        self.on_fork: Callable[[], None] | None = None

    @property
    def broken(self) -> bool:
        """Whether the server went away: the driver's own cursors see that, and SQLAlchemy doesn't."""
        held = self.connection
        return held.closed or held.invalidated or bool(getattr(self.driver, "closed", False))

    @property
    def unfinished(self) -> bool:
        """Whether a transaction was begun by the driver's cursor and left as it was."""
        server = getattr(self.driver, "pgconn", None)
        return bool(server.transaction_status if server is not None else self.driver.in_transaction)

    def gone(self) -> bool:
        """Whether the server has closed it while nobody used it. Then there is something to read; so there is where
        it only had something to say."""
        if self.broken:
            return True
        if not hasattr(self.driver, "pgconn"):
            return False
        poll = select.poll()
        poll.register(self.driver.fileno(), select.POLLIN)
        if not poll.poll(0):
            return False
        try:
            self.driver.execute("SELECT 1")
        except self.connection.dialect.loaded_dbapi.Error:
            return True
        return self.broken

    def close(self) -> None:
        if self.forsaken:
            return
        if self.broken:
            self.connection.invalidate()
        self.connection.close()


class Pool:
    """Hands out connections, at most `size` at once; whoever comes when all are out waits in line, so many seconds.

    The one that was given back last is handed out first: the rest close in time.
    """

    def __init__(self, connect: Callable[[], Connection], size: int, wait: float) -> None:
        self._connect, self._size, self._wait = connect, size, wait
        self._lock = threading.RLock()  # what gives back may be a generator that is collected at any time
        self._idle: deque[Link] = deque()
        self._waiting: deque[_Waiting] = deque()
        self._out = 0
        self._links: weakref.WeakSet[Link] = weakref.WeakSet()
        self._closed = False
        #: Another pool of connections to the same server, which may have one to spare.
        self.sibling: Pool | None = None

    def take(self) -> Link:
        """A connection that works, to be given back. Raises NoConnection, and what the driver says of a new one."""
        until = time.monotonic() + self._wait
        found = self._first(until)
        while True:
            if found is not None and not found.gone():
                return found
            if found is not None:
                found.close()
            try:
                return self._new()
            except DBAPIError:
                # The server may have none left: one that somebody gives back will do.
                found = self.sibling.spared() if self.sibling is not None else None
                if found is not None:
                    continue
                line = self._back_in_line()
                if line is not None and self._come(line, until):
                    found = line.link
                elif line is None and self._sibling_comes(until):
                    found = None
                else:
                    raise
            except BaseException:
                self.give(None)
                raise

    def spared(self) -> Link | None:
        """A connection that nobody uses, for another pool."""
        with self._lock:
            return self._idle.pop() if self._idle else None

    def give(self, link: Link | None) -> None:
        """Give one back, or what was to become one and did not."""
        if link is not None and link.forsaken:
            return
        if link is not None and (self._closed or link.broken or link.unfinished):
            link.close()
            link = None
        stale = None
        with self._lock:
            if self._waiting:
                self._waiting.popleft().hand(link)
                return
            self._out -= 1
            if link is not None:
                link.idle_since = time.monotonic()
                self._idle.append(link)
                if self._idle[0].idle_since < link.idle_since - IDLE:
                    stale = self._idle.popleft()
        if stale is not None:
            stale.close()

    def close(self) -> None:
        """Close those that nobody uses, and the others when they are given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def forsake(self) -> None:
        """Leave all to the parent process: to use or to close them here would be to do so under its hands."""
        for link in self._links:
            link.forsaken = True
            # SQLite and SQLAlchemy close what is collected; so nothing of it ever is.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(link))
            if link.on_fork is not None:
                link.on_fork()

    def _first(self, until: float) -> Link | None:
        """A connection that was there; None if there is room for a new one."""
        with self._lock:
            if self._idle:
                self._out += 1
                return self._idle.pop()
            if self._out < self._size:
                self._out += 1
                return None
            line = _Waiting()
            self._waiting.append(line)
        if not self._come(line, until):
            raise NoConnection(size=self._size, seconds=f"{self._wait:g}")
        return line.link

    def _sibling_comes(self, until: float) -> bool:
        """Whether it is worth another try, a moment later: while the other pool has connections out. Takes up the room
        again that `_back_in_line` gave up."""
        if self.sibling is None or not self.sibling._out or time.monotonic() >= until:
            return False
        time.sleep(0.05)
        with self._lock:
            self._out += 1
        return True

    def _back_in_line(self) -> _Waiting | None:
        """A place in line, in exchange for the room that a new connection would have had; None where nobody else has a
        connection to give back."""
        line = _Waiting()
        with self._lock:
            if self._idle:
                line.hand(self._idle.pop())
                return line
            self._out -= 1
            if not self._out:
                return None
            self._waiting.append(line)
        return line

    def _come(self, line: _Waiting, until: float) -> bool:
        """Whether the turn of a place in line came in time."""
        try:
            if line.turn.wait(max(0.0, until - time.monotonic())):
                return True
        except BaseException:  # such as Ctrl-C
            if not self._leave(line):
                self.give(line.link)
            raise
        return not self._leave(line)

    def _leave(self, line: _Waiting) -> bool:
        """Whether a place in line was left before its turn came."""
        with self._lock:
            if line not in self._waiting:
                return False
            self._waiting.remove(line)
            return True

    def _new(self) -> Link:
        link = Link(self._connect())
        self._links.add(link)
        return link


class _Waiting:
    """A place in the line of those who wait for a connection; `link` is None where there is room for a new one."""

    __slots__ = ("link", "turn")

    def __init__(self) -> None:
        self.turn = threading.Event()
        self.link: Link | None = None

    def hand(self, link: Link | None) -> None:
        self.link = link
        self.turn.set()


#: What has pools, and what it does in a process that was forked.
_FORKING: weakref.WeakKeyDictionary[Any, Callable[[Any], None]] = weakref.WeakKeyDictionary()


def on_fork(owner: Any, leave: Callable[[Any], None]) -> None:
    """Have something done with `owner` in every process that is forked from this one."""
    _FORKING[owner] = leave


def _forked() -> None:
    for owner, leave in list(_FORKING.items()):
        leave(owner)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
