"""Every way in which a sample.yaml can be wrong: the code, the file, the line."""

import json

import pytest

from guikou.adapters.sample.organizations import organizations
from guikou.adapters.sample.recipe import read
from guikou.engine import parse
from guikou.engine.errors import PolicyError, WrongUsage

FILE = "sample.yaml"


def wrong(beijing, old, new):
    """The error of the recipe with something replaced, and the line that it stood in."""
    text = beijing.files[FILE]
    assert old in text, f"{old} stands nowhere in {FILE}"
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(PolicyError) as caught:
        read(parse({**beijing.files, FILE: text.replace(old, new, 1)}))
    return caught.value, line


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        # its shape
        ("home_tier:", "home_teir:", "unknown-key", "unknown key 'home_teir'; use one of: home_tier"),
        ("  growth:", "  grwoth:", "unknown-key", "use one of: growth"),
        ("penalised: {chance:", "penalised: {chances:", "unknown-key", "use one of: chance"),
        ("  growth: 0.13", "  growth: much", "bad-value", "'life.growth'"),
        ("postponed: 0.05", "postponed: 5", "bad-value", "less than or equal to 1"),
        ("  taken_in: 60 ", "  taken_in: 0 ", "bad-value", "greater than or equal to 1"),
        ("marker: （样例）", "marker: ''", "bad-value", "at least 1 character"),
        ("  look: [20, 40]", "  look: [20]", "bad-value", "life.look"),
        ("    when: *registered", "    when: soon", "bad-value", "life.newly.when"),
        # its names
        ("home_tier: district", "home_tier: village", "unknown-name", "no tier 'village'"),
        ("home_tier: district", "home_tier: distrikt", "unknown-name", "no tier 'distrikt'; use one of: district"),
        ("    at: {street: 1}", "    at: {lane: 1}", "unknown-name", "no tier 'lane'"),
        ("tier_fact: registered_at", "tier_fact: registred_at", "unknown-fact", "no fact 'registred_at'"),
        ("limits: {party_members: employees}", "limits: {members: employees}", "unknown-fact", "'members'"),
        ("  terms_kept: *sound", "  term_kept: *sound", "unknown-fact", "no fact 'term_kept'"),
        ('when: {party_members: "> 0"}', 'when: {members: "> 0"}', "unknown-fact", "no fact 'members'"),
        ("any: [{has_organization: false", "any: [{has_organisation: false", "unknown-fact", "has_organisation"),
        ("carried: {term_began: {fact", "carried: {term_begun: {fact", "unknown-fact", "term_begun"),
        ("carried: {term_began: {fact: registered_on}}", "carried: {term_began: {fact: industry}}", "unknown-name", "no fact of its type"),
        ("forgets: [standardized", "forgets: [standardised", "unknown-fact", "standardised"),
        ("sets: {weak: true}", "sets: {lax: true}", "unknown-fact", "no fact 'lax'"),
        ("apart: [hub, joint", "apart: [hubs, joint", "unknown-name", "no type 'hubs'"),
        ("looks: {hub:", "looks: {hubb:", "unknown-name", "no type 'hubb'; use one of: hub"),
        ("    send_guide: 0.2", "    sent_guide: 0.2", "unknown-name", "no trigger that an office may fire 'sent_guide'"),
        ("    send_guide: 0.2", "    turn_weak: 0.2", "unknown-name", "no trigger that an office may fire 'turn_weak'"),
        ("in: standardize.improving", "in: standardize.improve", "unknown-name", "no stage or state 'standardize.improve'"),
        ("blocked: {in: build", "blocked: {in: builds", "unknown-name", "use one of: build"),
        ("    first_review: 0.7", "    last_review: 0.7", "unknown-name", "no obligation 'last_review'"),
        ("asked: {annual_inspection", "asked: {yearly_inspection", "unknown-name", "no gate 'yearly_inspection'"),
        ("      grade_evaluation: {chance", "      grading: {chance", "unknown-name", "no gate 'grading'"),
        ("gate: incubation,", "gate: incubator,", "unknown-name", "no gate 'incubator'; use one of: incubation"),
        ("tells: admitted", "tells: rejected", "unknown-name", "no outcome 'rejected'"),
        ("declines: rejected", "declines: admitted", "unknown-name", "no outcome 'admitted'; use one of"),
        ("outcomes: {qualified", "outcomes: {qualifies", "unknown-name", "no outcome 'qualifies'; use one of: qualified"),
        ("    activity: {rate", "    activities: {rate", "unknown-name", "no record 'activities'; use one of: activity"),
        ("record: dues_paid", "record: dues_payed", "unknown-name", "no record 'dues_payed'"),
        ("    hub_membership:", "    hub_members:", "unknown-name", "no kind of group 'hub_members'"),
        ("alike: industry", "alike: trade", "unknown-fact", "no fact 'trade'"),
        ("founded:\n        in: build.joining", "founded:\n        in: [build.joining, built]", "unknown-name", "'built'"),
        # what it draws
        ("industry: education", "industry: schools", "bad-value", "schools"),
        ("industry: [accounting, tax]", "industry: [accounting, taxes]", "bad-value", "taxes"),
        ("employees: [4, 400]", "employees: [400, 4]", "bad-value", "400 is more than 4"),
        ("employees: [4, 400]", "employees: [-4, 400]", "bad-value", "from 0 on"),
        ("employees: [4, 400]", "employees: many", "bad-value", "many"),
        ("penalised: {chance: 0.01}", "penalised: {chance: 0.01, value: true}", "bad-value", "only one"),
        ("penalised: {chance: 0.01}", "penalised: {when: {weak: true}}", "bad-value", "give one of"),
        ("penalised: {chance: 0.01}", "penalised: {days_ago: [1, 2]}", "bad-value", "type date; it is boolean"),
        ("weak: {chance: 0.08", "employees: {chance: 0.08", "bad-value", "type boolean; it is integer"),
        ("not_before: registered_on}  ", "not_before: employees}  ", "bad-value", "'employees': is no date"),
        ("&conclusions {qualified: 86", "&conclusions {fine: 86", "bad-value", "fine"),
        ("{held: 0.9, missed: 0.1}", "{held: 0, missed: 0}", "bad-value", "nothing to draw from"),
        ("    registered_as: hub\n", "    registered_as: hubs\n", "bad-value", "hubs"),
        ("otherwise: false}", "otherwise: never}", "bad-value", "never"),
        ("after: {fact: registered_on, days: 1095}", "after: {fact: graded, days: 1}", "unknown-fact", "graded"),
        ("employees: {times: [0.85, 1.2], least: 1}", "industry: {times: [0.85, 1.2]}", "bad-value", "only whole numbers"),
        ("employees: {times: [0.85, 1.2], least: 1}", "employees: {least: 1}", "bad-value", "'times' or 'plus'"),
        # names and ids
        ('"{street}{word}文艺队"', '"{lane}{word}文艺队"', "bad-value", "'{lane}' is not known there"),
        ('"{district}{word}医院"', '"{street}{word}医院"', "bad-value", "'{street}' is not known there"),
        ('city: "北京{word}联合会"', 'city: "{district}{word}联合会"', "bad-value", "'{district}' is not known there"),
        ('name: "{area}{number}号', 'name: "{area}{word}号', "bad-value", "'{word}' is not known there"),
        ('{pattern: "BA{area}{number}"}', '{pattern: "BA{area}{no}"}', "bad-value", "'{no}' is not known there"),
        ('{pattern: "BA{area}{number}"}', "{digits: 3}", "bad-value", "give 'uscc' or 'pattern'"),
        ('{pattern: "BA{area}{number}"}', '{pattern: "BA{area}"}', "bad-value", "all ids are the same"),
        ('{pattern: "BA{area}{number}"}', '{pattern: "BA{area}{id}"}', "bad-value", "needs a pattern with {number}"),
        ('{pattern: "SQ{id}"}', '{uscc: "52"}', "bad-value", "needs a pattern with {id}"),
        ('{pattern: "JL{area}{number}", digits: 4}', '{pattern: "JL{id}"}', "bad-value", "needs a pattern with {number}"),
        ('{uscc: "53"}', '{uscc: "5I"}', "bad-value", "no beginning of a credit code"),
        # what is recorded
        ("public_service: {rate: 0.012, count: [10, 300]}", "public_service: {rate: 0.012}", "bad-value", "'count': is asked for"),
        ("venue_use: {rate: 0.01}", "venue_use: {rate: 0.01, amount: [1, 2]}", "bad-value", "'amount': is not asked for"),
        ("record: allowance_paid", "record: activity", "bad-value", "no amount of money"),
        ("for: party_members, each: 200", "for: industry, each: 200", "bad-value", "no whole number"),
    ],
)  # fmt: skip
def test_a_wrong_recipe_is_told_with_code_file_and_line(beijing, old, new, code, words):
    error, line = wrong(beijing, old, new)
    last = line + max(old.count("\n"), new.count("\n"))
    assert error.code == code, error.line("en")
    assert error.where.file == FILE
    assert line <= error.where.line <= last, (error.line("en"), line)
    assert words in error.line("en")
    assert error.line("zh")


