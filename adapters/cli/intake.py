"""import, reroute."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import click

from guikou.engine.errors import GuikouError, StoreError

from . import words
from .clock import warn_assumed
from .office import Office, office
from .render import Column, print_rows
from .words import t


@dataclass(frozen=True, slots=True)
class Reject:
    line: int
    cells: tuple[str, ...]
    error: GuikouError


@click.command("import", help=t(
    "导入组织名单（CSV 或 XLSX）：逐行分类、归口、立案。合格的行保留，不合格的写入退回文件。重复导入不产生变化。\n\n"
    "\b\n列名可用事实代码或标题：id、name、area 必备。\n示例：\n  guikou import organizations.csv --dry-run\n  guikou import organizations.xlsx --rejects rejects.csv",
    "Import organisations from CSV or XLSX: each row is classified, routed and opened as a case. Good rows are kept, the "
    "others go to a rejects file with the reason. Importing again changes nothing.\n\n"
    "\b\nColumns go by a fact's key or title; id, name and area must be there.\nExamples:\n  guikou import organizations.csv --dry-run\n  guikou import organizations.xlsx --rejects rejects.csv",
))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help=t("只检查，不写入", "check only, keep nothing"))
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("退回文件（默认 FILE.rejects.csv）", "the rejects file (default FILE.rejects.csv)"),
)
@office(writes=True)
def import_command(shared: Office, file: Path, dry_run: bool, rejects: Path | None) -> int:
    from ..intake import columns, organization
    from ..tabular import read_rows, write_csv

    policy, supervision = shared.policy, shared.supervision
    when = shared.as_of if dry_run else shared.when()
    heading, *rows = read_rows(file)
    names = columns(policy, heading.cells)
    counts: Counter[str] = Counter()
    rejected: list[Reject] = []
    seen: dict[str, int] = {}
    assumed: set[int] = set()
    with click.progressbar(rows, label=t("导入", "importing"), file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for row in bar:
            try:
                one = organization(policy, names, row)
                if one.id in seen:
                    from guikou.engine.errors import BadRow

                    raise BadRow(
                        reason_en=f"'{one.id}' stands in row {seen[one.id]} already",
                        reason_zh=f"“{one.id}” 已在第 {seen[one.id]} 行出现",
                    )
                seen[one.id] = row.line
                outcome, view = supervision.take_in(one, by=shared.body, when=when, dry_run=dry_run)
                counts[outcome] += 1
                assumed.update(view.case.assumed if view is not None else ())
            except StoreError:
                raise
            except GuikouError as error:
                rejected.append(Reject(row.line, row.cells, error))
    path = rejects or file.with_name(file.stem + ".rejects.csv")
    if rejected:
        more = ["row", "code", "reason"]
        width = len(names)
        body = [
            [*one.cells[:width], *[""] * (width - len(one.cells)), one.line, one.error.code, one.error.line(words.LANG)]
            for one in rejected
        ]
        path.write_text(write_csv([*heading.cells, *(f"# {name}" for name in more)], body), encoding="utf-8")
    warn_assumed(policy, assumed)
    _report(shared, file, path, counts, rejected, dry_run)
    return 1 if rejected else 0


def _report(
    shared: Office, file: Path, path: Path, counts: Counter[str], rejected: list[Reject], dry_run: bool
) -> None:
    if shared.format != "table":
        columns = [
            Column("opened", "新立案", "opened", right=True), Column("changed", "有变更", "changed", right=True),
            Column("unchanged", "无变化", "unchanged", right=True), Column("rejected", "退回", "rejected", right=True),
        ]  # fmt: skip
        print_rows(shared, columns, [[counts["opened"], counts["changed"], counts["unchanged"], len(rejected)]])
        return
    said = t(
        f"新立案 {counts['opened']}，有变更 {counts['changed']}，无变化 {counts['unchanged']}，退回 {len(rejected)}",
        f"{counts['opened']} opened, {counts['changed']} changed, {counts['unchanged']} unchanged, {len(rejected)} rejected",
    )
    click.echo((t("（试运行，未写入）", "(dry run, nothing kept) ") if dry_run else "") + said)
    for one in rejected[:5]:
        click.echo(t(f"{file} 第 {one.line} 行：", f"{file}, row {one.line}: ") + one.error.line(words.LANG), err=True)
    if rejected:
        click.echo(t(f"退回的行及原因见 {path}", f"the rejected rows and why: {path}"), err=True)


@click.command("reroute", help=t(
    "按当日规则和机构重新确定每个未结案卷的归口（例如机构合并之后）。\n\n\b\n示例：\n  guikou reroute --as-of 2018-07-05",
    "Route every open case anew by the rules and bodies of a day (after bodies were merged, for example).\n\n\b\nExample:\n  guikou reroute --as-of 2018-07-05",
))  # fmt: skip
@office(writes=True)
def reroute_command(shared: Office) -> int:
    moved, refused = 0, 0
    for view in shared.supervision.cases(closed=False):
        try:
            after = shared.supervision.report(view.id, {}, by=shared.body, when=shared.when())
        except StoreError:
            raise
        except GuikouError as error:
            refused += 1
            click.echo(f"{view.id}: {error.line(words.LANG)}", err=True)
            continue
        moved += after.case.responsible != view.case.responsible
    click.echo(t(f"{moved} 件改归口，{refused} 件未能处理", f"{moved} rerouted, {refused} refused"))
    return 1 if refused else 0
