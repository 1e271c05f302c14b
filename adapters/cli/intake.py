"""import, reroute: organisations become cases, and cases find their bodies anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guikou.engine.errors import GuikouError, NotSaved, StoreError, WrongUsage
from guikou.engine.text import visible

from . import hints, options
from .cases import warn_assumed
from .language import t
from .mapping import write_proposal
from .render import Column, print_json, print_rows, write
from .session import Session, with_session
from .titles import OUTCOME_TITLES

if TYPE_CHECKING:
    from ..spreadsheets.bringing import Brought
    from ..spreadsheets.heading import Heading


#: So many of the rejected rows are told; all are in their file.
TOLD = 5


@click.command("import", help=t(
    "导入组织名单（CSV 或 XLSX）：逐行分类、归口、立案。合格的行保留，不合格的写入退回文件。重复导入不产生变化。\n\n"
    "\b\n列名可用代码、名称或政策列出的别名；必备：代码、名称，区域或住所。其他列名用对应表。\n示例：\n  guikou import organizations.csv --dry-run\n  guikou import register.xlsx --propose -o mapping.yaml\n  guikou import register.xlsx --mapping mapping.yaml",
    "Import organisations from CSV or XLSX: each row is classified, routed and opened as a case. Good rows are kept, the "
    "others go to a rejects file with the reason. Importing again changes nothing.\n\n"
    "\b\nColumns go by key, title or the policy's synonyms; id, name, and area or address must be there. A mapping says what\nother columns mean.\nExamples:\n  guikou import organizations.csv --dry-run\n  guikou import register.xlsx --propose -o mapping.yaml\n  guikou import register.xlsx --mapping mapping.yaml",
))  # fmt: skip
@click.argument("file", metavar=t("文件", "FILE"), type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help=t("只检查，不写入", "check only, keep nothing"))
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("退回文件（默认 文件.rejects.csv）", "the rejects file (default FILE.rejects.csv)"),
)
@click.option(
    "--encoding",
    metavar=t("编码", "NAME"),
    help=t("CSV 的编码（如 gb18030；默认自动判断）", "a CSV's encoding (such as gb18030; default: weighed)"),
)
@click.option(
    "--sheet",
    metavar=t("工作表", "NAME"),
    help=t("工作表（默认为含表头的工作表）", "the sheet (default: the one that has the heading)"),
)
@click.option(
    "--heading",
    type=click.IntRange(1, options.MOST),
    metavar=t("行", "ROW"),
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
@click.option(
    "--park",
    is_flag=True,
    help=t("缺少归口所需内容的行先暂存，不退回", "park rows that lack what routing needs instead of rejecting them"),
)
@options.actor
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
    park: bool,
    actor: str | None,
) -> int:
    from ..spreadsheets.bringing import bring, source
    from ..spreadsheets.mapping import read_mapping
    from ..spreadsheets.register import open_register
    from ..spreadsheets.rejects import beside, check

    if propose:
        write_proposal(session, file, mapping, encoding=encoding, sheet=sheet, line=heading)
        return 0
    mapped = read_mapping(mapping, session.policy) if mapping is not None else None
    when = session.as_of if dry_run else session.when()
    register = open_register(session.policy, file, mapped, encoding=encoding, sheet=sheet, line=heading)
    path = rejects or beside(file)
    check(path, file)
    if session.output is not None and os.path.realpath(session.output) == os.path.realpath(path):
        raise WrongUsage(
            reason_en=f"{path} can't be both the summary (-o) and the rejected rows; name another file",
            reason_zh=f"{path} 不能既是汇总（-o）又是退回文件；请另指定一个",
        )
    by = session.body
    brought = bring(
        session.supervision, register, source(file, register, mapping),
        park=park, dry_run=dry_run, by=by, actor=actor, when=when,
    )  # fmt: skip
    _bring(session, brought)
    not_saved = _write_rejects(path, brought) if brought.rejected else None
    warn_assumed(session.policy, brought.assumed)
    _report(session, file, path if not_saved is None else None, brought)
    if not_saved is not None:
        number = brought.what.number
        click.echo(
            f"[{not_saved.code}] {hints.line(not_saved)}"
            + t(f"；导入已完成，退回的行见 guikou imports show {number} --outcome rejected", f"; the import stands, its rejected rows: guikou imports show {number} --outcome rejected"),
            err=True,
        )  # fmt: skip
    return 1 if brought.rejected or brought.parked else 0


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


def _bring(session: Session, brought: Brought) -> None:
    """Take the rows in; where that is broken off, say what stands."""
    from ..spreadsheets.bringing import rows

    register, what = brought.register, brought.what
    every = session.supervision.intake.imports(digest=what.source.digest)
    left = [one for one in every if one.state == "running"]
    ended = max((one.number for one in every if one.state == "done"), default=0)
    for one in left:
        if ended < one.number != what.number:
            click.echo(
                t(
                    f"第 {one.number} 次导入（同一文件）未结束：{one.lines} 行中已处理 {one.looked_at} 行，现继续",
                    f"import {one.number} of the same file has not ended: {one.looked_at} of {one.lines} rows; this goes on",
                ),
                err=True,
            )
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=len(register.rows), label=t("导入", "importing"), file=sys.stderr, hidden=hidden
    ) as bar:
        try:
            rows(brought, lambda row: bar.update(1))
        except (KeyboardInterrupt, GuikouError):
            if what.number:
                done, number = brought.what.looked_at, what.number
                click.echo(
                    t(
                        f"第 {number} 次导入中断：{what.lines} 行中已处理 {done} 行；再次导入该文件即可继续",
                        f"import {number} was broken off: {done} of {what.lines} rows; import the file again to go on",
                    ),
                    err=True,
                )
            raise


def _write_rejects(path: Path, brought: Brought) -> NotSaved | None:
    """Write the rejected rows; why they could not be: what was taken in stands, and is told."""
    from ..spreadsheets.rejects import write

    try:
        earlier = write(path, brought.register.heading, brought.rejected, reasons)
    except NotSaved as error:
        return error
    if earlier is not None:
        click.echo(
            t(
                f"此前的退回文件可能已改过，另存为 {earlier}",
                f"what was rejected before may be corrected: kept as {earlier}",
            ),
            err=True,
        )
    return None


def _of_before(path: Path) -> bool:
    from ..spreadsheets.rejects import is_rejects

    return is_rejects(path)


def _read_from(file: str, found: Heading) -> str:
    """Which table was read, and how: a sheet, or an encoding; the line of its heading where that isn't the first."""
    table = found.table
    how = table.encoding or t(f"工作表 “{table.sheet}”", f"sheet '{table.sheet}'")
    if found.line > 1:
        how += t(f"，表头在第 {found.line} 行", f", heading in row {found.line}")
    return t(f"读自 {file}（{how}）", f"read from {file} ({how})")


