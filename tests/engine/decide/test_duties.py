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


def test_M23_a_change_of_term_every_4_years_put_off_once_by_a_year(beijing):
    told = established(beijing, term_began=date(2012, 9, 1))
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


def test_a_new_policy_is_seen_before_a_command_is_decided(beijing):
    old = edited(beijing, "policy.yaml", ("every: 4 years", "every: 3 years"))
    told = established(old, term_began=date(2014, 1, 4))
    assert told.case.duties["change_of_term"].due == date(2017, 1, 4)
    told.policy, told.day = beijing, told.day + DAY
    told.do(Postpone("change_of_term", "moved", {"postponement_approval": "1"}), ABOVE)
    assert [one.kind for one in told.events[-2:]] == ["scheduled", "postponed"]
    assert told.case.duties["change_of_term"].due == date(2019, 1, 4)
