"""A transaction begun anew: in the order in which everybody takes cases, and where the store gave it up."""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from guikou.engine.errors import StoreContended
from guikou.engine.supervision.office import Office
from guikou.engine.supervision.retrying import TRIES, transacted

from ..indicators.cases import case


class _Store:
    """Cases by id, and which of them each transaction took, in order."""

    def __init__(self, *ids, alone=False):
        self.cases = {id: case(id) for id in ids}
        self.alone, self.taken, self.reserved = alone, [], []

    @contextmanager
    def transaction(self):
        self.taken.append([])
        assert len(self.taken) < 20, "begun anew for ever"

        def taken(id):
            if id in self.cases:
                self.taken[-1].append(id)
            return self.cases.get(id)

        reserved = self.reserved.append
        yield SimpleNamespace(
            case=taken, alias=lambda id: None, alone=self.alone, reserve=reserved, needs=lambda ids: None
        )


@pytest.fixture
def office(published):
    return lambda *ids, **more: Office(published, _Store(*ids, **more))


def test_cases_are_taken_in_one_order_whatever_they_are_named_in(office):
    one = office("A", "B", "C")
    assert transacted(one, ["C", "A", "B"], lambda keeping: "done") == "done"
    assert one.store.taken == [["A", "B", "C"]]
    assert one.store.reserved == [{"A", "B", "C"}]


def test_what_comes_before_is_taken_first_after_all(office):
    one = office("A", "B", "C", "D")

    def do(keeping):
        keeping.case("D")
        keeping.case("B")
        keeping.hold(["C", "A"])
        return keeping.case("A").id

    assert transacted(one, ["C"], do) == "A"
    assert one.store.taken[-1] == ["A", "B", "C", "D"]
    assert all(taken == sorted(taken) for taken in one.store.taken)
    assert len(one.store.taken) == 3


def test_a_store_that_waits_for_nobody_keeps_the_order_in_which_it_is_asked(office):
    one = office("A", "B", alone=True)
    transacted(one, ["B"], lambda keeping: keeping.case("A"))
    assert one.store.taken == [["B", "A"]]
    assert one.store.reserved == []  # one by itself waits for nobody in a circle


def test_what_is_not_there_is_no_case_to_wait_for(office):
    one = office("B")
    assert transacted(one, ["B"], lambda keeping: keeping.case("C")) is None
    assert transacted(one, ["B"], lambda keeping: keeping.case("A")) is None


def test_what_the_store_gave_up_is_tried_so_often(office):
    tries = []

    def do(keeping):
        tries.append(1)
        if len(tries) < TRIES:
            raise StoreContended()
        return "done"

    assert transacted(office(), [], do) == "done"

    def never(keeping):
        tries.append(1)
        raise StoreContended()

    tries.clear()
    with pytest.raises(StoreContended):
        transacted(office(), [], never)
    assert len(tries) == TRIES


def test_an_id_that_no_case_has_is_not_asked_for_in_its_order_again_and_again(office):
    """As where an organisation is named by an id that it was given later: its case has the first."""
    one = office("B")

    def do(keeping):
        keeping.case("B")
        return keeping.own("A"), keeping.own("A")

    assert transacted(one, ["B"], do) == (None, None)
    assert len(one.store.taken) == 2


def test_cases_that_were_merged_lead_to_what_comes_later_and_all_are_taken_in_order(office):
    one = office("A", "B", "C", "D")
    one.store.cases |= {id: replace(one.store.cases[id], same_as=to) for id, to in (("A", "D"), ("C", "A"))}
    assert transacted(one, ["A", "B", "C"], lambda keeping: [keeping.case(id).id for id in "ABC"]) == ["D", "B", "D"]
    assert transacted(one, ["B"], lambda keeping: [keeping.case(id).id for id in "BCA"]) == ["B", "D", "D"]
    assert all(taken == sorted(taken) for taken in one.store.taken)
