"""A request that is made again has one effect and the same answer; another with its id is refused, whatever differs."""

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from guikou.engine import Organization, Supervision
from guikou.engine.cases.fold import follow
from guikou.engine.decide.decide import decide
from guikou.engine.decide.happening import Stamp
from guikou.engine.decide.intake import Report
from guikou.engine.errors import BadArgument, NotCanonical, RequestReused, UnknownBody

pytestmark = pytest.mark.usefixtures("told_on_time")

BY = "chaoyang-education"
DAY = date(2016, 1, 4)
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip
SCHOOL = Organization("S", "启明学校", "110105", FACTS)


@pytest.fixture
def office(policy, store):
    return Supervision(policy, store)


@pytest.fixture
def school(office):
    office.register(SCHOOL, when=DAY)
    return office


def refused(command):
    with pytest.raises(RequestReused) as error:
        command()
    assert error.value.details["request_id"] == "r"


@pytest.mark.parametrize(
    "other",
    [
        {"facts": {"party_members": 9}},
        {"facts": {"party_members": 3, "employees": 50}},
        {"facts": {}},
        {"name": "另一所学校"},
        {"area": "110108"},
        {"by": "beijing"},
        {"actor": "another-account"},
        {"when": date(2016, 1, 5)},
    ],
)
def test_every_difference_of_what_was_reported_is_found(school, other):
    first = {"facts": {"party_members": 3}, "by": "chaoyang", "request_id": "r"}
    school.report("S", **first)
    refused(lambda: school.report("S", **{**first, **other}))
    assert school.get("S").case.facts["party_members"] == 3
    assert school.report("S", **first).case.facts["party_members"] == 3
    assert len(school.history("S")) == 2


def test_the_order_in_which_facts_are_named_is_no_difference(school):
    one = school.report("S", {"party_members": 3, "employees": 50}, request_id="r").case
    assert school.report("S", {"employees": 50, "party_members": 3}, request_id="r").case == one


def test_a_request_that_changed_nothing_is_remembered_too(school):
    school.report("S", {"party_members": 5}, request_id="r")
    school.report("S", {"party_members": 7})
    again = school.report(
        "S", {"party_members": 5}, request_id="r"
    )  # the answer that it was given, whatever came since
    assert (again.case.facts["party_members"], again.case.revision) == (5, 1)
    assert len(school.history("S")) == 2
    refused(lambda: school.report("S", {"party_members": 6}, request_id="r"))
    refused(lambda: school.block("S", "hard_to_form", by=BY, request_id="r"))


def test_a_reason_a_reference_and_a_body_are_differences(school):
    first = {"by": BY, "evidence": {"application": "1"}, "reason": "in time", "request_id": "r"}
    school.advance("S", "apply", **first)
    assert school.advance("S", "apply", **first).stage == school.get("S").stage
    for other in ({"reason": "late"}, {"evidence": {"application": "2"}}, {"by": "chaoyang"}):
        refused(lambda other=other: school.advance("S", "apply", **{**first, **other}))


def test_an_organisation_of_another_name_or_place_is_another_request(office):
    office.register(SCHOOL, when=DAY, request_id="r")
    assert office.register(SCHOOL, when=DAY, request_id="r").id == "S"
    for other in (replace(SCHOOL, name="另一所"), replace(SCHOOL, area="110108"), replace(SCHOOL, id="T")):
        refused(lambda other=other: office.register(other, when=DAY, request_id="r"))
    assert office.store.get("T") is None


def test_one_request_is_not_another_s_though_both_are_of_one_case(school):
    school.block("S", "hard_to_form", by=BY, request_id="r")
    refused(lambda: school.block("S", "hard_to_form", by=BY, clear=True, request_id="r"))
    refused(lambda: school.report("S", {}, request_id="r"))
    assert school.block("S", "hard_to_form", by=BY, request_id="r").case.blockers == ("hard_to_form",)


