"""sample: organisations that are none, or years of supervision of them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import click

from guikou import workflows
from guikou.engine.policy.policy import Policy
from guikou.engine.text import Title

from . import options
from .language import counted, t
from .render import Column, print_rows, write
from .session import Session, with_session
from .titles import KINDS


@click.command("sample", help=t(
    "生成样例组织：名称带“样例”标记，代码校验位有效，同一种子结果相同。默认输出 CSV；用 --years 则在已建好的空库中生成多年的监督过程。\n\n\b\n示例：\n  guikou sample --n 300 --seed 1 -o organizations.csv\n  guikou sample --n 10000 --years 5 --until 2025-12-31 --db sqlite:///years.db",
    "Generate organisations, marked as samples, with valid check digits, the same for the same seed: as CSV or, with --years, as years of supervision in a database that is initialised and empty.\n\n\b\nExamples:\n  guikou sample --n 300 --seed 1 -o organizations.csv\n  guikou sample --n 10000 --years 5 --until 2025-12-31 --db sqlite:///years.db",
))  # fmt: skip
@click.option("--n", type=click.IntRange(1, 10_000_000), default=300, show_default=True, help=t("数量", "how many"))
@click.option("--seed", type=int, default=1, show_default=True, help=t("种子", "the seed"))
@click.option(
    "--policy",
    "name",
    metavar=t("名称|目录", "NAME|DIR"),
    help=t(
        "政策名称或目录（默认 beijing-2015；用 --years 时为库中启用的政策）",
        "a policy's name or folder (default: beijing-2015 or, with --years, the one that is active)",
    ),
)
@click.option("--hubs", is_flag=True, help=t("另加全部枢纽型社会组织", "and all hub organisations"))
@click.option(
    "--years",
    type=click.IntRange(min=1, max=50),
    metavar="N",
    help=t("在数据库中生成 N 年的监督过程", "make N years of supervision in the database"),
)
@click.option(
    "--until",
    type=options.Day(),
    help=t(
        "这些年的最后一天（默认：去年 12 月 31 日）", "the last day of these years (default: 31 December of last year)"
    ),
)
@with_session(says=True)
def sample_command(
    session: Session, n: int, seed: int, name: str | None, hubs: bool, years: int | None, until: date | None
) -> None:
    if years is not None:
        _years(session, n, seed, name, hubs, years, until)
        return
    if until is not None:
        raise click.UsageError(t("--until 须与 --years 同用", "--until goes with --years"))
    _organizations(session, n, seed, name or workflows.DEFAULT, hubs)


def _organizations(session: Session, n: int, seed: int, name: str, hubs: bool) -> None:
    """Organisations as `import` reads them: as CSV, or as asked for."""
    from ..sample.organizations import hubs as all_hubs
    from ..sample.organizations import organizations
    from ..spreadsheets.organizations import as_row
    from ..spreadsheets.writing import write_csv

    policy = workflows.load(name)
    names = ["id", "name", "area", *policy.facts]
    made = list(organizations(policy, n, seed))
    made += all_hubs(policy, seed) if hubs else []
    used = [name for name in names if name in ("id", "name", "area") or any(name in one.facts for one in made)]
    heading, rows = [*used, "# note"], [[*as_row(one, used, policy), "generated"] for one in made]
    if session.format == "json":
        plain = [[*row[:3], *(one.facts.get(name) for name in used[3:])] for one, row in zip(made, rows, strict=True)]
        print_rows(session, [Column(name, name, name) for name in used], plain)
        return
    if session.format == "xlsx":
        print_rows(session, [Column(name, name, name) for name in heading], rows, t("样例", "sample"))
    else:
        write(session, write_csv(heading, rows), "csv")
    if session.output:
        click.echo(
            t(
                f"已生成 {len(made)} 个样例组织：{session.output}",
                f"{counted(len(made), 'sample organisation', 'sample organisations')} in {session.output}",
            )
        )


def _years(session: Session, n: int, seed: int, name: str | None, hubs: bool, years: int, until: date | None) -> None:
    """Years of supervision in the database; what was made is counted."""
    from dateutil.relativedelta import relativedelta

    from ..sample.groups import join_up
    from ..sample.lives import lives
    from ..sample.write import write as keep

    supervision = session.supervision
    policy = workflows.load(name) if name else supervision.policy
    today = supervision.today()
    until = until or date(today.year - 1, 12, 31)
    if until >= today:
        raise click.UsageError(t(f"--until 须早于今天（{today}）", f"--until must be before today ({today})"))
    since = until - relativedelta(years=years) + timedelta(days=1)
    # To start a worker takes as long as to make hundreds of lives.
    processes = min(4, os.cpu_count() or 1) if n >= 1000 else 1
    made = lives(policy, n, seed, since, until, hubs=hubs, processes=processes)
    label = t("生成中", "making")
    hidden = not sys.stderr.isatty()
    with closing(made), click.progressbar(made, length=n, label=label, file=sys.stderr, hidden=hidden) as shown:
        counts = keep(session.store, policy, shown)
    more = join_up(supervision, seed, until, policy)
    title = t(f"{since} 至 {until} 的样例（生成，非真实数据）", f"Generated, {since} to {until}: no real data")
    _print_counts(session, policy, counts.cases + more.cases, counts.events + more.events, title)


def _print_counts(session: Session, policy: Policy, cases: Counter[str], events: Counter[str], title: str) -> None:
    columns = [
        Column("what", "类别", "what"),
        Column("kind", "项目", "kind"),
        Column("count", "数量", "count", right=True),
    ]
    case, event = Title("个案", "cases"), Title("事件", "events")
    rows: list[list[Any]] = [[case, Title("合计", "all"), cases.total()]]
    rows += [[case, flow.title, cases[key]] for key, flow in policy.workflows.items() if cases[key]]
    rows += [[event, Title("合计", "all"), events.total()]]
    rows += [[event, KINDS.get(key, Title(key, key)), count] for key, count in events.most_common()]
    print_rows(session, columns, rows, title)
