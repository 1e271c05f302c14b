"""What is told where a library isn't installed that an extra brings."""

import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from guikou.adapters.extras import libraries, no_program, not_installed
from guikou.engine.text import Title

PROJECT = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]


@pytest.mark.parametrize("extra", [name for name in EXTRAS if name not in ("all", "dev")])
def test_the_libraries_of_an_extra_are_those_that_the_project_lists(extra):
    listed = [
        one.split(">")[0] for name in EXTRAS[extra] for one in EXTRAS.get(name.removeprefix("guikou[")[:-1], [name])
    ]
    assert [name.strip("'") for name in libraries(extra)] == listed


def test_the_hint_names_the_extra_and_its_libraries():
    hint = not_installed("psycopg", "postgres").hint("zh")
    assert hint == "pip install 'guikou[postgres]'，或安装其所需的库：pip install 'psycopg[binary]'"


def test_where_guikou_is_not_installed_itself_the_library_is_named(monkeypatch):
    def gone(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", gone)
    assert not_installed("jinja2", "report").hint("en").endswith("the libraries it takes: pip install jinja2")


def test_a_program_is_nothing_that_pip_brings():
    assert (
        no_program("pg_dump", Title("其程序", "its programs")).line("en") == "this needs pg_dump; install its programs"
    )
