"""Groups joined and left."""

from dataclasses import replace
from datetime import date

import pytest

from guikou.engine.decide.groups import Join, Leave

from ..told import building, group


def test_M15_joining_gives_an_organisation_and_leaving_takes_it(beijing):
    joint, told = replace(group(beijing), id="J"), building(beijing, party_members=2)
    told.do(Join("joint_membership", joint, {"joint_agreement": "1"}))
    assert (told.case.stage, told.case.facts["organization_form"]) == ("standardize", "joint_branch")
    assert told.case.groups["J"].since == date(2016, 1, 4)
    again = told.refused(Join("joint_membership", replace(joint, id="K"), {"joint_agreement": "1"}))
    assert again.code == "already-member"
    told.do(Leave("joint_membership", joint), days=30)
    assert (told.case.state, told.case.facts["has_organization"]) == ("build.joining", False)
    assert told.case.groups == {}
    assert told.refused(Leave("joint_membership", joint)).code == "not-member"


@pytest.mark.parametrize(
    ("facts", "members", "code"),
    [
        ({"has_organization": True, "standardized": False, "weak": False}, 0, "not-eligible"),
        ({"party_members": 0}, 0, "not-eligible"),
        ({}, 5, "group-full"),
        ({}, 4, None),
    ],
)
def test_M15_who_may_join(beijing, facts, members, code):
    joint, told = replace(group(beijing), id="J", members=members), building(beijing, **facts)
    join = Join("joint_membership", joint, {"joint_agreement": "1"})
    if code is None:
        told.do(join)
    else:
        assert told.refused(join).code == code
    assert told.refused(replace(join, evidence={})).code in ("evidence-missing", "already-member", code)


def test_M02_a_group_is_of_its_kind_only(beijing):
    told = building(beijing)
    assert told.refused(Join("hub_membership", group(beijing))).code == "not-a-group"
    assert told.refused(Join("club", group(beijing))).code == "unknown-group"
