"""A case is the fold of its events."""

from dataclasses import replace

import pytest

from guikou.engine import fold
from guikou.engine.errors import BrokenChain

from ..told import building


def test_what_was_changed_afterwards_breaks_the_chain(beijing):
    events = building(beijing).advance("apply", application="1").advance("establish", approval_document="2").events
    for at in range(len(events)):
        for change in ({"actor": "x"}, {"evidence": {"approval_document": "3"}}, {"seq": 9}, {"hash": "0" * 64}):
            tampered = [*events[:at], replace(events[at], **change), *events[at + 1 :]]
            with pytest.raises(BrokenChain):
                fold(tampered)
    with pytest.raises(BrokenChain):
        fold([events[0], events[2]])
