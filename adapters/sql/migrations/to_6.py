"""Schema 6: signed statements about the record, and up to where each case is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
_WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade(op: Operations) -> None:
    op.create_table(
        "statements",
        sa.Column("number", _WHOLE, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("previous", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("signature", sa.String, nullable=False),
    )
    op.create_table(
        "sealed",
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("number", _WHOLE, sa.ForeignKey("statements.number"), primary_key=True),
        sa.Column("upto", _WHOLE, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    for table in ("statements", "sealed"):
        if op.get_bind().dialect.name == "sqlite":
            for what in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
                )
        else:
            op.execute(
                "CREATE OR REPLACE FUNCTION guikou_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are never changed'; END $$"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guikou_refuse()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse()"
            )
