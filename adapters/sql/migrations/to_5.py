"""Schema 5: ids by which a case is found besides its own, imports that are kept as one, what is parked, and cases whose
registration was withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_INSTANT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
_WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade(op: Operations) -> None:
    op.add_column("cases", sa.Column("withdrawn", sa.Date))
    op.create_table(
        "aliases",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id"), nullable=False),
    )
    op.create_index("ix_aliases_case_id", "aliases", ["case_id"])
    _imports(op)
    _parked(op)
    op.create_table(
        "import_rows",
        sa.Column("import_number", _WHOLE, sa.ForeignKey("imports.number"), primary_key=True),
        sa.Column("line", _WHOLE, primary_key=True),
        sa.Column("id", sa.String),
        sa.Column("name", sa.String),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id")),
        sa.Column("before", _WHOLE),
        sa.Column("revision", _WHOLE),
        sa.Column("parked", _WHOLE, sa.ForeignKey("parked.number")),
        sa.Column("faults", sa.Text, nullable=False),
    )
    op.create_index("ix_import_rows_case_id", "import_rows", ["case_id"])


def _imports(op: Operations) -> None:
    op.create_table(
        "imports",
        sa.Column("number", _WHOLE, primary_key=True),
        sa.Column("file", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("size", _WHOLE, nullable=False),
        sa.Column("encoding", sa.String),
        sa.Column("sheet", sa.String),
        sa.Column("mapping", sa.String),
        sa.Column("parks", sa.Boolean, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("policy", sa.String, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("lines", _WHOLE, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("undone_at", _INSTANT),
        sa.Column("undone_by", sa.String),
        sa.Column("undone_because", sa.String),
    )
    op.create_index("ix_imports_digest", "imports", ["digest"])


def _parked(op: Operations) -> None:
    op.create_table(
        "parked",
        sa.Column("number", _WHOLE, primary_key=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("import_number", _WHOLE, sa.ForeignKey("imports.number")),
        sa.Column("line", _WHOLE),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("read", sa.Text, nullable=False),
        sa.Column("faults", sa.Text, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("parked_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("replaces", _WHOLE, sa.ForeignKey("parked.number")),
        sa.Column("case_id", sa.String, sa.ForeignKey("cases.id")),
        sa.Column("settled_at", _INSTANT),
        sa.Column("settled_by", sa.String),
        sa.Column("reason", sa.String),
    )
    op.create_index("ix_parked_id", "parked", ["id"])
    op.create_index("ix_parked_import_number", "parked", ["import_number"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("uq_parked_waiting", "parked", ["id"], unique=True, sqlite_where=waiting, postgresql_where=waiting)
