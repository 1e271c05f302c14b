"""Caseload under growth: what must hold whatever is drawn, and that known rates come out again."""

import math
import random
import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from guikou import workflows
from guikou.adapters.forecast.forecast import GROWTH, forecast
from guikou.adapters.forecast.rates import CLOSED, Rates, rates
from guikou.engine.cases.case import Case, Organization
from guikou.engine.decide.intake import place
from guikou.engine.errors import NotInstalled, WrongUsage

START = date(2016, 1, 4)
SINCE = date(2013, 1, 4)
YEAR = timedelta(days=365.2425)
BEGINS = datetime(2013, 1, 4, 15, 59, 59, 999999, tzinfo=UTC)  # the end of SINCE in Beijing
ENDS = datetime(2016, 1, 4, 15, 59, 59, 999999, tzinfo=UTC)
BYS = ("all", "tier", "body", "stage")


def opened(policy, organization, **more):
    """A case as it stands once the organisation is registered."""
    placed = place(policy, organization, START)
    case = Case(
        organization.id, organization.id, organization.name, organization.area, placed.workflow, placed.state,
        placed.responsible.id, None, organization.facts, START, START, BEGINS - YEAR, BEGINS - YEAR, policy.digest,
    )  # fmt: skip
    return replace(case, **more)


def known(policy, moves=None, exposure=None):
    """Rates as if they had been observed; by default nothing ever moved."""
    ways = rates(policy, [], [], SINCE, START).ways
    return Rates(SINCE, START, exposure or {}, moves or {}, {}, ways)


def lively(policy, years=2000.0):
    """Every type: build to standardize 0.8 a year, to rectify 0.3, back 1.5, closing 0.05."""
    hazards = {("build", "standardize"): 0.8, ("standardize", "rectify"): 0.3, ("rectify", "standardize"): 1.5}
    moves, exposure = {}, {}
    for name, one in policy.workflows.items():
        if "build" in one.stages:
            exposure |= {(name, stage): years for stage in ("build", "standardize", "innovate", "rectify")}
            moves |= {(name, *pair): round(rate * years) for pair, rate in hazards.items()}
            moves |= {(name, stage, CLOSED): round(0.05 * years) for stage in ("build", "standardize", "rectify")}
    return known(policy, moves, exposure)


def run(policy, cases, **more):
    return forecast(
        policy, cases, **{"years": 5, "rates": lively(policy), "seed": 7, "runs": 40, "start": START} | more
    )


def variant(tmp_path, old, new):
    """The policy with another routing table."""
    folder = tmp_path / "variant"
    shutil.copytree(Path(workflows.__file__).parent / "beijing_2015", folder)
    path = folder / "tables" / "routing.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return workflows.load(str(folder))


# --- growth and chance -----------------------------------------------------------------------------------------------


def test_M05_the_same_seed_gives_the_same_numbers_and_another_gives_others(policy, cases):
    one, again, other = run(policy, cases), run(policy, cases), run(policy, cases, seed=8)
    for by in BYS:
        assert one.rows(by) == again.rows(by)
        assert np.array_equal(one.counts[by].runs, again.counts[by].runs)
    assert not np.array_equal(one.counts["all"].runs, other.counts["all"].runs)


def test_M05_the_order_of_cases_changes_nothing(policy, cases):
    shuffled = random.Random(3).sample(cases, len(cases))
    assert shuffled != cases
    one, other = run(policy, cases), run(policy, shuffled)
    assert all(np.array_equal(one.counts[by].runs, other.counts[by].runs) for by in BYS)


def test_M05_without_growth_and_moves_the_caseload_stays_as_it_is(policy, cases):
    found = run(policy, cases, growth=(0.0, 0.0), rates=known(policy))
    for by in BYS:
        runs = found.counts[by].runs
        assert (runs == runs[:1, :1]).all()
    (count,) = {row.median for row in found.rows("all")}
    assert count == len(cases)


