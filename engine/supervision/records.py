"""Records that stand, and how one that was wrong is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

from ..cases.case import Case, Tally
from ..cases.events import Event, counting, opening, standing_records
from ..decide.happening import Stamp
from ..decide.records import Strike
from ..errors import NotRecorded, ReasonMissing
from ..text import Title
from .commands import carry_out
from .history import history
from .keeping import Keeping
from .office import Office
from .views import CaseView


def records(office: Office, case: str, as_of: date | None) -> list[Event]:
    """What was recorded of a case and still stands, at a day's end, oldest first. Raises UnknownCase."""
    until = office.end(as_of)
    events = history(office, case)
    return list(standing_records(one for one in events if until is None or one.at <= until).values())


def strike(office: Office, case: str, seq: int, reason: str, telling: Mapping[str, Any]) -> CaseView:
    """Take back a record by the number of its event."""
    if not reason.strip():
        raise ReasonMissing(trigger=Title("撤销记录", "strike a record"))

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        before = keeping.standing(case)  # nothing is recorded or struck meanwhile
        events = history(office, before.id)
        stands = standing_records(events)
        if seq not in stands:
            raise NotRecorded(case=case, seq=seq)
        struck = stands.pop(seq)
        left = [event for event in stands.values() if event.record == struck.record]
        return keeping.done(before, Strike(struck, left, reason, _carried(keeping, events, struck)), stamp)

    return carry_out(office, "strike", case, {"seq": seq, "reason": reason}, telling, do)[0]


def _carried(keeping: Keeping, events: Sequence[Event], struck: Event) -> Tally | None:
    """What a case has of a kind of record besides its own: carried over from another, or of the same organisation."""
    kind = struck.record or ""
    over = opening(events).records.get(kind)
    found = [Tally.read(over)] if over is not None else []
    for event in counting(events):
        other = keeping.work.case(event.same) if event.same is not None else None
        if other is not None and kind in other.records:
            found.append(other.records[kind])
    return reduce(Tally.plus, found) if found else None
