import itertools
from datetime import UTC, datetime

import pytest

from guikou.adapters.memory import MemoryStore
from guikou.adapters.sql import SqlStore

NOW = datetime(2016, 1, 4, 4, tzinfo=UTC)


@pytest.fixture(scope="session")
def policy(beijing):
    return beijing


_names = itertools.count()


@pytest.fixture
def new_store(request, tmp_path, policy):
    """Makes an empty store of a kind, with the policy active."""
    made = []

    def make(kind):
        if kind == "memory":
            store = MemoryStore(lambda: NOW)
        else:
            url = f"sqlite:///{tmp_path / f'{next(_names)}.db'}"
            if kind == "postgresql":
                url = request.getfixturevalue("new_database")()
            store = SqlStore(url, clock=lambda: NOW, busy_timeout=0.05)
            store.url = url
            store.create()
            made.append(store)
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, new_store):
    return new_store(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_store(request, new_store):
    return new_store(request.param)
