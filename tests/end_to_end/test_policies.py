"""policy check, try, diff, test, diagram, schema through the real command line."""

import json
import re
import shlex
import shutil
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from guikou import workflows
from guikou.adapters.cli import run
from guikou.adapters.formats.schema import MODELS, schema
from guikou.adapters.sql import SqlStore
from guikou.engine.policy.files import load as sections
from guikou.engine.policy.files.documents import read_yaml

ROOT = Path(__file__).resolve().parents[2]

FOLDER = ROOT / "workflows" / "beijing_2015"


@pytest.fixture
def mine(tmp_path):
    """A policy of one's own, in ./mine."""
    shutil.copytree(FOLDER, tmp_path / "mine")
    return tmp_path / "mine"


def edit(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_good_policy_is_proved_and_its_bounds_are_printed(shell):
    said = shell("policy", "check", "beijing-2015")
    assert "bound of rectify: 6 months + 3 months + 3 × 15 days + time suspended (at most 324 days)" in said
    assert said.endswith("0 errors, 0 warnings, 0 notes\n")
    assert "期限 抓整顿：6 个月 + 3 个月 + 3 × 15 天 + 中止计时（至多 324 天）" in shell(
        "policy", "check", "beijing-2015", "--lang", "zh"
    )


def test_a_broken_policy_is_shown_with_a_witness_that_replays(shell, mine):
    edit(mine, "tables/routing.csv", "U,foundation,-,city,-,", 'U,foundation,-,"city, district",-,')
    said = shell("policy", "check", "mine", code=1)
    place, replay = said.splitlines()[:2]
    assert re.match(
        r"mine/tables/routing\.csv:11, row 10: error \[rows-overlap\] rows 9 and 10 of table routing", place
    )
    assert replay.startswith("    guikou policy try mine industry=education registered_as=foundation ")
    refused = shell.refused(*shlex.split(replay)[1:])
    assert "[many-rules] rows 9, 10 of routing all fit, and only one may" in refused
    assert "第 9 行与第 10 行同时适用而输出不同" in shell("policy", "check", "mine", "--lang", "zh", code=1)


def test_a_policy_with_errors_is_neither_initialised_nor_activated(shell, mine, tmp_path):
    edit(mine, "workflows/stages.yaml", "    rests: true\n", "")
    assert shell.refused("init", "--policy", "mine").startswith("[policy-unsound] mine/workflows/stages.yaml:")
    assert not (tmp_path / "guikou.db").exists()
    shell("init")
    assert "see them all: guikou policy check" in shell.refused("policy", "activate", "mine")
    assert "beijing-2015" in shell("policy", "show")


def test_what_cannot_be_read_is_a_finding_too_and_a_name_that_is_none_wrong_usage(shell, mine):
    edit(mine, "tables/routing.csv", "U,foundation,-,city,-,", "U,foundatoin,-,city,-,")
    assert "mine/tables/routing.csv:10, row 9, column 'type': error [bad-test]" in shell(
        "policy", "check", "mine", code=1
    )
    found = json.loads(shell("policy", "check", "mine", "--format", "json", code=1))["findings"]
    assert [(one["code"], one["line"], one["row"], one["column"]) for one in found] == [("bad-test", 10, 9, "type")]
    assert "no policy 'yours'" in shell.refused("policy", "check", "yours", code=2)
    assert "--format" in shell.refused("policy", "check", "mine", "--format", "xlsx", code=2)


def test_a_databases_policy_is_checked_as_if_it_was_never_proved(shell, tmp_path):
    shell("init")
    with closing(SqlStore(f"sqlite:///{tmp_path}/guikou.db")) as store:
        files = dict(store.policy_files())
        files["register.yaml"] = files["register.yaml"].replace("weak: [是否软弱涣散]", "weak: [从业人员]")
        store.activate_policy("beijing-2015", "2015.9", sections.digest_of(files), files)
    assert "'从业人员' means 'employees' already" in shell("policy", "check", code=1)


def test_json_and_sarif_carry_place_sentences_and_witness(shell, mine):
    edit(mine, "tables.yaml", '"[3..50)"', '"[4..50)"')
    found = json.loads(shell("policy", "check", "mine", "--format", "json", code=1))
    (gap,) = found["findings"]
    assert (gap["code"], gap["severity"], gap["file"]) == ("table-gap", "error", "mine/tables.yaml")
    assert gap["message"] == {
        "zh": "表 form 没有一行适用于：party_members 3",
        "en": "no row of table form fits: party_members 3",
    }
    assert "party_members=3" in gap["witness"]
    assert {"stage", "days", "workflow", "text"} <= found["bounds"][0].keys()
    log = json.loads(shell("policy", "check", "mine", "--format", "sarif", code=1))
    (run,) = log["runs"]
    (result,) = run["results"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "table-gap"
    assert result["level"] == "error"
    location = result["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "mine/tables.yaml"}, "region": {"startLine": gap["line"]}}


def test_try_says_what_decided_and_walks_a_path(shell):
    facts = "area=chaoyang registered_as=foundation registered_at=district industry=charity employees=60 party_members=3 has_organization=false weak=false standardized=false"
    said = shell("policy", "try", "beijing-2015", *facts.split(), "--do", "apply", "--do", "+61", "--do", "establish")
    assert "Registration Office of Social Organisations, Chaoyang District" in said
    assert "a guide is sent" not in said  # it has its own organisation now
    assert "a guide is sent" in shell("policy", "try", "beijing-2015", *facts.split())
    assert "standardize.improving" in said
    tried = json.loads(shell("policy", "try", "beijing-2015", *facts.split(), "--do", "apply", "--format", "json"))
    assert (tried["type"], tried["responsible"], tried["state"]) == (
        "foundation",
        "chaoyang-registration",
        "build.approving",
    )
    assert {(one["table"]["en"], one["row"]) for one in tried["rules"]} >= {("classification", 2), ("routing", 10)}
    assert tried["triggers"][0] == "establish"
    refused = shell.refused("policy", "try", "beijing-2015", *facts.split(), "--do", "establish")
    assert "[not-from-here]" in refused
    assert "[not-admitted]" in shell.refused("policy", "try", "beijing-2015", "area=beijing", *facts.split()[1:])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["area=chaoyang", "foo=1"], "no fact 'foo'"),
        (["party_members=3"], "say where it is: area=KEY"),
        (["area=atlantis"], "no area 'atlantis'"),
        (["area=chaoyang", "party_members=many"], "'many' is no integer"),
        (["area=chaoyang", "again"], "'again' is no FACT=VALUE"),
    ],
)
def test_what_is_given_wrongly_to_try_is_one_line(shell, words, said):
    error = shell.refused("policy", "try", "beijing-2015", *words, code=2)
    assert said in error


