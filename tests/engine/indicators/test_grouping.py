"""Cases by group."""

from datetime import date

import pytest

from guikou.engine.decide.due.context import asked_context
from guikou.engine.indicators.grouping import ALL, NONE, UNKNOWN, Groups
from guikou.engine.text import Title

from .cases import DAY, case


@pytest.fixture
def groups(beijing):
    return Groups(beijing, DAY)


def key(groups, one, by):
    return groups.key(one, asked_context(groups.policy, one, groups.day), by)


@pytest.mark.parametrize(
    ("more", "by", "group"),
    [
        ({}, "responsible", "chaoyang-education"), ({}, "hub", NONE), ({"hub": "hub-law"}, "hub", "hub-law"), ({}, "type", "private_non_enterprise"),
        ({}, "stage", "standardize"), ({}, "district", "chaoyang"), ({}, "street", NONE), ({}, "weak", "false"), ({}, "penalised", UNKNOWN),
        ({"facts": {"supervising_unit": None}}, "supervising_unit", NONE), ({}, "industry", "education"),
    ],
)  # fmt: skip
def test_each_case_is_in_one_group(groups, more, by, group):
    assert key(groups, case(**more), by) == group


def test_a_body_that_was_succeeded_is_counted_with_whoever_stands_for_it(beijing):
    one = case(responsible="beijing-local-tax")
    assert key(Groups(beijing, date(2018, 6, 14)), one, "responsible") == "beijing-local-tax"
    assert key(Groups(beijing, date(2018, 6, 15)), one, "responsible") == "beijing-tax"
    assert key(Groups(beijing, DAY), case(responsible="gone"), "responsible") == "gone"


@pytest.mark.parametrize(
    ("group", "by", "title"),
    [
        (ALL, None, Title("合计", "all")), (UNKNOWN, "weak", Title("未知", "not known")), (NONE, "hub", Title("无", "none")),
        ("true", "weak", Title("是", "yes")), ("chaoyang", "district", Title("朝阳区", "Chaoyang District")),
        ("something", "industry", Title("something", "something")),
    ],
)  # fmt: skip
def test_a_group_has_a_title(groups, group, by, title):
    assert groups.title(group, by) == title


def test_a_district_is_an_area_where_it_groups_and_a_body_where_bodies_do(groups, beijing):
    assert groups.title("chaoyang", "responsible") == beijing.places.bodies["chaoyang"].title
    assert groups.title("rectify", "stage").en == "Rectify"
    assert groups.title("foundation", "type") == beijing.workflows["foundation"].title
    assert groups.title("education", "industry") == beijing.facts["industry"].titles["education"]


def test_groups_are_in_the_order_of_the_policy_and_what_it_does_not_know_comes_last(groups, beijing):
    tiers = list(beijing.facts["registered_at"].kind.values)
    assert groups.ordered([UNKNOWN, NONE, "zz", *reversed(tiers)], "registered_at") == [*tiers, NONE, UNKNOWN, "zz"]
    districts = [one.key for one in beijing.places.areas.values() if one.tier == "district"]
    assert groups.ordered(sorted(districts), "district") == districts
