"""What the rules refuse."""

import importlib
import pkgutil

import pytest

import guikou.engine
from guikou.engine import errors
from guikou.engine.errors import GuikouError, refused
from guikou.engine.text import Title

from .tree import check_module, classes


def test_each_has_a_code_and_sentences_of_its_own():
    check_module(refused, refused.Refused)


#: What is asked wrongly, besides what names something that there is not.
WRONG = (errors.BadRecord, errors.OutcomeMissing, errors.ValueMissing)


@pytest.mark.parametrize("kind", classes(refused), ids=lambda one: one.__name__)
def test_a_refusal_ends_with_1_unless_what_was_asked_is_wrong(kind):
    asked_wrongly = kind.__name__.startswith("Unknown") or kind in WRONG
    assert kind.exit_code == (2 if asked_wrongly else 1)


def test_a_title_is_told_in_the_language_asked_for():
    error = errors.NotFromHere(trigger=Title("提交", "apply"), state=Title("组建", "Build"), known=[])
    assert error.message("en") == "'apply' is not possible from 'Build'"
    assert error.message("zh") == "“组建” 环节不能办理 “提交”"


def every(of=GuikouError):
    for one in of.__subclasses__():
        yield one
        yield from every(one)


#: Errors that are one to whoever reads the code: asked for wrongly in a file, or by a caller.
SHARED = {"unknown-name": {"UnknownName", "UnknownChoice"}, "usage": {"UsageError", "WrongUsage"}}


def test_a_code_is_one_errors_alone():
    for module in pkgutil.walk_packages(guikou.engine.__path__, "guikou.engine."):
        importlib.import_module(module.name)
    by_code = {}
    for one in every():
        if one.__module__.startswith("guikou.engine"):
            by_code.setdefault(one.code, set()).add(one.__name__)
    assert {code: names for code, names in by_code.items() if len(names) > 1} == SHARED


def test_the_room_gives_all_of_its_errors():
    own = {one.__name__ for one in every() if one.__module__.startswith("guikou.engine.errors")}
    assert set(errors.__all__) == own | {"GuikouError", "Where"}


#: By these, other systems know what was refused: they never change.
CODES = """
    already-initialized already-member already-open already-suspended already-told bad-channel bad-fact bad-file
    bad-record bad-row bad-table bad-test bad-tree bad-value broken-chain case-changed case-closed duplicate-key
    evidence-missing future-day gate-refused group-full guard-not-met many-rules may-not-act missing-fact
    naive-datetime no-rule no-such-body no-such-tier not-a-fact not-a-group not-admitted not-asked not-continued
    not-eligible not-for-gate not-from-here not-grouped-by not-initialized not-installed not-member not-open-yet
    not-owed not-postponable not-recordable not-recorded not-suspended not-visible policy policy-in-use policy-unsound
    reason-missing refused request-reused schema-version still-the-same store store-busy store-unreachable
    time-runs-back too-few-members top-reached type-changed unknown-area unknown-blocker unknown-body unknown-case
    unknown-evidence unknown-fact unknown-gate unknown-group unknown-indicator unknown-key unknown-name
    unknown-obligation unknown-outcome unknown-policy unknown-record unknown-support unknown-trigger unknown-venue
    usage
"""


def test_the_codes_stay():
    found = {one.code for one in every() if one.__module__.startswith("guikou.engine")}
    assert set(CODES.split()) <= found
