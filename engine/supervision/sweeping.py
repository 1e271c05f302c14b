"""Everything that time brings about, over all cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from ..cases.case import Case
from ..cases.events import Event
from ..cases.fold import follow
from ..decide.due.wake import wake
from ..decide.happening import Stamp
from ..decide.recount import recount
from ..decide.sweep import tick
from ..errors import GuikouError
from ..policy.workflow import SWEEP
from .keeping import Keeping
from .office import Office
from .query import Query
from .views import CaseView, Swept


def sweep(office: Office, when: datetime | date | None, dry_run: bool, batch: int) -> Swept:
    """Each `batch` of cases is one transaction; only cases on which something is due are touched."""
    policy, now = office.policy, office.store.now()
    at = office.instant(when, now) if dry_run else office.come(when, now)
    today = policy.day(at)
    done: list[tuple[CaseView, Event]] = []
    failed: list[tuple[str, GuikouError]] = []
    cases, ahead, after = 0, 0, (date.min, "")
    while True:
        with office.store.transaction() as work:
            keeping = Keeping(office, work)
            woken = work.woken(today, batch, after)
            for _, seen in woken:
                # Whoever closed before it may have dissolved a group of which it was a member.
                case = keeping.standing(seen.id) if seen.groups or seen.members else seen
                if policy.day(case.updated_at) > today:
                    ahead += 1
                    continue
                outcome = _tick(keeping, case, at, now)
                if isinstance(outcome, GuikouError):
                    failed.append((case.organization, outcome))
                else:
                    done += outcome
            if not dry_run:
                work.commit()
        if not woken:
            return Swept(today, cases, tuple(done), tuple(failed), ahead)
        cases += len(woken)
        after = (woken[-1][0], woken[-1][1].id)


def _tick(keeping: Keeping, case: Case, at: datetime, now: datetime) -> GuikouError | list[tuple[CaseView, Event]]:
    policy = keeping.policy
    today = policy.day(at)
    # What happened later on the same day happened before the sweep looked.
    stamp = Stamp(max(at, case.updated_at), now, policy.places.acting_id(case.responsible, today), SWEEP)
    decision = tick(policy, case, stamp)
    if isinstance(decision, GuikouError):
        return decision
    followed = follow(case, decision)
    assert followed is not None, "a case does not cease"
    # Looked at today, it is not looked at again today, whatever is left.
    following = wake(policy, followed, today)
    if following is not None and following <= today:
        following = today + timedelta(days=1)
    if decision:
        keeping.append(case, followed, decision, following)
    else:
        keeping.work.rest(case.id, following, policy.digest)
    view = CaseView(followed, policy, today)
    return [(replace(view, obligation=event.concerns), event) for event in decision]


def recount_all(office: Office, when: datetime | date | None, dry_run: bool) -> list[CaseView]:
    """Working days counted anew where years had to be assumed that the calendar knows by now."""
    policy, now = office.policy, office.store.now()
    at = office.instant(when, now) if dry_run else office.come(when, now)
    day = policy.day(at)
    changed = []
    for case in office.store.cases(Query(assumed=True, closed=False)):
        with office.store.transaction() as work:
            before = work.case(case.id)
            if before is None or before.updated_at > at:
                continue
            acting = policy.places.acting_id(before.responsible, day)
            events = recount(policy, before, Stamp(at, now, acting, SWEEP))
            after = follow(before, events)
            assert after is not None, "a case does not cease"
            if events:
                changed.append(CaseView(after, policy, day))
            if events and not dry_run:
                Keeping(office, work).keep(before, after, events)
                work.commit()
    return changed