def test_a_policy_without_a_recipe_is_wrong_usage(beijing):
    files = {name: text for name, text in beijing.files.items() if name != FILE}
    with pytest.raises(WrongUsage, match=r"no sample\.yaml"):
        organizations(parse(files), 1, 1)


def test_ids_of_too_few_digits_are_told(beijing):
    text = beijing.files[FILE].replace('{pattern: "BA{area}{number}"}', '{pattern: "BA{number}", digits: 1}')
    with pytest.raises(WrongUsage, match="too few ids"):
        list(organizations(parse({**beijing.files, FILE: text}), 300, 1))


def test_the_recipe_is_no_part_of_what_is_decided(beijing):
    text = beijing.files[FILE].replace("growth: 0.13", "growth: 0.2")
    assert parse({**beijing.files, FILE: text}).digest == beijing.digest


def test_a_database_that_keeps_an_older_recipe_takes_that_of_the_policy_named(published, tmp_path, capsys, monkeypatch):
    """A recipe decides nothing: the policy with another one is the same policy."""
    from guikou.adapters.cli import run
    from guikou.adapters.sql import SqlStore

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIKOU_LANG", "en")
    monkeypatch.delenv("GUIKOU_DB", raising=False)
    store = SqlStore("sqlite:///guikou.db")
    store.create()
    store.activate_policy(
        published.name, published.version, published.digest, {**published.files, FILE: "organized: 0.5\n"}
    )
    store.close()
    assert run(["policy", "check"]) == 0
    years = ["sample", "--n", "5", "--years", "1", "--until", "2024-12-31", "--db", "sqlite:///guikou.db"]
    assert run(years) == 1
    assert "sample.yaml:1: unknown key 'organized'" in capsys.readouterr().err
    assert run([*years, "--policy", "beijing-2015"]) == 0


def test_the_command_line_refuses_a_wrong_recipe_in_one_line(beijing, tmp_path, capsys, monkeypatch):
    from guikou.adapters.cli import run

    monkeypatch.setenv("GUIKOU_LANG", "en")
    for name, text in beijing.files.items():
        path = tmp_path / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("tier_fact: registered_at", "tier_fact: at"), encoding="utf-8")
    assert run(["sample", "--policy", str(tmp_path / "mine"), "--n", "1"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "sample.yaml" in err
    assert "no fact 'at' is declared" in err
    assert len(err.strip().splitlines()) == 1
    assert run(["policy", "check", str(tmp_path / "mine"), "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    file = str(tmp_path / "mine" / FILE)
    assert (found["code"], found["severity"], found["file"], found["line"]) == ("unknown-fact", "error", file, 5)
