"""What every command and every question starts from."""

from datetime import UTC, date, datetime, timedelta

import pytest

from guikou.engine import Organization
from guikou.engine.errors import (
    BadFact,
    NaiveDatetime,
    NotCanonical,
    NotOpenedThen,
    UnknownArea,
    UnknownBody,
    UnknownCase,
)

from ..told import BY, SCHOOL

NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)


def test_today_is_now_and_another_day_its_noon(office, clock):
    assert office.instant(None, NOW) == office.instant(date(2016, 1, 4), NOW) == NOW
    evening = NOW + timedelta(hours=6)
    assert office.instant(date(2016, 1, 4), evening) == evening  # and not before what happened since noon
    assert office.instant(date(2016, 1, 5), NOW) == NOW + timedelta(days=1)
    assert office.instant(datetime(2016, 1, 4, 9, tzinfo=UTC), NOW) == NOW + timedelta(hours=5)
    with pytest.raises(NaiveDatetime):
        office.instant(datetime(2016, 1, 4, 9), NOW)
    clock.now = datetime(2016, 1, 4, 17, tzinfo=UTC)  # past midnight where the policy holds
    assert office.today() == date(2016, 1, 5)
    assert office.today(date(2015, 1, 1)) == date(2015, 1, 1)


def test_a_stamp_is_of_the_body_itself_unless_said_and_of_the_top_where_any_may(office, clock):
    stamp = office.stamp(**office.of_any({}))
    assert (stamp.body, stamp.actor, stamp.at, stamp.recorded_at, stamp.request_id) == (
        "beijing",
        "beijing",
        NOW,
        NOW,
        None,
    )
    told = office.stamp(by=BY, actor="desk", when=date(2016, 1, 1), request_id="r")
    assert (told.body, told.actor, told.at, told.recorded_at, told.request_id) == (
        BY,
        "desk",
        NOW - timedelta(days=3),
        NOW,
        "r",
    )
    with pytest.raises(UnknownBody):
        office.stamp(by="nobody")


def test_an_organisation_is_checked_and_its_area_told_by_code(office):
    assert office.checked(Organization("A", "学校", "chaoyang", SCHOOL)).area == "110105"
    with pytest.raises(BadFact):
        office.checked(Organization("A", "学校", "chaoyang", {**SCHOOL, "employees": "many"}))
    with pytest.raises(UnknownArea):
        office.checked(Organization("A", "学校", "nowhere", SCHOOL))


def test_which_cases_is_put_into_a_query(office):
    query = office.query(stage="rectify", type="foundation", under=BY, area="chaoyang", as_of=date(2016, 1, 4))
    assert (query.stages, query.states, query.types, query.involved) == ({"rectify"}, None, {"foundation"}, True)
    assert "chaoyang-private-schools" in query.responsible
    assert "110105001" in query.areas
    assert query.as_of == datetime(2016, 1, 4, 15, 59, 59, 999999, tzinfo=UTC)
    step = office.query(stage="rectify.finding")
    assert (step.stages, step.states, step.involved, step.responsible) == (None, {"rectify.finding"}, False, None)


def test_an_id_that_can_be_no_key_is_refused(office):
    """The groups of a case are kept by the ids of their cases."""
    with pytest.raises(NotCanonical):
        office.checked(Organization("\U00020000", "学校", "chaoyang", SCHOOL))


def test_of_a_day_before_a_case_was_opened_it_is_said_when_it_was(supervision, school):
    school()
    supervision.rename("A", "B", by=BY)
    day = date(2016, 1, 3)
    asked = (
        lambda id: supervision.get(id, as_of=day), lambda id: supervision.explain(id, as_of=day),
        lambda id: supervision.support(2016, case=id, as_of=day),
    )  # fmt: skip
    for ask in asked:
        with pytest.raises(NotOpenedThen) as then:
            ask("B")
        assert then.value.details == {"case": "B", "day": day, "since": date(2016, 1, 4)}
        with pytest.raises(UnknownCase) as never:
            ask("C")
        assert never.value.code == "unknown-case"
    with pytest.raises(NotOpenedThen):
        supervision.get("A", as_of=day)  # also by what it was before
