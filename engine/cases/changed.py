"""Values changed: what `dataclasses.replace` does, field by field at once. A fold does it for every event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


def changer(cls: type[T]) -> Callable[[T, Mapping[str, Any]], T]:
    """A function that gives a value of a frozen dataclass with slots, and no __post_init__, with some fields changed.
    It writes the slots as the __init__ of such a class does, through one call less for each."""
    names = [one.name for one in fields(cls)]  # type: ignore[arg-type]
    lines = ["def changed(value, changes):", " made = new(cls)"]
    lines += [f" write_{name}(made, value.{name})" for name in names]
    lines += [" for name, one in changes.items():", "  writes[name](made, one)", " return made"]
    writes = {name: getattr(cls, name).__set__ for name in names}
    space: dict[str, Any] = {"cls": cls, "new": object.__new__, "writes": writes}
    space |= {f"write_{name}": write for name, write in writes.items()}
    exec("\n".join(lines), space)
    made: Callable[[T, Mapping[str, Any]], T] = space["changed"]
    return made
