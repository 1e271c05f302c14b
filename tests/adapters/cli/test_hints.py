"""What the command line says to do about an error: there for every code that it lists, and never without its details."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from string import Formatter

import pytest

import guikou.engine
from guikou.adapters.cli import hints, language
from guikou.adapters.cli.commands import root
from guikou.engine.errors import (
    EvidenceAndReasonMissing,
    EvidenceMissing,
    GuardNotMet,
    GuikouError,
    NotAGroup,
    OutcomeMissing,
    Where,
)

ROOT = Path(__file__).resolve().parents[3]
COMMAND, OPTION = r"guikou ([a-z]+)", r"--[a-z-]+"


def classes(of=GuikouError):
    """Every error that there is."""
    for module in pkgutil.walk_packages(guikou.engine.__path__, "guikou.engine."):
        importlib.import_module(module.name)
    for one in of.__subclasses__():
        yield one
        yield from classes(one)


def placeholders(*texts):
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def raised():
    """The errors that the program makes: by the name of the class, where, and the details given."""
    for path in (*(ROOT / "engine").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node.func.id, f"{path.name}:{node.lineno}", {one.arg for one in node.keywords}


def test_every_hint_is_that_of_one_error():
    codes = [one.code for one in set(classes())]
    assert {code: codes.count(code) for code in hints.HINTS} == dict.fromkeys(hints.HINTS, 1)


def test_every_error_is_made_with_the_details_that_its_texts_and_its_hint_show():
    found = {one.__name__: one for one in classes()}
    made = set()
    for name, where, given in raised():
        if name in found and None not in given:
            kind = found[name]
            texts = [kind.en, kind.zh, kind.hint_en, kind.hint_zh]
            if kind.code in hints.HINTS:
                texts += [hints.HINTS[kind.code].zh, hints.HINTS[kind.code].en]
            assert placeholders(*texts) <= given, f"{name} at {where}"
            made.add(kind.code)
    assert set(hints.HINTS) <= made


@pytest.mark.parametrize("code", hints.HINTS)
def test_a_hint_says_the_same_in_both_languages(code):
    title = hints.HINTS[code]
    assert placeholders(title.zh) == placeholders(title.en)
    for pattern in (COMMAND, OPTION):
        assert set(re.findall(pattern, title.zh)) == set(re.findall(pattern, title.en))


@pytest.mark.parametrize("code", hints.HINTS)
def test_a_hint_names_only_commands_and_options_that_there_are(code):
    text = hints.HINTS[code].en
    for name, below in re.findall(COMMAND + r"(?: ([a-z]+))?", text):
        command = root().get_command(None, name)
        assert command is not None
        assert not hasattr(command, "list_commands") or below in command.list_commands(None)
    assert set(re.findall(OPTION, text)) <= {"--help", *options(root())}


def options(group):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        yield from (word for one in command.params for word in one.opts)
        if hasattr(command, "list_commands"):
            yield from options(command)


def test_the_line_has_the_place_the_sentence_and_the_hint_of_the_command_line():
    error = EvidenceMissing(where=Where("a.csv", 3), trigger="apply", missing=["x"], key="x", keys=["x"])
    assert hints.line(error, "en") == "a.csv:3: 'apply' needs evidence: x; add --evidence x=REFERENCE"
    assert hints.line(error, "zh") == "a.csv:3：办理 “apply” 需要材料：x；请加上 --evidence x=文号"
    assert error.line("en") == "a.csv:3: 'apply' needs evidence: x; give the reference of x"


def test_what_is_asked_for_is_written_out_once_for_each():
    error = EvidenceMissing(trigger="apply", missing=["x", "y"], key="x", keys=["x", "y"])
    assert hints.hint(error, "en") == "add --evidence x=REFERENCE --evidence y=REFERENCE"
    both = EvidenceAndReasonMissing(trigger="apply", missing=["x"], key="x", keys=["x"])
    assert hints.hint(both, "zh") == "请加上 --reason 理由 --evidence x=文号"
    outcome = OutcomeMissing(obligation="o", known="held", keys=[])
    assert hints.hint(outcome, "zh") == "请加上 --outcome 结论，可用：held"


def test_what_nobody_can_report_is_not_hinted_at():
    assert hints.hint(GuardNotMet(trigger="resume", failed="x", key=""), "zh") == ""
    assert "guikou facts 案卷 employees=值" in hints.hint(GuardNotMet(trigger="x", failed="x", key="employees"), "zh")


def test_an_error_without_a_hint_of_the_command_line_says_itself_what_to_do(monkeypatch):
    monkeypatch.setattr(language, "LANG", "zh")
    error = NotAGroup(case="A", workflow="w", group="g", of="o")
    assert hints.hint(error) == error.hint("zh")
    assert hints.line(error) == error.line("zh")
