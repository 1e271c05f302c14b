"""db check: what is kept of cases, against what their events say."""

from __future__ import annotations

import click

from guikou.engine.errors import GuikouError
from guikou.engine.text import Title

from . import hints
from .language import t
from .render import Column, print_rows
from .session import Session, with_session

_TABLES = {
    "cases": Title("案卷", "case"),
    "organizations": Title("组织", "organisation"),
    "duties": Title("义务", "duties"),
    "memberships": Title("联合", "memberships"),
    "passages": Title("关口", "gates"),
    "events": Title("历史", "history"),
}
_COLUMNS = [
    Column("case", "案卷", "case", whole=True),
    Column("table", "位置", "where"),
    Column("column", "项目", "what"),
    Column("kept", "现存", "kept"),
    Column("should", "应为", "should be"),
]


@click.group("db", help=t("数据库的核对。", "Check the database."))
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
    found = list(store.differences())
    broken = {one.case for one in found if one.table == "events"}
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
    for id in sorted(broken):
        click.echo(
            t(
                f"{id}：历史本身已被改动，请从备份恢复",
                f"{id}: its history itself was changed; restore it from a backup",
            ),
            err=True,
        )
    return 1 if wrong else 0
