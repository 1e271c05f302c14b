"""What was wrong, corrected: all since is decided anew."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Advance, GuikouError, Stamp, fold
from guikou.engine.cases.events import EventKind, counting, effective
from guikou.engine.cases.fold import as_at
from guikou.engine.dates.instants import instant
from guikou.engine.decide.again import Known
from guikou.engine.decide.correcting import CORRECTABLE, Correct, correct
from guikou.engine.decide.duties import Meet
from guikou.engine.decide.intake import Report
from guikou.engine.decide.records import Record, Strike
from guikou.engine.errors import CannotStand, MayNotAct, NotCorrectable

from ..told import ABOVE, BY, REGISTRY, START, building, established


def corrected(told, seq, by=BY, reason="写错", **more):
    """A correction that is told later than all else."""
    at = instant(date(2019, 1, 4), told.policy.zone)
    known = Known({told.policy.digest: told.policy}.get, lambda id, at: None, lambda id, hash: None)
    return correct(known, told.policy, told.case, told.events, Correct(seq, reason, **more), Stamp(at, at, by, by))


def same_life(case, other):
    """Two cases but for their places in their chains."""
    own = ("revision", "head", "updated_at", "opened_at")
    return {name: getattr(case, name) for name in case.__dataclass_fields__ if name not in own} == {
        name: getattr(other, name) for name in other.__dataclass_fields__ if name not in own
    }


def weak(policy):
    told = established(policy).advance("find_weak", days=10, finding_report="认[2016]1号")
    return told.advance("confirm_finding", days=10)


def test_a_wrong_fact_is_corrected_from_the_start_and_what_followed_follows(beijing):
    told = building(beijing, party_members=2).sweep(date(2016, 9, 1))
    found = corrected(told, 1, by="beijing", facts={"party_members": 5})
    right = building(beijing, party_members=5).sweep(date(2016, 9, 1))
    assert same_life(found.after, right.case)
    assert (found.before.state, found.after.state) == ("build.joining", "build.preparing")
    first = found.events[0]
    assert (first.kind, first.corrects, first.back_to, first.reason) == ("corrected", 1, 0, "写错")
    assert fold([*told.events, *found.events]) == found.after
    assert counting([*told.events, *found.events]) == list(found.events[1:])


def test_only_what_comes_out_otherwise_is_told(beijing):
    told = weak(beijing)
    found = corrected(told, 2, evidence={"finding_report": "认[2016]2号"})
    assert [event.seq for event in found.gone] == [2]
    assert [(event.kind, event.evidence) for event in found.anew] == [("advanced", {"finding_report": "认[2016]2号"})]
    assert same_life(found.after, told.case)


def test_a_day_is_corrected_and_the_deadlines_run_from_it(beijing):
    told = weak(beijing)
    found = corrected(told, 2, on=instant(date(2016, 1, 5), beijing.zone))
    assert found.after.stage_since == date(2016, 1, 5)
    assert found.before.stage_since == date(2016, 1, 14)
    assert (found.before.stage_due - found.after.stage_due).days == 9
    assert found.after.updated_at == told.case.updated_at
    past = as_at([*told.events, *found.events], instant(date(2016, 1, 8), beijing.zone))
    assert past.state == "rectify.finding"
    assert found.gone[0].seq == 2
    known = as_at([*told.events, *found.events], instant(date(2016, 1, 8), beijing.zone), told.events[-1].recorded_at)
    assert known.state == "innovate"


def test_a_day_that_puts_it_behind_another_is_decided_in_that_order(beijing):
    told = weak(beijing)
    refused = corrected(told, 2, on=instant(date(2016, 1, 30), beijing.zone))
    assert isinstance(refused, CannotStand)
    assert refused.details["which"].en == "no. 3 (advanced, 2016-01-24)"
    told = established(beijing).do(Record("activity", count=3, evidence={"activity_record": "1"}), days=3)
    told.advance("find_weak", days=3, finding_report="1")
    found = corrected(told, 2, on=instant(date(2016, 1, 20), beijing.zone))
    assert [event.kind for event in found.events] == ["corrected", "advanced", "recorded"]
    assert found.after.state == "rectify.finding"


def test_a_trigger_is_corrected_with_the_evidence_that_the_other_asks_for(beijing):
    told = established(beijing).advance("find_weak", finding_report="1")
    found = corrected(told, 2, trigger="lose_organization", evidence={"dissolution_record": "2"})
    assert (found.after.state, found.after.facts["has_organization"]) == ("build.preparing", False)
    assert found.anew[0].evidence == {"dissolution_record": "2"}
    right = established(beijing).advance("lose_organization", dissolution_record="2").events[-1]
    assert (found.anew[0].reason, found.gone[0].reason) == (right.reason, told.events[-1].reason)
    assert found.anew[0].reason != found.gone[0].reason


def test_what_an_office_gave_as_its_reason_stays(beijing):
    told = established(beijing).advance("find_weak", reason="群众反映", finding_report="1")
    found = corrected(told, 2, trigger="lose_organization", evidence={"dissolution_record": "2"})
    assert found.anew[0].reason == "群众反映"


def test_an_outcome_and_what_it_set_are_corrected(beijing):
    told = established(beijing).sweep(date(2016, 5, 10))
    told.do(Meet("inspection", "unqualified", {"inspection_report": "1", "party_building_report": "2"}))
    assert told.case.facts["inspection"] == "unqualified"
    found = corrected(told, told.events[-1].seq, outcome="qualified")
    assert found.after.facts["inspection"] == "qualified"


def test_what_an_organisation_is_called_and_where_it_lies_is_corrected(beijing):
    told = building(beijing)
    found = corrected(told, 1, by="beijing", name="新名", area="110108")
    assert (found.after.name, found.after.responsible) == ("新名", "haidian-education")


def test_what_never_happened_is_left_out(beijing):
    told = established(beijing).advance("find_weak", days=5, finding_report="1")
    found = corrected(told, 2, never=True)
    assert same_life(found.after, established(beijing).case)
    assert (len(found.gone), found.anew) == (1, ())
    refused = corrected(told, 1, never=True, by="beijing")
    assert isinstance(refused, NotCorrectable)


def test_a_reason_is_corrected(beijing):
    told = established(beijing).do(Report({"employees": 9}, reason="年检"))
    found = corrected(told, 2, because="年检核实")
    assert [event.reason for event in found.anew] == ["年检核实"]


def test_what_is_corrected_twice_counts_once(beijing):
    told = weak(beijing)
    first = corrected(told, 2, evidence={"finding_report": "2"})
    told.follow(first.events)
    assert isinstance(corrected(told, 2, evidence={"finding_report": "3"}), NotCorrectable)
    second = corrected(told, 5, evidence={"finding_report": "3"})
    told.follow(second.events)
    assert [event.evidence for event in counting(told.events)][1] == {"finding_report": "3"}
    assert effective(told.events) == counting(told.events)
    assert fold(told.events) == told.case


def test_a_record_that_was_struck_stays_struck_under_its_new_number(beijing):
    told = established(beijing).do(Report({"employees": 9}))
    told.do(Record("activity", count=3, evidence={"activity_record": "1"}))
    told.do(Record("activity", count=4, evidence={"activity_record": "2"}))
    told.do(Strike(told.events[2], [told.events[3]], "重复"))
    found = corrected(told, 2, facts={"employees": 8})
    assert found.after.records == told.case.records
    numbers = {event.seq: event for event in found.events}
    (struck,) = [event for event in found.events if event.kind == EventKind.STRUCK]
    assert numbers[struck.struck].count == 3


def test_what_can_not_be_is_refused_with_which_and_why(beijing):
    told = weak(beijing)
    for seq, more, code in (
        (9, {"because": "x"}, "not-correctable"),
        (2, {}, "not-correctable"),
        (2, {"outcome": "qualified"}, "not-correctable"),
        (2, {"facts": {"employees": 1}}, "not-correctable"),
        (2, {"value": "x"}, "not-correctable"),
        (2, {"area": "110101"}, "not-correctable"),
        (2, {"trigger": "nothing"}, "not-correctable"),
        (2, {"evidence": {"finding_report": " "}}, "not-correctable"),
        (2, {"never": True}, "cannot-stand"),
        (2, {"on": instant(date(2016, 1, 1), beijing.zone)}, "not-correctable"),
    ):
        refused = corrected(told, seq, **more)
        assert isinstance(refused, GuikouError), more
        assert refused.code == code, (more, refused)
        for lang in ("zh", "en"):
            assert refused.line(lang)
    assert corrected(told, 2, evidence={"finding_report": " "}).details["keys"] == ["finding_report"]
    assert corrected(told, 2, evidence={"photo": "1"}).details["known"].en.startswith("finding_report (")
    refused = corrected(told, 2, never=True)
    assert refused.details["which"].en == "no. 3 (advanced, 2016-01-24)"
    assert "'confirm the finding' is not possible" in refused.details["because"].en


def test_what_time_brought_about_is_corrected_by_what_it_rests_on(beijing):
    told = building(beijing).sweep(date(2016, 7, 20))
    late = next(event for event in told.events if event.kind == EventKind.OVERDUE and event.concerns is None)
    assert isinstance(corrected(told, late.seq, on=told.events[0].at), NotCorrectable)


@pytest.mark.parametrize(
    ("by", "may"), [(BY, True), (ABOVE, True), ("beijing", True), ("haidian-education", False), (REGISTRY, False)]
)
def test_whoever_told_it_and_whoever_is_above_may(beijing, by, may):
    told = established(beijing).advance("find_weak", finding_report="1")
    found = corrected(told, 2, by=by, evidence={"finding_report": "2"})
    assert isinstance(found, MayNotAct) is not may


def test_facts_may_be_corrected_by_whoever_may_report_them(beijing):
    told = established(beijing)
    assert not isinstance(corrected(told, 1, by=BY, facts={"employees": 1}), GuikouError)
    assert isinstance(corrected(told, 1, by="haidian-education", facts={"employees": 1}), MayNotAct)


def test_everything_that_can_be_corrected_has_its_title():
    assert set(CORRECTABLE) == set(Correct.__dataclass_fields__) - {"seq", "reason", "never"}


LIFE = st.lists(
    st.sampled_from(["members", "weak", "confirm", "plan", "wait", "remark", "record", "lose"]), min_size=1, max_size=12
)


def live(policy, steps, members=5, wrong=None):
    """A life told step by step, what is refused left out; `wrong` is the fact that is wrong from the start."""
    told = established(policy, START, party_members=members, **(wrong or {}))
    for at, step in enumerate(steps):
        told.day = date.fromordinal(told.day.toordinal() + 3)
        command = {
            "members": Report({"party_members": 3 + at}),
            "weak": Advance("find_weak", {"finding_report": str(at)}),
            "confirm": Advance("confirm_finding"),
            "plan": Advance("adopt_plan", {"rectification_plan": str(at)}),
            "record": Record("activity", count=at + 1, evidence={"activity_record": "1"}),
            "lose": Advance("lose_organization", {"dissolution_record": "1"}),
        }.get(step)
        if step == "wait":
            told.sweep(date.fromordinal(told.day.toordinal() + 100))
        elif command is not None:
            decision = told.try_(command)
            if not isinstance(decision, GuikouError):
                told.follow(decision)
    return told


@given(LIFE)
def test_a_corrected_life_is_the_one_that_would_have_been(beijing, steps):
    """What was wrong from the start, corrected, is as if it had been right from the start, whatever came between."""
    wrong, right = live(beijing, steps, wrong={"employees": 8}), live(beijing, steps, wrong={"employees": 9})
    found = corrected(wrong, 1, by="beijing", facts={"employees": 9})
    assert same_life(found.after, right.case)
    assert [event.kind for event in found.events[1:]] == [event.kind for event in right.events]
    assert all(one.like(other) for one, other in zip(found.events[2:], right.events[1:], strict=True))
    assert fold([*wrong.events, *found.events]) == found.after
    assert same_life(as_at([*wrong.events, *found.events]), found.after)
