"""Erasing, and what is kept no longer, as integrators call it; on every store in tests/adapters/test_erasing.py."""

from datetime import UTC, date, datetime

import pytest

from guikou.engine import Supervision
from guikou.engine.cases.texts import ERASED
from guikou.engine.errors import FutureDay, MayNotAct, NotErasable
from guikou.engine.policy.files.load import parse

from ..told import BY


def test_it_takes_effect_no_sooner_than_the_last_that_happened(school, supervision, store, clock):
    school()
    supervision.remark("A", "x", by=BY)
    clock.now = datetime(2016, 1, 3, 4, tzinfo=UTC)  # a clock that was put back
    supervision.erase("A", 2, reason="y", by=BY)
    assert store.events("A")[-1].at == store.events("A")[-2].at


def woken(store):
    """When the sweep looks at which case next."""
    with store.transaction() as work:
        return [(day, id) for day, id, _ in work.woken(date(2999, 1, 1), 9, (date.min, ""))]


def test_nobody_is_told_of_it_and_the_sweep_looks_when_it_would_have(school, supervision, store):
    school()
    supervision.remark("A", "x", by=BY)
    told, wake = len(store.outbox()), woken(store)
    supervision.erase("A", 2, reason="y", by=BY)
    assert (len(store.outbox()), woken(store)) == (told, wake)


def test_the_reason_of_an_erasure_can_be_erased_too(school, supervision, store):
    school()
    supervision.remark("A", "x", by=BY)
    supervision.erase("A", 2, reason="张三", by=BY)
    supervision.erase("A", 3, reason="又误写", by=BY)
    assert [one.reason for one in store.events("A")][1:] == [ERASED, ERASED, "又误写"]


def test_a_merged_case_is_named_by_its_own_id(school, supervision, store):
    school("A")
    school("B")
    supervision.remark("B", "张三", by=BY)
    supervision.same("A", "B", reason="重复", by=BY)
    with pytest.raises(NotErasable):
        supervision.erase("A", 9, reason="x", by=BY)
    supervision.erase("B", 2, reason="x", by=BY)
    assert store.events("B")[1].reason == ERASED
    with pytest.raises(MayNotAct):
        supervision.erase("B", 3, reason="x", by="haidian-education")


def test_what_is_carried_on_is_kept_until_that_is_over_too(beijing, school, supervision, store, clock):
    policy = parse({**beijing.files, "policy.yaml": beijing.files["policy.yaml"] + "\nretention: 2 years\n"})
    office = Supervision.activate(policy, store)
    school("A")
    school("B")
    office.remark("B", "张三", by=BY)
    office.same("A", "B", reason="重复", by=BY)
    clock.now = datetime(2020, 1, 4, 4, tzinfo=UTC)
    assert office.expire(dry_run=True).expired == ()
    office.advance("A", "deregister", by=BY, evidence={"deregistration_record": "1"})
    clock.now = datetime(2022, 1, 5, 4, tzinfo=UTC)
    found = office.expire(dry_run=True)
    assert [one.view.case.id for one in found.expired] == ["A", "B"]
    assert {one.closed for one in found.expired} == {date(2020, 1, 4)}
    assert found.to_dict()["expired"][1]["texts"] == 2
    with pytest.raises(FutureDay):
        office.expire(when=date(2023, 1, 1))
    assert office.expire(dry_run=True, when=date(2023, 1, 1)).expired != ()
