"""The schema of a database: made, checked, and brought up to date from every schema there has been."""

from __future__ import annotations

from .schema import SCHEMA, check, create

__all__ = ["SCHEMA", "check", "create"]
