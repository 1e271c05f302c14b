"""Processes are killed in the midst of whatever they do: what they were told is kept is there, all else is there whole or
not at all, and the next one goes on. GUIKOU_KILLS of them on each database; `make crashes`: 500, and a tenth of it while
they make a sample."""

import json
import os
import random
import selectors
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from guikou.adapters.keys import new_key, verified
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Query, Supervision, fold

from . import doomed

KILLS = int(os.environ.get("GUIKOU_KILLS", "2"))


def killed(url, seed, key, folder):
    """What a process was told is kept before it was killed, after some pieces of work and a moment more."""
    draw = random.Random(seed)
    words = [sys.executable, str(Path(doomed.__file__)), url, str(seed), str(key), str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        told = [process.stdout.readline() for _ in range(draw.randint(1, 30))]
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if selector.select(draw.uniform(0, 0.03)):
                told.append(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest, complaints = process.communicate()
    assert process.returncode == -signal.SIGKILL, complaints
    assert complaints == b""
    lines = b"".join(told) + rest
    whole = lines[: lines.rfind(b"\n") + 1].decode().split()
    return [line for line in whole if line != "-"]


@pytest.mark.skipif(KILLS < 10, reason="each takes ten seconds: make crashes")
@pytest.mark.parametrize("which", ["sqlite", "postgresql"])
def test_a_sample_that_is_killed_is_kept_as_far_as_it_came(which, new_store):
    """Each life is there whole or not at all."""
    words = [sys.executable, "-m", "guikou", "sample", "--n", "3000", "--years", "1", "--until", "2023-12-31"]
    for seed in range(KILLS // 10):
        store = new_store(which)
        own = {**os.environ, "GUIKOU_DB": store.url}
        with (
            subprocess.Popen(words, env=own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process,
            selectors.DefaultSelector() as selector,
        ):
            while process.poll() is None and not store.count(Query()):
                pass  # so far it only begins to work
            selector.register(process.stdout, selectors.EVENT_READ)
            selector.select(random.Random(seed).uniform(0, 2))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        assert process.returncode in (-signal.SIGKILL, 0)
        assert list(store.differences()) == []
        assert [one.code for one in store.audit(verified).findings()] == []


def test_what_was_acknowledged_outlives_who_asked_for_it(policy, sql_store, tmp_path):
    key = tmp_path / "key.pem"
    store = SqlStore(sql_store.url, busy_timeout=30)
    store.sealing.begin_key(new_key(key))
    office = Supervision(policy, store)
    for number in range(40):
        office.register(Organization(f"A{number:03}", "学校", "110105", doomed.FACTS))
    acknowledged = []
    for seed in range(KILLS):
        acknowledged += killed(sql_store.url, seed, key, tmp_path)
    assert acknowledged
    with store.database.errors():
        rows = store.database.connection().execute(text("SELECT id, events FROM requests WHERE id IS NOT NULL")).all()
    kept = dict(tuple(row) for row in rows)
    assert [one for one in acknowledged if one not in kept] == []
    for case in store.cases(Query()):
        assert case == fold(office.history(case.id))
    for events in kept.values():
        for id, seq in json.loads(events):
            assert store.events(id)[seq - 1].seq == seq
    assert list(store.differences(office.wakes_by)) == []
    assert [one.code for one in store.audit(verified).findings()] == []
    assert {one.state for one in office.intake.imports()} <= {"done", "running"}
    store.close()
