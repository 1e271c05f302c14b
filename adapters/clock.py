"""What time it is."""

from __future__ import annotations

from datetime import UTC, datetime


def system_clock() -> datetime:
    """The instant by this machine's clock, in UTC."""
    return datetime.now(UTC)
