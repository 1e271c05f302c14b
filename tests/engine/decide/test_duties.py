"""Duties met and put off."""

from datetime import date

from guikou.engine.decide.duties import Meet, Postpone
from guikou.engine.decide.intake import Report

from ..edits import edited
from ..told import ABOVE, DAY, established


def test_M23_an_inspection_opens_reminds_and_is_met(beijing):
    told = established(beijing).sweep(date(2016, 5, 24))
    assert told.days("duty_opened", "inspection") == [date(2016, 1, 5)]
    assert told.days("reminded", "inspection") == [date(2016, 5, 1), date(2016, 5, 24)]
    evidence = {"inspection_report": "1", "party_building_report": "2"}
    assert told.refused(Meet("inspection", "qualified", {"inspection_report": "1"})).code == "evidence-missing"
    assert told.refused(Meet("inspection", None, evidence)).code == "outcome-missing"
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
    again = told.refused(Meet("inspection", "qualified", evidence))
    assert again.line("zh") == f"年度检查已于 {told.day} 办结；下一次自 2016-12-31 起可以办理"
    told.sweep(date(2016, 12, 30))
    assert told.days("overdue", "inspection") == []
    told.sweep(date(2016, 12, 31))
    assert told.days("duty_opened", "inspection")[1:] == [date(2016, 12, 31)]


def test_M23_a_change_of_term_every_4_years_put_off_once_by_a_year(beijing):
    told = established(beijing, term_began=date(2012, 9, 1))
    assert told.case.duties["change_of_term"].due == date(2016, 9, 1)
    approval = {"postponement_approval": "1"}
    assert told.refused(Postpone("change_of_term", "moved", approval)).code == "may-not-act"
    assert told.refused(Postpone("change_of_term", " ", approval), ABOVE).code == "reason-missing"
    assert told.refused(Postpone("change_of_term", "moved"), ABOVE).code == "evidence-missing"
    assert told.refused(Postpone("change_of_term", ""), ABOVE).code == "evidence-and-reason-missing"
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


def test_what_was_missed_is_not_said_to_be_met(beijing):
    told = established(beijing)
    evidence = {"inspection_report": "1", "party_building_report": "2"}
    told.do(Meet("inspection", "qualified", evidence)).sweep(date(2017, 9, 30))
    assert told.case.duties["inspection"].ended == date(2017, 5, 31)
    assert told.refused(Meet("inspection", "qualified", evidence)).code == "not-open-yet"


def test_a_new_policy_is_seen_before_a_command_is_decided(beijing):
    old = edited(beijing, "policy.yaml", ("every: 4 years", "every: 3 years"))
    told = established(old, term_began=date(2014, 1, 4))
    assert told.case.duties["change_of_term"].due == date(2017, 1, 4)
    told.policy, told.day = beijing, told.day + DAY
    told.do(Postpone("change_of_term", "moved", {"postponement_approval": "1"}), ABOVE)
    assert [one.kind for one in told.events[-2:]] == ["scheduled", "postponed"]
    assert told.case.duties["change_of_term"].due == date(2019, 1, 4)


def test_what_is_put_off_has_climbed_nowhere_unless_the_policy_says_otherwise(beijing):
    kept = edited(
        beijing,
        "policy.yaml",
        (
            "      within: 1 year\n      by: superior\n",
            "      within: 1 year\n      climbed: kept\n      by: superior\n",
        ),
    )
    for policy, climbed in ((beijing, (0, None, None)), (kept, (2, "beijing", date(2016, 10, 31)))):
        told = established(policy, term_began=date(2012, 9, 1)).sweep(date(2016, 11, 15))
        before = told.case.duties["change_of_term"]
        assert (before.escalation, before.escalated_to, before.overdue) == (2, "beijing", True)
        told.do(Postpone("change_of_term", "moved", {"postponement_approval": "1"}), "beijing")
        after = told.case.duties["change_of_term"]
        assert (after.escalation, after.escalated_to, after.escalated_on) == climbed
        assert (after.due, after.overdue) == (date(2017, 9, 1), False)


def test_what_is_put_off_to_a_day_that_has_passed_too_climbs_from_today(beijing):
    told = established(beijing, term_began=date(2010, 9, 1)).sweep(date(2016, 1, 20))
    told.do(Postpone("change_of_term", "moved", {"postponement_approval": "1"}), ABOVE)
    duty = told.case.duties["change_of_term"]
    assert (duty.due, duty.escalation, duty.escalated_on) == (date(2015, 9, 1), 0, told.day)


def test_what_was_met_is_not_met_again_before_the_next_opens(beijing):
    early = "    early: true  # a council may be elected anew before its term ends\n"
    strict = edited(beijing, "policy.yaml", (early, ""))
    evidence = {"council_election": "1", "organization_election": "2"}
    for policy in (beijing, strict):
        told = established(policy, term_began=date(2012, 9, 1))
        told.do(Meet("change_of_term", None, evidence))
        refusal = told.refused(Meet("change_of_term", None, evidence))
        assert (refusal.code, refusal.details["day"]) == ("already-met", told.day)
        opens = told.case.duties["change_of_term"].opens
        assert refusal.details["opens"] == opens
        told.day += DAY
        if policy is strict:
            assert told.refused(Meet("change_of_term", None, evidence)).code == "already-met"
            told.day = opens
        told.do(Meet("change_of_term", None, evidence))
        assert told.case.duties["change_of_term"].done == told.day
