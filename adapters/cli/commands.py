"""Which commands there are, and which module has each."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from .help import lang_option, spoken
from .language import t

#: Each command: the module that has it, as NAME_command, and its one line in both languages.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("init", "建库并启用政策", "make a database and activate a policy"),
    "policy": ("policy.group", "查看、证明、试用、比较、更换政策", "show, prove, try, compare or change the policy"),
    "population": (
        "population",
        "成批分类、归口、比较政策（Parquet）",
        "classify, route, compare policies: whole populations in Parquet",
    ),
    "sample": ("sample", "生成样例组织（非真实数据）", "generate sample organisations (not real ones)"),
    "completion": ("completion", "输出命令补全脚本", "print the shell's completion script"),
    "template": ("template", "空白登记表，填好后导入", "an empty register to fill in and import"),
    "import": ("intake", "导入组织名单", "import organisations from CSV or XLSX"),
    "imports": ("imports", "导入记录及撤销", "what was imported, and how it is undone"),
    "parked": ("parked", "暂存待补全的组织", "rows that wait for what they lack"),
    "reroute": ("intake", "按当日规则重新归口", "route every case anew, as of a day"),
    "sweep": ("sweep", "巡检：提醒、标记逾期、逐级上报", "remind, mark what is overdue, escalate it"),
    "notices": ("notices", "通知的投递与积压", "deliver notices; see what waits or is stuck"),
    "recount": ("recount", "工作日历更新后重算期限", "count working days anew after the calendar was updated"),
    "inbox": ("listings", "待办案卷", "the cases that wait for a body"),
    "list": ("listings", "列出案卷", "list cases"),
    "overdue": ("overdue", "逾期事项，最严重者在前", "what is overdue, worst first"),
    "upcoming": ("listings", "即将到期的事项", "what falls due next"),
    "calendar": ("listings", "期限日历（iCalendar）", "due dates as an iCalendar feed"),
    "forecast": ("forecast", "预测案件量", "forecast the caseload"),
    "show": ("show", "查看案卷", "show a case"),
    "history": ("history", "案卷全部事件", "everything that happened to a case"),
    "explain": ("explain", "逐项说明归口依据", "which rows decided, fact by fact"),
    "advance": ("advance", "办理案卷", "advance a case"),
    "facts": ("facts", "更新组织事实", "record facts that became known"),
    "meet": ("meet", "办结一项周期性义务", "record that an obligation was met"),
    "postpone": ("postpone", "延期一项周期性义务", "put off an obligation's due date"),
    "gate": ("gates", "关口：询问可否办理，回报结果", "gates: ask whether it may proceed, tell what came of it"),
    "continue": ("continuation", "接续孵化、登记案卷", "carry a case on as that of the registered organisation"),
    "member": ("members", "枢纽和联合组织的成员", "members of hubs and of joint organisations"),
    "record": ("records", "记录活动、培训、拨付等", "record an activity, a training, a payment"),
    "strike": ("records", "撤销有误的记录", "take back a record that was wrong"),
    "support": ("support", "应享的支持及欠付", "support due, given and outstanding"),
    "venues": ("venues", "服务场所及其使用", "venues, and who used them"),
    "indicator": ("indicators", "指标", "indicators of the policy, by group, against their targets"),
    "scorecard": ("scorecard", "年度述职报告", "a body's report of a year"),
    "correct": ("correcting", "更正有误的事件", "correct an event that was wrong"),
    "reopen": ("correcting", "恢复办理已结案的案卷", "let a closed case go on"),
    "rename": ("identity", "变更组织代码", "record that an organisation has another id now"),
    "same": ("identity", "认定两案为同一组织并案", "record that two cases are of one organisation"),
    "remark": ("remark", "在案卷上备注", "note something on a case"),
    "erase": ("erasing", "擦除误写的文字", "erase what should never have been written"),
    "expire": ("erasing", "擦除过保存期的文字", "erase what is kept no longer"),
    "db": ("database", "核对数据库与事件", "check the database against its events"),
    "audit": ("audit", "封存、验证、证明全部事件", "seal, verify and prove the record"),
    "block": ("block", "记录或解除障碍", "record what keeps a case from going on"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported one by one. `modules`: which module of this package has which command."""

    def __init__(self, name: str, modules: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        module = importlib.import_module(f".{self.modules[cmd_name]}", __package__)
        found = getattr(module, f"{cmd_name}_command")
        assert isinstance(found, click.Command)
        return spoken(found)


class Listing(click.Group):
    """A group that lists where no command of it is named: `guikou NAME` is `guikou NAME list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and not {"-h", "--help"} & {*args}):
            args = ["list", *args]
        return super().parse_args(ctx, args)


class _Root(LazyGroup):
    """`guikou` itself: to list its commands, none of them is imported."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(t("命令", "Commands")):
            formatter.write_dl([(name, t(zh, en)) for name, (_, zh, en) in COMMANDS.items()])


def root() -> click.Group:
    """`guikou`, in the language of the run."""
    help_text = t(
        "归口：分级分类监管的规则引擎。\n\n"
        "\b\n示例：\n  guikou init --policy beijing-2015\n  guikou import organizations.csv\n"
        "  guikou overdue --stage rectify\n\n"
        "每个命令都支持 --help、--lang zh|en。",
        "guikou: a rule-based workflow engine for classified, tiered supervision.\n\n"
        "\b\nExamples:\n  guikou init --policy beijing-2015\n  guikou import organizations.csv\n"
        "  guikou overdue --stage rectify\n\n"
        "Every command takes --help and --lang zh|en.",
    )
    version = click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_version,
        help=t("版本", "the version"),
    )
    group = _Root(
        "guikou",
        {name: module for name, (module, _, _) in COMMANDS.items()},
        help=help_text,
        context_settings={"help_option_names": ["-h", "--help"]},
        params=[lang_option(), version],
    )
    spoken(group)
    return group


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from guikou import __version__

        click.echo(f"guikou {__version__}")
        ctx.exit()
