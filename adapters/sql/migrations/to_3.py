"""Schema 3: what few cases have, such as gates, groups and records; and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    op.add_column("cases", sa.Column("more", sa.String, nullable=False, server_default="{}"))
    op.create_table(
        "memberships",
        sa.Column("group_id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), primary_key=True),
    )
