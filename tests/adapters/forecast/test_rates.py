"""Moves counted to the day, and known rates that come out again."""

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.adapters.forecast.rates import CLOSED, Rates, rates
from guikou.engine.cases.events import Event

START = date(2016, 1, 4)
SINCE = date(2013, 1, 4)
YEAR = timedelta(days=365.2425)
BEGINS = datetime(2013, 1, 4, 15, 59, 59, 999999, tzinfo=UTC)  # the end of SINCE in Beijing
ENDS = datetime(2016, 1, 4, 15, 59, 59, 999999, tzinfo=UTC)


def known(policy, moves=None, exposure=None):
    """Rates as if they had been observed; by default nothing ever moved."""
    ways = rates(policy, [], [], SINCE, START).ways
    return Rates(SINCE, START, exposure or {}, moves or {}, {}, ways)


def event(policy, case, seq, at, state, origin, closed=False, kind="advanced"):
    changes = {"state": state, "stage_since": at.date(), "closed": closed}
    if kind != "opened":
        changes["origin"] = origin
    return Event(case, seq, kind, at, at, "x", "beijing", policy.digest, changes)


def test_M05_exposure_and_moves_are_counted_to_the_day(policy, cases):
    case = next(one for one in cases if one.workflow == "foundation")
    old = replace(case, id="old", opened_at=BEGINS - YEAR, state="innovate")
    new = replace(case, id="new", opened_at=BEGINS + YEAR, state="closed", closed=True)
    idle = replace(case, id="idle", opened_at=BEGINS - YEAR, state="rectify.plan")
    gone = replace(case, id="gone", opened_at=BEGINS - 2 * YEAR, state="closed", closed=True)
    events = [
        event(policy, "old", 2, BEGINS - timedelta(days=1), "standardize.improving", "build.approving"),
        event(policy, "old", 3, BEGINS + YEAR / 2, "innovate", "standardize.reviewing"),
        event(policy, "new", 1, BEGINS + YEAR, "build.preparing", None, kind="opened"),
        event(policy, "new", 2, BEGINS + 2 * YEAR, "closed", "build.approving", closed=True),
        event(policy, "other", 2, BEGINS + YEAR, "innovate", "standardize.reviewing"),
        replace(event(policy, "idle", 5, BEGINS + YEAR, "rectify.plan", None), changes={"state": "rectify.plan"}),
    ]
    whole = (ENDS - BEGINS) / YEAR
    for own in (events, events[::-1]):
        found = rates(policy, own, [old, new, idle, gone], SINCE, START)
        assert found.exposure == pytest.approx({
            ("foundation", "standardize"): 0.5, ("foundation", "innovate"): whole - 0.5, ("foundation", "build"): 1.0,
            ("foundation", "rectify"): whole,
        })  # fmt: skip
        assert found.moves == {("foundation", "standardize", "innovate"): 1, ("foundation", "build", CLOSED): 1}
        assert found.arrivals == {"foundation": 1}


def test_M05_while_it_was_closed_a_reopened_case_was_nowhere(policy, cases):
    case = next(one for one in cases if one.workflow == "foundation")
    old = replace(case, id="old", opened_at=BEGINS - YEAR, state="innovate", closed=False)
    shut, again = BEGINS + YEAR / 4, BEGINS + YEAR / 2
    events = [
        event(policy, "old", 2, shut, "closed", "innovate", closed=True),
        event(policy, "old", 3, again, "innovate", None, kind="reopened"),
    ]
    whole = (ENDS - BEGINS) / YEAR
    found = rates(policy, events, [old], SINCE, START)
    assert found.exposure == pytest.approx({("foundation", "innovate"): whole - 0.25})
    assert found.moves == {("foundation", "innovate", CLOSED): 1}
    found = rates(policy, events[1:], [old], SINCE, START)
    assert found.exposure == pytest.approx({("foundation", "innovate"): whole - 0.5})
    assert found.moves == {}


