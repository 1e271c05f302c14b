"""What examples touch of a policy."""

from datetime import date

from guikou.engine import Organization
from guikou.engine.verify.coverage import KINDS, covered
from guikou.engine.verify.examples import Result, examples, run
from guikou.engine.verify.trial import Asked, Fire, GateTold, Met, Tell, Trial

from ..told import SCHOOL

DAY = date(2016, 1, 4)


def tried(policy, *steps, **facts):
    trial = Trial(policy, Organization("-", "-", "110105", {**SCHOOL, **facts}), DAY).run(steps)
    return Result(examples(policy)[0], (), trial)


def names(found, kind):
    return {one.name.en for one in found.touched if one.kind == kind}


def test_without_examples_nothing_is_touched_and_everything_is_told_once(beijing):
    found = covered(beijing, [])
    assert found.untouched == found.parts
    assert len(set(found.parts)) == len(found.parts)
    assert {one.kind for one in found.parts} == set(KINDS)
    assert found.of("rows") == (0, sum(len(beijing.table(name).rows) for name in beijing.tables))
    assert all(one.where.file and one.where.line for one in found.parts)


def test_rows_ways_and_guards_that_do_not_hold(beijing):
    found = covered(beijing, [tried(beijing, Fire("apply"), Tell({"party_members": 2}), Fire("establish"))])
    assert {"classification, row 1", "stage of entry, row 10"} <= names(found, "rows")
    assert names(found, "ways") == {"apply"}
    assert names(found, "guards") == {"establish"}
    assert found.of("guards")[0] == 1


def test_of_two_ways_of_a_trigger_the_one_not_taken_has_a_guard_that_does_not_hold(beijing):
    facts = {"has_organization": True, "weak": True, "standardized": True}
    found = covered(beijing, [tried(beijing, Fire("withdraw_finding"), **facts)])
    (guard,) = [one for one in found.touched if one.kind == "guards"]
    (way,) = [one for one in found.touched if one.kind == "ways"]
    assert guard.name == way.name
    assert guard.where.line == way.where.line + 1


def test_gates_obligations_and_refusals(beijing):
    known = {"registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": False, "investigated": False}
    steps = [Asked("annual_inspection"), Met("inspection", "qualified")]
    found = covered(beijing, [tried(beijing, *steps, **known), tried(beijing, registered_at="national")])
    assert {one.split(":")[0] for one in names(found, "answers")} == {"annual inspection"}
    assert names(found, "obligations") == {"annual inspection"}
    assert len(names(found, "refusals")) == 1
    told = tried(beijing, Asked("annual_inspection"), GateTold("annual_inspection", "inspected", "qualified"), **known)
    assert names(covered(beijing, [told]), "outcomes") == {"annual inspection: inspected: qualified"}


def test_a_policys_own_examples_touch_something_of_each_kind_and_not_more_than_there_is(beijing):
    found = covered(beijing, [run(beijing, one) for one in examples(beijing)])
    for kind in KINDS:
        touched, of = found.of(kind)
        assert 0 < touched <= of, kind
    assert found.touched <= set(found.parts)
