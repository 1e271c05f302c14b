"""A policy as values."""

import ast
import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import guikou.engine.policy
from guikou.engine import parse


def test_what_day_it_is_goes_by_the_policys_zone(beijing):
    assert beijing.day(datetime(2015, 12, 31, 15, 59, tzinfo=UTC)) == date(2015, 12, 31)
    assert beijing.day(datetime(2015, 12, 31, 16, tzinfo=UTC)) == date(2016, 1, 1)


def test_a_table_by_name_is_the_one_that_was_compiled(beijing):
    assert beijing.table("routing") is beijing.tables["routing"].decision is beijing.table("routing")
    assert beijing.facts is beijing.vocabulary.facts
    with pytest.raises(KeyError):
        beijing.table("nothing")


def test_nobody_changes_it(beijing):
    with pytest.raises(dataclasses.FrozenInstanceError):
        beijing.digest = "x"


def test_its_own_files_make_it_again(beijing):
    again = parse(beijing.files)
    assert (again.digest, list(again.workflows), again.places) == (
        beijing.digest,
        list(beijing.workflows),
        beijing.places,
    )


def test_a_policys_values_know_no_yaml_no_csv_and_no_pydantic():
    for path in Path(guikou.engine.policy.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            assert not {"yaml", "csv", "pydantic", "files"} & {name.partition(".")[0] for name in named}, path.name
