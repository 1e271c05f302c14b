"""What an office did with a register is that office's business, and of those above it."""

import itertools

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import MayNotAct, NotVisible
from guikou.engine.supervision.imported import RowRead, Source

from ..told import SCHOOL

_files = itertools.count()
A, B = "52110105MJ0001010Q", "52110105MJ0001029M"
OWN, OTHER, ABOVE = "chaoyang-education", "haidian-education", "beijing-education"


@pytest.fixture
def office(published, clock):
    return Supervision.activate(published, MemoryStore(clock))


def imported(office, by, *rows):
    begun = office.intake.begin(Source("a.csv", f"{next(_files):064x}", 1), len(rows), park=True, by=by)
    return [one.outcome for one in begun.take(rows)], begun.what.number


def row(id, line=2, **more):
    facts = {name: value for name, value in {**SCHOOL, **more}.items() if value is not None}
    return RowRead(line, id, f"学校{id[-2:]}", "110105", facts)


def test_an_import_is_undone_by_who_made_it_and_who_is_above(office):
    _, number = imported(office, OWN, row(A))
    for by in (OTHER, "chaoyang-health"):
        with pytest.raises(MayNotAct, match="those above it"):
            office.intake.undo(number, reason="有误", by=by)
    assert len(office.intake.undo(number, reason="有误", by=ABOVE).withdrawn) == 1
    _, number = imported(office, OWN, row(A))
    assert len(office.intake.undo(number, reason="有误", by=OWN).withdrawn) == 1


def test_what_is_parked_is_completed_and_dropped_by_who_parked_it(office):
    assert imported(office, OWN, row(A, party_members=None), row(B, 3, party_members=None))[0] == ["parked", "parked"]
    with pytest.raises(MayNotAct):
        office.intake.complete(A, {"party_members": 3}, by=OTHER)
    with pytest.raises(MayNotAct):
        office.intake.drop(A, reason="不要", by=OTHER)
    assert office.intake.complete(A, {"party_members": 3}, by=OWN).id == A
    assert office.intake.drop(B, reason="已注销", by=ABOVE).state == "dropped"


def test_what_nobody_said_whose_it_is_waits_for_all(office):
    imported(office, "beijing", row(A, party_members=None))
    assert office.intake.complete(A, {"party_members": 3}, by=OTHER).id == A


def test_a_register_tells_of_another_offices_case_no_more_than_a_report_does(office):
    office.register(Organization(A, "学校0Q", "110105", SCHOOL), by=OWN)
    outcomes, number = imported(office, OTHER, row(A, employees=999))
    assert outcomes == ["rejected"]
    assert [fault.code for fault in office.intake.rows(number)[0].faults] == ["not-visible"]
    with pytest.raises(NotVisible):
        office.take_in(Organization(A, "别家改名", "110108", SCHOOL), by=OTHER)
    assert imported(office, OTHER, row(A))[0] == ["unchanged"]
    assert imported(office, ABOVE, row(A, employees=98))[0] == ["changed"]


def test_who_took_one_in_for_others_goes_on_telling_of_it(office):
    registry = "chaoyang-registration"
    assert imported(office, registry, row(A))[0] == ["opened"]
    assert imported(office, registry, row(A, employees=98))[0] == ["changed"]
