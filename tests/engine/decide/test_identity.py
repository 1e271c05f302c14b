"""An organisation whose id changes, and two cases that prove to be of one, decided purely."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from guikou.engine import Organization, Register
from guikou.engine.cases.case import Membership, Passage, Tally
from guikou.engine.cases.events import EventKind
from guikou.engine.cases.fold import follow
from guikou.engine.decide.decide import decide
from guikou.engine.decide.identity import Merge, Rename, Same
from guikou.engine.errors import BadIdentity, CaseClosed, NotMergeable

from ..told import BY, SCHOOL, Told

OLD, NEW = "521101087NCC6K4P54", "52110105MJ0001010Q"


def at(policy):
    return Told(policy).stamp(BY)


def opened(policy, id, **facts):
    return Told(policy).do(Register(Organization(id, "学校", "110105", {**SCHOOL, **facts})), "beijing").case


def merged(policy, kept, second):
    """Both cases afterwards."""
    first = decide(policy, second, Merge(kept, "entered twice"), at(policy))
    second = follow(second, first)
    return decide(policy, kept, Same(second, "entered twice"), at(policy)), second


def test_a_case_keeps_its_own_id_and_tells_both(published):
    case = opened(published, OLD)
    (event,) = decide(published, case, Rename(NEW, "new certificate"), at(published))
    after = follow(case, [event])
    assert (after.id, after.organization) == (OLD, NEW)
    assert (event.kind, event.was, event.organization, event.reason) == (EventKind.RENAMED, OLD, NEW, "new certificate")
    assert decide(published, after, Rename(NEW), at(published)) == ()
    back = follow(after, decide(published, after, Rename(OLD), at(published)))
    assert back.organization == OLD


def test_the_new_id_is_one_of_the_type(published):
    assert isinstance(decide(published, opened(published, OLD), Rename("HUB"), at(published)), BadIdentity)


def test_what_one_knew_and_what_was_recorded_of_both_goes_into_the_one_that_is_kept(published):
    kept = opened(published, OLD, party_members=5)
    tally = Tally(date(2015, 5, 1), {2015: (1, 20, Decimal(0))})
    kept = replace(kept, records={"activity": tally})
    second = opened(published, NEW, party_members=9, records_kept=True)
    other = Tally(date(2015, 3, 1), {2014: (1, 5, Decimal(0)), 2015: (2, 30, Decimal(1))})
    passage = Passage("allowed", (), date(2015, 6, 1))
    second = replace(second, records={"activity": other}, gates={"grade_evaluation": passage}, blockers=("coverage",))
    events, second = merged(published, kept, second)
    assert [event.kind for event in events] == [EventKind.SAME, EventKind.REPORTED]
    assert (events[0].same, events[0].same_from) == (second.id, second.head)
    assert (second.closed, second.same_as, second.duties) == (True, OLD, {})
    after = follow(kept, events)
    assert (after.facts["party_members"], after.facts["records_kept"]) == (5, True)
    assert after.records["activity"] == Tally(date(2015, 5, 1), {2014: (1, 5, Decimal(0)), 2015: (3, 50, Decimal(1))})
    assert after.gates == {"grade_evaluation": passage}
    assert after.blockers == ("coverage",)


def test_where_nothing_is_new_nothing_is_reported(published):
    events, _ = merged(published, opened(published, OLD), opened(published, NEW))
    assert [event.kind for event in events] == [EventKind.SAME]


def test_memberships_are_not_guessed_of(published):
    kept, second = opened(published, OLD), opened(published, NEW)
    member = replace(second, groups={"HUB": Membership("hub", date(2016, 1, 4))})
    for one in (member, replace(second, members=2)):
        refused = decide(published, one, Merge(kept, "entered twice"), at(published))
        assert isinstance(refused, NotMergeable)
        assert "leave first" in refused.message("en")


def test_one_that_is_closed_may_be_merged_and_is_never_the_one_that_is_kept(published):
    kept, second = opened(published, OLD), replace(opened(published, NEW), closed=True)
    (event,) = decide(published, second, Merge(kept, "entered twice"), at(published))
    assert follow(second, [event]).same_as == OLD
    assert isinstance(decide(published, second, Same(kept, "entered twice"), at(published)), CaseClosed)


@pytest.mark.parametrize("command", [Rename(NEW), Same(None, "x")])
def test_nothing_else_happens_to_a_closed_case(published, command):
    case = replace(opened(published, OLD), closed=True)
    assert isinstance(decide(published, case, command, at(published)), CaseClosed)
