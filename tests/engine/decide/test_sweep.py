"""What time alone brings about: reminders, what is overdue and climbs, what fires by itself."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import GuikouError, fold
from guikou.engine.cases.case import Duty
from guikou.engine.decide.advance import Advance
from guikou.engine.decide.decide import decide
from guikou.engine.decide.due.wake import wake
from guikou.engine.decide.duties import Meet, Postpone
from guikou.engine.decide.intake import Report
from guikou.engine.decide.notices import TOLD, subject
from guikou.engine.decide.sweep import tick

from ..edits import edited
from ..told import ABOVE, DAY, FIRM, STAGES, established


def test_M20_reminders_30_7_and_1_days_before_then_overdue_then_up_to_the_top(beijing):
    told = established(beijing, **FIRM, weak=True)
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
    told = established(beijing, **FIRM, weak=True)  # to confirm the finding: 30 days
    assert told.case.due == date(2016, 2, 3)
    told.sweep(date(2016, 2, 3))
    assert told.days("reminded") == [date(2016, 1, 27), date(2016, 2, 2)]


def test_a_sweep_that_comes_late_reminds_once_and_climbs_once(beijing):
    told = established(beijing, weak=True)
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
    told = established(beijing, weak=True).sweep(date(2016, 2, 18))
    assert told.days("escalated") == [date(2016, 2, 18)]  # the next would be on 4 March
    told.sweep(date(2016, 2, 24)).advance("suspend", ABOVE, reason="x", suspension_note="1")
    told.sweep(date(2016, 6, 1)).advance("resume").sweep(date(2016, 6, 9))
    assert told.days("escalated") == [date(2016, 2, 18)]
    told.sweep(date(2016, 6, 10))
    assert told.days("escalated")[1:] == [date(2016, 6, 10)]


def test_an_office_that_escalates_by_hand_gives_the_body_above_its_grace(beijing):
    told = established(beijing, weak=True).sweep(date(2016, 2, 10))
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
    told = established(policy, **FIRM, weak=True).sweep(date(2016, 2, 29))
    assert told.days("reminded") == [date(2016, 1, 29)]
    assert told.days("escalated") == [date(2016, 2, 6)]


def test_a_body_that_a_late_case_is_handed_to_has_its_own_grace(beijing):
    told = established(beijing, weak=True).sweep(date(2016, 3, 31))
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
    told = established(beijing, **FIRM)  # it innovates, and owes nothing
    assert told.case.stage == "innovate"
    assert wake(beijing, told.case, told.day) is None
    assert tick(beijing, told.case, told.stamp("sweep")) == ()
    told.advance("deregister", "beijing-internet", deregistration_record="1")
    assert wake(beijing, told.case, told.day) is None


def test_M20_who_is_reported_weak_is_in_rectification_the_next_day(beijing):
    told = established(beijing, **FIRM).do(Report({"weak": True}), "beijing")
    assert told.case.stage == "innovate"
    assert wake(beijing, told.case, told.day) == told.day
    told.sweep(told.day + DAY)
    assert (told.case.state, told.events[-1].actor, told.events[-1].trigger) == (
        "rectify.finding",
        "sweep",
        "turn_weak",
    )
    assert told.refused(Advance("turn_weak")).code == "not-from-here"


def test_M23_a_missed_inspection_climbs_and_leads_to_rectification(beijing):
    told = established(beijing).sweep(date(2016, 9, 1))
    assert told.days("overdue", "inspection") == [date(2016, 6, 1)]
    assert told.days("escalated", "inspection") == [date(2016, 6, 30), date(2016, 7, 30)]
    assert told.days("missed", "inspection") == [date(2016, 8, 31)]
    assert (told.case.stage, told.case.facts["weak"], told.case.facts["inspection"]) == ("rectify", True, "missed")
    assert told.case.duties["inspection"].due == date(2017, 5, 31)
    assert fold(told.events) == told.case


def test_M23_a_missed_inspection_does_not_move_a_case_that_cannot_be_moved(beijing):
    told = established(beijing, has_organization=False).sweep(date(2016, 9, 1))
    assert told.days("missed", "inspection") == [date(2016, 8, 31)]
    assert told.case.stage == "build"


def test_what_was_late_before_it_was_seen_climbs_after_a_grace_from_then(beijing):
    told = established(beijing, term_began=date(2011, 3, 1)).sweep(date(2016, 2, 2))
    assert told.days("overdue", "change_of_term") == [date(2016, 1, 5)]
    assert told.days("escalated", "change_of_term") == []
    told.sweep(date(2016, 2, 3))
    assert told.days("escalated", "change_of_term") == [date(2016, 2, 3)]


def test_what_one_thing_brings_about_may_bring_about_another_on_the_same_day(beijing):
    policy = edited(
        beijing, STAGES,
        ("  - {trigger: confirm_finding, from", "  - {trigger: turn_weak, from: build, to: rectify, when: {case.escalation: '>= 1'}, automatic: true}\n"
         "  - {trigger: confirm_finding, from"),
    )  # fmt: skip
    told = established(policy, **FIRM, has_organization=False).sweep(date(2016, 8, 3))
    assert (told.days("escalated"), told.case.stage) == ([date(2016, 8, 3)], "rectify")


def test_a_policy_that_says_more_is_seen_by_the_next_sweep(beijing):
    old = edited(beijing, "policy.yaml", ("  first_review:\n", "  first_look:\n"))
    told = established(old, registered_on=date(2014, 1, 4))
    assert "first_review" not in told.case.duties
    told.policy, told.day = beijing, told.day + DAY
    told.follow(tick(beijing, told.case, told.stamp("sweep")))
    assert told.events[-1].kind == "duty_opened" or told.events[-1].kind == "scheduled"
    assert told.case.duties["first_review"].due == date(2016, 3, 31)
    assert "first_look" not in told.case.duties


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
    told = established(beijing, weak=weak, term_began=date(2013, 1, 1), graded_on=date(2012, 1, 1), grade="2A")
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
