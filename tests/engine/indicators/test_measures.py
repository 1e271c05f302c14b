"""Indicators over cases: shares, numbers, sums, growth, the large; and whatever a fact leaves open is told apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.case import Tally
from guikou.engine.indicators.grouping import ALL, UNKNOWN
from guikou.engine.indicators.measures import measure, without_empty, worst_first
from guikou.engine.indicators.population import Population

from .cases import DAY, case

some = st.lists(
    st.tuples(st.sampled_from([True, False, None]), st.sampled_from(["education", "health", "culture"]), st.booleans()), max_size=12
)  # fmt: skip


def population(policy, cases, **more):
    return Population(policy, DAY, 2016, cases, **more)


def built(policy, rows):
    """Cases with an organisation, without one, or (None) of which that is not known."""
    found = []
    for at, (has, industry, closed) in enumerate(rows):
        one = case(f"C{at:02}", {"industry": industry, "has_organization": has}, closed=closed)
        if has is None:
            one = replace(one, facts={name: value for name, value in one.facts.items() if name != "has_organization"})
        found.append(one)
    return population(policy, found)


@given(some)
def test_a_share_is_of_the_open_cases_and_the_unknown_are_told_and_not_counted_as_met(beijing, rows):
    whole, *groups = measure(built(beijing, rows), beijing.parts.indicators["organization_coverage"], "industry")
    standing = [(has, industry) for has, industry, closed in rows if not closed]
    assert whole.denominator == len(standing)
    assert whole.numerator == sum(has is True for has, _ in standing)
    assert whole.unknown == sum(has is None for has, _ in standing)
    known = whole.unknown < len(standing)
    assert whole.value == (Decimal(whole.numerator) / len(standing) if known else None)
    for part in ("numerator", "denominator", "unknown"):
        assert sum(getattr(one, part) for one in groups) == getattr(whole, part)
    assert [one.key for one in groups] == [key for key in beijing.facts["industry"].kind.values if key in {i for _, i in standing}]  # fmt: skip


def test_a_sum_counts_the_unknown_apart(beijing):
    known, unknown = case("A", {"employees": 20}), case("B")
    unknown = replace(unknown, facts={name: value for name, value in unknown.facts.items() if name != "employees"})
    (jobs,) = measure(population(beijing, [known, unknown]), beijing.parts.indicators["jobs"])
    assert (jobs.value, jobs.unknown, jobs.published, jobs.is_published) == (20, 1, 174000, True)
    (parts,) = measure(population(beijing, [known], whole=False), beijing.parts.indicators["jobs"])
    assert (parts.published, parts.is_published) == (None, False)


def test_what_is_published_is_of_the_whole_or_of_its_group(beijing):
    lawyers = case("A", {"industry": "law"}, workflow="intermediary", responsible="beijing-lawyers")
    whole, one = measure(population(beijing, [lawyers]), beijing.parts.indicators["industry_coverage"], "responsible")
    assert (whole.is_published, one.key, one.published) == (False, "beijing-lawyers", Decimal("0.686"))


def test_growth_is_against_as_many_as_there_were(beijing):
    before = {date(2015, 1, 4): [case("A"), case("B")]}
    growth = beijing.parts.indicators["growth"]
    assert measure(population(beijing, [case(one) for one in "ABC"], at=before), growth)[0].value == Decimal("0.5")
    assert measure(population(beijing, [case("A")]), growth)[0].value is None


def test_for_every_10_000_residents_where_there_is_a_figure(beijing):
    density = beijing.parts.indicators["density"]
    (whole,) = measure(population(beijing, [case("A")]), density)
    assert whole.value == Decimal(10000) / 21516000
    assert measure(population(beijing, [case("A")], whole=False, area="110105"), density)[0].value is None


def test_what_was_recorded_for_the_year_and_only_once_where_a_case_was_carried_on(beijing):
    purchases = next(
        one for one in beijing.parts.indicators.values() if one.recorded == "purchase" and one.measure == "amount"
    )
    tally = {"purchase": Tally(DAY, {2016: (2, 0, Decimal("10.50")), 2015: (1, 0, Decimal("99"))})}
    carried = [case("P", records=tally, closed=True, continued_as="N"), case("N", records=tally, continues="P")]
    (one,) = measure(population(beijing, carried), purchases)
    assert (one.value, one.numerator) == (Decimal("10.50"), Decimal("10.50"))


def test_the_large_hold_their_part_of_the_whole(beijing):
    many = [case(f"A{at}") for at in range(3)] + [case("B", responsible="haidian-education")]
    whole, *large = measure(population(beijing, many), beijing.parts.indicators["key_majority"], least=2)
    assert (whole.numerator, whole.denominator, whole.groups, whole.value) == (3, 4, 1, Decimal("0.75"))
    assert [(one.key, one.numerator) for one in large] == [("chaoyang-education", 3)]
    assert measure(population(beijing, many), beijing.parts.indicators["key_majority"])[0].numerator == 0


def test_a_target_is_for_those_of_whom_it_is_asked(beijing):
    coverage = beijing.parts.indicators["coverage"]
    city = [
        case(f"A{at}", {"registered_at": "city", "guide_sent": True, "has_organization": at > 0}) for at in range(4)
    ]
    (one,) = measure(population(beijing, city), coverage)
    assert (one.value, one.met, one.target.text) == (Decimal("0.75"), False, ">= 0.85")
    (mixed,) = measure(population(beijing, [*city, case("D", {"guide_sent": True})]), coverage)
    assert (mixed.target, mixed.met) == (None, None)


def test_the_worst_first_and_all_before_them(beijing):
    rows = [(True, "education", False), (False, "health", False), (True, "culture", False), (False, "culture", False)]
    found = worst_first(measure(built(beijing, rows), beijing.parts.indicators["organization_coverage"], "industry"))
    assert [one.key for one in found] == [ALL, "health", "culture", "education"]
    assert worst_first([]) == []


def test_groups_of_which_there_is_nothing_to_say_are_left_out(beijing):
    found = measure(built(beijing, []), beijing.parts.indicators["organization_coverage"], "industry")
    assert [one.key for one in without_empty(found)] == [ALL]
    unknown = measure(built(beijing, [(None, "law", False)]), beijing.parts.indicators["organization_coverage"], "weak")
    assert [one.key for one in without_empty(unknown)] == [ALL, "false"]
    assert UNKNOWN not in [one.key for one in unknown]
