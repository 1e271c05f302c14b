"""What the record costs: verified, compared with what is kept, and sealed, an event each; the floor loads each event
from its row and dumps it again."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from guikou import workflows
from guikou.adapters.keys import new_key, verified
from guikou.adapters.sample.lives import lives
from guikou.adapters.sample.write import write
from guikou.adapters.sql import SqlStore
from guikou.adapters.sql.rows import SELECT_EVENTS, event_of, event_values
from guikou.adapters.sql.tables import EVENTS

POLICY = workflows.load("beijing-2015")


def measure(n: int = 300) -> list[tuple[str, float, float, float]]:
    """Each with its limit, what it takes and what the floor takes, in seconds an event."""
    with tempfile.TemporaryDirectory(dir=".") as folder, closing(SqlStore(f"sqlite:///{folder}/record.db")) as store:
        store.create()
        store.activate_policy(POLICY.name, POLICY.version, POLICY.digest, POLICY.files)
        kept = write(store, POLICY, lives(POLICY, n, 1, date(2016, 1, 1), date(2020, 12, 31)))
        events = sum(kept.events.values())
        key = new_key(Path(folder) / "key.pem")
        store.sealing.begin_key(key)
        sealed = _cpu(lambda: store.sealing.seal(key))
        floor = min(_cpu(lambda: _floor(store)) for _ in range(3))
        audit = min(_cpu(lambda: _none(store.audit(verified).findings(lambda _: None))) for _ in range(3))
        check = min(_cpu(lambda: _none(store.differences())) for _ in range(3))
    return [
        (what, limit, seconds / events, floor / events)
        for what, limit, seconds in (
            ("an event verified: its hash, chain, seal", 1.0, audit),
            ("an event compared: db check", 3.0, check),
            ("an event sealed", 0.6, sealed),
        )
    ]


def _cpu(run: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def _floor(store: SqlStore) -> None:
    for row in store.database.stream(SELECT_EVENTS.order_by(EVENTS.c.case_id, EVENTS.c.seq)):
        event_values(event_of(row), 0)


def _none(found: object) -> None:
    assert list(found) == [], "the record is as it was"  # type: ignore[call-overload]
