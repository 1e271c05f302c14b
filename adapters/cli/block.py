"""block: what keeps a case from going on."""

from __future__ import annotations

import click

from . import names, options
from .cases import print_outcome
from .language import t
from .session import Session, with_session


@click.command("block", help=t(
    "记录（或用 --clear 解除）妨碍组建的原因。\n\n\b\n示例：\n  guikou block 52110105MJ0123456N 组建难 --as 朝阳区委教育工作委员会",
    "Record (or with --clear, clear) what keeps a case from going on.\n\n\b\nExample:\n  guikou block 52110105MJ0123456N hard_to_form --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument("code", type=names.BLOCKER, metavar=t("障碍", "CODE"))
@click.option("--clear", is_flag=True, help=t("解除", "it no longer does"))
@options.request_id
@with_session(writes=True)
def block_command(session: Session, case: str, code: str, clear: bool, request_id: str | None) -> None:
    by, when = session.acting(), session.when()
    view = session.supervision.block(case, code, by=by, clear=clear, when=when, request_id=request_id)
    print_outcome(session, view)
