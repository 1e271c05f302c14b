"""The command line. Commands are imported when they are called, so that `guikou --help` starts at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from . import words
from .words import t

#: Each command: the module that has it, and its one line in both languages.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("setup", "建库并启用政策", "make a database and activate a policy"),
    "policy": ("policies", "查看、证明、试用、比较、更换政策", "show, prove, try, compare or change the policy"),
    "sample": ("setup", "生成样例组织（非真实数据）", "generate sample organisations (not real ones)"),
    "completion": ("setup", "输出命令补全脚本", "print the shell's completion script"),
    "import": ("intake", "导入组织名单", "import organisations from CSV or XLSX"),
    "reroute": ("intake", "按当日规则重新归口", "route every case anew, as of a day"),
    "sweep": ("clock", "巡检：提醒、标记逾期、逐级上报", "remind, mark what is overdue, escalate it"),
    "notices": ("clock", "通知的投递与积压", "deliver notices; see what waits or is stuck"),
    "recount": ("clock", "工作日历更新后重算期限", "count working days anew after the calendar was updated"),
    "inbox": ("listings", "待办案卷", "the cases that wait for a body"),
    "list": ("listings", "列出案卷", "list cases"),
    "overdue": ("listings", "逾期事项，最严重者在前", "what is overdue, worst first"),
    "upcoming": ("listings", "即将到期的事项", "what falls due next"),
    "calendar": ("listings", "期限日历（iCalendar）", "due dates as an iCalendar feed"),
    "forecast": ("forecast", "预测案件量", "forecast the caseload"),
    "show": ("cases", "查看案卷", "show a case"),
    "history": ("cases", "案卷全部事件", "everything that happened to a case"),
    "explain": ("cases", "逐项说明归口依据", "which rows decided, fact by fact"),
    "advance": ("cases", "办理案卷", "advance a case"),
    "facts": ("cases", "更新组织事实", "record facts that became known"),
    "meet": ("cases", "办结一项周期性义务", "record that an obligation was met"),
    "postpone": ("cases", "延期一项周期性义务", "put off an obligation's due date"),
    "gate": ("gates", "关口：询问可否办理，回报结果", "gates: ask whether it may proceed, tell what came of it"),
    "continue": ("gates", "接续孵化、登记案卷", "carry a case on as that of the registered organisation"),
    "member": ("members", "枢纽和联合党组织的成员", "members of hubs and of joint organisations"),
    "record": ("support", "记录活动、培训、拨付等", "record an activity, a training, a payment"),
    "strike": ("support", "撤销有误的记录", "take back a record that was wrong"),
    "support": ("support", "应享的支持及欠付", "support due, given and outstanding"),
    "venues": ("support", "服务场所及其使用", "venues, and who used them"),
    "indicator": ("numbers", "指标", "indicators of the policy, by group, against their targets"),
    "scorecard": ("numbers", "年度述职报告", "a body's report of a year"),
    "block": ("cases", "记录或解除障碍", "record what keeps a case from going on"),
}


class _Lazy(click.Group):
    """A group whose commands are imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        import importlib

        module = importlib.import_module(f".{COMMANDS[cmd_name][0]}", __name__)
        found = getattr(module, f"{cmd_name}_command")
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(t("命令", "Commands")):
            formatter.write_dl([(name, t(zh, en)) for name, (_, zh, en) in COMMANDS.items()])


def _group() -> click.Group:
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
    group = _Lazy("guikou", help=help_text, context_settings={"help_option_names": ["-h", "--help"]})
    group.params.append(click.Option(["--lang"], type=click.Choice(["zh", "en"]), help=t("语言", "language")))
    group.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_version,
            help=t("版本", "the version"),
        )
    )
    return group


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from guikou import __version__

        click.echo(f"guikou {__version__}")
        ctx.exit()


def run(arguments: Sequence[str]) -> int:
    """Run a command line and give its exit code: 0, 1 for a refusal, 2 for wrong usage."""
    words.LANG = words.language(arguments, os.environ, {})
    if sys.stdout is None:  # it was closed before the program began
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  it lasts as long as the program
    try:
        words.LANG = words.language(arguments, os.environ, words.configured(os.environ))
        result = _group().main(args=list(arguments), prog_name="guikou", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 0
    except click.UsageError as error:
        click.echo(words.usage(error), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.Abort:
        click.echo(t("已中止", "stopped"), err=True)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away, as with `| head`
        return 0
    except OSError as error:  # the disk is full, say; what goes wrong with a file of its own is told where it is read
        words.complain(f"[output] {error.strerror or error}")
        return 1
    except Exception as error:
        from guikou.engine.errors import GuikouError

        if not isinstance(error, GuikouError):
            raise
        click.echo(f"[{error.code}] {error.line(words.LANG)}", err=True)
        return error.exit_code


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))
