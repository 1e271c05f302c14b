"""What a store must do. Adapters implement it; the engine knows nothing else of where things are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from ..cases.case import Case
from ..cases.events import Event
from ..decide.notices import Notice
from ..errors import Damaged
from ..text import brief
from .imported import Import, ImportedRow, Parked
from .query import Query

#: The wake of a case that was written under another policy than the active one.
LONG_AGO = date(2000, 1, 1)

#: What the sweep looks at: the day on which it was to, or what is kept in its place where it can't be read; an id; and
#: the case, or what of it can't be read.
Woken = tuple[Any, str, Case | Damaged]
#: What comes before all of them.
FIRST: tuple[Any, str] = (date.min, "")


def wake_at_once(now: datetime) -> date:
    """A day that has come wherever the policy holds."""
    return now.date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice in the outbox: how often its delivery was tried, when it is tried next (None: it was delivered), and
    what the last try failed with."""

    notice: Notice
    created_at: datetime
    attempts: int = 0
    next_attempt: datetime | None = None
    delivered_at: datetime | None = None
    error: str | None = None

    __repr__ = brief("notice", "attempts", "next_attempt", "delivered_at")


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it was given: `id` is the caller's (None: it gave none), `kind` the command's name, `command` its
    canonical form. It was answered with its case at a `revision`, as of the instant `at`."""

    id: str | None
    kind: str
    command: str
    revision: int
    at: datetime

    __repr__ = brief("id", "kind", "revision", "at")


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request id was used for: the salted `fingerprint` of the command, and the events that it led to, in order.

    All but the events is None where the request is older than the keeping of commands; the salt alone is None where
    what it said was erased.
    """

    salt: str | None
    fingerprint: str | None
    events: Sequence[Event]
    revision: int | None = None
    at: datetime | None = None

    __repr__ = brief("revision", "at")

    @property
    def erased(self) -> bool:
        """Whether what it said was erased: it can't be told from another command any more."""
        return self.salt is None and self.fingerprint is not None

    def is_of(self, command: str) -> bool | None:
        """Whether it was used for this command, in canonical form; None where that can't be told."""
        if self.salt is None or self.fingerprint is None:
            return None
        return fingerprint(self.salt, command) == self.fingerprint


def fingerprint(salt: str, command: str) -> str:
    """What tells one command from another, and stays when the command's text is erased; by the salt, equal commands
    don't look equal."""
    return hashlib.sha256((salt + command).encode()).hexdigest()


class NeededFirst(Exception):
    """A case is needed that comes before some that are held, for which others may wait meanwhile: it all has to begin
    anew, with these held too. `ids` are those needed further."""

    def __init__(self, ids: Iterable[str]) -> None:
        super().__init__()
        self.ids = frozenset(ids)


class Together(Protocol):
    """Several transactions that are kept as one: each is one of `store`'s, and raises NeededFirst where it needs a case
    that comes before those that are held."""

    @property
    def store(self) -> Store: ...

    @property
    def broken(self) -> bool:
        """Whether nothing of it can be kept any more, as where the connection was lost."""

    def commit(self) -> None:
        """Keep all that was committed within, durably."""


class Transaction(Protocol):
    """One unit of work: everything appended is kept on `commit`, nothing without it."""

    def erase(self, case: str, erases: Sequence[tuple[int, str]], said: Mapping[datetime, Collection[str]]) -> None:
        """Forget texts of a case's events, each by the event's number and its place, with their salts and the text of
        every request that led to one of these events; and what was `said` with a command that was told at an instant,
        where it is kept of an import or of what is parked."""

    def asked(self, case: str) -> Collection[int]:
        """The numbers of a case's events that requests led to whose text is kept."""

    def told_with(self, event: Event) -> Collection[str]:
        """The ids of the other cases of which the same was told with the same command."""

    def answered(self, request_id: str) -> Answered | None:
        """What this request id was used for before; None if for nothing."""

    def remember(self, request: Request, events: Sequence[Event]) -> None:
        """Keep a request with the events that it led to, which have been appended (none, if it changed nothing: then
        its text is not kept, for no event could be named to erase it by).

        Raises RequestReused if its id was used before, or meanwhile by another transaction.
        """

    def reserve(self, ids: Collection[str]) -> None:
        """Wait for whoever has reserved some of these ids, whether there are cases of them yet or not, and let nobody
        else reserve them until this has ended: two that open the same cases never wait for each other in a circle."""

    def needs(self, ids: Collection[str]) -> None:
        """Say which cases are asked for next. Raises NeededFirst as part of several transactions."""

    @property
    def alone(self) -> bool:
        """Whether nobody else changes anything while it runs, so that it waits for nobody in the midst of it."""

    def case(self, id: str) -> Case | None:
        """A case as it stands, to be changed in this transaction: nobody else changes it until that has ended."""

    def alias(self, id: str) -> str | None:
        """The case of an organisation that has had this id since it was opened; None for an id that no case took."""

    def append(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Event],
        *,
        wake: date | None,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Append events and put `after` in the place of `before`; the sweep looks at it on the day `wake` (None: not
        before something happens), or at once if `after.policy` is not the active one; `notices` go to the outbox.

        Raises CaseChanged if the case is no longer at `before`'s revision, AlreadyOpen if it exists though `before` is
        None, RequestReused if another transaction used the request id meanwhile.
        """

    def begin_import(self, one: Import) -> Import:
        """Keep an import; gives it with its number."""

    def import_(self, number: int) -> Import | None:
        """An import as it stands, to be changed in this transaction."""

    def put_import(self, one: Import) -> None:
        """Put an import in the place of the one with its number."""

    def keep_row(self, row: ImportedRow) -> None:
        """Keep what became of a row of an import."""

    def park(self, one: Parked) -> Parked:
        """Park something; gives it with its number. Raises CaseChanged if something waits under its id already."""

    def waiting(self, id: str) -> Parked | None:
        """What waits under an id, to be changed in this transaction."""

    def parked(self, number: int) -> Parked | None:
        """What was parked under a number, whatever became of it, to be changed in this transaction."""

    def settle(self, one: Parked) -> None:
        """Keep what became of something that is parked."""

    def members(self, group: str) -> Sequence[str]:
        """The ids of the cases that are members of a group's case, in order."""

    def woken(self, day: date, limit: int, after: tuple[Any, str]) -> Sequence[Woken]:
        """Cases that the sweep looks at by `day`, the earliest first, from behind `after` (what one of them begins
        with), to be changed in this transaction. Those that another transaction is changing are left to it."""

    def rest(self, case: str, wake: date | None, policy: str) -> None:
        """Nothing happened to a case under a policy; the sweep looks at it next on the day `wake`, or at once if that
        policy is not the active one."""

    def commit(self) -> None:
        """Keep it, durably."""


