"""Facts as they are declared."""

from dataclasses import replace
from datetime import date

import pytest

from guikou.engine import Organization, parse
from guikou.engine.decide.intake import place
from guikou.engine.errors import MissingFact

from ...edits import rewritten
from ...told import SCHOOL
from .faults import check_fault

HEAD = "policy.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (HEAD, "  employees:\n", "  district:\n", "bad-value", "is a name that the engine itself gives"),
        (HEAD, "  employees:\n", "  type:\n", "bad-value", "is a name that the engine itself gives"),
        (HEAD, "    type: boolean", "    type: enumeration", "bad-value", "an enumeration, and only that, needs values"),
        (HEAD, "  employees:\n", "  address:\n", "bad-value", "is called like the address"),
        (HEAD, "title: {zh: 从业人员数,", "title: {zh: 名称,", "bad-value", "is called like the name"),
        (HEAD, "  employees:\n", "  date:\n", "bad-value", "take another name"),
        (HEAD, "  employees:\n", "  employees:\n    default: many\n", "bad-value", "many"),
        (HEAD, "  employees:\n", "  employees:\n    default: -1\n", "bad-value", "-1"),
        (HEAD, "  employees:\n", "  employees:\n    default:\n", "bad-value", "null"),
        (HEAD, "    type: date", "    type: date\n    default: 2015-01-01", "bad-value", "can't be of a date"),
        (HEAD, "    type: date", "    type: date\n    minimum: 3", "bad-value", "for numbers only"),
        (HEAD, "    type: boolean", "    type: boolean\n    maximum: 3", "bad-value", "for numbers only"),
        (HEAD, "    type: boolean", "    type: boolean\n    maximum: today", "bad-value", "of a date only"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


def test_what_is_declared_may_be_asked_for_and_what_follows_from_it(beijing):
    facts, vocabulary = beijing.facts, beijing.vocabulary
    assert (facts["employees"].minimum, facts["supervising_unit"].kind.name, facts["supervising_unit"].nullable) == (0, "body", True)  # fmt: skip
    assert list(facts["registered_at"].titles) == list(facts["registered_at"].kind.values)
    assert vocabulary.kinds["type"].values == tuple(beijing.workflows)
    assert vocabulary.unrecorded["activity.this_year"] == 0
    assert vocabulary.unrecorded["activity.months"] is None
    assert vocabulary.unrecorded["member.joint_membership"] is False
    assert vocabulary.derived["registered_on.months"].en.startswith("months since ")
    stages = {stage for flow in beijing.workflows.values() for stage in flow.stages}
    assert set(vocabulary.asked["stage"].values) == stages


def test_a_fact_that_nobody_has_said_is_taken_for_its_default(beijing):
    school = Organization(
        "A", "学校", "110105", {key: value for key, value in SCHOOL.items() if key != "has_organization"}
    )
    day = date(2016, 1, 4)
    assert isinstance(place(beijing, school, day), MissingFact)
    files, _ = rewritten(beijing.files, HEAD, "  has_organization:\n", "  has_organization:\n    default: false\n")
    policy = parse(files)
    assert policy.vocabulary.defaults == {"has_organization": False}
    assert place(policy, school, day).state == "build.preparing"
    standardized = {"has_organization": True, "standardized": True, "weak": False}
    assert place(policy, replace(school, facts=SCHOOL | standardized), day).state == "innovate"