def test_commands_are_kept_in_canonical_form_with_what_they_led_to(policy, new_store):
    store = new_store("sqlite")
    office = Supervision(policy, store)
    office.register(SCHOOL, when=DAY, request_id="r")
    office.report("S", {"party_members": 5})  # no news, and nobody can ask for it again
    office.report("S", {"party_members": 8}, when=datetime(2016, 1, 4, 5, tzinfo=UTC))
    with store.database.whole() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id, kind, command, salt, fingerprint, events FROM requests"
        ).fetchall()
    (first, kind, command, salt, print_, events), (second, _, report, *_) = rows
    assert (first, kind, second, json.loads(events)) == ("r", "register", None, [["S", 1]])
    assert json.loads(command) == {
        "kind": "register", "case": "S", "by": "beijing", "actor": "beijing", "when": {"date": "2016-01-04"},
        "said": {"name": "启明学校", "area": "110105", "facts": FACTS, "continues": None},
    }  # fmt: skip
    assert json.loads(report)["when"] == "2016-01-04T05:00:00.000000Z"
    assert salt not in (None, "")
    assert len(print_) == 64


@pytest.fixture
def earlier(policy, new_store):
    """An office whose requests are as those before commands were kept: known by their events alone."""
    store = new_store("sqlite")
    office = Supervision(policy, store)

    def forget():
        with store.database.whole() as connection:
            said = ", ".join(f"{name} = NULL" for name in ("kind", "command", "salt", "fingerprint", "revision", "at"))
            connection.exec_driver_sql(f"UPDATE requests SET {said}")

    office.forget = forget
    return office


def test_what_was_answered_before_commands_were_kept_is_told_by_its_events(earlier):
    earlier.register(SCHOOL, when=DAY, request_id="o")
    earlier.report("S", {"party_members": 3}, by="chaoyang", request_id="r")
    earlier.advance("S", "apply", by=BY, evidence={"application": "1"}, request_id="a")
    earlier.forget()
    assert earlier.report("S", {"party_members": 3}, by="chaoyang", request_id="r").case.facts["party_members"] == 3
    assert earlier.advance("S", "apply", by=BY, evidence={"application": "1"}, request_id="a").case.revision == 3
    assert earlier.register(SCHOOL, when=DAY, request_id="o").case.revision == 1
    for command in (
        lambda: earlier.report("S", {"party_members": 4}, by="chaoyang", request_id="r"),
        lambda: earlier.report("S", {"party_members": 3}, by="beijing", request_id="r"),
        lambda: earlier.report("T", {"party_members": 3}, by="chaoyang", request_id="r"),
        lambda: earlier.block("S", "coverage", by="chaoyang", request_id="r"),
        lambda: earlier.gate("S", "registration", by="chaoyang", request_id="r"),
    ):
        refused(command)
    for command in (
        lambda: earlier.advance("S", "establish", by=BY, request_id="a"),
        lambda: earlier.advance("S", "apply", by=BY, evidence={"application": "2"}, request_id="a"),
        lambda: earlier.register(replace(SCHOOL, name="另一所"), when=DAY, request_id="o"),
        lambda: earlier.register(replace(SCHOOL, facts=FACTS | {"employees": 1}), when=DAY, request_id="o"),
    ):
        with pytest.raises(RequestReused):
            command()


def test_amounts_that_are_equal_are_no_difference(school):
    school.report("S", {"has_organization": True, "standardized": True, "weak": False})
    given = {"by": "chaoyang", "evidence": {"voucher": "1"}, "request_id": "r", "year": 2016}
    kind = next(one.name for one in school.policy.parts.records.values() if one.amount)
    evidence = dict.fromkeys(school.policy.parts.records[kind].evidence, "1")
    by = school.policy.parts.records[kind].by[0]
    body = {"responsible": BY, "superior": "chaoyang"}.get(by) or next(
        one.id for one in school.policy.places.bodies.values() if by in (one.id, one.kind)
    )
    given |= {"by": body, "evidence": evidence}
    first = school.record("S", kind, amount=Decimal(5), **given)
    assert school.record("S", kind, amount=Decimal("5.00"), **given).case.revision == first.case.revision
    refused(lambda: school.record("S", kind, amount=Decimal("5.01"), **given))


