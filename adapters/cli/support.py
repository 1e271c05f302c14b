"""record, strike, support, venues."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

import click

from guikou.engine.supporting import Entitlement

from .cases import by_whom, evidence_option, told
from .office import Day, Office, office
from .render import Column, print_rows
from .words import t


class Money(click.ParamType[Decimal]):
    """An amount such as 200 or 200.50."""

    name = "money"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            self.fail(
                t(f"“{value}” 不是金额，例如 200.00", f"'{value}' is no amount; write for example 200.00"), param, ctx
            )
        return found


@click.command("record", help=t(
    "记录一次活动、培训、购买服务、经费拨付、场所使用等。\n\n\b\n示例：\n  guikou record 52110105MJ0123456X activity --count 20 -e activity_record=2016-9 --as chaoyang-education\n  guikou record 52110105MJ0123456X allowance_paid --amount 1000 --year 2015 -e voucher=2016-2 --as chaoyang-education",
    "Record an activity, a training, a purchase, a payment, the use of a venue.\n\n\b\nExamples:\n  guikou record 52110105MJ0123456X activity --count 20 -e activity_record=2016-9 --as chaoyang-education\n  guikou record 52110105MJ0123456X allowance_paid --amount 1000 --year 2015 -e voucher=2016-2 --as chaoyang-education",
))  # fmt: skip
@click.argument("case")
@click.argument("kind")
@click.option(
    "--on", type=Day(), help=t("发生日期（默认为生效日期）", "the day on which it took place (default: that of effect)")
)
@click.option(
    "--year",
    type=click.IntRange(1900, 2999),
    help=t("所属年度（默认为发生之年）", "the year that it is for (default: that of the day)"),
)
@click.option("--amount", type=Money(), metavar="YUAN", help=t("金额（元，精确到分）", "the amount, in whole fen"))
@click.option("--count", type=int, metavar="N", help=t("数量（如人数）", "for how many (people, say)"))
@click.option("--venue", metavar="VENUE", help=t("场所（见 guikou venues）", "at which venue (see guikou venues)"))
@evidence_option
@by_whom
@office(writes=True)
def record_command(shared: Office, case: str, kind: str, **rest: Any) -> None:
    view = shared.supervision.record(case, kind, by=shared.acting(), when=shared.when(), **rest)
    told(shared, view)
    if shared.format == "table":
        records = [one for one in shared.supervision.records(case) if one.changes["record"] == kind]
        number = records[-1].seq
        click.echo(t(f"已记录（第 {number} 号，撤销用 guikou strike {case} {number}）", f"recorded as no. {number} (to take it back: guikou strike {case} {number})"))  # fmt: skip


@click.command("strike", help=t(
    "撤销一条记录有误的记录（按其事件号）；两者都留在历史中。\n\n\b\n示例：\n  guikou strike 52110105MJ0123456X 12 --reason 重复记录 --as chaoyang-education",
    "Take back a record that was wrong, by the number of its event; both stay in the history.\n\n\b\nExample:\n  guikou strike 52110105MJ0123456X 12 --reason 'recorded twice' --as chaoyang-education",
))  # fmt: skip
@click.argument("case")
@click.argument("seq", type=click.IntRange(min=1))
@click.option("--reason", required=True, metavar="TEXT", help=t("理由", "why"))
@by_whom
@office(writes=True)
def strike_command(shared: Office, case: str, seq: int, **rest: Any) -> None:
    told(shared, shared.supervision.strike(case, seq, by=shared.acting(), when=shared.when(), **rest))


@click.command("support", help=t(
    "某年度各组织应享的支持：应付、已付、未付；指导员、轮训等是否已落实。\n\n\b\n示例：\n  guikou support --year 2015 --what allowance --under chaoyang-education\n  guikou support --year 2015 --lacking --case 52110105MJ0123456X\n  guikou support --year 2015 --totals body --format xlsx -o support.xlsx",
    "What organisations may have in a year: money due, paid and outstanding; guides, training and the like, given or not.\n\n\b\nExamples:\n  guikou support --year 2015 --what allowance --under chaoyang-education\n  guikou support --year 2015 --lacking --case 52110105MJ0123456X\n  guikou support --year 2015 --totals body --format xlsx -o support.xlsx",
))  # fmt: skip
@click.option("--year", type=click.IntRange(1900, 2999), help=t("年度（默认为今年）", "the year (default: this one)"))
@click.option("--what", metavar="SUPPORT", help=t("只列该项（如 allowance）", "only this one (such as allowance)"))
@click.option("--case", metavar="CASE", help=t("只列该案卷", "only this case"))
@click.option("--lacking", is_flag=True, help=t("只列未付、未落实的", "only what is outstanding or not given"))
@click.option("--totals", type=click.Choice(["body", "support"]), help=t("按此合计", "summed up by this"))
@click.option("--under", metavar="BODY", help=t("该机构及其全部下级", "this body and all below it"))
@click.option("--area", metavar="AREA", help=t("该区域及其下辖区域", "this area and all within it"))
@click.option("--limit", type=click.IntRange(min=1), help=t("最多几行", "at most so many rows"))
@office()
def support_command(
    shared: Office, year: int | None, under: str | None, totals: str | None, limit: int | None, **rest: Any
) -> None:
    chosen = year or shared.supervision.today(shared.as_of).year
    found = shared.supervision.support(chosen, under=under or shared.body, as_of=shared.as_of, **rest)
    if not found and shared.format == "table":
        click.echo(
            t(
                "没有符合的支持事项（--under 按归口，--area 按区域）",
                "nobody has such support (--under goes by who answers for it, --area by place)",
            )
        )
        return
    money = [
        Column("due", "应付", "due", right=True),
        Column("paid", "已付", "paid", right=True),
        Column("outstanding", "未付", "outstanding", right=True),
        Column("overpaid", "多付", "overpaid", right=True, table=any(one.entitlement.overpaid for one in found)),
    ]
    if totals is not None:
        groups: dict[tuple[str, str], list[Any]] = {}
        for one in found:
            support = one.entitlement.support
            body = one.case.responsible if totals == "body" else None
            key = (body.id if body is not None else "", support.name)
            row = groups.setdefault(key, [body, support.title, 0, 0, *[None] * 4])
            row[2] += 1
            row[3] += one.entitlement.lacking
            for at, value in enumerate(_amounts(one.entitlement), 4):
                row[at] = row[at] if value is None else (row[at] or 0) + value
        columns = [
            Column("body", "归口单位", "responsible body", table=totals == "body"),
            Column("support", "支持事项", "support"),
            Column("organizations", "组织数", "organisations", right=True),
            Column("lacking", "未落实", "lacking", right=True),
            *money,
        ]
        print_rows(shared, columns, list(groups.values())[:limit], t(f"{chosen} 年支持", f"Support of {chosen}"))
        return
    columns = [
        Column("case", "案卷", "case", whole=True),
        Column("name", "组织名称", "organisation"),
        Column("support", "支持事项", "support"),
        *money,
        Column("given", "落实", "given"),
        Column("responsible", "归口单位", "responsible body", table=False),
        Column("code", "事项代码", "code", table=False),
    ]
    rows = [
        [
            one.case.id,
            one.case.name,
            one.entitlement.support.title,
            *_amounts(one.entitlement),
            _given(shared, one.entitlement),
            one.case.responsible,
            one.entitlement.support.name,
        ]
        for one in found[:limit]
    ]
    print_rows(shared, columns, rows, t(f"{chosen} 年支持", f"Support of {chosen}"))


def _amounts(one: Entitlement) -> tuple[Decimal | None, ...]:
    return one.due, one.paid, one.outstanding, one.overpaid


def _given(shared: Office, one: Entitlement) -> Any:
    if shared.format == "json":
        return one.given
    if one.missing is not None:
        title = shared.policy.fact_title(one.missing)
        return t(f"缺 {title.zh}", f"needs {title.en}")
    if one.support.given is None:
        return t("可用", "open") if one.support.rate is None else None
    return {True: t("已落实", "yes"), False: t("未落实", "no"), None: t("未知", "not known")}[one.given]


@click.command("venues", help=t(
    "服务中心和商务楼宇工作站，及该年度使用它们的组织。\n\n\b\n示例：\n  guikou venues --area chaoyang --year 2016 --used",
    "Service centres and building stations, and who used them in a year.\n\n\b\nExample:\n  guikou venues --area chaoyang --year 2016 --used",
))  # fmt: skip
@click.option("--year", type=click.IntRange(1900, 2999), help=t("年度（默认为今年）", "the year (default: this one)"))
@click.option("--area", metavar="AREA", help=t("该区域及其下辖区域", "this area and all within it"))
@click.option("--used", is_flag=True, help=t("只列用过的", "only those that were used"))
@office()
def venues_command(shared: Office, year: int | None, area: str | None, used: bool) -> None:
    chosen = year or shared.supervision.today(shared.as_of).year
    found = shared.supervision.venues(year=chosen, area=area)
    columns = [
        Column("id", "代码", "id", whole=True),
        Column("title", "名称", "name"),
        Column("area", "区域", "area"),
        Column("organizations", "使用组织数", "organisations", right=True),
        Column("times", "次数", "times", right=True),
        Column("cases", "案卷", "cases", table=False),
        Column("kind", "种类", "kind", table=False),
    ]
    rows = [
        [
            one.venue.id, one.venue.title, shared.policy.areas[one.venue.area], len(one.users), one.times,
            list(one.users), one.venue.kind,
        ]
        for one in found
        if one.times or not used
    ]  # fmt: skip
    if not rows and shared.format == "table":
        click.echo(t("没有符合的场所", "no such venue"))
        return
    print_rows(shared, columns, rows)
