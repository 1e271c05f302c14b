"""The pages under docs/ and the READMEs: what they show is what the program does, and both languages show the same."""

import contextlib
import importlib
import io
import json
import re
import runpy
import shlex
import shutil
import sqlite3
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import click
import pytest

from guikou.adapters.cli import COMMANDS, run
from guikou.adapters.cli import session as cli_session
from guikou.engine.policy.files.documents import read_yaml
from guikou.engine.policy.files.load import parse
from guikou.engine.policy.files.models import ObligationFile, StageFile

ROOT = Path(__file__).resolve().parents[2]
DOCS = runpy.run_path(str(ROOT / "docs" / "sessions.py"))
PAGES = DOCS["pages"]()
PAIRS = [pytest.param(PAGES[at][0], PAGES[at + 1][0], id=PAGES[at][0]) for at in range(0, len(PAGES), 2)]
SCHEME = [("docs/beijing-2015.md", "en"), ("docs/beijing-2015.zh-CN.md", "zh")]
POLICY = ROOT / "workflows" / "beijing_2015"
BLOCK = re.compile(r"^```(\w*)\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
#: Every line of the published scheme's checklist.
LINES = [
    "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M11", "M12", "M12a", "M13", "M14", "M15",
    "M16", "M17", "M18", "M19", "M20", "M20a", "M21", "M22", "M23", "M24", "M25", "M26", "M27", "M28", "M29", "M30", "M31",
]  # fmt: skip


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def prose(page):
    """A page without its blocks of code."""
    return BLOCK.sub("", read(page))


# --- what is shown is what happens -----------------------------------------------------------------------------------


@cache
def parsed(files):
    """A policy, read once: it is the same for every command, and reading it takes most of a command's time."""
    return parse(dict(files))


@pytest.fixture(scope="module")
def initialised(tmp_path_factory):
    """A database as `guikou init` leaves it; `init` with the same policy changes nothing, and says the same."""
    folder = tmp_path_factory.mktemp("initialised")
    assert run(["init", "--db", f"sqlite:///{folder}/made.db"]) == 0
    with contextlib.closing(sqlite3.connect(folder / "made.db")) as connection:
        connection.execute("VACUUM INTO ?", [str(folder / "guikou.db")])
    return folder / "guikou.db"


@pytest.fixture
def folder(shell, monkeypatch, tmp_path, initialised):
    """A prepared folder to stand in; the shell keeps the user's own settings away. The policy is proved and read once
    for all sessions; those of the README do it anew."""
    monkeypatch.setattr(cli_session, "parse", lambda files, **_: parsed(tuple(files.items())))
    DOCS["prepare"](tmp_path)
    shutil.copy(initialised, tmp_path)
    return tmp_path


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_the_sessions_shown_are_those_run(folder, monkeypatch, page, lang):
    monkeypatch.setenv("GUIKOU_LANG", lang)
    typed = DOCS["commands"](read(page))
    if page.startswith("README") or "guikou init" not in [command for command, _ in typed]:
        monkeypatch.setattr(cli_session, "parse", parse)
        (folder / "guikou.db").unlink()
    session = DOCS["Session"]()
    for command, shown in typed:
        assert session(command) == shown, command


@pytest.mark.parametrize(("page", "lang"), [one for one in PAGES if "```mermaid" in read(one[0])])
def test_the_diagrams_shown_are_those_drawn(folder, monkeypatch, page, lang):
    monkeypatch.setenv("GUIKOU_LANG", lang)
    drawn = DOCS["DIAGRAM"].findall(read(page))
    assert len(drawn) == read(page).count("```mermaid")
    for command, _, shown in drawn:
        assert DOCS["Session"]()(f"guikou {command}") == shown.strip()


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_the_tables_that_are_made_are_up_to_date(page, lang):
    found = re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- end -->", read(page), re.DOTALL)
    assert read(page).count("<!-- end -->") == len(found)
    for name, shown in found:
        assert DOCS["TABLES"][name](lang) == shown, name


@pytest.mark.parametrize("page", [page for page, lang in PAGES if lang == "en" and "```python" in read(page)])
def test_the_python_shown_runs_and_prints_what_is_shown(folder, page):
    """The Chinese pages have the same code: see test_both_languages_show_the_same."""
    code = "\n".join(text for kind, text in BLOCK.findall(read(page)) if kind == "python")
    shown = re.findall(r"^ *print\(.*\)  # (.*)$", code, re.MULTILINE)
    assert len(shown) == len(re.findall(r"^ *print\(", code, re.MULTILINE))
    assert shown
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, page, "exec"), names := {})
    if "store" in names:
        names["store"].close()
    assert out.getvalue().splitlines() == shown


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_what_is_shown_of_the_policy_stands_in_it(page, lang):
    """A block of YAML or CSV that is headed `# FILE` is lines of this file, in order; a CSV may leave its name out."""
    for kind, text in BLOCK.findall(read(page)):
        heading, *lines = text.splitlines()
        path = POLICY / heading.removeprefix("# ").split(",")[0]
        if kind == "csv":
            written, lines = [one.read_text(encoding="utf-8") for one in POLICY.rglob("*.csv")], text.splitlines()
            (whole,) = [one for one in written if one.startswith(f"{heading}\n")]
        elif kind == "yaml" and heading.startswith("# ") and path.is_file():
            whole = path.read_text(encoding="utf-8")
        else:
            continue
        rest = iter(whole.splitlines())
        for line in lines:
            assert line in rest, (line, "is not there, or not after the one before it")


