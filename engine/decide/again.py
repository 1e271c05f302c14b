"""A history decided anew, with one thing in it otherwise.

Whatever happened is taken for the commands that led to it. Each is decided again, purely, on the case as it is then
and by the policy of its time (Fowler: Retroactive Event, 2005); one that does not lead to what is on record is not
taken for what led to it, so nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..cases.case import Case, Organization
from ..cases.events import EVENT_TITLES, Event, EventKind
from ..cases.fold import applied, as_at
from ..dates.working_days import WorkingDays
from ..errors import (
    CannotStand,
    EvidenceAndReasonMissing,
    EvidenceMissing,
    GuikouError,
    ReasonMissing,
    UnknownEvidence,
    UnknownOutcome,
)
from ..policy.policy import Policy
from ..policy.workflow import GROUP, SWEEP
from ..text import Title
from .advance import Advance, Block, unnoted
from .continuation import Continued
from .decide import Command, decide
from .duties import Meet, Postpone, rescheduled
from .gates import Ask, TellGate
from .groups import Join, Leave, counted
from .happening import Decision, Stamp
from .identity import Merge, Rename, Same
from .intake import Register, Report
from .records import Record, strike, to_strike
from .recount import Without, recount
from .remarks import Remark
from .reopening import Reopen, to_reopen
from .sweep import tick
from .transitions import fire


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides a history: a policy by its digest; another case as it stood at an instant, and as after
    the event with a hash."""

    policy: Callable[[str], Policy | None]
    case: Callable[[str, datetime], Case | None]
    after: Callable[[str, str], Case | None]


# --- what led to events, where that is no command of an office -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """The sweep looked at the case."""


@dataclass(frozen=True, slots=True)
class Rescheduling:
    """Another policy changed its duties."""


@dataclass(frozen=True, slots=True)
class Recounting:
    """Working days were counted anew."""


@dataclass(frozen=True, slots=True)
class Fire:
    """The engine fired a trigger in one of its roles."""

    trigger: str
    role: str


@dataclass(frozen=True, slots=True)
class Count:
    """A group counted a member that joined it (`by` 1) or left it (-1)."""

    member: str
    kind: str
    by: int


@dataclass(frozen=True, slots=True)
class StrikeOf:
    """A record was struck, by the number that its event had."""

    seq: int
    reason: str


Again = Command | Look | Rescheduling | Recounting | Fire | Count | StrikeOf


@dataclass(frozen=True, slots=True)
class Step:
    """What led to some events, and by whom and under which policy."""

    command: Again
    stamp: Stamp
    policy: Policy
    events: tuple[Event, ...]


def named(event: Event, policy: Policy) -> Title:
    """An event in words: 'no. 7 (overdue, 2016-03-05)'."""
    kind, day = EVENT_TITLES.get(event.kind, Title(event.kind, event.kind)), policy.day(event.at)
    return Title(f"第 {event.seq} 号（{kind.zh}，{day}）", f"no. {event.seq} ({kind.en}, {day})")


def cannot_stand(
    event: Event,
    policy: Policy,
    because: Title,
    keys: Sequence[str] = (),
    unsaid: Title | str = "",
    known: Title | str = "",
) -> CannotStand:
    """Why an event of a case can't be as it is any more, and what would mend it: evidence by its `keys`, what is
    `unsaid`, or what there is (`known`)."""
    which = named(event, policy)
    return CannotStand(which=which, seq=event.seq, because=because, keys=list(keys), unsaid=unsaid, known=known)


#: How many events a command or a look leads to at most, of a case that was long not looked at.
_LONGEST = 64


