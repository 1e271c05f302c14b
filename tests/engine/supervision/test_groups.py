"""Groups founded, joined and left, each in one transaction."""

from dataclasses import replace

import pytest

from guikou.engine import Organization
from guikou.engine.errors import CaseClosed, NotAGroup, TooFewMembers, UnknownGroup
from guikou.engine.supervision import groups

from ..told import BY

FACTS = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
JOINT = Organization("J", "联合", "110105", FACTS)
AGREED = {"joint_agreement": "1"}
TOLD = {"by": BY}


@pytest.fixture
def members(school):
    for id in "ABC":
        school(id, party_members=2)


def test_a_group_is_founded_with_its_members_or_not_at_all(office, members):
    with pytest.raises(TooFewMembers):
        groups.found(office, JOINT, ["A"], None, AGREED, TOLD)
    assert (office.store.get("J"), office.store.get("A").groups) == (None, {})
    view = groups.found(office, JOINT, ["B", "A", "B"], None, AGREED, TOLD)
    assert (view.case.members, [event.member for event in office.store.events("J")[1:]]) == (2, ["B", "A"])


def test_both_cases_keep_who_joins_and_who_leaves(office, members):
    groups.found(office, JOINT, ["A", "B"], None, AGREED, TOLD)
    assert groups.join(office, "C", "J", None, AGREED, TOLD).case.groups["J"].kind == "joint_membership"
    assert office.store.get("J").members == 3
    assert groups.leave(office, "C", "J", "joint_membership", "moved", TOLD).case.groups == {}
    assert office.store.get("J").members == 2
    told = [(event.kind, event.group) for event in office.store.events("C") if event.group]
    assert told == [("joined", "J"), ("left", "J")]


def test_the_last_but_one_that_leaves_dissolves_it(office, members):
    groups.found(office, JOINT, ["A", "B"], None, AGREED, TOLD)
    groups.leave(office, "A", "J", None, "", TOLD)
    assert office.store.get("J").closed
    assert office.store.get("B").groups == {}
    with pytest.raises(CaseClosed):
        groups.join(office, "C", "J", None, AGREED, TOLD)


def test_what_is_no_group_is_told_from_a_kind_that_there_is_not(office, members):
    with pytest.raises(NotAGroup):
        groups.join(office, "C", "A", None, AGREED, TOLD)
    groups.found(office, JOINT, ["A", "B"], None, AGREED, TOLD)
    with pytest.raises(UnknownGroup):
        groups.join(office, "C", "J", "club", AGREED, TOLD)


def test_what_a_group_counts_of_its_own_dissolves_it_as_a_member_that_leaves_does(office, supervision, members):
    joint = replace(JOINT, facts={**FACTS, "enterprises": 1})
    groups.found(office, joint, ["A", "B"], None, AGREED, TOLD)
    groups.leave(office, "B", "J", None, "", TOLD)
    assert not office.store.get("J").closed
    supervision.report("J", {"enterprises": 2}, by=BY)
    assert not office.store.get("J").closed
    supervision.report("J", {"enterprises": 0}, by=BY)
    assert (office.store.get("J").state, office.store.get("J").members) == ("closed", 0)
    assert (office.store.get("A").groups, office.store.get("A").state) == ({}, "build.joining")
