"""continue: a case is carried on as that of the registered organisation."""

from __future__ import annotations

from typing import Any

import click

from guikou.engine.cases.case import Organization

from . import names, options
from .cases import print_outcome
from .language import t
from .session import Session, with_session
from .values import read_facts


@click.command("continue", help=t(
    "以登记后的组织接续其孵化、登记案卷：历史、记录和已承诺的事项随之转入，原案卷结案。\n\n\b\n示例：\n  guikou continue APP-1 52110105MJ0123456N 登记类型=民办非企业单位 --name 朝阳启明学校 --as 朝阳区社会团体管理办公室",
    "Carry a case on as that of the registered organisation: its history, its records and what it owes go over, and the old case closes.\n\n\b\nExample:\n  guikou continue APP-1 52110105MJ0123456N registered_as=private_non_enterprise --name 'Qiming School' --as chaoyang-registration",
))  # fmt: skip
@options.case
@click.argument("new", metavar=t("新代码", "NEW"))
@click.argument(
    "facts", nargs=-1, type=names.FACT, callback=options.pairs(options.FACT_PAIR), metavar=f"[{options.FACT_PAIR}...]"
)
@click.option(
    "--name", metavar=t("名称", "NAME"), help=t("登记名称（默认不变）", "its registered name (default: the same)")
)
@click.option(
    "--area", type=names.AREA, metavar=t("区域", "AREA"), help=t("区域（默认不变）", "its area (default: the same)")
)
@options.by_whom
@with_session(writes=True)
def continue_command(
    session: Session, case: str, new: str, facts: dict[str, str], name: str | None, area: str | None, **rest: Any
) -> None:
    values = read_facts(session.policy, facts)
    old = session.supervision.get(case)
    organization = Organization(new, name or old.name, area or old.case.area, values)
    by, when = session.acting(), session.when()
    print_outcome(session, session.supervision.register(organization, continues=case, by=by, when=when, **rest))
