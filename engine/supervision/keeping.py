"""Keeping what was decided: the case with its events, who is told, when the sweep looks next, and what follows for
groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ..cases.case import Case, Organization
from ..cases.events import Event
from ..cases.fold import evolve, follow
from ..decide.correcting import told_late
from ..decide.decide import Command, decide
from ..decide.due.wake import wake
from ..decide.groups import Leave, counted, is_too_small
from ..decide.happening import Decision, Stamp
from ..decide.intake import Register
from ..decide.late import decide_late
from ..decide.notices import notices, standing
from ..decide.reopening import Reopen
from ..decide.taking_back import TakeBack
from ..decide.transitions import fire
from ..errors import GuikouError, TimeRunsBack
from ..policy.groups import GroupKind
from ..policy.workflow import GROUP
from .imported import Parked
from .office import Office
from .soundness import sound
from .store import Transaction


class OutOfOrder(Exception):
    """A case is needed that comes before those that are held: whoever holds it may wait for these. `ids` are all that
    are needed further."""

    def __init__(self, ids: Iterable[str]) -> None:
        super().__init__()
        self.ids = frozenset(ids)


class Keeping:
    """One transaction of an office; `events` are all that were kept in it, in order."""

    def __init__(self, office: Office, work: Transaction) -> None:
        self.policy, self.store, self.work, self.office = office.policy, office.store, work, office
        self.events: list[Event] = []
        self._cases: dict[str, Case | None] = {}
        self._held: dict[str, Case | None] = {}
        self._last = ""
        self._ids: dict[str, str] = {}
        self._waiting: dict[str, Parked | None] = {}
        #: The number of the import that it is part of.
        self.importing: int | None = None

    def hold(self, ids: Iterable[str]) -> None:
        """Read cases that are to be changed, in the order in which everybody does. Raises OutOfOrder."""
        missing = sorted({self._ids.get(id, id) for id in ids} - set(self._cases))
        if missing and missing[0] < self._last and not self.work.alone:
            raise OutOfOrder(missing)
        self.work.needs(missing)
        for id in missing:  # all of them before what one of them leads to, which may come after another
            self.own(id)
        for id in missing:
            self.case(id)

    def case(self, id: str) -> Case | None:
        """The case of an id as it stands in this transaction, to be changed in it: nobody else changes what it has
        read. For the ids that a case has see `Office.find`. Raises OutOfOrder."""
        own = self._ids.get(id, id)
        if own not in self._cases:
            found = self._read(id)
            own = self._ids[id] = found.id if found is not None else id
            self._cases.setdefault(own, found)
        return self._cases[own]

    def _read(self, id: str) -> Case | None:
        return self.office.among(id, self.own, self.work.alias)

    def having(self, id: str) -> Case | None:
        """The case whose own id it is or was, though it may have been merged into another. Raises OutOfOrder."""
        return self.office.having(id, self.own, self.work.alias)

    def own(self, id: str) -> Case | None:
        """The case that has this very id, also where it was merged into another. Raises OutOfOrder and Damaged."""
        if id in self._held:
            return self._cases.get(id) or self._held[id]
        if id < self._last and not self.work.alone:
            raise OutOfOrder([id])
        found = self._held[id] = self.work.case(id)
        if found is not None:
            sound(self.policy, found)
            self._last = max(self._last, id)
        return found

    def of_request(self, id: str, events: Sequence[Event]) -> str:
        """Which case a request on an id was about, that led to some events: it may have been merged since."""
        if any(event.case == id for event in events):
            return id
        found = self.case(id)
        return found.id if found is not None else id

    def opened(self, organization: Organization, stamp: Stamp, source: Case | None = None) -> Case:
        """The case of an organisation that is taken in, kept; with `source`, it carries that case on. Raises what the
        rules refuse, and BadIdentity where it can't have that id as of what it was found to be."""
        return self.done(self.case(organization.id), Register(organization, source), stamp)

    def standing(self, id: str) -> Case:
        """The same. Raises UnknownCase."""
        found = self.case(id)
        if found is None:
            raise self.office.no_case(id, self.waiting(self.policy.identity.normal(id)))
        return found

    def decided(self, before: Case | None, command: Command, stamp: Stamp) -> tuple[Case, tuple[Event, ...]]:
        """A case after a command, with the events that it led to. Raises what the rules refuse, and BadIdentity where a
        case that opens can't have its id as of what it was found to be."""
        decision = self._decided(before, command, stamp)
        if isinstance(decision, GuikouError):
            raise decision
        after = follow(before, decision)
        assert after is not None, "a command on no case is Register, which gives an event or an error"
        if isinstance(command, Register):
            fault = self.policy.identity.fault(after.workflow, after.organization)
            if fault is not None:
                raise fault
        return after, decision

    def _decided(self, before: Case | None, command: Command, stamp: Stamp) -> Decision:
        if before is None or stamp.at >= before.updated_at:
            return decide(self.policy, before, command, stamp)
        if not stamp.exact and self.policy.day(stamp.at) == self.policy.day(before.updated_at):
            return decide(self.policy, before, command, replace(stamp, at=before.updated_at))
        if before.withdrawn is not None or isinstance(command, Register | TakeBack | Reopen):
            return decide(self.policy, before, command, stamp)
        return decide_late(self.office.known(), self.policy, before, self.history(before.id), command, stamp)

    def history(self, case: str) -> list[Event]:
        """The history of a case as it stands in this transaction."""
        kept = self.store.events(case)
        known = {event.seq for event in kept}
        return kept + [event for event in self.events if event.case == case and event.seq not in known]

    def done(self, before: Case | None, command: Command, stamp: Stamp) -> Case:
        """The same, kept; told late, with all that comes out otherwise since."""
        try:
            after, events = self.decided(before, command, stamp)
        except TimeRunsBack:
            if not stamp.late or before is None:
                raise
            made = told_late(self.office.known(), self.policy, before, self.history(before.id), command, stamp)
            if isinstance(made, GuikouError):
                raise made from None
            after, today = made.after, self.policy.day(stamp.recorded_at)
            news = standing(made.anew, after, today)
            self.append(before, after, made.events, wake(self.policy, after, today), news)
            return after
        if events:
            self.keep(before, after, events)
        return after

    def keep(self, before: Case | None, after: Case, events: tuple[Event, ...]) -> None:
        self.append(before, after, events, wake(self.policy, after, self.policy.day(after.updated_at)))

    def append(
        self,
        before: Case | None,
        after: Case,
        events: tuple[Event, ...],
        following: date | None,
        news: tuple[Event, ...] | None = None,
    ) -> None:
        """Keep events; the sweep looks at the case next on the day `following`. Of which of them somebody is told are
        the `news` (default: all)."""
        told = tuple(notices(self.policy, events if news is None else news, after))
        self.work.append(before, after, events, wake=following, notices=told)
        self.events += events
        self._cases[after.id] = after
        opened = before is None or (before.withdrawn is not None and after.withdrawn is None)
        if opened or (before is not None and before.organization != after.organization):
            self._has_its_case(after, events[0])
        if before is not None and after.closed and not before.closed and (before.groups or before.members):
            last = events[-1]
            self._after_closing(before, after, self._following(last))
        if before is not None and before.facts != after.facts and not after.closed:
            self._after_counting(before, after, events[-1])

    def _following(self, last: Event) -> Stamp:
        """For what follows from an event elsewhere."""
        return Stamp(last.at, last.recorded_at, last.body, last.actor, salt=self.store.salt())

    # --- what is parked ---

    def waiting(self, id: str) -> Parked | None:
        """What is parked under an id, to be changed in this transaction."""
        if id not in self._waiting:
            self._waiting[id] = self.work.waiting(id)
        return self._waiting[id]

    def park(self, one: Parked, instead_of: Parked | None) -> Parked:
        """Park something, perhaps in the place of what was; gives it with its number."""
        if instead_of is not None:
            self.settle(instead_of, "replaced", one.parked_at, one.actor)
        made = self._waiting[one.id] = self.work.park(one)
        return made

    def settle(self, one: Parked, state: str, at: datetime, actor: str, **more: Any) -> Parked:
        """What is parked waits no longer."""
        settled = replace(one, state=state, settled_at=at, settled_by=actor, **more)
        self.work.settle(settled)
        self._waiting[one.id] = None
        return settled

    def _has_its_case(self, case: Case, event: Event) -> None:
        """What is parked under an id that is now a case's waits no longer."""
        waiting = self.waiting(case.organization)
        if waiting is not None:
            self.settle(waiting, "opened", event.recorded_at, event.actor, case=case.id)

    # --- groups ---

    def left(
        self, member: str, group: Case, kind: GroupKind, stamp: Stamp, reason: str, *, by_office: bool = True
    ) -> Case:
        """The group once a member has left it; what follows from another's leaving is never refused."""
        before = self.standing(member)
        if not by_office:
            stamp = replace(stamp, at=max(stamp.at, before.updated_at))
        self.done(before, Leave(kind.name, group, reason, by_office), stamp)
        return self.counted(group, member, kind, -1, stamp)

    def counted(self, group: Case, member: str, kind: GroupKind, by: int, stamp: Stamp) -> Case:
        """The group once it has counted a member that joined it (`by` 1) or left it (-1)."""
        own = replace(stamp, at=max(stamp.at, group.updated_at), request_id=None)
        event = counted(self.policy, group, member, kind.name, by, own)
        after = evolve(group, event)
        self.keep(group, after, (event,))
        return after

    def dissolve(self, group: Case, kind: GroupKind, stamp: Stamp) -> None:
        """A group that has too few members: those that are left leave it, and it closes."""
        own = replace(stamp, body=self._acting_for(group, stamp), request_id=None)
        members = self.work.members(group.id)
        self.hold(members)
        for member in members:
            group = self.left(member, group, kind, own, "dissolved", by_office=False)
        if kind.dissolves is not None and not group.closed:
            own = replace(own, at=max(own.at, group.updated_at))
            decision = fire(self.policy, group, kind.dissolves, own, GROUP)
            if isinstance(decision, GuikouError):
                raise decision
            after = follow(group, decision)
            if decision and after is not None:
                self.keep(group, after, decision)

    def _after_counting(self, before: Case, after: Case, last: Event) -> None:
        """A group that counts a fact of its own too is dissolved by that fact as by a member that leaves."""
        for kind in self.policy.parts.groups.values():
            if kind.of != after.workflow or kind.also is None:
                continue
            less = (before.facts.get(kind.also) or 0) > (after.facts.get(kind.also) or 0)
            if less and is_too_small(self.policy, kind, after):
                self.dissolve(after, kind, self._following(last))

    def _after_closing(self, before: Case, after: Case, stamp: Stamp) -> None:
        """Whoever closes leaves its groups; a group that closes lets its members go."""
        kinds = self.policy.parts.groups
        self.hold(before.groups)
        for id, membership in before.groups.items():
            group, kind = self.case(id), kinds.get(membership.kind)
            if group is None or kind is None or group.closed:
                continue
            group = self.counted(group, before.id, kind, -1, stamp)
            if is_too_small(self.policy, kind, group):
                self.dissolve(group, kind, stamp)
        if after.members:
            own = {one.name: one for one in kinds.values() if one.of == after.workflow}
            members = self.work.members(after.id)
            self.hold(members)
            for member in members:
                kind = own.get(self.standing(member).groups[after.id].kind)
                if kind is not None:
                    acting = replace(stamp, body=self._acting_for(after, stamp))
                    after = self.left(member, after, kind, acting, "dissolved", by_office=False)

    def _acting_for(self, case: Case, stamp: Stamp) -> str:
        return self.policy.places.acting_id(case.responsible, self.policy.day(stamp.at))
