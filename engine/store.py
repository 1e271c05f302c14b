"""What a store must do. Adapters implement it; the engine knows nothing else of where things are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from .case import Case, Event
from .sweep import Notice


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases. A set that is None leaves that side open; all given must hold.

    `stages`, `states`, `types`: names. `responsible`: body ids; with `involved`, also as the case's hub or where it
    was escalated to. `areas`: codes. `group`: members of that group's case. `gate`: asked before that gate, or any
    with ''. `due_before`, `due_from`: due earlier than the one day, on the other or later. `escalation`: climbed at
    least so many tiers. `assumed`: with due dates for which working days had to be assumed. `as_of`: as things stood at
    that instant. `order`: 'due' (earliest first), 'inbox' (due, then priority, then weight), 'intake' (priority, weight
    first) or 'id'. `after`: the id of the last case of the page before (order 'id').

    Where duties are asked for, due dates and escalations are theirs; `duties` are names, `open` whether they are open.
    """

    stages: frozenset[str] | None = None
    states: frozenset[str] | None = None
    types: frozenset[str] | None = None
    responsible: frozenset[str] | None = None
    involved: bool = False
    areas: frozenset[str] | None = None
    blocker: str | None = None
    text: str | None = None
    due_before: date | None = None
    due_from: date | None = None
    escalation: int | None = None
    suspended: bool | None = None
    assumed: bool | None = None
    group: str | None = None
    gate: str | None = None
    duties: frozenset[str] | None = None
    open: bool | None = None
    closed: bool | None = None
    as_of: datetime | None = None
    order: str = "id"
    limit: int | None = None
    after: str | None = None

    def admits(self, case: Case) -> bool:
        """Whether a case is among them, apart from `as_of`, `order` and `limit`."""
        return self._among(case) and self._late(case.due, case.escalation, case.escalated_to, case)

    def admits_duty(self, case: Case, name: str) -> bool:
        """Whether a case's duty is among them, apart from `as_of`, `order` and `limit`."""
        duty = case.duties[name]
        return (
            duty.due is not None
            and (self.duties is None or name in self.duties)
            and (self.open is None or duty.open == self.open)
            and self._among(case)
            and self._late(duty.due, duty.escalation, duty.escalated_to, case)
        )

    def _among(self, case: Case) -> bool:
        return (
            (self.stages is None or case.stage in self.stages)
            and (self.states is None or case.state in self.states)
            and (self.types is None or case.workflow in self.types)
            and (self.areas is None or case.area in self.areas)
            and (self.blocker is None or self.blocker in case.blockers)
            and (self.text is None or self.text in case.name or self.text in case.id)
            and (self.suspended is None or (case.suspended is not None) == self.suspended)
            and (self.assumed is None or bool(case.assumed) == self.assumed)
            and (self.group is None or self.group in case.groups)
            and (self.gate is None or (self.gate in case.gates if self.gate else bool(case.gates)))
            and (self.closed is None or case.closed == self.closed)
            and (self.after is None or case.id > self.after)
        )

    def _late(self, due: date | None, escalation: int, escalated_to: str | None, case: Case) -> bool:
        return (
            (self.due_before is None or (due is not None and due < self.due_before))
            and (self.due_from is None or (due is not None and due >= self.due_from))
            and (self.escalation is None or escalation >= self.escalation)
            and (
                self.responsible is None
                or case.responsible in self.responsible
                or (self.involved and (case.hub in self.responsible or escalated_to in self.responsible))
            )
        )

    def sorted(self, cases: Iterable[Case]) -> list[Case]:
        """In the order asked for, cut at the limit."""
        return sorted(cases, key=lambda case: self.key(case, case.due))[: self.limit]

    def sorted_duties(self, found: Iterable[tuple[Case, str]]) -> list[tuple[Case, str]]:
        """The same for duties, each by its case and its name."""
        return sorted(found, key=lambda one: (*self.key(one[0], one[0].duties[one[1]].due), one[1]))[: self.limit]

    def key(self, case: Case, due: date | None) -> tuple[Any, ...]:
        """What orders a case, or a duty of it, that is due on a day."""
        until = due or date.max
        match self.order:
            case "due":
                return (until, case.id)
            case "inbox":
                return (until, case.priority, -case.weight, case.id)
            case "intake":
                return (case.priority, -case.weight, until, case.id)
            case _:
                return (case.id,)


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


class Transaction(Protocol):
    """One unit of work: everything appended is kept on `commit`, nothing without it."""

    def answered(self, request_id: str) -> Sequence[Event]:
        """The events that an earlier command with this request id led to, in order."""

    def case(self, id: str) -> Case | None:
        """A case as it stands, to be changed in this transaction."""

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

    def members(self, group: str) -> Sequence[str]:
        """The ids of the cases that are members of a group's case, in order."""

    def woken(self, day: date, limit: int, after: tuple[date, str]) -> Sequence[tuple[date, Case]]:
        """Cases that the sweep looks at by `day`, with the day on which each was to wake: the earliest first, from
        behind `after` (a day and a case's id), to be changed in this transaction. Those that another transaction is
        changing are left to it."""

    def rest(self, case: str, wake: date | None, policy: str) -> None:
        """Nothing happened to a case under a policy; the sweep looks at it next on the day `wake`, or at once if that
        policy is not the active one."""

    def commit(self) -> None:
        """Keep it, durably."""


class Store(Protocol):
    """Where cases, their events and the policies are kept."""

    def now(self) -> datetime:
        """The instant by the store's clock, in UTC."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A unit of work that is rolled back unless committed. Raises StoreBusy."""

    def get(self, id: str, as_of: datetime | None = None) -> Case | None:
        """A case as it stands, or stood at an instant."""

    def cases(self, query: Query) -> list[Case]:
        """The cases that a query asks for, in its order."""

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        """The duties of cases that a query asks for, each by its case and its name, in its order."""

    def events(self, case: str) -> list[Event]:
        """A case's history, oldest first."""

    def happened(self, since: datetime, until: datetime) -> Iterable[Event]:
        """The events that took effect from an instant on up to another, by case and in order."""

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How many open cases there are by workflow, state and responsible body."""

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        """The files of a policy by digest, or of the active one; None if there is none."""

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        """Keep a policy's files and make it the active one. Where it takes another's place, the next sweep looks at
        every open case."""

    def outbox(self, *, delivered: bool | None = None, attempts: int = 0, limit: int | None = None) -> list[Outgoing]:
        """Notices, oldest first: those (not) delivered yet, tried at least so often."""

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        """Notices that are to be tried now, taken so that nobody else tries them before `until`."""

    def delivered(self, claimed: Outgoing) -> None:
        """It was delivered."""

    def failed(self, claimed: Outgoing, error: str, next_attempt: datetime) -> None:
        """It was not, and is tried again then; unless somebody else has claimed or delivered it meanwhile."""