@pytest.mark.parametrize("by", ["", "nobody"])
def test_a_command_of_a_body_is_no_command_of_the_top(school, by):
    """Only what registers and reports is the top's where no body is named."""
    for command in (
        lambda: school.advance("S", "apply", by=by, evidence={"application": "1"}),
        lambda: school.block("S", "hard_to_form", by=by),
        lambda: school.meet("S", "inspection", by=by),
        lambda: school.gate("S", "registration", by=by),
        lambda: school.leave("S", "G", by=by),
    ):
        with pytest.raises(UnknownBody):
            command()
    with pytest.raises(BadArgument, match="by"):
        school.advance("S", "apply", evidence={"application": "1"})
    assert school.report("S", {"employees": 50}, by="").case.facts["employees"] == 50
    assert len(school.history("S")) == 2


def test_taking_in_knows_no_request(school):
    with pytest.raises(TypeError, match="request_id"):
        school.take_in(SCHOOL, request_id="r")


def test_what_is_taken_in_is_kept_as_it_was_decided(policy, new_store):
    store = new_store("sqlite")
    office = Supervision(policy, store)
    office.take_in(SCHOOL, when=DAY)
    assert office.take_in(replace(SCHOOL, facts=FACTS | {"employees": 50}))[0] == "changed"
    with store.database.whole() as connection:
        rows = connection.exec_driver_sql("SELECT kind, command FROM requests ORDER BY number").fetchall()
    assert [kind for kind, _ in rows] == ["register", "report"]
    assert json.loads(rows[1][1])["said"]["facts"] == {"employees": 50}  # what is no news undoes nothing


def test_two_who_make_the_same_request_at_once_get_the_same_answer(policy, new_store):
    store = new_store("postgresql")
    office = Supervision(policy, store)
    start, answers = threading.Barrier(4), []

    def make():
        start.wait()
        answers.append(office.register(SCHOOL, when=DAY, request_id="r").case)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(answers) == 4
    assert all(one == answers[0] for one in answers)
    assert len(office.history("S")) == 1


def test_a_case_that_closes_with_its_members_is_answered_the_same_again(office):
    facts = FACTS | {"party_members": 2}
    for id in "AB":
        office.register(replace(SCHOOL, id=id, facts=facts), when=DAY)
    joint = {"registered_as": "joint_organization", "registered_at": "district", "industry": "community"}
    group = Organization("J", "联合", "110105", joint)
    found = office.found(group, ["A", "B"], by=BY, evidence={"joint_agreement": "1"}, when=DAY, request_id="f")
    again = office.found(group, ["A", "B"], by=BY, evidence={"joint_agreement": "1"}, when=DAY, request_id="f")
    assert found.case == again.case
    for id, trigger, evidence in (("A", "deregister", {"deregistration_record": "1"}),):
        first = office.advance(id, trigger, by=BY, evidence=evidence, request_id="r")
        assert office.store.get("J").closed  # too few were left
        assert office.advance(id, trigger, by=BY, evidence=evidence, request_id="r").case == first.case
    refused(lambda: office.advance("A", "deregister", by=BY, evidence={"deregistration_record": "2"}, request_id="r"))


def test_a_number_that_was_kept_before_there_was_a_door_is_read_as_it_was(office):
    case = office.register(SCHOOL, when=DAY).case
    number = 2**60
    at = office.store.now()
    told = decide(office.policy, case, Report({"employees": number}), Stamp(at, at, "beijing", "beijing"))
    with office.store.transaction() as work:
        work.append(case, follow(case, told), told, wake=None)
        work.commit()
    assert office.history("S")[-1].facts == {"employees": number}
    assert office.get("S", as_of=DAY).case.facts["employees"] == number
    assert office.report("S", {"party_members": 7}, when=DAY).case.facts["employees"] == number
    with pytest.raises(NotCanonical):
        office.report("S", {"employees": number + 1}, when=DAY)
