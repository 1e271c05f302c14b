"""A sweep and a listing among 10,000 and among 1,000,000 cases: cost must follow what is due, not what there is."""

from __future__ import annotations

import gc
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from guikou import workflows
from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.listings import given
from guikou.adapters.sql.rows import case_values
from guikou.engine import Organization, Supervision
from guikou.engine.cases.canonical import dumps
from guikou.engine.supervision.office import Office

POLICY = workflows.load("beijing-2015")
OPENED, TODAY = date(2016, 1, 4), date(2016, 3, 1)
FACTS = {
    "registered_as": "enterprise",
    "registered_at": "district",
    "industry": "internet",
    "employees": 42,
    "party_members": 5,
    "has_organization": True,
    "weak": False,
    "standardized": False,
}
DUE, OVERDUE = 1_000, 100
#: The id of the case that all others are copies of.
PATTERN = "91110105MA00000012"


class World:
    """A database of `n` cases of which 1,000 have a reminder to be given today, and 100 more are overdue."""

    def __init__(self, folder: str, n: int) -> None:
        self.path = Path(folder) / f"{n}.db"
        self.store = SqlStore(f"sqlite:///{self.path}")
        self.store.create()
        self.store.activate_policy(POLICY.name, POLICY.version, POLICY.digest, POLICY.files)
        self.office = Supervision(POLICY, self.store)
        self.office.register(Organization(PATTERN, "企业", "110105", FACTS), when=OPENED)
        # Due in 30 days, where the rest is due in most of a year; and overdue, where they have been marked so.
        soon = self._copies(DUE, "due", TODAY + timedelta(days=30), TODAY, False)
        late = self._copies(OVERDUE, "late", TODAY - timedelta(days=9), TODAY + timedelta(days=9), True)
        rest = self._copies(n - DUE - OVERDUE, "case", TODAY + timedelta(days=200), TODAY + timedelta(days=170), False)
        self._insert([soon, late, rest])
        self.store.close()
        self.store = SqlStore(f"sqlite:///{self.path}")
        self.office = Supervision(POLICY, self.store)

    def _copies(self, count: int, prefix: str, due: date, wake: date, overdue: bool) -> Iterator[tuple[Any, ...]]:
        pattern = self.store.get(PATTERN)
        assert pattern is not None
        values = {**case_values(pattern, wake), "stage_due": due, "due": due, "overdue": overdue}
        insert = self.store.statements.insert_case
        row = list(insert.row(values))
        at = insert.order.index("id")
        organization = insert.order.index("organization")
        facts = dumps(pattern.facts)
        for i in range(count):
            row[at] = row[organization] = f"{prefix}{i:07d}"
            yield tuple(row), (row[at], "企业", "110105", facts)

    def _insert(self, parts: list[Iterator[tuple[Any, ...]]]) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for part in parts:
            for case, organization in part:
                connection.execute(
                    "INSERT INTO organizations (id, name, area, facts) VALUES (?, ?, ?, ?)", organization
                )
                connection.execute(self.store.statements.insert_case.text, case)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.close()

    def sweep(self) -> float:
        """Seconds for a sweep that gives the 1,000 reminders, committed durably."""
        start = time.perf_counter()
        swept = self.office.sweep(when=TODAY)
        spent = time.perf_counter() - start
        assert [event.kind for _, event in swept.happened] == ["reminded"] * DUE, len(swept.happened)
        return spent

    def listing(self, under: str | None, times: int = 50) -> tuple[float, float]:
        """Seconds for listing the 100 overdue, and for the same SQL by sqlite3 alone with its rows read."""
        query = replace(
            Office(self.office.policy, self.store).query(under=under),
            closed=False, due_before=TODAY, order="due", limit=OVERDUE,
        )  # fmt: skip
        days = (self.office.today() - TODAY).days + 1
        connection = sqlite3.connect(self.path)
        ours, bare = [], []
        self.office.overdue(under=under, what="stages", limit=OVERDUE, days=days)
        prepared = self.store.listings.prepared(query, duties=False)
        row = prepared.row(given(query, sqlite=True))
        gc.disable()  # as in the other measurements
        for _ in range(times):
            start = time.perf_counter()
            found = self.office.overdue(under=under, what="stages", limit=OVERDUE, days=days)
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            rows = connection.execute(prepared.text, row).fetchall()
            bare.append(time.perf_counter() - start)
            assert [one.id for one in found] == [one[0] for one in rows]
            assert len(rows) == OVERDUE
        gc.enable()
        connection.close()
        return min(ours), min(bare)

    def counting(self, times: int = 5) -> tuple[float, float]:
        """Seconds for an indicator of all cases by type, and for counting the same by hand from the same rows: every
        column of a case is read, its facts are parsed, and plain code tells who counts."""
        connection = sqlite3.connect(self.path)
        rows = "SELECT c.*, o.name, o.area, o.facts FROM cases c JOIN organizations o ON o.id = c.organization"
        names = [one[0] for one in connection.execute(rows + " LIMIT 0").description]
        workflow, closed = names.index("workflow"), names.index("closed")
        ours, bare = [], []
        for _ in range(times):
            start = time.perf_counter()
            found = self.office.indicator("organization_coverage", by="type")
            ours.append(time.perf_counter() - start)
            start = time.perf_counter()
            counts: dict[str, list[int]] = {}
            for row in connection.execute(rows + " ORDER BY c.id"):
                if not row[closed] and row[workflow] not in ("hub", "joint", "applicant"):
                    count = counts.setdefault(row[workflow], [0, 0])
                    count[0] += json.loads(row[-1])["has_organization"] is True
                    count[1] += 1
            bare.append(time.perf_counter() - start)
            assert {one.key: [one.numerator, one.denominator] for one in found[1:]} == counts
        connection.close()
        return min(ours), min(bare)


def measure() -> list[tuple[str, float, float, float]]:
    """What is held, ours, its floor, and the limit of their ratio."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        small, large = World(folder, 10_000), World(folder, 1_000_000)
        swept = large.sweep(), small.sweep()
        whole, part, top = large.listing(None), large.listing("beijing-internet"), large.listing("beijing")
        counted = small.counting()
        small.store.close()
        large.store.close()
    return [
        ("sweep, 1,000 due among 1,000,000 to 10,000", 1.5, *swept),
        ("listing 100 overdue of 1,000,000, to SQL", 2.0, *whole),
        ("the same, under one body", 2.0, *part),
        ("the same, under the top body", 2.0, *top),
        ("an indicator of 10,000 cases, to SQL and a loop", 4.0, *counted),
    ]
