"""init: a database, and the policy that it runs."""

from __future__ import annotations

import click

from guikou import workflows
from guikou.engine import verify
from guikou.engine.errors import AlreadyInitialized

from .language import t
from .render import print_json
from .session import Session, with_session


@click.command("init", help=t(
    "建库并启用政策。重复运行不产生变化。旧版数据库先备份再升级：SQLite 备份在其旁，PostgreSQL 由 pg_dump 备份到当前目录。\n\n\b\n示例：\n  guikou init\n  guikou init --policy ./my-policy --db postgresql://user@host/name",
    "Make a database and activate a policy. Running it again changes nothing. A database of an older guikou is backed up, then upgraded: SQLite's beside it, PostgreSQL's by pg_dump in the current directory.\n\n\b\nExamples:\n  guikou init\n  guikou init --policy ./my-policy --db postgresql://user@host/name",
))  # fmt: skip
@click.option(
    "--policy",
    "name",
    default=workflows.DEFAULT,
    show_default=True,
    metavar=t("名称|目录", "NAME|DIR"),
    help=t("政策名称或目录", "a policy's name or folder"),
)
@click.option(
    "--no-backup",
    is_flag=True,
    help=t("升级旧版数据库之前不备份", "upgrade an older database without a backup of it first"),
)
@with_session(writes=True, formats=("table", "json"))
def init_command(session: Session, name: str, no_backup: bool) -> None:
    policy = workflows.load(name)
    if not session.exists():
        verify.require(policy)  # before there is a file: what is refused leaves nothing behind
    store = session.opened(upgrade=True, backup=not no_backup)
    if store.backed_up is not None:
        click.echo(
            t(f"已升级；升级前的备份：{store.backed_up}", f"upgraded; what it was before: {store.backed_up}"), err=True
        )
    store.create()
    if store.policy_files() is not None:
        active = session.policy
        if active.digest != policy.digest:
            raise AlreadyInitialized(db=store.shown, policy=f"{active.name} {active.version} ({active.digest[:12]})")
    else:
        verify.require(policy)
        store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    if session.format == "json":
        print_json(session, {"db": store.shown, "policy": policy.to_dict()})
        return
    click.echo(
        t(f"{store.shown}：已启用 {policy.title.zh}（{policy.name} {policy.version}）",
          f"{store.shown}: {policy.title.en} ({policy.name} {policy.version}) is active")
    )  # fmt: skip