class Story:
    """The events of a case that count, in the order in which they were told."""

    def __init__(self, known: Known, events: Sequence[Event]) -> None:
        self.known, self.events = known, events
        self._stood: list[Case | None] = [None]
        for event in events:
            self._stood.append(applied(self._stood[-1], event))

    def before(self, at: int) -> Case | None:
        """The case on which the event at an index was decided."""
        stood = self._stood[at]
        late = stood is not None and at < len(self.events) and self.events[at].at < stood.updated_at
        return as_at(self.events[:at], self.events[at].at) if late else stood

    def step(self, at: int) -> Step | None:
        """What led to the event at an index and those that follow from it; None where nothing leads to just these."""
        event = self.events[at]
        own = self.known.policy(event.policy)
        if own is None:
            return None
        before = self.before(at)
        tried = ((policy, *one) for policy in self._knew(own, at) for one in self._commands(at, before))
        for policy, command, head in tried:
            stamp = Stamp(event.at, event.recorded_at, event.body, event.actor, head.request_id)
            decision = self.decided(command, policy, before, stamp, self.events[:at])
            if isinstance(decision, GuikouError) or not decision:
                continue
            told = tuple(self.events[at : at + len(decision)])
            if len(told) == len(decision) and all(map(Event.like, told, decision)):
                return Step(command, stamp, policy, told)
        return None

    def _knew(self, policy: Policy, at: int) -> Iterator[Policy]:
        """A policy as it is, and as it was while its calendar did not know yet the years that an event assumed."""
        yield policy
        years = frozenset(year for event in self.events[at : at + _LONGEST] for year in event.assumed)
        if any(policy.working.calendar.knows(year) for year in years):
            yield replace(policy, working=WorkingDays(Without(policy.working.calendar, years)))

    def step_of(self, at: int) -> tuple[int, Step] | None:
        """The step to which the event at an index belongs, with the index at which it begins."""
        for start in range(max(0, at - _LONGEST), at + 1):
            step = self.step(start)
            if step is not None and start + len(step.events) > at:
                return start, step
        return None

    def steps(self, start: int) -> Iterator[Step | Event]:
        """What led to all from an index on; an event in the place of what can't be told."""
        at = start
        while at < len(self.events):
            step = self.step(at)
            if step is None:
                yield self.events[at]
                return
            yield step
            at += len(step.events)

    def decided(
        self, command: Again, policy: Policy, case: Case | None, stamp: Stamp, earlier: Sequence[Event]
    ) -> Decision:
        """What follows from a step on a case, after some events of its history."""
        match command:
            case Look():
                return tick(policy, case, stamp) if case is not None else ()
            case Rescheduling():
                first = rescheduled(policy, case, stamp) if case is not None and not case.closed else None
                return (first,) if first is not None else ()
            case Recounting():
                return recount(policy, case, stamp) if case is not None else ()
            case Fire():
                return fire(policy, case, command.trigger, stamp, command.role) if case is not None else ()
            case Count():
                assert case is not None, "a group that has members has a case"
                return (counted(policy, case, command.member, command.kind, command.by, stamp),)
            case StrikeOf():
                assert case is not None, "what was recorded was recorded of a case"
                found = to_strike(
                    earlier, command.seq, lambda one: self.known.case(one, stamp.at), command.reason, case
                )
                return found if isinstance(found, GuikouError) else strike(policy, case, found, stamp)
            case Advance():
                return decide(policy, case, unnoted(policy, command), stamp)
            case Reopen():
                return decide(policy, case, to_reopen(earlier, command.reason), stamp)
            case _:
                return decide(policy, case, command, stamp)

    def _commands(self, at: int, before: Case | None) -> Iterator[tuple[Again, Event]]:
        """What may have led to an event, the likeliest first, each with the event that says by which request."""
        event = self.events[at]
        if event.kind == EventKind.SCHEDULED:  # another policy has its say before anything else under it
            after = self.events[at + 1] if at + 1 < len(self.events) else None
            if after is not None and (after.at, after.actor, after.recorded_at) == (
                event.at, event.actor, event.recorded_at,
            ):  # fmt: skip
                yield from self._commands(at + 1, before)
            yield Look(), event
            yield Rescheduling(), event
        elif event.actor == SWEEP:
            yield (Recounting() if event.kind == EventKind.RECOUNTED else Look()), event
        else:
            yield from ((command, event) for command in _told_by(event, before, self.known))