@pytest.mark.parametrize("growth", [0.05, 0.1, 0.125, 0.15, 1.0])
def test_M05_a_fixed_growth_compounds_exactly_up_to_rounding(policy, cases, growth):
    expected = [len(cases)]
    for _ in range(5):
        expected.append(expected[-1] + round(growth * expected[-1]))
    rows = run(policy, cases, growth=(growth, growth), rates=known(policy)).rows("all")
    assert [(row.low, row.median, row.high) for row in rows] == [(n, n, n) for n in expected]
    for year, row in enumerate(rows):
        assert row.median == pytest.approx(len(cases) * (1 + growth) ** year, rel=0.005)


def test_M05_the_published_growth_leads_between_its_bounds(policy, cases):
    found = run(policy, cases, rates=known(policy), runs=200)
    last = found.rows("all")[-1]
    assert len(cases) * 1.10**5 < last.low < last.median < last.high < len(cases) * 1.15**5
    assert GROWTH == (0.10, 0.15)


def test_M05_bodies_tiers_and_stages_sum_to_all_in_every_run_and_year(policy, cases):
    found = run(policy, cases)
    whole = found.counts["all"].runs[:, :, 0]
    for by in BYS[1:]:
        assert np.array_equal(found.counts[by].runs.sum(axis=2), whole)
    for column, tier in enumerate(found.counts["tier"].keys):
        own = [at for at, id in enumerate(found.counts["body"].keys) if policy.places.bodies[id].tier == tier]
        assert np.array_equal(found.counts["tier"].runs[:, :, column], found.counts["body"].runs[:, :, own].sum(axis=2))


def test_M05_bands_contain_the_median_and_start_from_what_is_known(policy, cases):
    found = run(policy, cases)
    for by in BYS:
        for row in found.rows(by):
            assert 0 <= row.low <= row.median <= row.high
            assert row.year > START.year or row.low == row.high
    at_start = {row.key: row.median for row in found.rows("body") if row.year == 2016}
    assert at_start == {id: sum(case.responsible == id for case in cases) for id in at_start}
    assert [row.year for row in found.rows("all")] == [2016, 2017, 2018, 2019, 2020, 2021]


def test_M05_arrivals_stand_where_their_facts_say(policy, cases):
    """Cases that were moved on though their facts tell of no organisation: copies of them begin at the beginning."""
    moved = [replace(case, state="standardize.improving") for case in cases if case.stage == "build"]
    found = run(policy, moved, rates=known(policy), growth=(0.1, 0.1))
    stages = dict(zip(found.counts["stage"].keys, found.counts["stage"].runs[0].T, strict=True))
    assert list(stages["standardize"]) == [len(moved)] * 6
    assert stages["build"][0] == 0
    assert stages["build"][1] == round(len(moved) * 0.1)


def test_M05_closed_cases_are_left_out_and_none_make_none(policy, cases):
    half = [replace(case, closed=at % 2 == 0) for at, case in enumerate(cases)]
    assert run(policy, half).rows("all")[0].median == len(cases) // 2
    nothing = run(policy, [])
    assert {(row.low, row.high) for row in nothing.rows("all")} == {(0, 0)}
    assert nothing.rows("body") == []


def test_M05_a_body_that_was_succeeded_gives_its_cases_to_its_successor(policy):
    facts = {"registered_as": "professional_firm", "registered_at": "district", "industry": "tax", "employees": 9,
             "party_members": 0, "has_organization": False}  # fmt: skip
    case = opened(policy, Organization("T1", "税务师事务所", "110105", facts))
    assert case.responsible == "chaoyang-local-tax"
    assert run(policy, [case]).counts["body"].keys == ("chaoyang-local-tax",)
    assert run(policy, [case], start=date(2019, 1, 4)).counts["body"].keys == ("chaoyang-tax",)


def test_M05_what_is_below_a_body_is_counted_as_the_whole_counts_it(policy, cases):
    whole, part = run(policy, cases), run(policy, cases, under="beijing-education")
    below = policy.places.on(policy.effective).under("beijing-education")
    assert part.rows("body") == [row for row in whole.rows("body") if row.key in below]
    assert part.rows("body")
    assert np.array_equal(part.counts["all"].runs, part.counts["body"].runs.sum(axis=2, keepdims=True))


@pytest.mark.parametrize("growth", [(-0.1, 0.1), (0.2, 0.1), (0.1, 15), (math.nan, 0.1)])
def test_M05_a_growth_that_is_none_is_refused(policy, growth):
    with pytest.raises(WrongUsage, match="0 to 1"):
        run(policy, [], growth=growth)


