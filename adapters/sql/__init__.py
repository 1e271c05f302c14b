"""The store on SQLModel: SQLite by default, PostgreSQL beyond."""

from __future__ import annotations

from .store import SqlStore

__all__ = ["SqlStore"]
