import os

import pytest

from .engines import opened

#: Spark needs Java, and is tried by `make spark` alone.
DIALECTS = ["spark"] if os.environ.get("GUIKOU_SPARK") else ["sqlite", "postgres", "duckdb"]


@pytest.fixture(scope="session", params=DIALECTS)
def engine(request):
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with opened(request.param, url) as engine:
        yield engine
