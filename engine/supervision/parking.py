"""What is parked: completed, or dropped on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ..decide.intake import Register
from ..errors import NotParked, ParkedNoMore, ReasonMissing
from ..text import Title, is_blank
from .business import only_over
from .imported import Parked, RowRead
from .keeping import Keeping
from .naming import near_parked
from .office import By, Office
from .retrying import transacted
from .taking import Taking, merged
from .views import CaseView


def complete(office: Office, said: RowRead, telling: By) -> CaseView | Parked:
    """Say more of what is parked: it is opened, or stays parked with what it lacks still."""
    facts = office.facts(said.facts)
    area = office.policy.places.area(said.area).code if said.area is not None else None
    id = office.policy.identity.normal(said.id or "")

    def do(keeping: Keeping) -> CaseView | Parked:
        stamp = office.stamp(**telling)
        withdrawn = keeping.case(id)
        waiting = keeping.waiting(id)
        if waiting is None:
            raise NotParked(id=id, known=near_parked(office.store.parked(), id))
        if waiting.body != office.policy.places.top:  # who says nothing of whose it is parks it for all
            only_over(office, waiting.body, stamp, Title("补全该暂存", "complete what is parked"))
        whole = merged(waiting, replace(said, facts=facts, area=area))
        taking = Taking(office, keeping, stamp, telling.get("when"))
        found = taking.found(whole)
        if not isinstance(found, Register):
            parked = taking.park(whole, waiting, found)
            keeping.work.commit()
            return parked
        case = taking.register(found, withdrawn)
        keeping.work.commit()
        return office.view(case, stamp.at)

    with _settled(office, id):
        return transacted(office, [id], do)  # whoever completes it too waits


def drop(office: Office, id: str, reason: str, telling: By) -> Parked:
    """Let go of it, on record."""
    if is_blank(reason):
        raise ReasonMissing(trigger=Title("放弃暂存", "drop what is parked"))

    id = office.policy.identity.normal(id)

    def do(keeping: Keeping) -> Parked:
        waiting = keeping.waiting(id)
        if waiting is None:
            raise NotParked(id=id, known=near_parked(office.store.parked(), id))
        stamp = office.stamp(**telling)
        only_over(office, waiting.body, stamp, Title("放弃该暂存", "drop what is parked"))
        dropped = keeping.settle(waiting, "dropped", stamp.recorded_at, stamp.actor, reason=reason)
        keeping.work.commit()
        return dropped

    with _settled(office, id):
        return transacted(office, (), do)


@contextmanager
def _settled(office: Office, id: str) -> Iterator[None]:
    """Where nothing is parked any more, say what became of the last that was."""
    try:
        yield
    except NotParked as nothing:
        found = [
            one for one in office.store.parked(id=id, state=None) if one.state in _BECAME and one.settled_at is not None
        ]
        if not found:
            raise nothing
        last = found[-1]
        assert last.settled_at is not None
        raise ParkedNoMore(
            id=id, became=_BECAME[last.state], day=office.policy.day(last.settled_at), case=last.case or ""
        ) from nothing


_BECAME = {"opened": Title("立案", "opened"), "dropped": Title("放弃暂存", "dropped")}
