"""Each language stays by itself: every command, its help and every error in one of them has no word of the other, but
codes, options, ids, the names of files and of what the register holds."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

from guikou import workflows
from guikou.adapters.cli import hints
from guikou.adapters.cli.help import width
from guikou.adapters.cli.titles import OUTCOME_TITLES
from guikou.engine.policy.places import Places
from tests.adapters.cli.test_hints import classes

from . import spoken

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")

#: What is no word of a language: commands and their options, addresses, files, digests, what a policy's files hold.
CODES = re.compile(
    r"""guikou(?:\ [a-z]+)*|--?[A-Za-z][A-Za-z-]*|(?:sqlite|postgresql|smtps?|https?|mysql)://\S*|file:\S*
    |[\w./{}()-]*\.(?:csv|xlsx?|yaml|db|html|ics|json|jsonl|txt|svg|pem|parquet)\b(?::\d+)?|\b[0-9a-f]{12,128}\b|\[[a-z-]+\]|'[^']*'|\$\([^)]*\)
    |\b(?=[A-Z0-9-]*\d)[A-Z0-9-]{3,}\b|\b[a-z_]+(?:[._/-][a-z_0-9]+)+\b|“[a-z_ .-]+”|<=x<=|x>=\d+|[A-Z]+=[A-Z0-9,;=-]+|"[\[{].*?[\]}]"(?=,|$)|\b[a-z]+(?==)|(?<==)[a-z_]+""",
    re.VERBOSE | re.MULTILINE,
)
#: Names and abbreviations that Chinese texts use as they are.
NAMES = {
    "guikou", "CSV", "XLSX", "JSON", "URL", "UTF", "GB", "gb", "YAML", "TOML", "SARIF", "Schema", "Mermaid", "Graphviz", "dot", "iCalendar",
    "Ctrl", "GUIKOU", "NOTIFY", "stdout", "smtp", "smtps", "https", "zh", "en", "bash", "zsh", "fish", "table", "csv", "xlsx", "json",
    "html", "ics", "sarif", "mermaid", "FILE", "SQLSTATE", "SQLite", "SQLITE", "NOTADB", "CANTOPEN", "null", "true", "false", "not",
    "any", "postgresql", "mysql", "eval", "address", "examples", "pip", "install",
    "RFC", "Ed", "KEY", "Parquet", "Spark", "duckdb", "spark", "PASSPHRASE", "PostgreSQL",
}  # fmt: skip
#: Policies are written in a notation of their own; so are diagrams, calendars and scripts.
NOTATION = {
    ("policy", "check"),
    ("policy", "diff"),
    ("policy", "diagram"),
    ("completion",),
    ("calendar",),
    ("policy", "schema"),
    ("import", "register.csv", "--propose"),
}
#: What a register's columns and values are called is told in every language there is.
IN_BOTH = {("policy", "show", "--part", "register")}


def codes(policy):
    """Every name that the policy gives to something, and its parts."""
    found = set()
    parts, flows = policy.parts, policy.workflows.values()
    for names in (
        policy.facts, policy.tables, policy.workflows, policy.obligations, policy.blockers, policy.places.tiers,
        policy.places.bodies, policy.places.kinds, policy.vocabulary.asked, parts.gates, parts.records, parts.groups, parts.support,
        parts.indicators, parts.figures, parts.venues,
    ):  # fmt: skip
        found |= set(names)
    found |= {area.key for area in policy.places.areas.values()}
    found |= {value for fact in policy.facts.values() for value in fact.titles}
    for flow in flows:
        found |= {*flow.states, *flow.stages, *flow.triggers, *flow.evidence}
        found |= {role for way in flow.transitions for role in way.by}
    for one in policy.obligations.values():
        found |= {*one.evidence, *one.outcomes, *one.by}
    for gate in parts.gates.values():
        found |= {*gate.grounds, *gate.told}
        for told in gate.told.values():
            found |= {*told.values, *told.evidence}
    for one in (*parts.records.values(), *parts.groups.values()):
        found |= set(one.evidence)
    found |= {
        *policy.tables,
        *OUTCOME_TITLES,
        "all",
        "id",
        "due",
        "inbox",
        "intake",
        "body",
        "stages",
        "duties",
        "summary",
        "tier",
        "type",
        "reason",
        "request",
    }
    found |= {
        "half-told",
        "asked",
        "refused",
        "passed",
        "support",
        "escalation",
        "same",
        "origin",
        "today",
        "stage",
        "case",
    }
    return {part for name in found for part in re.split(r"[^A-Za-z]+", name)}


@pytest.fixture(scope="module")
def policy():
    return workflows.load("beijing-2015")


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What all commands say, by the language."""
    running = {
        lang: subprocess.Popen(
            [sys.executable, spoken.__file__, lang, str(tmp_path_factory.mktemp(lang))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )
        for lang in ("zh", "en")
    }  # fmt: skip
    found = {}
    for lang, process in running.items():
        out, err = process.communicate()
        assert process.returncode == 0, err
        found[lang] = json.loads(out)
    return found


def english(text, policy):
    """The English words of a Chinese text."""
    known = NAMES | codes(policy) | {word for typed in spoken.EXAMPLES for one in typed for word in WORD.findall(one)}
    return [word for word in WORD.findall(CODES.sub(" ", text)) if word not in known]


def chinese(text, policy):
    """The Chinese words of an English text, but for the names that the register holds."""
    held = [*spoken.HELD, *(word for typed in spoken.EXAMPLES for word in typed if word)]
    for name in sorted(held, key=len, reverse=True):
        text = text.replace(name, " ")
    return CHINESE.findall(text)


def path_of(words):
    return tuple(word for word in words[:2] if re.fullmatch(r"[a-z]+", word))


def test_every_command_has_an_example(said):
    paths = {tuple(path) for path in said["zh"]["commands"]}
    leaves = {path for path in paths if not any(other[: len(path)] == path and other != path for other in paths)}
    typed = [tuple(words) for words in spoken.EXAMPLES]
    assert {path for path in leaves if not any(words[: len(path)] == path for words in typed)} == set()
    shown = {tuple(one["words"]) for one in said["zh"]["said"]}
    assert all((*path, "--help") in shown for path in paths)


@pytest.mark.parametrize(("lang", "word"), [("zh", "示例"), ("en", "Example")])
def test_every_commands_help_has_an_example(said, lang, word):
    paths = {tuple(path) for path in said[lang]["commands"]}
    leaves = {path for path in paths if not any(other[: len(path)] == path and other != path for other in paths)}
    helped = {tuple(one["words"][:-1]): one["out"] for one in said[lang]["said"] if one["words"][-1:] == ["--help"]}
    assert sorted(path for path in leaves if word not in helped[path]) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_help_is_wider_than_80_columns(said, lang):
    """A Chinese letter takes two. What is too long for a line is broken as a shell would read it."""
    helped = [one for one in said[lang]["said"] if one["words"][-1:] == ["--help"]]
    lines = [(" ".join(one["words"]), line) for one in helped for line in one["out"].splitlines()]
    assert len(lines) > 1000
    assert [(words, line) for words, line in lines if width(line) > 80] == []


def test_the_help_in_chinese_shows_what_may_be_typed_in_chinese(said):
    helped = {tuple(one["words"][:-1]): one["out"] for one in said["zh"]["said"] if one["words"][-1:] == ["--help"]}
    assert "新立案(opened)" in helped["imports", "show"]
    assert "年度检查 --outcome 合格" in helped["meet",]
    assert "中文(zh)" in helped["list",]


def test_both_languages_end_alike_and_without_a_traceback(said):
    for zh, en in zip(said["zh"]["said"], said["en"]["said"], strict=True):
        assert (zh["words"], zh["code"]) == (en["words"], en["code"])
        assert "Traceback" not in zh["err"] + en["err"]


def test_chinese_has_no_english_word(said, policy):
    found = {}
    for one in said["zh"]["said"]:
        if (
            not any(one["words"][: len(path)] == list(path) for path in NOTATION | IN_BOTH)
            or one["words"][-1] == "--help"
        ):
            words = english(one["out"] + one["err"], policy)
            if words:
                found[" ".join(one["words"])] = words[:20]
    assert found == {}


def test_english_has_no_chinese_word(said, policy):
    found = {}
    for one in said["en"]["said"]:
        words = chinese(one["out"] + one["err"], policy)
        if words and tuple(one["words"]) not in IN_BOTH:
            found[" ".join(one["words"])] = words[:20]
    assert found == {}


def without_details(text):
    return "".join(literal for literal, *_ in Formatter().parse(text))


ERRORS = sorted(set(classes()), key=lambda one: one.__name__)


@pytest.mark.parametrize("error", ERRORS, ids=lambda one: one.__name__)
def test_an_error_says_itself_in_each_language_alone(error, policy):
    own = hints.HINTS.get(error.code)
    for text in (error.zh, error.hint_zh, *([own.zh] if own else [])):
        assert english(without_details(text), policy) == []
    for text in (error.en, error.hint_en, *([own.en] if own else [])):
        assert CHINESE.findall(without_details(text)) == []


def test_no_error_is_given_a_text_in_one_language_only():
    """What fills an error's texts in is a value, a title, or comes in both languages, as reason_zh and reason_en."""
    names = {one.__name__ for one in ERRORS}
    found = []
    for path in (*(ROOT / "engine").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                for given in node.keywords:
                    if given.arg is None or re.search(r"_(zh|en)$", given.arg):
                        continue
                    texts = [one.value for one in ast.walk(given.value) if isinstance(one, ast.Constant)]
                    inside = {
                        one.value
                        for call in ast.walk(given.value)
                        if isinstance(call, ast.Call)
                        for one in ast.walk(call)
                        if isinstance(one, ast.Constant)
                    }
                    found += [
                        f"{path.name}:{node.lineno}: {given.arg}={text}"
                        for text in texts
                        if isinstance(text, str)
                        and text not in inside
                        and re.search(r"[A-Za-z]{2,} [A-Za-z]|[\u4e00-\u9fff]", text)
                    ]
    assert found == []


def test_what_is_of_the_other_language_is_found(policy):
    assert english("案卷 missing it：请检查 --db，见 guikou list", policy) == ["it"]
    assert english("已启用 beijing-2015 1.0（403c9f8989596e）", policy) == []
    assert chinese("no case '朝阳区启明学校' 缺少", policy) == ["缺少"]
    assert isinstance(policy.places, Places)
