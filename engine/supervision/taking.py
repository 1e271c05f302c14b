"""One organisation taken in, as a row of a register or an integrator says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..cases.case import Case, Organization
from ..cases.events import EventKind, counting
from ..decide.decide import Command
from ..decide.happening import Stamp
from ..decide.identity import not_seen
from ..decide.intake import Register, Report, classified, excluded, missing, place
from ..decide.roles import stands_over
from ..errors import (
    AlreadyOpen,
    BadFact,
    GuikouError,
    MayMissFact,
    MissingFact,
    MissingValue,
    NoSuchTier,
    StoreError,
)
from ..policy.synonyms import OWN
from .commands import kept, organization_said
from .door import NAME, let_in_name
from .imported import Fault, Parked, RowRead, Taken
from .keeping import Keeping
from .office import Office

#: What may be supplied later: the rest of what is wrong with a row has to be corrected where it comes from.
LACKING = (MissingFact, MayMissFact, NoSuchTier, MissingValue)


@dataclass(frozen=True, slots=True)
class Taking:
    """Organisations taken in by somebody at an instant, in one transaction; `when` is what was said of the instant."""

    office: Office
    keeping: Keeping
    stamp: Stamp
    when: datetime | date | None

    def take(self, row: RowRead, park: bool) -> Taken:
        """What becomes of a row: it is registered, or reported of the case that there is; what is parked under its id
        is completed by it, and where that still lacks something, with `park` it is parked.

        Raises StoreError and AlreadyOpen where somebody else is at it: whatever else is refused is the row's own.
        """
        if row.id is None:
            return Taken(row, "rejected", faults=row.faults or (missing_value("id"),))
        row = self._identified(row)
        if any(not isinstance(one, LACKING) for one in row.faults):
            return Taken(row, "rejected", faults=(*row.faults, *self._besides(row)))
        try:
            case = self.keeping.case(row.id or "")
            if case is not None and case.withdrawn is None:
                return self._reported(row, case, park)
            return self._registered(row, case, park)
        except (StoreError, AlreadyOpen):  # the latter: somebody else opened it meanwhile
            raise
        except GuikouError as error:
            return Taken(row, "rejected", faults=(error,))

    def _identified(self, row: RowRead) -> RowRead:
        """The row with its id in its normal form; what is wrong with that is one of its faults."""
        policy = self.office.policy
        try:
            id = self.office.own_id(row.id or "")
            if row.name is not None:
                let_in_name(NAME, row.name)
        except GuikouError as error:
            return replace(row, faults=(*row.faults, error))
        row = replace(row, id=id)
        if self.keeping.case(id) is not None:
            return row  # whatever it is, it is the one that was taken in under it
        fault = policy.identity.fault(classified(policy, row.facts), id)
        return row if fault is None else replace(row, faults=(*row.faults, fault))

    def _besides(self, row: RowRead) -> Iterator[GuikouError]:
        """Why the policy takes no such new organisation in, or else what it lacks, besides what is wrong of it: all is
        told at once, as far as it can be."""
        if row.id is not None and self.keeping.case(row.id) is not None:
            return
        with suppress(GuikouError):  # what is wrong is told already
            if refused := excluded(self.office.policy, self.office.facts(row.facts)):
                yield refused
                return
        if row.area is None:
            return
        vocabulary = self.office.policy.vocabulary
        wrong = {one.details["fact"] for one in row.faults if isinstance(one, BadFact)}
        with suppress(GuikouError):  # what is wrong is told already
            for one in self.lacks(row):
                keys = one.details.get("keys", ())
                if isinstance(one, MissingFact) and not any(vocabulary.title(key) in wrong for key in keys):
                    yield one

    def _reported(self, row: RowRead, case: Case, park: bool) -> Taken:
        if row.faults and not park:  # what the case has already, it need not be told again
            return Taken(row, "rejected", case, faults=row.faults)
        facts = self.office.facts(row.facts)
        area = self.office.policy.places.area(row.area).code if row.area is not None else None
        command = Report(news(self.office, case, facts), row.name, area)
        tells = command.facts or row.name not in (None, case.name) or area not in (None, case.area)
        if tells and (hidden := self._hidden(case)) is not None:
            return Taken(row, "rejected", case, faults=(hidden,))
        said = {"name": row.name, "area": area, "facts": command.facts}
        after, changed = self._done(case, command, "report", said)
        return Taken(row, "changed" if changed else "unchanged", after, case.revision, changed=changed)

    def _hidden(self, case: Case) -> GuikouError | None:
        """Why the body may not tell of a case: it doesn't see it, nor took it in, as a registry does for others."""
        policy = self.office.policy
        hidden = not_seen(policy, case, self.stamp)
        if hidden is None:
            return None
        opened_by = self.office.store.events(case.id)[0].body
        return None if stands_over(policy, self.stamp.body, opened_by, policy.day(self.stamp.at)) else hidden

    def _registered(self, row: RowRead, withdrawn: Case | None, park: bool) -> Taken:
        waiting = self.keeping.waiting(row.id or "")
        whole = merged(waiting, row)
        found = self.found(whole)
        if not isinstance(found, Register):
            if not park:
                return Taken(row, "rejected", faults=found)
            return Taken(row, "parked", parked=self.park(whole, waiting, found, row.line).number, faults=found)
        case = self.register(found, withdrawn)
        before = withdrawn.revision if withdrawn is not None else 0
        return Taken(row, "opened", case, before, waiting.number if waiting is not None else None, changed=True)

    def lacks(self, row: RowRead) -> tuple[GuikouError, ...]:
        """All that is lacking for it to be routed. Raises what else is wrong with it."""
        found = self.found(row)
        return () if isinstance(found, Register) else found

    def found(self, row: RowRead) -> Register | tuple[GuikouError, ...]:
        """How it is registered, or all that is lacking for it. Raises what else is wrong with it."""
        policy, day = self.office.policy, self.office.policy.day(self.stamp.at)
        absent = tuple(missing_value(name) for name in ("name", "area") if getattr(row, name) is None)
        if row.area is None:
            top = next(area.code for area in policy.places.areas.values() if area.parent is None)
            organization = self.office.checked(_organization(row, top))
            if refused := excluded(policy, organization.facts):
                raise refused
            # Whatever else depends on where it lies is not known yet.
            return absent + tuple(one for one in missing(policy, organization, day) if isinstance(one, MissingFact))
        organization = self.office.checked(_organization(row, row.area))
        placed = place(policy, organization, day)
        if isinstance(placed, MissingFact):
            return absent + (missing(policy, organization, day) or (placed,))
        if isinstance(placed, GuikouError):
            if not isinstance(placed, LACKING):
                raise placed
            return (*absent, placed)
        return absent or Register(organization, placed=placed)

    def register(self, command: Register, withdrawn: Case | None) -> Case:
        """Open its case. Raises what the rules refuse."""
        return self._done(withdrawn, command, "register", organization_said(command.organization))[0]

    def park(
        self, whole: RowRead, waiting: Parked | None, lacking: tuple[GuikouError, ...], line: int | None = None
    ) -> Parked:
        """Park it, in the place of what waits under its id; what says the same again stays as it is."""
        faults = tuple(Fault.of(one) for one in lacking)
        says = whole.says()
        if waiting is not None and (waiting.says, waiting.faults) == (says, faults):
            return waiting
        stamp = self.stamp
        one = Parked(
            0, whole.id or "", whole.given, says, faults, stamp.actor, stamp.body, stamp.recorded_at,
            source=self.keeping.importing, line=line, replaces=waiting.number if waiting is not None else None,
        )  # fmt: skip
        return self.keeping.park(one, waiting)

    def _done(self, before: Case | None, command: Command, kind: str, said: Mapping[str, Any]) -> tuple[Case, bool]:
        after, events = self.keeping.decided(before, command, self.stamp)
        if events:
            known = len(self.keeping.events)
            self.keeping.keep(before, after, events)
            request = kept(kind, after, said, self.stamp, self.when)
            self.keeping.work.remember(request, self.keeping.events[known:])
        return after, bool(events)


def missing_value(name: str) -> MissingValue:
    return MissingValue(what=OWN[name], key=name)


def merged(waiting: Parked | None, row: RowRead) -> RowRead:
    """What is parked together with what a row says, which is the newer."""
    if waiting is None:
        return row
    return replace(
        row,
        name=row.name if row.name is not None else waiting.name,
        area=row.area if row.area is not None else waiting.area,
        facts={**waiting.facts, **row.facts},
        faults=(),
        given={**waiting.given, **row.given},
    )


#: Stands for a name that is not known yet where the rest of an organisation is looked at.
_NAMELESS = "-"


def _organization(row: RowRead, area: str) -> Organization:
    name = row.name if row.name is not None else _NAMELESS
    return Organization(row.id or "", name, row.area if row.area is not None else area, row.facts)


def news(office: Office, case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Of the facts that differ from the case's, those that also differ from what was reported last."""
    differing = {name: value for name, value in facts.items() if case.facts.get(name, ...) != value}
    if not differing:
        return {}
    said: dict[str, Any] = {}
    for event in counting(office.store.events(case.id)):
        if event.kind in (EventKind.OPENED, EventKind.REPORTED):
            said |= event.facts
    return {name: value for name, value in differing.items() if said.get(name, ...) != value}
