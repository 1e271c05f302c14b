"""Triggers fired by an office, and what keeps a case from going on."""

from guikou.engine import Advance, Block, Report

from ..told import building


def test_a_guard_is_told_with_the_facts_value_and_what_is_needed(beijing):
    told = building(beijing).do(Report({"party_members": 2}), "beijing")
    refusal = told.refused(Advance("apply", {"application": "1"}))
    assert refusal.message("en") == "'apply' is not allowed: full Party members (party_members) is 2, needed >= 3"
    assert refusal.message("zh") == "不能办理 “提交组建申请”：正式党员数（party_members）为 2，需要 >= 3"


def test_a_fact_to_bring_up_to_date_is_one_that_can_be_reported(beijing):
    told = building(beijing).do(Report({"party_members": 2}), "beijing")
    assert told.refused(Advance("apply", {"application": "1"})).details["key"] == "party_members"
    escalate = told.refused(Advance("escalate"))
    assert (escalate.code, escalate.details["key"]) == ("guard-not-met", "")  # days overdue come about by themselves
    assert "需要 > 0；现在可办理：fall_back（党员减少，退回上一步）、" in escalate.line("zh")
    assert "请更新" not in escalate.line("zh")


def test_who_may_not_act_is_told_so_before_any_guard(beijing):
    told = building(beijing).do(Report({"party_members": 2}), "beijing")
    for trigger in ("apply", "escalate"):
        assert told.refused(Advance(trigger), "haidian-health").code == "may-not-act"


def test_a_guard_whose_fact_is_missing_names_it(beijing):
    told = building(beijing, has_organization=True, standardized=False, weak=False)
    refusal = told.refused(Advance("apply_review"))
    assert (refusal.code, refusal.details["key"]) == ("missing-fact", "regular_life")
    assert refusal.details["keys"] == ["regular_life", "terms_kept", "records_kept"]
    for name in refusal.details["keys"]:
        assert beijing.vocabulary.title(name).zh in refusal.message("zh")


def test_what_fails_is_told_with_what_is_not_known_besides(beijing):
    told = building(beijing, has_organization=True, standardized=False, weak=False)
    refusal = told.do(Report({"terms_kept": False})).refused(Advance("apply_review"))
    assert refusal.code == "guard-not-met"
    assert "(terms_kept) is false, needed true" in refusal.message("en")
    assert "(records_kept) is not known, needed true" in refusal.message("en")


def test_M20a_blockers_are_recorded_by_code_once(beijing):
    told = building(beijing).do(Block("coverage")).do(Block("hard_to_form"))
    assert told.case.blockers == ("coverage", "hard_to_form")
    assert told.try_(Block("coverage")) == ()
    assert told.do(Block("coverage", clear=True)).case.blockers == ("hard_to_form",)
