"""An organisation's id changes; two cases prove to be of one organisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cases.case import Case
from ..decide.happening import Stamp, without_request
from ..decide.identity import Merge, Rename, Same
from ..errors import IdMerged, IdTaken, NotMergeable, ReasonMissing
from ..text import Title, is_blank
from .commands import carry_out
from .door import let_in_id
from .keeping import Keeping
from .office import Office
from .views import CaseView


def rename(office: Office, case: str, to: str, reason: str, telling: Mapping[str, Any]) -> CaseView:
    new = office.policy.identity.normal(let_in_id(to))

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        before, taken = keeping.standing(case), keeping.having(new)
        if taken is not None and taken.id != before.id:
            if keeping.standing(new).id == before.id:
                raise IdMerged(id=new, name=taken.name, case=before.organization)
            raise IdTaken(id=new, name=taken.name)
        return keeping.done(before, Rename(new, reason), stamp)

    return carry_out(office, "rename", case, {"to": new, "reason": reason}, telling, do, lock=[new])[0]


def same(office: Office, case: str, other: str, reason: str, telling: Mapping[str, Any]) -> CaseView:
    if is_blank(reason):
        raise ReasonMissing(trigger=Title("认定为同一组织", "find two to be the same organisation"))

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        kept, second = keeping.standing(case), keeping.standing(other)
        if kept.id == second.id:
            because = Title(f"“{other}” 本来就是它", f"'{other}' is this one already")
            raise NotMergeable(case=kept.organization, because=because)
        merged = keeping.done(second, Merge(kept, reason), without_request(stamp))
        return keeping.done(kept, Same(merged, reason), stamp)

    return carry_out(office, "same", case, {"other": other, "reason": reason}, telling, do, lock=[other])[0]
