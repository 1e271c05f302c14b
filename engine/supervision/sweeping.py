"""Everything that time brings about, over all cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from ..cases.case import Case
from ..cases.events import Event
from ..cases.fold import follow
from ..decide.due.wake import wake
from ..decide.happening import Stamp
from ..decide.recount import recount
from ..decide.sweep import ticked
from ..errors import CaseChanged, Damaged, GuikouError, StoreContended
from ..policy.workflow import SWEEP
from .keeping import Keeping
from .office import Office
from .query import Query
from .retrying import TRIES, transacted
from .soundness import sound
from .store import FIRST, Woken
from .views import CaseView, Swept


def sweep(office: Office, when: datetime | date | None, dry_run: bool, batch: int) -> Swept:
    """Each `batch` of cases is one transaction; only cases on which something is due are touched."""
    policy, now = office.policy, office.store.now()
    at = office.instant(when, now) if dry_run else office.come(when, now)
    today = policy.day(at)
    done: list[tuple[CaseView, Event]] = []
    failed: list[tuple[str, GuikouError]] = []
    aside: list[str] = []
    cases, after, tries = 0, FIRST, 1
    while True:
        woken: Sequence[Woken] = ()
        apart: list[str] = []
        some: list[tuple[CaseView, Event]] = []
        left: list[tuple[str, GuikouError]] = []
        later: list[str] = []
        try:
            with office.store.transaction() as work:
                keeping, woken = Keeping(office, work), work.woken(today, batch, after)
                now = office.store.now()  # once they are held: nobody else tells of them later and is kept before
                for _, id, case in woken:
                    if isinstance(case, Damaged):
                        left.append((id, case))
                        continue
                    if policy.day(case.updated_at) > today:
                        later.append(case.organization)
                        continue
                    found = _ticked(office, case, at, now)
                    if isinstance(found, GuikouError):
                        left.append((case.organization, found))
                    elif found.concerns_others:
                        apart.append(id)
                    else:
                        some += found.kept(keeping)
                if not dry_run:
                    work.commit()
        except (Damaged, CaseChanged, StoreContended) as error:  # of one of them: each by itself then
            if isinstance(error, StoreContended) and not woken and tries < TRIES:
                tries += 1
                continue
            if not woken:
                raise
            some, later = [], []
            left = [(id, case) for _, id, case in woken if isinstance(case, Damaged)]
            apart = [id for _, id, case in woken if not isinstance(case, Damaged)]
        done, failed, aside = done + some, failed + left, aside + later
        for id in apart:
            try:
                outcome = transacted(office, [id], partial(_alone, id, at, dry_run))
            except (Damaged, CaseChanged, StoreContended) as error:
                outcome = error
            if isinstance(outcome, GuikouError):
                failed.append((id, outcome))
            else:
                done += outcome
        if not woken:
            return Swept(today, cases, tuple(done), tuple(failed), len(aside), tuple(aside))
        cases += len(woken)
        after = woken[-1][:2]


@dataclass(frozen=True, slots=True)
class _Ticked:
    """What a sweep brings about for a case, which it was `before`."""

    before: Case
    case: Case
    events: tuple[Event, ...]
    today: date

    @property
    def concerns_others(self) -> bool:
        """Whether members or groups of the case may have to be changed with it: these are held with it from the
        beginning on, in a transaction of its own."""
        if not self.before.groups and not self.before.members:
            return False
        closes = self.case.closed and not self.before.closed
        return closes or (self.before.members > 0 and self.before.facts != self.case.facts)

    def kept(self, keeping: Keeping) -> list[tuple[CaseView, Event]]:
        policy = keeping.policy
        following = wake(policy, self.case, self.today)
        # Looked at today, it is not looked at again today, whatever is left.
        if following is not None and following <= self.today:
            following = self.today + timedelta(days=1)
        if self.events:
            keeping.append(self.before, self.case, self.events, following)
        else:
            keeping.work.rest(self.case.id, following, policy.digest)
        view = CaseView(self.case, policy, self.today)
        return [(replace(view, obligation=event.concerns), event) for event in self.events]


def _alone(id: str, at: datetime, dry_run: bool, keeping: Keeping) -> GuikouError | list[tuple[CaseView, Event]]:
    """A case swept in a transaction of its own; somebody else may have changed it, or swept it, since it was seen."""
    office, case = keeping.office, keeping.standing(id)
    if keeping.policy.day(case.updated_at) > keeping.policy.day(at):
        return []
    found = _ticked(office, case, at, office.store.now())
    if isinstance(found, GuikouError):
        return found
    done = found.kept(keeping)
    if not dry_run:
        keeping.work.commit()
    return done


def _ticked(office: Office, case: Case, at: datetime, now: datetime) -> GuikouError | _Ticked:
    policy = office.policy
    today = policy.day(at)
    try:
        sound(policy, case)
    except Damaged as error:
        return error
    found = ticked(policy, case, office.stamp_of_time(case, at, now))
    return found if isinstance(found, GuikouError) else _Ticked(case, found[1], found[0], today)


def recount_all(office: Office, when: datetime | date | None, dry_run: bool) -> list[CaseView]:
    """Working days counted anew where years had to be assumed that the calendar knows by now."""
    policy, now = office.policy, office.store.now()
    at = office.instant(when, now) if dry_run else office.come(when, now)
    day = policy.day(at)

    def counted(id: str, keeping: Keeping) -> CaseView | None:
        before = keeping.own(id)
        if before is None or before.updated_at > at:
            return None
        acting = policy.places.acting_id(before.responsible, day)
        events = recount(policy, before, Stamp(at, office.store.now(), acting, SWEEP))
        after = follow(before, events)
        assert after is not None, "a case does not cease"
        if events and not dry_run:
            keeping.keep(before, after, events)
            keeping.work.commit()
        return CaseView(after, policy, day) if events else None

    found = [case.id for case in office.store.cases(Query(assumed=True, closed=False))]
    every = [transacted(office, [id], partial(counted, id)) for id in found]
    return [one for one in every if one is not None]
