"""A table of texts for a terminal of any width.

What does not fit side by side is wrapped between words; and where columns would become too narrow to be read, some of
them go to lines of their own under the row, each with its heading. Nothing is left out, and neither a code nor a date
nor a number is broken, unless it is longer than the terminal is wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from .wrapping import shortest, unbroken, wrapped

#: What a column that wraps keeps at least, in cells: seven Chinese characters or two short words.
_LEAST, _ENOUGH = 14, 24
_INDENT = 5


@dataclass(frozen=True, slots=True)
class Track:
    """A column: its heading, whether it stands to the right, is `whole` (never wrapped), and what `folds` first."""

    heading: str
    right: bool = False
    whole: bool = False
    folds: int = 0


def grid(
    tracks: Sequence[Track], rows: Sequence[Sequence[str]], width: int | None, joint: str = "; ", sums: int = 0
) -> list[str]:
    """The lines of a table that is at most `width` cells wide (None: as wide as it is). `joint` stands between the
    columns that have gone under their row; the last `sums` rows are parted from the others."""
    natural = [max(cell_len(track.heading), *(cell_len(row[at]) for row in rows), 1) for at, track in enumerate(tracks)]
    kept = list(range(len(tracks)))
    if width is None or _total(natural, 3) <= width:
        return _lines(tracks, rows, kept, natural, 3, 0, joint, sums)
    least = [_least(track, [row[at] for row in rows], natural[at]) for at, track in enumerate(tracks)]
    kept = _fitting(tracks, least, width)
    # A long heading over short numbers is wrapped before anything else is.
    natural = [
        low if track.right or track.whole else size for track, low, size in zip(tracks, least, natural, strict=True)
    ]
    return _lines(tracks, rows, kept, _shared(kept, least, natural, width), 2, width, joint, sums)


def _total(widths: Sequence[int], gap: int) -> int:
    return 1 + sum(widths) + gap * (len(widths) - 1)


def _least(track: Track, texts: Sequence[str], natural: int) -> int:
    """How narrow a column may become."""
    heading = shortest(track.heading, heading=True)
    if track.whole or track.right:
        return max(heading, *(cell_len(text) for text in texts), 1)
    least = max(_LEAST, min(_ENOUGH, -(-natural // 4)), heading, *(min(shortest(text), _ENOUGH) for text in texts))
    return min(natural, least)


def _fitting(tracks: Sequence[Track], least: Sequence[int], width: int) -> list[int]:
    """The columns that stay side by side: the first always does; others go, those that fold first and among them the
    last, until there is room, and come back where room was left."""
    kept, gone = list(range(len(tracks))), []
    while len(kept) > 1 and _total([least[at] for at in kept], 2) > width:
        gone.append(max(kept[1:], key=lambda at: (tracks[at].folds, at)))
        kept.remove(gone[-1])
    for at in reversed(gone):
        if _total([least[one] for one in (*kept, at)], 2) <= width:
            kept.append(at)
    return sorted(kept)


def _shared(kept: Sequence[int], least: Sequence[int], natural: Sequence[int], width: int) -> list[int]:
    """The widths of columns: each as wide as it needs, the wide ones as wide as there is room for."""
    level = max(natural[at] for at in kept)
    while level > 1:
        widths = [max(min(level, natural[at]), least[at]) for at in kept]
        if _total(widths, 2) <= width:
            return widths
        level -= 1
    return [min(least[at], max(width - 1, 1)) for at in kept]


def _lines(
    tracks: Sequence[Track],
    rows: Sequence[Sequence[str]],
    kept: Sequence[int],
    widths: Sequence[int],
    gap: int,
    width: int,
    joint: str,
    sums: int,
) -> list[str]:
    def side_by_side(texts: Sequence[str], heading: bool = False) -> list[str]:
        cells = [wrapped(text, size, heading) for text, size in zip(texts, widths, strict=True)]
        high = max(map(len, cells))
        lines = []
        for line in range(high):
            parts = []
            for at, cell, size in zip(kept, cells, widths, strict=True):
                place = line - (high - len(cell)) if heading else line
                text = cell[place] if 0 <= place < len(cell) else ""
                space = " " * (size - cell_len(text))
                parts.append(space + text if tracks[at].right else text + space)
            lines.append((" " + (" " * gap).join(parts)).rstrip())
        return lines

    lines = side_by_side([tracks[at].heading for at in kept], heading=True)
    rule = " " + "─" * (_total(widths, gap) - 1)
    lines.append(rule)
    folded = [at for at in range(len(tracks)) if at not in kept]
    for number, row in enumerate(rows):
        if sums and number == len(rows) - sums:
            lines.append(rule)
        lines += side_by_side([row[at] for at in kept])
        if folded:
            lines += _under([(tracks[at].heading, row[at]) for at in folded if row[at]], width, joint)
    return lines


def _under(fields: Sequence[tuple[str, str]], width: int, joint: str) -> list[str]:
    """What has gone under a row."""
    colon = "：" if joint.strip() == "；" else ": "
    text = joint.join(f"{unbroken(heading)}{colon}{value}" for heading, value in fields)
    indent = min(_INDENT, width // 4)
    return [" " * indent + line for line in wrapped(text, width - indent)] if text else []
