"""Years of invented supervision: made by the engine alone, the same for the same seed, and counted as kept."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.adapters.sample import groups, recipe
from guikou.adapters.sample.groups import join_up
from guikou.adapters.sample.lives import came, lives
from guikou.adapters.sample.organizations import hubs, organizations
from guikou.adapters.sample.write import write
from guikou.adapters.sql import SqlStore
from guikou.engine import Supervision, fold
from guikou.engine.cases.events import GENESIS
from guikou.engine.cases.fold import evolve
from guikou.engine.errors import BadRecord, NotInitialized, WrongUsage
from guikou.engine.policy.files.load import parse

SINCE, UNTIL = date(2023, 1, 1), date(2025, 12, 31)
NOW = datetime(2026, 1, 5, 4, tzinfo=UTC)
N, SEED = 300, 1


@pytest.fixture(scope="module")
def made(beijing):
    return list(lives(beijing, N, SEED, SINCE, UNTIL))


@pytest.fixture(scope="module")
def kept(beijing, made):
    """The lives in memory, with what is made between cases at the end."""
    store = MemoryStore(lambda: NOW)
    store.salt = lambda: "s"
    store.activate_policy(beijing.name, beijing.version, beijing.digest, beijing.files)
    counts = write(store, beijing, made)
    office = Supervision(beijing, store)
    more = join_up(office, SEED, UNTIL)
    return office, counts, more


def sqlite(policy, path):
    store = SqlStore(f"sqlite:///{path}", clock=lambda: NOW)
    store.salt = lambda: "s"
    store.create()
    store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    return store


def every_event(office):
    return [event for case in office.cases() for event in office.history(case.id)]


# --- the lives themselves --------------------------------------------------------------------------------------------


def test_a_life_is_the_fold_of_its_events_and_its_chain_of_hashes_holds(beijing, made):
    for life in made:
        assert fold(list(life.events)) == life.case
        previous, last, case = GENESIS, life.events[0].at, None
        for seq, event in enumerate(life.events, 1):
            assert (event.seq, event.previous, event.case) == (seq, previous, life.case.id)
            assert event.hash == event.digest()
            assert event.at >= last
            previous, last, case = event.hash, event.at, evolve(case, event)
        assert case == life.case
        assert beijing.day(last) <= UNTIL


def test_the_same_seed_gives_the_same_lives_and_another_seed_others(beijing, made):
    again = lives(beijing, N, SEED, SINCE, UNTIL)
    assert [one.case.head for one in again] == [one.case.head for one in made]
    other = lives(beijing, 20, SEED + 1, SINCE, UNTIL)
    assert not {one.case.head for one in other} & {one.case.head for one in made}


def test_the_first_of_many_are_those_of_few(beijing, made):
    few = [one.case.head for one in lives(beijing, 40, SEED, SINCE, UNTIL) if one.case.workflow != "hub"]
    assert few == [one.case.head for one in islice(made, len(few))]


def test_several_processes_make_the_same(beijing, made):
    assert [one.case.head for one in lives(beijing, N, SEED, SINCE, UNTIL, processes=2)] == [
        one.case.head for one in made
    ]


def test_existing_draws_of_a_sample_stay_as_they_are(beijing):
    """What the READMEs show of `sample --n 300 --seed 1`."""
    one = next(organizations(beijing, 1, 1))
    facts = {
        key: one.facts[key] for key in ("registered_as", "industry", "employees", "party_members", "registered_at")
    }
    assert (one.id, one.name, one.area) == ("52110101CDKQQ0NE8P", "东城区乐龄思源培训学校（样例）", "110101")
    assert list(facts.values()) == ["private_non_enterprise", "education", 204, 22, "district"]
    assert one.facts["registered_on"] <= one.facts["term_began"] < beijing.effective


def test_no_person_is_named(made):
    for life in made:
        assert life.case.name.endswith("（样例）")


def test_M12a_whoever_does_something_is_there_on_the_day(beijing):
    """The local tax bureaus were merged in 2018."""
    acted = set()
    for life in lives(beijing, N, SEED, date(2017, 1, 1), date(2019, 12, 31)):
        for event in life.events:
            assert beijing.places.bodies[event.body].exists_on(beijing.day(event.at)), event
            acted.add(event.body)
    assert any(one.endswith("-local-tax") for one in acted)
    assert any(one.endswith("-tax") and not one.endswith("-local-tax") for one in acted)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_refusal_that_is_not_expected_is_raised(beijing, processes):
    files = dict(beijing.files)
    files["sample.yaml"] = files["sample.yaml"].replace("count: [5, 60]", "count: [-60, -5]")
    with pytest.raises(BadRecord, match="whole number from 0"):
        list(lives(parse(files), 60, SEED, SINCE, UNTIL, processes=processes))


def test_a_policy_without_lives_or_days_without_time_are_wrong_usage(beijing):
    files = {**beijing.files, "sample.yaml": beijing.files["sample.yaml"].partition("\nlife:")[0]}
    with pytest.raises(WrongUsage):
        next(lives(parse(files), 3, SEED, SINCE, UNTIL))
    with pytest.raises(WrongUsage):
        next(lives(beijing, 3, SEED, UNTIL, UNTIL))


# --- what there is in them -------------------------------------------------------------------------------------------


def test_every_kind_of_event_occurs(kept):
    """But for what another policy, a newer calendar or a mistake of an office brings about."""
    from guikou.adapters.cli.titles import KINDS

    office, counts, more = kept
    found = Counter(event.kind for event in every_event(office))
    assert set(KINDS) - set(found) == {
        "scheduled",
        "recounted",
        "renamed",
        "same",
        "merged",
        "withdrawn",
        "restored",
        "corrected",
        "reopened",
        "remarked",
        "erased",
    }
    assert found == counts.events + more.events
    assert Counter(case.workflow for case in office.cases()) == counts.cases + more.cases


def test_M17_M18_M19_M20_M22_M23_M24_M25_every_stage_gate_answer_and_record_occurs(beijing, kept):
    events = every_event(kept[0])
    assert {event.changes["gate"] for event in events if event.kind == "asked"} == set(beijing.parts.gates)
    assert {event.changes["answer"] for event in events if event.kind == "asked"} == {
        "allowed",
        "conditional",
        "refused",
    }
    assert {event.changes["record"] for event in events if event.kind == "recorded"} == set(beijing.parts.records)
    stages = {event.changes["state"].partition(".")[0] for event in events if "state" in event.changes}
    assert stages == {stage for flow in beijing.workflows.values() for stage in flow.stages}
    owed = {event.changes.get("concerns") for event in events if event.kind in ("met", "missed", "overdue")}
    assert owed >= {"first_review", "inspection", "change_of_term", "grade_evaluation", "hub_meeting", "build_plan"}
    assert {"find_weak", "confirm_finding", "adopt_plan", "complete_measures", "pass_reinspection"} <= {
        event.trigger for event in events
    }


def test_M20_some_rectifications_are_late_and_climb(made):
    climbed = [
        event
        for life in made
        for event in life.events
        if event.kind == "escalated" and event.changes["stood"].startswith("rectify")
    ]
    assert climbed


def test_M22_M25_a_registered_organisation_carries_its_applicants_case_on(beijing, kept):
    office = kept[0]
    carrying = [case for case in office.cases() if case.case.continues]
    assert carrying
    for one in carrying:
        before = office.get(one.case.continues).case
        assert before.continued_as == one.id
        assert before.closed
        lineage = office.lineage(one.id)
        assert any(event.trigger == "register" for event in lineage)
        assert one.case.facts["registered_on"] >= SINCE


def test_M05_their_number_grows_by_what_is_published_a_year(beijing):
    years, life = Counter(), recipe.read(beijing).life
    for at in range(20000):
        day = came(life, random.Random(f"x:{at}"), SINCE, UNTIL)
        years[day.year] += 1
    there = years[2022]
    for year in (2023, 2024, 2025):
        assert 0.10 <= years[year] / there <= 0.15
        there += years[year]


def test_M02_hubs_are_in_proportion_or_all_that_are_published(beijing):
    tiers = Counter(one.facts["registered_at"] for one in hubs(beijing, SEED))
    assert tiers == {"city": 36, "district": 211, "street": 403}
    few = list(hubs(beijing, SEED, among=N))
    assert 3 <= len(few) <= 9
    every = list(hubs(beijing, SEED))
    assert len({one.id for one in every}) == len(every)
    assert {one.id for one in few} <= {one.id for one in every}


# --- kept ------------------------------------------------------------------------------------------------------------


def test_kept_in_other_batches_it_is_the_same(beijing, made, kept, tmp_path):
    store = sqlite(beijing, tmp_path / "years.db")
    counts = write(store, beijing, made, batch=7)
    assert counts == kept[1]
    join_up(Supervision(beijing, store), SEED, UNTIL)
    theirs = {case.id: case.case for case in Supervision(beijing, store).cases()}
    assert theirs == {case.id: case.case for case in kept[0].cases()}
    store.close()


def test_everything_due_was_swept(beijing, made, tmp_path):
    store = sqlite(beijing, tmp_path / "years.db")
    write(store, beijing, made)
    office = Supervision(beijing, store)
    join_up(office, SEED, UNTIL)
    swept = office.sweep(when=UNTIL)
    assert (swept.happened, swept.failed, swept.ahead) == ((), (), 0)
    assert store.outbox() == []
    assert office.sweep(when=date(2026, 1, 4)).failed == ()  # and goes on from there
    store.close()


def test_the_indicators_agree_with_a_recount_by_hand(beijing, made, kept, tmp_path):
    store = sqlite(beijing, tmp_path / "years.db")
    write(store, beijing, made)
    join_up(Supervision(beijing, store), SEED, UNTIL)
    apart = ("hub", "joint", "applicant")
    for office in (kept[0], Supervision(beijing, store)):
        cases = [view.case for view in office.cases()]
        own = [case for case in cases if not case.closed and case.workflow not in apart]

        def value(name, office=office, **more):
            return office.indicator(name, as_of=UNTIL, **more)

        stages = {one.key: one.numerator for one in value("stages", by="stage")[1:]}
        assert stages == Counter(case.stage for case in own)
        types = {one.key: one.numerator for one in value("organizations", by="type")[1:]}
        assert types == Counter(case.workflow for case in own)
        assert value("jobs")[0].value == sum(case.facts["employees"] for case in own)
        covered = value("organization_coverage")[0]
        assert covered.numerator == sum(case.facts.get("has_organization") is True for case in own)
        assert covered.denominator == len(own)

        before = date(2024, 12, 31)
        then = [fold([one for one in office.history(case.id) if beijing.day(one.at) <= before]) for case in cases]
        there = sum(case is not None and not case.closed and case.workflow not in apart for case in then)
        growth = value("growth")[0]
        assert (growth.numerator, growth.denominator) == (len(own), there)

        year = [event for event in every_event(office) if beijing.day(event.at).year == UNTIL.year]
        refused = sum(event.kind == "asked" and event.changes["answer"] == "refused" for event in year)
        assert value("gates_refused")[0].value == refused
        assert value("escalated")[0].value == sum("to" in event.changes for event in year)
        held = sum(event.kind == "met" and event.changes["concerns"] == "hub_meeting" for event in year)
        assert value("meetings_held")[0].value == held

        struck = {(one.case, one.changes["struck"]) for one in every_event(office) if one.kind == "struck"}
        recorded = [
            event
            for event in every_event(office)
            if event.kind == "recorded" and (event.case, event.seq) not in struck and event.changes["year"] == 2025
        ]
        activities = sum(event.changes["record"] == "activity" for event in recorded)
        assert value("activities")[0].value == activities
        amounts = [event.changes["amount"] for event in recorded if event.changes["record"] == "purchase"]
        assert value("purchases")[0].value == sum(amounts, Decimal(0))
        members = sum(case.facts.get("party_members", 0) for case in own)
        assert value("allowance_due")[0].value == members * 200  # M30
    store.close()


def test_a_database_that_is_not_empty_or_not_initialised_is_refused(beijing, made):
    store = MemoryStore(lambda: NOW)
    with pytest.raises(NotInitialized):
        write(store, beijing, made[:1])
    store.activate_policy(beijing.name, beijing.version, beijing.digest, beijing.files)
    Supervision(beijing, store).register(next(organizations(beijing, 1, 5)), when=date(2016, 1, 4))
    with pytest.raises(WrongUsage, match="cases already"):
        write(store, beijing, made[:1])
    other = MemoryStore(lambda: NOW)
    other.activate_policy("x", "1", "another", {})
    with pytest.raises(WrongUsage, match="another policy"):
        write(other, beijing, made[:1])


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    from guikou.adapters.cli import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIKOU_LANG", "en")
    monkeypatch.delenv("GUIKOU_DB", raising=False)

    def shell(*arguments, code=0):
        capsys.readouterr()
        got = run([str(one) for one in arguments])
        out, err = capsys.readouterr()
        assert got == code, out + err
        return out if code == 0 else err

    return shell


def test_the_command_makes_years_once(run, beijing):
    assert "run guikou init" in run("sample", "--years", "1", code=1)
    run("init")
    out = run("sample", "--n", "30", "--years", "1", "--until", "2024-12-31", "--format", "csv")
    made = list(lives(beijing, 30, 1, date(2024, 1, 1), date(2024, 12, 31)))
    assert f"events,opened,{len(made)}" in out
    assert "cases already" in run("sample", "--years", "1", code=2)
    assert "--until must be before today" in run("sample", "--years", "1", "--until", "2999-01-01", code=2)
    assert "--until goes with --years" in run("sample", "--until", "2024-12-31", code=2)
    assert "generated" not in run("sweep", "--as-of", "2024-12-31")


def test_M02_the_command_lists_hubs_and_what_it_lists_can_be_imported(run):
    run("init")
    run("sample", "--n", "20", "--hubs", "-o", "list.csv")
    assert "670 opened, 0 changed, 0 unchanged, 0 rejected" in run("import", "list.csv", "--as-of", "2016-01-04")


# --- whatever the seed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2, 3, 7, 11, 23])
def test_groups_come_about_whatever_the_seed(beijing, seed):
    """Few areas, so that there are full groups, also of those that bring enterprises along."""
    store = MemoryStore(lambda: NOW)
    store.activate_policy(beijing.name, beijing.version, beijing.digest, beijing.files)
    write(store, beijing, lives(beijing, 120, seed, date(2025, 1, 1), UNTIL))
    office = Supervision(beijing, store)
    join_up(office, seed, UNTIL)


def test_what_a_group_adds_leaves_it_no_larger_than_it_may_be(beijing):
    kind = next(one for one in beijing.parts.groups.values() if one.also is not None and one.most is not None)
    facts = {kind.also: 2}
    groups._fit(facts, kind, kind.most - 1)
    assert facts == {kind.also: 1}
    groups._fit(facts, kind, kind.most)
    assert facts == {kind.also: 0}
    for facts in ({}, {kind.also: None}):
        before = dict(facts)
        groups._fit(facts, kind, 2)
        assert facts == before


def test_lives_go_on_for_longer_than_a_grade_is_valid(policy):
    """Who is evaluated is so again: one with this seed was, in its sixth year."""
    made = lives(policy, 173, 3, date(2020, 11, 28), date(2026, 11, 28))
    met = [sum(event.kind == "met" and event.concerns == "grade_evaluation" for event in life.events) for life in made]
    assert max(met) == 2


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_who_began_it(tmp_path, sign):
    """All of them hold the pipe: it ends when the last one does."""
    words = ["sample", "--n", "100000", "--years", "3", "--until", "2019-12-31"]
    code = "from guikou.adapters.cli import main; main()"
    own = {**os.environ, "GUIKOU_LANG": "en", "GUIKOU_DB": f"sqlite:///{tmp_path / 'x.db'}"}
    subprocess.run([sys.executable, "-c", code, "init"], env=own, check=True, capture_output=True, cwd=tmp_path)
    begun = subprocess.Popen(
        [sys.executable, "-c", code, *words], env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path
    )
    written = tmp_path / "x.db-wal"
    while not (written.exists() and written.stat().st_size > 1_000_000) and begun.poll() is None:
        pass  # so far it only begins to work
    begun.send_signal(sign)
    said, _ = begun.communicate(timeout=60)
    assert begun.returncode != 0
    assert sign == signal.SIGKILL or said.decode().strip() == "stopped"