class Store(Protocol):
    """Where cases, their events and the policies are kept."""

    def now(self) -> datetime:
        """The instant by the store's clock, in UTC."""

    def salt(self) -> str:
        """Something that nobody can guess, and that was never given before."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A unit of work that is rolled back unless committed. Raises StoreBusy."""

    def together(self, cases: Collection[str]) -> AbstractContextManager[Together]:
        """Several transactions as one, which is rolled back unless committed; cases of these ids are held from the
        beginning on. Raises StoreBusy."""

    def get(self, id: str, as_of: datetime | None = None, known: datetime | None = None) -> Case | None:
        """A case as it stands, or stood at an instant; by what was on record at another."""

    def alias(self, id: str) -> str | None:
        """The case of an organisation that has had this id since it was opened; None for an id that no case took."""

    def cases(self, query: Query) -> list[Case]:
        """The cases that a query asks for, in its order."""

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        """The duties of cases that a query asks for, each by its case and its name, in its order."""

    def count(self, query: Query) -> int:
        """How many cases a query asks for, whatever its limit."""

    def count_duties(self, query: Query) -> int:
        """How many duties of cases a query asks for, whatever its limit."""

    def tally(self, query: Query, by: Sequence[str], *, duties: bool) -> Mapping[tuple[Any, ...], int]:
        """How many cases, or duties of cases, a query asks for, whatever its limit, by `Query.counted`."""

    def events(self, case: str) -> list[Event]:
        """A case's history, oldest first."""

    def naming(self, *texts: str) -> list[Event]:
        """The events that gave a case a name with one of these texts in it, by case and in order; all events are read
        for it."""

    def with_texts(self) -> list[str]:
        """The closed cases of which texts are kept, by id."""

    def happened(self, since: datetime, until: datetime, known: datetime | None = None) -> Iterable[Event]:
        """The events that took effect from an instant on up to another, by case and in the order in which they did; by
        what is on record, or was at an instant. What was corrected is not among them."""

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How many open cases there are by workflow, state and responsible body."""

    def imports(self, *, digest: str | None = None, limit: int | None = None) -> list[Import]:
        """The imports, the last first; those of a file."""

    def import_rows(self, number: int, outcome: str | None = None) -> list[ImportedRow]:
        """What became of the rows of an import, in the order of their lines; or of those with an outcome."""

    def parked(
        self,
        *,
        id: str | None = None,
        state: str | None = "waiting",
        source: int | None = None,
        limit: int | None = None,
    ) -> list[Parked]:
        """What is parked, the oldest first: under an id, from an import, in a state (None: in any)."""

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        """The files of a policy by digest, or of the active one; None if there is none."""

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        """Keep a policy's files and make it the active one. Where it takes another's place, the next sweep looks at
        every open case."""

    def outbox(self, *, delivered: bool | None = None, attempts: int = 0, limit: int | None = None) -> list[Outgoing]:
        """Notices, oldest first: those (not) delivered yet, tried at least so often."""

    def count_outbox(self, *, delivered: bool | None = None, attempts: int = 0) -> int:
        """How many notices there are of those."""

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        """Notices that are to be tried now, taken so that nobody else tries them before `until`."""

    def delivered(self, claimed: Outgoing) -> None:
        """It was delivered."""

    def failed(self, claimed: Outgoing, error: str, next_attempt: datetime) -> None:
        """It was not, and is tried again then; unless somebody else has claimed or delivered it meanwhile."""
