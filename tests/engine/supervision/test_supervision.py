"""The object that integrators hold."""

import inspect
from datetime import date

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision, Unsound, parse
from guikou.engine.errors import EvidenceMissing, NotInitialized, RequestReused, UnknownEvidence, UnknownGate

from ..edits import rewritten
from ..told import BY, REGISTRY, SCHOOL

TOLD = {"actor", "when", "request_id"}


def test_it_opens_with_the_policy_that_the_store_has_active(store, beijing):
    assert Supervision.open(store).policy.digest == beijing.digest
    with pytest.raises(NotInitialized):
        Supervision.open(MemoryStore())


def test_a_policy_is_proved_before_it_is_made_active(beijing):
    files, _ = rewritten(beijing.files, "tables.yaml", '"[3..50)"', '"[2..50)"')
    store = MemoryStore()
    with pytest.raises(Unsound):
        Supervision.activate(parse(files), store)
    assert store.policy_files() is None


def test_every_command_says_who_tells_it_and_when():
    commands = "register advance meet postpone report block gate tell record strike found join leave"
    for name in commands.split():
        last = list(inspect.signature(getattr(Supervision, name)).parameters.values())[-1]
        assert last.kind is inspect.Parameter.VAR_KEYWORD, name
        assert last.annotation in ("Unpack[By]", "Unpack[ByAny]"), name


def test_a_view_of_a_duty_is_given_back_where_a_duty_was_met_or_put_off(supervision, school):
    school(has_organization=True, standardized=True, weak=False, term_began=date(2012, 9, 1))
    papers = {"inspection_report": "1", "party_building_report": "2"}
    met = supervision.meet("A", "inspection", outcome="qualified", evidence=papers, by=BY)
    assert (met.obligation, met.due) == ("inspection", date(2017, 5, 31))
    late = supervision.postpone(
        "A", "change_of_term", reason="moved", evidence={"postponement_approval": "3"}, by="beijing"
    )
    assert (late.obligation, late.due) == ("change_of_term", date(2017, 9, 1))


def test_what_a_gate_answered_is_given_with_its_grounds_and_rows(supervision, school):
    known = {"registered_on": date(2012, 5, 4), "inspection": "qualified", "penalised": True, "investigated": False}
    school(has_organization=True, standardized=True, weak=False, **known)
    answer = supervision.gate("A", "grade_evaluation", by=REGISTRY)
    assert (answer.answer, answer.allowed, [one.name for one in answer.grounds]) == ("refused", False, ["penalised"])
    assert answer.rules[0].table == answer.gate.table
    assert answer.event.kind == "asked"
    with pytest.raises(UnknownGate):
        supervision.gate("A", "nothing", by=REGISTRY)


def test_trying_out_keeps_nothing(supervision, store):
    organization = Organization("A", "学校", "chaoyang", SCHOOL)
    assert supervision.try_out(organization).responsible.id == BY
    less = {name: value for name, value in SCHOOL.items() if name != "industry"}
    assert supervision.try_out(Organization("A", "学校", "chaoyang", less)).code == "missing-fact"
    assert store.get("A") is None
    assert supervision.top == "beijing"


def test_facts_are_reported_with_why_and_with_what_shows_them(supervision, school):
    school()
    shown = {"employees": "2016-9"}
    supervision.report("A", {"employees": 50}, by=BY, actor="desk-3", reason="checked", evidence=shown, request_id="r")
    event = supervision.history("A")[-1]
    assert (event.kind, event.reason, event.evidence, event.actor) == ("reported", "checked", shown, "desk-3")
    again = supervision.report(
        "A", {"employees": 50}, by=BY, actor="desk-3", reason="checked", evidence=shown, request_id="r"
    )
    assert again.case.revision == event.seq
    with pytest.raises(RequestReused):
        supervision.report(
            "A", {"employees": 50}, by=BY, actor="desk-3", reason="another", evidence=shown, request_id="r"
        )
    for evidence, error in (({"grade": "1"}, UnknownEvidence), ({"employees": " "}, EvidenceMissing)):
        with pytest.raises(error):
            supervision.report("A", {"employees": 60}, by=BY, evidence=evidence)
    assert supervision.get("A").case.facts["employees"] == 50
