"""A case that can't be one of the policy is named as such, whoever looks at it."""

from dataclasses import replace

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import Damaged
from guikou.engine.supervision.soundness import sound

from ..indicators.cases import case
from ..told import BY, SCHOOL


def test_what_the_policy_has_is_sound(beijing):
    sound(beijing, case())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"workflow": "nothing"}, "no type 'nothing'"),
        ({"state": "build.nowhere"}, "no state 'build.nowhere'"),
        ({"responsible": "nobody"}, "no body 'nobody'"),
        ({"hub": "nobody"}, "no body 'nobody'"),
        ({"escalated_to": "nobody"}, "no body 'nobody'"),
        ({"area": "999999"}, "no area '999999'"),
    ],
)
def test_what_it_has_not_is_told(beijing, changed, told):
    with pytest.raises(Damaged, match=told) as error:
        sound(beijing, replace(case(), **changed))
    assert "数据库" not in error.value.message("zh")


@pytest.mark.parametrize("changed", [{"workflow": "nothing"}, {"state": "nowhere"}, {"responsible": "nobody"}])
def test_every_command_says_so_by_name(published, clock, changed):
    store = MemoryStore(clock)
    office = Supervision.activate(published, store)
    office.register(Organization("52110105MJ0001010Q", "学校", "110105", SCHOOL))
    id = "52110105MJ0001010Q"
    with store.transaction() as work:
        work.append(store.get(id), replace(store.get(id), **changed), (), wake=store.now().date())
        work.commit()
    for work in (
        lambda: office.get(id),
        lambda: office.cases(),
        lambda: office.report(id, {"employees": 4}, by=BY),
        lambda: office.advance(id, "apply", by=BY),
        lambda: office.remark(id, "一", by=BY),
    ):
        with pytest.raises(Damaged, match=id):
            work()
    assert [(one, error.code) for one, error in office.sweep().failed] == [(id, "damaged")]
