"""Errors say what is wrong, and what to do, in words that are true for everybody who meets them."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from string import Formatter

import guikou.engine
from guikou.adapters.cli import COMMANDS
from guikou.engine.errors import GuikouError, ReasonMissing, Where

ENGINE = Path(guikou.engine.__file__).parent
#: A command, an option, or an argument as a command line's help writes it.
COMMAND_LINE = re.compile(rf"guikou ({'|'.join(COMMANDS)})\b|(^|\s)--[a-z]|\bCASE\b|\bFACT=|命令行")


def classes(of=GuikouError):
    for module in pkgutil.walk_packages(guikou.engine.__path__, "guikou.engine."):
        importlib.import_module(module.name)
    for one in of.__subclasses__():
        yield one
        yield from classes(one)


def test_no_text_of_the_engine_names_a_command_or_an_option():
    for path in ENGINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not COMMAND_LINE.search(node.value), f"{path.name}:{node.lineno}: {node.value}"


def test_every_error_speaks_both_languages_with_the_same_details():
    for one in classes():
        for zh, en in ((one.zh, one.en), (one.hint_zh, one.hint_en)):
            assert bool(zh) == bool(en), one
            assert details(zh, "_zh") == details(en, "_en"), one


def details(text, lang):
    """What a text shows; what is worded apart in each language has a detail for each."""
    return {name.removesuffix(lang) for _, name, _, _ in Formatter().parse(text) if name}


def test_whoever_shows_an_error_can_say_what_to_do_in_words_of_its_own():
    error = ReasonMissing(where=Where("a.csv", 3), trigger="suspend")
    assert error.line("en") == "a.csv:3: 'suspend' needs a reason; say why"
    assert error.line("en", hint="fill in the field") == "a.csv:3: 'suspend' needs a reason; fill in the field"
    assert error.line("zh", hint="") == "a.csv:3：“suspend” 需要写明理由"
    assert error.filled("why {trigger}?") == "why suspend?"
