"""imports: what was imported, row by row, and how one is undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from guikou.engine.supervision.history import facts_before, with_case_before
from guikou.engine.supervision.imported import Import, ImportedRow
from guikou.engine.text import as_json

from . import hints, language, names, options
from .commands import Listing
from .counted import ROWS, tell_cut
from .history import altered
from .language import t
from .render import Column, print_json, print_rows
from .session import Session, with_session
from .titles import OUTCOME_TITLES, STATE_TITLES, spoken

_COLUMNS = [
    Column("number", "编号", "no.", right=True),
    Column("file", "文件", "file"),
    Column("recorded_at", "时间", "when"),
    Column("actor", "经办", "by"),
    Column("state", "状态", "state"),
    *[Column(name, title.zh, title.en, right=True) for name, title in OUTCOME_TITLES.items()],
    Column("lines", "行数", "rows", table=False, right=True),
    Column("body", "机构", "body", table=False),
    Column("day", "生效日期", "takes effect", whole=True),
    Column("at", "生效", "takes effect at", table=False),
    Column("finished_at", "完成", "ended", table=False),
    Column("parks", "可暂存", "parks", table=False),
    Column("digest", "文件摘要", "SHA-256", table=False),
    Column("size", "字节", "bytes", table=False, right=True),
    Column("encoding", "编码", "encoding", table=False),
    Column("sheet", "工作表", "sheet", table=False),
    Column("mapping", "对应表摘要", "mapping", table=False),
    Column("policy", "政策摘要", "policy", table=False),
    Column("undone_at", "撤销", "undone", table=False),
    Column("undone_by", "撤销人", "undone by", table=False),
    Column("undone_because", "撤销理由", "why", table=False),
]
_TIMES = ("recorded_at", "at", "finished_at", "undone_at")
_ROW_COLUMNS = [
    Column("row", "行", "row", right=True),
    Column("id", "编号", "id", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("outcome", "结果", "outcome"),
    Column("changes", "变更", "changes"),
    Column("reason", "原因", "why"),
    Column("case", "案卷", "case", table=False),
    Column("revision", "版本", "revision", table=False, right=True),
    Column("parked", "暂存编号", "parked", table=False, right=True),
    Column("codes", "原因代码", "codes", table=False),
]


@click.group("imports", cls=Listing, help=t(
    "导入记录：何人何时导入了哪个文件，各行结果；也可撤销一次导入。只写 guikou imports 即列出。",
    "What was imported: who, when, which file, what became of each row; and how one is undone. Without a command they\n"
    "are listed.",
))  # fmt: skip
def imports_command() -> None:
    pass


@imports_command.command("list", help=t(
    "列出历次导入，最近的在前。\n\n\b\n示例：\n  guikou imports\n  guikou imports list --limit 10",
    "List the imports, the last first.\n\n\b\nExamples:\n  guikou imports\n  guikou imports list --limit 10",
))  # fmt: skip
@options.limit
@with_session()
def list_command(session: Session, limit: int | None) -> None:
    intake = session.supervision.intake
    found = intake.imports(limit=limit)
    none = t("尚未导入过名单", "nothing was imported yet")
    columns = [session.timed(one) if one.key in _TIMES else one for one in _COLUMNS]
    print_rows(session, columns, [_row(session, one) for one in found], empty=none)
    tell_cut(session, len(found), limit, lambda: len(intake.imports()))


@imports_command.command("show", help=t(
    "一次导入的各行结果。\n\n\b\n示例：\n  guikou imports show 3\n  guikou imports show 3 --outcome parked --format xlsx -o rows.xlsx",
    "What became of each row of an import.\n\n\b\nExamples:\n  guikou imports show 3\n  guikou imports show 3 --outcome parked --format xlsx -o rows.xlsx",
))  # fmt: skip
@click.argument("number", type=click.IntRange(1, options.MOST), metavar=t("编号", "NUMBER"))
@click.option(
    "--outcome",
    type=names.Words({name: (one.zh, one.en) for name, one in OUTCOME_TITLES.items()}),
    help=t("只列该结果的行", "only rows with this outcome"),
)
@options.limit
@with_session()
def show_command(session: Session, number: int, outcome: str | None, limit: int | None) -> None:
    intake = session.supervision.intake
    what, rows = intake.get(number), intake.rows(number, outcome)
    lines = [_outcome(session, row) for row in rows[:limit]]
    if session.format == "json":
        keys = [column.key for column in _ROW_COLUMNS]
        own = dict(zip([column.key for column in _COLUMNS], map(as_json, _row(session, what)), strict=True))
        print_json(session, own | {"rows": [dict(zip(keys, map(as_json, one), strict=True)) for one in lines]})
        return
    if session.format == "table" and not session.output:
        click.echo(_told(session, what))
    anything = any(row.outcome == "changed" for row in rows[:limit])
    columns = [replace(one, table=anything) if one.key == "changes" else one for one in _ROW_COLUMNS]
    print_rows(session, columns, lines, empty=t("没有这样的行", "no such row"))
    tell_cut(session, len(lines), limit, lambda: len(rows), ROWS)


@imports_command.command("undo", help=t(
    "撤销一次导入：此后其案卷别无变动时，新立案的（包括由其暂存补全的）撤回登记，变更的恢复原状，暂存的放弃；否则一概不动。事件均保留。默认自导入生效之日起撤销。\n\n"
    "\b\n示例：\n  guikou imports undo 3 --reason 名单有误\n  guikou imports undo 3 --reason 名单有误 --as-of 2016-01-04",
    "Undo an import while nothing else happened to its cases: what it opened (or parked, and was completed) is withdrawn, what it changed is put back,\n"
    "what it parked is dropped; otherwise nothing is touched. No event is deleted. It takes effect,\n"
    "if nothing is said, when the import did.\n\n"
    "\b\nExamples:\n  guikou imports undo 3 --reason 'the wrong list'\n  guikou imports undo 3 --reason 'the wrong list' --as-of 2016-01-04",
))  # fmt: skip
@click.argument("number", type=click.IntRange(1, options.MOST), metavar=t("编号", "NUMBER"))
@options.reason_required
@options.actor
@with_session(writes=True)
def undo_command(session: Session, number: int, reason: str, actor: str | None) -> None:
    intake = session.supervision.intake
    when = session.when() or intake.get(number).at  # so that the right list can be imported as of that day
    done = intake.undo(number, reason=reason, by=session.body, actor=actor, when=when)
    withdrawn, restored = len(done.withdrawn), len(done.restored)
    if session.format == "table":
        click.echo(
            t(
                f"第 {number} 次导入已撤销：撤回登记 {withdrawn} 件，恢复原状 {restored} 件，放弃暂存 {done.dropped} 行",
                f"import {number} is undone: {withdrawn} withdrawn, {restored} put back, {done.dropped} parked rows dropped",
            )
        )
        return
    columns = [
        Column("import", "导入编号", "import", right=True),
        Column("withdrawn", "撤回登记", "withdrawn"),
        Column("restored", "恢复原状", "put back"),
        Column("dropped", "放弃暂存", "dropped", right=True),
    ]
    cases = [[case.organization for case in some] for some in (done.withdrawn, done.restored)]
    print_rows(session, columns, [[number, *cases, done.dropped]])


def _row(session: Session, one: Import) -> list[Any]:
    """An import as it is listed, in the order of _COLUMNS."""
    source = one.source
    return [
        one.number, source.file, session.local(one.recorded_at), one.actor, _state(session, one.state),
        *(one.counts.get(name, 0) for name in OUTCOME_TITLES), one.lines,
        session.policy.places.bodies.get(one.body, one.body), session.policy.day(one.at), session.local(one.at),
        session.local(one.finished_at), one.parks, source.digest,
        source.size, source.encoding, source.sheet, source.mapping, one.policy, session.local(one.undone_at), one.undone_by,
        one.undone_because,
    ]  # fmt: skip


def _outcome(session: Session, row: ImportedRow) -> list[Any]:
    errors = [fault.error() for fault in row.faults]
    plain = session.format == "json"
    # What is parked is completed otherwise than the hints for a row that was rejected say.
    parked = row.outcome == "parked"
    told = [error.line(language.LANG, hint="") if parked else hints.row_line(error) for error in errors]
    return [
        row.line,
        row.id,
        row.name,
        row.outcome if plain else OUTCOME_TITLES[row.outcome],
        _changes(session, row),
        [error.as_json() for error in errors] if plain else t("。", " | ").join(told),
        row.case,
        row.revision,
        row.parked,
        list(dict.fromkeys(error.code for error in errors)),
    ]


def _changes(session: Session, row: ImportedRow) -> Any:
    """What a row changed of its organisation, each from what to what: in words, or for JSON by name."""
    plain = session.format == "json"
    if row.outcome != "changed" or row.case is None or row.before is None or row.revision is None:
        return {} if plain else []
    events = with_case_before(session.supervision.history(row.case))
    own = [(event, stood) for event, stood in events if row.before < event.seq <= row.revision]
    if not plain:
        return [text for event, stood in own for text in altered(session.policy, event, stood)]
    found: dict[str, list[Any]] = {}
    for event, stood in own:
        was = facts_before(event, stood)
        moved = {"name": (stood and stood.name, event.name), "area": (stood and stood.area, event.area)}
        said = {name: pair for name, pair in moved.items() if pair[1] not in (None, pair[0])}
        said |= {name: (was.get(name), now) for name, now in event.facts.items() if was.get(name, ...) != now}
        for name, (before, after) in said.items():
            found[name] = [found.get(name, [before])[0], after]
    return found


def _told(session: Session, one: Import) -> str:
    """An import in one line or two."""
    zone, source = session.policy.zone, one.source
    when = f"{one.recorded_at.astimezone(zone):%Y-%m-%d %H:%M}"
    how = ", ".join(text for text in (source.encoding, source.sheet) if text)
    said = t(
        f"第 {one.number} 次导入（{spoken(STATE_TITLES[one.state])}）：{source.file}（{how}），{when}，{one.actor}，{session.policy.day(one.at)} 起生效；SHA-256 {source.digest[:12]}…",
        f"import {one.number} ({spoken(STATE_TITLES[one.state])}): {source.file} ({how}), {when}, {one.actor}, as of {session.policy.day(one.at)}; SHA-256 {source.digest[:12]}…",
    )
    if one.state == "running":
        said += t(
            f"\n{one.lines} 行中已处理 {one.looked_at} 行；再次导入该文件即可继续",
            f"\n{one.looked_at} of {one.lines} rows were looked at; import the file again to go on",
        )
    if one.undone_at is not None:
        day = session.policy.day(one.undone_at)
        said += t(
            f"\n{day} 由 {one.undone_by} 撤销：{one.undone_because}",
            f"\nundone on {day} by {one.undone_by}: {one.undone_because}",
        )
    return said


def _state(session: Session, state: str) -> Any:
    return state if session.format == "json" else STATE_TITLES[state]
