"""What was said by mistake is taken back."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Organization, Register, Report, fold
from guikou.engine.cases.events import counting
from guikou.engine.decide.taking_back import TakeBack
from guikou.engine.errors import BrokenChain, CaseWithdrawn, TimeRunsBack

from ..told import BY, SCHOOL, building, school

MORE = st.fixed_dictionaries(
    {},
    optional={
        "employees": st.integers(0, 500),
        "industry": st.sampled_from(["education", "health", "culture"]),
        "weak": st.booleans(),
        "standardized": st.booleans(),
        "term_began": st.dates(date(2010, 1, 1), date(2016, 1, 1)),
        "inspection": st.sampled_from(["qualified", "basically_qualified", "unqualified"]),
        "guide_sent": st.booleans(),
    },
)


def content(case):
    return replace(case, revision=0, head="", updated_at=case.opened_at)


@given(
    facts=MORE, name=st.sampled_from([None, "新名"]), area=st.sampled_from([None, "110108"]), days=st.integers(0, 90)
)
def test_a_case_is_again_what_it_was_whatever_was_reported(beijing, facts, name, area, days):
    told = school(beijing)
    told.sweep(told.day.replace(month=3))
    then = told.case
    told.do(Report(facts, name, area), BY)
    told.do(TakeBack(then, "mistaken"), BY, days)
    assert content(told.case) == content(then)
    assert fold(told.events) == told.case
    assert counting(told.events) == told.events[: then.revision]
    assert told.events[-1].reason == "mistaken"


def test_what_was_opened_is_withdrawn_and_waits_for_nothing(beijing):
    told = building(beijing).do(TakeBack(None, "mistaken"))
    assert (told.case.withdrawn, told.case.closed, told.case.due, told.case.duties) == (told.day, True, None, {})
    assert counting(told.events) == []
    assert isinstance(told.refused(Report({"employees": 1})), CaseWithdrawn)
    assert told.sweep(told.day.replace(year=2018)).tick() == ()


def test_it_is_opened_anew_on_the_same_chain_and_knows_nothing_of_before(beijing):
    told = building(beijing, employees=99, weak=True).do(TakeBack(None, "mistaken"), days=3)
    told.do(Register(Organization("A", "新", "110105", SCHOOL)), "beijing")
    fresh = building(beijing, told.day).case
    assert replace(content(told.case), name="学校") == content(fresh)
    assert (told.case.revision, fold(told.events)) == (3, told.case)
    assert counting(told.events) == told.events[2:]
    assert told.do(TakeBack(fold(told.events[:2]), "again")).case.withdrawn == told.day


def test_time_does_not_run_back(beijing):
    told = building(beijing).do(TakeBack(None, "mistaken"), days=3)
    told.day = told.day.replace(day=5)
    assert isinstance(told.refused(Register(Organization("A", "新", "110105", SCHOOL)), "beijing"), TimeRunsBack)


def test_a_case_that_stands_is_not_opened_again(beijing):
    told = building(beijing)
    again = building(beijing).events[0]
    second = replace(again, seq=2, previous=told.case.head)
    with pytest.raises(BrokenChain):
        fold([told.events[0], replace(second, hash=second.digest())])