def reasons(faults: Sequence[GuikouError]) -> str:
    """Every fault of a row in one line."""
    return t("。", " | ").join(hints.row_line(error) for error in faults)


def _in_whose_name(session: Session, brought: Brought) -> str:
    """The body in whose name an import is kept of which nobody said it."""
    body = session.policy.places.bodies.get(brought.what.body)
    zh, en = (body.title.zh, body.title.en) if body is not None else (brought.what.body, brought.what.body)
    return t(f"（办理单位：{zh}）", f" (in the name of {en})")


def _report(session: Session, name: Path, path: Path | None, brought: Brought) -> None:
    """What became of the rows; `path`: where the rejected ones are, if they could be written."""
    file = visible(str(name))
    counts, number, dry_run = brought.counts, brought.what.number, brought.run.dry_run
    if session.format != "table":
        columns = [Column(name, title.zh, title.en, right=True) for name, title in OUTCOME_TITLES.items()]
        columns.append(Column("import", "导入编号", "import", right=True))
        print_rows(session, columns, [[*(counts[name] for name in OUTCOME_TITLES), number or None]])
    else:
        said = t("，", ", ").join(
            t(f"{title.zh} {counts[name]}", f"{counts[name]} {title.en}")
            for name, title in OUTCOME_TITLES.items()
            if name != "parked" or counts[name] or brought.what.parks
        )
        click.echo((t("（试运行，数据库未改动）", "(dry run, nothing kept) ") if dry_run else "") + said)
        click.echo(_read_from(file, brought.register.heading))
        if number:
            whose = _in_whose_name(session, brought) if session.as_body is None else ""
            click.echo(t(f"第 {number} 次导入{whose}；逐行结果：guikou imports show {number}",
                         f"import {number}{whose}; row by row: guikou imports show {number}"))  # fmt: skip
    for row, taken in brought.rejected[:TOLD]:
        click.echo(t(f"{file} 第 {row.line} 行：", f"{file}, row {row.line}: ") + reasons(taken.faults), err=True)
    more = len(brought.rejected) - TOLD
    if path is None:
        pass  # said behind this
    elif more > 0:
        also = "another row was" if more == 1 else f"{more} more rows were"
        click.echo(
            t(f"另有 {more} 行退回；全部退回的行及原因见 {path}", f"{also} rejected; all of them and why: {path}"),
            err=True,
        )
    elif brought.rejected:
        click.echo(t(f"退回的行及原因见 {path}", f"the rejected rows and why: {path}"), err=True)
    elif _of_before(path):
        click.echo(
            t(f"本次没有退回的行；{path} 是此前一次导入留下的", f"no row was rejected: {path} is of an import before"),
            err=True,
        )
    for label, lines in brought.elsewhere.items():
        told = t("、", ", ").join(map(str, lines[:TOLD])) + (t(" 等", ", ...") if len(lines) > TOLD else "")
        many = "1 row names" if len(lines) == 1 else f"{len(lines)} rows name"
        rows = "row" if len(lines) == 1 else "rows"
        click.echo(
            t(f"{len(lines)} 行的“{visible(label)}”所写区域与本行区域不符，请核对：第 {told} 行",
              f"{many} another area in '{visible(label)}' than the row's own; look at {rows} {told}"),
            err=True,
        )  # fmt: skip
    if brought.parked and not dry_run:
        count = len(brought.parked)
        waits = "1 row waits for what it lacks" if count == 1 else f"{count} rows wait for what they lack"
        click.echo(t(f"暂存 {count} 行，尚未立案：guikou parked", f"{waits}: guikou parked"), err=True)
