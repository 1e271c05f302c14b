"""Gates, groups, records, support and indicators on every store."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from guikou.engine import Organization, Supervision, fold, parse
from guikou.engine.errors import (
    AlreadyOpen,
    BrokenChain,
    GroupFull,
    NotAsked,
    NotEligible,
    NotGroupedBy,
    NotOpenYet,
    NotRecorded,
    ReasonMissing,
    RequestReused,
    StillTheSame,
    TimeRunsBack,
    TooFewMembers,
    UnknownGate,
    UnknownIndicator,
    UnknownSupport,
)
from guikou.engine.indicators.grouping import ALL

pytestmark = pytest.mark.usefixtures("told_on_time")

DAY = date(2016, 1, 4)
BY, REGISTRY = "chaoyang-education", "chaoyang-registration"
SCHOOL = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 20,
    "party_members": 2, "has_organization": False, "registered_on": date(2012, 5, 4), "inspection": "qualified",
    "penalised": False, "investigated": False,
}  # fmt: skip
ORGANIZED = {"party_members": 5, "has_organization": True, "standardized": False, "weak": False}
JOINT = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
HUB = {"registered_as": "hub", "registered_at": "district", "industry": "education"}
AGREED = {"joint_agreement": "1"}


@pytest.fixture
def office(policy, store):
    return Supervision(policy, store)


def school(office, id, when=DAY, **facts):
    return office.register(Organization(id, f"学校{id}", "110105", SCHOOL | facts), when=when)


def values(measures):
    return {one.key: one.value for one in measures}


# --- gates -----------------------------------------------------------------------------------------------------------


def test_M24_the_same_request_gets_the_same_answer_whatever_is_known_since(office):
    school(office, "A", **ORGANIZED)
    first = office.gate("A", "grade_evaluation", by=REGISTRY, when=DAY, request_id="q1")
    assert (first.answer, first.allowed) == ("allowed", True)
    assert [one.title.zh for one in first.grounds] == ["可以参评，同步评估"]
    office.report("A", {"penalised": True}, when=DAY)
    again = office.gate("A", "grade_evaluation", by=REGISTRY, when=DAY, request_id="q1")
    assert (again.answer, again.event) == ("allowed", first.event)
    now = office.gate("A", "grade_evaluation", by=REGISTRY, when=DAY, request_id="q2")
    assert (now.answer, [one.name for one in now.grounds]) == ("refused", ["penalised"])
    (rule,) = now.rules
    assert (rule.row, rule.file[-len("gates/evaluation.csv") :]) == (5, "gates/evaluation.csv")
    assert [(cell.fact, cell.met) for cell in rule.cells if not cell.test.everything] == [("penalised", True)]
    assert [event.kind for event in office.history("A")] == ["opened", "asked", "reported", "asked"]
    with pytest.raises(RequestReused):
        office.gate("A", "annual_inspection", by=REGISTRY, when=DAY, request_id="q1")
    with pytest.raises(RequestReused):
        office.report("A", {"employees": 3}, when=DAY, request_id="q1")


def test_M23_a_half_told_pair_is_seen_reminded_of_overdue_and_climbs(office):
    school(office, "A", **ORGANIZED)
    school(office, "B", **ORGANIZED)
    for id in "AB":
        office.gate(id, "annual_inspection", by=REGISTRY, when=DAY)
    told = {"value": "qualified", "evidence": {"inspection_report": "1"}, "by": REGISTRY}
    office.tell("A", "annual_inspection", "inspected", when=DAY, **told)
    standing = [(one.case.id, one.standing, one.left, one.due) for one in office.gates(as_of=DAY)]
    due = date(2016, 2, 3)
    assert standing == [
        ("A", "half-told", ("organization_inspected",), due),
        ("B", "asked", ("inspected", "organization_inspected"), None),
    ]
    waiting = [one.obligation for one in office.inbox(BY, as_of=DAY) if one.obligation]
    assert waiting == ["inspection_in_step", "first_review", "first_review", "inspection", "inspection"]
    assert [one for one in office.inbox("haidian-education", as_of=DAY) if one.obligation] == []
    day, kinds = DAY, []
    while day < date(2016, 2, 20):
        day += timedelta(days=1)
        swept = office.sweep(when=day).happened
        kinds += [(event.kind, day) for _, event in swept if event.changes.get("concerns") == "inspection_in_step"]
    assert kinds == [
        ("reminded", date(2016, 1, 27)), ("reminded", date(2016, 2, 2)), ("overdue", date(2016, 2, 4)),
        ("escalated", date(2016, 2, 18)),
    ]  # fmt: skip
    late = office.overdue(obligation="inspection_in_step", as_of=day)
    assert [(one.id, one.days_overdue, one.escalated_to.id) for one in late] == [("A", 17, "beijing-education")]
    papers = {"party_building_report": "2"}
    office.tell("A", "annual_inspection", "organization_inspected", by=BY, evidence=papers, when=day)
    assert office.overdue(obligation="inspection_in_step", as_of=day) == []
    assert [one.standing for one in office.gates(gate="annual_inspection")] == ["asked", "passed"]
    assert office.get("A").case.duties["inspection"].due == date(2017, 5, 31)
    with pytest.raises(UnknownGate):
        office.gates(gate="nothing")


def test_M23_what_was_told_of_one_years_inspection_is_not_carried_over_to_the_next(office):
    school(office, "A", **ORGANIZED)
    office.sweep(when=date(2016, 5, 4))
    office.gate("A", "annual_inspection", by=REGISTRY, when=date(2016, 5, 4))
    told = {"value": "qualified", "evidence": {"inspection_report": "1"}, "by": REGISTRY}
    office.tell("A", "annual_inspection", "inspected", when=date(2016, 5, 4), **told)
    day = date(2016, 5, 4)
    while day < date(2016, 9, 2):
        day += timedelta(days=1)
        office.sweep(when=day)
    assert office.get("A").case.facts["inspection"] == "missed"
    assert office.gates(gate="annual_inspection", as_of=day) == []
    assert "inspection_in_step" not in office.get("A").case.duties
    papers = {"party_building_report": "2"}
    with pytest.raises(NotAsked):
        office.tell("A", "annual_inspection", "organization_inspected", by=BY, evidence=papers, when=day)


def test_M22_what_was_told_of_another_answer_must_be_told_anew(office):
    facts = SCHOOL | {"registered_as": "applicant", "incubating": False, "party_members": 3}
    office.register(Organization("APP", "筹备组", "110105", facts), when=DAY)
    paper = {"by": REGISTRY, "evidence": {"registration_decision": "1"}, "when": DAY}
    office.gate("APP", "registration", by=REGISTRY, when=DAY)
    office.tell("APP", "registration", "registered", **paper)
    office.gate("APP", "registration", by=REGISTRY, when=DAY)  # the same answer: what was told stays told
    assert office.gates(as_of=DAY)[0].left == ("organization_approved",)
    office.report("APP", {"party_members": 2}, when=DAY)
    assert office.gate("APP", "registration", by=REGISTRY, when=DAY).answer == "conditional"
    assert "registration_in_step" not in office.get("APP").case.duties
    office.tell("APP", "registration", "registered", **paper)
    assert office.get("APP").stage == "registered"


def test_M23_no_half_is_told_of_an_inspection_that_is_not_open_yet(office):
    school(office, "A", when=date(2016, 9, 1), **ORGANIZED)
    office.gate("A", "annual_inspection", by=REGISTRY, when=date(2016, 10, 10))
    told = {"value": "qualified", "evidence": {"inspection_report": "1"}, "by": REGISTRY}
    with pytest.raises(NotOpenYet):
        office.tell("A", "annual_inspection", "inspected", when=date(2016, 10, 10), **told)
    assert "inspection_in_step" not in office.get("A").case.duties


def test_M25_an_incubation_that_was_declined_owes_nothing(office):
    facts = SCHOOL | {"registered_as": "applicant", "incubating": True, "guide_sent": False}
    office.register(Organization("APP", "筹备组", "110105", facts), when=DAY)
    assert office.gate("APP", "incubation", by=REGISTRY, when=DAY).answer == "conditional"
    office.tell("APP", "incubation", "declined", by=REGISTRY, when=DAY)
    assert "incubation_guide" not in office.get("APP").case.duties


def test_M23_an_inspection_that_is_met_directly_ends_what_was_half_told(office):
    school(office, "A", **ORGANIZED)
    office.gate("A", "annual_inspection", by=REGISTRY, when=DAY)
    told = {"value": "qualified", "evidence": {"inspection_report": "1"}, "by": REGISTRY}
    office.tell("A", "annual_inspection", "inspected", when=DAY, **told)
    papers = {"inspection_report": "1", "party_building_report": "2"}
    office.meet("A", "inspection", by=BY, outcome="qualified", evidence=papers, when=DAY)
    assert office.gates(as_of=DAY) == []
    assert "inspection_in_step" not in office.get("A").case.duties


# --- groups ----------------------------------------------------------------------------------------------------------


def joint(office, members, id="J", when=DAY, **facts):
    organization = Organization(id, "联合党组织", "110105", JOINT | facts)
    return office.found(organization, members, by="chaoyang", evidence=AGREED, when=when)


def test_M15_each_member_counts_once_and_rightly_on_every_day(office):
    for id in "ABCD":
        school(office, id)
    day = [DAY + timedelta(days=10 * at) for at in range(6)]
    joint(office, ["A", "B"], when=day[1])
    office.join("C", "J", by="chaoyang", evidence=AGREED, when=day[2])
    office.leave("A", "J", by="chaoyang", reason="builds its own", when=day[3])
    office.leave("B", "J", by="chaoyang", when=day[4])  # one is not enough: C leaves too, and it is dissolved
    covered = [
        (values(office.indicator("organization_coverage", as_of=one))[ALL], len(office.members("J", as_of=one)))
        for one in day[1:]
    ]
    assert covered == [
        (Decimal(2) / 4, 2), (Decimal(3) / 4, 3), (Decimal(2) / 4, 2), (Decimal(0), 0), (Decimal(0), 0),
    ]  # fmt: skip
    assert values(office.indicator("organization_coverage", as_of=day[0]))[ALL] == 0
    assert office.get("J").case.closed
    assert {id: office.get(id).state for id in "ABC"} == dict.fromkeys("ABC", "build.joining")
    left = [event for event in office.history("C") if event.kind == "left"]
    assert [event.reason for event in left] == ["dissolved"]
    for id in "ABCDJ":
        assert fold(office.history(id)) == office.store.get(id)


def test_M15_a_group_is_founded_whole_or_not_at_all(office):
    for id in "AB":
        school(office, id)
    school(office, "C", **ORGANIZED)
    with pytest.raises(TooFewMembers):
        joint(office, ["A"])
    with pytest.raises(NotEligible):
        joint(office, ["A", "C"])
    assert office.store.get("J") is None
    assert office.get("A").case.groups == {}
    joint(office, ["A"], enterprises=1)  # with a non-public enterprise that has no case here
    assert office.get("J").case.members == 1
    with pytest.raises(AlreadyOpen):
        joint(office, ["B"], enterprises=1)


def test_M15_founding_again_with_the_same_request_does_nothing_twice(office):
    for id in "AB":
        school(office, id)
    organization = Organization("J", "联合党组织", "110105", JOINT)
    for _ in range(2):
        given = {"by": "chaoyang", "evidence": AGREED, "when": DAY, "request_id": "f1"}
        assert office.found(organization, ["A", "B"], **given).id == "J"
    assert office.get("J").case.members == 2
    with pytest.raises(RequestReused):
        office.found(organization, ["A"], by="chaoyang", evidence=AGREED, when=DAY, request_id="f1")
    for _ in range(2):
        office.leave("A", "J", by="chaoyang", when=DAY, request_id="l1")
    assert [event.kind for event in office.history("A")].count("left") == 1


def test_M15_a_member_that_closes_leaves_and_a_group_that_closes_lets_go(office):
    for id in "ABCDEF":
        school(office, id)
    joint(office, ["A", "B", "C"])
    office.advance("A", "deregister", by=BY, evidence={"deregistration_record": "1"}, when=DAY)
    assert office.get("J").case.members == 2
    office.advance("B", "deregister", by=BY, evidence={"deregistration_record": "1"}, when=DAY)
    assert (office.get("J").case.closed, office.get("C").state) == (True, "build.joining")
    joint(office, ["C", "D", "E"], id="K")
    office.advance("K", "wind_up", by="chaoyang", evidence={"dissolution_record": "1"}, when=DAY)
    assert office.members("K") == []
    assert {id: office.get(id).case.groups for id in "CDE"} == {"C": {}, "D": {}, "E": {}}


def test_M15_closing_is_never_kept_by_anothers_clock_nor_by_who_may_let_go(office, policy):
    for id in "AB":
        school(office, id)
    joint(office, ["A", "B"])
    office.report("B", {"employees": 30}, when=DAY + timedelta(days=5))
    gone = {"by": BY, "evidence": {"deregistration_record": "1"}, "when": DAY + timedelta(days=3)}
    office.advance("A", "deregister", **gone)
    assert (office.get("J").case.closed, office.get("B").case.groups) == (True, {})
    files = dict(policy.files)
    for_superiors = "    by: [responsible, superior, hub]\n    least: 2"
    assert for_superiors in files["groups.yaml"]
    files["groups.yaml"] = files["groups.yaml"].replace(for_superiors, "    by: superior\n    least: 2")
    strict = Supervision.activate(parse(files), office.store)
    for id in "CD":
        school(strict, id)
    strict.found(Organization("K", "联合", "110105", JOINT), ["C", "D"], by="beijing", evidence=AGREED, when=DAY)
    strict.advance("C", "deregister", **gone)
    assert (strict.get("K").case.closed, strict.get("D").state) == (True, "build.joining")


def test_M15_nobody_joins_what_is_not_there_yet_and_enterprises_take_places_too(office):
    for id in "ABC":
        school(office, id)
    joint(office, ["A", "B"], when=DAY + timedelta(days=9), enterprises=3)
    with pytest.raises(TimeRunsBack):
        office.join("C", "J", by="chaoyang", evidence=AGREED, when=DAY)
    with pytest.raises(GroupFull):
        office.join("C", "J", by="chaoyang", evidence=AGREED, when=DAY + timedelta(days=10))


def test_a_sweep_that_closes_a_member_goes_on_with_the_others(policy, new_store):
    files = dict(policy.files)
    name = "workflows/stages.yaml"
    way = '  - {trigger: strike_off, from: [build, standardize], to: closed, when: {case.days_overdue: ">= 100"}, automatic: true}\n'
    files[name] = files[name].replace("  - {trigger: deregister, from:", way + "  - {trigger: deregister, from:")
    files[name] = files[name].replace(
        "  deregister: {zh", "  strike_off: {zh: 除名, en: strike off}\n  deregister: {zh"
    )
    office = Supervision.activate(parse(files), new_store("sqlite"))
    firm = {"registered_as": "professional_firm", "industry": "law"}
    for id in "ABZ":
        school(office, id, **firm)
    joint(office, ["A", "B"])
    swept = office.sweep(when=date(2017, 4, 20))
    assert swept.failed == ()
    assert {id: office.get(id).case.closed for id in "ABJZ"} == {"A": True, "B": False, "J": True, "Z": True}
    assert office.sweep(when=date(2017, 4, 21)).failed == ()


def test_M02_M03_a_hub_lacks_what_it_lacks_and_is_in_order_with_all_four(office):
    office.register(Organization("H", "枢纽", "110105", HUB), when=DAY)
    school(office, "A")
    office.join("A", "H", by=BY, when=DAY)
    assert values(office.indicator("hub_members"))[ALL] == 1
    lacking = {need.fact for need in office.get("H").lacking}
    assert lacking == {"work_committee", "joint_organization", "building_office", "regular_meeting"}
    for trigger, paper in (("set_up_committee", "committee_document"), ("set_up_joint", "joint_document"),
                           ("set_up_office", "office_document")):  # fmt: skip
        office.advance("H", trigger, by="chaoyang", evidence={paper: "1"}, when=DAY)
    assert {need.fact for need in office.get("H").lacking} == {"regular_meeting"}
    meeting = date(2016, 3, 20)
    office.sweep(when=meeting)
    office.meet("H", "hub_meeting", by="chaoyang", evidence={"minutes": "1"}, when=meeting)
    office.sweep(when=meeting)
    assert office.get("H").stage == "in_order"
    assert values(office.indicator("hubs_in_order", as_of=meeting))[ALL] == 1
    office.sweep(when=date(2016, 9, 2))  # the meeting of 30 June was missed
    view = office.get("H", as_of=date(2016, 9, 2))
    assert (view.stage, {need.fact for need in view.lacking}) == ("setting_up", {"regular_meeting"})
    year = values(office.indicator("meetings_held", as_of=date(2016, 12, 31)))
    assert year[ALL] == 1
    assert values(office.indicator("meetings_missed", as_of=date(2016, 12, 31)))[ALL] == 1


# --- a case that another carries on ----------------------------------------------------------------------------------


def test_M25_the_history_of_the_incubated_is_that_of_the_registered(office):
    facts = SCHOOL | {"registered_as": "applicant", "incubating": False, "party_members": 3}
    office.register(Organization("APP", "筹备组", "110105", facts), when=DAY)
    office.gate("APP", "registration", by=REGISTRY, when=DAY)
    told = {"registered": (REGISTRY, "registration_decision"), "organization_approved": (BY, "approval_document")}
    for outcome, (body, paper) in told.items():
        office.tell("APP", "registration", outcome, by=body, evidence={paper: "1"}, when=DAY)
    new = Organization("N", "学校", "110105", {"registered_as": "private_non_enterprise"})
    for _ in range(2):
        view = office.register(new, continues="APP", by=REGISTRY, when=DAY, request_id="n1")
        assert (view.stage, view.workflow, view.case.facts["has_organization"]) == (
            "standardize", "private_non_enterprise", True,
        )  # fmt: skip
    assert (office.get("APP").case.closed, office.get("APP").case.continued_as) == (True, "N")
    whole = office.lineage("N")
    assert [(event.case, event.kind) for event in whole] == [
        ("APP", "opened"), ("APP", "asked"), ("APP", "told"), ("APP", "told"), ("APP", "advanced"),
        ("APP", "continued"), ("N", "opened"),
    ]  # fmt: skip
    assert values(office.indicator("registered", as_of=DAY))[ALL] == 1
    assert values(office.indicator("organizations", as_of=DAY))[ALL] == 1  # the two are one organisation


def test_M25_what_carries_on_must_be_something_else(office):
    facts = SCHOOL | {"registered_as": "applicant", "incubating": False, "party_members": 2}
    office.register(Organization("APP", "筹备组", "110105", facts), when=DAY)
    office.gate("APP", "registration", by=REGISTRY, when=DAY)
    office.tell("APP", "registration", "registered", by=REGISTRY, evidence={"registration_decision": "1"}, when=DAY)
    with pytest.raises(StillTheSame):
        office.register(Organization("N", "学校", "110105", {}), continues="APP", by=REGISTRY, when=DAY)
    assert office.store.get("N") is None
    new = Organization("N", "学校", "110105", {"registered_as": "private_non_enterprise"})
    office.register(new, continues="APP", by=REGISTRY, when=DAY)
    assert (office.get("APP").due, office.get("APP").next) == (None, ())


def test_M22_the_other_approval_waits_in_the_inbox_of_whoever_may_tell_it(office):
    facts = SCHOOL | {"registered_as": "applicant", "incubating": False, "party_members": 3}
    office.register(Organization("APP", "筹备组", "110105", facts), when=DAY)
    office.gate("APP", "registration", by=REGISTRY, when=DAY)
    office.tell("APP", "registration", "registered", by=REGISTRY, evidence={"registration_decision": "1"}, when=DAY)
    for body, waits in ((BY, True), ("chaoyang", True), ("haidian-education", False), (REGISTRY, False)):
        found = [one.obligation for one in office.inbox(body, as_of=DAY) if one.id == "APP" and one.obligation]
        assert found == (["registration_in_step"] if waits else []), body


def test_a_history_that_goes_on_from_another_is_found_out(office, monkeypatch):
    test_M25_the_history_of_the_incubated_is_that_of_the_registered(office)
    own = office.store.events

    def shortened(id):
        return own(id)[:-2] if id == "APP" else own(id)

    monkeypatch.setattr(office.store, "events", shortened)
    with pytest.raises(BrokenChain):
        office.lineage("N")


def registered(office, id, when=DAY, **facts):
    """An applicant with fewer than 3 members, up to where another case carries it on."""
    own = SCHOOL | {"registered_as": "applicant", "incubating": False, "party_members": 2}
    office.register(Organization(id, "筹备组", "110105", own | facts), when=when)
    office.gate(id, "registration", by=REGISTRY, when=when)
    office.tell(id, "registration", "registered", by=REGISTRY, evidence={"registration_decision": "1"}, when=when)
    return Organization(f"N{id}", "学校", "110105", {"registered_as": "private_non_enterprise"})


def test_M25_what_was_recorded_before_is_counted_once_and_kept_when_another_is_struck(office):
    new = registered(office, "P")
    bought = {"evidence": {"contract": "1"}, "when": DAY}
    office.record("P", "purchase", by=REGISTRY, amount=Decimal("1000.00"), **bought)
    office.register(new, continues="P", by=REGISTRY, when=DAY)
    assert str(office.indicator("purchases", as_of=DAY)[0].value) == "1000.00"
    office.record("NP", "purchase", by=BY, amount=Decimal("5.00"), **bought)
    assert str(office.indicator("purchases", as_of=DAY)[0].value) == "1005.00"
    office.strike("NP", office.history("NP")[-1].seq, by=BY, reason="wrong", when=DAY)
    assert office.get("NP").case.records["purchase"].of(2016) == (1, 0, Decimal("1000.00"))


def test_M25_a_plan_goes_on_from_where_it_was_and_ends_with_what_it_wanted(office):
    office.register(registered(office, "P"), continues="P", by=REGISTRY, when=DAY)
    assert office.get("NP").case.duties["build_plan"].due == date(2016, 7, 4)
    new = registered(office, "Q")
    built = {"has_organization": True, "standardized": False, "weak": False}
    office.register(replace(new, facts={**new.facts, **built}), continues="Q", by=REGISTRY, when=DAY)
    assert "build_plan" not in office.get("NQ").case.duties


def test_M25_a_request_id_is_for_one_continuation(office):
    first, second = registered(office, "P"), registered(office, "Q")
    office.register(first, continues="P", by=REGISTRY, when=DAY, request_id="c1")
    with pytest.raises(RequestReused):
        office.register(replace(second, id="NP"), continues="Q", by=REGISTRY, when=DAY, request_id="c1")
    assert not office.get("Q").case.closed


# --- support ---------------------------------------------------------------------------------------------------------


def test_M30_200_yuan_a_member_by_the_facts_at_the_years_end_and_what_was_paid_since(office):
    school(office, "A", **ORGANIZED)
    school(office, "B", employees=60)
    pay = {"by": BY, "evidence": {"voucher": "1"}}
    office.record("A", "dues_paid", amount=Decimal("310.55"), when=DAY, **pay)
    office.report("A", {"party_members": 7}, when=date(2016, 12, 30))
    office.report("A", {"party_members": 9}, when=date(2017, 1, 10))
    paid = {"year": 2016, "when": date(2017, 2, 1), **pay}
    office.record("A", "allowance_paid", amount=Decimal("1000.00"), **paid)
    office.record("A", "dues_returned", amount=Decimal("310.55"), **paid)
    then = date(2017, 3, 1)
    found = {(one.case.id, one.entitlement.support.name): one.entitlement for one in office.support(2016, as_of=then)}
    allowance = found["A", "allowance"]
    assert (allowance.due, allowance.paid, allowance.outstanding) == (
        Decimal("1400.00"), Decimal("1000.00"), Decimal("400.00"),
    )  # fmt: skip
    assert (found["A", "dues"].due, found["A", "dues"].outstanding) == (Decimal("310.55"), Decimal("0.00"))
    assert (found["B", "guide"].given, found["B", "guide"].lacking) == (None, True)
    assert ("A", "guide") not in found
    lacking = {(one.case.id, one.entitlement.support.name) for one in office.support(2016, lacking=True, as_of=then)}
    assert lacking == {("A", "allowance"), ("A", "training"), ("B", "allowance"), ("B", "guide"), ("B", "training")}
    assert [one.case.id for one in office.support(2016, what="allowance", under="haidian-education", as_of=then)] == []
    for name, amount in (("allowance_due", "1800.00"), ("allowance_paid", "1000.00"), ("dues_due", "310.55")):
        measured = office.indicator(name, year=2016, as_of=then)
        assert (measured[0].value, str(measured[0].value)) == (Decimal(amount), amount)
    with pytest.raises(UnknownSupport):
        office.support(2016, what="nothing")


def test_M28_M29_guides_and_training_are_listed_until_they_are_given(office):
    school(office, "A", employees=50)
    school(office, "B", employees=49)

    def lacking(what, when):
        return [one.case.id for one in office.support(when.year, what=what, lacking=True, as_of=when)]

    assert (lacking("guide", DAY), lacking("training", DAY)) == (["A"], ["A", "B"])
    office.report("A", {"guide_sent": True}, when=DAY)
    office.record("B", "training", count=3, by=BY, evidence={"session": "1"}, when=DAY)
    assert (lacking("guide", DAY), lacking("training", DAY)) == ([], ["A"])
    assert lacking("training", date(2017, 1, 3)) == ["A"]
    assert lacking("training", date(2017, 1, 4)) == ["A", "B"]  # every 12 months
    assert values(office.indicator("trained", as_of=DAY))[ALL] == 3


def test_M27_purchases_by_year_and_amount(office):
    school(office, "A")
    bought = {"by": BY, "evidence": {"contract": "1"}, "when": date(2017, 2, 1)}
    for year, amount in ((2016, "120000.00"), (2016, "0.50"), (2017, "7.25")):
        office.record("A", "purchase", year=year, amount=Decimal(amount), **bought)
    then = date(2017, 3, 1)
    for year, amount in ((2015, "0.00"), (2016, "120000.50"), (2017, "7.25")):
        found = office.indicator("purchases", by="responsible", year=year, as_of=then)
        assert str(found[0].value) == amount
        assert {one.key for one in found[1:]} <= {BY}


def test_M31_venues_by_area_and_who_used_them(office):
    school(office, "A")
    for _ in range(2):
        office.record("A", "venue_use", venue="centre-chaoyang", by=BY, when=DAY)
    last = office.history("A")[-1].seq
    used = {one.venue.id: (one.users, one.times) for one in office.venues(year=2016, area="chaoyang") if one.times}
    assert used == {"centre-chaoyang": (("A",), 2)}
    with pytest.raises(ReasonMissing):
        office.strike("A", last, by=BY, reason=" ", when=DAY)
    for _ in range(2):
        office.strike("A", last, by=BY, reason="twice", when=DAY, request_id="s1")
    with pytest.raises(NotRecorded):
        office.strike("A", last, by=BY, reason="again", when=DAY)
    assert sum(one.times for one in office.venues(year=2016)) == 1
    assert all(one.venue.area.startswith("110108") for one in office.venues(year=2016, area="haidian"))


def test_what_is_struck_stays_struck_and_is_struck_once(office):
    school(office, "A")
    pay = {"by": BY, "evidence": {"voucher": "1"}, "when": DAY}
    for amount in ("1000.00", "700.00", "5.00"):
        office.record("A", "allowance_paid", amount=Decimal(amount), **pay)
    for seq in (3, 2):
        office.strike("A", seq, by=BY, reason="wrong", when=DAY)
    assert office.get("A").case.records["allowance_paid"].of(2016) == (1, 0, Decimal("5.00"))
    for seq in (2, 3, 1, 9):
        with pytest.raises(NotRecorded):
            office.strike("A", seq, by=BY, reason="again", when=DAY)
    assert [event.seq for event in office.records("A")] == [4]


def test_what_was_paid_too_much_to_one_pays_nobody_else(office):
    for id in "AB":
        school(office, id, **ORGANIZED)
    pay = {"by": BY, "evidence": {"voucher": "1"}, "when": DAY}
    office.record("A", "allowance_paid", amount=Decimal("5000.00"), **pay)
    found = {one.case.id: one.entitlement for one in office.support(2016, what="allowance", as_of=DAY)}
    assert (found["A"].outstanding, found["A"].overpaid) == (Decimal("0.00"), Decimal("4000.00"))
    assert (found["B"].outstanding, found["B"].overpaid) == (Decimal("1000.00"), Decimal("0.00"))
    assert str(office.indicator("allowance_outstanding", as_of=DAY)[0].value) == "1000.00"


# --- indicators ------------------------------------------------------------------------------------------------------


def test_M04_both_coverages_the_target_at_the_city_tier_only_and_the_unknown_told(office):
    for at in range(10):
        tier, covered = ("city", at < 6) if at < 7 else ("district", at < 8)
        facts = {"registered_at": tier, "has_organization": covered, "standardized": False, "weak": False}
        school(office, f"S{at}", guide_sent=True, **facts)
    school(office, "U", registered_at="district", **ORGANIZED)  # whether a guide was sent is not known
    found = {one.key: one for one in office.indicator("coverage", by="registered_at")}
    assert (found["city"].value, found["city"].met) == (Decimal(6) / 7, True)
    assert (found["district"].numerator, found["district"].denominator) == (1, 4)
    assert (found["district"].unknown, found["district"].met, found["district"].target) == (1, None, None)
    assert found[ALL].met is None
    office.record("U", "activity", count=3, by=BY, evidence={"activity_record": "1"}, when=DAY)
    assert values(office.indicator("coverage", by="registered_at"))["district"] == Decimal(2) / 4
    # An activity counts within its year.
    assert (
        values(office.indicator("work_coverage", by="registered_at", as_of=date(2017, 1, 4)))["district"]
        == Decimal(3) / 4
    )
    with pytest.raises(UnknownIndicator):
        office.indicator("nothing")
    with pytest.raises(NotGroupedBy):
        office.indicator("coverage", by="employees")


def test_M08_the_key_majority_counts_ten(office):
    for at in range(23):
        industry = "education" if at < 10 else "health" if at < 19 else "culture"
        school(office, f"S{at:02}", industry=industry)
    whole, *large = office.indicator("key_majority", by="responsible")
    assert (whole.groups, whole.numerator, whole.denominator) == (1, 10, 23)
    assert [(one.key, one.numerator) for one in large] == [("chaoyang-education", 10)]
    whole, *large = office.indicator("key_majority", least=9)
    assert (whole.groups, [one.numerator for one in large]) == (2, [10, 9])


def test_M05_growth_is_of_a_year(office):
    for at in range(8):
        school(office, f"S{at}", when=DAY)
    school(office, "N", when=date(2016, 12, 1))
    assert values(office.indicator("growth", as_of=date(2017, 1, 4)))[ALL] == Decimal(9) / 8 - 1
    assert values(office.indicator("growth", as_of=DAY))[ALL] is None  # there was nothing to grow from


def test_M16_an_industry_against_what_was_published_and_what_was_not(office):
    for at, (industry, covered) in enumerate([("law", True), ("law", False), ("taxi", True), ("internet", False)]):
        kind = "professional_firm" if industry == "law" else "enterprise"
        facts = {"registered_as": kind, "registered_at": "city", "industry": industry, "has_organization": covered}
        school(office, f"F{at}", standardized=False, weak=False, **facts)
    found = {one.key: one for one in office.indicator("industry_coverage", by="responsible")}
    assert (found["beijing-lawyers"].value, found["beijing-lawyers"].published) == (Decimal("0.5"), Decimal("0.686"))
    assert (found["beijing-taxi"].value, found["beijing-taxi"].published) == (1, Decimal("0.92"))
    assert (found["beijing-internet"].is_published, found["beijing-internet"].published) == (True, None)


def test_M06_a_figure_is_of_its_area(office):
    school(office, "A")
    assert office.indicator("density")[0].denominator == 21516000
    assert office.indicator("density", area="chaoyang")[0].value is None  # no figure of Chaoyang's own
    assert office.indicator("jobs")[0].published == 174000
    assert office.indicator("jobs", under="beijing")[0].published == 174000
    assert office.indicator("jobs", area="chaoyang")[0].published is None


def test_M09_a_scorecard_is_of_the_year_and_of_whoever_answers(office):
    school(office, "A", **ORGANIZED)
    school(office, "B", **ORGANIZED)
    school(office, "C", industry="health", **ORGANIZED)
    for id in "AB":
        office.advance(id, "find_weak", by=BY, evidence={"finding_report": "1"}, when=date(2016, 5, 1))
    office.advance(
        "A", "withdraw_finding", by="beijing-education", evidence={"withdrawal_note": "1"}, when=date(2016, 5, 9)
    )
    office.block("B", "coverage", by=BY, when=date(2016, 5, 9))
    office.gate("A", "annual_inspection", by=REGISTRY, when=date(2016, 5, 9))
    office.gate("B", "grade_evaluation", by=REGISTRY, when=date(2016, 5, 9))
    office.sweep(when=date(2016, 12, 31))
    office.advance("B", "confirm_finding", by=BY, when=date(2017, 1, 2))
    report = office.scorecard(BY, 2016, as_of=date(2017, 6, 1))
    assert report.day == date(2016, 12, 31)
    own = {one.indicator.name: one.value for _, found in report.sections for measures in found for one in measures[:1]}
    expected = {  # A missed its inspection on 31 August, and was rectified again
        "organizations": 2, "rectify_opened": 3, "rectify_closed": 0, "rectify_overdue": 1, "blocked": 1,
        "gates_passed": 2, "gates_refused": 0, "organization_coverage": 1,
    }  # fmt: skip
    assert {name: own[name] for name in expected} == expected
    assert own["escalated"] == sum(
        "to" in event.changes for id in "AB" for event in office.history(id) if event.at.year == 2016
    )
    territory = office.scorecard("chaoyang", 2016, territory=True, as_of=date(2017, 6, 1))
    assert territory.sections[0][1][0][0].value == 3
    assert office.scorecard("chaoyang", 2016).sections[0][1][0][0].value == 0


def test_M04_a_trend_is_the_indicator_of_each_day(office):
    days = [DAY + timedelta(days=20 * at) for at in range(5)]
    for at, when in enumerate(days[:4]):
        school(office, f"S{at}", when=when, guide_sent=True, **(ORGANIZED if at % 2 else {}))
    office.advance("S1", "deregister", by=BY, evidence={"deregistration_record": "1"}, when=days[4])
    for scope in ({}, {"under": BY}, {"area": "chaoyang"}, {"under": "haidian-education"}):
        trend = office.trend("coverage", days, **scope)
        assert [day for day, _ in trend] == days
        for day, one in trend:
            then = office.indicator("coverage", as_of=day, **scope)[0]
            assert (one.numerator, one.denominator, one.value) == (then.numerator, then.denominator, then.value)
    with pytest.raises(NotGroupedBy):
        office.trend("rectify_opened", days)


def test_all_indicators_at_once_are_each_of_them_alone(office):
    school(office, "A", **ORGANIZED)
    office.gate("A", "annual_inspection", by=REGISTRY, when=DAY)
    every = office.indicators(as_of=DAY)
    assert [one.indicator.name for one in every] == list(office.policy.parts.indicators)
    for one in every:
        assert office.indicator(one.indicator.name, as_of=DAY)[0] == one
