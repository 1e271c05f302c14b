"""Commands carried out: one transaction, and one effect for each request. What every store must do of it is told in
the adapters' tests."""

import pytest

from guikou.engine.decide.advance import Advance, Block
from guikou.engine.decide.intake import Report
from guikou.engine.errors import BadText, GuardNotMet, NotCanonical, RequestReused, UnknownCase
from guikou.engine.supervision.commands import carry_out, execute, execute_for

from ..told import BY

APPLY = Advance("apply", {"application": "1"})


def test_a_command_is_kept_with_its_events_and_answered_with_the_case(office, school):
    school()
    view, events = execute_for(office, "advance", "A", APPLY, {"by": BY, "request_id": "r"})
    assert (view.state, [event.kind for event in events]) == ("build.approving", ["advanced"])
    with office.store.transaction() as work:
        assert [event.hash for event in work.answered("r").events] == [events[0].hash]
    again, same = execute_for(office, "advance", "A", APPLY, {"by": BY, "request_id": "r"})
    assert (again.case, list(same)) == (view.case, list(events))


def test_an_answer_is_the_one_that_was_given_whatever_happened_since(office, school, supervision):
    school()
    first = execute(office, "advance", "A", APPLY, {"by": BY, "request_id": "r"})
    supervision.advance("A", "establish", by=BY, evidence={"approval_document": "2"})
    assert execute(office, "advance", "A", APPLY, {"by": BY, "request_id": "r"}).case == first.case
    with pytest.raises(RequestReused):
        execute(office, "advance", "A", Advance("apply", {"application": "2"}), {"by": BY, "request_id": "r"})


def test_a_request_that_changed_nothing_is_remembered_too(office, school):
    school()
    told = {"by": BY, "request_id": "r"}
    assert execute_for(office, "block", "A", Block("coverage", clear=True), told)[1] == []
    with pytest.raises(RequestReused):
        execute(office, "block", "A", Block("coverage"), told)


def test_what_is_refused_is_raised_and_nothing_of_it_kept(office, school):
    school(party_members=2)
    before = office.store.get("A")
    with pytest.raises(GuardNotMet):
        execute(office, "advance", "A", Advance("fall_back"), {"by": BY, "request_id": "r"})
    assert office.store.get("A") == before
    with office.store.transaction() as work:
        assert work.answered("r") is None
    with pytest.raises(UnknownCase):
        execute(office, "advance", "Z", APPLY, {"by": BY})


@pytest.mark.parametrize(("said", "error"), [("\ud800", BadText), ("a\x0bb", BadText), (1.5j, NotCanonical)])
def test_what_has_no_canonical_form_is_refused_and_nothing_is_kept(office, school, said, error):
    before = school().case
    for request_id in (None, "r"):
        with pytest.raises(error):
            carry_out(
                office, "report", "A", {"reason": said}, {"by": "beijing", "request_id": request_id},
                lambda keeping, stamp: keeping.done(keeping.standing("A"), Report({"employees": 43}), stamp),
            )  # fmt: skip
    assert office.store.get("A") == before
    assert len(office.store.events("A")) == 1
