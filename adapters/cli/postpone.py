"""postpone: an obligation's due date is put off."""

from __future__ import annotations

from typing import Any

import click

from . import names, options
from .cases import print_outcome
from .language import t
from .session import Session, with_session


@click.command("postpone", help=t(
    "延期一项周期性义务，须写明理由；次数与时长由政策规定。\n\n\b\n示例：\n  guikou postpone 52110105MJ0123456N 换届 --reason 场地搬迁 -e 延期换届批复=2020-3 --as 北京市委教育工作委员会",
    "Put off an obligation's due date, for a reason; the policy says how often and how far.\n\n\b\nExample:\n  guikou postpone 52110105MJ0123456N change_of_term --reason 'premises are being moved' -e postponement_approval=2020-3 --as beijing-education",
))  # fmt: skip
@options.case
@click.argument("obligation", type=names.OBLIGATION, metavar=t("义务", "OBLIGATION"))
@options.reason
@options.evidence
@options.late
@options.by_whom
@with_session(writes=True)
def postpone_command(session: Session, case: str, obligation: str, **rest: Any) -> None:
    print_outcome(
        session, session.supervision.postpone(case, obligation, by=session.acting(), when=session.when(), **rest)
    )
