"""sweep: what time alone brings about."""

from __future__ import annotations

from collections import Counter

import click

from guikou.engine.cases.events import EventKind
from guikou.engine.supervision.views import Swept

from . import hints
from .cases import warn_assumed
from .language import counted, t
from .render import Column, print_rows
from .session import Session, with_session
from .titles import KINDS, spoken

#: So many of the cases that are left as they are, are named.
_NAMED = 5


@click.command("sweep", help=t(
    "巡检：提醒、标记逾期、逾期逐级上报、到期自动流转。每天运行一次；重复运行只生效一次，中断后再运行即可接续。\n\n"
    "\b\n示例：\n  guikou sweep\n  guikou sweep --as-of 2016-06-01 --dry-run",
    "Remind, mark what is overdue, escalate it tier by tier, fire what is automatic. Run it once a day; run again it has "
    "no further effect, and after a stop it goes on where it was.\n\n"
    "\b\nExamples:\n  guikou sweep\n  guikou sweep --as-of 2016-06-01 --dry-run",
))  # fmt: skip
@click.option("--dry-run", is_flag=True, help=t("只列出，不写入", "list what would happen, keep nothing"))
@with_session(writes=True)
def sweep_command(session: Session, dry_run: bool) -> int:
    swept = session.supervision.sweep(when=session.as_of if dry_run else session.when(), dry_run=dry_run)
    warn_assumed(session.policy, (year for _, event in swept.happened for year in event.assumed))
    if dry_run or session.format != "table" or session.output:
        _print_events(session, swept)
    if session.format == "table":
        _print_counts(swept, dry_run)
        _warn_stuck(session)
    if swept.ahead:
        named = t("、", ", ").join(swept.aside[:_NAMED]) + (t(" 等", ", ...") if swept.ahead > _NAMED else "")
        click.echo(t(f"{swept.ahead} 件在 {swept.day} 之后已有变更，未触及：{named}", f"{counted(swept.ahead, 'case was', 'cases were')} changed on a day after {swept.day}, left as it is: {named}"), err=True)  # fmt: skip
    for case, error in swept.failed:
        click.echo(f"[{error.code}] {case}: {hints.line(error)}", err=True)
    return 1 if swept.failed else 0


def _print_events(session: Session, swept: Swept) -> None:
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
            view.id, view.name, KINDS.get(event.kind, event.kind),
            view.what, event.of,
            session.policy.places.bodies.get(event.climbed_to or event.body), view.obligation,
        ]
        for view, event in swept.happened
    ]  # fmt: skip
    print_rows(session, columns, rows, name=t("巡检", "sweep"), objects=swept.to_dict()["happened"])


def _print_counts(swept: Swept, dry_run: bool) -> None:
    """How often each thing happened, in one line; of triggers, each."""
    counts = Counter(event.kind for _, event in swept.happened)
    fired = Counter(
        spoken(view.policy.workflows[view.workflow].triggers[event.trigger])
        for view, event in swept.happened
        if event.trigger is not None
    )
    each = t("、", ", ").join(f"{title} {count}" for title, count in fired.most_common())
    told = [
        f"{spoken(title)} {counts[kind]}" + (t(f"（{each}）", f" ({each})") if kind == EventKind.ADVANCED else "")
        for kind, title in KINDS.items()
        if counts[kind]
    ]
    would = t("（未写入）", " (nothing kept)") if dry_run else ""
    click.echo(
        t(f"{swept.day} 巡检{would}：查看 {swept.cases} 件；{'，'.join(told) or '无事项'}",
          f"swept {swept.day}{would}: {counted(swept.cases, 'case', 'cases')} looked at; {', '.join(told) or 'nothing to do'}")
    )  # fmt: skip


def _warn_stuck(session: Session) -> None:
    from ..notices.delivery import STUCK

    stuck = len(session.store.outbox(delivered=False, attempts=STUCK))
    if stuck:
        click.echo(t(f"{stuck} 份通知投递受阻：guikou notices list --stuck", f"{counted(stuck, 'notice is', 'notices are')} stuck: guikou notices list --stuck"), err=True)  # fmt: skip
