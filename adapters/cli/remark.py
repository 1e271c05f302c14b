"""remark: what an office notes on a case."""

from __future__ import annotations

from typing import Any

import click

from . import options
from .cases import print_outcome
from .language import t
from .session import Session, with_session


@click.command("remark", help=t(
    "在案卷上备注：一行文字，至多 2000 字；不改变案卷的状态，已结案的也可以。凡能看到该案卷的机构均可备注。不要写入个人信息：guikou 中的人只有数目。\n\n\b\n示例：\n  guikou remark 521101087NCC6K4P54 负责人已电话说明，下周补交材料 --as 海淀区卫生系统党委",
    "Note something on a case: a line of at most 2,000 characters. Nothing else of the case changes, and it may be closed. Any body that sees the case may. Write nothing of persons: in guikou people appear as counts only.\n\n\b\nExample:\n  guikou remark 521101087NCC6K4P54 'papers will follow next week' --as haidian-health",
))  # fmt: skip
@options.case
@click.argument("text", metavar=t("文字", "TEXT"))
@options.by_whom
@with_session(writes=True)
def remark_command(session: Session, case: str, text: str, **rest: Any) -> None:
    view = session.supervision.remark(case, text, by=session.acting(), when=session.when(), **rest)
    print_outcome(session, view)
