"""Everything that time brings about, over all cases."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import StoreContended
from guikou.engine.supervision.sweeping import recount_all, sweep

pytestmark = pytest.mark.usefixtures("told_on_time")

DAY = date(2016, 6, 1)


def test_batches_of_any_size_do_the_same_once(office, school, beijing, clock):
    for id in "ABC":
        school(id, has_organization=True, standardized=True, weak=False)
    tried = sweep(office, DAY, True, 2)
    assert [office.store.get(id).revision for id in "ABC"] == [1, 1, 1]
    swept = sweep(office, DAY, False, 2)
    assert (swept.day, swept.cases, swept.failed, swept.ahead) == (DAY, 3, (), 0)
    assert [event.hash for _, event in swept.happened] == [event.hash for _, event in tried.happened]
    assert {view.obligation for view, event in swept.happened if event.concerns} >= {"inspection"}
    again = sweep(office, DAY, False, 2)
    assert (again.cases, again.happened) == (0, ())


def test_a_case_that_was_changed_on_a_later_day_is_left_as_it_is(office, school, supervision):
    school()
    supervision.report("A", {"employees": 43}, when=date(2017, 1, 1))
    swept = sweep(office, date(2016, 12, 31), False, 9)
    assert (swept.ahead, swept.happened) == (1, ())
    assert office.store.get("A").revision == 2


def test_where_no_year_was_assumed_there_is_nothing_to_count_anew(office, school):
    school()
    assert recount_all(office, None, False) == []


@pytest.mark.parametrize("times", [(1, 2), (3,), (1, 3, 4, 5)])
def test_what_the_store_gave_up_because_of_others_is_swept_all_the_same(office, school, monkeypatch, times):
    """Whatever transaction it is, whether as it begins or once a case was written in it."""
    for id in "ABC":
        school(id, has_organization=True, standardized=True, weak=False)
    begin, begun = office.store.transaction, []

    def contended(*_, **__):
        raise StoreContended()

    @contextmanager
    def transaction():
        begun.append(1)
        with begin() as work:
            if len(begun) in times:
                monkeypatch.setattr(work, "woken" if len(begun) % 2 else "append", contended)
            yield work

    expected = sweep(office, DAY, True, 2).happened
    monkeypatch.setattr(office.store, "transaction", transaction)
    swept = sweep(office, DAY, False, 2)
    assert (swept.cases, swept.failed) == (3, ())
    assert sorted(event.hash for _, event in swept.happened) == sorted(event.hash for _, event in expected)


def test_who_is_never_let_in_is_told_so(office, school, monkeypatch):
    school(has_organization=True, standardized=True, weak=False)

    def transaction():
        raise StoreContended()

    monkeypatch.setattr(office.store, "transaction", transaction)
    with pytest.raises(StoreContended):
        sweep(office, DAY, False, 2)


def test_what_a_sweep_tells_is_told_once_it_holds_the_cases(beijing, monkeypatch):
    """Whoever was at a case until then told of it before."""
    seconds = count()
    store = MemoryStore(lambda: datetime(2016, 6, 1, 4, tzinfo=UTC) + timedelta(seconds=next(seconds)))
    office = Supervision(beijing, store)
    facts = {
        "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education",
        "employees": 42, "party_members": 5, "has_organization": False,
    }  # fmt: skip
    office.register(Organization("A", "学校", "110105", facts), when=date(2015, 1, 5))
    held, begin = [], store.transaction

    @contextmanager
    def transaction():
        with begin() as work:
            woken = work.woken

            def noted(*asked):
                found = woken(*asked)
                held.append(store.now())
                return found

            work.woken = noted
            yield work

    monkeypatch.setattr(store, "transaction", transaction)
    told = [event.recorded_at for _, event in office.sweep(when=date(2016, 6, 1)).happened]
    assert told
    assert min(told) > held[0]
