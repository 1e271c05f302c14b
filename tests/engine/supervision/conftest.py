from datetime import UTC, datetime

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.engine import Organization, Supervision
from guikou.engine.supervision.office import Office

from ..told import SCHOOL


class Clock:
    def __init__(self):
        self.now = datetime(2016, 1, 4, 4, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(beijing, clock):
    made = MemoryStore(clock)
    made.activate_policy(beijing.name, beijing.version, beijing.digest, beijing.files)
    return made


@pytest.fixture
def office(beijing, store):
    """What every command and question starts from."""
    return Office(beijing, store)


@pytest.fixture
def supervision(beijing, store):
    return Supervision(beijing, store)


@pytest.fixture
def school(supervision):
    """Registers schools."""

    def register(id="A", **facts):
        return supervision.register(Organization(id, f"学校{id}", "110105", {**SCHOOL, **facts}))

    return register
