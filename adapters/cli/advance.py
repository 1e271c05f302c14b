"""advance: what a body does with a case."""

from __future__ import annotations

from typing import Any

import click

from . import names, options
from .cases import print_outcome
from .language import t
from .session import Session, with_session


@click.command("advance", help=t(
    "办理案卷：触发一个动作。\n\n\b\n示例：\n  guikou advance 52110105MJ0123456N establish --as chaoyang-education --evidence approval_document=朝教工委〔2016〕12号",
    "Advance a case: fire a trigger.\n\n\b\nExample:\n  guikou advance 52110105MJ0123456N establish --as chaoyang-education --evidence approval_document=2016-12",
))  # fmt: skip
@options.case
@click.argument("trigger", type=names.TRIGGER, metavar=t("动作", "TRIGGER"))
@options.evidence
@options.reason
@options.by_whom
@with_session(writes=True)
def advance_command(session: Session, case: str, trigger: str, **rest: Any) -> None:
    print_outcome(session, session.supervision.advance(case, trigger, by=session.acting(), when=session.when(), **rest))
