"""meet: an obligation was met."""

from __future__ import annotations

from typing import Any

import click

from . import names, options
from .cases import print_outcome
from .language import t
from .session import Session, with_session


@click.command("meet", help=t(
    "办结一项周期性义务（如年检、换届、例会）；下一期随即排定。\n\n\b\n示例：\n  guikou meet 52110105MJ0123456N 年度检查 --outcome 合格 -e 年检报告书=2016-1 -e 党建工作情况=2016-2 --as 朝阳区委教育工作委员会",
    "Record that an obligation was met (an inspection, a change of term, a meeting); the next is scheduled at once.\n\n\b\nExample:\n  guikou meet 52110105MJ0123456N inspection --outcome qualified -e inspection_report=2016-1 -e party_building_report=2016-2 --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument("obligation", type=names.OBLIGATION, metavar=t("义务", "OBLIGATION"))
@click.option(
    "--outcome",
    type=names.OUTCOME,
    metavar=t("结论", "KEY"),
    help=t("结论（只有一种时可省略）", "how it ended (not needed where there is one way only)"),
)
@options.evidence
@options.late
@options.by_whom
@with_session(writes=True)
def meet_command(session: Session, case: str, obligation: str, **rest: Any) -> None:
    print_outcome(session, session.supervision.meet(case, obligation, by=session.acting(), when=session.when(), **rest))