@pytest.mark.parametrize("page", ["docs/time.md", "docs/time.zh-CN.md"])
def test_the_deadlines_and_obligations_shown_can_be_read(page):
    (text,) = [text for kind, text in BLOCK.findall(read(page)) if kind == "yaml"]
    value = read_yaml(text, page).value
    assert StageFile.model_validate(value["rectify"]).steps["report"].due.by == "05-31"
    assert ObligationFile.model_validate(value["inspection"]).missed.fire == "miss_inspection"


def test_the_configuration_shown_is_taken(folder):
    (text,) = [text for kind, text in BLOCK.findall(read("docs/command-line.md")) if kind == "toml"]
    assert list(tomllib.loads(text)) == ["db", "lang", "as", "format"]
    (folder / "guikou.toml").write_text(text, encoding="utf-8")
    assert printed("policy show beijing-2015 --part blockers")[0].split()[:2] == ["代码", "名称"]
    (folder / "guikou.toml").write_text(f"{text}\nmore = 1\n", encoding="utf-8")
    assert printed("policy show beijing-2015 --part blockers")[1] == 2


def test_the_crontab_shown_is_the_one_that_is_there():
    (text,) = [text for kind, text in BLOCK.findall(read("docs/deploy.md")) if kind == "sh"]
    rest = iter((ROOT / "examples" / "deploy" / "guikou.cron").read_text(encoding="utf-8").splitlines())
    for line in text.splitlines()[1:]:
        assert line in rest, line


# --- both languages, and the links -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_show_the_same(english, chinese):
    assert (ROOT / chinese).is_file()
    pages = [read(english), read(chinese)]
    levels = [re.findall(r"^(#+) ", BLOCK.sub("", page), re.MULTILINE) for page in pages]
    assert levels[0] == levels[1]
    typed = [[command for command, _ in DOCS["commands"](page)] for page in pages]
    assert typed[0] == typed[1]
    blocks = [BLOCK.findall(page) for page in pages]
    assert [kind for kind, _ in blocks[0]] == [kind for kind, _ in blocks[1]]
    for (kind, one), (_, other) in zip(*blocks, strict=True):
        if kind not in ("console", "mermaid"):
            assert _uncommented(one) == _uncommented(other)
    tables = [[_codes(row) for row in re.findall(r"^\| .*", page, re.MULTILINE)] for page in pages]
    assert len(tables[0]) == len(tables[1])
    for one, other in zip(*tables, strict=True):
        assert one == other
    links = [[_target(link) for link in _links(page)] for page in pages]
    assert Counter(links[0]) == Counter(links[1])