def test_diff_tells_rules_and_for_whom_they_matter(shell, mine):
    edit(
        mine,
        "tables/routing.csv",
        "U,foundation,-,city,-,beijing-registration",
        "U,foundation,-,city,-,beijing-civil-affairs",
    )
    said = shell("policy", "diff", "beijing-2015", "mine")
    assert (
        "table routing: for registered_as foundation; registered_at city, beijing-civil-affairs instead of beijing-registration"
        in said
    )
    replay = next(line for line in said.splitlines() if line.startswith("    "))
    assert "beijing-civil-affairs" in shell(*shlex.split(replay)[1:])
    assert shell("policy", "diff", "mine", "mine") == "0 differences\n"
    assert len(json.loads(shell("policy", "diff", "beijing-2015", "mine", "--format", "json"))) == 2


def test_the_examples_of_the_flagship_policy_hold_and_a_wrong_one_is_shown_with_its_line(shell, mine):
    said = shell("policy", "test", "beijing-2015")
    number = int(said.split()[0])
    assert number >= 60
    assert said.startswith(f"{number} examples, 0 failed; covered: M01, ")
    edit(mine, "examples/routing.yaml", "responsible: dongcheng-health", "responsible: xicheng-health")
    line = next(
        i
        for i, text in enumerate((mine / "examples/routing.yaml").read_text().splitlines(), 1)
        if "xicheng-health" in text
    )
    said = shell("policy", "test", "mine", code=1)
    assert (
        f"examples/routing.yaml:{line}: a district health unit goes to its industry committee: responsible should be xicheng-health, and is dongcheng-health"
        in said
    )
    assert f"{number} examples, 1 failed" in said
    (one,) = [one for one in json.loads(shell("policy", "test", "mine", "--format", "json", code=1)) if one["misses"]]
    assert (one["misses"][0]["line"], one["misses"][0]["key"], one["covers"]) == (line, "responsible", ["M10"])
    edit(mine, "examples/routing.yaml", "covers: [M10]", "cover: [M10]")
    assert "unknown key 'cover'" in shell.refused("policy", "test", "mine")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_diagrams_have_every_state_and_every_body(shell, lang):
    policy = workflows.load("beijing-2015")
    for format in ("mermaid", "dot"):
        for workflow in policy.workflows.values():
            drawn = shell(
                "policy", "diagram", "beijing-2015", "--workflow", workflow.name, "--lang", lang, "--format", format
            )
            for state in workflow.states.values():
                assert getattr(state.title, lang) in drawn
            assert drawn.count("{") == drawn.count("}")
        drawn = shell("policy", "diagram", "beijing-2015", "--routing", "--lang", lang, "--format", format)
        for row in policy.table("routing").rows:
            if row.outputs[0] in policy.places.bodies:
                assert getattr(policy.places.bodies[row.outputs[0]].title, lang) in drawn
    assert "no workflow 'x'" in shell.refused("policy", "diagram", "beijing-2015", "--workflow", "x", code=2)


