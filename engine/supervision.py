"""The object that integrators hold: a policy and a store, and everything that can be done with them.

Instants are UTC; a `when` may be a date (its noon in the policy's time zone) or a datetime with an offset; without one
the store's clock says what time it is. Everything that is refused is raised as a GuikouError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from .acting import Stamp, fire, may_act, plays
from .calendar import day_end, instant
from .case import Case, Event, Organization, Passage, RuleFired, Tally, Title, evolve, fold, follow
from .counting import Counting
from .decide import Advance, Block, Command, Meet, Postpone, Register, Report, decide, place
from .errors import (
    BrokenChain,
    CaseClosed,
    GuikouError,
    NotAGroup,
    NotInitialized,
    NotRecorded,
    NotVisible,
    PolicyInUse,
    ReasonMissing,
    RequestReused,
    TimeRunsBack,
    TooFewMembers,
    UnknownCase,
    UnknownGate,
    UnknownGroup,
    UnknownObligation,
)
from .instep import Ask, Continued, Join, Leave, Record, Strike, TellGate, counted, size
from .obligations import Obligation
from .parts import Gate, GroupKind
from .policy import Calendars, Policy, parse
from .store import Query, Store, Transaction
from .sweep import notices, recount, tick
from .timing import asked_context, wake
from .views import CaseView, Explanation, GateAnswer, GateView, Swept, explained, explained_as_placed
from .workflow import GROUP, SWEEP
from .working_days import CALENDARS

#: Which deadlines: those of stages and steps, those of duties, or both.
What = Literal["all", "stages", "duties"]


class Supervision(Counting):
    """A policy at work on a store. Cheap to make; safe to share where its store is."""

    @classmethod
    def open(cls, store: Store, calendars: Calendars = CALENDARS) -> Supervision:
        """With the policy that the store has active; `calendars` are those of working days that it can name. Raises
        NotInitialized."""
        files = store.policy_files()
        if files is None:
            raise NotInitialized(db="the store")
        return cls(parse(files, calendars=calendars), store)

    @classmethod
    def activate(cls, policy: Policy, store: Store) -> Supervision:
        """Prove a policy, and make it the one that the store has active. Raises Unsound if it has errors, PolicyInUse
        if open cases stand where it has no such state or body."""
        from .verify import require  # only who activates a policy pays for the proofs

        require(policy)
        fits(policy, store)
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        return cls(policy, store)

    # --- commands ---

    def register(
        self,
        organization: Organization,
        *,
        by: str | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
        continues: str | None = None,
    ) -> CaseView:
        """Classify an organisation, route it to its responsible body and open its case at the stage its facts show.

        `by` is the body that registers it (default: the top of the bodies' tree). With `continues`, the case of that id
        is carried on and closed: what it knew, what was recorded and what is laid on it go over to the new one. Raises
        Refused (MissingFact, NoRule, ManyRules, NoSuchTier, AlreadyOpen, NotContinued, ...) and UsageError (BadFact,
        NotAFact, UnknownArea).
        """
        checked = self.checked(organization)
        if continues is None:
            return self._run(checked.id, Register(checked), by or self.top, actor, when, request_id)
        stamp = self._stamp(by or self.top, actor, when, request_id)
        with self.store.transaction() as work:
            answered = work.answered(request_id) if request_id is not None else ()
            if answered:
                if answered[0].changes.get("continues") != continues:
                    raise RequestReused(request_id=request_id)
                return self._again(checked.id, Register(checked, self._standing(work, continues)), answered)
            carried_on = self._standing(work, continues)
            new, opened = self._decided(work.case(checked.id), Register(checked, carried_on), stamp)
            self._keep(work, None, new, opened)
            old, closed = self._decided(carried_on, Continued(new.id), replace(stamp, request_id=None))
            self._keep(work, carried_on, old, closed)
            work.commit()
        return self._view(new, stamp.at)

    def advance(
        self,
        case: str,
        trigger: str,
        *,
        by: str,
        evidence: Mapping[str, str] | None = None,
        reason: str = "",
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Fire a trigger as the body `by`, with evidence by its key (a reference to a document, such as its number).

        Raises UnknownTrigger, NotFromHere, MayNotAct, GuardNotMet, MissingFact, EvidenceMissing, ReasonMissing,
        CaseChanged, ...
        """
        return self._run(case, Advance(trigger, dict(evidence or {}), reason), by, actor, when, request_id)

    def meet(
        self,
        case: str,
        obligation: str,
        *,
        by: str,
        outcome: str | None = None,
        evidence: Mapping[str, str] | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Record that an obligation was met, with its outcome; its next occurrence is due from then on.

        Raises UnknownObligation, NotOwed, NotOpenYet, MayNotAct, UnknownOutcome, EvidenceMissing, ...
        """
        command = Meet(obligation, outcome, dict(evidence or {}))
        return replace(self._run(case, command, by, actor, when, request_id), obligation=obligation)

    def postpone(
        self,
        case: str,
        obligation: str,
        *,
        by: str,
        reason: str,
        evidence: Mapping[str, str] | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Put off an obligation's due date, as far and as often as the policy lets.

        Raises UnknownObligation, NotOwed, NotPostponable, MayNotAct, EvidenceMissing, ReasonMissing, ...
        """
        command = Postpone(obligation, reason, dict(evidence or {}))
        return replace(self._run(case, command, by, actor, when, request_id), obligation=obligation)

    def report(
        self,
        case: str,
        facts: Mapping[str, Any],
        *,
        name: str | None = None,
        area: str | None = None,
        by: str | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Record facts that became known; the case is routed anew, and goes to another body where they say so."""
        checked = self.policy.check_facts(facts)
        code = self.policy.area(area).code if area is not None else None
        return self._run(case, Report(checked, name, code), by or self.top, actor, when, request_id)

    def block(
        self,
        case: str,
        code: str,
        *,
        by: str,
        clear: bool = False,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Record by code what keeps a case from going on; with `clear`, that it no longer does."""
        return self._run(case, Block(code, clear), by, actor, when, request_id)

    # --- gates, records, groups ---

    def gate(
        self,
        case: str,
        gate: str,
        *,
        by: str,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> GateAnswer:
        """Ask whether an organisation may proceed, as the body `by`. The answer is an event; asked again with the same
        request id it is the same, whatever has become known since.

        Raises UnknownGate, NotForGate, MissingFact (nothing is guessed), MayNotAct, ...
        """
        view, events = self._execute(case, Ask(gate), by, actor, when, request_id)
        event = next(one for one in events if one.kind == "asked")
        found = self.policy.parts.gates.get(gate)
        if found is None:
            raise UnknownGate(gate=gate, known=list(self.policy.parts.gates) or "-")
        names = event.changes["gates"][gate]["grounds"]
        facts = asked_context(self.policy, view.case, self.policy.day(event.at))
        rules = tuple(one for rule in event.rules for one in explained(self.policy, rule, facts))
        grounds = tuple(found.grounds[name] for name in names if name in found.grounds)
        return GateAnswer(found, event.changes["answer"], grounds, event.changes["due"], rules, view, event)

    def tell(
        self,
        case: str,
        gate: str,
        outcome: str,
        *,
        by: str,
        value: str | None = None,
        evidence: Mapping[str, str] | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Report what came of a gate that was asked: it sets facts, meets obligations and moves the case. Outcomes that
        go in step take effect once all of them are told; until then the case owes the others.

        Raises UnknownGate, NotAsked, GateRefused, AlreadyTold, UnknownOutcome, EvidenceMissing, MayNotAct, ...
        """
        command = TellGate(gate, outcome, value, dict(evidence or {}))
        return self._run(case, command, by, actor, when, request_id)

    def gates(
        self,
        *,
        gate: str | None = None,
        under: str | None = None,
        area: str | None = None,
        type: str | None = None,
        closed: bool | None = False,
        as_of: date | None = None,
        limit: int | None = None,
    ) -> list[GateView]:
        """How cases stand before the gates that they were asked at (or one gate), as of a day's end; the half-told
        first, the longest overdue first of all. Raises UnknownGate."""
        if gate is not None and gate not in self.policy.parts.gates:
            raise UnknownGate(gate=gate, known=list(self.policy.parts.gates) or "-")
        query = self._query(None, type, under, area, as_of, closed=closed, gate=gate or "")
        found = []
        for view in self._views(query, as_of):
            for name, passage in view.case.gates.items():
                if name in self.policy.parts.gates and gate in (None, name):
                    found.append(self._gate_view(view, self.policy.parts.gates[name], passage))
        order = {"half-told": 0, "asked": 1, "refused": 2, "passed": 3}
        found.sort(key=lambda one: (order[one.standing], one.due or date.max, one.case.id))
        return found[:limit]

    def _gate_view(self, view: CaseView, gate: Gate, passage: Passage) -> GateView:
        owed = [gate.grounds[name].owes for name in passage.grounds if name in gate.grounds]
        if passage.passed is None:
            owed = [gate.in_step.owes] if gate.in_step is not None and passage.told else []
        due = [view.case.duties[name].due for name in owed if name is not None and name in view.case.duties]
        return GateView(
            view, gate, passage, view.left(gate.name), min((one for one in due if one is not None), default=None)
        )

    def record(
        self,
        case: str,
        kind: str,
        *,
        by: str,
        on: date | None = None,
        year: int | None = None,
        amount: Decimal | None = None,
        count: int | None = None,
        venue: str | None = None,
        evidence: Mapping[str, str] | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Record that something took place `on` a day (default: that of the event), for a `year` (default: that day's):
        for how many, how much money (in whole hundredths), at which venue; as its kind asks.

        Raises UnknownRecord, BadRecord, UnknownVenue, NotRecordable, EvidenceMissing, MayNotAct, ...
        """
        command = Record(kind, on, year, amount, count, venue, dict(evidence or {}))
        return self._run(case, command, by, actor, when, request_id)

    def strike(
        self,
        case: str,
        seq: int,
        *,
        by: str,
        reason: str,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Take back a record that was wrong, by the number of its event; both stay in the history. Raises NotRecorded,
        ReasonMissing, MayNotAct, ..."""
        if not reason.strip():
            raise ReasonMissing(trigger=Title("撤销记录", "strike a record"))
        stamp = self._stamp(by, actor, when, request_id)
        with self.store.transaction() as work:
            before = self._standing(work, case)  # nothing is recorded or struck meanwhile
            events = {event.seq: event for event in self.history(case)}
            answered = work.answered(request_id) if request_id is not None else ()
            if answered:
                return self._again(case, Strike(events.get(seq, answered[0]), (), reason), answered)
            stands = self._records(events.values())
            if seq not in stands:
                raise NotRecorded(case=case, seq=seq)
            struck = stands.pop(seq)
            left = [event for event in stands.values() if event.changes["record"] == struck.changes["record"]]
            opened = events[min(events)]
            over = opened.changes.get("records", {}) if opened.kind == "opened" else {}
            carried = Tally.read(over[struck.changes["record"]]) if struck.changes["record"] in over else None
            after, decided = self._decided(before, Strike(struck, left, reason, carried), stamp)
            self._keep(work, before, after, decided)
            work.commit()
        return self._view(after, stamp.at)

    def _records(self, events: Iterable[Event]) -> dict[int, Event]:
        """The records of a history that were not struck, by the number of their event."""
        every = list(events)
        gone = {event.changes["struck"] for event in every if event.kind == "struck"}
        return {event.seq: event for event in every if event.kind == "recorded" and event.seq not in gone}

    def records(self, case: str, *, as_of: date | None = None) -> list[Event]:
        """What was recorded of a case and still stands, at a day's end, oldest first. Raises UnknownCase."""
        until = day_end(as_of, self.policy.zone) if as_of else None
        return list(self._records(one for one in self.history(case) if until is None or one.at <= until).values())

    def join(
        self,
        case: str,
        group: str,
        *,
        by: str,
        kind: str | None = None,
        evidence: Mapping[str, str] | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Make a case's organisation a member of the group whose case `group` is; `kind` need only be given where the
        policy has several kinds of groups of its type. Both cases keep it as an event.

        Raises UnknownGroup, NotAGroup, NotEligible, AlreadyMember, GroupFull, MayNotAct, ...
        """
        return self._member(case, group, kind, Join, evidence or {}, "", by, actor, when, request_id)

    def leave(
        self,
        case: str,
        group: str,
        *,
        by: str,
        kind: str | None = None,
        reason: str = "",
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """The organisation is a member no longer. A group that has too few left is dissolved, and all leave it.

        Raises NotMember, MayNotAct, ...
        """
        return self._member(case, group, kind, Leave, {}, reason, by, actor, when, request_id)

    def found(
        self,
        organization: Organization,
        members: Sequence[str],
        *,
        by: str,
        kind: str | None = None,
        evidence: Mapping[str, str] | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
    ) -> CaseView:
        """Open the case of a group together with its first members, or nothing of it. Raises TooFewMembers and what
        `register` and `join` raise."""
        checked = self.checked(organization)
        stamp = self._stamp(by, actor, when, request_id)
        with self.store.transaction() as work:
            answered = work.answered(request_id) if request_id is not None else ()
            if answered:
                self._again(checked.id, Register(checked), answered)
                self._same_members(checked.id, members, answered[0])
                return self._view(self._standing(work, checked.id), stamp.at)
            group, opened = self._decided(work.case(checked.id), Register(checked), stamp)
            found = self._group_kind(group, kind)
            self._keep(work, None, group, opened)
            for member in sorted(set(members)):
                work.case(member)  # in one order, so that two commands wait for each other
            for member in dict.fromkeys(members):
                group = self._joined(work, member, group, found, evidence or {}, replace(stamp, request_id=None))
            if size(self.policy, found, group) < found.least:
                raise TooFewMembers(group=found.title, least=found.least)
            work.commit()
        return self._view(group, stamp.at)

    def _same_members(self, group: str, members: Sequence[str], opened: Event) -> None:
        """Raises RequestReused if a group was founded with others."""
        told = [event for event in self.store.events(group) if event.recorded_at == opened.recorded_at]
        if [event.changes["member"] for event in told if event.kind == "member_joined"] != list(dict.fromkeys(members)):
            raise RequestReused(request_id=opened.request_id)

    def members(self, group: str, *, as_of: date | None = None, limit: int | None = None) -> list[CaseView]:
        """The members of a group, as of a day's end. Raises UnknownCase."""
        self.get(group, as_of=as_of)
        query = Query(group=group, limit=limit, as_of=day_end(as_of, self.policy.zone) if as_of else None)
        return self._views(query, as_of)

    def _member(
        self,
        case: str,
        group: str,
        kind: str | None,
        how: type[Join] | type[Leave],
        evidence: Mapping[str, str],
        reason: str,
        by: str,
        actor: str | None,
        when: datetime | date | None,
        request_id: str | None,
    ) -> CaseView:
        stamp = self._stamp(by, actor, when, request_id)
        with self.store.transaction() as work:
            standing = self._standing(work, group)  # before the member, so that two commands wait for each other
            found = self._group_kind(standing, kind)
            command: Command = Join(found.name, standing, dict(evidence))
            if how is Leave:
                command = Leave(found.name, standing, reason)
            answered = work.answered(request_id) if request_id is not None else ()
            if answered:
                return self._again(case, command, answered)
            if how is Join:
                self._joined(work, case, standing, found, evidence, stamp)
            else:
                standing = self._left(work, case, standing, found, stamp, reason)
                if not standing.closed and size(self.policy, found, standing) < found.least:
                    self._dissolve(work, standing, found, stamp)
            after = self._standing(work, case)
            work.commit()
        return self._view(after, stamp.at)

    def _group_kind(self, group: Case, kind: str | None) -> GroupKind:
        kinds = self.policy.parts.groups
        fitting = [one for one in kinds.values() if one.of == group.workflow and kind in (None, one.name)]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting and kind in (None, *kinds):
            titles = [self.policy.workflows[one.of].title for one in kinds.values()] or "-"
            own = self.policy.workflows[group.workflow].title
            title = kinds[kind].title if kind is not None else Title("联合组织", "group")
            raise NotAGroup(case=group.id, workflow=own, group=title, of=titles)
        raise UnknownGroup(group=kind or "-", known=[one.name for one in fitting] or list(kinds) or "-")

    def _joined(
        self,
        work: Transaction,
        member: str,
        group: Case,
        kind: GroupKind,
        evidence: Mapping[str, str],
        stamp: Stamp,
    ) -> Case:
        """The group once a member has joined it."""
        if group.closed:
            raise CaseClosed(case=group.id)
        day, opened = self.policy.day(stamp.at), self.policy.day(group.opened_at)
        if day < opened:
            raise TimeRunsBack(last=opened, at=day)
        before = self._standing(work, member)
        after, events = self._decided(before, Join(kind.name, group, dict(evidence)), stamp)
        self._keep(work, before, after, events)
        return self._counted(work, group, member, kind, 1, stamp)

    def _left(
        self,
        work: Transaction,
        member: str,
        group: Case,
        kind: GroupKind,
        stamp: Stamp,
        reason: str,
        *,
        by_office: bool = True,
    ) -> Case:
        """The group once a member has left it; what follows from another's leaving is never refused."""
        before = self._standing(work, member)
        if not by_office:
            stamp = replace(stamp, at=max(stamp.at, before.updated_at))
        after, events = self._decided(before, Leave(kind.name, group, reason, by_office), stamp)
        self._keep(work, before, after, events)
        return self._counted(work, group, member, kind, -1, stamp)

    def _counted(self, work: Transaction, group: Case, member: str, kind: GroupKind, by: int, stamp: Stamp) -> Case:
        own = replace(stamp, at=max(stamp.at, group.updated_at), request_id=None)
        event = counted(self.policy, group, member, kind.name, by, own)
        after = evolve(group, event)
        self._keep(work, group, after, (event,))
        return after

    def _dissolve(self, work: Transaction, group: Case, kind: GroupKind, stamp: Stamp) -> None:
        """A group that has too few members: those that are left leave it, and it closes."""
        own = replace(stamp, body=self._acting_for(group, self.policy.day(stamp.at)), request_id=None)
        for member in work.members(group.id):
            group = self._left(work, member, group, kind, own, "dissolved", by_office=False)
        if kind.dissolves is not None and not group.closed:
            own = replace(own, at=max(own.at, group.updated_at))
            decision = fire(self.policy, group, kind.dissolves, own, GROUP)
            if isinstance(decision, GuikouError):
                raise decision
            after = follow(group, decision)
            if decision and after is not None:
                self._keep(work, group, after, decision)

    def _after_closing(self, work: Transaction, before: Case, after: Case, stamp: Stamp) -> None:
        """Whoever closes leaves its groups; a group that closes lets its members go."""
        own = replace(stamp, request_id=None)
        for id, membership in before.groups.items():
            group, kind = work.case(id), self.policy.parts.groups.get(membership.kind)
            if group is None or kind is None or group.closed:
                continue
            group = self._counted(work, group, before.id, kind, -1, own)
            if size(self.policy, kind, group) < kind.least:
                self._dissolve(work, group, kind, own)
        if after.members:
            kinds = [one for one in self.policy.parts.groups.values() if one.of == after.workflow]
            for member in work.members(after.id):
                joined = self._standing(work, member).groups[after.id].kind
                kind = next((one for one in kinds if one.name == joined), None)
                if kind is not None:
                    acting = replace(own, body=self._acting_for(after, self.policy.day(own.at)))
                    after = self._left(work, member, after, kind, acting, "dissolved", by_office=False)

    def _standing(self, work: Transaction, id: str) -> Case:
        """A case, to be changed in this transaction. Raises UnknownCase."""
        found = work.case(id)
        if found is None:
            raise UnknownCase(case=id)
        return found

    def take_in(
        self,
        organization: Organization,
        *,
        by: str | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        dry_run: bool = False,
    ) -> tuple[str, CaseView | None]:
        """Register an organisation, or report what changed of one that is: 'opened', 'changed' or 'unchanged'.

        A fact that says what was reported last is no news: an old list does not undo what triggers have set since.
        With `dry_run` nothing is kept, and the view is what would have been.
        """
        checked = self.checked(organization)
        stamp = self._stamp(by or self.top, actor, when, None)
        with self.store.transaction() as work:
            before = work.case(checked.id)
            command: Command = Register(checked)
            if before is not None:
                command = Report(self._news(before, checked.facts), checked.name, checked.area)
            after, events = self._decided(before, command, stamp)
            if events and not dry_run:
                self._keep(work, before, after, events)
                work.commit()
        outcome = "opened" if before is None else "changed" if events else "unchanged"
        return outcome, self._view(after, stamp.at)

    def _news(self, case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Of the facts that differ from the case's, those that also differ from what was reported last."""
        differing = {name: value for name, value in facts.items() if case.facts.get(name, ...) != value}
        if not differing:
            return {}
        said: dict[str, Any] = {}
        for event in self.store.events(case.id):
            if event.kind in ("opened", "reported"):
                said |= event.changes.get("facts", {})
        return {name: value for name, value in differing.items() if said.get(name, ...) != value}

    def _run(
        self,
        id: str,
        command: Command,
        by: str,
        actor: str | None,
        when: datetime | date | None,
        request_id: str | None,
    ) -> CaseView:
        return self._execute(id, command, by, actor, when, request_id)[0]

    def _execute(
        self,
        id: str,
        command: Command,
        by: str,
        actor: str | None,
        when: datetime | date | None,
        request_id: str | None,
    ) -> tuple[CaseView, Sequence[Event]]:
        """A command carried out, with the events that it led to, now or when the request was made first."""
        stamp = self._stamp(by, actor, when, request_id)
        with self.store.transaction() as work:
            if request_id is not None:
                answered = work.answered(request_id)
                if answered:
                    return self._again(id, command, answered), answered
            before = work.case(id)
            if before is None and not isinstance(command, Register):
                raise UnknownCase(case=id)
            after, events = self._decided(before, command, stamp)
            if events:
                self._keep(work, before, after, events)
                work.commit()
        return self._view(after, stamp.at), events

    def _keep(self, work: Transaction, before: Case | None, after: Case, events: tuple[Event, ...]) -> None:
        day = self.policy.day(events[-1].at)
        self._append(work, before, after, events, wake(self.policy, after, day))

    def _append(
        self, work: Transaction, before: Case | None, after: Case, events: tuple[Event, ...], following: date | None
    ) -> None:
        told = tuple(notices(self.policy, events, after))
        work.append(before, after, events, wake=following, notices=told)
        if before is not None and after.closed and not before.closed and (before.groups or before.members):
            last = events[-1]
            self._after_closing(work, before, after, Stamp(last.at, last.recorded_at, last.body, last.actor))

    def _stamp(self, by: str, actor: str | None, when: datetime | date | None, request_id: str | None) -> Stamp:
        now = self.store.now()
        at = self._instant(when, now)
        body = self.policy.body(by).id
        return Stamp(at, now, body, actor or body, request_id)

    def _instant(self, when: datetime | date | None, now: datetime) -> datetime:
        """What `when` means; today is now, so that what happens later today is not before it."""
        today = not isinstance(when, datetime) and when == self.policy.day(now)
        return now if when is None or today else instant(when, self.policy.zone)

    def _decided(self, before: Case | None, command: Command, stamp: Stamp) -> tuple[Case, tuple[Event, ...]]:
        decision = decide(self.policy, before, command, stamp)
        if isinstance(decision, GuikouError):
            raise decision
        after = follow(before, decision)
        assert after is not None, "a command on no case is Register, which gives an event or an error"
        return after, decision

    def _again(self, id: str, command: Command, answered: Sequence[Event]) -> CaseView:
        """The answer that a request was given before."""
        first, last = answered[0], answered[-1]
        same = first.case == id and first.kind in _KINDS[type(command)]
        if isinstance(command, Advance):
            same = same and first.trigger == command.trigger and first.evidence == command.evidence
        if isinstance(command, Block):
            same = same and first.reason == command.code and (first.kind == "unblocked") == command.clear
        if isinstance(command, Meet | Postpone):
            same = same and first.changes["concerns"] == command.obligation and first.evidence == command.evidence
        if isinstance(command, Meet):
            same = same and command.outcome in (None, first.changes["outcome"])
        if isinstance(command, Register):
            source = command.continues.id if command.continues is not None else None
            same = same and first.changes.get("continues") == source
            same = same and first.changes["facts"].items() >= command.organization.facts.items()
        if isinstance(command, Ask | TellGate):
            same = same and first.changes["gate"] == command.gate
        if isinstance(command, TellGate):
            same = same and first.changes["outcome"] == command.outcome and first.evidence == command.evidence
            same = same and command.value in (None, first.changes["value"])
        if isinstance(command, Record):
            said = {"amount": command.amount, "count": command.count, "venue": command.venue}
            same = same and first.changes["record"] == command.kind and first.evidence == command.evidence
            same = same and all(first.changes.get(key) == value for key, value in said.items())
            same = same and (command.on or self.policy.day(first.at)) == first.changes["on"]
            same = same and command.year in (None, first.changes["year"])
        if isinstance(command, Strike):
            same = same and first.changes["struck"] == command.struck.seq
        if isinstance(command, Join | Leave):
            same = same and first.changes["group"] == command.group.id
        if isinstance(command, Join):
            same = same and first.evidence == command.evidence
        if isinstance(command, Leave | Strike):
            same = same and first.reason == command.reason
        if not same:
            raise RequestReused(request_id=first.request_id)
        case = fold([event for event in self.store.events(id) if event.seq <= last.seq])
        assert case is not None
        return self._view(case, last.at)

    # --- time ---

    def sweep(self, *, when: datetime | date | None = None, dry_run: bool = False, batch: int = 100) -> Swept:
        """Everything that time brings about by `when`: reminders, what is overdue and climbs, what fires by itself.

        Done again, or by several at once (on PostgreSQL each takes the cases that no other is at), it has one effect;
        stopped at any point, the next goes on from there. Each `batch` of cases is one transaction. Only cases on which
        something is due are touched. A case that was changed on a later day than `when` is left as it is.
        """
        now = self.store.now()
        at = self._instant(when, now)
        today = self.policy.day(at)
        done: list[tuple[CaseView, Event]] = []
        failed: list[tuple[str, GuikouError]] = []
        cases, ahead, after = 0, 0, (date.min, "")
        while True:
            with self.store.transaction() as work:
                woken = work.woken(today, batch, after)
                for _, seen in woken:
                    # Whoever closed before it may have dissolved a group of which it was a member.
                    case = self._standing(work, seen.id) if seen.groups or seen.members else seen
                    if self.policy.day(case.updated_at) > today:
                        ahead += 1
                        continue
                    outcome = self._tick(work, case, at, now)
                    if isinstance(outcome, GuikouError):
                        failed.append((case.id, outcome))
                    else:
                        done += outcome
                if not dry_run:
                    work.commit()
            if not woken:
                return Swept(today, cases, tuple(done), tuple(failed), ahead)
            cases += len(woken)
            after = (woken[-1][0], woken[-1][1].id)

    def _tick(
        self, work: Transaction, case: Case, at: datetime, now: datetime
    ) -> GuikouError | list[tuple[CaseView, Event]]:
        today = self.policy.day(at)
        # What happened later on the same day happened before the sweep looked.
        stamp = Stamp(max(at, case.updated_at), now, self._acting_for(case, today), SWEEP)
        decision = tick(self.policy, case, stamp)
        if isinstance(decision, GuikouError):
            return decision
        followed = follow(case, decision)
        assert followed is not None, "a case does not cease"
        # Looked at today, it is not looked at again today, whatever is left.
        following = wake(self.policy, followed, today)
        if following is not None and following <= today:
            following = today + timedelta(days=1)
        if decision:
            self._append(work, case, followed, decision, following)
        else:
            work.rest(case.id, following, self.policy.digest)
        view = CaseView(followed, self.policy, today)
        return [(replace(view, obligation=event.changes.get("concerns")), event) for event in decision]

    def _acting_for(self, case: Case, day: date) -> str:
        body = self.policy.body_on(case.responsible, day)
        return body.id if body is not None else case.responsible

    def recount(self, *, when: datetime | date | None = None, dry_run: bool = False) -> list[CaseView]:
        """Count working days anew where years had to be assumed that the calendar knows by now; each change of a due
        date is an event. Returns the cases that changed, as they stand then."""
        now = self.store.now()
        at = self._instant(when, now)
        changed = []
        for case in self.store.cases(Query(assumed=True, closed=False)):
            with self.store.transaction() as work:
                before = work.case(case.id)
                if before is None or before.updated_at > at:
                    continue
                day = self.policy.day(at)
                events = recount(self.policy, before, Stamp(at, now, self._acting_for(before, day), SWEEP))
                after = follow(before, events)
                assert after is not None, "a case does not cease"
                if events:
                    changed.append(CaseView(after, self.policy, day))
                if events and not dry_run:
                    self._keep(work, before, after, events)
                    work.commit()
        return changed

    # --- questions ---

    @property
    def top(self) -> str:
        """The body that has none above it."""
        return next(body.id for body in self.policy.bodies.values() if body.parent is None)

    def checked(self, organization: Organization) -> Organization:
        """An organisation with its facts checked and its area by code. Raises UsageError."""
        facts = self.policy.check_facts(organization.facts)
        return replace(organization, area=self.policy.area(organization.area).code, facts=facts)

    def get(self, id: str, *, seen_by: str | None = None, as_of: date | None = None) -> CaseView:
        """One case, as of the end of a day. Raises UnknownCase, and NotVisible to a body that it is not below."""
        case = self.store.get(id, day_end(as_of, self.policy.zone) if as_of else None)
        if case is None:
            raise UnknownCase(case=id)
        if seen_by is not None:
            body = self.policy.body(seen_by)
            if not {case.responsible, case.hub} & self.policy.bodies_under(body.id):
                raise NotVisible(case=id, body=body.title)
        return CaseView(case, self.policy, self.today(as_of))

    def cases(
        self,
        *,
        stage: str | None = None,
        type: str | None = None,
        under: str | None = None,
        area: str | None = None,
        blocker: str | None = None,
        text: str | None = None,
        closed: bool | None = None,
        suspended: bool | None = None,
        as_of: date | None = None,
        order: str = "id",
        limit: int | None = None,
        after: str | None = None,
    ) -> list[CaseView]:
        """Cases by stage (or 'stage.step'), type, body and all below it, area and all within it, as of a day's end."""
        query = self._query(
            stage, type, under, area, as_of, blocker=blocker, text=text, closed=closed, suspended=suspended
        )
        query = replace(query, order=order, limit=limit, after=after)
        return self._views(query, as_of)

    def deadlines(
        self,
        *,
        stage: str | None = None,
        type: str | None = None,
        under: str | None = None,
        area: str | None = None,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        since: date | None = None,
        before: date | None = None,
        as_of: date | None = None,
        order: str = "due",
        limit: int | None = None,
    ) -> list[CaseView]:
        """What is due, on `since` or later and earlier than `before`: the deadlines of open cases, and their duties.

        `what` says which of the two; with `stage` it is the former, with `obligation` the duties of that name.
        `escalation`: climbed at least so many tiers. `as_of` may be a day to come: then as things stand now.
        """
        if obligation is not None:
            self.obligation(obligation)
        query = self._query(stage, type, under, area, as_of, closed=False, escalation=escalation)
        query = replace(query, due_before=before or date.max, due_from=since, order=order, limit=limit)
        found: list[CaseView] = []
        if obligation is None and what != "duties":
            found += self._views(query, as_of)
        if stage is None and what != "stages":
            query = replace(query, duties=frozenset([obligation]) if obligation is not None else None)
            found += self._duties(query, as_of)
        if len(found) > 1 and stage is None and what == "all" and obligation is None:
            found.sort(key=lambda one: query.key(one.case, one.due))  # two listings, each in order, made one
        return found[:limit]

    def overdue(
        self,
        *,
        stage: str | None = None,
        type: str | None = None,
        under: str | None = None,
        area: str | None = None,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        days: int = 1,
        as_of: date | None = None,
        limit: int | None = None,
    ) -> list[CaseView]:
        """What is at least `days` days past its due date on a day (default today; a day to come: what will be, if
        nothing is done), worst first: cases, and duties of cases. The rest is as in `deadlines`."""
        before = _before(self.today(as_of), days)
        return self.deadlines(
            stage=stage, type=type, under=under, area=area, what=what, obligation=obligation, escalation=escalation,
            before=before, as_of=as_of, limit=limit,
        )  # fmt: skip

    def inbox(
        self,
        body: str,
        *,
        stage: str | None = None,
        type: str | None = None,
        area: str | None = None,
        as_of: date | None = None,
        limit: int | None = None,
    ) -> list[CaseView]:
        """What waits for a body itself: the cases for which it is responsible, or the hub, or to which they were
        escalated, and of which it may fire a trigger now; and the duties that are open and that it may record.
        Earliest due first, then by the policy's priority, then the larger first."""
        id = self.policy.body(body).id
        today = self.today(as_of)
        query = self._query(stage, type, None, area, as_of, closed=False)
        query = replace(query, responsible=self._stands_for(id), involved=True, order="inbox")
        waiting = [
            view
            for view in self._views(query, as_of)
            if any(may_act(self.policy, view.case, one, id, today) for one in view.transitions)
        ]
        if stage is None:
            for view in self._duties(replace(query, open=True), as_of):
                if plays(self.policy, view.case, view.roles, id, today):
                    waiting.append(view)
            # Whoever is to tell the other half of what goes in step need not answer for the organisation.
            halves = frozenset(gate.owes_in_step or "" for gate in self.policy.parts.gates.values())
            seen = {(view.id, view.obligation) for view in waiting}
            for view in self._duties(replace(query, responsible=None, duties=halves, open=True), as_of):
                if (view.id, view.obligation) not in seen and plays(self.policy, view.case, view.roles, id, today):
                    waiting.append(view)
            waiting.sort(key=lambda one: query.key(one.case, one.due))
        return waiting[:limit]

    def obligation(self, name: str) -> Obligation:
        """An obligation of the policy. Raises UnknownObligation."""
        if name not in self.policy.obligations:
            raise UnknownObligation(obligation=name, known=list(self.policy.obligations) or "-")
        return self.policy.obligations[name]

    def _duties(self, query: Query, as_of: date | None) -> list[CaseView]:
        today = self.today(as_of)
        return [
            CaseView(case, self.policy, today, name)
            for case, name in self.store.duties(query)
            if name in self.policy.obligations
        ]

    def _stands_for(self, id: str) -> frozenset[str]:
        """The body and those that it succeeded."""
        found = {id}
        for body in self.policy.bodies.values():
            if body.succeeded_by == id:
                found |= self._stands_for(body.id)
        return frozenset(found)

    def history(self, id: str) -> list[Event]:
        """Everything that happened to a case, checked against its hashes. Raises UnknownCase and BrokenChain."""
        events = self.store.events(id)
        if not events:
            raise UnknownCase(case=id)
        fold(events)
        return events

    def lineage(self, id: str) -> list[Event]:
        """The history of a case together with that of those that it carries on, oldest first; each is checked against
        its hashes, and that it goes on where the one before it ended. Raises UnknownCase and BrokenChain."""
        events = self.history(id)
        source = events[0].changes.get("continues")
        if source is None:
            return events
        before = self.lineage(source)
        ended = next((at for at, event in enumerate(before) if event.kind == "continued"), 0)
        while ended and before[ended - 1].kind == "scheduled":  # another policy had its say in between
            ended -= 1
        if not ended or before[ended - 1].hash != events[0].changes["continues_from"]:
            raise BrokenChain(case=id, seq=1)
        return [*before, *events]

    def explain(self, id: str) -> Explanation:
        """Which row of which table placed a case where it is, cell by cell, under the policy of that time."""
        events = self.history(id)
        found: dict[str, tuple[RuleFired, Event, Case]] = {}
        case: Case | None = None
        for event in events:
            case = evolve(case, event)
            for rule in event.rules:
                found[rule.table] = (rule, event, case)
        assert case is not None
        policies = {self.policy.digest: self.policy}
        rules = []
        for rule, event, then in found.values():
            if event.policy not in policies:
                files = self.store.policy_files(event.policy)
                own = {**CALENDARS, self.policy.working.name: lambda: self.policy.working.calendar}
                policies[event.policy] = parse(files, calendars=own) if files else self.policy
            rules += explained_as_placed(policies[event.policy], rule, then)
        return Explanation(CaseView(case, self.policy, self.today()), events[-1], tuple(rules))

    def try_out(self, organization: Organization, when: date | None = None) -> Any:
        """What the rules say of an organisation, without keeping anything: a Placement, or an error as a value."""
        return place(self.policy, self.checked(organization), self.today(when))

    def _query(
        self,
        stage: str | None,
        type: str | None,
        under: str | None,
        area: str | None,
        as_of: date | None,
        **more: Any,
    ) -> Query:
        return Query(
            stages=frozenset([stage]) if stage and "." not in stage else None,
            states=frozenset([stage]) if stage and "." in stage else None,
            types=frozenset([type]) if type else None,
            responsible=self.policy.bodies_under(self.policy.body(under).id) if under else None,
            involved=bool(under),
            areas=self.policy.areas_under(self.policy.area(area).code) if area else None,
            as_of=day_end(as_of, self.policy.zone) if as_of else None,
            **more,
        )

    def _views(self, query: Query, as_of: date | None) -> list[CaseView]:
        today = self.today(as_of)
        return [CaseView(case, self.policy, today) for case in self.store.cases(query)]

    def _view(self, case: Case, at: datetime) -> CaseView:
        return CaseView(case, self.policy, self.policy.day(at))


def fits(policy: Policy, store: Store) -> None:
    """Every open case's state and body must be there in a policy that is to be activated. Raises PolicyInUse."""
    states: dict[str, int] = {}
    bodies: dict[str, int] = {}
    for (workflow, state, body), count in store.counts().items():
        if workflow not in policy.workflows or state not in policy.workflows[workflow].states:
            states[f"{workflow}/{state}"] = states.get(f"{workflow}/{state}", 0) + count
        if body not in policy.bodies:
            bodies[body] = bodies.get(body, 0) + count
    for stranded, en, zh in ((states, "state", "环节"), (bodies, "body", "机构")):
        if stranded:
            raise PolicyInUse(count=sum(stranded.values()), kind_en=en, kind_zh=zh, names=sorted(stranded))


_KINDS = {
    Register: ("opened",),
    Advance: ("advanced",),
    Report: ("reported", "rerouted"),
    Block: ("blocked", "unblocked"),
    Meet: ("met",),
    Postpone: ("postponed",),
    Ask: ("asked",),
    TellGate: ("told",),
    Record: ("recorded",),
    Strike: ("struck",),
    Join: ("joined",),
    Leave: ("left",),
}


def _before(today: date, days: int) -> date:
    return today - timedelta(days=days - 1)
