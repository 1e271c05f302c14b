"""db: how the database stands, backups, and what is kept of cases against what their events say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guikou.engine.errors import GuikouError
from guikou.engine.text import Title

from . import hints
from .language import t
from .render import Column, print_one, print_rows
from .session import Session, with_session

if TYPE_CHECKING:
    from guikou.engine.cases.case import Case

_TABLES = {
    "cases": Title("案卷", "case"),
    "organizations": Title("组织", "organisation"),
    "duties": Title("义务", "duties"),
    "memberships": Title("联合", "memberships"),
    "passages": Title("关口", "gates"),
    "events": Title("历史", "history"),
    "notices": Title("通知", "notices"),
    "imports": Title("导入记录", "imports"),
    "policies": Title("政策文本", "a policy's text"),
    "pages": Title("数据库文件", "the database's file"),
}
#: What no event tells again.
_LOST = frozenset({"events", "notices", "imports", "policies", "pages"})
_COLUMNS = [
    Column("case", "案卷", "case", whole=True),
    Column("table", "位置", "where"),
    Column("column", "项目", "what"),
    Column("kept", "现存", "kept"),
    Column("should", "应为", "should be"),
]


@click.group("db", help=t("数据库的状态、备份、恢复与核对。", "The database: how it stands, backups, checks."))
def db_command() -> None:
    pass


@db_command.command("check", help=t(
    "逐件核对保存的内容与其事件是否一致；--repair 据事件重建不一致的案卷（事件本身从不改动）。\n\n退出码：0 全部一致或已重建；1 有不一致的。\n\n\b\n示例：\n  guikou db check\n  guikou db check --repair",
    "Compare what is kept of each case with what its events say; --repair rebuilds from its events a case of which it "
    "differs (events themselves are never changed).\n\nExit code: 0 all is as it should be, or was rebuilt; 1 something "
    "is not.\n\n\b\nExamples:\n  guikou db check\n  guikou db check --repair",
))  # fmt: skip
@click.option("--repair", is_flag=True, help=t("据事件重建", "rebuild from the events"))
@with_session(writes=True)
def check_command(session: Session, repair: bool) -> int:
    store = session.store
    found = list(store.differences(_wakes_by(session)))
    broken = {one.case for one in found if one.table in _LOST}
    rows = [[one.case, _TABLES[one.table], one.column, one.kept, one.should] for one in found]
    nothing = t("全部一致", "all is as its events say")
    print_rows(session, _COLUMNS, rows, t("与事件不一致", "Other than its events say"), empty=nothing)
    wrong = bool(broken)
    for id in sorted({one.case for one in found} - broken):
        if not repair:
            wrong = True
            continue
        try:
            store.rebuild(id)
        except GuikouError as error:
            click.echo(f"[{error.code}] {hints.line(error)}", err=True)
            wrong = True
        else:
            click.echo(t(f"{id}：已据其事件重建", f"{id}: rebuilt from its events"), err=True)
    if "" in broken:
        click.echo(
            t(
                "数据库本身已损坏或被改动，请从备份恢复（guikou db restore 文件）",
                "the database itself is damaged or was changed; restore it from a backup (guikou db restore FILE)",
            ),
            err=True,
        )
    for id in sorted(broken - {""}):
        click.echo(
            t(
                f"{id}：历史本身已被改动，请从备份恢复",
                f"{id}: its history itself was changed; restore it from a backup",
            ),
            err=True,
        )
    return 1 if wrong else 0


def _wakes_by(session: Session) -> Callable[[Case], date | None] | None:
    """By which day the sweep must look at a case; None where the policy can't be had, so that all else is checked."""
    try:
        return session.supervision.wakes_by
    except GuikouError:
        return None


