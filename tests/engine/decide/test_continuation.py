"""A case that another carries on."""

from guikou.engine import Organization, Register, fold
from guikou.engine.decide.continuation import Continued
from guikou.engine.decide.gates import Ask, TellGate
from guikou.engine.decide.records import Record

from ..told import REGISTRY, Told, applicant, building


def test_M25_the_registered_organisation_carries_the_incubated_one_on(beijing):
    told = applicant(beijing, party_members=2, incubating=True, guide_sent=False)
    told.do(Record("activity", count=9, evidence={"activity_record": "1"}), REGISTRY)
    registered = Organization("N", "N", "110105", {"registered_as": "private_non_enterprise"})
    assert told.refused(Register(registered)).code == "already-open"
    told.do(Ask("incubation"), REGISTRY)
    told.do(TellGate("incubation", "admitted", None, {"incubation_agreement": "1"}), REGISTRY)
    told.advance("graduate", by=REGISTRY, incubation_report="1")
    assert told.refused(Continued("N"), REGISTRY).code == "not-continued"
    told.do(Ask("registration"), REGISTRY)
    told.do(TellGate("registration", "registered", None, {"registration_decision": "1"}), REGISTRY)
    new = Told(beijing, told.day)
    new.do(Register(registered, told.case), "beijing")
    assert new.case.continues == "A"
    assert new.case.records == told.case.records
    assert new.case.duties["build_plan"] == told.case.duties["build_plan"]
    assert new.case.facts["party_members"] == 2
    assert new.case.state == "build.joining"
    assert new.events[0].changes["continues_from"] == told.case.head
    told.do(Continued("N"), REGISTRY)
    assert (told.case.closed, told.case.continued_as, told.case.duties) == (True, "N", {})
    assert fold(new.events) == new.case


def test_a_school_is_not_carried_on(beijing):
    assert building(beijing).refused(Continued("N")).code == "not-continued"
