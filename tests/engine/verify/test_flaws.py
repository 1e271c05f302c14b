"""Flaws of every kind, seeded into the flagship policy one at a time: each is told."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError
from guikou.engine.verify.check import check

from ..edits import rewritten
from .broken import BROKEN, FURTHER, UNREADABLE
from .replay import REPLAY


@pytest.mark.parametrize("case", FURTHER, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_flaw_is_found_with_a_witness_that_replays(beijing, case):
    file, old, new, code = case
    policy = parse(rewritten(beijing.files, file, old, new)[0])
    known = {(one.code, one.message()) for one in check(beijing).findings}
    found = [one for one in check(policy).findings if (one.code, one.message()) not in known]
    told = [one for one in found if one.code == code]
    assert told, {one.code for one in found}
    for lang in ("zh", "en"):
        assert told[0].message(lang)
    replay = REPLAY[code]
    assert replay is None or told[0].witness is None or replay(policy, told[0])


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: f"{case[3]}-{case[0]}")
def test_what_can_not_be_is_refused_when_it_is_read(beijing, case):
    file, old, new, code = case
    with pytest.raises(PolicyError) as refused:
        parse(rewritten(beijing.files, file, old, new)[0])
    assert (refused.value.code, bool(refused.value.where.line)) == (code, True)


def test_they_are_of_many_kinds():
    assert len(FURTHER) + len(UNREADABLE) >= 40
    assert len({case[3] for case in (*BROKEN, *FURTHER)}) >= 40
