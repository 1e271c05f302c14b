"""Many commands at once, each to one that is alone; and totals, to the listing that they are of."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from stdnum.cn.uscc import calc_check_digit

from guikou import workflows
from guikou.adapters.sharing import Sharing
from guikou.adapters.sql import SqlStore
from guikou.engine import Organization, Supervision

DAY = date(2016, 1, 4)
POLICY = workflows.load("beijing-2015")
FACTS = {
    "registered_as": "private_non_enterprise", "registered_at": "district", "industry": "education", "employees": 42,
    "party_members": 5, "has_organization": True, "weak": True,
}  # fmt: skip
TOGETHER, THREADS = 100, 16


def measure(n: int = 800) -> list[tuple[str, float, float, float]]:
    """What, at most how often the floor, seconds, seconds of the floor."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        store = SqlStore(f"sqlite:///{folder}/many.db", synchronous="FULL")
        store.create()
        office = Supervision.activate(POLICY, store)
        ids = [f"{body}{calc_check_digit(body)}" for body in (f"52110105MJ{i:07d}" for i in range(3 * n))]
        office.register_many((Organization(id, "学校", "110105", FACTS) for id in ids), when=DAY)
        alone = _timed(lambda: _each(office, ids[:n])) / n
        together = _timed(lambda: _batches(office, ids[n : 2 * n])) / n
        with Sharing(office) as shared:
            sharing = _timed(lambda: _threads(office, shared, ids[2 * n :])) / n
        late = date(2018, 1, 4)
        listed = _timed(lambda: office.overdue(as_of=late))
        tallied = _timed(lambda: office.tally_overdue(["responsible"], as_of=late))
        store.close()
    return [
        ("an advance in a batch of 100, to one alone", 0.7, together, alone),
        ("an advance of 16 threads that share, to one", 1.1, sharing, alone),
        ("totals of what is overdue, to its listing", 0.3, tallied, listed),
    ]


def _timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _telling(id: str) -> dict[str, Any]:
    return {"by": "chaoyang-education", "when": DAY, "request_id": f"r{id}"}


def _each(office: Supervision, ids: list[str]) -> None:
    for id in ids:
        office.advance(id, "confirm_finding", **_telling(id))


def _batches(office: Supervision, ids: list[str]) -> None:
    for start in range(0, len(ids), TOGETHER):
        some = ids[start : start + TOGETHER]
        with office.batch() as batch:
            told = [batch.add(office.advance, id, "confirm_finding", **_telling(id)) for id in some]
        assert all(one.refused is None for one in told)


def _threads(office: Supervision, shared: Sharing, ids: list[str]) -> None:
    def work(some: list[str]) -> None:
        for id in some:
            shared.do(office.advance, id, "confirm_finding", **_telling(id))

    threads = [threading.Thread(target=work, args=(ids[at::THREADS],)) for at in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
