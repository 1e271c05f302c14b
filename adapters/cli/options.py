"""What several commands take: types of values, and options that are written once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import click

from guikou.engine.rules.written import NotWritten, read_day, read_number
from guikou.engine.text import Title

from . import names
from .language import t

#: No listing is longer, and no number of an import or an event larger.
MOST = 2**31 - 1


class Day(click.ParamType[date]):
    """A date such as 2015-11-27 or 2015年11月27日."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = read_day(value)
        except NotWritten as error:
            instead = error.instead or Title("日期，如 2015-11-27", "a day, such as 2015-11-27")
            self.fail(
                t(f"“{value}” 不是日期；应为{instead.zh}", f"'{value}' is no date; give {instead.en}"),
                param,
                ctx,
            )
        if not 1900 <= day.year < 3000:  # beyond, periods soon run out of the calendar
            self.fail(t(f"{day} 不在 1900 至 2999 年之间", f"{day} is not in the years 1900 to 2999"), param, ctx)
        return day


class Money(click.ParamType[Decimal]):
    """An amount such as 200, 200.50 or 10,200.00, in any width, with or without ¥ and 元."""

    name = "money"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        if isinstance(value, Decimal):
            return value
        try:
            return read_number(str(value).strip().lstrip("¥￥").removesuffix("元"))
        except NotWritten:
            self.fail(
                t(f"“{value}” 不是金额，例如 200.00", f"'{value}' is no amount; write for example 200.00"), param, ctx
            )


def pairs(what: str) -> Any:
    """A callback that reads KEY=VALUE words as a dict."""

    def read(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
        pairs = {}
        for word in words:
            key, equals, value = word.replace("＝", "=", 1 if "=" not in word else 0).partition("=")
            if not equals or not key.strip():
                raise click.BadParameter(
                    t(f"“{word}” 应写作 {what}，等号两边不留空格", f"'{word}' must be written {what}, without spaces around ="),
                    ctx, param,
                )  # fmt: skip
            if key in pairs:
                raise click.BadParameter(t(f"“{key}” 给出了两次", f"'{key}' is given twice"), ctx, param)
            pairs[key] = value
        return pairs

    return read


EVIDENCE_PAIR = t("材料=文号|材料=@文件", "KEY=REFERENCE|KEY=@FILE")
FACT_PAIR = t("事实=值", "FACT=VALUE")
case = click.argument("case", type=names.CASE, metavar=t("案卷", "CASE"))
own_case = click.argument("case", type=names.OWN_CASE, metavar=t("案卷", "CASE"))


def _evidence(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
    """Evidence by key; @FILE is a file by its name and digest, and @@ stands for an @ that a reference begins with."""
    found: dict[str, str] = pairs(t("材料=文号", "KEY=REFERENCE"))(ctx, param, words)
    for key, value in found.items():
        if value.startswith(("@@", "＠＠")):
            found[key] = value[1:]
        elif value.startswith(("@", "＠")):
            from ..evidence import file_evidence

            found[key] = file_evidence(value[1:])
    return found


evidence = click.option(
    "--evidence",
    "-e",
    multiple=True,
    type=names.EVIDENCE,
    metavar=EVIDENCE_PAIR,
    callback=_evidence,
    help=t(
        "材料及文号，或 @文件（保存其名称和 SHA-256；文件由单位自存），可多次；文号以 @ 开头时写作 @@",
        "evidence by its reference, or @FILE (its name and SHA-256 are kept; the file stays with the office), may be repeated; @@ for a reference that begins with @",
    ),
)
reason = click.option("--reason", default="", metavar=t("文字", "TEXT"), help=t("理由", "why"))
reason_required = click.option("--reason", required=True, metavar=t("文字", "TEXT"), help=t("理由", "why"))
request_id = click.option(
    "--request-id", help=t("请求号：重复提交只生效一次", "the same request again takes effect once")
)
actor = click.option("--actor", help=t("经办账号（默认为机构代码）", "the office's account (default: the body)"))
late = click.option(
    "--late",
    metavar=t("文字", "TEXT"),
    help=t("迟报的原因：其后的决定据此重新作出", "why it is told late: what was decided since is decided anew"),
)
under = click.option(
    "--under",
    type=names.BODY,
    metavar=t("机构", "BODY"),
    help=t(
        "该机构及其全部下级归口的；列出案卷时也含以其为枢纽或已上报至其的。按地域请用 --area",
        "whose cases are this body's or of one below it; listings of cases have those too of which it is the hub or that "
        "were escalated to it. By place: --area",
    ),
)
area = click.option(
    "--area", type=names.AREA, metavar=t("区域", "AREA"), help=t("该区域及其下辖区域", "this area and all within it")
)
year = click.option(
    "--year", type=click.IntRange(1900, 2999), help=t("年度（默认为今年）", "the year (default: this one)")
)
limit = click.option("--limit", type=click.IntRange(1, MOST), help=t("最多几件", "at most so many"))
policy = click.argument("policy_name", metavar=t("[名称|目录]", "[NAME|DIR]"), required=False)
watch = click.option(
    "--watch",
    "watch",
    type=click.IntRange(1, MOST),
    is_flag=False,
    flag_value=30,
    metavar=t("[秒]", "[SECONDS]"),
    help=t("每隔几秒刷新（默认 30），Ctrl-C 结束", "again every few seconds (30), until Ctrl-C"),
)


def by_whom(function: Any) -> Any:
    """Who acts, and under which request's name."""
    return request_id(actor(function))


def by_place(chosen: tuple[str, ...] = ("stage", "type", "area", "limit")) -> Callable[[Any], Any]:
    """Options by stage, type and area, and how many at most; or some of these."""
    options = {
        "stage": click.option(
            "--stage",
            type=names.STAGE,
            metavar=t("阶段", "STAGE"),
            help=t("阶段，或 阶段.环节（如 rectify）", "a stage, or stage.step (such as rectify)"),
        ),
        "type": click.option(
            "--type",
            "type_",
            type=names.TYPE,
            metavar=t("类型", "TYPE"),
            help=t("组织类型（如 foundation）", "a type of organisation (such as foundation)"),
        ),
        "area": click.option(
            "--area",
            type=names.AREA,
            metavar=t("区域", "AREA"),
            help=t("该区域及其下辖区域（如 chaoyang）", "this area and all within it (such as chaoyang)"),
        ),
        "limit": limit,
    }

    def decorate(function: Any) -> Any:
        for name in reversed(chosen):
            function = options[name](function)
        return function

    return decorate


def narrowed(function: Any) -> Any:
    """Which cases: by place, and below which body."""
    return under(by_place()(function))


def by_due(function: Any) -> Any:
    """Which due dates: of stages or duties, of which obligation, climbed how far."""
    options = [
        click.option(
            "--what",
            type=names.Words({
                "all": ("全部", "all"), "stages": ("阶段期限", "deadlines of stages"), "duties": ("义务", "duties"),
            }),
            default="all",
            show_default=True,
            help=t("阶段期限、周期性义务，或两者", "deadlines of stages, duties, or both"),
        ),
        click.option("--obligation", type=names.OBLIGATION, metavar=t("义务", "NAME"), help=t("只列该义务（如 inspection）", "only this obligation (such as inspection)")),
        click.option("--escalation", type=click.IntRange(0, 1000), metavar="N", help=t("至少上报 N 级", "climbed at least N tiers")),
    ]  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function
