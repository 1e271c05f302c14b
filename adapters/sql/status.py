"""How a database stands: what `guikou db status` tells."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, make_url, select, text

from guikou.engine.audit.statements import SEAL

from .connection import Database
from .migrations import SCHEMA
from .tables import CASES, EVENTS, NOTICES, PARKED, POLICIES, STATEMENTS, read_instant


@dataclass(frozen=True, slots=True)
class Status:
    """How a database stands: `schema` and the one that this guikou has (`today`), the active `policy`, how many cases,
    events, notices and parked rows (`waiting`, `parked`) there are, when something was recorded `last` and when it was
    `sealed` last, how many bytes it takes. `settings` are SQLite's own, and `problems` what it finds wrong with its
    pages."""

    db: str
    kind: str
    schema: str | None
    today: str
    policy: str | None
    cases: int
    closed: int
    events: int
    waiting: int
    parked: int
    last: datetime | None
    sealed: datetime | None
    size: int
    settings: Mapping[str, Any]
    problems: Sequence[str] = ()


def status(database: Database) -> Status:
    """Raises StoreError; NotInitialized where there are no tables."""
    with database.errors():
        connection = database.connection()

        def count(table: Any, *where: Any) -> int:
            return int(connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)

        digest = database.setting("policy")
        row = connection.execute(select(POLICIES.c.name, POLICIES.c.version).where(POLICIES.c.digest == digest)).first()
        sealed = select(func.max(STATEMENTS.c.at)).where(STATEMENTS.c.kind == SEAL)
        return Status(
            db=database.shown,
            kind=database.dialect.name,
            schema=database.setting("schema"),
            today=str(SCHEMA),
            policy=f"{row.name} {row.version}" if row is not None else None,
            cases=count(CASES),
            closed=count(CASES, CASES.c.closed.is_(True)),
            events=count(EVENTS),
            waiting=count(NOTICES, NOTICES.c.delivered_at.is_(None)),
            parked=count(PARKED, PARKED.c.state == "waiting"),
            last=read_instant(connection.scalar(select(func.max(EVENTS.c.recorded_at)))),
            sealed=read_instant(connection.scalar(sealed)),
            size=_size(database),
            settings=_settings(database) if database.sqlite else {},
            problems=problems(database) if database.sqlite else (),
        )


def _size(database: Database) -> int:
    if not database.sqlite:
        return int(database.connection().scalar(text("SELECT pg_database_size(current_database())")) or 0)
    own = make_url(database.url).database or ""
    return sum(os.path.getsize(own + end) for end in ("", "-wal") if os.path.exists(own + end))


def _settings(database: Database) -> dict[str, Any]:
    names = ("journal_mode", "synchronous", "page_size", "freelist_count")
    return {name: database.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


def problems(database: Database) -> list[str]:
    """What is wrong with the pages of an SQLite database and the indexes on them."""
    found = database.connection().exec_driver_sql("PRAGMA integrity_check(10)").scalars()
    return [str(one) for one in found if one != "ok"]
