"""A policy tried on one organisation without a store: intake, then steps of any kind, each decided by `decide` itself.

Whoever has to act does so with whatever evidence is asked for; so what a trial refuses, the rules refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..cases.case import Case, Organization
from ..cases.events import Event
from ..cases.fold import evolve
from ..dates.instants import instant
from ..decide.advance import Advance
from ..decide.decide import Command, decide
from ..decide.due.context import asked_context, case_context
from ..decide.due.wake import wake
from ..decide.duties import Meet, Postpone
from ..decide.gates import Ask, TellGate
from ..decide.groups import Join, Leave, is_too_small
from ..decide.happening import Decision, Stamp
from ..decide.intake import Placement, Register, Report, place
from ..decide.records import Record
from ..decide.reopening import to_reopen
from ..decide.roles import players, plays
from ..decide.sweep import tick
from ..decide.transitions import fire, machine
from ..errors import GuikouError
from ..policy.policy import Policy
from ..policy.workflow import SWEEP, Transition


@dataclass(frozen=True, slots=True)
class Given:
    """Who acts, by id (None: whoever may), which evidence is handed in (None: all that is asked for), and whether a
    reason is given."""

    by: str | None = None
    evidence: tuple[str, ...] | None = None
    reason: bool = True

    def handed_in(self, asked: Iterable[str]) -> dict[str, str]:
        return dict.fromkeys(asked if self.evidence is None else self.evidence, "trial")


ANY = Given()


@dataclass(frozen=True, slots=True)
class Fire:
    """A trigger is fired."""

    trigger: str
    given: Given = ANY


@dataclass(frozen=True, slots=True)
class Tell:
    """Facts become known (and, with `area`, where the organisation is)."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Days go by."""

    days: int


@dataclass(frozen=True, slots=True)
class Met:
    """An obligation is met."""

    obligation: str
    outcome: str | None = None
    given: Given = ANY


@dataclass(frozen=True, slots=True)
class Swept:
    """Days go by up to `until`, and each of them is swept."""

    until: date


@dataclass(frozen=True, slots=True)
class Asked:
    """A gate is asked."""

    gate: str
    given: Given = ANY


@dataclass(frozen=True, slots=True)
class GateTold:
    """An outcome is told of a gate."""

    gate: str
    outcome: str
    value: str | None = None
    given: Given = ANY


@dataclass(frozen=True, slots=True)
class PutOff:
    """An obligation's due date is put off."""

    obligation: str
    given: Given = ANY


@dataclass(frozen=True, slots=True)
class Group:
    """A group without the one that joins or leaves it: of which type (None: that of such groups), with how many members
    (None: as many as it needs), and its facts."""

    type: str | None = None
    members: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JoinedTo:
    """It joins a group of a kind."""

    kind: str
    given: Given = ANY
    group: Group = field(default_factory=Group)


@dataclass(frozen=True, slots=True)
class LeftFrom:
    """It leaves the group of a kind that it joined."""

    kind: str
    given: Given = ANY
    group: Group = field(default_factory=Group)


@dataclass(frozen=True, slots=True)
class TookPlace:
    """What took place is recorded, with what is said of it (None: with whatever such records ask for)."""

    record: str
    given: Given = ANY
    says: Record | None = None


@dataclass(frozen=True, slots=True)
class OpenedAgain:
    """What was closed goes on."""

    given: Given = ANY


Step = OpenedAgain | Fire | Tell | Wait | Met | Swept | Asked | GateTold | PutOff | JoinedTo | LeftFrom | TookPlace


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may take a step, by role or name, and which evidence it asks for."""

    by: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A step with what came of it: the case afterwards and, if it was refused, why."""

    step: Step
    case: Case
    day: date
    body: str | None = None
    refused: GuikouError | None = None


_Given = Fire | Met | Asked | GateTold | PutOff | JoinedTo | LeftFrom | TookPlace


