"""The object that integrators hold: a policy and a store, and everything that can be done with them.

Instants are UTC. Every command says who tells it and when (`By`, `ByAny`); every listing which cases (`Which`). What is
refused is raised as a GuikouError and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Unpack

from ..cases.case import Case, Organization
from ..cases.events import Event, EventKind
from ..dates.working_days import CALENDARS
from ..decide.advance import Advance, Block
from ..decide.correcting import Correct
from ..decide.due.context import asked_context
from ..decide.due.wake import wakes_by
from ..decide.duties import Meet, Postpone
from ..decide.gates import Ask, TellGate
from ..decide.intake import Placement, Report, place
from ..decide.records import Record
from ..decide.remarks import Remark
from ..errors import FutureDay, GuikouError, NotInitialized, UnknownGate
from ..indicators.measures import Measure
from ..indicators.population import Population
from ..policy.files.load import Calendars, parse
from ..policy.indicators import Indicator
from ..policy.obligations import Obligation
from ..policy.policy import Policy
from ..text import Title, suggested, titles
from . import commands, correcting, erasing, groups, history, identity, intake, listings, records, sweeping
from .activation import fits
from .asked import known_blocker, known_order, look_at_each, look_at_one, look_at_report, looked_at
from .batch import Batch, Pending, many, own_request
from .correcting import Corrected
from .door import NAME, let_in_name
from .erasing import Expiry
from .explained import explained
from .indicators import Counting, Scope
from .listings import Tally, What
from .office import By, ByAny, Office, Which
from .on_record import OnRecord
from .store import Store
from .views import CaseView, Explanation, GateAnswer, GateView, Supported, Swept, VenueUse, YearReport


@looked_at
class Supervision:
    """A policy at work on a store. Cheap to make; safe to share where its store is."""

    def __init__(self, policy: Policy, store: Store) -> None:
        self.policy, self.store = policy, store
        self._office = Office(policy, store)
        self._counting = Counting(self._office)

    @classmethod
    def open(cls, store: Store, calendars: Calendars = CALENDARS) -> Supervision:
        """With the policy that the store has active; `calendars` are those of working days that it can name. Raises
        NotInitialized."""
        files = store.policy_files()
        if files is None:
            raise NotInitialized(db=Title("该存储", "the store"))
        return cls(parse(files, calendars=calendars, proved=True), store)

    @classmethod
    def activate(cls, policy: Policy, store: Store) -> Supervision:
        """Prove a policy, and make it the one that the store has active. Raises Unsound if it has errors, PolicyInUse
        if open cases stand where it has no such state or body."""
        from ..verify import require  # only who activates a policy pays for the proofs

        require(policy)
        fits(policy, store)
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        return cls(policy, store)

    def __repr__(self) -> str:
        return f"<Supervision of {self.policy!r} in {self.store!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """The policy by its files, the store as it says itself: by its address."""
        return Supervision, (self.policy, self.store)

    def batch(self) -> Batch:
        """Commands to be collected and carried out in one transaction, each with its own answer."""
        return Batch(self)

    # --- commands: what has the wrong type is a BadArgument ---

    def register(
        self, organization: Organization, *, continues: str | None = None, **telling: Unpack[ByAny]
    ) -> CaseView:
        """Classify an organisation, route it to its responsible body and open its case at the stage its facts show.

        With `continues`, the case of that id is carried on and closed: what it knew, what was recorded and what is laid
        on it go over to the new one. Raises Refused (MissingFact, NoRule, ManyRules, NoSuchTier, AlreadyOpen,
        NotContinued, ...) and UsageError (BadFact, NotAFact, UnknownArea).
        """
        return commands.register(self._office, organization, continues, self._office.of_any(telling))

    def register_many(
        self, organizations: Iterable[Organization], *, together: int = 100, **telling: Unpack[ByAny]
    ) -> list[Pending[CaseView]]:
        """The same for many, so many `together` in one transaction; each has its own answer, by `Pending.answer`. Of a
        `request_id` each has its own: with a colon and its organisation's id. Raises StoreError where the store failed:
        what came before is kept."""

        def add(batch: Batch, one: Organization) -> Pending[CaseView]:
            return batch.add(self.register, one, **own_request(telling, one.id))

        return many(self, add, look_at_each(organizations, look_at_one), together)

    def take_in(
        self,
        organization: Organization,
        *,
        by: str | None = None,
        actor: str | None = None,
        when: datetime | date | None = None,
        dry_run: bool = False,
    ) -> tuple[str, CaseView]:
        """Register an organisation, or report what changed of one that is: 'opened', 'changed' or 'unchanged'.

        A fact that says what was reported last is no news: an old list does not undo what triggers have set since. What
        is parked under its id is completed by it.
        With `dry_run` nothing is kept, and the view is what would have been.
        """
        return intake.take_in(self._office, organization, dry_run, {"by": by, "actor": actor, "when": when})

    def advance(
        self,
        case: str,
        trigger: str,
        *,
        evidence: Mapping[str, str] | None = None,
        reason: str = "",
        **telling: Unpack[By],
    ) -> CaseView:
        """Fire a trigger, with evidence by its key (a reference to a document, such as its number).

        Raises UnknownTrigger, NotFromHere, MayNotAct, GuardNotMet, MissingFact, EvidenceMissing, ReasonMissing,
        CaseChanged, ...
        """
        command = Advance(trigger, dict(evidence or {}), reason)
        return commands.execute(self._office, "advance", case, command, telling)

    def meet(
        self,
        case: str,
        obligation: str,
        *,
        outcome: str | None = None,
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[By],
    ) -> CaseView:
        """Record that an obligation was met, with its outcome; its next occurrence is due from then on.

        Raises UnknownObligation, NotOwed, NotOpenYet, MayNotAct, UnknownOutcome, EvidenceMissing, ...
        """
        command = Meet(obligation, outcome, dict(evidence or {}))
        return replace(commands.execute(self._office, "meet", case, command, telling), obligation=obligation)

    def postpone(
        self,
        case: str,
        obligation: str,
        *,
        reason: str,
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[By],
    ) -> CaseView:
        """Put off an obligation's due date, as far and as often as the policy lets.

        Raises UnknownObligation, NotOwed, NotPostponable, MayNotAct, EvidenceMissing, ReasonMissing, ...
        """
        command = Postpone(obligation, reason, dict(evidence or {}))
        return replace(commands.execute(self._office, "postpone", case, command, telling), obligation=obligation)

    def report(
        self,
        case: str,
        facts: Mapping[str, Any],
        *,
        name: str | None = None,
        area: str | None = None,
        reason: str = "",
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[ByAny],
    ) -> CaseView:
        """Record facts that became known; the case is routed anew, and goes to another body where they say so.

        `evidence` is what shows a fact, by the fact's name. Raises NotAFact, BadFact, UnknownEvidence, TypeChanged, ...
        """
        checked = self._office.facts(facts)
        code = self.policy.places.area(area).code if area is not None else None
        command = Report(checked, let_in_name(NAME, name) if name is not None else None, code)
        command = replace(command, reason=reason, evidence=dict(evidence or {}))
        return commands.execute(self._office, "report", case, command, self._office.of_any(telling))

    def report_many(
        self, reports: Iterable[tuple[str, Mapping[str, Any]]], *, together: int = 100, **telling: Unpack[ByAny]
    ) -> list[Pending[CaseView]]:
        """The same for many, each by its case and its facts: see `register_many`."""

        def add(batch: Batch, one: tuple[str, Mapping[str, Any]]) -> Pending[CaseView]:
            return batch.add(self.report, *one, **own_request(telling, one[0]))

        return many(self, add, look_at_each(reports, look_at_report), together)

    def block(self, case: str, code: str, *, clear: bool = False, **telling: Unpack[By]) -> CaseView:
        """Record by code what keeps a case from going on; with `clear`, that it no longer does."""
        return commands.execute(self._office, "block", case, Block(code, clear), telling)

    def remark(self, case: str, text: str, **telling: Unpack[By]) -> CaseView:
        """Note something on a case that the body sees; it may be closed. It is an event like any other, and changes
        nothing else. Raises BadRemark, NotVisible, UnknownCase, ..."""
        return commands.execute(self._office, "remark", case, Remark(text), telling)

    def correct(
        self,
        case: str,
        seq: int,
        *,
        reason: str,
        facts: Mapping[str, Any] | None = None,
        name: str | None = None,
        area: str | None = None,
        evidence: Mapping[str, str] | None = None,
        because: str | None = None,
        outcome: str | None = None,
        value: str | None = None,
        trigger: str | None = None,
        day: date | datetime | None = None,
        never: bool = False,
        dry_run: bool = False,
        by: str,
        actor: str | None = None,
        request_id: str | None = None,
    ) -> Corrected:
        """Correct what was wrong of an event, by its number: say what should have been, or that it `never` happened.

        An event says so, and all that came after is decided anew, each by the policy of its time; what was told stays
        in the history. `because` is the reason that the event gave, `reason` why it is corrected. With `dry_run`
        nothing is kept, and the answer is what would have come out. Raises NotCorrectable, CannotStand (with what can't
        stand any more, and why), MayNotAct, ReasonMissing, FutureDay, ...
        """
        command = Correct(
            seq, reason, dict(facts or {}), name, area, dict(evidence or {}), because, outcome, value, trigger,
            never=never,
        )  # fmt: skip
        if name is not None:
            let_in_name(NAME, name)
        telling: By = {"by": by, "actor": actor, "request_id": request_id}
        return correcting.corrected(self._office, case, command, day, dry_run, telling)

    def reopen(self, case: str, *, reason: str, **telling: Unpack[By]) -> CaseView:
        """A case that was closed goes on where it stood: by whoever closed it, within the time that the policy gives.
        Raises NotReopenable, MayNotAct, ReasonMissing, ..."""
        return correcting.reopened(self._office, case, reason, telling)

    def known_on(self, day: date) -> Supervision:
        """The same for questions alone, answered by what was on record at the end of a day; today is that day.
        Commands raise RecordOnly. Raises FutureDay."""
        known = self._office.end(day)
        assert known is not None, "a day has an end"
        if day > self.today():
            raise FutureDay(day=day, today=self.today())
        return Supervision(self.policy, OnRecord(self.store, min(known, self.store.now())))

    def rename(self, case: str, to: str, *, reason: str = "", **telling: Unpack[ByAny]) -> CaseView:
        """Record that the organisation has another id now; it is found by all that it has had.

        Raises BadIdentity, IdTaken, IdMerged, CaseClosed, ...
        """
        return identity.rename(self._office, case, to, reason, self._office.of_any(telling))

    def same(self, case: str, other: str, *, reason: str, **telling: Unpack[ByAny]) -> CaseView:
        """Record that two cases are of one organisation: `other` is closed and leads to `case`, whose history has both.

        What `case` does not know yet, it knows from `other`; what was recorded of both is added up; it is routed anew.
        Raises NotMergeable, CaseClosed, ReasonMissing, TypeChanged, ...
        """
        return identity.same(self._office, case, other, reason, self._office.of_any(telling))

    # --- gates, records, groups ---

    def gate(self, case: str, gate: str, **telling: Unpack[By]) -> GateAnswer:
        """Ask whether an organisation may proceed. The answer is an event; asked again with the same request id it is
        the same, whatever has become known since.

        Raises UnknownGate, NotForGate, MissingFact (nothing is guessed), MayNotAct, ...
        """
        view, events = commands.execute_for(self._office, "gate", case, Ask(gate), telling)
        event = next(one for one in events if one.kind == EventKind.ASKED)
        found = self.policy.parts.gates.get(gate)
        if found is None:
            raise UnknownGate(gate=gate, known=suggested(gate, titles(self.policy.parts.gates)))
        facts = asked_context(self.policy, view.case, self.policy.day(event.at))
        rules = tuple(one for rule in event.rules for one in explained(self.policy, rule, facts))
        grounds = tuple(found.grounds[name] for name in event.grounds if name in found.grounds)
        return GateAnswer(found, event.answer or "", grounds, event.condition_due, rules, view, event)

    def tell(
        self,
        case: str,
        gate: str,
        outcome: str,
        *,
        value: str | None = None,
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[By],
    ) -> CaseView:
        """Report what came of a gate that was asked: it sets facts, meets obligations and moves the case. Outcomes that
        go in step take effect once all of them are told; until then the case owes the others.

        Raises UnknownGate, NotAsked, GateRefused, AlreadyTold, UnknownOutcome, EvidenceMissing, MayNotAct, ...
        """
        command = TellGate(gate, outcome, value, dict(evidence or {}))
        return commands.execute(self._office, "tell", case, command, telling)

    def record(
        self,
        case: str,
        kind: str,
        *,
        on: date | None = None,
        year: int | None = None,
        amount: Decimal | None = None,
        count: int | None = None,
        venue: str | None = None,
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[By],
    ) -> CaseView:
        """Record that something took place `on` a day (default: that of the event), for a `year` (default: that day's):
        for how many, how much money (in whole hundredths), at which venue; as its kind asks.

        Raises UnknownRecord, BadRecord, UnknownVenue, NotRecordable, EvidenceMissing, MayNotAct, ...
        """
        command = Record(kind, on, year, amount, count, venue, dict(evidence or {}))
        return commands.execute(self._office, "record", case, command, telling)

    def strike(self, case: str, seq: int, *, reason: str, **telling: Unpack[By]) -> CaseView:
        """Take back a record that was wrong, by the number of its event; both stay in the history. Raises NotRecorded,
        ReasonMissing, MayNotAct, ..."""
        return records.strike(self._office, case, seq, reason, telling)

    def erase(
        self, case: str, seq: int, *, reason: str, texts: Collection[str] = (), **telling: Unpack[By]
    ) -> CaseView:
        """Erase what an office wrote of an event, by its number: `texts` are codes of evidence, or 'reason' (default:
        all of it), in whatever was decided anew or carried on since too. The event keeps salted hashes of them; the
        requests that carried them are erased with them.

        Raises NotErasable for what is not there, was erased or was recorded before texts were kept beside events;
        ReasonMissing, MayNotAct, ...
        """
        return erasing.erased(self._office, case, seq, texts, reason, telling)

    def expire(self, *, when: datetime | date | None = None, dry_run: bool = False) -> Expiry:
        """Erase the texts of cases that were closed longer ago than the policy's `retention` keeps them, each in a
        transaction of its own; with `dry_run` say which. Raises NoRetention."""
        return erasing.expired(self._office, when, dry_run)

    def found(
        self,
        organization: Organization,
        members: Sequence[str],
        *,
        kind: str | None = None,
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[By],
    ) -> CaseView:
        """Open the case of a group together with its first members, or nothing of it. Raises TooFewMembers and what
        `register` and `join` raise."""
        return groups.found(self._office, organization, members, kind, dict(evidence or {}), telling)

    def join(
        self,
        case: str,
        group: str,
        *,
        kind: str | None = None,
        evidence: Mapping[str, str] | None = None,
        **telling: Unpack[By],
    ) -> CaseView:
        """Make a case's organisation a member of the group whose case `group` is; `kind` need only be given where the
        policy has several kinds of groups of its type. Both cases keep it as an event.

        Raises UnknownGroup, NotAGroup, NotEligible, AlreadyMember, GroupFull, MayNotAct, ...
        """
        return groups.join(self._office, case, group, kind, dict(evidence or {}), telling)

    def leave(
        self, case: str, group: str, *, kind: str | None = None, reason: str = "", **telling: Unpack[By]
    ) -> CaseView:
        """The organisation is a member no longer. A group that has too few left is dissolved, and all leave it.

        Raises NotMember, MayNotAct, ...
        """
        return groups.leave(self._office, case, group, kind, reason, telling)

    @property
    def intake(self) -> intake.Intake:
        """Registers that are imported as one, what is parked, and imports that are undone."""
        return intake.Intake(self._office)

    # --- time ---

    def sweep(self, *, when: datetime | date | None = None, dry_run: bool = False, batch: int = 100) -> Swept:
        """Everything that time brings about by `when`: reminders, what is overdue and climbs, what fires by itself.

        Done again, or by several at once (on PostgreSQL each takes the cases that no other is at), it has one effect;
        stopped at any point, the next goes on from there. Each `batch` of cases is one transaction. Only cases on which
        something is due are touched. A case that was changed on a later day than `when` is left as it is.
        """
        return sweeping.sweep(self._office, when, dry_run, batch)

    def recount(self, *, when: datetime | date | None = None, dry_run: bool = False) -> list[CaseView]:
        """Count working days anew where years had to be assumed that the calendar knows by now; each change of a due
        date is an event. Returns the cases that changed, as they stand then."""
        return sweeping.recount_all(self._office, when, dry_run)

    # --- questions ---

    @property
    def wakes_by(self) -> Callable[[Case], date | None]:
        """Gives the last day on which the sweep may look next at a case as it stands today; None if it need not."""
        policy, today = self.policy, self.today()
        return lambda case: wakes_by(policy, case, today)

    def today(self, when: datetime | date | None = None) -> date:
        """What day it is for the policy."""
        return self._office.today(when)

    @property
    def top(self) -> str:
        """The body that has none above it."""
        return self.policy.places.top

    def checked(self, organization: Organization) -> Organization:
        """An organisation with its facts checked and its area by code. Raises UsageError."""
        return self._office.checked(organization)

    def try_out(self, organization: Organization, when: date | None = None) -> Placement | GuikouError:
        """What the rules say of an organisation, without keeping anything; why they say nothing, as a value."""
        return place(self.policy, self.checked(organization), self.today(when))

    def get(self, id: str, *, seen_by: str | None = None, as_of: date | None = None) -> CaseView:
        """One case, as of the end of a day. Raises UnknownCase, and NotVisible to a body that it is not below."""
        return listings.one_case(self._office, id, seen_by, as_of)

    def cases(
        self,
        *,
        blocker: str | None = None,
        text: str | None = None,
        closed: bool | None = None,
        suspended: bool | None = None,
        withdrawn: bool | None = False,
        order: str = "id",
        limit: int | None = None,
        after: str | None = None,
        **which: Unpack[Which],
    ) -> list[CaseView]:
        """Cases, as of a day's end; with `text`, those whose name or id has it; with `withdrawn`, those that count for
        nothing. Those that were merged into another are among the `closed` alone. For `order`, `limit` and `after` see
        Query. Raises UnknownChoice, UnknownBlocker, and UnknownCase for an `after` that there is not."""
        known_blocker(self.policy, blocker)
        known_order(order)
        if after is not None:
            after = listings.one_case(self._office, after, None, None).case.id
        asked = self._office.query(**which)
        query = replace(
            asked, merged=None if closed else False, blocker=blocker, text=text,
            closed=asked.closed if closed is None else closed, suspended=suspended,
            withdrawn=withdrawn, order=order, limit=limit, after=after,
        )  # fmt: skip
        return listings.views(self._office, query, which.get("as_of"))

    def count_cases(
        self,
        *,
        blocker: str | None = None,
        text: str | None = None,
        closed: bool | None = None,
        suspended: bool | None = None,
        withdrawn: bool | None = False,
        after: str | None = None,
        group: str | None = None,
        **which: Unpack[Which],
    ) -> int:
        """How many cases `cases` lists without a limit; with `group`, how many `members` does."""
        known_blocker(self.policy, blocker)
        if after is not None:
            after = listings.one_case(self._office, after, None, None).case.id
        asked = self._office.query(**which)
        query = replace(
            asked, merged=None if closed else False, blocker=blocker, text=text,
            closed=asked.closed if closed is None else closed, suspended=suspended,
            withdrawn=withdrawn, after=after, group=self._office.found(group).id if group is not None else None,
        )  # fmt: skip
        return self.store.count(query)

    def deadlines(
        self,
        *,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        since: date | None = None,
        before: date | None = None,
        order: str = "due",
        limit: int | None = None,
        **which: Unpack[Which],
    ) -> list[CaseView]:
        """What is due, on `since` or later and earlier than `before`: the deadlines of open cases, and their duties.

        `what` says which of the two; with `stage` it is the former, with `obligation` the duties of that name.
        `escalation`: climbed at least so many tiers. `as_of` may be a day to come: then as things stand now.
        """
        return listings.deadlines(self._office, what, obligation, escalation, since, before, order, limit, **which)

    def unscheduled(
        self, *, obligation: str | None = None, limit: int | None = None, **which: Unpack[Which]
    ) -> list[CaseView]:
        """What open cases owe, of one `obligation` or any, and nobody can say when, for want of the facts that each
        view's `unscheduled` names; by the cases' ids. Raises UnknownObligation."""
        return listings.unscheduled(self._office, obligation, limit, **which)

    def overdue(
        self,
        *,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        days: int = 1,
        limit: int | None = None,
        **which: Unpack[Which],
    ) -> list[CaseView]:
        """What is at least `days` days past its due date on a day (default today; a day to come: what will be, if
        nothing is done), worst first: cases, and duties of cases. The rest is as in `deadlines`."""
        before = listings.overdue_before(self.today(which.get("as_of")), days)
        return listings.deadlines(self._office, what, obligation, escalation, None, before, "due", limit, **which)

    def tally_overdue(
        self,
        groups: Sequence[str] = (),
        *,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        days: int = 1,
        **which: Unpack[Which],
    ) -> list[Tally]:
        """How much of what `overdue` lists there is, by `groups` (some of 'workflow', 'stage', 'responsible', 'area',
        'escalation'), by obligation and by days overdue, in no order: counted where it is kept. Raises UnknownChoice
        and what `overdue` raises."""
        return listings.tallied(self._office, groups, what, obligation, escalation, days, **which)

    def count_deadlines(
        self,
        *,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        since: date | None = None,
        before: date | None = None,
        **which: Unpack[Which],
    ) -> int:
        """How many `deadlines` lists without a limit."""
        return listings.count_deadlines(self._office, what, obligation, escalation, since, before, **which)

    def count_overdue(
        self,
        *,
        what: What = "all",
        obligation: str | None = None,
        escalation: int | None = None,
        days: int = 1,
        **which: Unpack[Which],
    ) -> int:
        """How many `overdue` lists without a limit."""
        before = listings.overdue_before(self.today(which.get("as_of")), days)
        return listings.count_deadlines(self._office, what, obligation, escalation, None, before, **which)

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
        return listings.inbox(self._office, body, limit, stage=stage, type=type, area=area, as_of=as_of)

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
        return listings.gates(self._office, gate, closed, limit, under=under, area=area, type=type, as_of=as_of)

    def members(self, group: str, *, as_of: date | None = None, limit: int | None = None) -> list[CaseView]:
        """The members of a group, as of a day's end. Raises UnknownCase."""
        return listings.members(self._office, group, as_of, limit)

    def obligation(self, name: str) -> Obligation:
        """An obligation of the policy. Raises UnknownObligation."""
        return listings.known_obligation(self._office, name)

    def records(self, case: str, *, as_of: date | None = None) -> list[Event]:
        """What was recorded of a case and still stands, at a day's end, oldest first. Raises UnknownCase."""
        return records.records(self._office, case, as_of)

    def remarks(self, case: str, *, as_of: date | None = None) -> list[Event]:
        """What was remarked on a case by a day's end, oldest first. Raises UnknownCase."""
        return history.remarks(self._office, case, as_of)

    def merged(self, case: str, *, as_of: date | None = None) -> list[Event]:
        """The events by which other cases were found to be the same organisation, by a day's end, oldest first: `same`
        says which. Raises UnknownCase."""
        return history.merged(self._office, case, as_of)

    def history(self, id: str) -> list[Event]:
        """Everything that happened to a case, checked against its hashes. Raises UnknownCase and BrokenChain."""
        return history.history(self._office, id)

    def lineage(self, id: str) -> list[Event]:
        """The history of a case together with that of those that it carries on, oldest first. Raises UnknownCase and
        BrokenChain."""
        return history.lineage(self._office, id)

    def explain(self, id: str, *, as_of: date | None = None) -> Explanation:
        """Which row of which table placed a case where it is, cell by cell, under the policy of that time, and which
        event brought it to the state in which it stands; at a day's end (default: now)."""
        return history.explain(self._office, id, as_of)

    # --- numbers over many cases ---

    def indicator(
        self, name: str, *, by: str | None = None, least: int | None = None, **scope: Unpack[Scope]
    ) -> list[Measure]:
        """An indicator of the policy, of all and of each group by `by` (one of those that it can be grouped by).
        `least` is from how many on a group is large, where the indicator is about the large.

        Raises UnknownIndicator, NotGroupedBy.
        """
        return self._counting.indicator(name, by, least, **scope)

    def indicators(self, **scope: Unpack[Scope]) -> list[Measure]:
        """All indicators of the policy, each of all together."""
        return self._counting.indicators(**scope)

    def trend(
        self, name: str, days: Sequence[date], *, under: str | None = None, area: str | None = None
    ) -> list[tuple[date, Measure]]:
        """An indicator of all, at the end of each of some days that have come; every history is read once. Not for
        those that count events, supports or growth. Raises UnknownIndicator, NotGroupedBy."""
        return self._counting.trend(name, days, under=under, area=area)

    def scorecard(self, body: str, year: int, *, territory: bool = False, as_of: date | None = None) -> YearReport:
        """A body's report of a year: the policy's scorecard for what it and all below it answer for or, with
        `territory`, for all that lies in its area, at the year's end, or at the end of `as_of` (default today) where
        that is earlier. What was recorded for the year since is counted.

        Raises UnknownIndicator for a policy without a scorecard, FutureDay for a year to come.
        """
        return self._counting.scorecard(body, year, territory=territory, as_of=as_of)

    def population(self, indicators: Sequence[Indicator], **scope: Unpack[Scope]) -> Population:
        """What some indicators are computed from; `measure` computes them. Raises UnknownBody, UnknownArea."""
        return self._counting.population(indicators, **scope)

    def support(
        self,
        year: int,
        *,
        what: str | None = None,
        under: str | None = None,
        area: str | None = None,
        case: str | None = None,
        lacking: bool = False,
        as_of: date | None = None,
        limit: int | None = None,
    ) -> list[Supported]:
        """The supports that organisations may have for a year, of a body and all below it: by the facts on the day of
        the year that the policy says (or today, while that is to come), with what was paid or given by the end of
        `as_of`; with `lacking`, only what is outstanding. In the order of the cases' ids.

        Raises UnknownSupport, UnknownCase.
        """
        return self._counting.support(
            year, what=what, under=under, area=area, case=case, lacking=lacking, as_of=as_of, limit=limit
        )

    def venues(self, *, year: int, area: str | None = None) -> list[VenueUse]:
        """The venues of an area and all within it, with who used each in a year. Raises UnknownArea."""
        return self._counting.venues(year=year, area=area)
