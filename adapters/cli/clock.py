"""sweep, notices, recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from guikou.engine.case import Title
from guikou.engine.errors import WrongUsage

from . import words
from .office import Office, office
from .render import Column, print_rows
from .words import t

#: What an event is called, by its kind.
KINDS = {
    "opened": Title("立案", "opened"),
    "advanced": Title("办理", "advanced"),
    "reported": Title("事实更新", "reported"),
    "rerouted": Title("改归口", "rerouted"),
    "blocked": Title("记录障碍", "blocked"),
    "unblocked": Title("解除障碍", "unblocked"),
    "scheduled": Title("排定义务", "duties scheduled"),
    "duty_opened": Title("义务开始办理", "duty opened"),
    "reminded": Title("提醒", "reminded"),
    "overdue": Title("标记逾期", "marked overdue"),
    "escalated": Title("上报上级", "escalated"),
    "met": Title("办结义务", "duty met"),
    "missed": Title("义务未办理", "duty missed"),
    "postponed": Title("义务延期", "duty postponed"),
    "recounted": Title("重算期限", "due date recounted"),
    "asked": Title("询问关口", "gate asked"),
    "told": Title("回报关口", "gate told"),
    "recorded": Title("记录", "recorded"),
    "struck": Title("撤销记录", "record struck"),
    "joined": Title("加入", "joined"),
    "left": Title("退出", "left"),
    "member_joined": Title("成员加入", "member joined"),
    "member_left": Title("成员退出", "member left"),
    "continued": Title("由另案接续", "carried on by another case"),
}


def warn_assumed(policy: Any, years: Iterable[int]) -> None:
    """Say on standard error that working days were counted in years that the calendar does not know."""
    for year in sorted(set(years)):
        click.echo(
            t(f"[calendar-unknown] 日历 {policy.working.name} 尚不含 {year} 年：该年暂按周一至周五计算；更新日历后请运行 guikou recount",
              f"[calendar-unknown] calendar {policy.working.name} does not know {year} yet: Monday to Friday were counted; once it is updated, run guikou recount"),
            err=True,
        )  # fmt: skip


@click.command("sweep", help=t(
    "巡检：提醒、标记逾期、逾期逐级上报、到期自动流转。每天运行一次；重复运行只生效一次，中断后再运行即可接续。\n\n"
    "\b\n示例：\n  guikou sweep\n  guikou sweep --as-of 2016-06-01 --dry-run",
    "Remind, mark what is overdue, escalate it tier by tier, fire what is automatic. Run it once a day; run again it has "
    "no further effect, and after a stop it goes on where it was.\n\n"
    "\b\nExamples:\n  guikou sweep\n  guikou sweep --as-of 2016-06-01 --dry-run",
))  # fmt: skip
@click.option("--dry-run", is_flag=True, help=t("只列出，不写入", "list what would happen, keep nothing"))
@office(writes=True)
def sweep_command(shared: Office, dry_run: bool) -> int:
    from ..notices import STUCK

    swept = shared.supervision.sweep(when=shared.as_of if dry_run else shared.when(), dry_run=dry_run)
    warn_assumed(shared.policy, (year for _, event in swept.happened for year in event.changes.get("assumed", ())))
    if dry_run or shared.format != "table" or shared.output:
        columns = [
            Column("case", "案卷", "case", whole=True),
            Column("name", "组织名称", "organisation"),
            Column("event", "事件", "event"),
            Column("what", "事项", "what"),
            Column("due", "期限", "due", whole=True),
            Column("body", "责任单位", "body"),
            Column("obligation", "义务代码", "obligation", table=False),
        ]
        rows = [
            [
                view.id, view.name, KINDS.get(event.kind, event.kind) if shared.format != "json" else event.kind,
                view.what, event.changes.get("of"),
                shared.policy.bodies.get(event.changes.get("to") or event.body), view.obligation,
            ]
            for view, event in swept.happened
        ]  # fmt: skip
        print_rows(shared, columns, rows)
    if shared.format == "table":
        counts = Counter(event.kind for _, event in swept.happened)
        told = [f"{t(title.zh, title.en)} {counts[kind]}" for kind, title in KINDS.items() if counts[kind]]
        would = t("（未写入）", " (nothing kept)") if dry_run else ""
        click.echo(
            t(f"{swept.day} 巡检{would}：查看 {swept.cases} 件；{'，'.join(told) or '无事项'}",
              f"swept {swept.day}{would}: {swept.cases} cases looked at; {', '.join(told) or 'nothing to do'}")
        )  # fmt: skip
        stuck = len(shared.store.outbox(delivered=False, attempts=STUCK))
        if stuck:
            click.echo(t(f"{stuck} 份通知投递受阻：guikou notices list --stuck", f"{stuck} notices are stuck: guikou notices list --stuck"), err=True)  # fmt: skip
    if swept.ahead:
        click.echo(t(f"{swept.ahead} 件在 {swept.day} 之后已有变更，未触及", f"{swept.ahead} cases were changed on a day after {swept.day}, and are left as they are"), err=True)  # fmt: skip
    for case, error in swept.failed:
        click.echo(f"[{error.code}] {case}: {error.line(words.LANG)}", err=True)
    return 1 if swept.failed else 0


@click.group("notices", help=t("通知的投递与积压。", "Deliver notices; see what waits or is stuck."))
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
@office(writes=True, formats=("table",))
def deliver_command(shared: Office, to: str, addresses: Path | None) -> int:
    from ..notices import channel, deliver, read_addresses

    if shared.output is not None:
        raise WrongUsage(
            reason_en="write notices to a file with --to file:PATH", reason_zh="写入文件请用 --to file:路径"
        )
    known = read_addresses(addresses, shared.policy) if addresses is not None else {}
    done = deliver(shared.store, shared.policy, channel(to, known, words.LANG, click.echo))
    click.echo(
        t(f"送达 {done.sent} 份，未送达 {len(done.failed)} 份", f"{done.sent} delivered, {len(done.failed)} not"),
        err=to == "stdout",
    )
    for why, count in Counter(why for _, why in done.failed).most_common():
        click.echo(
            t(f"[not-delivered] {count} 份：{why}；稍后自动重试，见 guikou notices list", f"[not-delivered] {count}: {why}; they are tried again later, see guikou notices list"),
            err=True,
        )  # fmt: skip
    return 1 if done.failed else 0


@notices_command.command("list", help=t(
    "列出通知：默认为未送达的。\n\n\b\n示例：\n  guikou notices list --stuck",
    "List notices: those that were not delivered yet.\n\n\b\nExample:\n  guikou notices list --stuck",
))  # fmt: skip
@click.option("--stuck", is_flag=True, help=t("只列多次未送达的", "only those that failed again and again"))
@click.option("--all", "every", is_flag=True, help=t("包括已送达的", "delivered ones too"))
@click.option("--limit", type=click.IntRange(min=1), help=t("最多几件", "at most so many"))
@office()
def list_notices_command(shared: Office, stuck: bool, every: bool, limit: int | None) -> None:
    from ..notices import STUCK, message_of

    found = shared.store.outbox(delivered=None if every else False, attempts=STUCK if stuck else 0, limit=limit)
    columns = [
        Column("id", "编号", "id", whole=True),
        Column("kind", "种类", "kind"),
        Column("body", "收件机构", "to"),
        Column("text", "内容", "text"),
        Column("attempts", "次数", "tries", right=True),
        Column("next_attempt", "下次", "next try"),
        Column("delivered_at", "送达", "delivered", table=every),
        Column("error", "未送达原因", "why not"),
        Column("created_at", "产生", "created", table=False),
    ]
    rows = [
        [
            f"{one.notice.case}.{one.notice.seq}",
            KINDS[one.notice.kind] if shared.format != "json" else one.notice.kind,
            shared.policy.bodies.get(one.notice.body, one.notice.body),
            message_of(shared.policy, one).text,
            one.attempts,
            one.next_attempt,
            one.delivered_at,
            one.error,
            one.created_at,
        ]
        for one in found
    ]
    if not rows and shared.format == "table":
        click.echo(t("没有待投递的通知", "no notice waits"))
        return
    print_rows(shared, columns, rows)


@click.command("recount", help=t(
    "工作日历更新后，重算当时按周一至周五暂计的期限；每次变动记为事件。\n\n\b\n示例：\n  guikou recount --dry-run",
    "After the calendar of working days was updated, count those due dates anew for which Monday to Friday had to be "
    "assumed; each change is an event.\n\n\b\nExample:\n  guikou recount --dry-run",
))  # fmt: skip
@click.option("--dry-run", is_flag=True, help=t("只列出，不写入", "list what would change, keep nothing"))
@office(writes=True)
def recount_command(shared: Office, dry_run: bool) -> None:
    changed = shared.supervision.recount(when=shared.as_of if dry_run else shared.when(), dry_run=dry_run)
    columns = [
        Column("case", "案卷", "case", whole=True),
        Column("name", "组织名称", "organisation"),
        Column("due", "期限", "due", whole=True),
    ]
    if changed or shared.format != "table":
        print_rows(shared, columns, [[view.id, view.name, view.due] for view in changed])
    if shared.format == "table":
        would = t("（未写入）", " (nothing kept)") if dry_run else ""
        click.echo(t(f"重算 {len(changed)} 件{would}", f"{len(changed)} recounted{would}"))