@pytest.mark.parametrize("kind", sorted(MODELS))
def test_the_kept_schemas_are_those_of_the_models_and_describe_every_key_in_both_languages(shell, kind):
    kept = (ROOT / "workflows" / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert shell("policy", "schema", kind) == kept
    jsonschema.Draft202012Validator.check_schema(json.loads(kept))
    made = schema(kind)
    for one in [made, *made.get("$defs", {}).values()]:
        for said in one.get("properties", {}).values():
            zh, _, en = said["description"].rpartition(" / ")
            assert re.search("[一-鿿]", zh)
            assert en.isascii()


def test_the_flagship_policy_is_valid_by_the_schemas_and_a_wrong_key_is_not():
    for path in sorted(FOLDER.rglob("*.yaml")):
        kind = {"workflows": "workflow", "examples": "examples"}.get(path.parent.name, path.stem)
        kind = "parts" if path.name in sections.PARTS else kind
        document = json.loads(json.dumps(read_yaml(path.read_text(encoding="utf-8"), path.name).value, default=float))
        jsonschema.validate(document, schema(kind))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, "wrong": 1}, schema(kind))


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "no example touches guards that do not hold: "), ("zh", "没有例子触及 不满足的条件：")]
)
def test_what_no_example_touches_is_listed_with_its_line(shell, lang, words):
    said = shell("policy", "test", "beijing-2015", "--coverage", "--lang", lang)
    assert words.rstrip() in said
    found = json.loads(shell("policy", "test", "beijing-2015", "--coverage", "--format", "json"))
    assert all(one["misses"] == [] for one in found["examples"])
    coverage = found["coverage"]
    for kind, counts in coverage["kinds"].items():
        untouched = [one for one in coverage["untouched"] if one["kind"] == kind]
        assert len(untouched) == counts["of"] - counts["touched"]
    assert all(one["file"] and one["line"] for one in coverage["untouched"])


def test_mutants_are_the_same_for_a_seed_and_those_that_nothing_notices_are_listed(shell):
    words = ("policy", "mutate", "beijing-2015", "--n", "2", "--seed", "3")
    shell.capsys.readouterr()
    code = run([*words, "--format", "json"])
    told = json.loads(shell.capsys.readouterr().out)
    assert code == (1 if told["unnoticed"] else 0)
    assert told["mutants"] == 2 == sum(told["found"].values()) + len(told["equivalent"]) + len(told["unnoticed"])
    shell(*words, code=code)
    for one in told["unnoticed"]:
        assert f"{one['file']}:{one['line']}" in shell.out
    shell(*words, "--format", "json", code=code)
    assert json.loads(shell.out) == told
    assert shell.refused("policy", "mutate", "nothing", code=2)


@pytest.mark.parametrize("seed", [11, 12])
def test_no_change_of_the_flagship_goes_unnoticed(shell, seed):
    """All of them: make mutants."""
    words = ("policy", "mutate", "beijing-2015", "--n", "6", "--seed", seed, "--format", "json")
    told = json.loads(shell(*words))
    assert (told["mutants"], told["unnoticed"]) == (6, [])
    assert all(one["because"]["en"] for one in told["equivalent"])
