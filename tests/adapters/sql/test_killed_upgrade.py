"""An upgrade that is killed leaves the database as it was or as it is to be; the next one goes on.

GUIKOU_KILLS of them on each database; `make crashes`: 500.
"""

import os
import random
import selectors
import signal
import subprocess
import sys

import pytest

from guikou.adapters.sql import SqlStore, migrations
from guikou.engine import Query, fold

KILLS = int(os.environ.get("GUIKOU_KILLS", "2"))
OLD = ["1", "2", "3", "4", "5", "6"]
UPGRADE = """
import sys
from guikou.adapters.sql import SqlStore
sys.stdout.write(".")
sys.stdout.flush()
SqlStore(sys.argv[1], upgrade=True).close()
sys.stdout.write(".")
sys.stdout.flush()
"""


@pytest.mark.usefixtures("programs")
def test_an_upgrade_that_is_killed_is_whole_or_absent(kind, old, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where PostgreSQL's backups go
    found = set()
    for seed in range(KILLS):
        url, draw = old(OLD[seed % len(OLD)]), random.Random(seed)
        words = [sys.executable, "-c", UPGRADE, url]
        with (
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process,
            selectors.DefaultSelector() as selector,
        ):
            assert process.stdout.read(1) == b"."
            selector.register(process.stdout, selectors.EVENT_READ)
            selector.select(draw.uniform(0, 0.6))
            process.send_signal(signal.SIGKILL)
            done = process.communicate()[0] == b"."
        store = SqlStore(url, upgrade=True)
        assert done <= (store.backed_up is None)  # which was made before
        found.add(done)
        assert store.database.setting("schema") == str(migrations.SCHEMA)
        cases = store.cases(Query())
        assert cases
        assert [fold(store.events(case.id)) for case in cases] == cases
        assert {one.table for one in store.differences()} <= {"policies"}  # of which these hold no text
        store.close()
    assert len(found) == 2 or KILLS < 20
