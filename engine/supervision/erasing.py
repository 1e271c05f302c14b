"""Texts that should not be there, erased: by whoever told them, and when the policy no longer keeps them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from ..cases.case import Case
from ..cases.events import Event, effective
from ..cases.fold import follow
from ..decide.due.wake import wake
from ..decide.erasing import Erase, all_of, chosen, erase, forbidden, to_erase
from ..decide.happening import Stamp, without_request
from ..errors import GuikouError, NoRetention, NotErasable, ReasonMissing
from ..text import Title, brief, is_blank
from .commands import carry_out
from .keeping import Keeping
from .office import Office
from .retrying import transacted
from .views import CaseView


@dataclass(frozen=True, slots=True)
class Expired:
    """A case that was closed on a day, and whose `texts` (how many) were kept until another."""

    view: CaseView
    closed: date
    until: date
    texts: int

    __repr__ = brief("closed", "until", "texts")

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        case = self.view.case
        return {
            "case": case.organization, "name": case.name, "closed": self.closed.isoformat(),
            "until": self.until.isoformat(), "texts": self.texts,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expiry:
    """What was, or would be, erased since it is kept no longer, the longest first; `failed` are cases by id of which
    it could not be, with why."""

    expired: tuple[Expired, ...]
    failed: tuple[tuple[str, GuikouError], ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "expired": [one.to_dict() for one in self.expired],
            "failed": [{"case": id, "error": error.to_dict()} for id, error in self.failed],
        }


def erased(
    office: Office, case: str, seq: int, texts: Collection[str], reason: str, telling: Mapping[str, Any]
) -> CaseView:
    """Erase texts of an event, and their like in what was decided anew or carried on since."""
    if is_blank(reason):
        raise ReasonMissing(trigger=Title("擦除文字", "erase texts"))
    codes = sorted(set(texts))

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        own = keeping.own(office.policy.identity.normal(case)) or keeping.standing(case)
        if own.same_as is None:
            own = keeping.standing(case)
        history = keeping.history(own.id)
        event = next((one for one in history if one.seq == seq), None)
        if event is None:
            raise NotErasable(seq=seq, because=Title("没有这一事件", "there is none"))
        refused = forbidden(office.policy, own, event, stamp)
        if refused is not None:
            raise refused
        places = chosen(event, codes, event.seq in keeping.work.asked(own.id))
        if isinstance(places, NotErasable):
            raise places
        ids = _elsewhere(keeping, event)
        keeping.hold(ids)
        command = to_erase(event, places, history, reason)
        assert command is not None, "it says the texts itself"
        after = _erase(keeping, own, history, command, stamp)
        for id in sorted(ids - {own.id}):
            other = keeping.own(id)
            history = keeping.history(id)
            more = to_erase(event, places, history, reason) if other is not None else None
            if other is not None and more is not None:
                _erase(keeping, other, history, more, without_request(stamp))
        return after

    return carry_out(office, "erase", case, {"seq": seq, "texts": codes, "reason": reason}, telling, do)[0]


def _elsewhere(keeping: Keeping, event: Event) -> set[str]:
    """The cases that may say again what an event says: those of which the same was told with it, and those that carry
    one of these on, or into which it was merged, be it by mistake."""
    left = {event.case, *keeping.work.told_with(event)}
    found: set[str] = set()
    while left:
        id = left.pop()
        found.add(id)
        for one in keeping.history(id):
            left |= {following for following in (one.same_as, one.continued_as) if following is not None} - found
    return found


def _erase(keeping: Keeping, before: Case, history: Sequence[Event], command: Erase, stamp: Stamp) -> Case:
    events = erase(before, command, stamp)
    after = follow(before, events)
    assert after is not None, "a case does not cease"
    keeping.append(before, after, events, wake(keeping.policy, after, keeping.policy.day(stamp.at)), ())
    gone, said = set(command.erases), dict[datetime, set[str]]()
    for one in history:
        for place, text in one.texts().items():
            if (one.seq, place) in gone:
                said.setdefault(one.recorded_at, set()).add(text)
    keeping.work.erase(before.id, command.erases, said)
    return after


def expired(office: Office, when: datetime | date | None, dry_run: bool) -> Expiry:
    """Erase the texts of cases that were closed longer ago than the policy keeps them. What fails hinders no other."""
    if office.policy.retention is None:
        raise NoRetention()
    now = office.store.now()
    at = office.instant(when, now) if dry_run else office.come(when, now)
    found: list[Expired] = []
    failed: list[tuple[str, GuikouError]] = []
    for id in office.store.with_texts():
        try:
            one = _over(office, id, at)
            if one is not None and not dry_run:
                transacted(office, [id], partial(_expire, id, at))
        except GuikouError as error:
            failed.append((id, error))
            continue
        if one is not None:
            found.append(one)
    return Expiry(tuple(sorted(found, key=lambda one: (one.until, one.view.case.id))), tuple(failed))


def _over(office: Office, id: str, at: datetime) -> Expired | None:
    """A case whose texts were kept long enough by an instant."""
    case, period, policy = office.store.get(id), office.policy.retention, office.policy
    assert period is not None, "there is a retention"
    closed = _closed_on(office, case) if case is not None else None
    if case is None or closed is None or (until := period.after(closed, policy.working)) >= policy.day(at):
        return None
    texts = sum(len(one.salts) for one in office.store.events(id))
    return Expired(office.view(case, at), closed, until, texts)


def _closed_on(office: Office, case: Case) -> date | None:
    """The day on which a case was closed last; of one that is carried on or was merged, the day on which the last that
    carries it on was. None where that is open."""
    seen = {case.id}
    while (following := case.same_as or case.continued_as) is not None and following not in seen:
        seen.add(following)
        found = office.store.get(following)
        if found is None:
            return None
        case = found
    if not case.closed:
        return None
    closing = [event for event in effective(office.store.events(case.id)) if event.closes]
    return office.policy.day(closing[-1].at) if closing else None


def _expire(id: str, at: datetime, keeping: Keeping) -> None:
    office, case = keeping.office, keeping.own(id)
    if case is None or _over(office, id, at) is None:  # somebody reopened it, or was here before
        return
    history = keeping.history(id)
    command = all_of(history, keeping.work.asked(id), str(office.policy.retention))
    if command is None:
        return
    _erase(keeping, case, history, command, office.stamp_of_time(case, at, office.store.now()))
    keeping.work.commit()
