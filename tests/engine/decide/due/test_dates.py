"""When a case is due: from an event, from a fact, on a day of the year; suspended, extended, resumed."""

from datetime import date

from guikou.engine.decide.advance import Advance
from guikou.engine.decide.due.wake import wake
from guikou.engine.decide.intake import Report

from ...edits import edited
from ...told import ABOVE, DAY, FIRM, STAGES, established


def test_a_deadline_from_an_event_runs_from_the_last_time_it_happened(beijing):
    policy = edited(
        beijing, STAGES, ("measures: {title: {zh: 落实整顿措施, en: measures}}",
                          "measures: {title: {zh: 落实整顿措施, en: measures}, due: {within: 2 months, from: confirm_finding}}"),
    )  # fmt: skip
    told = established(policy, weak=True).advance("confirm_finding", days=10)
    assert told.case.fired == {"confirm_finding": date(2016, 1, 14)}
    told.advance("adopt_plan", days=20, rectification_plan="1")
    assert (told.case.step_due, told.case.due) == (date(2016, 3, 14), date(2016, 3, 14))


def test_a_deadline_from_a_fact_moves_when_the_fact_does(beijing):
    policy = edited(
        beijing, STAGES, ("improving: {title: {zh: 规范提升, en: improving}}",
                          "improving: {title: {zh: 规范提升, en: improving}, due: {within: 1 month, from: term_began}}"),
    )  # fmt: skip
    told = established(policy, standardized=False)
    assert told.case.step_due is None
    told.do(Report({"term_began": date(2016, 1, 31)}), "beijing")
    assert told.case.due == date(2016, 2, 29)
    told.sweep(date(2016, 2, 10))
    told.do(Report({"term_began": date(2016, 2, 20)}), "beijing")
    assert (told.case.due, told.case.reminded) == (date(2016, 3, 20), None)


def test_a_deadline_on_a_day_of_the_year(beijing):
    policy = edited(beijing, STAGES, ("due: {within: 1 year, then: escalate, grace: 30 days}",
                                      "due: {by: 05-31, then: escalate, grace: 30 days}"))  # fmt: skip
    assert established(policy, standardized=False).case.due == date(2016, 5, 31)
    assert established(policy, date(2016, 6, 1), standardized=False).case.due == date(2017, 5, 31)


def test_a_suspended_clock_stands_still_and_runs_on(beijing):
    told = established(beijing, **FIRM, weak=True)
    told.advance("confirm_finding", "beijing-internet").advance(
        "adopt_plan", "beijing-internet", rectification_plan="1"
    )
    refusal = told.refused(Advance("suspend", {"suspension_note": "1"}), "beijing")
    assert refusal.code == "reason-missing"
    told.advance("suspend", "beijing", days=10, reason="the court decides first", suspension_note="1")
    assert (told.case.suspended, told.case.due, wake(beijing, told.case, told.day)) == (date(2016, 1, 14), None, None)
    assert told.events[-1].reason == "the court decides first"
    assert told.case.days_overdue(date(2020, 1, 1)) == 0
    told.sweep(date(2016, 12, 9))
    assert told.days("reminded") == told.days("overdue") == []
    assert told.refused(Advance("suspend", {"suspension_note": "1"}, "again"), "beijing").code == "guard-not-met"
    told.advance("resume", "beijing-internet")
    assert (told.case.suspended, told.case.due) == (None, date(2016, 7, 4) + (date(2016, 12, 9) - date(2016, 1, 14)))
    told.sweep(told.case.due)
    assert len(told.days("reminded")) == 3


def test_whoever_moves_a_suspended_case_on_lets_its_clock_run(beijing):
    told = established(beijing, weak=True).advance("suspend", ABOVE, reason="x", suspension_note="1")
    told.advance("confirm_finding", days=20)
    assert told.case.suspended is None
    assert told.case.stage_due == date(2016, 7, 4) + 20 * DAY
    assert told.case.step_due == date(2016, 1, 24) + 60 * DAY


def test_an_extension_moves_the_reminders_with_the_due_date(beijing):
    told = established(beijing, **FIRM, weak=True)
    told.advance("confirm_finding", "beijing-internet").advance(
        "adopt_plan", "beijing-internet", rectification_plan="1"
    )
    told.sweep(date(2016, 7, 6))
    assert told.case.overdue
    told.advance("extend", "beijing", reason="moved", extension_approval="1")
    assert (told.case.due, told.case.overdue, told.case.extensions) == (date(2016, 10, 4), False, 1)
    told.sweep(date(2016, 10, 5))
    assert told.days("reminded")[3:] == [date(2016, 9, 4), date(2016, 9, 27), date(2016, 10, 3)]
    assert told.days("overdue") == [date(2016, 7, 5), date(2016, 10, 5)]


