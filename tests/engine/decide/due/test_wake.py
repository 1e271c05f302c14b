"""When the sweep looks at a case next."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from guikou.engine.decide.due.wake import wake, wakes_by

from ...edits import edited
from ...told import FIRM, STAGES, established


def test_an_automatic_transition_may_wait_for_days_overdue(beijing):
    policy = edited(
        beijing, STAGES,
        ("  - {trigger: confirm_finding, from", "  - {trigger: turn_weak, from: build, to: rectify, when: {case.days_overdue: '>= 45'}, automatic: true}\n"
         "  - {trigger: confirm_finding, from"),
    )  # fmt: skip
    told = established(policy, **FIRM, has_organization=False)
    assert told.case.due == date(2016, 7, 4)
    told.sweep(date(2016, 8, 17))
    assert told.case.stage == "build"
    told.sweep(date(2016, 8, 18))
    assert told.case.stage == "rectify"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The body is merged into the one above it; or the one above is succeeded by the body itself.
        ("{id: beijing-internet, kind", "{id: beijing-internet, valid_until: 2016-01-10, succeeded_by: mid, kind"),
        (
            "parent: beijing, title: {zh: 中间",
            "parent: beijing, valid_until: 2016-01-10, succeeded_by: beijing-internet, title: {zh: 中间",
        ),
    ],
)
def test_a_climb_always_leads_to_another_body(beijing, old, new):
    policy = edited(
        beijing, "bodies.yaml",
        ("{id: beijing-internet, kind: industry_committee, area: beijing, parent: beijing,", "{id: mid, kind: department, area: beijing, parent: beijing, title: {zh: 中间, en: between}}\n"
         "  - {id: beijing-internet, kind: industry_committee, area: beijing, parent: mid,"),
        (old, new),
    )  # fmt: skip
    told = established(policy, **FIRM, weak=True).sweep(date(2017, 3, 1))
    assert [one.body for one in told.told if one.kind == "escalated"] == ["beijing"]


def test_a_case_is_looked_at_by_the_day_on_which_something_is_due_or_by_the_next_where_it_is_already(beijing):
    case = established(beijing, **FIRM, has_organization=False).case
    first = wake(beijing, case, date(2016, 1, 4))
    assert first > date(2016, 1, 5)
    assert wakes_by(beijing, case, date(2016, 1, 4)) == first
    late = date(2016, 9, 1)
    assert wakes_by(beijing, case, late) == late + timedelta(days=1)
    assert wakes_by(beijing, replace(case, closed=True), late) is None
