"""venues: service centres and stations, and who used them."""

from __future__ import annotations

import click

from . import options
from .language import t
from .render import Column, print_rows
from .session import Session, with_session


@click.command("venues", help=t(
    "服务中心和商务楼宇工作站，及该年度使用它们的组织。\n\n\b\n示例：\n  guikou venues --area 朝阳区 --year 2016 --used",
    "Service centres and building stations, and who used them in a year.\n\n\b\nExample:\n  guikou venues --area chaoyang --year 2016 --used",
))  # fmt: skip
@options.year
@options.area
@click.option("--used", is_flag=True, help=t("只列用过的", "only those that were used"))
@with_session(on_record=True)
def venues_command(session: Session, year: int | None, area: str | None, used: bool) -> None:
    chosen = year or session.supervision.today(session.as_of).year
    found = [one for one in session.supervision.venues(year=chosen, area=area) if one.times or not used]
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
            one.venue.id, one.venue.title, session.policy.places.areas[one.venue.area], len(one.users), one.times,
            list(one.users), one.venue.kind,
        ]
        for one in found
    ]  # fmt: skip
    empty = t("没有符合的场所", "no such venue")
    print_rows(session, columns, rows, empty=empty, name=t("场所", "venues"), objects=found)
