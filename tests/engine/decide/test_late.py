"""What is told late of a case."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from guikou.engine import Advance, GuikouError, fold
from guikou.engine.cases.fold import as_at
from guikou.engine.dates.instants import day_end, instant
from guikou.engine.decide.advance import Block
from guikou.engine.decide.again import Known
from guikou.engine.decide.correcting import Correct, Correction, correct, told_late
from guikou.engine.decide.duties import Meet
from guikou.engine.decide.intake import Report
from guikou.engine.decide.late import decide_late
from guikou.engine.decide.remarks import Remark
from guikou.engine.errors import CannotStand, TimeRunsBack

from ..told import BY, OLD_ENOUGH, established


def late(told, command, day, by=BY, decided=decide_late, why=""):
    known = Known({told.policy.digest: told.policy}.get, lambda id, at: None, lambda id, hash: None)
    now, told.day = told.day, day
    stamp = replace(told.stamp(by), late=why)
    told.day = now
    return decided(known, told.policy, told.case, told.events, command, stamp)


def weak(policy):
    """A school that was found weak on 14 January and confirmed on 24 January."""
    told = established(policy).advance("find_weak", days=10, finding_report="1")
    return told.advance("confirm_finding", days=10)


def test_another_matter_may_be_told_late_and_is_seen_from_its_day_on(beijing):
    told = weak(beijing)
    for command in (Report({"employees": 43}), Block("coverage"), Remark("来电")):
        told.follow(late(told, command, date(2016, 1, 10)))
    assert fold(told.events) == told.case
    assert (told.case.state, told.case.facts["employees"], told.case.blockers) == (
        "rectify.planning",
        43,
        ("coverage",),
    )
    assert told.case.updated_at == instant(date(2016, 1, 24), beijing.zone)
    for day, employees in ((9, 42), (10, 43), (13, 43), (14, 43), (24, 43)):
        then = as_at(told.events, day_end(date(2016, 1, day), beijing.zone))
        assert then.facts["employees"] == employees, day
    known = as_at(told.events, day_end(date(2016, 1, 13), beijing.zone), told.events[2].recorded_at)
    assert known.state == "innovate"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (Report({"weak": True}), "no. 2 (advanced, 2016-01-14)"),
        (Advance("lose_organization", {"dissolution_record": "1"}), "no. 2 (advanced, 2016-01-14)"),
        (Report({"party_members": 0}), None),
    ],
)
def test_what_would_change_what_was_decided_is_refused_with_what(beijing, command, what):
    told = weak(beijing)
    found = late(told, command, date(2016, 1, 10))
    if what is None:
        assert not isinstance(found, GuikouError)
        return
    assert isinstance(found, TimeRunsBack)
    assert found.details["what"].en == what
    assert found.line("zh")


def test_what_was_set_since_is_not_set_before_it(beijing):
    told = established(beijing).do(Report({"employees": 50}), days=10)
    assert isinstance(late(told, Report({"employees": 43}), date(2016, 1, 8)), TimeRunsBack)
    found = late(told, Report({"party_members": 6}), date(2016, 1, 8))
    assert not isinstance(found, GuikouError)


def test_nothing_is_told_of_a_day_before_there_was_a_case(beijing):
    told = established(beijing)
    refused = late(told, Report({"employees": 43}), date(2016, 1, 3))
    assert isinstance(refused, TimeRunsBack)
    assert refused.details["what"].en == "its registration"


def test_what_was_not_possible_then_is_refused_as_it_was(beijing):
    assert late(weak(beijing), Advance("confirm_finding"), date(2016, 1, 10)).code == "not-from-here"


NAMES = st.sets(st.sampled_from(["employees", "party_members"]), min_size=1)
TOLD = st.lists(st.tuples(st.integers(5, 25), NAMES), min_size=2, max_size=4)


def news(names, at):
    """Facts that nobody has told before: what is no news is not on record."""
    every = {"employees": 100 + at, "party_members": 10 + at}
    return {name: every[name] for name in sorted(names)}


@pytest.fixture(scope="module")
def begun(beijing):
    return lambda: established(beijing)


def lives_told(begun, reports, missing):
    """A case without one of some reports, the same with all of them, the day of that one, and the report."""
    reports = sorted(reports, key=lambda one: one[0])
    missing = min(missing, len(reports) - 2)
    told, whole = begun(), begun()
    for at, (day, names) in enumerate(reports):
        for one in (told, whole):
            if one is whole or at != missing:
                one.day = date(2016, 1, day)
                decision = one.try_(Report(news(names, at), reason=str(at)))
                assume(not isinstance(decision, GuikouError) and decision[:1] != ())
                assume(decision[0].facts == news(names, at))
                one.follow(decision)
    day, names = reports[missing]
    assume(day < reports[missing + 1][0])  # of one moment, what is told last comes last
    return told, whole, date(2016, 1, day), Report(news(names, missing), reason=str(missing))


def same_lives(zone, some, others):
    """Two histories that stand alike on every day."""
    for probe in range(5, 30):
        until = day_end(date(2016, 1, probe), zone)
        ours, theirs = as_at(some, until), as_at(others, until)
        assert (ours.state, ours.facts, ours.responsible, ours.duties) == (
            theirs.state, theirs.facts, theirs.responsible, theirs.duties,
        )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(TOLD, st.integers(0, 2))
def test_what_may_be_told_late_is_as_if_it_had_been_told_in_time(begun, reports, missing):
    told, whole, day, report = lives_told(begun, reports, missing)
    found = late(told, report, day)
    assume(not isinstance(found, GuikouError))
    told.follow(found)
    same_lives(told.policy.zone, told.events, whole.events)


# --- what changes what was decided since, and is told with why it is told late ----------------------------------------


def anyway(told, command, day, by=BY):
    return late(told, command, day, by, told_late, "迟报")


def inspected(told, day):
    told.day = day
    return told.follow(
        told.try_(Meet("inspection", "qualified", {"inspection_report": "1", "party_building_report": "2"}))
    )


def test_what_time_brought_about_does_not_stand_once_it_was_met_in_time(beijing):
    missed = established(beijing, **OLD_ENOUGH).sweep(date(2016, 12, 1))
    assert missed.case.state == "rectify.finding"
    met = Meet("inspection", "qualified", {"inspection_report": "1", "party_building_report": "2"})
    assert isinstance(late(missed, met, date(2016, 5, 20)), TimeRunsBack)
    made = anyway(missed, met, date(2016, 5, 20))
    assert isinstance(made, Correction)
    assert made.events[0].reason == "迟报"
    in_time = inspected(established(beijing, **OLD_ENOUGH), date(2016, 5, 20)).sweep(date(2016, 12, 1))
    assert made.after.state == in_time.case.state != "rectify.finding"
    assert {name: one.due for name, one in made.after.duties.items()} == {
        name: one.due for name, one in in_time.case.duties.items()
    }
    assert {event.kind for event in made.gone} >= {"missed", "advanced"}
    assert fold((*missed.events, *made.events)) == made.after


def test_what_an_office_did_since_stands_or_is_named(beijing):
    told = weak(beijing)
    refused = anyway(told, Advance("lose_organization", {"dissolution_record": "1"}), date(2016, 1, 10))
    assert isinstance(refused, CannotStand)
    assert refused.details["which"].en.startswith("no. 2 (advanced, 2016-01-14)")
    made = anyway(told, Report({"employees": 7}), date(2016, 1, 10))
    assert (made.after.state, made.after.facts["employees"]) == ("rectify.planning", 7)


def test_nothing_is_told_late_of_a_day_before_there_was_a_case(beijing):
    assert isinstance(anyway(established(beijing), Report({"employees": 43}), date(2016, 1, 3)), TimeRunsBack)
    assert anyway(weak(beijing), Advance("confirm_finding"), date(2016, 1, 10)).code == "not-from-here"


@given(TOLD, st.integers(0, 2), st.integers(10, 28))
def test_whatever_is_told_late_is_as_if_it_had_been_told_in_time(begun, reports, missing, swept):
    told, whole, day, report = lives_told(begun, reports, missing)
    for one in (told, whole):
        one.sweep(max(one.day, date(2016, 1, swept)))
    made = anyway(told, report, day)
    assert isinstance(made, Correction)
    events = (*told.events, *made.events)
    assert fold(events) == made.after
    same_lives(told.policy.zone, events, whole.events)


def test_who_does_not_see_the_case_any_more_decides_nothing_anew(beijing):
    told = established(beijing, **OLD_ENOUGH).sweep(date(2016, 12, 1))
    told.do(Report({}, None, "110108"), "beijing", days=1)
    assert told.case.responsible == "haidian-education"
    met = Meet("inspection", "qualified", {"inspection_report": "1", "party_building_report": "2"})
    assert anyway(told, met, date(2016, 5, 20)).code == "not-visible"


def test_what_was_told_late_before_counts_for_what_is_told_late(beijing):
    told = established(beijing, **OLD_ENOUGH)
    told.do(Report({"employees": 50}), days=60)
    told.sweep(date(2016, 12, 1))
    told.follow(late(told, Report({"regular_life": True, "terms_kept": True, "records_kept": True}), date(2016, 2, 1)))
    made = anyway(told, Advance("apply_review"), date(2016, 2, 10))
    assert isinstance(made, Correction)
    assert (made.after.state, made.after.facts["employees"]) == ("rectify.finding", 50)
    assert fold((*told.events, *made.events)) == made.after
    days = [event.at for event in made.events[1:]]
    assert days == sorted(days)


def test_what_was_told_late_does_not_hinder_a_correction(beijing):
    told = established(beijing).do(Report({"party_members": 9}), days=40)
    told.do(Report({"employees": 50}), days=20)
    told.follow(late(told, Report({"regular_life": True}), date(2016, 1, 20)))
    known = Known({told.policy.digest: told.policy}.get, lambda id, at: None, lambda id, hash: None)
    seq = next(event.seq for event in told.events if event.facts.get("employees") == 50)
    made = correct(
        known, told.policy, told.case, told.events, Correct(seq, "写错", facts={"employees": 60}), told.stamp(BY)
    )
    assert isinstance(made, Correction), made
    facts = made.after.facts
    assert (facts["employees"], facts["party_members"], facts["regular_life"]) == (60, 9, True)
    assert fold((*told.events, *made.events)) == made.after
