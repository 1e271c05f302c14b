"""What is parked: completed, or dropped on record."""

from __future__ import annotations

from dataclasses import replace

from ..errors import NotParked, ReasonMissing
from ..text import Title, is_blank
from .imported import Parked, RowRead
from .keeping import Keeping
from .office import By, Office
from .taking import Taking, merged
from .views import CaseView


def complete(office: Office, said: RowRead, telling: By) -> CaseView | Parked:
    """Say more of what is parked: it is opened, or stays parked with what it lacks still."""
    stamp = office.stamp(**telling)
    facts = office.policy.vocabulary.check(said.facts)
    area = office.policy.places.area(said.area).code if said.area is not None else None
    with office.store.transaction() as work:
        keeping = Keeping(office, work)
        id = office.policy.identity.normal(said.id or "")
        withdrawn = keeping.case(id)  # whoever completes it too waits here
        waiting = keeping.waiting(id)
        if waiting is None:
            raise NotParked(id=id)
        whole = merged(waiting, replace(said, facts=facts, area=area))
        taking = Taking(office, keeping, stamp, telling.get("when"))
        lacking = taking.lacks(whole)
        if lacking:
            parked = taking.park(whole, waiting, lacking)
            work.commit()
            return parked
        case = taking.register(whole, withdrawn)
        work.commit()
    return office.view(case, stamp.at)


def drop(office: Office, id: str, reason: str, telling: By) -> Parked:
    """Let go of it, on record."""
    if is_blank(reason):
        raise ReasonMissing(trigger=Title("放弃暂存", "drop what is parked"))
    stamp = office.stamp(**telling)
    with office.store.transaction() as work:
        keeping = Keeping(office, work)
        waiting = keeping.waiting(office.policy.identity.normal(id))
        if waiting is None:
            raise NotParked(id=id)
        dropped = keeping.settle(waiting, "dropped", stamp.recorded_at, stamp.actor, reason=reason)
        work.commit()
    return dropped
