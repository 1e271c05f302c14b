"""What a command writes to a file: what the file's name says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guikou.engine.errors import WrongUsage

from ..files import SUFFIXES, apart, check, save

__all__ = ["apart", "check", "format_for", "save"]


def format_for(asked: str | None, left: str, formats: Sequence[str], path: str | None) -> str:
    """The format in which a command writes: the one `asked` for; else the one that the file's name says; else the one
    that is `left` to choose. Raises WrongUsage where the name and what is asked for, or can be written, differ."""
    suffix = Path(path).suffix.lower() if path else ""
    meant = SUFFIXES.get(suffix)
    if meant is None or (asked or left) in meant:
        return asked or left
    if asked is not None:
        raise WrongUsage(
            reason_en=f"--format {asked} does not go with a {suffix} file; give one of the two",
            reason_zh=f"--format {asked} 与 {suffix} 文件不符；请只给其一",
        )
    fitting = [one for one in meant if one in formats]
    if not fitting:
        known = [one for one, kinds in SUFFIXES.items() if any(kind in formats for kind in kinds)]
        raise WrongUsage(
            reason_en=f"this can't write a {suffix} file" + (f"; it can write {', '.join(known)}" if known else ""),
            reason_zh=f"此命令不能写 {suffix} 文件" + (f"；可写 {'、'.join(known)}" if known else ""),
        )
    return fitting[0]
