"""import, reroute: organisations become cases, and cases find their bodies anew."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guikou.engine.errors import BadRow, GuikouError, MissingFact, StoreError

from . import hints
from .cases import warn_assumed
from .language import t
from .mapping import write_proposal
from .render import Column, print_rows
from .session import Session, with_session

if TYPE_CHECKING:
    from ..spreadsheets.reading import Heading, Row
    from ..spreadsheets.register import Register


@click.command("import", help=t(
    "导入组织名单（CSV 或 XLSX）：逐行分类、归口、立案。合格的行保留，不合格的写入退回文件。重复导入不产生变化。\n\n"
    "\b\n列名可用代码、名称或政策列出的别名；必备：代码、名称，区域或住所。其他列名用对应表。\n示例：\n  guikou import organizations.csv --dry-run\n  guikou import register.xlsx --propose -o mapping.yaml\n  guikou import register.xlsx --mapping mapping.yaml",
    "Import organisations from CSV or XLSX: each row is classified, routed and opened as a case. Good rows are kept, the "
    "others go to a rejects file with the reason. Importing again changes nothing.\n\n"
    "\b\nColumns go by key, title or the policy's synonyms; id, name, and area or address must be there. A mapping says what\nother columns mean.\nExamples:\n  guikou import organizations.csv --dry-run\n  guikou import register.xlsx --propose -o mapping.yaml\n  guikou import register.xlsx --mapping mapping.yaml",
))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help=t("只检查，不写入", "check only, keep nothing"))
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("退回文件（默认 FILE.rejects.csv）", "the rejects file (default FILE.rejects.csv)"),
)
@click.option(
    "--encoding",
    metavar="NAME",
    help=t("CSV 的编码（如 gb18030；默认自动判断）", "a CSV's encoding (such as gb18030; default: weighed)"),
)
@click.option(
    "--sheet",
    metavar="NAME",
    help=t("工作表（默认为含表头的工作表）", "the sheet (default: the one that has the heading)"),
)
@click.option(
    "--heading",
    type=click.IntRange(min=1),
    metavar="ROW",
    help=t("表头所在行（默认自动查找）", "the row of the heading (default: looked for)"),
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("按对应表导入", "import by a mapping of columns and values"),
)
@click.option(
    "--propose",
    is_flag=True,
    help=t("不导入，只写出建议的对应表（-o 指定文件）", "import nothing, write a mapping to finish (-o FILE)"),
)
@with_session(writes=True)
def import_command(
    session: Session,
    file: Path,
    dry_run: bool,
    rejects: Path | None,
    encoding: str | None,
    sheet: str | None,
    heading: int | None,
    mapping: Path | None,
    propose: bool,
) -> int:
    from ..spreadsheets.mapping import read_mapping
    from ..spreadsheets.register import open_register

    if propose:
        write_proposal(session, file, encoding=encoding, sheet=sheet, line=heading)
        return 0
    mapped = read_mapping(mapping, session.policy) if mapping is not None else None
    when = session.as_of if dry_run else session.when()
    register = open_register(session.policy, file, mapped, encoding=encoding, sheet=sheet, line=heading)
    taken = _take_in(session, register, when, dry_run)
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
@with_session(writes=True)
def reroute_command(session: Session) -> int:
    moved, refused = 0, 0
    for view in session.supervision.cases(closed=False):
        try:
            after = session.supervision.report(view.id, {}, by=session.body, when=session.when())
        except StoreError:
            raise
        except GuikouError as error:
            refused += 1
            click.echo(f"{view.id}: {hints.line(error)}", err=True)
            continue
        moved += after.case.responsible != view.case.responsible
    click.echo(t(f"{moved} 件改归口，{refused} 件未能处理", f"{moved} rerouted, {refused} refused"))
    return 1 if refused else 0


@dataclass
class _Taken:
    """What came of a file: how many rows were opened, changed and unchanged, and which were rejected, and why."""

    register: Register
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[Row, tuple[GuikouError, ...]]] = field(default_factory=list)
    assumed: set[int] = field(default_factory=set)


def _take_in(session: Session, register: Register, when: date | None, dry_run: bool) -> _Taken:
    from guikou.engine.decide.intake import missing

    policy, supervision = session.policy, session.supervision
    rows = register.rows
    taken = _Taken(register)
    seen: dict[str, int] = {}
    with click.progressbar(rows, label=t("导入", "importing"), file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for row in bar:
            read = register.read(row)
            one = read.organization
            if one is None:
                taken.rejected.append((row, read.faults))
                continue
            try:
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
            except MissingFact as error:
                every = missing(policy, one, when or supervision.today())
                taken.rejected.append((row, every or (error,)))
            except GuikouError as error:
                taken.rejected.append((row, (error,)))
    return taken


def _write_rejects(path: Path, taken: _Taken) -> None:
    """The rejected rows as they were, with why; the file can be corrected and imported."""
    from ..spreadsheets.heading import MORE
    from ..spreadsheets.writing import write_csv

    labels = taken.register.heading.labels
    width = max(len(labels), *(len(row.cells) for row, _ in taken.rejected))
    rows = [
        [*row.texts, *[""] * (width - len(row.cells)), row.line, codes(faults), reasons(faults)]
        for row, faults in taken.rejected
    ]
    heading = [*labels, *[MORE] * (width - len(labels)), "# row", "# code", "# reason"]
    path.write_text(write_csv(heading, rows), encoding="utf-8")


def _read_from(file: Path, found: Heading) -> str:
    """Which table was read, and how: a sheet, or an encoding; the line of its heading where that isn't the first."""
    table = found.table
    how = table.encoding or t(f"工作表 “{table.sheet}”", f"sheet '{table.sheet}'")
    if found.line > 1:
        how += t(f"，表头在第 {found.line} 行", f", heading in row {found.line}")
    return t(f"读自 {file}（{how}）", f"read from {file} ({how})")


def codes(faults: tuple[GuikouError, ...]) -> str:
    """The codes of a row's faults, each once."""
    return "; ".join(dict.fromkeys(error.code for error in faults))


def reasons(faults: tuple[GuikouError, ...]) -> str:
    """Every fault of a row in one line."""
    return t("。", " | ").join(hints.line(error) for error in faults)


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
    click.echo(_read_from(file, taken.register.heading))
    for row, faults in rejected[:5]:
        click.echo(t(f"{file} 第 {row.line} 行：", f"{file}, row {row.line}: ") + reasons(faults), err=True)
    if rejected:
        click.echo(t(f"退回的行及原因见 {path}", f"the rejected rows and why: {path}"), err=True)
