"""Routing: exactly one existing body, at a permitted tier, with a chain to the top."""

from datetime import date

import pytest

from guikou.engine import parse
from guikou.engine.verify.check import check

from ..edits import rewritten
from .broken import ROUTING_BROKEN
from .replay import check_broken


@pytest.mark.parametrize("case", ROUTING_BROKEN, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_broken_policy_is_found_broken(beijing, case):
    check_broken(beijing, case)


def test_bodies_that_succeed_each_other_in_a_circle_are_found_with_their_place(beijing):
    new = "valid_from: 2018-06-15, valid_until: 2020-01-01, succeeded_by: beijing-local-tax"
    files, line = rewritten(beijing.files, "bodies.yaml", "valid_from: 2018-06-15", new)
    policy = parse(files)
    (found,) = [one for one in check(policy).findings if one.code == "succession-circle"]
    assert (
        found.message() == "bodies succeed each other in a circle: beijing-local-tax → beijing-tax → beijing-local-tax"
    )
    assert (found.where.file, found.where.line) == ("bodies.yaml", line - 1)
    late = policy.places.on(date(2021, 1, 1))
    assert (late.acting("beijing-tax"), late.above("chaoyang-tax").id) == (None, "beijing")
