"""Another policy with a sample.yaml of its own: what makes organisations and lives knows the names of neither."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from guikou import workflows
from guikou.adapters.memory import MemoryStore
from guikou.adapters.sample.groups import join_up
from guikou.adapters.sample.lives import lives
from guikou.adapters.sample.organizations import hubs, organizations
from guikou.adapters.sample.write import write
from guikou.engine import Supervision, fold, verify
from guikou.engine.cases.events import GENESIS

FOLDER = Path(__file__).resolve().parent.parent / "policies" / "restaurants"
SINCE, UNTIL, N, SEED = date(2022, 1, 1), date(2023, 12, 31), 80, 1


@pytest.fixture(scope="module")
def restaurants():
    return workflows.load(str(FOLDER))


@pytest.fixture(scope="module")
def made(restaurants):
    return list(lives(restaurants, N, SEED, SINCE, UNTIL))


@pytest.fixture(scope="module")
def kept(restaurants, made):
    """The lives in memory, with what is made between cases at the end."""
    store = MemoryStore(lambda: datetime(2026, 1, 5, 4, tzinfo=UTC))
    store.activate_policy(restaurants.name, restaurants.version, restaurants.digest, restaurants.files)
    counts = write(store, restaurants, made)
    office = Supervision(restaurants, store)
    return office, counts, join_up(office, SEED, UNTIL)


def names(policy):
    parts = policy.parts
    triggers = {one.trigger for flow in policy.workflows.values() for one in flow.transitions}
    stages = {name for flow in policy.workflows.values() for name in flow.stages}
    return {
        *policy.facts, *policy.workflows, *triggers, *stages, *policy.obligations, *parts.gates, *parts.records,
        *parts.groups, *policy.places.tiers, *policy.tables, *policy.blockers,
    }  # fmt: skip


def test_the_two_policies_share_no_name_and_the_other_one_is_proved_too(beijing, restaurants):
    assert not names(beijing) & names(restaurants)
    verify.require(restaurants)


def test_organisations_are_drawn_as_its_own_recipe_says(restaurants):
    made = list(organizations(restaurants, 400, SEED))
    assert made == list(organizations(restaurants, 400, SEED)) != list(organizations(restaurants, 400, SEED + 1))
    assert made[:20] == list(organizations(restaurants, 20, SEED))
    assert len({one.id for one in made}) == 400
    for one in made:
        facts = restaurants.vocabulary.check(one.facts)
        assert one.name.endswith("[sample]")
        assert facts["licensed_on"] < restaurants.effective
        assert facts["cooks"] <= facts["seats"]
        assert facts["seats"] < 100 or facts["risk"] == "high"
        assert facts["premises"] == "diner" or (facts["cooks"] in (1, 2) and facts["cuisine"] is not None)
    assert {one.area for one in made[:3]} == {"A1", "A2", "A3"}
    assert {one.facts["licensed_at"] for one in made} == {"province", "county"}
    assert {one.facts["cuisine"] for one in made} == {"sichuan", "canton", None}
    clean = sum(one.facts["clean"] for one in made)
    assert 280 <= clean <= 350  # four of five

    tiers = Counter(one.facts["licensed_at"] for one in hubs(restaurants, SEED))
    assert tiers == {"province": 1, "county": 5}
    assert len(list(hubs(restaurants, SEED, among=8))) == 3


def test_lives_are_folds_of_their_events(restaurants, made):
    for life in made:
        assert fold(list(life.events)) == life.case
        previous = GENESIS
        for event in life.events:
            assert (event.previous, event.hash) == (previous, event.digest())
            previous = event.hash
        assert restaurants.day(life.events[-1].at) <= UNTIL


def test_lives_are_the_same_in_several_processes_and_the_first_of_many_are_those_of_few(restaurants, made):
    heads = [one.case.head for one in made]
    assert [one.case.head for one in lives(restaurants, N, SEED, SINCE, UNTIL, processes=2)] == heads
    few = [one.case.head for one in lives(restaurants, 30, SEED, SINCE, UNTIL) if one.case.organization[0] != "M"]
    assert few == heads[: len(few)]


def test_everything_that_the_recipe_says_happens(restaurants, made, kept):
    office, counts, more = kept
    events = [event for case in office.cases() for event in office.history(case.id)]
    assert Counter(event.kind for event in events) == counts.events + more.events
    assert Counter(case.workflow for case in office.cases()) == counts.cases + more.cases
    assert {case.workflow for case in office.cases()} == set(restaurants.workflows)
    assert {event.changes["record"] for event in events if event.kind == "recorded"} == set(restaurants.parts.records)
    assert {event.changes["outcome"] for event in events if event.kind == "told"} == {"given", "turned_down"}
    assert {event.trigger for event in events if event.trigger} >= {"order_mending", "let_trade", "shut_down"}
    happened = {event.kind for event in events}
    assert happened >= {"blocked", "unblocked", "rerouted", "struck", "met", "overdue", "joined", "continued"}
    for life in made:
        if life.case.continues is not None:
            before = office.get(life.case.continues).case
            assert before.facts["wanted"] == life.case.facts["premises"]
            assert before.facts["licensed_on"] == life.case.facts["licensed_on"] >= SINCE
        assert life.case.facts.get("cooks", 0) <= life.case.facts.get("seats", 0)


def test_the_command_line_makes_them(tmp_path, monkeypatch, capsys):
    from guikou.adapters.cli import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIKOU_LANG", "en")
    monkeypatch.delenv("GUIKOU_DB", raising=False)

    def shell(*words):
        assert run(list(words)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    shell("init", "--policy", str(FOLDER))
    shell("sample", "--policy", str(FOLDER), "--n", "12", "--hubs", "-o", "list.csv")
    assert len((tmp_path / "list.csv").read_text(encoding="utf-8").splitlines()) == 1 + 12 + 6
    out = shell("sample", "--n", "30", "--years", "2", "--until", "2023-12-31", "--format", "csv")
    assert "cases,Eatery,3" in out
    assert "generated" not in shell("sweep", "--as-of", "2023-12-31")


def digest(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def test_what_is_drawn_stays_as_it_is(beijing):
    """For both policies: as text, so that neither the engine's hashes nor the order of facts count."""

    def shown(made):
        return digest(f"{one.id} {one.name} {one.area} {sorted(one.facts.items(), key=str)}" for one in made)

    def lived(policy, since, until):
        made = lives(policy, 40, SEED, since, until)
        return digest(
            f"{event.case} {policy.day(event.at)} {event.kind} {event.trigger} {event.body}"
            for life in made
            for event in life.events
        )

    restaurants = workflows.load(str(FOLDER))
    assert shown(organizations(beijing, 300, SEED)) == "54bca0ff8dc7a08e"
    assert shown(hubs(beijing, SEED)) == "637e025e3acd1a44"
    assert shown(organizations(restaurants, 300, SEED)) == "6ac63cbdb95d3823"
    assert lived(beijing, date(2023, 1, 1), date(2024, 12, 31)) == "016d7fd4e647d6c3"
    assert lived(restaurants, SINCE, UNTIL) == "361da0efb8c3eb5e"
