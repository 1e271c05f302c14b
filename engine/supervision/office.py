"""A policy at work on a store: what every command and every question of `Supervision` starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Required, TypedDict

from ..cases.case import Case, Organization
from ..cases.fold import as_at
from ..dates.instants import day_end, instant
from ..dates.working_days import CALENDARS
from ..decide.again import Known
from ..decide.happening import Stamp
from ..errors import BodyNotThen, FutureDay, NotOpenedThen, OnlyParked, RecordOnly, UnknownCase
from ..policy.files.load import parse
from ..policy.policy import Policy
from ..policy.workflow import SWEEP
from ..text import Title, is_blank, with_titles
from .asked import known_stage, known_type, look_at_organization
from .door import NAME, let_in_id, let_in_name
from .imported import Parked
from .naming import near_cases, near_parked
from .query import Query
from .store import Store
from .views import CaseView


class Telling(TypedDict, total=False):
    """Who tells a command, and when.

    `actor`: the account of the office (default: the body itself). `when`: when it takes effect; a date (its noon in the
    policy's time zone; today is now) or a datetime with an offset (default: now, by the store's clock). `request_id`: a
    name of the caller's for this command; given twice, it has one effect and the same answer, and RequestReused is
    raised where the command is another. `late`: why it is told late; then what took effect since is decided anew where
    it rests on it (default: it is refused, TimeRunsBack).
    """

    actor: str | None
    when: datetime | date | None
    request_id: str | None
    late: str | None


class By(Telling):
    """Besides, the body that acts."""

    by: Required[str]


class ByAny(Telling, total=False):
    """Besides, the body that acts (default: the top of the bodies' tree)."""

    by: str | None


class Which(TypedDict, total=False):
    """Which cases: at a stage (or 'stage.step'), of a type, of a body and all below it (its own, those of which it is
    the hub, those that were escalated to it), in an area and all within it; `as_of` a day's end (default: now)."""

    stage: str | None
    type: str | None
    under: str | None
    area: str | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Office:
    policy: Policy
    store: Store

    def today(self, when: datetime | date | None = None) -> date:
        """What day it is for the policy."""
        if when is None:
            return self.policy.day(self.store.now())
        return self.policy.day(when) if isinstance(when, datetime) else when

    def instant(self, when: datetime | date | None, now: datetime) -> datetime:
        """What `when` means; today is now, so that what happens later today is not before it. Raises NaiveDatetime."""
        today = not isinstance(when, datetime) and when == self.policy.day(now)
        return now if when is None or today else instant(when, self.policy.zone)

    def known(self) -> Known:
        """What a history is decided anew by: the policies that were kept, and other cases as they stood."""
        return Known(self.policy_of, lambda id, at: self.store.get(id, at), self._after)

    def _after(self, id: str, hash: str) -> Case | None:
        """A case as it stood after the event with a hash."""
        events = self.store.events(id)
        ends = [at for at, event in enumerate(events, 1) if event.hash == hash]
        return as_at(events[: ends[0]]) if ends else None

    def policy_of(self, digest: str) -> Policy | None:
        """The policy that was active when something was decided; None where it was not kept."""
        if digest == self.policy.digest:
            return self.policy
        files = self.store.policy_files(digest)
        own = {**CALENDARS, self.policy.working.name: lambda: self.policy.working.calendar}
        return parse(files, calendars=own, proved=True) if files else None

    def end(self, as_of: date | None) -> datetime | None:
        """The end of a day; None for now."""
        return day_end(as_of, self.policy.zone) if as_of else None

    def stamp(
        self,
        *,
        by: str,
        actor: str | None = None,
        when: datetime | date | None = None,
        request_id: str | None = None,
        late: str | None = None,
    ) -> Stamp:
        """Raises UnknownBody, NaiveDatetime, FutureDay, and BodyNotThen for a body that has ended or not begun."""
        now = self.store.now()
        at = self.come(when, now)
        places, day = self.policy.places, self.policy.day(at)
        body = places.body(by)
        if not body.exists_on(day):
            chain = places.on(day).chain(body.id)
            instead = with_titles({one.id: one.title for one in chain[:1]})
            raise BodyNotThen(body=body.title, day=day, instead=instead)
        return Stamp(
            at,
            now,
            body.id,
            actor or body.id,
            request_id,
            exact=isinstance(when, datetime),
            late="" if late is None or is_blank(late) else late,
            salt=self.store.salt(),
        )

    def stamp_of_time(self, case: Case, at: datetime, now: datetime) -> Stamp:
        """That of what time itself brings about: who answers for the case did it, and what happened to it later on the
        same day happened before."""
        acting = self.policy.places.acting_id(case.responsible, self.policy.day(at))
        return Stamp(max(at, case.updated_at), now, acting, SWEEP, salt=self.store.salt())

    def come(self, when: datetime | date | None, now: datetime) -> datetime:
        """The same for what is to be kept. Raises FutureDay: what happened on a day to come could only be forgotten by
        those that look at today."""
        at = self.instant(when, now)
        if at > now and (isinstance(when, datetime) or self.policy.day(at) > self.policy.day(now)):
            shown = (at.astimezone(self.policy.zone), now.astimezone(self.policy.zone))
            days = tuple(one.date() for one in shown)
            if days[0] == days[1]:
                raise FutureDay(day=shown[0].isoformat(" ", "seconds"), today=shown[1].isoformat(" ", "seconds"))
            raise FutureDay(day=days[0], today=days[1])
        return at

    def of_any(self, telling: ByAny) -> By:
        """The top of the bodies' tree acts where no body is named."""
        return {**telling, "by": telling.get("by") or self.policy.places.top}

    def ids(self, written: str) -> Iterator[str]:
        """The ids that one may be written for: itself and then, for who asks further, its normal form."""
        yield written
        normal = self.policy.identity.normal(written)
        if normal != written:
            yield normal

    def find(self, id: str, as_of: date | None = None) -> Case | None:
        """The case of an id, at a day's end: in whatever width or case it is written; also by one that the organisation
        had before, and by that of another case that proved to be of the same organisation."""
        at = self.end(as_of)
        return self.among(id, lambda one: self.store.get(one, at), self.store.alias)

    def among(self, id: str, case: Callable[[str], Case | None], alias: Callable[[str], str | None]) -> Case | None:
        """The same among cases that are read so."""
        found = self.having(id, case, alias)
        while found is not None and found.same_as is not None:
            found = case(found.same_as)
        return found

    def having(self, id: str, case: Callable[[str], Case | None], alias: Callable[[str], str | None]) -> Case | None:
        """The case whose own id it is or was, though it may have been merged into another."""
        for one in self.ids(id):
            found = case(one)
            if found is None and (other := alias(one)) is not None:
                found = case(other)
            if found is not None:
                return found
        return None

    def found(self, id: str, as_of: date | None = None) -> Case:
        """The same. Raises UnknownCase."""
        case = self.find(id, as_of)
        if case is None:
            if as_of is not None:
                raise self.no_case_then(id, as_of)
            waiting = self.store.parked(id=self.policy.identity.normal(id))
            raise self.no_case(id, waiting[0] if waiting else None)
        return case

    def no_case_then(self, id: str, day: date) -> UnknownCase:
        """Why there is no case of an id at a day's end: it may have been opened later."""
        now = self.find(id)
        events = self.store.events(now.id) if now is not None else []
        since = min((self.policy.day(event.at) for event in events), default=day)
        return NotOpenedThen(case=id, day=day, since=since) if since > day else self.no_case(id, None)

    def no_case(self, id: str, waiting: Parked | None) -> UnknownCase:
        """Why there is no case of an id; where no case is near it, what is near among all that is parked."""
        if waiting is None:
            known = near_cases(self.store, id)
            with suppress(RecordOnly):  # what was parked is not told of a day's record
                if not known.zh and (parked := near_parked(self.store.parked(), id)).zh:
                    known = Title(f"{parked.zh}（暂存）", f"{parked.en} (parked)")
            return UnknownCase(case=id, known=known)
        ever = {one.number: one for one in self.store.parked(id=waiting.id, state=None)}
        since = waiting.first(ever).since(self.store.imports())
        return OnlyParked(case=id, since=self.policy.day(since), lacks=waiting.lacks)

    def own_id(self, written: str) -> str:
        """An organisation's id as it is kept: in its normal form, unless a case has it as it is written. Raises
        BadText and NotCanonical."""
        normal = self.policy.identity.normal(let_in_id(written))
        return normal if normal == written or self.store.get(written) is None else written

    def facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Facts that are told now, each checked. Raises NotAFact, BadFact and NotCanonical."""
        return self.policy.vocabulary.check(facts, self.today())

    def checked(self, organization: Organization) -> Organization:
        """An organisation with its id in its normal form, its facts checked and its area by code. Raises UsageError."""
        id = self.own_id(organization.id)
        let_in_name(NAME, organization.name)
        look_at_organization(organization)
        facts = self.facts(organization.facts)
        return replace(organization, id=id, area=self.policy.places.area(organization.area).code, facts=facts)

    def view(self, case: Case, at: datetime) -> CaseView:
        return CaseView(case, self.policy, self.policy.day(at))

    def bodies_under(self, under: str, as_of: date | None = None) -> frozenset[str]:
        """The bodies whose cases are a body's own or below it on a day. Raises UnknownBody."""
        places = self.policy.places
        return places.on(self.today(as_of)).under(places.body(under).id)

    def query(
        self,
        *,
        stage: str | None = None,
        type: str | None = None,
        under: str | None = None,
        area: str | None = None,
        as_of: date | None = None,
    ) -> Query:
        """Those in a stage that isn't final are open ones: who was merged in it isn't in it. Raises UnknownBody,
        UnknownArea and, for a stage or a type, UnknownChoice."""
        known_stage(self.policy, stage)
        known_type(self.policy, type)
        places = self.policy.places
        return Query(
            stages=frozenset([stage]) if stage and "." not in stage else None,
            states=frozenset([stage]) if stage and "." in stage else None,
            types=frozenset([type]) if type else None,
            closed=False if stage and self._is_open(stage) else None,
            responsible=self.bodies_under(under, as_of) if under is not None else None,
            involved=under is not None,
            areas=places.within(area),
            as_of=self.end(as_of),
        )

    def _is_open(self, stage: str) -> bool:
        """Whether no flow closes a case by leading it into a stage or a state."""
        states = [one for flow in self.policy.workflows.values() for one in flow.states.values()]
        return not any(one.final for one in states if stage in (one.name, one.stage))
