"""One renderer for all listings: a terminal's table, JSON, CSV, XLSX."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.policy.places import Area
from guikou.engine.policy.standing import Body
from guikou.engine.text import Title, as_json, in_both, shown

from . import language
from .language import t
from .output import save
from .session import Session
from .terminal import can_say


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON, its heading, and whether a terminal's table has room for it;
    `whole` ones, such as what one copies, are never wrapped; where a terminal is narrow, those that `folds` most go
    under the row first."""

    key: str
    zh: str
    en: str
    table: bool = True
    right: bool = False
    whole: bool = False
    folds: int = 0


@dataclass(frozen=True, slots=True)
class Worded:
    """A value that a program gets as it is, and a person in words."""

    plain: Any
    words: Title

    def to_dict(self) -> Any:
        return as_json(self.plain)


def note(text: str) -> Worded:
    """A remark of the policy's; one may be written in both languages."""
    return Worded(text, in_both(text))


def print_rows(
    session: Session,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    empty: str = "",
    sums: Sequence[Sequence[Any]] = (),
    name: str = "",
    objects: Iterable[Any] | None = None,
) -> None:
    """Print a listing in the format asked for. Values are plain, or a Title, a Body, an Area, or a list of them.
    `sheets`: a workbook's sheets besides the one with all rows; `empty`: what a terminal is told if there is none;
    `sums`: rows that sum the others up, which JSON does without; `name`: what a workbook without a title is called;
    `objects`: what stands for the rows in JSON, by its `to_dict()` or as it is."""
    if empty and not rows and session.format == "table" and not session.output:
        click.echo(empty)
        return
    match session.format:
        case "json":
            keys = [column.key for column in columns]
            _print_list(
                session, objects if objects is not None else (dict(zip(keys, row, strict=True)) for row in rows)
            )
        case "csv":
            from ..spreadsheets.writing import write_csv

            write(
                session, write_csv(_headings(columns), ([_cell(value) for value in row] for row in chain(rows, sums)))
            )
        case "xlsx":
            _write_workbook(session, columns, rows, title or name or _command(), sheets or {}, sums)
        case _:
            write(session, _table(session, columns, [*rows, *sums], title, len(sums)))


def _command() -> str:
    """What the command that runs is called."""
    from .commands import COMMANDS

    context = click.get_current_context(silent=True)
    path = context.command_path.split() if context is not None else []
    return t(*COMMANDS[path[1]][1:]) if len(path) > 1 and path[1] in COMMANDS else "guikou"


def print_one(session: Session, fields: Sequence[tuple[Column, Any]], title: str = "") -> None:
    """Print one thing: a field a line; for JSON an object."""
    if session.format == "json":
        print_json(session, {column.key: as_json(value) for column, value in fields})
    elif session.format == "table":
        columns = [Column("field", "项目", "field"), Column("value", "内容", "value")]
        write(session, _table(session, columns, [[t(one.zh, one.en), value] for one, value in fields], title))
    else:
        print_rows(session, [column for column, _ in fields], [[value for _, value in fields]], title)


def print_json(session: Session, value: Any) -> None:
    """Print what JSON can keep."""
    write(session, _json(session, value) + "\n")


def _json(session: Session, value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if not session.output and not can_say(text):  # to a program that reads another encoding
        text = json.dumps(value, indent=2)
    return text


#: So many are written at a time: there may be hundreds of thousands.
_TOGETHER = 200


def _print_list(session: Session, values: Iterable[Any]) -> None:
    """Print a JSON array, item by item."""
    parts, waiting, begin = [], iter(values), "[\n  "
    while some := [_json(session, as_json(one)).replace("\n", "\n  ") for one in islice(waiting, _TOGETHER)]:
        text = begin + ",\n  ".join(some)
        begin = ",\n  "
        if session.output:
            parts.append(text)
        else:
            write(session, text)
    write(session, "".join([*parts, "[]\n" if begin.startswith("[") else "\n]\n"]))


def _cell(value: Any) -> Any:
    match value:
        case None:
            return None
        case Worded():
            return shown(value.words, language.LANG)
        case Body() | Area():
            return shown(value.title, language.LANG)
        case dict():
            return json.dumps(as_json(value), ensure_ascii=False)
        case list() | tuple():
            return t("、", ", ").join(str(_cell(one)) for one in value)
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case int() | date() | Decimal() if not isinstance(value, bool):
            return value
        case _:
            return shown(value, language.LANG)


def _headings(columns: Sequence[Column]) -> list[str]:
    return [t(column.zh, column.en) for column in columns]


def _table(
    session: Session, columns: Sequence[Column], rows: Sequence[Sequence[Any]], title: str, sums: int = 0
) -> str:
    from .grid import Track, grid
    from .wrapping import plain, wrapped

    kept = [at for at, column in enumerate(columns) if column.table]
    tracks = [Track(t(one.zh, one.en), one.right, one.whole, one.folds) for one in (columns[at] for at in kept)]
    texts = [["" if row[at] is None else plain(str(_cell(row[at]))) for at in kept] for row in rows]
    width = _width(session)
    titles = ([title] if width is None else wrapped(title, width)) if title else []
    return "\n".join([*titles, "", *grid(tracks, texts, width, t("；", "; "), sums), "", ""])


def _width(session: Session) -> int | None:
    """How wide the terminal is; a file or a pipe has no width: what goes there is not wrapped."""
    if session.output or not sys.stdout.isatty():
        return None
    return max(shutil.get_terminal_size().columns, 20)


def _write_workbook(
    session: Session,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    title: str,
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    sums: Sequence[Sequence[Any]],
) -> None:
    from ..spreadsheets.writing import Page, write_xlsx

    every = {title: rows, **sheets}
    cells = {name: ([_cell(value) for value in row] for row in part) for name, part in every.items()}
    folded = [at for at, column in enumerate(columns) if not column.table]
    right = [at for at, column in enumerate(columns) if column.right]
    below = [[_cell(value) for value in row] for row in sums]
    day = session.looked_at()
    page = Page(
        title,
        t(f"截至 {day}", f"as of {day}") if day is not None else "",
        t("第 &P 页，共 &N 页", "Page &P of &N"),
    )
    write_bytes(session, lambda out: write_xlsx(out, _headings(columns), cells, folded, page, below, right))


def write(session: Session, text: str, kind: str = "") -> None:
    """Print a text, or write it to the file asked for; `kind`: what it is, where that is not the session's format. A
    CSV file for spreadsheets says that it is UTF-8."""
    kind = kind or session.format
    if session.output:
        session.written.append(text)  # a command may print several tables: all of them are the file
        whole = ("\ufeff" if kind == "csv" else "") + "".join(session.written)
        save(
            session.output, kind, session.db, lambda out: out.write(whole.encode(errors="replace")), force=session.force
        )
    else:
        click.echo(text, nl=False)


def write_bytes(session: Session, make: Callable[[BinaryIO], object], kind: str = "") -> None:
    """Write what `make` writes to the file asked for, or into a pipe. Raises WrongUsage where a terminal would get
    it."""
    if session.output:
        session.written.append("")
        save(session.output, kind or session.format, session.db, make, force=session.force)
    elif sys.stdout.isatty():
        raise WrongUsage(
            reason_en="this needs a file: give --output FILE", reason_zh="需要写入文件：请加 --output 文件"
        )
    else:
        import io

        out = io.BytesIO()
        make(out)
        sys.stdout.buffer.write(out.getvalue())
