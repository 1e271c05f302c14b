"""recount: due dates, after the calendar of working days was updated."""

from __future__ import annotations

import click

from .language import t
from .render import Column, print_rows
from .session import Session, with_session


@click.command("recount", help=t(
    "工作日历更新后，重算当时按周一至周五暂计的期限；每次变动记为事件。\n\n\b\n示例：\n  guikou recount --dry-run",
    "After the calendar of working days was updated, count those due dates anew for which Monday to Friday had to be "
    "assumed; each change is an event.\n\n\b\nExample:\n  guikou recount --dry-run",
))  # fmt: skip
@click.option("--dry-run", is_flag=True, help=t("只列出，不写入", "list what would change, keep nothing"))
@with_session(writes=True)
def recount_command(session: Session, dry_run: bool) -> None:
    changed = session.supervision.recount(when=session.as_of if dry_run else session.when(), dry_run=dry_run)
    columns = [
        Column("case", "案卷", "case", whole=True),
        Column("name", "组织名称", "organisation"),
        Column("due", "期限", "due", whole=True),
    ]
    if changed or session.format != "table":
        print_rows(session, columns, [[view.id, view.name, view.due] for view in changed], name=t("重算", "recount"))
    if session.format == "table":
        would = t("（未写入）", " (nothing kept)") if dry_run else ""
        click.echo(t(f"重算 {len(changed)} 件{would}", f"{len(changed)} recounted{would}"))
