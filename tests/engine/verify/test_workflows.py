"""Workflows: what cannot be reached, left, fired or given."""

import pytest

from .broken import TWICE, WORKFLOWS_BROKEN
from .replay import check_broken, check_broken_twice


@pytest.mark.parametrize("case", WORKFLOWS_BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    check_broken(beijing, case)


@pytest.mark.parametrize("case", [one for one in TWICE if one[0] in ("dead-end", "no-exit")], ids=lambda case: case[0])
def test_a_policy_broken_in_several_places_is_found_broken(beijing, case):
    check_broken_twice(beijing, case)
