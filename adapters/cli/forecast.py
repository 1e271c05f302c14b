"""forecast: how many cases there will be."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from dateutil.relativedelta import relativedelta

from guikou import workflows
from guikou.engine.dates.instants import day_end
from guikou.engine.errors import WrongUsage
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.query import Query

from .. import locales
from ..forecast.counts import By, Forecast
from ..forecast.forecast import forecast
from ..forecast.rates import Rates, rates
from . import language, names, options
from .language import t
from .render import Column, print_rows
from .session import Session, with_session

COLUMNS = [
    Column("year", "年", "year", right=True),
    Column("key", "代码", "key", table=False),
    Column("title", "分组", "group"),
    Column("low", "低（10%）", "low (10%)", right=True),
    Column("median", "中位数", "median", right=True),
    Column("high", "高（90%）", "high (90%)", right=True),
]
ROUTED = [
    Column("routed_low", "改归口后：低", "rerouted: low", right=True),
    Column("routed_median", "改归口后：中位数", "rerouted: median", right=True),
    Column("routed_high", "改归口后：高", "rerouted: high", right=True),
    Column("difference_low", "差：低", "difference: low", table=False, right=True),
    Column("difference", "差", "difference", right=True),
    Column("difference_high", "差：高", "difference: high", table=False, right=True),
]


def organizations_only(policy: Policy) -> frozenset[str]:
    """The workflows of organisations: not those of groups, nor of what is not registered yet."""
    groups = {one.of for one in policy.parts.groups.values()}
    return frozenset(
        name
        for name, one in policy.workflows.items()
        if name not in groups and not any(stage.continued for stage in one.stages.values())
    )


def growth_rates(text: str) -> tuple[float, float]:
    """'0.12' or '0.10..0.15' as the lowest and the highest. Raises WrongUsage."""
    low, _, high = text.partition("..")
    try:
        found = float(low), float(high if ".." in text else low)
    except ValueError:
        found = (-1.0, -1.0)
    if not 0 <= found[0] <= found[1] <= 1:
        raise WrongUsage(
            reason_en=f"'{text}' is no growth; write a share from 0 to 1, such as 0.12, or two, the lower first, such as 0.10..0.15",
            reason_zh=f"“{text}” 不是增长率；请写 0 至 1 之间的数，如 0.12，或下限在前的两个数，如 0.10..0.15",
        )
    return found


@click.command("forecast", help=t(
    "按增长率（已公布：每年 10% 至 15%）和观察到的阶段变动率，预测今后各年的案件量：中位数及 10%–90% 区间。\n\n"
    "假定：每年新增为年初案件量乘以增长率；新增组织与现有组织同分布，按政策归口；注销等结案不另行补足。种子相同则结果相同。"
    "--routing 另按一项政策的归口表计算，并列出差额。\n\n\b\n示例：\n  guikou forecast\n  guikou forecast --years 3 --by body --under 朝阳区委社会工作委员会 --format xlsx -o caseload.xlsx\n  guikou forecast --growth 0.12 --by body --routing ./my-policy",
    "How many cases there will be in the years to come, under a growth rate (published: 10 to 15% a year) and the rates at which cases moved between stages: the median, and a band from 10% to 90%.\n\n"
    "Assumed: each year as many come in as the year's first caseload times the growth rate; they are like the present ones and are routed by the policy; those that close are not made up for. The same seed gives the same numbers. "
    "--routing counts by another policy's routing as well, and shows the difference.\n\n\b\nExamples:\n  guikou forecast\n  guikou forecast --years 3 --by body --under chaoyang --format xlsx -o caseload.xlsx\n  guikou forecast --growth 0.12 --by body --routing ./my-policy",
))  # fmt: skip
@click.option("--years", type=click.IntRange(1, 30), default=5, show_default=True, help=t("预测几年", "how many years"))
@click.option(
    "--growth",
    metavar=t("比率|下限..上限", "RATE|LOW..HIGH"),
    default="0.10..0.15",
    show_default=True,
    help=t("每年新增占年初案件量的比例", "what comes in a year, as a share of the caseload at its start"),
)
@click.option(
    "--by",
    type=names.Words(
        {
            "body": ("机构", "body"),
            "tier": ("层级", "tier"),
            "stage": ("阶段", "stage"),
            "all": ("合计", "all together"),
        }
    ),
    default="tier",
    show_default=True,
    help=t("按机构、层级、阶段分组，或合计", "by body, by tier, by stage, or all together"),
)
@options.under
@click.option(
    "--routing",
    metavar=t("名称|目录", "NAME|DIR"),
    help=t("并列另一政策的归口结果", "beside it, as another policy routes"),
)
@click.option(
    "--observed",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    metavar=t("年数", "YEARS"),
    help=t("变动率取自过去几年", "from how many years back the rates are taken"),
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help=t("随机种子", "the random seed"))
@click.option(
    "--runs", type=click.IntRange(1, 10_000), default=200, show_default=True, help=t("模拟次数", "how many runs")
)
@with_session()
def forecast_command(
    session: Session,
    years: int,
    growth: str,
    by: By,
    under: str | None,
    routing: str | None,
    observed: int,
    seed: int,
    runs: int,
) -> None:
    band = growth_rates(growth)
    policy, store = session.policy, session.store
    other = workflows.load(routing) if routing is not None else None
    narrowed = under or session.body
    within = policy.places.body(narrowed).id if narrowed is not None else None
    today = session.supervision.today()
    start = _start(session, today)
    since, then = start - relativedelta(years=observed), day_end(start, policy.zone)
    cases = store.cases(Query(types=organizations_only(policy), as_of=then if start < today else None))
    seen = rates(policy, store.happened(day_end(since, policy.zone), then), cases, since, start)
    found = forecast(
        policy, cases, years=years, growth=band, rates=seen, seed=seed, runs=runs, start=start, routed_by=other, under=within
    )  # fmt: skip
    _print(session, found, by)
    _notes(found, seen, band, runs, seed)


def _start(session: Session, today: date) -> date:
    """The day on which the forecast starts. Raises WrongUsage for one that is still to come."""
    start = session.as_of or today
    if start > today:
        raise WrongUsage(
            reason_en=f"a forecast starts from what is known: {start} is still to come",
            reason_zh=f"预测须从已知情况出发：{start} 尚未到来",
        )
    return start


def _print(session: Session, found: Forecast, by: By) -> None:
    rows: list[list[Any]] = [[one.year, one.key, one.title, one.low, one.median, one.high] for one in found.rows(by)]
    columns = COLUMNS
    if found.routed is not None:
        columns = COLUMNS + ROUTED
        for row, other, more in zip(rows, found.routed.rows(by), found.difference(by), strict=True):
            row += [other.low, other.median, other.high, more.low, more.median, more.high]
    print_rows(
        session,
        columns,
        rows,
        t(f"案件量预测（{found.start} 起）", f"Caseload from {found.start} on"),
        empty=t("没有案卷", "no cases"),
    )


def _notes(found: Forecast, seen: Rates, band: tuple[float, float], runs: int, seed: int) -> None:
    """What the numbers rest on; on standard error, so that a file or a pipe holds rows only."""
    low, high = (locales.percent(one, language.LANG, 1, grouped=False) for one in band)
    grows = low if low == high else t(f"{low} 至 {high}", f"{low} to {high}")
    spent, moved = sum(seen.exposure.values()), sum(seen.moves.values())
    years = locales.number(spent, language.LANG, 0, grouped=False)
    click.echo(t(
        f"增长率 {grows}，{runs} 次模拟，种子 {seed}；变动率取自 {seen.since} 至 {seen.until}：{moved} 次变动，{years} 案卷年",
        f"growth {grows}, {runs} runs, seed {seed}; rates from {seen.since} to {seen.until}: {moved} move{'s' if moved != 1 else ''} in {years} case-years",
    ), err=True)  # fmt: skip
    if not moved:
        click.echo(t(
            "该期间没有观察到阶段变动，现有案卷按原阶段计",
            "no moves were seen in that time: present cases are left in their stages",
        ), err=True)  # fmt: skip
    if found.routed is not None and found.routed.unplaced:
        count = found.routed.unplaced
        click.echo(t(
            f"{count} 件按另一政策无法归口，仍计入原单位",
            f"{count} case{'s' if count != 1 else ''} that the other policy refuses to route: counted where they are now",
        ), err=True)  # fmt: skip
