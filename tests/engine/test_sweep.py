"""What time brings about, as function calls: deadlines, reminders, escalation, suspension, obligations."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import GuikouError, Organization, fold, parse
from guikou.engine.calendar import instant
from guikou.engine.case import Duty, evolve
from guikou.engine.decide import Advance, Meet, Postpone, Register, Report, Stamp, decide
from guikou.engine.errors import PolicyError
from guikou.engine.obligations import next_by_rule, read_rule
from guikou.engine.sweep import TOLD, notices, recount, subject, tick
from guikou.engine.timing import wake

START = date(2016, 1, 4)
BY, ABOVE = "chaoyang-education", "beijing-education"
DAY = timedelta(days=1)
SCHOOL = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": False, "standardized": True,
}  # fmt: skip
FIRM = {"registered_as": "enterprise", "industry": "internet"}  # it owes nothing


class Told:
    """A case with its events, its day, and what was told of it."""

    def __init__(self, policy, day=START, area="110105", **facts):
        self.policy, self.day, self.case = policy, day, None
        self.events, self.told = [], []
        self.do(Register(Organization("A", "学校", area, {**SCHOOL, **facts})), "beijing")

    def stamp(self, by):
        at = instant(self.day, self.policy.zone)
        return Stamp(at, at, by, by)

    def follow(self, decision):
        assert not isinstance(decision, GuikouError), decision
        for event in decision:
            self.case = evolve(self.case, event)
            self.events.append(event)
        self.told += notices(self.policy, decision, self.case)
        return self

    def do(self, command, by=BY, days=0):
        self.day += timedelta(days=days)
        return self.follow(decide(self.policy, self.case, command, self.stamp(by)))

    def refused(self, command, by=BY):
        decision = decide(self.policy, self.case, command, self.stamp(by))
        assert isinstance(decision, GuikouError), decision
        return decision

    def advance(self, trigger, by=BY, days=0, reason="", **evidence):
        return self.do(Advance(trigger, evidence, reason), by, days)

    def sweep(self, until=None):
        """Look at the case on every day up to one, and only do so where it is to wake."""
        until = until or self.day
        while self.day < until:
            self.day += DAY
            due = wake(self.policy, self.case, self.day)
            decision = tick(self.policy, self.case, self.stamp("sweep"))
            assert bool(decision) == (due is not None and due <= self.day), (self.day, due, decision)
            self.follow(decision)
            assert tick(self.policy, self.case, self.stamp("sweep")) == ()
        return self

    def days(self, kind, concerns=None):
        return [
            self.policy.day(one.at)
            for one in self.events
            if one.kind == kind and one.changes.get("concerns") == concerns
        ]


def edited(policy, file, *edits):
    files = dict(policy.files)
    for old, new in edits:
        assert old in files[file], old
        files[file] = files[file].replace(old, new)
    return parse(files)


STAGES = "workflows/stages.yaml"


# --- reminders, overdue, escalation ----------------------------------------------------------------------------------


def test_M20_reminders_30_7_and_1_days_before_then_overdue_then_up_to_the_top(beijing):
    told = Told(beijing, **FIRM, weak=True)
    told.advance("confirm_finding", "beijing-internet").advance(
        "adopt_plan", "beijing-internet", rectification_plan="1"
    )
    assert told.case.due == date(2016, 7, 4)
    told.sweep(date(2017, 12, 31))
    assert told.days("reminded") == [date(2016, 6, 4), date(2016, 6, 27), date(2016, 7, 3)]
    assert told.days("overdue") == [date(2016, 7, 5)]
    assert told.days("escalated") == [date(2016, 7, 19)]
    assert (told.case.escalation, told.case.escalated_to) == (1, "beijing")
    assert wake(beijing, told.case, told.day) is None
    assert fold(told.events) == told.case
    assert [(one.kind, one.body, one.day) for one in told.told] == [
        ("reminded", "beijing-internet", date(2016, 6, 4)),
        ("reminded", "beijing-internet", date(2016, 6, 27)),
        ("reminded", "beijing-internet", date(2016, 7, 3)),
        ("overdue", "beijing-internet", date(2016, 7, 5)),
        ("escalated", "beijing", date(2016, 7, 19)),
    ]
    assert subject(beijing, told.told[0]).zh == "学校 (A)：抓整顿·落实整顿措施 还有 30 天到期（2016-07-04）"
    assert (
        subject(beijing, told.told[-1]).en == "学校 (A): Rectify: measures is 15 days overdue and was escalated to you"
    )


def test_a_deadline_that_is_already_near_is_not_reminded_of_at_once(beijing):
    told = Told(beijing, **FIRM, weak=True)  # to confirm the finding: 30 days
    assert told.case.due == date(2016, 2, 3)
    told.sweep(date(2016, 2, 3))
    assert told.days("reminded") == [date(2016, 1, 27), date(2016, 2, 2)]


def test_a_sweep_that_comes_late_reminds_once_and_climbs_once(beijing):
    told = Told(beijing, weak=True)
    told.day = date(2016, 1, 30)
    told.follow(tick(beijing, told.case, told.stamp("sweep")))
    assert [
        one.changes["reminded"] for one in told.events if one.kind == "reminded" and "concerns" not in one.changes
    ] == [7]
    told.day = date(2016, 12, 1)
    told.follow(tick(beijing, told.case, told.stamp("sweep")))
    assert told.case.escalation == 1
    told.day += 15 * DAY
    told.follow(tick(beijing, told.case, told.stamp("sweep")))
    assert (told.case.escalation, told.case.escalated_to) == (2, "beijing")


def test_what_was_left_of_a_grace_is_left_after_a_suspension(beijing):
    told = Told(beijing, weak=True).sweep(date(2016, 2, 18))
    assert told.days("escalated") == [date(2016, 2, 18)]  # the next would be on 4 March
    told.sweep(date(2016, 2, 24)).advance("suspend", ABOVE, reason="x", suspension_note="1")
    told.sweep(date(2016, 6, 1)).advance("resume").sweep(date(2016, 6, 9))
    assert told.days("escalated") == [date(2016, 2, 18)]
    told.sweep(date(2016, 6, 10))
    assert told.days("escalated")[1:] == [date(2016, 6, 10)]


def test_who_is_escalated_to_by_an_office_is_told_as_by_the_sweep(beijing):
    told = Told(beijing, weak=True).sweep(date(2016, 2, 10)).advance("escalate")
    notice = told.told[-1]
    assert (notice.kind, notice.body, notice.due, notice.state) == (
        "escalated",
        ABOVE,
        date(2016, 2, 3),
        "rectify.finding",
    )
    told.advance("confirm_finding").advance("adopt_plan", rectification_plan="1").advance(
        "complete_measures", measures_report="1"
    )
    told.advance("fail_reinspection", reinspection_report="1")
    assert (told.told[-1].body, told.told[-1].seq) == ("beijing", told.events[-1].seq)
    assert subject(beijing, told.told[-1]).en.endswith("Rectify: re-inspection was escalated to you")


def test_an_office_that_escalates_by_hand_gives_the_body_above_its_grace(beijing):
    told = Told(beijing, weak=True).sweep(date(2016, 2, 10))
    told.advance("escalate")
    assert told.case.escalation == 1
    told.sweep(date(2016, 2, 24))
    assert told.case.escalation == 1
    told.sweep(date(2016, 2, 25))
    assert told.case.escalation == 2


def test_a_step_may_escalate_by_a_rule_of_its_own(beijing):
    policy = edited(
        beijing,
        STAGES,
        ("finding: {title: {zh: 认定, en: finding}, due: {within: 30 days}}",
         "finding: {title: {zh: 认定, en: finding}, due: {within: 30 days, then: escalate, grace: 3 days, remind: [5]}}"),
    )  # fmt: skip
    told = Told(policy, **FIRM, weak=True).sweep(date(2016, 2, 29))
    assert told.days("reminded") == [date(2016, 1, 29)]
    assert told.days("escalated") == [date(2016, 2, 6)]


def test_a_body_that_a_late_case_is_handed_to_has_its_own_grace(beijing):
    told = Told(beijing, weak=True).sweep(date(2016, 3, 31))
    assert told.case.escalated_to == "beijing"
    told.sweep(date(2016, 6, 30))
    assert told.case.duties["inspection"].escalation == 1
    told.do(Report({"industry": "health"}), "beijing")
    assert (told.case.responsible, told.case.escalation) == ("chaoyang-health", 0)
    assert told.case.duties["inspection"].escalation == 0
    before = len(told.days("escalated"))
    told.sweep(date(2016, 7, 14))
    assert len(told.days("escalated")) == before
    told.sweep(date(2016, 7, 15))
    assert told.case.escalated_to == "beijing-health"


def test_what_is_not_due_is_not_touched(beijing):
    told = Told(beijing, **FIRM)  # it innovates, and owes nothing
    assert told.case.stage == "innovate"
    assert wake(beijing, told.case, told.day) is None
    assert tick(beijing, told.case, told.stamp("sweep")) == ()
    told.advance("deregister", "beijing-internet", deregistration_record="1")
    assert wake(beijing, told.case, told.day) is None


# --- from an event, from a fact, on a day of the year ----------------------------------------------------------------


def test_a_deadline_from_an_event_runs_from_the_last_time_it_happened(beijing):
    policy = edited(
        beijing, STAGES, ("measures: {title: {zh: 落实整顿措施, en: measures}}",
                          "measures: {title: {zh: 落实整顿措施, en: measures}, due: {within: 2 months, from: confirm_finding}}"),
    )  # fmt: skip
    told = Told(policy, weak=True).advance("confirm_finding", days=10)
    assert told.case.fired == {"confirm_finding": date(2016, 1, 14)}
    told.advance("adopt_plan", days=20, rectification_plan="1")
    assert (told.case.step_due, told.case.due) == (date(2016, 3, 14), date(2016, 3, 14))


def test_a_deadline_from_a_fact_moves_when_the_fact_does(beijing):
    policy = edited(
        beijing, STAGES, ("improving: {title: {zh: 规范提升, en: improving}}",
                          "improving: {title: {zh: 规范提升, en: improving}, due: {within: 1 month, from: term_began}}"),
    )  # fmt: skip
    told = Told(policy, standardized=False)
    assert told.case.step_due is None
    told.do(Report({"term_began": date(2016, 1, 31)}), "beijing")
    assert told.case.due == date(2016, 2, 29)
    told.sweep(date(2016, 2, 10))
    told.do(Report({"term_began": date(2016, 2, 20)}), "beijing")
    assert (told.case.due, told.case.reminded) == (date(2016, 3, 20), None)


def test_a_deadline_on_a_day_of_the_year(beijing):
    policy = edited(beijing, STAGES, ("due: {within: 1 year, then: escalate, grace: 30 days}",
                                      "due: {by: 05-31, then: escalate, grace: 30 days}"))  # fmt: skip
    assert Told(policy, standardized=False).case.due == date(2016, 5, 31)
    assert Told(policy, date(2016, 6, 1), standardized=False).case.due == date(2017, 5, 31)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{within: 30 days}", "{within: 30 days, by: 05-31}", "either 'within' or 'by'"),
        ("{within: 30 days}", "{then: escalate}", "either 'within' or 'by'"),
        ("{within: 30 days}", "{by: 05-32}", "no day of the year"),
        ("{within: 30 days}", "{by: 05-31, from: confirm_finding}", "'within' only"),
        ("{within: 30 days}", "{within: 30 days, from: nothing}", "no trigger or date fact 'nothing'"),
        ("{within: 30 days}", "{within: 30 days, grace: 3 days}", "needs 'then: escalate'"),
        ("{within: 30 days}", "{within: 30 days, remind: [0]}", "greater than or equal to 1"),
        ("to: rectify, when: {weak: true}, automatic: true", "to: same, when: {weak: true}, automatic: true", "another state"),
        ("to: same, by: superior, when: {case.suspended: false}", "to: build, by: superior, when: {case.suspended: false}", "needs 'to: same'"),
    ],
)  # fmt: skip
def test_a_deadline_that_is_written_wrongly_is_named_with_its_line(beijing, old, new, reason):
    with pytest.raises(PolicyError) as refused:
        edited(beijing, STAGES, (old, new))
    assert reason in refused.value.line("en")
    assert refused.value.where.file == STAGES
    assert refused.value.where.line > 1


# --- suspension and extension ----------------------------------------------------------------------------------------


def test_a_suspended_clock_stands_still_and_runs_on(beijing):
    told = Told(beijing, **FIRM, weak=True)
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
    told = Told(beijing, weak=True).advance("suspend", ABOVE, reason="x", suspension_note="1")
    told.advance("confirm_finding", days=20)
    assert told.case.suspended is None
    assert told.case.stage_due == date(2016, 7, 4) + 20 * DAY
    assert told.case.step_due == date(2016, 1, 24) + 60 * DAY


def test_an_extension_moves_the_reminders_with_the_due_date(beijing):
    told = Told(beijing, **FIRM, weak=True)
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


# --- automatic transitions -------------------------------------------------------------------------------------------


def test_M20_who_is_reported_weak_is_in_rectification_the_next_day(beijing):
    told = Told(beijing, **FIRM).do(Report({"weak": True}), "beijing")
    assert told.case.stage == "innovate"
    assert wake(beijing, told.case, told.day) == told.day
    told.sweep(told.day + DAY)
    assert (told.case.state, told.events[-1].actor, told.events[-1].trigger) == (
        "rectify.finding",
        "sweep",
        "turn_weak",
    )
    assert told.refused(Advance("turn_weak")).code == "not-from-here"


def test_an_office_may_not_fire_what_is_the_sweeps(beijing):
    refusal = Told(beijing).refused(Advance("miss_inspection"))
    assert refusal.code == "may-not-act"
    assert "the sweep alone" in refusal.line("en")


def test_an_automatic_transition_may_wait_for_days_overdue(beijing):
    policy = edited(
        beijing, STAGES,
        ("  - {trigger: confirm_finding, from", "  - {trigger: turn_weak, from: build, to: rectify, when: {case.days_overdue: '>= 45'}, automatic: true}\n"
         "  - {trigger: confirm_finding, from"),
    )  # fmt: skip
    told = Told(policy, **FIRM, has_organization=False)
    assert told.case.due == date(2016, 7, 4)
    told.sweep(date(2016, 8, 17))
    assert told.case.stage == "build"
    told.sweep(date(2016, 8, 18))
    assert told.case.stage == "rectify"


# --- obligations -----------------------------------------------------------------------------------------------------


def test_M23_an_inspection_opens_reminds_and_is_met(beijing):
    told = Told(beijing).sweep(date(2016, 5, 24))
    assert told.days("duty_opened", "inspection") == [date(2016, 1, 5)]
    assert told.days("reminded", "inspection") == [date(2016, 5, 1), date(2016, 5, 24)]
    evidence = {"inspection_report": "1", "party_building_report": "2"}
    assert told.refused(Meet("inspection", "qualified", {"inspection_report": "1"})).code == "evidence-missing"
    assert told.refused(Meet("inspection", None, evidence)).code == "unknown-outcome"
    assert told.refused(Meet("inspection", "splendid", evidence)).code == "unknown-outcome"
    assert told.refused(Meet("inspection", "qualified", evidence), "haidian-education").code == "may-not-act"
    assert told.refused(Meet("dance", None)).code == "unknown-obligation"
    assert told.refused(Meet("hub_meeting", None)).code == "not-owed"
    told.do(Meet("inspection", "basically_qualified", evidence))
    assert told.case.facts["inspection"] == "basically_qualified"
    duty = told.case.duties["inspection"]
    assert (duty.due, duty.done, duty.outcome, duty.ended) == (
        date(2017, 5, 31),
        told.day,
        "basically_qualified",
        date(2016, 5, 31),
    )
    assert told.refused(Meet("inspection", "qualified", evidence)).code == "not-open-yet"
    told.sweep(date(2016, 12, 30))
    assert told.days("overdue", "inspection") == []
    told.sweep(date(2016, 12, 31))
    assert told.days("duty_opened", "inspection")[1:] == [date(2016, 12, 31)]


def test_M23_a_missed_inspection_climbs_and_leads_to_rectification(beijing):
    told = Told(beijing).sweep(date(2016, 9, 1))
    assert told.days("overdue", "inspection") == [date(2016, 6, 1)]
    assert told.days("escalated", "inspection") == [date(2016, 6, 30), date(2016, 7, 30)]
    assert told.days("missed", "inspection") == [date(2016, 8, 31)]
    assert (told.case.stage, told.case.facts["weak"], told.case.facts["inspection"]) == ("rectify", True, "missed")
    assert told.case.duties["inspection"].due == date(2017, 5, 31)
    assert fold(told.events) == told.case


def test_M23_a_missed_inspection_does_not_move_a_case_that_cannot_be_moved(beijing):
    told = Told(beijing, has_organization=False).sweep(date(2016, 9, 1))
    assert told.days("missed", "inspection") == [date(2016, 8, 31)]
    assert told.case.stage == "build"


def test_M23_a_change_of_term_every_4_years_put_off_once_by_a_year(beijing):
    told = Told(beijing, term_began=date(2012, 9, 1))
    assert told.case.duties["change_of_term"].due == date(2016, 9, 1)
    approval = {"postponement_approval": "1"}
    assert told.refused(Postpone("change_of_term", "moved", approval)).code == "may-not-act"
    assert told.refused(Postpone("change_of_term", " ", approval), ABOVE).code == "reason-missing"
    assert told.refused(Postpone("change_of_term", "moved"), ABOVE).code == "evidence-missing"
    assert told.refused(Postpone("inspection", "moved"), ABOVE).code == "not-postponable"
    told.sweep(date(2016, 9, 2))
    assert told.case.duties["change_of_term"].overdue
    told.do(Postpone("change_of_term", "moved", approval), ABOVE)
    duty = told.case.duties["change_of_term"]
    assert (duty.due, duty.nominal, duty.overdue, duty.extensions) == (date(2017, 9, 1), date(2016, 9, 1), False, 1)
    assert told.refused(Postpone("change_of_term", "moved", approval), ABOVE).code == "not-postponable"
    told.do(Report({"employees": 43}), "beijing")
    assert told.case.duties["change_of_term"] == duty
    told.sweep(date(2017, 9, 1))
    assert told.days("reminded", "change_of_term")[3:] == [date(2017, 8, 2), date(2017, 8, 25), date(2017, 8, 31)]
    told.do(Meet("change_of_term", None, {"council_election": "1", "organization_election": "2"}))
    assert told.case.facts["term_began"] == date(2017, 9, 1)
    assert told.case.duties["change_of_term"].due == date(2021, 9, 1)


def test_M24_a_grade_lapses_after_5_years(beijing):
    told = Told(beijing, grade="3A", graded_on=date(2012, 6, 15)).sweep(date(2017, 6, 15))
    assert told.case.facts["grade"] == "3A"
    told.sweep(date(2017, 6, 16))
    assert (told.case.facts["grade"], told.case.facts["graded_on"]) == (None, None)
    assert told.case.duties["grade_evaluation"].due is None
    told.do(Report({"grade": "2A", "graded_on": date(2018, 1, 10)}), "beijing")
    assert told.case.duties["grade_evaluation"].due == date(2023, 1, 10)


def test_M03_a_hub_meets_every_quarter_and_is_overdue_when_it_does_not(beijing):
    told = Told(beijing, registered_as="hub", industry="community").sweep(date(2016, 12, 31))
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
    told = Told(policy, employees=9)
    assert "inspection" not in told.case.duties
    told.do(Report({"employees": 10}), "beijing", days=60)
    assert told.case.duties["inspection"].due == date(2016, 5, 31)
    told.do(Report({"employees": 9}), "beijing")
    assert "inspection" not in told.case.duties
    told.do(Report({"employees": 10}), "beijing").advance("deregister", deregistration_record="1")
    assert told.case.duties == {}


def test_a_policy_that_says_more_is_seen_by_the_next_sweep(beijing):
    old = edited(beijing, "policy.yaml", ("  first_review:\n", "  first_look:\n"))
    told = Told(old, registered_on=date(2014, 1, 4))
    assert "first_review" not in told.case.duties
    told.policy, told.day = beijing, told.day + DAY
    told.follow(tick(beijing, told.case, told.stamp("sweep")))
    assert told.events[-1].kind == "duty_opened" or told.events[-1].kind == "scheduled"
    assert told.case.duties["first_review"].due == date(2016, 3, 31)
    assert "first_look" not in told.case.duties


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=SOMETIMES", "is no rule"),
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=HOURLY", "more often than daily"),
        (
            "rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31",
            "rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31;BYHOUR=9",
            "BYHOUR is not for days",
        ),
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=YEARLY;INTERVAL=0", "INTERVAL must be 1 or more"),
        ("rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31", "rule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes"),
        ("every: 5 years", "every: 9000 years", "is no period"),
        ("every: 5 years", "every: 500 working days", "not by working days"),
        ("opens: 5 months", "opens: 30 days", "longer than the first reminder, 30 days before"),
        (
            "rule: FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31",
            "every: 1 year\n    rule: FREQ=DAILY",
            "one of 'rule', 'every', 'within'",
        ),
        ("since: graded_on", "since: []", "'every' needs 'since'"),
        ("since: graded_on", "since: grade", "no date fact 'grade'"),
        ("when: {type: private_non_enterprise}", "when: {case.escalation: 1}", "changes by itself"),
        ("fire: miss_inspection", "fire: find_weak", "no trigger of the sweep 'find_weak'"),
        ("      by: superior\n      evidence", "      by: nobody\n      evidence", "no role or body 'nobody'"),
        ("sets: {grade: null, graded_on: null}", "sets: {grade: 9A}", "grade"),
        ("opens: 5 months", "opens: soon", "is no period"),
    ],
)
def test_an_obligation_that_is_written_wrongly_is_named_with_its_line(beijing, old, new, reason):
    with pytest.raises(PolicyError) as refused:
        edited(beijing, "policy.yaml", (old, new))
    assert reason in refused.value.line("en")
    assert refused.value.where.line > 100


def test_what_was_late_before_it_was_seen_climbs_after_a_grace_from_then(beijing):
    told = Told(beijing, term_began=date(2011, 3, 1)).sweep(date(2016, 2, 2))
    assert told.days("overdue", "change_of_term") == [date(2016, 1, 5)]
    assert told.days("escalated", "change_of_term") == []
    told.sweep(date(2016, 2, 3))
    assert told.days("escalated", "change_of_term") == [date(2016, 2, 3)]


def test_M23_who_is_responsible_is_told_of_a_missed_inspection(beijing):
    told = Told(beijing).sweep(date(2016, 8, 31))
    (notice,) = [one for one in told.told if one.kind == "missed"]
    assert (notice.body, notice.concerns, notice.due) == (BY, "inspection", date(2016, 5, 31))
    assert subject(beijing, notice).zh == "学校 (A)：年度检查 应于 2016-05-31 前办理，未办理，已结"


OBLIGATIONS = "obligations:\n"


def with_obligation(beijing, text):
    return edited(beijing, "policy.yaml", (OBLIGATIONS, OBLIGATIONS + text))


def test_the_first_reminder_is_given_every_year_though_it_opens_just_before(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    rule: FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=31\n",
    )
    told = Told(policy, **FIRM).sweep(date(2019, 12, 31))
    assert [(one.month, one.day) for one in told.days("reminded", "tally")] == [(10, 1), (10, 24), (10, 30)] * 4
    assert told.days("missed", "tally") == [date(year, 9, 30) for year in (2017, 2018, 2019)]


def test_an_obligation_that_its_own_outcome_ends_ends(beijing):
    text = "  {0}:\n    title: {{zh: 甲, en: a}}\n    when: {{grade: not(null)}}\n    every: 1 month\n    since: opened\n    opens: 40 days\n"
    met = with_obligation(
        beijing, text.format("met") + "    outcomes: {done: {title: {zh: 完, en: done}, sets: {grade: null}}}\n"
    )
    told = Told(met, **FIRM, grade="3A", graded_on=date(2016, 1, 1)).sweep(date(2016, 1, 9))
    told.do(Meet("met"), "beijing-internet")
    assert "met" not in told.case.duties
    missed = with_obligation(beijing, text.format("missed") + "    missed: {after: 1 day, sets: {grade: null}}\n")
    told = Told(missed, **FIRM, grade="3A", graded_on=date(2016, 1, 1)).sweep(date(2016, 12, 9))
    assert len(told.days("missed", "missed")) == 1
    assert "missed" not in told.case.duties


def test_missed_after_more_than_a_period_closes_when_the_next_opens(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    rule: FREQ=MONTHLY;BYMONTHDAY=-1\n"
        "    opens: 10 days\n    remind: [7]\n    missed: {after: 3 months}\n",
    )
    told = Told(policy, **FIRM).sweep(date(2016, 12, 31))
    assert len(told.days("duty_opened", "tally")) == 12
    assert len(told.days("reminded", "tally")) == 12
    assert len(told.days("overdue", "tally")) == 11


def test_years_in_which_nobody_swept_are_not_caught_up_one_by_one(beijing):
    policy = with_obligation(
        beijing,
        "  tally:\n    title: {zh: 清查, en: tally}\n    when: {registered_as: enterprise}\n    every: 1 month\n    since: opened\n"
        "    opens: 10 days\n    remind: [7]\n    missed: {after: 5 days}\n",
    )
    told = Told(policy, **FIRM)
    told.day = date(2019, 1, 1)
    told.follow(tick(policy, told.case, told.stamp("sweep")))
    assert len(told.days("overdue", "tally")) == 1
    assert told.case.duties["tally"].due == date(2019, 1, 4)


def test_what_one_thing_brings_about_may_bring_about_another_on_the_same_day(beijing):
    policy = edited(
        beijing, STAGES,
        ("  - {trigger: confirm_finding, from", "  - {trigger: turn_weak, from: build, to: rectify, when: {case.escalation: '>= 1'}, automatic: true}\n"
         "  - {trigger: confirm_finding, from"),
    )  # fmt: skip
    told = Told(policy, **FIRM, has_organization=False).sweep(date(2016, 8, 3))
    assert (told.days("escalated"), told.case.stage) == ([date(2016, 8, 3)], "rectify")


def test_a_new_policy_is_seen_before_a_command_is_decided(beijing):
    old = edited(beijing, "policy.yaml", ("every: 4 years", "every: 3 years"))
    told = Told(old, term_began=date(2014, 1, 4))
    assert told.case.duties["change_of_term"].due == date(2017, 1, 4)
    told.policy, told.day = beijing, told.day + DAY
    told.do(Postpone("change_of_term", "moved", {"postponement_approval": "1"}), ABOVE)
    assert [one.kind for one in told.events[-2:]] == ["scheduled", "postponed"]
    assert told.case.duties["change_of_term"].due == date(2019, 1, 4)


# --- what was set while the clock stood still ------------------------------------------------------------------------


def test_a_suspension_and_resumption_on_one_day_change_nothing(beijing):
    told = Told(beijing, weak=True).sweep(date(2016, 2, 6))
    assert told.days("overdue") == [date(2016, 2, 4)]
    told.advance("suspend", ABOVE, reason="x", suspension_note="1").advance("resume").sweep(date(2016, 2, 17))
    assert told.days("overdue") == [date(2016, 2, 4)]


def test_who_gets_a_suspended_case_has_its_whole_grace_from_the_resumption_on(beijing):
    told = Told(beijing, weak=True).sweep(date(2016, 2, 19)).advance("suspend", ABOVE, reason="x", suspension_note="1")
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
    told = Told(policy, weak=True).advance("confirm_finding").advance("adopt_plan", rectification_plan="1")
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
    told = Told(policy, weak=True, term_began=date(2016, 1, 1))
    told.advance("extend", ABOVE, reason="x", extension_approval="1")
    assert told.case.stage_due == date(2016, 10, 1)
    told.do(Report({"term_began": date(2016, 1, 2)}), "beijing")
    assert told.case.stage_due == date(2016, 10, 2)
    told.advance("suspend", ABOVE, reason="x", suspension_note="1", days=10)
    told.do(Report({"term_began": date(2016, 1, 3)}), "beijing", days=100)
    told.advance("resume", days=1)
    assert told.case.stage_due == date(2016, 10, 3) + 101 * DAY


# --- successors ------------------------------------------------------------------------------------------------------


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
    told = Told(policy, **FIRM, weak=True).sweep(date(2017, 3, 1))
    assert [one.body for one in told.told if one.kind == "escalated"] == ["beijing"]


# --- the arithmetic of rules -----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.dates(date(2010, 1, 1), date(2060, 1, 1)))
def test_the_next_31_may_is_the_first_one(day):
    rule = "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=31"
    found = next_by_rule(rule, date(2000, 1, 1), day, True)
    assert found == min(one for one in (date(day.year, 5, 31), date(day.year + 1, 5, 31)) if one >= day)


def test_a_rule_may_end_and_then_nothing_is_owed(beijing):
    assert next_by_rule("FREQ=YEARLY;COUNT=2", date(2015, 3, 1), date(2016, 3, 2), True) is None
    with pytest.raises(ValueError, match="more often than daily"):
        read_rule("FREQ=MINUTELY", date(2015, 1, 1))


# --- working days beyond what the calendar knows ---------------------------------------------------------------------


def test_years_that_had_to_be_assumed_are_kept_and_counted_anew_once_they_are_known(beijing):
    policy = edited(beijing, STAGES, ("finding: {title: {zh: 认定, en: finding}, due: {within: 30 days}}",
                                      "finding: {title: {zh: 认定, en: finding}, due: {within: 20 working days}}"))  # fmt: skip
    told = Told(policy, date(2026, 12, 21), **FIRM, weak=True)
    assert (told.case.due, told.case.assumed) == (date(2027, 1, 18), (2027,))
    assert recount(policy, told.case, told.stamp("sweep")) == ()

    class Known:
        name = "CN"

        def knows(self, year):
            return year <= 2027

        def worked(self, day):
            return day.weekday() < 5 and day != date(2027, 1, 1)

    later = parse(policy.files, calendars={"CN": Known})
    (event,) = recount(later, told.case, told.stamp("sweep"))
    case = evolve(told.case, event)
    assert (case.due, case.assumed, event.kind) == (date(2027, 1, 19), (), "recounted")


def test_a_year_is_assumed_also_where_an_event_or_a_fact_starts_the_clock(beijing):
    policy = edited(beijing, STAGES, ("measures: {title: {zh: 落实整顿措施, en: measures}",
                                      "measures: {title: {zh: 落实整顿措施, en: measures}, due: {within: 90 working days, from: term_began}"))  # fmt: skip
    told = Told(policy, date(2026, 9, 1), **FIRM, weak=True).advance("confirm_finding", "beijing-internet")
    told.advance("adopt_plan", "beijing-internet", rectification_plan="1")
    assert (told.case.step_due, told.case.assumed) == (None, ())
    told.do(Report({"term_began": date(2026, 9, 2)}), "beijing")
    assert (told.case.step_due.year, told.case.assumed) == (2027, (2027,))


# --- any history -----------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["confirm_finding", "adopt_plan", "complete_measures", "pass_reinspection", "fail_reinspection", "extend",
             "suspend", "resume", "escalate", "find_weak", "meet", "postpone", "weak", "handed over"]
        ),
        st.integers(0, 120),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(STEPS, st.booleans())
def test_whatever_offices_do_a_day_looked_at_twice_changes_once_and_a_case_is_its_fold(beijing, steps, weak):
    told = Told(beijing, weak=weak, term_began=date(2013, 1, 1), graded_on=date(2012, 1, 1), grade="2A")
    for step, days in steps:
        told.sweep(told.day + timedelta(days=days))
        match step:
            case "meet":
                command, by = (
                    Meet("inspection", "qualified", {"inspection_report": "1", "party_building_report": "1"}),
                    None,
                )
            case "postpone":
                command, by = Postpone("change_of_term", "x", {"postponement_approval": "1"}), "beijing"
            case "weak":
                command, by = Report({"weak": True}), "beijing"
            case "handed over":
                industry = "health" if told.case.facts["industry"] == "education" else "education"
                command, by = Report({"industry": industry}), "beijing"
            case _:
                ways = [one for one in beijing.workflows["private_non_enterprise"].transitions if one.trigger == step]
                command = Advance(step, dict.fromkeys(ways[0].evidence, "1"), "because")
                by = "beijing" if ways[0].by == ("superior",) else None
        decision = decide(beijing, told.case, command, told.stamp(by or told.case.responsible))
        if not isinstance(decision, GuikouError):
            told.follow(decision)
        case = told.case
        assert case.due is None or case.suspended is None
        for duty in case.duties.values():
            assert Duty(**duty.content()) == duty
        for name, duty in case.duties.items():
            spec = beijing.obligations[name]
            assert duty.due is None or duty.due >= duty.nominal
            assert duty.escalation == 0 or spec.escalates
    told.sweep(told.day + 800 * DAY)  # whatever is missed in the first year is at the top in the second
    assert fold(told.events) == told.case
    assert (
        len({(one.case, one.seq) for one in told.told})
        == len(told.told)
        == sum(one.kind in TOLD or "to" in one.changes for one in told.events)
    )
    if told.case.stage == "rectify" and not told.case.suspended:
        assert told.case.escalated_to == "beijing"
