"""What was wrong, corrected; what was closed, reopened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ..cases.case import Case
from ..cases.events import Event, EventKind, counting
from ..decide.correcting import Correct, Correction, correct
from ..decide.due.wake import wake
from ..decide.happening import Stamp, without_request
from ..decide.notices import standing
from ..decide.reopening import to_reopen
from ..errors import GuikouError, MergedAway, ReasonMissing
from ..text import Title, brief, is_blank
from . import plain
from .commands import carry_out
from .keeping import Keeping
from .office import Office
from .retrying import transacted
from .views import CaseView


@dataclass(frozen=True, slots=True)
class Corrected:
    """A case before a correction and after it; `gone` are the events that do not count any more and have no like,
    `anew` those that come in their place; `parted` is the case that had been merged into it, and is one of its own
    again."""

    before: CaseView
    after: CaseView
    gone: tuple[Event, ...]
    anew: tuple[Event, ...]
    parted: CaseView | None = None

    __repr__ = brief("after", "gone", "anew")

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return plain.corrected(self)


def corrected(
    office: Office, case: str, command: Correct, day: date | datetime | None, dry_run: bool, telling: Mapping[str, Any]
) -> Corrected:
    if is_blank(command.reason):
        raise ReasonMissing(trigger=Title("更正", "correct"))
    if day is not None:
        command = replace(command, on=office.come(day, office.store.now()))
    facts = office.facts(command.facts)
    area = office.policy.places.area(command.area).code if command.area is not None else None
    command = replace(command, facts=facts, area=area)
    found: list[tuple[Correction, Case | None]] = []

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        before = keeping.standing(case)
        if (named := keeping.own(office.policy.identity.normal(case))) is not None and named.same_as is not None:
            raise MergedAway(case=named.organization, into=before.organization)
        history = keeping.history(before.id)
        made = correct(office.known(), office.policy, before, history, command, stamp)
        if isinstance(made, GuikouError):
            raise made
        after, today = made.after, office.policy.day(stamp.at)
        keeping.append(before, after, made.events, wake(office.policy, after, today), standing(made.anew, after, today))
        id = made.parts_from
        found.append((made, _part(keeping, id, command.reason, stamp) if id is not None else None))
        return after

    said = {name: getattr(command, name) for name in ("seq", "reason", "never", *command.given())}
    if dry_run:
        transacted(office, [case], lambda keeping: do(keeping, office.stamp(**telling)))
    else:
        carry_out(office, "correct", case, said, telling, do)
    if not found:  # the request was carried out before
        view = office.view(office.found(case), office.store.now())
        return Corrected(view, view, (), ())
    (made, parted), now = found[-1], office.store.now()
    other = office.view(parted, now) if parted is not None else None
    return Corrected(office.view(made.before, now), office.view(made.after, now), made.gone, made.anew, other)


def _part(keeping: Keeping, id: str, reason: str, stamp: Stamp) -> Case:
    """A case that had been merged into another by mistake is one of its own again."""
    policy, before = keeping.policy, keeping.own(id)
    assert before is not None, "a case that was merged is there"
    history = keeping.history(id)
    merged = next(event for event in reversed(counting(history)) if event.kind == EventKind.MERGED)
    own = without_request(replace(stamp, at=max(stamp.at, before.updated_at)))
    made = correct(
        keeping.office.known(), policy, before, history, Correct(merged.seq, reason, never=True), own, parting=True
    )
    if isinstance(made, GuikouError):
        raise made
    today = policy.day(own.at)
    following = wake(policy, made.after, today)
    keeping.append(before, made.after, made.events, following, standing(made.anew, made.after, today))
    return made.after


def reopened(office: Office, case: str, reason: str, telling: Mapping[str, Any]) -> CaseView:
    def do(keeping: Keeping, stamp: Stamp) -> Case:
        before = keeping.standing(case)
        return keeping.done(before, to_reopen(counting(keeping.history(before.id)), reason), stamp)

    return carry_out(office, "reopen", case, {"reason": reason}, telling, do)[0]
