"""Several processes do at once what comes to their mind: nothing is lost, nothing half done, nobody refused for the
others' sake."""

import ast
import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from guikou.adapters.keys import verified
from guikou.adapters.sql import SqlStore
from guikou.engine import GuikouError, Supervision
from guikou.engine.cases.fold import fold
from guikou.engine.supervision.query import Query

from . import crowd

#: What the rules themselves refuse; nothing that others brought about at the same time.
OWN = {
    "already-member", "not-member", "case-closed", "not-eligible", "group-full", "guard-not-met", "may-not-act",
    "not-from-here", "missing-fact", "request-reused", "still-the-same", "merged-away", "not-mergeable", "not-correctable",
    "cannot-stand", "not-reopenable", "not-erasable", "request-erased", "id-merged", "not-recorded", "not-asked", "unknown-import",
    "already-undone", "not-open-yet", "already-met", "already-told", "import-in-use",
    "not-parked", "id-taken", "parked-no-more",
}  # fmt: skip
PROCESSES = int(os.environ.get("GUIKOU_CROWD", "4"))
COMMANDS = int(os.environ.get("GUIKOU_CROWD_COMMANDS", "60"))
CASES = int(os.environ.get("GUIKOU_CROWD_CASES", "20"))


def test_a_crowd_of_processes_loses_nothing(policy, sql_store):
    store = SqlStore(sql_store.url, busy_timeout=30)
    office = Supervision(policy, store)
    crowd.begin(office, CASES)
    started = [
        subprocess.Popen(
            [sys.executable, str(Path(crowd.__file__)), sql_store.url, str(seed), str(COMMANDS)], stdout=subprocess.PIPE
        )
        for seed in range(PROCESSES)
    ]
    refused = Counter()
    for one in started:
        out, _ = one.communicate()
        assert one.returncode == 0
        refused.update(ast.literal_eval(out.decode()))
    assert set(refused) <= OWN, refused
    standing = {case.id: case for case in store.cases(Query())}
    for id, case in standing.items():
        history = store.events(id)
        assert case == fold(history)
        assert [one.seq for one in history] == list(range(1, case.revision + 1))
        for before, after in pairwise(history):
            assert before.recorded_at <= after.recorded_at, (id, before, after)
        assert case.members == sum(id in one.groups for one in standing.values())
    assert list(store.differences(office.wakes_by)) == []
    assert list(store.audit(verified).findings()) == []
    store.close()


def test_whatever_is_done_takes_cases_in_one_order(policy, new_store, monkeypatch):
    """Two that took the same cases in different orders would wait for each other for ever."""
    office, taken = Supervision(policy, new_store("memory")), []
    crowd.begin(office, 12)
    begin = office.store.transaction

    @contextmanager
    def transaction():
        with begin() as work:
            taken.append([])
            monkeypatch.setattr(type(work), "alone", False)
            yield Watched(work, taken[-1])

    monkeypatch.setattr(office.store, "transaction", transaction)
    draw, codes = random.Random(7), Counter()
    for _ in range(800):
        try:
            crowd.work(office, draw, 12)
        except GuikouError as error:
            codes[error.code] += 1
    assert set(codes) <= OWN, codes
    assert max(map(len, taken)) > 2
    assert [own for own in taken if own != sorted(own)] == []


class Watched:
    """A transaction of which it is known which cases were taken, in order."""

    def __init__(self, work, taken):
        self._work, self._taken = work, taken

    def __getattr__(self, name):
        return getattr(self._work, name)

    def case(self, id):
        found = self._work.case(id)
        if found is not None and id not in self._taken:
            self._taken.append(id)
        return found
