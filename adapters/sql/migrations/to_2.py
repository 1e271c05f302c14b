"""Schema 2: deadlines that run, duties, the sweep's day of waking, and the outbox.

An old case has no duties until the sweep has looked at it, which it does at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade(op: Operations) -> None:
    for column in (
        sa.Column("suspended", sa.Date),
        sa.Column("reminded", sa.Integer),
        sa.Column("overdue", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("escalated_on", sa.Date),
        sa.Column("fired", sa.String, nullable=False, server_default="{}"),
        sa.Column("assumed", sa.String, nullable=False, server_default="[]"),
        sa.Column("duties", sa.String, nullable=False, server_default="{}"),
        sa.Column("wake", sa.Date),
    ):
        op.add_column("cases", column)
    op.execute("UPDATE cases SET wake = '2000-01-01' WHERE NOT closed")
    op.create_index("ix_cases_wake", "cases", ["wake", "id"])
    op.create_table(
        "duties",
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("escalation", sa.Integer, nullable=False),
        sa.Column("escalated_to", sa.String),
    )
    op.create_index("ix_duties_due", "duties", ["due", "case_id"])
    op.create_index("ix_duties_escalated_to", "duties", ["escalated_to"])
    op.create_table(
        "notices",
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("concerns", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("workflow", sa.String, nullable=False),
        sa.Column("due", sa.Date),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt", _INSTANT),
        sa.Column("delivered_at", _INSTANT),
        sa.Column("error", sa.String),
    )
    op.create_index("ix_notices_next", "notices", ["next_attempt"])