def test_M05_without_numpy_it_says_what_to_install(policy, monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(NotInstalled, match=r"guikou\[forecast\]"):
        run(policy, [])


# --- moves -----------------------------------------------------------------------------------------------------------


def test_M05_closing_at_a_constant_rate_leaves_the_exponential_share(policy, cases):
    own = [case for case in cases if case.stage == "build"]
    closing = {(name, "build", CLOSED): 10_000 for name in policy.workflows}
    spent = {(name, "build"): 50_000.0 for name in policy.workflows}
    found = run(policy, own, growth=(0.0, 0.0), rates=known(policy, closing, spent), runs=400)
    mean = found.counts["all"].runs[:, :, 0].mean(axis=0)
    assert mean == pytest.approx([len(own) * math.exp(-0.2 * year) for year in range(6)], rel=0.02)


def test_M05_a_stage_that_is_left_soon_holds_the_share_that_its_rates_give(policy, cases):
    """0.2 a year into rectify, 2 out of it: in the long run 0.2 / 2.2 stand there, though most leave within a year."""
    own = [replace(case, state="innovate") for case in cases if case.stage in ("build", "standardize", "innovate")]
    names = {case.workflow for case in own}
    moves = {(name, "innovate", "rectify"): 20_000 for name in names}
    moves |= {(name, "rectify", "innovate"): 200_000 for name in names}
    spent = {(name, stage): 100_000.0 for name in names for stage in ("innovate", "rectify")}
    found = run(policy, own, growth=(0.0, 0.0), rates=known(policy, moves, spent), runs=400)
    at = found.counts["stage"].keys.index("rectify")
    assert found.counts["stage"].runs[:, -1, at].mean() / len(own) == pytest.approx(0.2 / 2.2, rel=0.03)


def test_M05_few_observations_make_a_wide_band(policy, cases):
    def width(years):
        last = run(policy, cases, rates=lively(policy, years), growth=(0.1, 0.1), runs=400).rows("all")[-1]
        return last.high - last.low

    assert width(20.0) > 1.3 * width(20_000.0)


# --- another routing -------------------------------------------------------------------------------------------------


def test_M05_another_routing_moves_exactly_those_that_it_routes_elsewhere(policy, cases, tmp_path):
    other = variant(tmp_path, "U,community_filed,-,-,-,{street},", "U,community_filed,-,-,-,{district},")
    found = run(policy, cases, routed_by=other)
    moving = [case for case in cases if case.workflow == "community_filed"]
    assert moving
    assert found.routed.unplaced == 0
    now = {row.key: row.median for row in found.difference("body") if row.year == START.year}
    for id, change in now.items():
        out = sum(case.responsible == id for case in moving)
        into = sum(policy.places.bodies[case.responsible].parent == id for case in moving)
        assert change == into - out, id
    tiers = {row.key: row.median for row in found.difference("tier") if row.year == START.year}
    assert tiers == {"city": 0, "district": len(moving), "street": -len(moving)}
    for by in ("all", "stage"):  # in every run as many, in the same stages
        assert np.array_equal(found.counts[by].runs, found.routed.counts[by].runs)
    street = found.routed.counts["tier"].runs[:, :, found.routed.counts["tier"].keys.index("street")]
    assert (street == 0).all()  # those to come are routed so, too


def test_M05_the_same_routing_changes_nothing(policy, cases):
    found = run(policy, cases, routed_by=policy)
    assert {(row.low, row.median, row.high) for row in found.difference("body")} == {(0, 0, 0)}
    assert run(policy, cases).difference("body") == []


def test_M05_whom_another_routing_refuses_stays_and_is_counted(policy, cases, tmp_path):
    other = variant(tmp_path, "U,community_filed,-,-,-,{street},M13 按属地 / M13 by territory\n", "")
    found = run(policy, cases, routed_by=other)
    assert found.routed.unplaced == sum(case.workflow == "community_filed" for case in cases) > 0
    assert found.unplaced == 0
    assert {(row.low, row.high) for row in found.difference("body")} == {(0, 0)}
