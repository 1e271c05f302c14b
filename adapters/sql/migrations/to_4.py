"""Schema 4: whole numbers of 64 bits, passages of gates, and requests.

Besides, columns are told apart no more by how old their database is: those that were added later had a default, and the
first databases of schema 2 did not take a notice without a due date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
#: What is read at once.
PAGE = 1000


def upgrade(op: Operations) -> None:
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("overdue", server_default=None, existing_type=sa.Boolean, existing_nullable=False)
        for name in ("fired", "assumed", "duties", "more"):
            cases.alter_column(name, server_default=None, existing_type=sa.String, existing_nullable=False)
    with op.batch_alter_table("notices") as notices:
        notices.alter_column("due", nullable=True, existing_type=sa.Date)
    if op.get_bind().dialect.name == "postgresql":
        _widen(op, "cases", "escalation", "extensions", "priority", "weight", "reminded", "revision")
        _widen(op, "events", "seq", "part")
        _widen(op, "duties", "escalation")
        _widen(op, "notices", "seq", "attempts")
    _passages(op)
    _requests(op)


def _widen(op: Operations, table: str, *columns: str) -> None:
    """All columns at once: each time the whole table is written anew."""
    op.execute(f"ALTER TABLE {table} " + ", ".join(f"ALTER COLUMN {name} TYPE BIGINT" for name in columns))


def _passages(op: Operations) -> None:
    passages = op.create_table(
        "passages",
        sa.Column("gate", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("asked", sa.Date, nullable=False),
        sa.Column("passed", sa.Date),
    )
    cases = sa.table("cases", sa.column("id", sa.String), sa.column("more", sa.String))
    rows = sa.select(cases.c.id, cases.c.more).where(cases.c.more != "{}")
    for page in _pages(op, rows, cases.c.id):
        op.bulk_insert(
            passages,
            [
                {
                    "gate": gate,
                    "case_id": id,
                    "answer": passage["answer"],
                    "asked": date.fromisoformat(passage["asked"]["date"]),
                    "passed": date.fromisoformat(passage["passed"]["date"]) if "passed" in passage else None,
                }
                for id, more in page
                for gate, passage in json.loads(more).get("gates", {}).items()
            ],
        )


def _requests(op: Operations) -> None:
    """What a request led to is known of those before, and not what it asked for."""
    requests = op.create_table(
        "requests",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("id", sa.String, unique=True),
        sa.Column("kind", sa.String),
        sa.Column("command", sa.Text),
        sa.Column("salt", sa.String),
        sa.Column("fingerprint", sa.String),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
        sa.Column("at", _INSTANT),
        sa.Column("recorded_at", _INSTANT, nullable=False),
    )
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(name) for name in ("request_id", "part", "case_id", "seq", "recorded_at")
    ]
    events = sa.table("events", *columns)
    rows = sa.select(*columns).select_from(events).where(events.c.request_id.is_not(None))
    every = (row for page in _pages(op, rows, events.c.request_id, events.c.part) for row in page)
    made: list[dict[str, Any]] = []
    for id, led_to in groupby(every, key=lambda row: row.request_id):
        parts = list(led_to)
        pairs = json.dumps([[one.case_id, one.seq] for one in parts], ensure_ascii=False, separators=(",", ":"))
        made.append({"id": id, "events": pairs, "recorded_at": parts[0].recorded_at})
        if len(made) == PAGE:
            op.bulk_insert(requests, made)
            made = []
    op.bulk_insert(requests, made)


def _pages(op: Operations, rows: sa.Select[Any], *key: sa.ColumnElement[Any]) -> Iterator[list[Any]]:
    """Rows by their key, which is their first columns, a page at a time: there may be millions."""
    statement = rows.order_by(*key).limit(PAGE)
    page = list(op.get_bind().execute(statement))
    while page:
        yield page
        last = [sa.literal(value) for value in page[-1][: len(key)]]
        page = list(op.get_bind().execute(statement.where(sa.tuple_(*key) > sa.tuple_(*last))))
