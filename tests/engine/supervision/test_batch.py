from datetime import date

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.errors import BadArgument, BatchRun, NotRun
from guikou.engine.supervision.batch import COMMANDS

DAY = date(2016, 1, 4)


@pytest.fixture
def office(beijing):
    return Supervision(beijing, MemoryStore())


def test_only_commands_of_the_same_office_are_taken(office, beijing):
    batch = office.batch()
    other = Supervision(beijing, MemoryStore())
    for command in (office.sweep, office.cases, other.advance, len, None):
        with pytest.raises(BadArgument):
            batch.add(command, "A", "apply")
    assert len(batch) == 0
    assert all(callable(getattr(Supervision, name)) for name in COMMANDS)


def test_there_is_no_answer_before_it_ran_and_it_runs_once(office):
    batch = office.batch()
    pending = batch.add(office.remark, "A", "x", by="beijing")
    assert list(pending.ids()) == ["A", "x", "beijing"]
    with pytest.raises(NotRun):
        pending.answer()
    batch.run()
    assert pending.refused.code == "unknown-case"
    with pytest.raises(BatchRun):
        batch.run()
    with pytest.raises(BatchRun):
        batch.add(office.remark, "A", "x", by="beijing")
    assert "remark" in repr(pending)


def test_the_ids_of_organisations_and_of_members_are_named_too(office):
    batch = office.batch()
    pending = batch.add(office.found, Organization("G", "联合", "110105", {}), ["A", "B"], by="beijing", when=DAY)
    assert {"G", "A", "B"} <= set(pending.ids())


def test_an_empty_batch_does_nothing(office):
    with office.batch():
        pass
