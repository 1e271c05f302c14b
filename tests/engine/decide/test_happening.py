"""What follows from an event of itself."""

from dataclasses import replace

from guikou.engine.decide.groups import Join
from guikou.engine.decide.happening import values_set, without_request
from guikou.engine.policy.workflow import TODAY, FactOf

from ..told import BY, START, building, group


def test_whoever_closes_leaves_its_groups(beijing):
    told = building(beijing, party_members=2).do(
        Join("joint_membership", replace(group(beijing), id="J"), {"joint_agreement": "1"})
    )
    told.advance("deregister", deregistration_record="1")
    assert told.case.groups == {}


def test_what_is_set_may_be_today_or_what_another_fact_was():
    sets = {"graded_on": TODAY, "inspection_before": FactOf("inspection"), "weak": True, "unknown": FactOf("nothing")}
    assert values_set(sets, {"inspection": "qualified"}, START) == {
        "graded_on": START,
        "inspection_before": "qualified",
        "weak": True,
    }


def test_what_follows_elsewhere_does_not_answer_the_request(beijing):
    stamp = building(beijing).stamp(BY)
    assert without_request(replace(stamp, request_id="r")) == stamp
