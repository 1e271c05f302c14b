"""What a row becomes."""

import pytest

from guikou.engine import RowRead
from guikou.engine.errors import BadFact, BadIdentity, MissingValue
from guikou.engine.supervision.keeping import Keeping
from guikou.engine.supervision.taking import Taking, merged, news

from ..told import SCHOOL


def take(office, row, park=True):
    with office.store.transaction() as work:
        taken = Taking(office, Keeping(office, work), office.stamp(by="beijing"), None).take(row, park)
        work.commit()
    return taken


def test_the_newer_wins_where_it_says_something(office, supervision):
    take(office, RowRead(2, "A", "旧", None, {"employees": 1, "weak": True}))
    (waiting,) = supervision.intake.parked()
    found = merged(waiting, RowRead(3, "A", None, "110105", {"employees": 2}, given={"x": "y"}))
    assert (found.name, found.area, found.facts) == ("旧", "110105", {"employees": 2, "weak": True})
    assert merged(None, found) is found


def test_what_can_not_be_read_is_rejected_with_all_its_faults(office):
    faults = (BadFact(fact="x", value="y", kind="z", expected="w"), MissingValue(what="name", key="name"))
    taken = take(office, RowRead(2, "A", None, "110105", SCHOOL, faults))
    assert (taken.outcome, taken.faults) == ("rejected", faults)


def test_what_lacks_an_area_is_not_refused_for_what_no_area_would_mean(office):
    taken = take(office, RowRead(2, "A", "学校", None, SCHOOL))
    assert (taken.outcome, [one.code for one in taken.faults]) == ("parked", ["missing-value"])


def test_what_the_policy_excludes_is_refused_whatever_else_it_lacks(office):
    taken = take(office, RowRead(2, "A", None, None, {**SCHOOL, "registered_at": "national"}))
    assert (taken.outcome, [one.code for one in taken.faults]) == ("rejected", ["not-admitted"])


@pytest.mark.parametrize("area", ["110105", None])
def test_what_the_policy_excludes_is_told_with_whatever_else_is_wrong(area, office):
    wrong = BadIdentity(id="A", title="x", because="y")
    taken = take(office, RowRead(2, "A", "学校", area, {**SCHOOL, "registered_at": "national"}, (wrong,)))
    assert (taken.outcome, [one.code for one in taken.faults]) == ("rejected", ["bad-id", "not-admitted"])


def test_no_news_is_what_was_said_last(office, school):
    school("A", employees=10)
    case = office.store.get("A")
    assert news(office, case, {"employees": 10, "weak": True}) == {"weak": True}
