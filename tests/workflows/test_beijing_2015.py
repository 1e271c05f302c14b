"""The flagship policy against the published scheme's checklist (M-numbers)."""

import itertools
from collections import Counter
from datetime import date

import pytest

from guikou.engine import Organization, Placement, place

DAY = date(2016, 1, 4)
BASE = {"employees": 10, "party_members": 5, "has_organization": False}
TYPES = {
    "private_non_enterprise": "private_non_enterprise",
    "foundation": "foundation",
    "social_group": "social_group",
    "community_filed": "community_filed",
}


def placed(policy, area="110105001", day=DAY, **facts):
    return place(policy, Organization("A", "x", policy.places.area(area).code, {**BASE, **facts}), day)


def body(policy, **facts):
    found = placed(policy, **facts)
    assert isinstance(found, Placement), found
    return found.responsible.id


def test_M01_three_tiers_of_areas_and_bodies(beijing):
    assert Counter(area.tier for area in beijing.places.areas.values()) == {"city": 1, "district": 16, "street": 349}
    tiers = list(beijing.places.tiers)
    assert tiers == ["city", "district", "street"]
    for one in beijing.places.bodies.values():
        for day in beijing.places.changes(beijing.effective):
            chain = beijing.places.on(day).chain(one.id)
            assert chain[-1].id == "beijing"
            ranks = [tiers.index(above.tier) for above in chain]
            assert ranks == sorted(ranks, reverse=True)
    hubs = Counter(one.tier for one in beijing.places.bodies.values() if one.kind == "hub")
    assert hubs == {"city": 8, "district": 8 * 16, "street": 349}


def test_everything_a_person_reads_is_in_both_languages(beijing):
    titles = [
        beijing.title,
        beijing.source,
        *beijing.places.tiers.values(),
        *beijing.places.kinds.values(),
        *beijing.blockers.values(),
    ]
    titles += [
        one.title
        for group in (beijing.places.areas, beijing.places.bodies, beijing.facts, beijing.tables)
        for one in group.values()
    ]
    for fact in beijing.facts.values():
        titles += fact.titles.values()
    for workflow in beijing.workflows.values():
        titles += [workflow.title, *workflow.triggers.values(), *workflow.evidence.values()]
        titles += [one.title for one in (*workflow.stages.values(), *workflow.states.values())]
    for title in titles:
        assert any("一" <= char <= "鿿" for char in title.zh), title
        assert title.en.isascii(), title
        assert "{" not in title.zh + title.en


def test_M07_every_combination_has_exactly_one_existing_body(beijing):
    """All that classification admits, at every tier, with and without a supervising unit, before and after 2018."""
    industries = beijing.facts["industry"].kind.values
    tiers = beijing.facts["registered_at"].kind.values
    admitted = 0
    for registered_as, industry, tier in itertools.product(
        beijing.facts["registered_as"].kind.values, industries, tiers
    ):
        for unit, day in itertools.product((None, "beijing-culture"), (DAY, date(2020, 1, 1))):
            found = placed(
                beijing,
                day=day,
                registered_as=registered_as,
                industry=industry,
                registered_at=tier,
                supervising_unit=unit,
                incubating=False,
            )
            if not isinstance(found, Placement):
                assert found.code == "not-admitted"
                known = registered_as in ("professional_firm", "enterprise") or tier == "national"
                known = known or (registered_as, tier) == ("applicant", "street")
                assert known, (registered_as, industry, tier, found)
                continue
            admitted += 1
            assert found.responsible.exists_on(day)
    refused = {("professional_firm", one) for one in industries if one not in ("law", "accounting", "tax")}
    refused |= {("enterprise", one) for one in industries if one not in ("internet", "taxi")}
    applicants_in_streets = len(industries)
    assert admitted == ((9 * len(industries) - len(refused)) * (len(tiers) - 1) - applicants_in_streets) * 4


@pytest.mark.parametrize("district", ["chaoyang", "yanqing"])
def test_M10_private_non_enterprise_units_go_to_their_industrys_committee(beijing, district):
    given = {"registered_as": "private_non_enterprise", "area": district, "supervising_unit": None}
    for industry in ("education", "health", "culture", "sports", "science", "training"):
        assert body(beijing, registered_at="district", industry=industry, **given) == f"{district}-{industry}"
        assert body(beijing, registered_at="city", industry=industry, **given) == f"beijing-{industry}"


def test_M10_the_branches_that_the_scheme_names(beijing):
    given = {"registered_as": "private_non_enterprise", "registered_at": "district"}
    schools = placed(beijing, area="chaoyang", industry="education", **given)
    assert (schools.responsible.id, schools.hub.id) == ("chaoyang-education", "chaoyang-private-schools")
    hospitals = placed(beijing, area="haidian", industry="health", **given)
    assert (hospitals.responsible.id, hospitals.hub.id) == ("haidian-health", "haidian-private-hospitals")


def test_M10_intake_seizes_the_strict_and_the_large_first(beijing):
    def rank(**facts):
        found = placed(beijing, registered_as="private_non_enterprise", registered_at="district", **facts)
        return found.priority, found.weight

    assert rank(industry="education", employees=50) == (1, 50)
    assert rank(industry="health", employees=49) == (2, 49)
    assert rank(industry="culture", employees=50) == (3, 50)
    assert rank(industry="culture", employees=49) == (4, 49)


