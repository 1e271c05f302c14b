"""What click says, in the language of the run."""

import gettext
import os
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from guikou.adapters.cli import language

FOLDER = Path(language.__file__).parent / "locale/zh/LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "messages.po").open("rb") as file:
        return {one.id: one.string for one in read_po(file) if one.id}


def test_everything_that_click_says_is_in_the_catalogue(catalogue):
    said = set()
    for path in Path(click.__file__).parent.glob("*.py"):
        with path.open("rb") as file:
            said |= {one for _, one, _, _ in extract("python", file, keywords={"_": None, "ngettext": (1, 2)})}
    assert said - set(catalogue) == set()


def test_what_is_read_is_what_was_written(catalogue):
    """To make the .mo anew: pybabel compile -d adapters/cli/locale"""
    with (FOLDER / "messages.mo").open("rb") as file:
        made = gettext.GNUTranslations(file)
    for id, text in catalogue.items():
        if isinstance(id, tuple):
            assert made.ngettext(*id, 2) == text[0]
        else:
            assert made.gettext(id) == text


@pytest.mark.parametrize(("lang", "word"), [("zh", "选项"), ("en", "Options")])
def test_click_speaks_for_the_run_only(lang, word, monkeypatch):
    monkeypatch.setattr(language, "LANG", lang)
    monkeypatch.setenv("LANGUAGE", "fr")
    with language.click_speaks():
        assert gettext.gettext("Options") == word
    assert os.environ["LANGUAGE"] == "fr"


def test_numbers_have_their_plurals():
    assert language.counted(1, "case", "cases") == "1 case"
    assert language.counted(0, "case", "cases") == "0 cases"
