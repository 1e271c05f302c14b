"""Which cases, and in which order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.cases.case import Duty, Membership, Passage
from guikou.engine.supervision.query import Query

from ..indicators.cases import DAY, case

DUE = date(2016, 5, 31)
ONE = case(
    "A5", stage_due=DUE, hub="hub-law", escalation=2, escalated_to="beijing", blockers=("coverage",), assumed=(2027,),
    groups={"J": Membership("joint_membership", DAY)}, gates={"registration": Passage("allowed", (), DAY)},
    duties={"inspection": Duty(due=date(2016, 3, 1), open=True, escalation=1, escalated_to="beijing-education"), "ended": Duty()},
)  # fmt: skip


def some(*names):
    return frozenset(names)


@pytest.mark.parametrize(
    ("query", "admitted"),
    [
        ({}, True), ({"stages": some("standardize")}, True), ({"stages": some("rectify")}, False), ({"states": some("standardize.improving")}, True),
        ({"states": some("standardize")}, False), ({"types": some("foundation")}, False), ({"areas": some("110105")}, True), ({"areas": some("11")}, False),
        ({"responsible": some("chaoyang-education")}, True), ({"responsible": some("hub-law")}, False), ({"responsible": some("hub-law"), "involved": True}, True),
        ({"responsible": some("beijing"), "involved": True}, True), ({"responsible": some("beijing")}, False), ({"blocker": "coverage"}, True),
        ({"blocker": "x"}, False), ({"text": "学校A"}, True), ({"text": "A5"}, True), ({"text": "B"}, False), ({"due_before": DUE}, False),
        ({"due_before": date(2016, 6, 1)}, True), ({"due_from": DUE}, True), ({"due_from": date(2016, 6, 1)}, False), ({"escalation": 2}, True),
        ({"escalation": 3}, False), ({"suspended": True}, False), ({"suspended": False}, True), ({"assumed": True}, True), ({"assumed": False}, False),
        ({"group": "J"}, True), ({"group": "K"}, False), ({"gate": "registration"}, True), ({"gate": "incubation"}, False), ({"gate": ""}, True),
        ({"closed": False}, True), ({"closed": True}, False), ({"after": "A4"}, True), ({"after": "A5"}, False),
        ({"stages": some("standardize"), "closed": True}, False),
    ],
)  # fmt: skip
def test_all_that_is_given_must_hold(query, admitted):
    assert Query(**query).admits(ONE) is admitted


@pytest.mark.parametrize(
    ("query", "admitted"),
    [
        ({}, True), ({"duties": some("inspection")}, True), ({"duties": some("ended")}, False), ({"open": True}, True), ({"open": False}, False),
        ({"due_before": date(2016, 4, 1)}, True), ({"due_before": date(2016, 3, 1)}, False), ({"escalation": 1}, True), ({"escalation": 2}, False),
        ({"responsible": some("beijing-education"), "involved": True}, True), ({"responsible": some("beijing"), "involved": True}, False), ({"closed": True}, False),
    ],
)  # fmt: skip
def test_of_a_duty_due_dates_and_escalations_are_its_own(query, admitted):
    assert Query(**query).admits_duty(ONE, "inspection") is admitted


def test_a_duty_that_does_not_run_is_never_due():
    assert not Query().admits_duty(ONE, "ended")
    assert not Query(due_from=date.min).admits(case())


cases = st.lists(
    st.builds(
        lambda id, due, priority, weight: case(id, stage_due=due, priority=priority, weight=weight, duties={"d": Duty(due=due)}),
        st.text("ab", min_size=1, max_size=3), st.none() | st.dates(DAY, date(2016, 1, 9)), st.integers(1, 3), st.integers(0, 3),
    ),
    max_size=8, unique_by=lambda one: one.id,
)  # fmt: skip


@given(cases, st.sampled_from(["due", "inbox", "intake", "id"]), st.none() | st.integers(0, 5))
def test_each_order_is_whole_and_cut_at_the_limit(some_cases, order, limit):
    found = Query(order=order, limit=limit).sorted(some_cases)
    assert found == Query(order=order).sorted(reversed(some_cases))[:limit]
    if order in ("due", "inbox"):
        assert [one.due or date.max for one in found] == sorted(one.due or date.max for one in found)
    if order == "intake":
        assert [(one.priority, -one.weight) for one in found] == sorted((one.priority, -one.weight) for one in found)
    duties = Query(order=order, limit=limit).sorted_duties((one, "d") for one in some_cases)
    assert [(one.id, "d") for one in found] == [(one.id, name) for one, name in duties]
