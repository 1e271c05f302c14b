"""Organisations as rows, for writing files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guikou.engine.cases.case import Organization
from guikou.engine.policy.policy import Policy


def as_row(organization: Organization, names: Sequence[str], policy: Policy) -> list[Any]:
    """An organisation as the row of which it would be read, under columns of these names."""
    own: Mapping[str, Any] = {
        "id": organization.id, "name": organization.name, "area": policy.places.areas[organization.area].key,
    }  # fmt: skip
    row = []
    for name in names:
        value = own[name] if name in own else organization.facts.get(name, "")
        row.append("null" if value is None else str(value).lower() if isinstance(value, bool) else value)
    return row
