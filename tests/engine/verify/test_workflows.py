"""Workflows: what cannot be reached, left, fired or given."""

import pytest

from guikou.engine import parse
from guikou.engine.verify.check import check

from ..edits import rewritten
from .broken import TWICE, WORKFLOWS_BROKEN
from .replay import check_broken, check_broken_twice


@pytest.mark.parametrize("case", WORKFLOWS_BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    check_broken(beijing, case)


@pytest.mark.parametrize("case", [one for one in TWICE if one[0] in ("dead-end", "no-exit")], ids=lambda case: case[0])
def test_a_policy_broken_in_several_places_is_found_broken(beijing, case):
    check_broken_twice(beijing, case)


def test_a_way_to_the_end_that_asks_for_something_is_a_way_on(beijing):
    """With none that leads to the end for those without members they are stuck; with one they are not."""
    ways = (
        "  - {trigger: fall_back, from: [build.joining, build.preparing], to: build.guiding, when: {party_members: 0},"
    )
    fall_back = f"{ways} by: [responsible, superior, hub], note: M17}}\n"
    end = fall_back.replace("fall_back", "deregister").replace("to: build.guiding", "to: closed")
    stages = "workflows/stages.yaml"
    for new, codes in (("", {"facts-stuck"}), (end, set())):
        files, _ = rewritten(beijing.files, stages, fall_back, new)
        found = {one.code for one in check(parse(files)).findings if one.code == "facts-stuck"}
        assert found == codes
