"""Records that stand, and how one that was wrong is taken back."""

from datetime import date

import pytest

from guikou.engine.errors import NotRecorded, ReasonMissing
from guikou.engine.supervision.records import records, strike

from ..told import BY


@pytest.fixture
def recorded(school, supervision, clock):
    school()
    for day, count in ((4, 9), (5, 12)):
        clock.now = clock.now.replace(day=day)
        supervision.record("A", "activity", count=count, by=BY, evidence={"activity_record": "1"})


def test_what_stands_at_a_days_end(office, recorded):
    assert [event.count for event in records(office, "A", None)] == [9, 12]
    assert [event.count for event in records(office, "A", date(2016, 1, 4))] == [9]


def test_what_was_struck_stands_no_more_and_counts_no_more(office, recorded):
    wrong = records(office, "A", None)[0]
    view = strike(office, "A", wrong.seq, "counted twice", {"by": BY})
    assert view.case.records["activity"].of(2016)[:2] == (1, 12)
    assert [event.count for event in records(office, "A", None)] == [12]
    assert records(office, "A", date(2016, 1, 4)) == [wrong]
    for seq in (wrong.seq, 1, 99):
        with pytest.raises(NotRecorded):
            strike(office, "A", seq, "again", {"by": BY})
    with pytest.raises(ReasonMissing):
        strike(office, "A", wrong.seq, " ", {"by": BY})
