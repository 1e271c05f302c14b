import itertools
import sqlite3
from pathlib import Path

import pytest

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    return request.param


@pytest.fixture
def written(kind):
    """The SQL that is kept of an old schema: how its tables were made, or the 'data' that they held."""

    def read(schema, part=kind):
        return (SCHEMAS / schema / f"{part}.sql").read_text(encoding="utf-8")

    return read


@pytest.fixture
def script():
    """Runs SQL on a database by its own driver."""

    def run(url, text):
        if url.startswith("sqlite:"):
            connection = sqlite3.connect(url.removeprefix("sqlite:///"))
            connection.executescript(text)
            connection.close()
            return
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(text)

    return run


@pytest.fixture
def new_url(request, kind, tmp_path):
    """Gives the URL of an empty database, at each call of another."""
    made = itertools.count()

    def make():
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'empty'}{next(made) or ''}.db"
        return request.getfixturevalue("new_database")()

    return make


@pytest.fixture
def old(new_url, script, written):
    """Makes a database of a schema that there was, with what it held, and gives its URL; `tables` may change how the
    tables were made."""

    def make(schema, tables=lambda text: text):
        url = new_url()
        script(url, tables(written(schema)))
        script(url, written(schema, "data"))
        return url

    return make
