"""What is written wrongly in a policy."""

import pytest

from guikou.engine.errors import BadFile, GuikouError, UnknownPolicy, Where, policy

from .tree import check_module, classes


def test_each_has_a_code_and_sentences_of_its_own():
    check_module(policy, policy.PolicyError)


@pytest.mark.parametrize("kind", classes(policy), ids=lambda one: one.__name__)
def test_a_policy_that_cannot_be_read_is_no_wrong_usage_unless_there_is_none(kind):
    assert issubclass(kind, policy.PolicyError)
    assert kind.exit_code == (2 if kind is UnknownPolicy else GuikouError.exit_code)


def test_it_is_told_with_its_place_first():
    error = BadFile(where=Where("tables/routing.csv", 9, 3, "type"), reason="it is empty")
    assert error.line("en") == "tables/routing.csv:9, row 3, column 'type': cannot be read: it is empty"
    assert error.line("zh") == "tables/routing.csv:9，第 3 行，“type” 列：无法读取：it is empty"
