"""Commands of many callers in one process, which share transactions: each is answered once what it led to is on disk.

One thread carries out whatever waits, as a batch, while the callers of the next gather; so a flush to the disk is paid
once for all of them (a group commit).
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, NamedTuple, ParamSpec, TypeVar

from guikou.engine import Supervision
from guikou.engine.errors import GuikouError, OutcomeUnknown, SharingEnded

P = ParamSpec("P")
T = TypeVar("T")


class _Asked(NamedTuple):
    future: Future[Any]
    command: Callable[..., Any]
    given: tuple[Any, ...]
    named: dict[str, Any]


class Sharing:
    """Shares the transactions of an office among its callers, up to `most` commands in one. A context; `close` waits
    for what was asked before. A forked process has to make one of its own: there, this is closed."""

    def __init__(self, office: Supervision, *, most: int = 100) -> None:
        self._office, self._most = office, max(1, most)
        self._waiting: SimpleQueue[_Asked | None] = SimpleQueue()
        self._turn = threading.Lock()
        self._ended = False
        self._process = os.getpid()
        self._thread = threading.Thread(target=self._work, name="guikou-sharing", daemon=True)
        self._thread.start()

    def __enter__(self) -> Sharing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, command: Callable[P, T], *given: P.args, **named: P.kwargs) -> Future[T]:
        """A command of the office, such as `office.advance`, with what it takes. Its future has the answer, or what
        refused it, once that is kept; it can't be cancelled. Raises SharingEnded."""
        asked = _Asked(Future(), command, given, named)
        asked.future.set_running_or_notify_cancel()
        with self._turn:
            if self._ended or os.getpid() != self._process:
                raise SharingEnded()
            self._waiting.put(asked)
        return asked.future

    def do(self, command: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """The same, waited for."""
        return self.submit(command, *given, **named).result()

    async def ask(self, command: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """The same for coroutines: one that is cancelled while it waits leaves its command to be carried out."""
        return await asyncio.wrap_future(self.submit(command, *given, **named))

    def close(self) -> None:
        with self._turn:
            if not self._ended:
                self._ended = True
                self._waiting.put(None)
        if os.getpid() == self._process:
            self._thread.join()

    def _work(self) -> None:
        some: list[_Asked | None] = []
        try:
            while None not in some:
                some = [self._waiting.get()]
                while len(some) < self._most and not self._waiting.empty():
                    some.append(self._waiting.get())
                self._carry_out([one for one in some if one is not None])
        finally:  # whatever ended it: nobody waits for ever
            with self._turn:
                self._ended = True
            while not self._waiting.empty():
                some.append(self._waiting.get())
            for one in some:
                if one is not None and not one.future.done():
                    one.future.set_exception(SharingEnded())

    def _carry_out(self, some: list[_Asked]) -> None:
        batch = self._office.batch()
        pending = []
        for one in some:
            try:
                pending.append((one, batch.add(one.command, *one.given, **one.named)))
            except GuikouError as error:
                one.future.set_exception(error)
        try:
            batch.run()
        except BaseException as error:  # noqa: BLE001  whatever it is, somebody waits to be told
            if len(pending) > 1 and not isinstance(error, OutcomeUnknown):  # a fault of one is no other's
                for one, _ in pending:
                    self._carry_out([one])
                return
            for one, _ in pending:
                one.future.set_exception(error)
            return
        for one, answer in pending:
            if answer.refused is not None:
                one.future.set_exception(answer.refused)
            else:
                one.future.set_result(answer.answer())
