"""Requests that are older than the keeping of commands. On every store: tests/adapters/test_requests.py."""

from datetime import date

import pytest

from guikou.engine.cases.events import Blocked, EventKind, Says
from guikou.engine.supervision import earlier
from guikou.engine.supervision.earlier import was_told

from ..told import BY


def test_every_command_is_told_by_its_first_event():
    said = {one.kind for one in Says.__subclasses__()}
    assert {kind for kinds in earlier.FIRST.values() for kind in kinds} <= said
    assert Blocked.kind in earlier.FIRST["block"]


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("block", {"code": "coverage", "clear": False}, True),
        ("block", {"code": "coverage", "clear": True}, False),
        ("block", {"code": "effect", "clear": False}, False),
        ("report", {"facts": {}, "name": None, "area": None}, False),
        ("leave", {"group": "J", "reason": ""}, False),
    ],
)
def test_a_blocker_tells_what_was_asked(office, school, supervision, kind, said, told):
    school()
    supervision.block("A", "coverage", by=BY, when=date(2016, 1, 4))
    (event,) = [one for one in office.store.events("A") if one.kind == EventKind.BLOCKED]
    assert was_told(office, [event], kind, "A", said, office.stamp(by=BY)) is told
    assert not was_told(office, [event], kind, "B", said, office.stamp(by=BY))
    assert not was_told(office, [event], kind, "A", said, office.stamp(by=BY, actor="desk"))