def test_M11_foundations_go_to_the_registration_office(beijing):
    given = {"registered_as": "foundation", "industry": "education"}
    assert body(beijing, registered_at="city", **given) == "beijing-registration"
    assert body(beijing, registered_at="district", **given) == "chaoyang-registration"


def test_M12_and_M12a_intermediaries(beijing):
    given = {"registered_as": "professional_firm", "registered_at": "district"}
    for industry, committee, department in (
        ("law", "beijing-lawyers", "beijing-justice"),
        ("accounting", "beijing-accountants", "beijing-finance"),
    ):
        found = placed(beijing, industry=industry, **given)
        assert (found.workflow, found.responsible.id, found.responsible.parent) == (
            "intermediary",
            committee,
            department,
        )
    assert body(beijing, industry="tax", day=date(2018, 7, 4), **given) == "chaoyang-local-tax"
    assert body(beijing, industry="tax", day=date(2018, 7, 5), **given) == "chaoyang-tax"
    city = given | {"registered_at": "city"}
    assert body(beijing, industry="tax", day=date(2018, 6, 14), **city) == "beijing-local-tax"
    assert body(beijing, industry="tax", day=date(2018, 6, 15), **city) == "beijing-tax"


def test_M13_community_filed_organisations_go_to_their_street(beijing):
    given = {"registered_as": "community_filed", "registered_at": "street", "industry": "community"}
    for street in (area for area in beijing.places.areas.values() if area.tier == "street"):
        found = placed(beijing, area=street.code, **given)
        assert (found.responsible.id, found.responsible.parent) == (street.key, beijing.places.areas[street.parent].key)
        assert found.hub.id == f"{street.key}-hub"
    assert placed(beijing, area="chaoyang", **given).code == "not-admitted"


def test_M20_no_way_leads_from_rectify_straight_to_innovate(beijing):
    for workflow in beijing.workflows.values():
        for one in workflow.transitions:
            assert not (one.source.startswith("rectify") and one.dest == "innovate")


def test_M14_social_groups_go_to_their_supervising_unit_else_their_fields_hub(beijing):
    given = {"registered_as": "social_group", "registered_at": "district", "industry": "commerce"}
    assert body(beijing, supervising_unit="beijing-culture", **given) == "beijing-culture"
    assert body(beijing, supervising_unit=None, **given) == "chaoyang-hub-commerce"
    missing = placed(beijing, **given)
    assert (missing.code, missing.details["key"]) == ("missing-fact", "supervising_unit")


@pytest.mark.parametrize(
    ("industry", "committee"),
    [
        ("law", "beijing-lawyers"),
        ("accounting", "beijing-accountants"),
        ("internet", "beijing-internet"),
        ("taxi", "beijing-taxi"),
    ],
)
@pytest.mark.parametrize("registered_as", ["private_non_enterprise", "social_group"])
def test_M16_industry_committees_take_their_industry_whole_and_before_territory(
    beijing, industry, committee, registered_as
):
    for tier in ("city", "district", "street"):
        assert (
            body(beijing, registered_as=registered_as, registered_at=tier, industry=industry, supervising_unit=None)
            == committee
        )


@pytest.mark.parametrize("industry", ["internet", "taxi"])
def test_M16_non_public_companies_of_an_industry_committee(beijing, industry):
    found = placed(beijing, registered_as="enterprise", registered_at="district", industry=industry)
    assert (found.workflow, found.responsible.id) == ("industry_enterprise", f"beijing-{industry}")


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"has_organization": False, "party_members": 0}, "build.guiding"),
        ({"has_organization": False, "party_members": 1}, "build.joining"),
        ({"has_organization": False, "party_members": 2}, "build.joining"),
        ({"has_organization": False, "party_members": 3}, "build.preparing"),
        ({"has_organization": True, "standardized": False, "weak": False}, "standardize.improving"),
        ({"has_organization": True, "standardized": True, "weak": False}, "innovate"),
        ({"has_organization": True, "standardized": True, "weak": True}, "rectify.finding"),
    ],
)
def test_M21_an_organisation_enters_at_the_stage_its_facts_show(beijing, facts, state):
    given = {"registered_as": "foundation", "registered_at": "city", "industry": "charity"}
    assert placed(beijing, **given, **facts).state == state


@pytest.mark.parametrize(
    "name", ["registered_as", "registered_at", "industry", "employees", "party_members", "has_organization"]
)
def test_M14_what_no_rule_fits_is_refused_with_the_missing_fact_named(beijing, name):
    facts = {
        "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 10,
        "party_members": 5, "has_organization": False,
    }  # fmt: skip
    del facts[name]
    found = place(beijing, Organization("A", "x", "110105", facts), DAY)
    assert (found.code, found.details["key"]) == ("missing-fact", name)


def test_every_transition_can_be_fired_by_somebody_and_every_stage_that_does_not_rest_has_a_deadline(beijing):
    for workflow in beijing.workflows.values():
        resting = {"hub": ["in_order"], "joint": ["working"], "applicant": []}.get(workflow.name, ["innovate"])
        assert [name for name, stage in workflow.stages.items() if stage.due is None] == [*resting, "closed"]
        assert all(one.by for one in workflow.transitions)
        for state in workflow.states.values():
            assert workflow.from_state(state.name) or state.final
