"""What a policy says of groups."""

import dataclasses

import pytest


def test_the_flagships_groups_are_of_workflows_that_their_members_are_not(beijing):
    for kind in beijing.parts.groups.values():
        assert kind.of in beijing.workflows
        assert kind.members.evaluate({"type": kind.of}) is False
        assert kind.most is None or kind.least <= kind.most
        assert kind.dissolves is None or kind.dissolves in beijing.workflows[kind.of].triggers


def test_a_kind_is_a_value_that_nobody_changes(beijing):
    kind = beijing.parts.groups["joint_membership"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind.most = 6
    assert dataclasses.replace(kind, most=6) != kind
