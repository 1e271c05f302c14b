"""One renderer for all listings: a terminal's table, JSON, CSV, XLSX."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.errors.reasons import os_reason
from guikou.engine.policy.places import Area, Body
from guikou.engine.policy.policy import Policy
from guikou.engine.text import Title, in_both, shown

from . import language
from .language import t
from .session import Session
from .terminal import can_say


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in JSON, its heading, and whether a terminal's table has room for it;
    `whole` ones, such as what one copies, are never wrapped."""

    key: str
    zh: str
    en: str
    table: bool = True
    right: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    """A value that a program gets as it is, and a person in words."""

    plain: Any
    words: Title


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
            write(session, _table(columns, rows, title))


def print_one(session: Session, fields: Sequence[tuple[Column, Any]], title: str = "") -> None:
    """Print one thing: a field a line; for JSON an object."""
    if session.format == "json":
        print_json(session, {column.key: as_json(value) for column, value in fields})
    elif session.format == "table":
        columns = [Column("field", "项目", "field"), Column("value", "内容", "value")]
        write(session, _table(columns, [[t(one.zh, one.en), value] for one, value in fields], title))
    else:
        print_rows(session, [column for column, _ in fields], [[value for _, value in fields]], title)


def print_json(session: Session, value: Any) -> None:
    """Print what JSON can keep."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if not session.output and not can_say(text):  # to a program that reads another encoding
        text = json.dumps(value, indent=2)
    write(session, text + "\n")


def policy_json(policy: Policy) -> dict[str, Any]:
    """Which policy it is."""
    return {
        "name": policy.name, "version": policy.version, "digest": policy.digest, "title": as_json(policy.title),
    }  # fmt: skip


def as_json(value: Any) -> Any:
    """A value as JSON keeps it; a title in both languages, a body with its id."""
    match value:
        case Worded():
            return as_json(value.plain)
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


def _table(columns: Sequence[Column], rows: Sequence[Sequence[Any]], title: str) -> str:
    import io

    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    kept = [at for at, column in enumerate(columns) if column.table]
    for at in kept:
        column = columns[at]
        table.add_column(
            t(column.zh, column.en), justify="right" if column.right else "left", overflow="fold", no_wrap=column.whole
        )
    for row in rows:
        table.add_row(*["" if row[at] is None else str(_cell(row[at])) for at in kept])
    out = io.StringIO()
    # A pipe has no width: what is piped is not wrapped.
    width = None if sys.stdout.isatty() else 2000
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")) + "\n"


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
        why = os_reason(error)
        raise WrongUsage(reason_en=f"{path}: {why.en}", reason_zh=f"{path}：{why.zh}") from error
