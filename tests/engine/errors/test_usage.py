"""What was asked for wrongly."""

import pytest

from guikou.engine.errors import (
    ImportEnded,
    NotOpenedThen,
    NotParked,
    OnlyParked,
    ParkedNoMore,
    UnknownCase,
    UnknownImport,
    usage,
)

from .tree import check_module, classes


def test_each_has_a_code_and_sentences_of_its_own():
    check_module(usage, usage.UsageError)


@pytest.mark.parametrize("kind", classes(usage), ids=lambda one: one.__name__)
def test_wrong_usage_ends_with_2_and_a_case_that_there_is_not_with_1(kind):
    assert kind.exit_code == (
        1
        if kind in (UnknownCase, ImportEnded, NotOpenedThen, OnlyParked, NotParked, ParkedNoMore, UnknownImport)
        else 2
    )
