"""What is in the way of undoing."""

from datetime import timedelta

import pytest

from guikou.engine import RowRead, Source
from guikou.engine.errors import ImportInUse, ReasonMissing, TimeRunsBack
from guikou.engine.supervision.undoing import SHOWN

from ..told import SCHOOL


@pytest.fixture
def imported(supervision):
    def of(*ids, digest="x", **facts):
        said = {**SCHOOL, **facts}
        rows = [RowRead(line, id, "学校", "chaoyang", said) for line, id in enumerate(ids, 2)]
        run = supervision.intake.begin(Source("a.csv", digest, 1), len(rows))
        assert list(run.take(rows))
        return run.what.number

    return of


def test_only_some_of_many_are_named(imported, supervision):
    number = imported(*"ABCDEFGH")
    for id in "ABCDEFGH":
        supervision.block(id, "coverage", by="chaoyang-education")
    with pytest.raises(ImportInUse) as refused:
        supervision.intake.undo(number, reason="x")
    assert refused.value.details["count"] == 8
    assert len(refused.value.details["cases"]) == SHOWN + 1
    assert "记录障碍" in refused.value.message("zh")


def test_a_reason_is_needed_and_time_does_not_run_back(imported, supervision, clock):
    number = imported("A")
    with pytest.raises(ReasonMissing):
        supervision.intake.undo(number, reason="  ")
    with pytest.raises(TimeRunsBack):
        supervision.intake.undo(number, reason="x", when=clock.now.date() - timedelta(days=1))


def test_what_was_not_changed_is_left_alone(imported, supervision):
    imported("A")
    number = imported("A", "B", digest="y")
    before = supervision.history("A")
    undone = supervision.intake.undo(number, reason="x")
    assert [case.id for case in undone.withdrawn] == ["B"]
    assert supervision.history("A") == before