@db_command.command("status", help=t(
    "数据库的状态：位置、版本、政策、案卷与事件数、待投递与暂存、最近的记录与封存、大小；SQLite 另核对各页是否完好。\n\n退出码：0 正常；1 需要升级，或有损坏。\n\n\b\n示例：\n  guikou db status",
    "How the database stands: where, its schema, the policy, how many cases, events, undelivered notices and parked rows, what was recorded and sealed last, its size; on SQLite whether its pages are sound.\n\nExit code: 0 it is well; 1 it needs an upgrade, or is damaged.\n\n\b\nExample:\n  guikou db status",
))  # fmt: skip
@with_session()
def status_command(session: Session) -> int:
    found = session.store.status()
    old = found.schema != found.today
    settings = [f"{name}={value}" for name, value in found.settings.items()]  # for whoever tunes the server
    fields = [
        (Column("db", "数据库", "database"), found.db),
        (Column("kind", "种类", "kind"), found.kind),
        (Column("schema", "结构版本", "schema"), found.schema),
        (Column("policy", "政策", "policy"), found.policy),
        (Column("cases", "案卷", "cases"), found.cases),
        (Column("closed", "其中已结案", "of which closed"), found.closed),
        (Column("events", "事件", "events"), found.events),
        (Column("waiting", "待投递通知", "notices to deliver"), found.waiting),
        (Column("parked", "暂存", "parked"), found.parked),
        (session.timed(Column("last", "最近记录", "recorded last")), session.local(found.last)),
        (session.timed(Column("sealed", "最近封存", "sealed last")), session.local(found.sealed)),
        (Column("size", "大小（字节）", "size in bytes"), found.size),
        *([(Column("settings", "设置", "settings"), settings)] if session.format != "table" else []),
        *(
            [(Column("problems", "损坏", "damage"), list(found.problems))]
            if found.problems or session.format != "table"
            else []
        ),
    ]
    print_one(session, fields)
    if found.problems:
        click.echo(
            t("数据库已损坏：请从备份恢复（guikou db restore 文件）", "the database is damaged: restore it from a backup (guikou db restore FILE)"),
            err=True,
        )  # fmt: skip
    return 1 if old or found.problems else 0


_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar=t("文件", "FILE"))


@db_command.command("backup", help=t(
    "备份到一个新文件：其他人可照常办理；写完后核对，完整才放到位。SQLite 用其备份接口，PostgreSQL 用 pg_dump。\n\n\b\n示例：\n  guikou db backup guikou-2016-01-04.db",
    "Back up to a new file, while others go on; it is verified once it is written, and put in place when it is whole. SQLite by its backup API, PostgreSQL by pg_dump.\n\n\b\nExample:\n  guikou db backup guikou-2016-01-04.db",
))  # fmt: skip
@_file
@with_session(formats=("table",))
def backup_command(session: Session, file: Path) -> None:
    found = session.store.backup(file, overwrite=session.force)
    what = (
        ""
        if found.events is None
        else t(f"，{found.cases} 件案卷，{found.events} 个事件", f", {found.cases} cases, {found.events} events")
    )
    click.echo(
        t(
            f"已备份并核对：{file}（{found.size} 字节{what}）",
            f"backed up and verified: {file} ({found.size} bytes{what})",
        )
    )


@db_command.command("restore", help=t(
    "以备份替换数据库的全部内容：先核对备份；数据库中若有备份所没有的内容则拒绝，除非 --discard。SQLite 替换前的内容另存在旁边。\n\n\b\n示例：\n  guikou db restore guikou-2016-01-04.db",
    "Put a backup in the place of all that the database holds: it is verified first, and refused where the database holds what it does not, unless --discard. On SQLite what there was is kept beside.\n\n\b\nExample:\n  guikou db restore guikou-2016-01-04.db",
))  # fmt: skip
@_file
@click.option("--discard", is_flag=True, help=t("舍弃备份所没有的内容", "discard what the backup does not hold"))
@with_session(writes=True, formats=("table",))
def restore_command(session: Session, file: Path, discard: bool) -> None:
    from ..sql.backup import restored

    kept = restored(session.db, file, discard=discard)
    click.echo(t(f"已恢复：{file}", f"restored: {file}"))
    if kept is not None:
        click.echo(t(f"原有内容存于 {kept}", f"what there was is kept in {kept}"), err=True)
    click.echo(
        t("请核对：guikou db status，guikou db check", "look at it: guikou db status, guikou db check"), err=True
    )
