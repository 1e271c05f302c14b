"""What a policy promises."""

import pytest

from .broken import PROPERTIES_BROKEN
from .replay import check_broken


@pytest.mark.parametrize("case", PROPERTIES_BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    check_broken(beijing, case)
