"""policy activate: another policy, or a new version."""

from __future__ import annotations

import click

from guikou import workflows
from guikou.engine import verify
from guikou.engine.supervision.activation import fits

from ..language import t
from ..render import print_json
from ..session import Session, with_session


@click.command("activate", help=t(
    "启用另一政策或新版本。\n\n\b\n示例：\n  guikou policy activate ./my-policy",
    "Activate another policy, or a new version.\n\n\b\nExample:\n  guikou policy activate ./my-policy",
))  # fmt: skip
@click.argument("name", metavar=t("名称|目录", "NAME|DIR"))
@with_session(writes=True, formats=("table", "json"))
def activate_command(session: Session, name: str) -> None:
    policy = workflows.load(name)
    old = session.policy
    verify.require(policy)
    fits(policy, session.store)
    session.store.activate_policy(policy.name, policy.version, policy.digest, policy.files)
    if session.format == "json":
        print_json(session, {"before": old.to_dict(), "policy": policy.to_dict()})
        return
    click.echo(
        t(f"{old.name} {old.version}（{old.digest[:12]}）→ {policy.name} {policy.version}（{policy.digest[:12]}）",
          f"{old.name} {old.version} ({old.digest[:12]}) -> {policy.name} {policy.version} ({policy.digest[:12]})")
    )  # fmt: skip
