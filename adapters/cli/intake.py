"""import, reroute: organisations become cases, and cases find their bodies anew."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click

from guikou.engine.errors import BadRow, GuikouError, StoreError

from ..spreadsheets.files import TextRow
from . import hints
from .cases import warn_assumed
from .language import t
from .render import Column, print_json, print_rows, write
from .session import Session, with_session


@click.command("import", help=t(
    "导入组织名单（CSV 或 XLSX）：逐行分类、归口、立案。合格的行保留，不合格的写入退回文件。重复导入不产生变化。\n\n"
    "\b\n列名可用事实代码或标题：id、name、area 必备。\n示例：\n  guikou import organizations.csv --dry-run\n  guikou import organizations.xlsx --rejects rejects.csv",
    "Import organisations from CSV or XLSX: each row is classified, routed and opened as a case. Good rows are kept, the "
    "others go to a rejects file with the reason. Importing again changes nothing.\n\n"
    "\b\nColumns go by a fact's key or title; id, name and area must be there.\nExamples:\n  guikou import organizations.csv --dry-run\n  guikou import organizations.xlsx --rejects rejects.csv",
))  # fmt: skip
@click.argument("file", metavar=t("文件", "FILE"), type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help=t("只检查，不写入", "check only, keep nothing"))
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("退回文件（默认 FILE.rejects.csv）", "the rejects file (default FILE.rejects.csv)"),
)
@with_session(writes=True)
def import_command(session: Session, file: Path, dry_run: bool, rejects: Path | None) -> int:
    when = session.as_of if dry_run else session.when()
    taken = _take_in(session, file, when, dry_run)
    path = rejects or file.with_name(file.stem + ".rejects.csv")
    if taken.rejected:
        _write_rejects(path, taken)
    warn_assumed(session.policy, taken.assumed)
    _report(session, file, path, taken, dry_run)
    return 1 if taken.rejected else 0


@click.command("reroute", help=t(
    "按当日规则和机构重新确定每个未结案卷的归口（例如机构合并之后）。\n\n\b\n示例：\n  guikou reroute --as-of 2018-07-05",
    "Route every open case anew by the rules and bodies of a day (after bodies were merged, for example).\n\n\b\nExample:\n  guikou reroute --as-of 2018-07-05",
))  # fmt: skip
@with_session(writes=True, formats=("table", "json"))
def reroute_command(session: Session) -> int:
    moved: list[str] = []
    refused: list[dict[str, Any]] = []
    for view in session.supervision.cases(closed=False):
        try:
            after = session.supervision.report(view.id, {}, by=session.body, when=session.when())
        except StoreError:
            raise
        except GuikouError as error:
            refused.append({"case": view.id, **error.as_json()})
            click.echo(f"{view.id}{t('：', ': ')}{hints.line(error)}", err=True)
            continue
        if after.case.responsible != view.case.responsible:
            moved.append(view.id)
    if session.format == "json":
        print_json(session, {"rerouted": moved, "refused": refused})
    else:
        said = t(f"{len(moved)} 件改归口，{len(refused)} 件未能处理", f"{len(moved)} rerouted, {len(refused)} refused")
        write(session, said + "\n")
    return 1 if refused else 0


@dataclass
class _Taken:
    """What came of a file: how many rows were opened, changed and unchanged, and which were rejected, and why."""

    heading: tuple[str, ...]
    width: int
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[TextRow, GuikouError]] = field(default_factory=list)
    assumed: set[int] = field(default_factory=set)


def _take_in(session: Session, file: Path, when: date | None, dry_run: bool) -> _Taken:
    from ..spreadsheets.files import read_rows
    from ..spreadsheets.organizations import columns, organization

    policy, supervision = session.policy, session.supervision
    heading, *rows = read_rows(file)
    names = columns(policy, heading.cells)
    taken = _Taken(heading.cells, len(names))
    seen: dict[str, int] = {}
    with click.progressbar(rows, label=t("导入", "importing"), file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for row in bar:
            try:
                one = organization(policy, names, row)
                if one.id in seen:
                    raise BadRow(
                        reason_en=f"'{one.id}' stands in row {seen[one.id]} already",
                        reason_zh=f"“{one.id}” 已在第 {seen[one.id]} 行出现",
                    )
                seen[one.id] = row.line
                outcome, view = supervision.take_in(one, by=session.body, when=when, dry_run=dry_run)
                taken.counts[outcome] += 1
                taken.assumed.update(view.case.assumed if view is not None else ())
            except StoreError:
                raise
            except GuikouError as error:
                taken.rejected.append((row, error))
    return taken


def _write_rejects(path: Path, taken: _Taken) -> None:
    """The rejected rows as they were, with why; the file can be corrected and imported."""
    from ..spreadsheets.files import write_csv

    width = taken.width
    rows = [
        [*row.cells[:width], *[""] * (width - len(row.cells)), row.line, error.code, hints.line(error)]
        for row, error in taken.rejected
    ]
    path.write_text(write_csv([*taken.heading, "# row", "# code", "# reason"], rows), encoding="utf-8")


def _report(session: Session, file: Path, path: Path, taken: _Taken, dry_run: bool) -> None:
    counts, rejected = taken.counts, taken.rejected
    if session.format != "table":
        columns = [
            Column("opened", "新立案", "opened", right=True), Column("changed", "有变更", "changed", right=True),
            Column("unchanged", "无变化", "unchanged", right=True), Column("rejected", "退回", "rejected", right=True),
        ]  # fmt: skip
        print_rows(session, columns, [[counts["opened"], counts["changed"], counts["unchanged"], len(rejected)]])
        return
    said = t(
        f"新立案 {counts['opened']}，有变更 {counts['changed']}，无变化 {counts['unchanged']}，退回 {len(rejected)}",
        f"{counts['opened']} opened, {counts['changed']} changed, {counts['unchanged']} unchanged, {len(rejected)} rejected",
    )
    click.echo((t("（试运行，未写入）", "(dry run, nothing kept) ") if dry_run else "") + said)
    for row, error in rejected[:5]:
        click.echo(t(f"{file} 第 {row.line} 行：", f"{file}, row {row.line}: ") + hints.line(error), err=True)
    if rejected:
        click.echo(t(f"退回的行及原因见 {path}", f"the rejected rows and why: {path}"), err=True)
