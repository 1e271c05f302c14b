"""When the sweep looks at a case next."""

from datetime import date

import pytest

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
