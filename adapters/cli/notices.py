"""notices deliver|list."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from guikou.engine.errors import WrongUsage
from guikou.engine.supervision.store import Outgoing
from guikou.engine.text import Title, in_both

from . import language, options
from .commands import Listing
from .counted import tell_cut
from .language import t
from .render import Column, print_rows
from .session import Session, with_session
from .titles import KINDS


@click.group("notices", cls=Listing, help=t(
    "通知的投递与积压。只写 guikou notices 即列出待投递的。",
    "Deliver notices; see what waits or is stuck. Without a command those that wait are listed.",
))  # fmt: skip
def notices_command() -> None:
    pass


@notices_command.command("deliver", help=t(
    "投递待发通知；未送达的按退避间隔重试，永不丢弃。\n\n"
    "\b\n示例：\n  guikou notices deliver\n  guikou notices deliver --to file:notices.jsonl\n"
    "  guikou notices deliver --to 'smtp://mail.example:25?from=guikou@example' --addresses addresses.csv",
    "Deliver the notices that wait; what is not taken is tried again, ever less often, and never dropped.\n\n"
    "\b\nExamples:\n  guikou notices deliver\n  guikou notices deliver --to file:notices.jsonl\n"
    "  guikou notices deliver --to 'smtp://mail.example:25?from=guikou@example' --addresses addresses.csv",
))  # fmt: skip
@click.option(
    "--to",
    envvar="GUIKOU_NOTIFY",
    default="stdout",
    show_default=True,
    metavar="stdout|file:PATH|smtp://...|https://...",
    help=t("去处（或环境变量 GUIKOU_NOTIFY）", "where to (or GUIKOU_NOTIFY)"),
)
@click.option(
    "--addresses",
    type=click.Path(path_type=Path, dir_okay=False),
    help=t("各机构的邮箱（CSV：body,address）", "the bodies' mail addresses (CSV: body,address)"),
)
@with_session(writes=True, formats=("table",))
def deliver_command(session: Session, to: str, addresses: Path | None) -> int:
    from ..notices.channels import channel, read_addresses
    from ..notices.delivery import deliver

    if session.output is not None:
        raise WrongUsage(
            reason_en="write notices to a file with --to file:PATH", reason_zh="写入文件请用 --to file:路径"
        )
    known = read_addresses(addresses, session.policy) if addresses is not None else {}
    done = deliver(session.store, session.policy, channel(to, known, language.LANG, click.echo, db=session.db))
    click.echo(
        t(f"送达 {done.sent} 份，未送达 {len(done.failed)} 份", f"{done.sent} delivered, {len(done.failed)} not"),
        err=to == "stdout",
    )
    for why, count in Counter(why for _, why in done.failed).most_common():
        click.echo(
            t(f"[not-delivered] {count} 份：{why.zh}；稍后自动重试，见 guikou notices list", f"[not-delivered] {count}: {why.en}; they are tried again later, see guikou notices list"),
            err=True,
        )  # fmt: skip
    return 1 if done.failed else 0


@notices_command.command("list", help=t(
    "列出通知：默认为未送达的。\n\n\b\n示例：\n  guikou notices\n  guikou notices list --stuck",
    "List notices: those that were not delivered yet.\n\n\b\nExamples:\n  guikou notices\n  guikou notices list --stuck",
))  # fmt: skip
@click.option("--stuck", is_flag=True, help=t("只列多次未送达的", "only those that failed again and again"))
@click.option("--all", "every", is_flag=True, help=t("包括已送达的", "delivered ones too"))
@options.limit
@with_session()
def list_notices_command(session: Session, stuck: bool, every: bool, limit: int | None) -> None:
    from ..notices.delivery import STUCK
    from ..notices.messages import message_of

    which: dict[str, Any] = {"delivered": None if every else False, "attempts": STUCK if stuck else 0}
    found = session.store.outbox(**which, limit=limit)
    rows = [_row(session, one, message_of(session.policy, one).text) for one in found]
    print_rows(
        session,
        _columns(session, every),
        rows,
        empty=t("没有待投递的通知", "no notice waits"),
        name=t("通知", "notices"),
    )
    tell_cut(session, len(rows), limit, lambda: session.store.count_outbox(**which))


def _columns(session: Session, delivered: bool) -> list[Column]:
    return [
        Column("id", "编号", "id", whole=True),
        Column("kind", "种类", "kind"),
        Column("body", "收件机构", "to"),
        Column("text", "内容", "text", folds=1),
        Column("attempts", "次数", "tries", right=True),
        session.timed(Column("next_attempt", "下次", "next try")),
        session.timed(Column("delivered_at", "送达", "delivered", table=delivered)),
        Column("error", "未送达原因", "why not", folds=2),
        session.timed(Column("created_at", "产生", "created", table=False)),
    ]


def _row(session: Session, one: Outgoing, text: Title) -> list[Any]:
    return [
        f"{one.notice.case}.{one.notice.seq}",
        KINDS[one.notice.kind] if session.format != "json" else one.notice.kind,
        session.policy.places.bodies.get(one.notice.body, one.notice.body),
        text,
        one.attempts,
        session.local(one.next_attempt),
        session.local(one.delivered_at),
        in_both(one.error) if one.error is not None else None,
        session.local(one.created_at),
    ]