def _uncommented(code):
    return [re.sub(r"\s+#( .*)?$", "", line) for line in code.splitlines()]


def _codes(row):
    """What a row has as code, the same in both languages: of its first cell in this order."""
    first, rest = (re.findall(r"`([^`]+)`", part) for part in (row.split(" | ")[0], row))
    return first, Counter(rest)


def _links(page):
    return re.findall(r"\]\(([^)\s]+)\)", BLOCK.sub("", page))


def _target(link):
    """A link in either language: to the same page, at the same place if its heading needs no translation."""
    path, _, place = link.replace(".zh-CN.md", ".md").partition("#")
    return path, place if re.fullmatch(r"m\d+a?", place) else bool(place)


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_links_lead_somewhere(page, lang):
    for link in _links(read(page)):
        if "://" in link:
            continue
        path, _, place = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        if place:
            assert place in _places(target.read_text(encoding="utf-8")), link
    for path in re.findall(r"`((?:docs|examples|workflows|tests)/[\w./-]+)`", prose(page)):
        assert (ROOT / path).exists() or (POLICY / path).exists(), path


def _places(text):
    """The anchors of a page's headings, as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "lang"), PAGES)
def test_a_page_leads_to_its_other_language_and_pages_stay_in_theirs(page, lang):
    other = page.replace(".zh-CN.md", ".md") if lang == "zh" else page.replace(".md", ".zh-CN.md")
    heading, *links = _links(read(page))
    assert heading == Path(other).name
    translated = {Path(one).name for one, _ in PAGES}
    for link in links:
        name = Path(link.partition("#")[0]).name
        if name in translated:
            assert name.endswith(".zh-CN.md") == (lang == "zh"), link


# --- the command line ------------------------------------------------------------------------------------------------


@cache
def leaves():
    """Every command that can be run, by its words."""
    found = {}

    def walk(command, *words):
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                walk(command.get_command(context, name), *words, name)
        else:
            found[words] = command

    for name, (module, _, _) in COMMANDS.items():
        walk(getattr(importlib.import_module(f"guikou.adapters.cli.{module}"), f"{name}_command"), name)
    return found


def options(command):
    return {max(one.opts, key=len): one for one in command.params if isinstance(one, click.Option)}


#: What every command takes, in a table of its own.
SHARED = {"--db", "--lang", "--format", "--output", "--force", "--as", "--as-of", "--known-on", "--verbose"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_command_has_its_row_with_all_its_options_and_an_example(lang):
    page = read(f"docs/command-line{'.zh-CN' if lang == 'zh' else ''}.md")
    table = dict(re.findall(r"^\| `guikou ([^`]*)` \| (.*) \|$", page, re.MULTILINE))
    rows = {_leaf(usage): f"{usage} {text}" for usage, text in table.items()}
    shown = "\n".join(text for kind, text in BLOCK.findall(page) if kind in ("console", "sh"))
    for words, command in leaves().items():
        assert words in rows, words
        for option in options(command).keys() - SHARED:
            assert f"{option}" in rows[words], (words, option)
        assert re.search(rf"guikou {' '.join(words)}(?![\w-])", shown), words
        assert f"guikou {' '.join(words)}" in command.help, words
    assert rows.keys() == leaves().keys()
    assert {words[0] for words in rows} == COMMANDS.keys()
    for option in SHARED:
        assert re.search(rf"^\| `{option}\b", page, re.MULTILINE), option


def _leaf(usage):
    """The command that a usage is of, by its words; none: ()."""
    typed = tuple(usage.split())
    return next((words for words in leaves() if typed[: len(words)] == words), ())


#: What has to happen before a case can be carried on.
GRADUATED = [
    "gate ask APP incubation --as chaoyang-registration",
    "gate tell APP incubation admitted -e incubation_agreement=7 --as chaoyang-registration",
    "advance APP support_start -e start_report=8 --as chaoyang-registration",
    "advance APP graduate -e incubation_report=9 --as chaoyang-registration",
    "gate ask APP registration --as chaoyang-registration",
    "gate tell APP registration registered -e registration_decision=10 --as chaoyang-registration",
    "gate tell APP registration organization_approved -e approval_document=11 --as chaoyang-education",
]


def test_every_command_that_prints_json_has_its_keys_told(folder):
    page = read("docs/json.md")
    session = DOCS["Session"]()
    for command, _ in DOCS["commands"](page):
        session(command)
    told = re.findall(r"^\| `guikou ([^`]+)` \| (.*?) \|", page, re.MULTILINE)
    capable = {
        words
        for words, command in leaves().items()
        if "--format" in options(command) and "json" in options(command)["--format"].type.choices
    }
    assert {_leaf(usage) for usage, _ in told} == capable
    of_a_case = _keys(
        "\n".join(re.findall(r"^\| (`.*?) \|", page.split("## A case")[1].split("\n## ")[0], re.MULTILINE))
    )
    for usage, keys in told:
        first = {"continue": GRADUATED, "audit seal": ["audit key key.pem"]}
        for command in next((some for begins, some in first.items() if usage.startswith(f"{begins} ")), []):
            assert printed(command)[1] == 0, command
        out, _, complaint = printed(f"{usage} --format json")
        if keys == "-":
            with pytest.raises(json.JSONDecodeError):
                json.loads(out)
            continue
        assert out, complaint
        said = json.loads(out)
        if said == []:  # no year of working days became known meanwhile, and nobody else wrote in the database
            assert usage.startswith(("recount", "db check", "audit verify"))
            continue
        writes = (
            "--as " in usage or usage == "reroute" or usage.startswith("audit seal ")
        )  # done again, it finds nothing left to do
        if not writes and "--do " not in usage:  # it only looks, and says nothing in words
            assert printed(f"{usage} --format json --lang zh")[0] == out, usage
        first = said[0] if isinstance(said, list) else said
        assert set(first) == _keys(keys) | (of_a_case if "(#a-case)" in keys else set()), usage


def _keys(text):
    return set(re.findall(r"`([^`]+)`", text))


def printed(command):
    """What a command prints on standard output, its exit code, and what it says on standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(shlex.split(command))
    return out.getvalue(), code, err.getvalue()