def test_a_suspension_and_resumption_on_one_day_change_nothing(beijing):
    told = established(beijing, weak=True).sweep(date(2016, 2, 6))
    assert told.days("overdue") == [date(2016, 2, 4)]
    told.advance("suspend", ABOVE, reason="x", suspension_note="1").advance("resume").sweep(date(2016, 2, 17))
    assert told.days("overdue") == [date(2016, 2, 4)]


def test_who_gets_a_suspended_case_has_its_whole_grace_from_the_resumption_on(beijing):
    told = (
        established(beijing, weak=True)
        .sweep(date(2016, 2, 19))
        .advance("suspend", ABOVE, reason="x", suspension_note="1")
    )
    told.sweep(date(2016, 4, 20)).do(Report({"industry": "health"}), "beijing")
    told.sweep(date(2016, 4, 21)).advance("resume", "chaoyang-health")
    assert told.case.escalated_on == date(2016, 4, 21)
    told.sweep(date(2016, 5, 6))
    assert told.days("escalated")[1:] == [date(2016, 5, 6)]


def test_days_that_stood_still_do_not_count_from_an_event_before_them(beijing):
    policy = edited(
        beijing, STAGES, ("reinspecting: {title: {zh: 复查, en: re-inspection}, due: {within: 30 days}}",
                          "reinspecting: {title: {zh: 复查, en: re-inspection}, due: {within: 60 days, from: adopt_plan}}"),
    )  # fmt: skip
    told = established(policy, weak=True).advance("confirm_finding").advance("adopt_plan", rectification_plan="1")
    told.day += 5 * DAY
    told.advance("suspend", ABOVE, reason="x", suspension_note="1")
    told.day += 100 * DAY
    told.advance("complete_measures", measures_report="1")
    assert told.case.step_due == told.day + 55 * DAY


def test_a_fact_that_is_put_right_keeps_a_granted_extension(beijing):
    policy = edited(
        beijing, STAGES, ("due: {within: 6 months, then: escalate, grace: 15 days}",
                          "due: {within: 6 months, from: term_began, then: escalate, grace: 15 days}"),
    )  # fmt: skip
    told = established(policy, weak=True, term_began=date(2016, 1, 1))
    told.advance("extend", ABOVE, reason="x", extension_approval="1")
    assert told.case.stage_due == date(2016, 10, 1)
    told.do(Report({"term_began": date(2016, 1, 2)}), "beijing")
    assert told.case.stage_due == date(2016, 10, 2)
    told.advance("suspend", ABOVE, reason="x", suspension_note="1", days=10)
    told.do(Report({"term_began": date(2016, 1, 3)}), "beijing", days=100)
    told.advance("resume", days=1)
    assert told.case.stage_due == date(2016, 10, 3) + 101 * DAY


def test_a_year_is_assumed_also_where_an_event_or_a_fact_starts_the_clock(beijing):
    policy = edited(beijing, STAGES, ("measures: {title: {zh: 落实整顿措施, en: measures}",
                                      "measures: {title: {zh: 落实整顿措施, en: measures}, due: {within: 90 working days, from: term_began}"))  # fmt: skip
    told = established(policy, date(2026, 9, 1), **FIRM, weak=True).advance("confirm_finding", "beijing-internet")
    told.advance("adopt_plan", "beijing-internet", rectification_plan="1")
    assert (told.case.step_due, told.case.assumed) == (None, ())
    told.do(Report({"term_began": date(2026, 9, 2)}), "beijing")
    assert (told.case.step_due.year, told.case.assumed) == (2027, (2027,))


def rolling(policy, *edits):
    """The policy, in which what is due on a day off is due on the next working day."""
    rolled = edited(policy, "policy.yaml", ("calendar: CN", "calendar: CN\nroll: next working day"))
    return edited(rolled, STAGES, *edits) if edits else rolled


def test_what_is_due_on_a_day_off_is_due_on_the_next_working_day_where_the_policy_says_so(beijing):
    """The Spring Festival of 2016: off from 7 to 13 February, and Sunday the 14th was worked."""
    for policy, due in ((beijing, date(2016, 2, 8)), (rolling(beijing), date(2016, 2, 14))):
        told = established(policy, date(2016, 1, 9), **FIRM, weak=True)
        assert (told.case.due, told.case.stage_due.month) == (due, 7)
        told.sweep(due)
        assert told.days("overdue") == []
        told.sweep(due + DAY)
        assert told.days("overdue") == [due + DAY]