def _told_by(event: Event, before: Case | None, known: Known) -> Iterator[Again]:
    """The commands of an office that an event of its kind follows from."""
    evidence, reason = dict(event.evidence), event.reason

    def other(id: str | None) -> Iterator[Case]:
        found = known.case(id or "", event.at)
        if found is not None:
            yield found

    match event.kind:
        case EventKind.OPENED:
            organization = Organization(event.organization or "", event.name or "", event.area or "", event.facts)
            if event.continues is None:
                yield Register(organization)
            else:
                yield Register(organization, known.after(event.continues, event.continues_from or ""))
        case EventKind.ADVANCED:
            yield Advance(event.trigger or "", evidence, reason)
            yield Fire(event.trigger or "", GROUP)
        case EventKind.REPORTED:
            shown = {name: before.facts[name] for name in evidence if before is not None and name in before.facts}
            yield Report({**shown, **event.facts}, event.name, event.area, reason, evidence)
        case EventKind.REROUTED:
            yield Report()
        case EventKind.BLOCKED | EventKind.UNBLOCKED:
            yield Block(reason, event.kind == EventKind.UNBLOCKED)
        case EventKind.MET:
            yield Meet(event.concerns or "", event.outcome, evidence)
        case EventKind.POSTPONED:
            yield Postpone(event.concerns or "", reason, evidence)
        case EventKind.RECOUNTED:
            yield Recounting()
        case EventKind.ASKED:
            yield Ask(event.gate or "")
        case EventKind.TOLD:
            yield TellGate(event.gate or "", event.outcome or "", event.value, evidence)
        case EventKind.RECORDED:
            yield Record(event.record or "", event.on, event.year, event.amount, event.count, event.venue, evidence)
        case EventKind.STRUCK:
            yield StrikeOf(event.struck or 0, reason)
        case EventKind.JOINED:
            for group in other(event.group):  # which has counted it by now
                yield Join(event.group_kind or "", replace(group, members=0), evidence)
        case EventKind.LEFT:
            for group in other(event.group):
                for by_office in (True, False):
                    yield Leave(event.group_kind or "", group, reason, by_office)
        case EventKind.MEMBER_JOINED | EventKind.MEMBER_LEFT:
            yield Count(event.member or "", event.group_kind or "", 1 if event.kind == EventKind.MEMBER_JOINED else -1)
        case EventKind.CONTINUED:
            yield Continued(event.continued_as or "")
        case EventKind.REMARKED:
            yield Remark(reason)
        case EventKind.RENAMED:
            yield Rename(event.organization or "", reason)
        case EventKind.SAME:
            for one in other(event.same):
                yield Same(one, reason)
        case EventKind.MERGED:
            for one in other(event.same_as):
                yield Merge(one, reason)
        case EventKind.REOPENED:
            yield Reopen(reason)


def _mended_by(refusal: GuikouError) -> dict[str, Any]:
    """What is to be given, for whoever corrects what is refused: evidence by its names, a reason, or what there is."""
    lacks = isinstance(refusal, EvidenceMissing)
    unsaid = isinstance(refusal, ReasonMissing | EvidenceAndReasonMissing)
    wrong = isinstance(refusal, UnknownEvidence | UnknownOutcome)
    return {
        "keys": refusal.details["keys"] if lacks else [],
        "unsaid": Title("理由", "its reason") if unsaid else "",
        "known": refusal.details["known"] if wrong else "",
    }


def redone(story: Story, steps: Sequence[Step], case: Case | None, earlier: Sequence[Event]) -> list[Event]:
    """The events that follow from some steps on a case, after some of its history. Raises CannotStand where one is
    refused now."""
    told, now = list(earlier), case
    found: list[Event] = []
    numbers: dict[int, int] = {}
    for step in steps:
        command = step.command
        if isinstance(command, StrikeOf):
            command = replace(command, seq=numbers.get(command.seq, command.seq))
        decision = story.decided(command, step.policy, now, step.stamp, told)
        if isinstance(decision, GuikouError):
            because = Title(decision.message("zh"), decision.message("en"))
            raise cannot_stand(step.events[0], step.policy, because, **_mended_by(decision))
        for event in decision:
            now = applied(now, event)
        told += decision
        found += decision
        records = zip(_recorded(step.events), _recorded(decision), strict=False)
        numbers |= {one.seq: other.seq for one, other in records}
    return found


def _recorded(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.kind == EventKind.RECORDED]
