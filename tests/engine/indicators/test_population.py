"""What indicators are computed from."""

from dataclasses import replace
from datetime import UTC, date, datetime

from guikou.engine.cases.case import Tally
from guikou.engine.cases.events import Blocked, Escalated, Event, EventKind, Met, Reported
from guikou.engine.indicators.population import Population, days_counted, event_facts, happenings

from .cases import DAY, case

AT = datetime(2016, 1, 4, 4, tzinfo=UTC)


def event(says, id="A", **more):
    changes = says.changes() | more.pop("changes", {})
    return Event.sealed(case=id, seq=1, kind=says.kind, at=AT, recorded_at=AT, actor="x", body="x", policy="x", changes=changes, **more)  # fmt: skip


MET = Met(concerns="hub_meeting", of=DAY, outcome=None)


def test_the_closed_are_there_and_not_open(beijing):
    population = Population(beijing, DAY, 2016, [case("A"), case("B", closed=True)])
    assert [one.id for one, _ in population.rows] == ["A", "B"]
    assert [one.id for one, _ in population.open] == ["A"]
    assert population.by_id["B"][1]["stage"] == "standardize"


def test_what_is_recorded_is_of_now_and_what_stood_of_the_day(beijing):
    then, now = case("A"), case("A", records={"activity": Tally(DAY, {2016: (2, 9, 0)})})
    population = Population(beijing, DAY, 2016, [then, case("B")], now=[now])
    assert population.recorded == {"A": now, "B": case("B")}
    assert population.rows[0][1]["activity.this_year"] == 0


def test_other_days_are_counted_by_their_own_cases(beijing):
    before = date(2015, 1, 4)
    population = Population(beijing, DAY, 2016, [case("A")], at={before: [case("Z"), case("Y", closed=True)]})
    assert [one.id for one, _ in population.counted(before)] == ["Z"]
    assert population.counted(DAY) is population.open
    assert population.counted(date(2014, 1, 4)) == []
    assert population.counted(before) is population.counted(before)


def test_an_event_is_of_its_case_and_of_others_nothing_is_known(beijing):
    said = [("A", event_facts(event(MET))), ("elsewhere", event_facts(event(MET)))]
    ((one, facts, of_event),) = Population(beijing, DAY, 2016, [case("A")], events=said).happened
    assert (one.id, facts["district"]) == ("A", "chaoyang")
    assert (of_event["event.obligation"], of_event["district"]) == ("hub_meeting", "chaoyang")


def test_what_may_be_asked_of_an_event(beijing):
    moved = event_facts(
        event(Reported(), changes={"state": "rectify.finding", "origin": "innovate", "stage_since": DAY}, trigger="find_weak")
    )  # fmt: skip
    assert (moved["event.into"], moved["event.out_of"], moved["event.stage"], moved["event.trigger"]) == ("rectify", "innovate", "innovate", "find_weak")  # fmt: skip
    within = event_facts(event(Reported(), changes={"state": "rectify.measures"}))
    assert (within["event.into"], within["event.out_of"], within["event.stage"]) == (None, None, None)
    climbed = event_facts(event(Escalated(of=DAY, stood="build.joining", climbed_to="beijing")))
    assert (climbed["event.escalated"], climbed["event.stage"]) == (True, "build")
    blocked = event_facts(event(Blocked(), reason="coverage"))
    assert blocked["event.blocker"] == "coverage"
    assert event_facts(event(Reported(), reason="coverage"))["event.blocker"] is None
    asked = {name for one in beijing.parts.indicators.values() if one.happened for name in one.happened.facts if name.startswith("event.")}  # fmt: skip
    assert asked <= set(moved)


def test_only_events_that_some_indicator_may_count_are_kept(beijing):
    every = beijing.parts.indicators
    events = [event(MET), event(replace(MET, concerns="inspection")), event(Reported())]
    kept = happenings([every["meetings_held"]], events)
    assert [(id, said["event.kind"], said["event.obligation"]) for id, said in kept] == [
        ("A", EventKind.MET, "hub_meeting")
    ]
    assert happenings([every["organizations"]], events) == []


def test_the_other_days_are_those_of_support_and_of_growth(beijing):
    every = beijing.parts.indicators
    assert days_counted(beijing, [every["growth"]], 2016, DAY) == {date(2015, 1, 4)}
    assert days_counted(beijing, [every["organizations"]], 2016, DAY) == set()
    paid = next(one for one in every.values() if one.support is not None)
    assert days_counted(beijing, [paid], 2015, DAY) == {date(2015, 12, 31)}
    assert days_counted(beijing, [paid], 2016, DAY) == set()