# --- the scheme, line by line ----------------------------------------------------------------------------------------


def rows(text):
    found = re.findall(r"^\| \[(M\w+)\]\(#(m\w+)\) \| (.*) \| (.*) \| (.*) \| (.*) \|$", text, re.MULTILINE)
    return {line: (anchor, said, files, shown, tests) for line, anchor, said, files, shown, tests in found}


@pytest.mark.parametrize(("page", "lang"), SCHEME)
def test_every_line_has_its_row_with_files_commands_and_tests_that_are_there(page, lang):
    text = read(page)
    table = rows(text)
    assert list(table) == LINES
    for line, (anchor, said, files, shown, tests) in table.items():
        assert said.strip(), line
        assert f"\n### {line}\n" in text
        assert anchor == line.lower()
        for path in re.findall(r"\]\(\.\./(workflows/[^)]+)\)", files) or ["-"]:
            assert (ROOT / path).exists(), (line, path)
        named = re.findall(r"`(test_\w+)` \(\[[^\]]+\]\(\.\./(tests/[^)]+)\)\)", tests)
        assert named, line
        for name, path in named:
            assert f"def {name}(" in read(path), (line, name)
        part = text.split(f"\n### {line}\n")[1].split("\n### ")[0]
        commands = DOCS["commands"](part)
        assert commands, line
        for word in re.findall(r"`([^`]+)`", shown):
            assert any(command.startswith(f"guikou {word}") for command, _ in commands), (line, word)


def test_the_policy_files_of_a_line_name_it():
    for line, (_, _, files, _, _) in rows(read(SCHEME[0][0])).items():
        paths = re.findall(r"\]\(\.\./(workflows/[^)]+)\)", files)
        assert any(line in read(path) for path in paths) or line in ("M06", "M31"), line
        for path in paths:
            assert re.search(rf"\b{line}\b", read(path)) or path.endswith(("venues.csv", "areas.csv")), (line, path)