class Trial:
    """One organisation under a policy from `day` on. `refused` says why it was not even taken in, `dissolved` whether
    the group that it left last has too few members then (None: it left none)."""

    #: By what the texts of its events are salted, where they are to be kept.
    salt = ""

    def __init__(self, policy: Policy, organization: Organization, day: date) -> None:
        self.policy, self.day = policy, day
        self.steps: list[Taken] = []
        self.events: list[Event] = []
        self.case: Case | None = None
        self.refused: GuikouError | None = None
        self.placement: Placement | None = None
        self.dissolved: bool | None = None
        placed = place(policy, organization, day)
        if isinstance(placed, GuikouError):
            self.refused = placed
            return
        self.placement = placed
        self.refused = self.do(Register(organization), placed.responsible.id)

    def run(self, steps: Iterable[Step]) -> Trial:
        """All the steps, up to the first that is refused."""
        for step in steps:
            if self.refused or self.take(step).refused:
                break
        return self

    def take(self, step: Step) -> Taken:
        """One step. The organisation must have been taken in."""
        assert self.case is not None, "nothing can be done with what was refused at intake"
        refused, body = None, None
        match step:
            case Wait():
                self.day += timedelta(days=step.days)
            case Swept():
                refused = self._sweep(step.until)
            case Met():
                body = self._body(step)
                refused = self.do(Meet(step.obligation, step.outcome, self._handed_in(step)), body)
            case Tell():
                body = self.case.responsible
                refused = self.do(Report(dict(step.facts), None, step.area), body)
            case Fire():
                refused, body = self._fire(step)
            case Asked():
                body = self._body(step)
                refused = self.do(Ask(step.gate), body)
            case GateTold():
                body = self._body(step)
                refused = self.do(TellGate(step.gate, step.outcome, step.value, self._handed_in(step)), body)
            case PutOff():
                body = self._body(step)
                reason = "trial" if step.given.reason else ""
                refused = self.do(Postpone(step.obligation, reason, self._handed_in(step)), body)
            case JoinedTo() | LeftFrom():
                refused, body = self._grouped(step)
            case TookPlace():
                refused, body = self._record(step)
            case OpenedAgain():
                reopen = to_reopen(self.events, "trial" if step.given.reason else "")
                body = step.given.by or (reopen.closed_by.body if reopen.closed_by is not None else self._standing())
                refused = self.do(reopen, body)
        taken = Taken(step, self.case, self.day, body, refused)
        self.steps.append(taken)
        return taken

    def open_triggers(self) -> tuple[str, ...]:
        """The triggers that would be taken now."""
        return tuple(self.ways())

    def ways(self) -> dict[str, str]:
        """The triggers that would be taken now, with where each leads: a state, `same` or `origin`."""
        if self.case is None:
            return {}
        ways = self.policy.workflows[self.case.workflow].open_from(self.case.state, self.facts())
        return {one.trigger: one.dest for one in ways}

    def facts(self) -> dict[str, Any]:
        """Everything that a guard may ask of the case now."""
        assert self.case is not None
        return case_context(self.policy, self.case, self.day)

    def asked(self) -> dict[str, Any]:
        """Everything that a gate or a support may ask of the case now."""
        assert self.case is not None
        return asked_context(self.policy, self.case, self.day)

    def first(self, roles: tuple[str, ...]) -> str:
        """A body that has one of these roles now; the responsible one if there is none."""
        assert self.case is not None
        case = self.case
        places, standing = self.policy.places, self.policy.places.on(self.day)
        candidates = list(standing.chain(case.responsible))
        candidates += [one for name in (case.hub or "", *roles) if (one := standing.acting(name)) is not None]
        kinds = {role for role in roles if role in places.kinds}
        candidates += [one for one in places.bodies.values() if one.kind in kinds]
        for body in candidates:
            if body.exists_on(self.day) and plays(self.policy, case, roles, body.id, self.day):
                return body.id
        return case.responsible

    def terms(self, step: Step) -> Terms:
        """Who may take a step now, and with which evidence; nobody may what there is not."""
        assert self.case is not None
        parts = self.policy.parts
        match step:
            case Fire():
                way = self._way(step.trigger)
                return Terms(way.by, way.evidence) if way is not None else Terms()
            case Met():
                duty = self.policy.obligations.get(step.obligation)
                return Terms(duty.by, tuple(duty.evidence)) if duty is not None else Terms()
            case Asked():
                return Terms(parts.gates[step.gate].by) if step.gate in parts.gates else Terms()
            case GateTold():
                told = parts.gates[step.gate].told.get(step.outcome) if step.gate in parts.gates else None
                return Terms(told.by, tuple(told.evidence)) if told is not None else Terms()
            case PutOff():
                spec = self.policy.obligations.get(step.obligation)
                how = spec.postponement if spec is not None else None
                return Terms(how.roles, tuple(how.evidence)) if how is not None else Terms()
            case JoinedTo():
                kind = parts.groups.get(step.kind)
                return Terms(kind.by, tuple(kind.evidence)) if kind is not None else Terms()
            case LeftFrom():
                return Terms(parts.groups[step.kind].by) if step.kind in parts.groups else Terms()
            case TookPlace():
                record = parts.records.get(step.record)
                return Terms(record.by, tuple(record.evidence)) if record is not None else Terms()
            case Tell() | Wait() | Swept() | OpenedAgain():
                return Terms(("responsible",))

    def who(self, step: Step) -> frozenset[str]:
        """The bodies that may take a step now, by id."""
        assert self.case is not None
        return players(self.policy, self.case, self.terms(step).by, self.day)

    def _body(self, step: _Given) -> str:
        return step.given.by or self.first(self.terms(step).by)

    def _handed_in(self, step: _Given) -> dict[str, str]:
        return step.given.handed_in(self.terms(step).evidence)

    def _standing(self) -> str:
        """The body that stands for the responsible one now."""
        assert self.case is not None
        return self.policy.places.acting_id(self.case.responsible, self.day)

    def _sweep(self, until: date) -> GuikouError | None:
        """From wake to wake: on the days between, a sweep finds nothing to do."""
        assert self.case is not None
        refused = None
        while refused is None and (day := wake(self.policy, self.case, self.day)) is not None:
            day = max(day, self.day + timedelta(days=1))
            if day > until:
                break
            self.day = day
            at = instant(day, self.policy.zone)
            refused = self._follow(tick(self.policy, self.case, Stamp(at, at, self._standing(), SWEEP, salt=self.salt)))
        self.day = max(self.day, until)
        return refused

    def _grouped(self, step: JoinedTo | LeftFrom) -> tuple[GuikouError | None, str]:
        assert self.case is not None
        kind, given = self.policy.parts.groups.get(step.kind), step.group
        body = self._body(step)
        workflow = self.policy.workflows[given.type or (kind.of if kind is not None else self.case.workflow)]
        least = kind.least if kind is not None else 0
        # Whoever may act for the group is left out: it answers to nobody here.
        group = replace(
            self.case, id=f"group:{step.kind}", organization="group", workflow=workflow.name,
            state=next(iter(workflow.states)),
            responsible=self.policy.places.top, hub=None, facts=dict(given.facts), groups={},
            members=least if given.members is None else given.members,
        )  # fmt: skip
        self.dissolved = None
        if isinstance(step, LeftFrom):
            refused = self.do(Leave(step.kind, replace(group, members=group.members + 1), "trial"), body)
            if refused is None and kind is not None:
                self.dissolved = is_too_small(self.policy, kind, group)
            return refused, body
        return self.do(Join(step.kind, group, self._handed_in(step)), body), body

    def _record(self, step: TookPlace) -> tuple[GuikouError | None, str]:
        kind, says = self.policy.parts.records.get(step.record), step.says
        if says is None:
            says = Record(
                step.record,
                amount=Decimal("0.01") if kind is not None and kind.amount else None,
                count=1 if kind is not None and kind.count is not None else None,
                venue=next(iter(self.policy.parts.venues), None) if kind is not None and kind.venue else None,
            )
        body = self._body(step)
        return self.do(replace(says, evidence=self._handed_in(step)), body), body

    def _way(self, trigger: str) -> Transition | None:
        """The way that a trigger would take now; where none is open, the first that it has."""
        assert self.case is not None
        workflow, state = self.policy.workflows[self.case.workflow], self.case.state
        ways = [one for one in workflow.from_state(state) if one.trigger == trigger]
        if not ways:
            return None
        return machine(self.policy, workflow.name).fire(trigger, state, self.facts()).taken or ways[0]

    def _fire(self, step: Fire) -> tuple[GuikouError | None, str | None]:
        assert self.case is not None
        way = self._way(step.trigger)
        if way is not None and not way.by_office and SWEEP in way.by and step.trigger in self.ways():
            at = instant(self.day, self.policy.zone)
            body = self._standing()
            return self._follow(
                fire(self.policy, self.case, step.trigger, Stamp(at, at, body, SWEEP, salt=self.salt))
            ), body
        body = self._body(step)
        return self.do(
            Advance(step.trigger, self._handed_in(step), reason="trial" if step.given.reason else ""), body
        ), body

    def do(self, command: Command, body: str) -> GuikouError | None:
        """A command of a body, on the day that it is; why it was refused."""
        at = instant(self.day, self.policy.zone)
        return self._follow(decide(self.policy, self.case, command, Stamp(at, at, body, body, salt=self.salt)))

    def _follow(self, decision: Decision) -> GuikouError | None:
        if isinstance(decision, GuikouError):
            return decision
        for event in decision:
            self.case = evolve(self.case, event)
            self.events.append(event)
        return None
