"""What a store must do. Adapters implement it; the engine knows nothing else of where things are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from .case import Case, Event


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases. A set that is None leaves that side open; all given must hold.

    `stages`, `states`, `types`: names. `responsible`: body ids; with `involved`, also as the case's hub or where it
    was escalated to. `areas`: codes.
    `due_before`: due earlier than that day. `as_of`: as things stood at that instant. `order`: 'due' (earliest first),
    'inbox' (due, then priority, then weight), 'intake' (priority and weight first) or 'id'. `after`: the id of the last
    case of the page before (order 'id').
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
    closed: bool | None = None
    as_of: datetime | None = None
    order: str = "id"
    limit: int | None = None
    after: str | None = None

    def admits(self, case: Case) -> bool:
        """Whether a case is among them, apart from `as_of`, `order` and `limit`."""
        return (
            (self.stages is None or case.stage in self.stages)
            and (self.states is None or case.state in self.states)
            and (self.types is None or case.workflow in self.types)
            and (
                self.responsible is None
                or case.responsible in self.responsible
                or (self.involved and (case.hub in self.responsible or case.escalated_to in self.responsible))
            )
            and (self.areas is None or case.area in self.areas)
            and (self.blocker is None or self.blocker in case.blockers)
            and (self.text is None or self.text in case.name or self.text in case.id)
            and (self.due_before is None or (case.due is not None and case.due < self.due_before))
            and (self.closed is None or case.closed == self.closed)
            and (self.after is None or case.id > self.after)
        )

    def sorted(self, cases: Iterable[Case]) -> list[Case]:
        """In the order asked for, cut at the limit."""
        far = date.max
        keys = {
            "due": lambda case: (case.due or far, case.id),
            "inbox": lambda case: (case.due or far, case.priority, -case.weight, case.id),
            "intake": lambda case: (case.priority, -case.weight, case.due or far, case.id),
            "id": lambda case: case.id,
        }
        return sorted(cases, key=keys[self.order])[: self.limit]


class Transaction(Protocol):
    """One unit of work: everything appended is kept on `commit`, nothing without it."""

    def answered(self, request_id: str) -> Sequence[Event]:
        """The events that an earlier command with this request id led to, in order."""

    def case(self, id: str) -> Case | None:
        """A case as it stands, to be changed in this transaction."""

    def append(self, before: Case | None, after: Case, events: Sequence[Event]) -> None:
        """Append events and put `after` in the place of `before`.

        Raises CaseChanged if the case is no longer at `before`'s revision, AlreadyOpen if it exists though `before` is
        None, RequestReused if another transaction used the request id meanwhile.
        """

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

    def events(self, case: str) -> list[Event]:
        """A case's history, oldest first."""

    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """How many open cases there are by workflow, state and responsible body."""

    def policy_files(self, digest: str | None = None) -> Mapping[str, str] | None:
        """The files of a policy by digest, or of the active one; None if there is none."""

    def activate_policy(self, name: str, version: str, digest: str, files: Mapping[str, str]) -> None:
        """Keep a policy's files and make it the active one."""
