"""One renderer for all listings: a terminal's table, JSON, CSV, XLSX."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.policy.places import Area, Body
from guikou.engine.text import Title, shown

from . import language
from .language import t
from .session import Session


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


def print_rows(
    session: Session,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    empty: str = "",
) -> None:
    """Print a listing in the format asked for. Values are plain, or a Title, a Body, an Area, or a list of them.
    `sheets`: a workbook's sheets besides the one with all rows; `empty`: what a terminal is told if there is none."""
    if empty and not rows and session.format == "table":
        click.echo(empty)
        return
    match session.format:
        case "json":
            keys = [column.key for column in columns]
            print_json(session, [dict(zip(keys, map(as_json, row), strict=True)) for row in rows])
        case "csv":
            from ..spreadsheets.files import write_csv

            write(session, write_csv(_headings(columns), [[_cell(value) for value in row] for row in rows]))
        case "xlsx":
            from ..spreadsheets.files import write_xlsx

            every = {title or "guikou": rows, **(sheets or {})}
            cells = {name: [[_cell(value) for value in row] for row in part] for name, part in every.items()}
            folded = [at for at, column in enumerate(columns) if not column.table]
            write_bytes(session, write_xlsx(_headings(columns), cells, folded))
        case _:
            write(session, _table(session, columns, rows, title))


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
    write(session, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def as_json(value: Any) -> Any:
    """A value as JSON keeps it; a title in both languages, a body with its id."""
    match value:
        case Title():
            return {"zh": value.zh, "en": value.en}
        case Body():
            return {"id": value.id, "zh": value.title.zh, "en": value.title.en}
        case Area():
            return {"code": value.code, "zh": value.title.zh, "en": value.title.en}
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case dict():
            return {key: as_json(one) for key, one in value.items()}
        case list() | tuple():
            return [as_json(one) for one in value]
        case _:
            return value


def _cell(value: Any) -> Any:
    match value:
        case None:
            return None
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


def _table(session: Session, columns: Sequence[Column], rows: Sequence[Sequence[Any]], title: str) -> str:
    from .grid import Track, grid
    from .wrapping import plain, wrapped

    kept = [at for at, column in enumerate(columns) if column.table]
    tracks = [Track(t(one.zh, one.en), one.right, one.whole, one.folds) for one in (columns[at] for at in kept)]
    texts = [["" if row[at] is None else plain(str(_cell(row[at]))) for at in kept] for row in rows]
    width = _width(session)
    titles = ([title] if width is None else wrapped(title, width)) if title else []
    return "\n".join([*titles, "", *grid(tracks, texts, width, t("；", "; "))]) + "\n"


def _width(session: Session) -> int | None:
    """How wide the terminal is; a file or a pipe has no width: what goes there is not wrapped."""
    if session.output or not sys.stdout.isatty():
        return None
    return max(shutil.get_terminal_size().columns, 20)


def write(session: Session, text: str) -> None:
    """Print a text, or write it to the file asked for."""
    if session.output:
        _save(session.output, text.encode())
    else:
        click.echo(text, nl=False)


def write_bytes(session: Session, data: bytes) -> None:
    """Write bytes to the file asked for, or into a pipe. Raises WrongUsage where a terminal would get them."""
    if session.output:
        _save(session.output, data)
    elif sys.stdout.isatty():
        raise WrongUsage(
            reason_en="this needs a file: give --output FILE", reason_zh="需要写入文件：请加 --output 文件"
        )
    else:
        sys.stdout.buffer.write(data)


def _save(path: str, data: bytes) -> None:
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise WrongUsage(reason_en=f"{path}: {error.strerror}", reason_zh=f"{path}：{error.strerror}") from error
