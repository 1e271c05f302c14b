"""A wrong command line, told in one line in the language of the run."""

from __future__ import annotations

import click

from .language import t


def usage(error: click.UsageError) -> str:
    """A wrong command line in one line: what is wrong, and what to do."""
    command = error.ctx.command_path if error.ctx else "guikou"
    near: list[str] = []
    match error:
        case click.NoSuchOption():
            near = list(error.possibilities or ())
            what = t(f"没有选项 {error.option_name}", f"no option {error.option_name}")
        case click.exceptions.NoSuchCommand():
            from guikou.engine.text import nearest

            group = error.ctx.command if error.ctx else None
            known = group.list_commands(error.ctx) if isinstance(group, click.Group) and error.ctx else []
            near = nearest(error.command_name, known)
            what = t(f"没有命令 {error.command_name}", f"no command {error.command_name}")
        case click.MissingParameter():
            what = t(f"缺少 {_named(error.param)}", f"{_named(error.param)} is missing")
        case click.BadParameter() if isinstance(error.param and error.param.type, click.IntRange) and _no_number(error):
            what = t(f"{_named(error.param)} 应为整数", f"{_named(error.param)} must be a whole number")
        case click.BadParameter():
            what = t(f"{_named(error.param)} 的值无效：{error.message}", f"{_named(error.param)}: {error.message}")
        case _:
            what = error.message
    parts = [what.rstrip(".。")]
    if near:
        parts.append(t(f"是否为 {'、'.join(near)}", f"did you mean {', '.join(near)}"))
    parts.append(t(f"见 {command} --help", f"see {command} --help"))
    return f"[usage] {command}{t('：', ': ')}{t('；', '; ').join(parts)}"


def _no_number(error: click.BadParameter) -> bool:
    """Whether it is no number at all, for which click has odd words."""
    return isinstance(error.__context__, ValueError)


def _named(param: click.Parameter | None) -> str:
    """An option by its name, an argument by what stands for it in the help."""
    if param is None:
        return "-"
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.metavar or (param.name or "").upper()