def test_what_is_put_off_runs_from_the_date_as_it_stands_and_rolls_again(beijing):
    told = established(rolling(beijing), date(2016, 1, 9), **FIRM, weak=True)
    assert told.case.stage_due == date(2016, 7, 11)  # 9 July was a Saturday
    told.advance("extend", "beijing", reason="补正", extension_approval="1")
    assert told.case.stage_due == date(2016, 10, 11)


def test_each_duty_rolls_for_itself_and_the_next_is_counted_from_where_it_would_have_been(beijing):
    told = established(rolling(beijing), date(2016, 1, 4))  # 31 May 2020 is a Sunday
    assert (told.case.duties["inspection"].due, told.case.duties["inspection"].nominal) == (date(2016, 5, 31),) * 2
    told.sweep(date(2019, 10, 1))
    duty = told.case.duties["inspection"]
    assert (duty.nominal, duty.due, duty.opens) == (date(2020, 5, 31), date(2020, 6, 1), date(2019, 12, 31))
    told.sweep(date(2020, 10, 1))
    assert told.case.duties["inspection"].nominal == date(2021, 5, 31)


def test_a_trigger_that_starts_the_clock_anew_does_not_add_up_days_off(beijing):
    measures = "measures: {title: {zh: 落实整顿措施, en: measures}"
    again = "  - {trigger: adopt_plan, from: rectify.measures, to: same, evidence: rectification_plan}\n"
    policy = rolling(beijing, (measures, measures + ", due: {within: 30 days, from: adopt_plan}"),
                     ("  - {trigger: complete_measures, from", again + "  - {trigger: complete_measures, from"))  # fmt: skip
    told = established(policy, date(2016, 1, 4), **FIRM, weak=True).advance("confirm_finding", "beijing-internet")
    told.advance("adopt_plan", "beijing-internet", days=5, rectification_plan="1")
    assert told.case.step_due == date(2016, 2, 14)  # 8 February was off
    told.advance("adopt_plan", "beijing-internet", days=20, rectification_plan="2")
    assert told.case.step_due == date(2016, 2, 29)  # 28 February was a Sunday


RESTARTS = (
    "  - {trigger: complete_measures, from",
    "  - {trigger: send_back, from: rectify.finding, to: same, clock: CLOCK}\n  - {trigger: complete_measures, from",
)


def test_what_leads_to_its_own_state_keeps_the_clock_or_restarts_it_as_the_policy_says(beijing):
    titled = ("  extend: {zh", "  send_back: {zh: 退回补正, en: send back}\n  extend: {zh")
    for clock, to, due in (
        ("keep", "same", date(2016, 2, 3)),
        ("restart", "same", date(2016, 3, 4)),
        ("restart", "rectify.finding", date(2016, 3, 4)),
    ):
        way = RESTARTS[1].replace("CLOCK", clock).replace("to: same", f"to: {to}")
        policy = edited(beijing, STAGES, titled, (RESTARTS[0], way))
        told = established(policy, **FIRM, weak=True).sweep(date(2016, 2, 3))
        stage_due = told.case.stage_due
        told.advance("send_back", "beijing-internet")
        assert (told.case.due, told.case.state, told.case.stage_due) == (due, "rectify.finding", stage_due)
        assert told.case.step_since == (date(2016, 2, 3) if clock == "restart" else date(2016, 1, 4))
        told.sweep(due + DAY)
        assert told.days("overdue")[-1] == due + DAY


def test_a_stage_without_steps_that_is_entered_anew_has_its_whole_time_again(beijing):
    policy = edited(
        beijing, STAGES, ("    rests: true", "    due: {within: 30 days, then: escalate, grace: 15 days}"),
        ("trigger: record_innovation, from: innovate, to: same", "trigger: record_innovation, from: innovate, to: innovate, clock: restart"),
    )  # fmt: skip
    told = established(policy, **FIRM).sweep(date(2016, 2, 20))
    assert (told.case.state, told.case.due, told.case.escalation) == ("innovate", date(2016, 2, 3), 1)
    origin = told.case.origin
    told.advance("record_innovation", "beijing-internet", project_record="1")
    assert (told.case.stage_since, told.case.due) == (date(2016, 2, 20), date(2016, 3, 21))
    assert (told.case.escalation, told.case.overdue, told.case.origin) == (0, False, origin)