def test_M05_a_case_that_another_carries_on_leaves_from_where_it_stood(policy, cases):
    case = replace(cases[0], id="a", workflow="applicant", state="registered", closed=True, opened_at=BEGINS - YEAR)
    at = BEGINS + YEAR
    carried = Event("a", 4, "continued", at, at, "x", "beijing", policy.digest, {"closed": True, "continued_as": "b"})
    found = rates(policy, [carried], [case], SINCE, START)
    assert found.moves == {("applicant", "registered", CLOSED): 1}
    assert found.exposure == pytest.approx({("applicant", "registered"): 1.0})


HAZARDS = {
    "build": {"standardize": 0.8, CLOSED: 0.05}, "standardize": {"rectify": 0.3, "innovate": 0.4, CLOSED: 0.05},
    "innovate": {"rectify": 0.1}, "rectify": {"standardize": 1.5},
}  # fmt: skip


@pytest.fixture(scope="module")
def lived(policy, cases):
    """Cases that moved by HAZARDS for three years, with their events."""
    draw = random.Random(11)
    found, events = [], []
    for at in range(3000):
        case = replace(cases[0], id=f"c{at}", workflow="foundation", opened_at=BEGINS - YEAR)
        stage, now, seq = draw.choice(list(HAZARDS)), BEGINS, 1
        while stage != CLOSED:
            dests = HAZARDS[stage]
            now += YEAR * draw.expovariate(sum(dests.values()))
            if now > ENDS:
                break
            into = draw.choices(list(dests), list(dests.values()))[0]
            seq += 1
            events.append(event(policy, case.id, seq, now, into or "closed", stage, closed=into == CLOSED))
            stage = into
        found.append(replace(case, state=stage or "closed", closed=stage == CLOSED))
    return found, events


def test_M05_known_rates_come_out_again(policy, lived):
    found = rates(policy, lived[1], lived[0], SINCE, START)
    for stage, dests in HAZARDS.items():
        for dest, rate in dests.items():
            assert found.rate("foundation", stage, dest) == pytest.approx(rate, rel=0.15), (stage, dest)
    assert sum(found.moves.values()) == len(lived[1])


def test_M05_the_order_of_events_changes_nothing(policy, lived):
    cases, events = lived
    shuffled = random.Random(1)
    one = rates(policy, events, cases, SINCE, START)
    other = rates(policy, shuffled.sample(events, len(events)), shuffled.sample(cases, len(cases)), SINCE, START)
    assert one == other


def test_M05_competing_moves_share_what_leaves_within_a_year(policy):
    found = known(policy, {("foundation", "build", "standardize"): 600_000, ("foundation", "build", CLOSED): 200_000},
                  {("foundation", "build"): 1_000_000.0})  # fmt: skip
    shares = found.probabilities("foundation", "build")
    assert sum(shares.values()) == pytest.approx(1 - math.exp(-0.8))
    assert shares == pytest.approx({"standardize": 0.75 * (1 - math.exp(-0.8)), CLOSED: 0.25 * (1 - math.exp(-0.8))})


def test_M05_one_move_in_hardly_any_time_gives_no_certainty(policy):
    found = known(policy, {("foundation", "build", "standardize"): 1}, {("foundation", "build"): 1 / 365})
    (chance,) = found.probabilities("foundation", "build").values()
    assert 0.5 < chance < 0.8
    seen = known(policy, {("foundation", "build", "standardize"): 500}, {("foundation", "build"): 1000.0})
    assert seen.rate("social_group", "build", "standardize") == pytest.approx(0.5, rel=0.01)  # as in other types
    assert 0 < seen.probabilities("social_group", "build")["standardize"] < 1
    assert seen.rate("social_group", "innovate", "rectify") == 0  # seen nowhere
    assert seen.rate("hub", "build", "standardize") == 0  # a hub has no such move
