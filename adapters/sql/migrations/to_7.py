"""Schema 7: what offices write of an event, beside it, so that it can be erased; what older events say stays there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade(op: Operations) -> None:
    op.add_column("events", sa.Column("texts", sa.Text, nullable=False, server_default="{}"))
    op.create_table(
        "texts",
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("seq", _WHOLE, primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
