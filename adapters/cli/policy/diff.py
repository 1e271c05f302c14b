"""policy diff: what differs between two policies, in rules and not in lines."""

from __future__ import annotations

import shlex
from typing import Any

import click

from guikou import workflows
from guikou.engine.versions.difference import Change, difference

from .. import language
from ..language import counted, t
from ..render import print_json, write
from ..session import Session, with_session
from .steps import arguments


@click.command("diff", help=t(
    "比较两个政策：按规则而非按行说明差异，并指出哪些组织的结果会变（附一例）。\n\n\b\n示例：\n  guikou policy diff beijing-2015 ./my-policy",
    "Compare two policies: what differs, in rules and not in lines, and for which organisations the outcome changes, with one of them.\n\n\b\nExample:\n  guikou policy diff beijing-2015 ./my-policy",
))  # fmt: skip
@click.argument("old", metavar=t("旧政策", "OLD"))
@click.argument("new", metavar=t("新政策", "NEW"))
@with_session(formats=("table", "json"))
def diff_command(session: Session, old: str, new: str) -> None:
    changes = difference(workflows.load(old), workflows.load(new))
    if session.format == "json":
        print_json(session, [_as_json(one) for one in changes])
        return
    lines = []
    for one in changes:
        lines.append(one.message(language.LANG))
        if one.witness:
            lines.append(f"    guikou policy try {shlex.quote(new)} {shlex.join(arguments(one.witness))}")
    lines.append(t(f"{len(changes)} 处不同", counted(len(changes), "difference", "differences")))
    write(session, "\n".join(lines) + "\n")


def _as_json(one: Change) -> dict[str, Any]:
    said = one.as_json()
    message = said.pop("message")
    return {**said, "witness": arguments(one.witness) if one.witness else None, "message": message}
