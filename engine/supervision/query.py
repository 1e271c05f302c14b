"""Which cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from ..cases.case import Case
from ..text import cut

#: By what cases, and duties of them, can be counted; `duty` is of duties alone.
COUNTED = ("workflow", "stage", "responsible", "area", "escalation", "duty")


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases. A set that is None leaves that side open; all given must hold.

    `stages`, `states`, `types`: names. `responsible`: body ids; with `involved`, also as the case's hub or where it
    was escalated to. `areas`: codes. `group`: members of that group's case. `gate`: asked before that gate, or any
    with ''. `due_before`, `due_from`: due earlier than the one day, on the other or later. `escalation`: climbed at
    least so many tiers. `withdrawn`: whose registration was withdrawn, which are none without being asked for (None:
    both). `merged`: into another case, of the same organisation. `assumed`: with due dates for which working days had
    to be assumed. `as_of`: as things stood at that instant; `known` (with `as_of`): by what was on record at that one.
    `order`: 'due' (earliest first), 'inbox' (due, then priority, then weight), 'intake' (priority, weight first) or
    'id'. `after`: the id of the last case of the page before (order 'id').

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
    withdrawn: bool | None = False
    merged: bool | None = None
    as_of: datetime | None = None
    known: datetime | None = None
    order: str = "id"
    limit: int | None = None
    after: str | None = None

    def __repr__(self) -> str:
        asked = ((one.name, getattr(self, one.name), one.default) for one in fields(self))
        return f"Query({', '.join(f'{name}={cut(value)}' for name, value, usual in asked if value != usual)})"

    def admits(self, case: Case) -> bool:
        """Whether a case is among them, apart from `as_of`, `known`, `order` and `limit`."""
        return self._among(case) and self._late(case.due, case.escalation, case.escalated_to, case)

    def admits_duty(self, case: Case, name: str) -> bool:
        """Whether a case's duty is among them, apart from `as_of`, `known`, `order` and `limit`."""
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
            and (self.text is None or self.text in case.name or self.text in case.organization or self.text in case.id)
            and (self.suspended is None or (case.suspended is not None) == self.suspended)
            and (self.withdrawn is None or (case.withdrawn is not None) == self.withdrawn)
            and (self.merged is None or (case.same_as is not None) == self.merged)
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

    def counted(self, by: Sequence[str], case: Case, name: str | None = None) -> tuple[Any, ...]:
        """By what a case is counted, or its duty of that name: some of COUNTED, and behind them when it is due."""
        late = case if name is None else case.duties[name]
        found = {
            "workflow": case.workflow, "stage": case.stage, "responsible": case.responsible, "area": case.area,
            "escalation": late.escalation, "duty": name,
        }  # fmt: skip
        return (*(found[one] for one in by), late.due)

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
