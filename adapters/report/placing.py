"""Where a picture's texts stand: none over another, at every width at which they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: The narrowest that a line's plot becomes (a telephone), on paper, and at which all of its texts are shown.
NARROW, PRINTED, WIDE = 222.0, 590.0, 715.0
#: The narrowest that the axis over a panel's bars becomes, and a stacked bar.
AXIS, STACK = 140.0, 288.0
#: How much of a line a text takes at most, in pixels: by cell, above its foot and below it; and what parts two texts.
_CELL, _ABOVE, _BELOW, _GAP = 7.0, 11.0, 3.0, 4.0


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two texts would touch."""
        return (
            self.left < other.right + _GAP
            and other.left < self.right + _GAP
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box(text: str, x: float, y: float, anchor: str) -> Box:
    """Where a text stands whose foot is at (x, y), in pixels."""
    size = length(text)
    left = x - {"start": 0.0, "middle": size / 2, "end": size}[anchor]
    return Box(left, left + size, y - _ABOVE, y + _BELOW)


def length(text: str) -> float:
    """How long a text is at most, in pixels."""
    from rich.cells import cell_len

    return cell_len(text) * _CELL


def free(one: Box, others: Iterable[Box]) -> bool:
    """Whether a text touches none of the others."""
    return not any(one.meets(other) for other in others)
