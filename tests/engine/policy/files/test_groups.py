"""Groups as they are read."""

import pytest

from guikou.engine.errors import BadValue

from ...edits import edited
from .faults import check_fault

GROUPS = "groups.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (GROUPS, "of: joint", "of: joined", "unknown-name", "no workflow 'joined'"),
        (GROUPS, "also: enterprises", "also: industry", "unknown-name", "no integer fact 'industry'"),
        (GROUPS, "most: 5", "most: 1", "bad-value", "is less than 'least'"),
        (GROUPS, "dissolves: dissolve", "dissolves: wind_up", "unknown-name", "no trigger of 'group' 'wind_up'"),
        (GROUPS, "fire: build_jointly", "fire: apply", "unknown-name", "no trigger of 'group' 'apply'"),
        (GROUPS, "organization_form: null", "organization_form: club", "bad-value", "organization_form"),
        (GROUPS, "party_members: \">= 1\"", "party_members: \"some\"", "bad-test", "'some' is no test of party_members"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_a_kind_of_group_is_read_with_what_joining_and_leaving_bring_about(beijing):
    kind = beijing.parts.groups["joint_membership"]
    assert (kind.of, kind.least, kind.most, kind.also, kind.dissolves) == ("joint", 2, 5, "enterprises", "dissolve")
    assert (kind.joined.fire, kind.left.fire) == ("build_jointly", "leave_jointly")
    assert kind.left.sets["organization_form"] is None


def test_what_a_group_counts_can_not_be_negative(beijing):
    named = "非公有制企业数, en: non-public enterprises in it}\n    type: integer"
    with pytest.raises(BadValue, match="may be negative") as refused:
        edited(beijing, "policy.yaml", (f"{named}\n    minimum: 0", named))
    assert refused.value.where.file == GROUPS
