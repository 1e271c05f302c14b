"""What is written for an event, and no more."""

from dataclasses import replace
from datetime import date

import pytest

from guikou.engine import Organization, Supervision
from guikou.engine.cases.case import Duty, Membership, Passage

DAY = date(2016, 1, 4)
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": False,
}  # fmt: skip
ASKED = Passage("allowed", ("inspect_together",), DAY)


@pytest.fixture
def store(policy, new_store):
    store = new_store("sqlite")
    Supervision(policy, store).register(Organization("A", "学校", "110105", FACTS), when=DAY)
    return store


def written(store, **changes):
    """The first words of each statement that one more event of the case is kept with."""
    before = store.get("A")
    seq = before.revision + 1
    event = replace(store.events("A")[0], seq=seq, previous=before.head, hash=str(seq))
    after = replace(before, revision=seq, head=event.hash, **changes)
    said = []
    driver = store.database.connection().connection.driver_connection
    with store.transaction() as work:
        driver.set_trace_callback(said.append)
        work.append(before, after, [event], wake=None)
        driver.set_trace_callback(None)
        work.commit()
    assert store.get("A") == after
    return [" ".join(one.split("(")[0].split()[:3]).removesuffix(" SET") for one in said]


ALWAYS = ["UPDATE cases", "INSERT INTO events"]


def test_an_event_costs_two_statements(store):
    assert written(store, state="build.approving") == ALWAYS


def test_what_else_changed_costs_one_more_each(store):
    assert written(store, name="新校") == [ALWAYS[0], "UPDATE organizations", ALWAYS[1]]
    duties = {**store.get("A").duties, "x": Duty(due=DAY)}
    assert written(store, duties=duties) == [ALWAYS[0], "INSERT INTO duties", ALWAYS[1]]
    assert written(store, groups={"J": Membership("joint", DAY)}) == [ALWAYS[0], "INSERT INTO memberships", ALWAYS[1]]


def test_a_passage_is_written_when_what_listings_ask_for_has_changed(store):
    inserted, deleted = "INSERT INTO passages", "DELETE FROM passages"
    assert written(store, gates={"inspection": ASKED}) == [ALWAYS[0], inserted, ALWAYS[1]]
    told = replace(ASKED, told={"inspected": {"on": DAY, "value": "qualified", "evidence": {}}})
    assert written(store, gates={"inspection": told}) == ALWAYS
    assert written(store, gates={"inspection": replace(told, passed=DAY)}) == [ALWAYS[0], deleted, inserted, ALWAYS[1]]
    assert written(store, gates={}) == [ALWAYS[0], deleted, ALWAYS[1]]
