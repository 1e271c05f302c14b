"""Where a database is, and what is said of it."""

import pytest

from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.connection import Database
from guikou.engine.errors import StoreUnreachable


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://office:geheim@/x?host=/nowhere",
        "postgresql://office@/x?host=/nowhere&password=geheim",
        "postgresql://office:geheim@localhost:1/x?application_name=guikou",
    ],
)
def test_a_password_is_not_shown(url):
    assert "geheim" not in Database(url, busy_timeout=1, synchronous="FULL").shown
    with pytest.raises(StoreUnreachable) as refused:
        SqlStore(url)
    assert "geheim" not in refused.value.line("en") + refused.value.line("zh")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://office:geheim@localhost:port/x",
        "postgresql://office:ge@heim@localhost/x",
        "postgresql+nothing://office:geheim@localhost/x",
        "://office:geheim@localhost/x",
        "oracle://office:geheim@localhost/x",
        "post gres://localhost/x?password=geheim",
    ],
)
def test_what_is_no_url_of_ours_is_said_without_the_password(url):
    with pytest.raises(StoreUnreachable) as refused:
        SqlStore(url)
    assert "heim" not in refused.value.line("en") + refused.value.line("zh")


def test_a_file_is_shown_as_it_is(tmp_path):
    for name in ("a b.db", "试.db"):
        database = Database(str(tmp_path / name), busy_timeout=1, synchronous="FULL")
        assert database.shown == f"sqlite:///{tmp_path / name}"


def test_whatever_else_a_url_says_is_shown_too():
    url = "postgresql://office:geheim@localhost/党建?application_name=guikou"
    shown = Database(url, busy_timeout=1, synchronous="FULL").shown
    assert shown == "postgresql+psycopg://office:***@localhost/党建?application_name=guikou"
