"""Remarks on a case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision, parse
from guikou.engine.decide.remarks import MOST
from guikou.engine.errors import BadRemark, BadText, NotVisible, RequestReused, TimeRunsBack, UnknownBody, UnknownCase

from ..told import BY, SCHOOL

DAY = date(2016, 1, 4)


@pytest.fixture
def office(beijing):
    store = MemoryStore()
    store.activate_policy(beijing.name, beijing.version, beijing.digest, beijing.files)
    office = Supervision(beijing, store)
    office.register(Organization("A", "学校", "110105", SCHOOL), when=DAY)
    return office


def test_a_remark_changes_nothing_but_when_the_case_was_changed(office):
    before = office.get("A").case
    after = office.remark("A", "  材料下周补交  ", by=BY, when=date(2016, 1, 5)).case
    (told,) = office.remarks("A")
    assert (told.kind, told.reason, told.body, told.changes) == ("remarked", "材料下周补交", BY, {})
    same = {"revision": before.revision, "head": before.head, "updated_at": before.updated_at}
    assert replace(after, **same) == before
    assert after.revision == 2
    assert office.remarks("A", as_of=DAY) == []


def test_under_a_new_policy_its_duties_are_scheduled_first(office, beijing):
    files = dict(beijing.files)
    files["policy.yaml"] = files["policy.yaml"].replace("every: 4 years", "every: 3 years", 1)
    new = parse(files)
    office.report("A", {"term_began": date(2015, 1, 1)}, when=DAY)
    before = office.get("A").case.duties["change_of_term"]
    later = Supervision.activate(new, office.store)
    later.remark("A", "x", by=BY, when=DAY)
    assert later.get("A").case.duties["change_of_term"].due == before.due - timedelta(days=365)


@pytest.mark.parametrize("by", [BY, "beijing-education", "beijing"])
def test_whoever_sees_a_case_may_remark_on_it(office, by):
    office.remark("A", "x", by=by, when=DAY)


def test_others_may_not(office):
    with pytest.raises(NotVisible):
        office.remark("A", "x", by="haidian-health", when=DAY)
    with pytest.raises(UnknownBody):
        office.remark("A", "x", by="nobody", when=DAY)
    with pytest.raises(UnknownCase):
        office.remark("Z", "x", by=BY, when=DAY)
    with pytest.raises(TimeRunsBack):
        office.remark("A", "x", by=BY, when=date(2016, 1, 3))


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "a\x00", "\x1b[31mred", "a\ud800", "字" * (MOST + 1)])
def test_what_is_no_line_of_text_is_refused(office, text):
    with pytest.raises((BadRemark, BadText)):
        office.remark("A", text, by=BY, when=DAY)
    assert len(office.history("A")) == 1


def test_a_remark_may_be_as_long_as_it_may(office):
    office.remark("A", "𠮷" * MOST, by=BY, when=DAY)


def test_a_closed_case_can_be_remarked_on_and_stays_as_it_is(office):
    office.advance("A", "deregister", by=BY, when=DAY, evidence={"deregistration_record": "1"}, reason="x")
    closed = office.get("A").case
    assert closed.closed
    after = office.remark("A", "档案已移交", by=BY, when=DAY).case
    assert after.closed
    assert (after.duties, after.state) == (closed.duties, closed.state)


def test_a_request_is_one_remark(office):
    office.remark("A", "x", by=BY, when=DAY, request_id="r")
    office.remark("A", "x", by=BY, when=DAY, request_id="r")
    with pytest.raises(RequestReused):
        office.remark("A", "y", by=BY, when=DAY, request_id="r")
    assert len(office.remarks("A")) == 1
