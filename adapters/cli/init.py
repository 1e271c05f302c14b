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
    "建库并启用政策。重复运行不产生变化。\n\n\b\n示例：\n  guikou init\n  guikou init --policy ./my-policy --db postgresql://user@host/name",
    "Make a database and activate a policy. Running it again changes nothing.\n\n\b\nExamples:\n  guikou init\n  guikou init --policy ./my-policy --db postgresql://user@host/name",
))  # fmt: skip
@click.option(
    "--policy",
    "name",
    default=workflows.DEFAULT,
    show_default=True,
    metavar=t("名称|目录", "NAME|DIR"),
    help=t("政策名称或目录", "a policy's name or folder"),
)
@with_session(writes=True, formats=("table", "json"))
def init_command(session: Session, name: str) -> None:
    policy = workflows.load(name)
    if not session.exists():
        verify.require(policy)  # before there is a file: what is refused leaves nothing behind
    store = session.opened(upgrade=True)
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
