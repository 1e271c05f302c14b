"""The file of rejected rows: each whole as it was, with why; it can be corrected and imported as it is."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, count
from pathlib import Path
from typing import Any

from guikou.engine.errors import GuikouError, RowAgain, StillAgain, WrongUsage
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.imported import Taken

from ..files import save
from .cells import Row
from .delimited import DELIMITERS
from .heading import MORE, WHY, Heading


def beside(path: Path) -> Path:
    """Where the rejected rows of a file go that says nothing of it."""
    return path.with_name(path.stem + ".rejects.csv")


def check(path: Path, register: Path) -> None:
    """Whether the rejected rows of a register can be written there. Raises WrongUsage for the register itself, and for
    any other file that isn't one of rejected rows: it may be somebody's."""

    def bad(en: str, zh: str) -> WrongUsage:
        return WrongUsage(reason_en=f"{path} {en}; name another file", reason_zh=f"{path} {zh}；请另指定退回文件")

    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise bad("is neither .csv nor .xlsx", "既非 .csv 也非 .xlsx")
    if path.exists():
        if register.exists() and os.path.samefile(path, register):
            raise bad("is the register itself", "就是要导入的名单本身")
        if not is_rejects(path):
            raise bad(
                "is there and holds no rejected rows, so it is not written over", "已存在且不是退回文件，不会覆盖"
            )
        writable = os.access(path, os.W_OK)
    else:
        writable = path.parent.is_dir() and os.access(path.parent, os.W_OK)
    if not writable:
        raise bad("can't be written", "无法写入")


def is_rejects(path: Path) -> bool:
    """Whether a file holds rejected rows, as `write` writes them."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(65536)
    every = [_xlsx_heading(path)] if start.startswith(b"PK\x03\x04") else _csv_headings(start)
    return any(WHY in (tuple(one[: len(WHY)]), tuple(one[-len(WHY) :])) for one in every)  # once they stood behind


def _csv_headings(start: bytes) -> Iterator[list[str]]:
    """The first row, as a text may have been saved anew: its words are ASCII in every encoding."""
    wide = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = start[: len(start) // 2 * 2].decode(wide, "replace")
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            yield next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def _xlsx_heading(path: Path) -> list[str]:
    from .workbook import read_workbook

    try:
        tables = read_workbook(path, None, rows=1)
    except GuikouError:
        return []  # whatever it is, it was not written here
    return [text for text in tables[0].rows[0].texts if text] if len(tables) == 1 else []


def write(
    path: Path, heading: Heading, rejected: Sequence[tuple[Row, Taken]], say: Callable[[Sequence[GuikouError]], str]
) -> Path | None:
    """Write them; `say` puts a row's faults into words. What is there already may have been corrected by hand: unless
    it is the same, it is kept beside it, and its new name is given. Raises NotSaved where the file can't be: then what
    was there still is."""
    from .writing import BOM, write_csv, write_xlsx

    width = max(len(heading.labels), *(len(row.cells) for row, _ in rejected))
    every = [*heading.labels, *[MORE] * (width - len(heading.labels))]
    kept = [at for at, label in enumerate(every) if label not in WHY]  # why they were rejected before says nothing now
    labels = [*WHY, *(every[at] for at in kept)]  # first, so that cells may be moved together behind them
    rows: list[list[Any]] = []
    for row, taken in rejected:
        texts = [*row.texts, *[""] * (width - len(row.cells))]
        rows.append([row.line, codes(taken.faults), say(taken.faults), *(texts[at] for at in kept)])
    made = io.BytesIO()
    if path.suffix.lower() == ".xlsx":
        write_xlsx(made, labels, {heading.table.sheet or "rejects": rows})
    else:
        made.write((BOM + write_csv(labels, rows)).encode(errors="replace"))
    earlier = _kept(path, made.getvalue())
    save(
        str(path), path.suffix.lower().removeprefix("."), "", lambda out: out.write(made.getvalue()),
        force=True, before=lambda: os.replace(os.path.realpath(path), earlier) if earlier is not None else None,
    )  # fmt: skip
    return earlier


def _kept(path: Path, now: bytes) -> Path | None:
    """Under which free name the file that is there is kept, if another is to be written in its place."""
    if not is_rejects(path) or path.read_bytes() == now:
        return None
    ends = chain(("earlier",), (f"earlier-{number}" for number in count(2)))
    names = (path.with_name(f"{path.stem}.{end}{path.suffix}") for end in ends)
    return next(name for name in names if not os.path.lexists(name))


def codes(faults: Sequence[GuikouError]) -> str:
    """The codes of a row's faults, each once."""
    return "; ".join(dict.fromkeys(error.code for error in faults))


def left(policy: Policy, heading: Heading, row: Row, id: str | None) -> StillAgain | None:
    """Why a row that was rejected for its id, which stood in another row, is rejected again: its id is as it was, and
    nobody has emptied the cell that says so."""
    if id is None or WHY[1] not in heading.labels or WHY[2] not in heading.labels:
        return None
    told = row.texts[heading.labels.index(WHY[1])].replace(";", " ").split()
    id, why = policy.identity.normal(id), row.texts[heading.labels.index(WHY[2])]
    if not {RowAgain.code, StillAgain.code} & set(told) or (why and id not in why):
        return None
    return StillAgain(id=id, column=WHY[1])
