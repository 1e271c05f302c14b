"""How many there are in all, where a limit cut a listing."""

from __future__ import annotations

from collections.abc import Callable

import click

from guikou.engine.text import Title

from .language import t
from .session import Session

CASES, ITEMS, ROWS = Title("件", "cases"), Title("项", "items"), Title("行", "rows")


def tell_cut(session: Session, shown: int, limit: int | None, total: Callable[[], int], unit: Title = ITEMS) -> bool:
    """Say how many there are if not all are shown; whether that was said. `total` counts them."""
    if limit is None or shown < limit or (many := total()) <= shown:
        return False
    tell(session, t(f"前 {shown} {unit.zh}，共 {many:,} {unit.zh}；全部：--limit {many}", f"the first {shown} of {many:,} {unit.en}; all of them: --limit {many}"))  # fmt: skip
    return True


def tell_page(session: Session, shown: int, total: Callable[[], int], behind: Callable[[], int], last: str) -> None:
    """Say of a page how many cases there are, and how many come behind its `last`."""
    many, more = total(), behind()
    text = t(f"此处 {shown} 件，共 {many:,} 件", f"{shown} of {many:,} cases")
    if more:
        text += t(f"；其后还有 {more:,} 件：--after {last}", f"; {more:,} more behind: --after {last}")
    tell(session, text)


def tell(session: Session, text: str) -> None:
    """Say something of a table under it; of anything else on standard error, so that a file or a pipe holds rows."""
    click.echo(text, err=session.format != "table" or session.output is not None)
