"""When duties are due."""

from datetime import date

import pytest

from guikou.engine.decide.duties import Meet
from guikou.engine.decide.intake import Report
from guikou.engine.decide.sweep import tick
from guikou.engine.errors import PolicyError

from ...edits import edited
from ...told import FIRM, established


def test_M24_a_grade_lapses_after_5_years(beijing):
    told = established(beijing, grade="3A", graded_on=date(2012, 6, 15)).sweep(date(2017, 6, 15))
    assert told.case.facts["grade"] == "3A"
    told.sweep(date(2017, 6, 16))
    assert (told.case.facts["grade"], told.case.facts["graded_on"]) == (None, None)
    assert told.case.duties["grade_evaluation"].due is None
    told.do(Report({"grade": "2A", "graded_on": date(2018, 1, 10)}), "beijing")
    assert told.case.duties["grade_evaluation"].due == date(2023, 1, 10)


def test_M03_a_hub_meets_every_quarter_and_is_overdue_when_it_does_not(beijing):
    told = established(beijing, registered_as="hub", industry="community").sweep(date(2016, 12, 31))
    assert told.days("duty_opened", "hub_meeting") == [
        date(2016, 2, 29),
        date(2016, 5, 30),
        date(2016, 8, 30),
        date(2016, 11, 30),
    ]
    assert told.days("overdue", "hub_meeting") == [date(2016, 4, 1), date(2016, 7, 1), date(2016, 10, 1)]
    assert told.days("escalated", "hub_meeting") == [date(2016, 4, 30), date(2016, 7, 30), date(2016, 10, 30)]
    assert told.days("missed", "hub_meeting") == [date(2016, 5, 30), date(2016, 8, 30), date(2016, 11, 30)]


def test_an_obligation_begins_and_ceases_with_the_facts(beijing):
    policy = edited(
        beijing,
        "policy.yaml",
        ("when: {type: private_non_enterprise}", "when: {type: private_non_enterprise, employees: '>= 10'}"),
    )
    told = established(policy, employees=9)
    assert "inspection" not in told.case.duties
    told.do(Report({"employees": 10}), "beijing", days=60)
    assert told.case.duties["inspection"].due == date(2016, 5, 31)
    told.do(Report({"employees": 9}), "beijing")
    assert "inspection" not in told.case.duties
    told.do(Report({"employees": 10}), "beijing").advance("deregister", deregistration_record="1")
    assert told.case.duties == {}


OBLIGATIONS = "obligations:\n"


def with_obligation(beijing, text):
    return edited(beijing, "policy.yaml", (OBLIGATIONS, OBLIGATIONS + text))


def test_the_first_reminder_is_given_every_year_though_it_opens_just_before(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    rule: FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=31\n",
    )
    told = established(policy, **FIRM).sweep(date(2019, 12, 31))
    assert [(one.month, one.day) for one in told.days("reminded", "tally")] == [(10, 1), (10, 24), (10, 30)] * 4
    assert told.days("missed", "tally") == [date(year, 9, 30) for year in (2017, 2018, 2019)]


def test_an_obligation_that_its_own_outcome_ends_ends(beijing):
    text = "  {0}:\n    title: {{zh: 甲, en: a}}\n    when: {{grade: not(null)}}\n    every: 1 month\n    since: opened\n    opens: 40 days\n"
    met = with_obligation(
        beijing, text.format("met") + "    outcomes: {done: {title: {zh: 完, en: done}, sets: {grade: null}}}\n"
    )
    told = established(met, **FIRM, grade="3A", graded_on=date(2016, 1, 1)).sweep(date(2016, 1, 9))
    told.do(Meet("met"), "beijing-internet")
    assert "met" not in told.case.duties
    missed = with_obligation(beijing, text.format("missed") + "    missed: {after: 1 day, sets: {grade: null}}\n")
    told = established(missed, **FIRM, grade="3A", graded_on=date(2016, 1, 1)).sweep(date(2016, 12, 9))
    assert len(told.days("missed", "missed")) == 1
    assert "missed" not in told.case.duties


def test_missed_after_more_than_a_period_closes_when_the_next_opens(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    rule: FREQ=MONTHLY;BYMONTHDAY=-1\n"
        "    opens: 10 days\n    remind: [7]\n    missed: {after: 3 months}\n",
    )
    told = established(policy, **FIRM).sweep(date(2016, 12, 31))
    assert len(told.days("duty_opened", "tally")) == 12
    assert len(told.days("reminded", "tally")) == 12
    assert len(told.days("overdue", "tally")) == 11


def test_years_in_which_nobody_swept_are_not_caught_up_one_by_one(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    every: 1 month\n    since: opened\n"
        "    opens: 10 days\n    remind: [7]\n    missed: {after: 5 days}\n",
    )
    told = established(policy, **FIRM)
    told.day = date(2019, 1, 1)
    told.follow(tick(policy, told.case, told.stamp("sweep")))
    assert len(told.days("overdue", "tally")) == 1
    assert told.case.duties["tally"].due == date(2019, 1, 4)


def test_what_begins_on_the_31st_stays_at_the_months_ends_through_what_was_missed(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    every: 1 month\n    since: graded_on\n"
        "    opens: 10 days\n    remind: [7]\n    missed: {after: 2 days}\n",
    )
    told = established(policy, **FIRM, graded_on=date(2015, 12, 31)).sweep(date(2016, 6, 20))
    assert told.days("missed", "tally") == [
        date(2016, 2, 2), date(2016, 3, 2), date(2016, 4, 2), date(2016, 5, 2), date(2016, 6, 2),
    ]  # fmt: skip
    told.do(Meet("tally"), "beijing-internet")
    assert told.case.duties["tally"].due == date(2016, 7, 20), "what was met is counted from when it was"


def test_of_a_term_whose_beginning_is_not_known_nothing_is_due(beijing):
    """M23: from registration it would be decades late."""
    told = established(beijing, registered_on=date(1986, 5, 4)).sweep(date(2016, 12, 31))
    assert told.case.duties.get("change_of_term") is None or told.case.duties["change_of_term"].due is None
    assert told.days("overdue", "change_of_term") == []
    told.do(Report({"term_began": date(2015, 5, 4)}), "beijing")
    assert told.case.duties["change_of_term"].due == date(2019, 5, 4)


def test_another_day_counts_for_those_for_whom_the_policy_says_so(beijing):
    text = (
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    every: 1 year\n"
        "    since: [graded_on, {fact: registered_on, when: {grade: null}}]\n    opens: 40 days\n"
    )
    policy = with_obligation(beijing, text)
    registered = date(2015, 5, 4)
    for facts, due in (
        ({"registered_on": registered}, None),
        ({"registered_on": registered, "grade": "3A"}, None),
        ({"registered_on": registered, "grade": None}, date(2016, 5, 4)),
        ({"registered_on": registered, "grade": "3A", "graded_on": date(2015, 1, 1)}, date(2016, 1, 1)),
    ):
        duty = established(policy, **FIRM, **facts).case.duties.get("tally")
        assert (duty.due if duty else None) == due, facts
    for wrong in ("[graded_on, graded_on]", "[{fact: graded_on, when: {colour: red}}]", "[{fact: grade, when: {}}]"):
        with pytest.raises(PolicyError):
            with_obligation(beijing, text.replace("[graded_on, {fact: registered_on, when: {grade: null}}]", wrong))
