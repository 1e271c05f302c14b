"""record, strike: activities, trainings, payments; and taking back one that was wrong."""

from __future__ import annotations

from typing import Any

import click

from . import names, options
from .cases import print_outcome
from .language import t
from .session import Session, with_session


@click.command("record", help=t(
    "记录一次活动、培训、购买服务、经费拨付、场所使用等。\n\n\b\n示例：\n  guikou record 52110105MJ0123456N 党建与业务同步活动 --count 20 -e 活动记录=2016-9 --as 朝阳区委教育工作委员会\n  guikou record 52110105MJ0123456N 拨付活动经费 --amount 1000 --year 2015 -e 凭证号=2016-2 --as 朝阳区委教育工作委员会",
    "Record an activity, a training, a purchase, a payment, the use of a venue.\n\n\b\nExamples:\n  guikou record 52110105MJ0123456N activity --count 20 -e activity_record=2016-9 --as chaoyang-education\n  guikou record 52110105MJ0123456N allowance_paid --amount 1000 --year 2015 -e voucher=2016-2 --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument("record", type=names.RECORD, metavar=t("种类", "KIND"))
@click.option(
    "--on",
    type=options.Day(),
    help=t("发生日期（默认为生效日期）", "the day on which it took place (default: that of effect)"),
)
@click.option(
    "--year",
    type=click.IntRange(1900, 2999),
    help=t("所属年度（默认为发生之年）", "the year that it is for (default: that of the day)"),
)
@click.option(
    "--amount",
    type=options.Money(),
    metavar=t("元", "YUAN"),
    help=t("金额（元，精确到分）", "the amount, in whole fen"),
)
@click.option("--count", type=int, metavar="N", help=t("数量（如人数）", "for how many (people, say)"))
@click.option(
    "--venue",
    type=names.VENUE,
    metavar=t("场所", "VENUE"),
    help=t("场所（见 guikou venues）", "at which venue (see guikou venues)"),
)
@options.evidence
@options.late
@options.by_whom
@with_session(writes=True)
def record_command(session: Session, case: str, record: str, **rest: Any) -> None:
    view = session.supervision.record(case, record, by=session.acting(), when=session.when(), **rest)
    print_outcome(session, view)
    if session.format == "table":
        records = [one for one in session.supervision.records(case) if one.record == record]
        number = records[-1].seq
        strike = f"guikou strike {case} {number} --as {session.acting()} --reason "
        click.echo(t(f"已记录（第 {number} 号，撤销用 {strike}理由）", f"recorded as no. {number} (to take it back: {strike}WHY)"))  # fmt: skip


@click.command("strike", help=t(
    "撤销一条记录有误的记录（按其事件号）；两者都留在历史中。\n\n\b\n示例：\n  guikou strike 52110105MJ0123456N 12 --reason 重复记录 --as 朝阳区委教育工作委员会",
    "Take back a record that was wrong, by the number of its event; both stay in the history.\n\n\b\nExample:\n  guikou strike 52110105MJ0123456N 12 --reason 'recorded twice' --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument("seq", type=click.IntRange(1, options.MOST), metavar=t("事件号", "SEQ"))
@options.reason_required
@options.by_whom
@with_session(writes=True)
def strike_command(session: Session, case: str, seq: int, **rest: Any) -> None:
    print_outcome(session, session.supervision.strike(case, seq, by=session.acting(), when=session.when(), **rest))
