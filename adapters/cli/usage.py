"""A wrong command line, told in one line in the language of the run: click itself speaks English only."""

from __future__ import annotations

import click

from .language import t


def usage(error: click.UsageError) -> str:
    """A wrong command line in one line: what is wrong, and what to do."""
    command = error.ctx.command_path if error.ctx else "guikou"
    name = error.param.opts[-1] if isinstance(error, click.BadParameter) and error.param else ""
    match error:
        case click.NoSuchOption():
            near = ("; " + t("是否为 ", "did you mean ") + " ".join(error.possibilities)) if error.possibilities else ""
            what = t(f"没有选项 {error.option_name}", f"no option {error.option_name}") + near
        case click.exceptions.NoSuchCommand():
            what = t(f"没有命令 {error.command_name}", f"no command {error.command_name}")
        case click.MissingParameter():
            shown = error.param.get_error_hint(error.ctx) if error.param and error.ctx else name
            what = t(f"缺少 {shown}", f"{shown} is missing")
        case click.BadParameter():
            what = t(f"{name} 的值无效：{error.message}", f"{name}: {error.message}")
        case _:
            what = error.message
    return f"[usage] {command}: {what.rstrip('.')}; " + t(f"见 {command} --help", f"see {command} --help")
