"""Records that stand, and how one that was wrong is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..cases.case import Case
from ..cases.events import Event, effective, standing_records
from ..decide.happening import Stamp
from ..decide.records import to_strike
from ..errors import NotRecorded, ReasonMissing
from ..text import Title, is_blank
from .commands import carry_out
from .history import history
from .keeping import Keeping
from .office import Office
from .views import CaseView


def records(office: Office, case: str, as_of: date | None) -> list[Event]:
    """What was recorded of a case and still stands, at a day's end, oldest first. Raises UnknownCase."""
    until = office.end(as_of)
    events = effective(history(office, case))
    return list(standing_records(one for one in events if until is None or one.at <= until).values())


def strike(office: Office, case: str, seq: int, reason: str, telling: Mapping[str, Any]) -> CaseView:
    """Take back a record by the number of its event."""
    if is_blank(reason):
        raise ReasonMissing(trigger=Title("撤销记录", "strike a record"))

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        before = keeping.standing(case)  # nothing is recorded or struck meanwhile
        command = to_strike(history(office, before.id), seq, keeping.own, reason, before)
        if isinstance(command, NotRecorded):
            raise command
        return keeping.done(before, command, stamp)

    return carry_out(office, "strike", case, {"seq": seq, "reason": reason}, telling, do)[0]
