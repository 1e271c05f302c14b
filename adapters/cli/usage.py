"""A wrong command line, told in one line in the language of the run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import click

from .commands import COMMANDS, root
from .language import t

#: What keyboards make of two hyphens.
_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d]+-?([A-Za-z][A-Za-z-]*)")


def usage(error: click.UsageError, arguments: Sequence[str] = ()) -> str:
    """A wrong command line in one line: what is wrong, and what to do. `arguments` are what was typed."""
    command = error.ctx.command_path if error.ctx else _command(arguments)
    near: list[str] = []
    match error:
        case click.NoSuchOption():
            near = _options(error)
            what = t(f"没有选项 {error.option_name}", f"no option {error.option_name}")
        case click.exceptions.NoSuchCommand():
            near = _commands(error)
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
    dashed = next((found for word in arguments if (found := _DASHES.match(word))), None)
    if dashed is not None:
        parts.append(t(f"选项以两个半角连字符开头：--{dashed[1]}", f"an option begins with two hyphens: --{dashed[1]}"))
    parts.append(t(f"见 {command} --help", f"see {command} --help"))
    from guikou.engine.text import in_one_line

    return in_one_line(f"[usage] {command}{t('：', ': ')}{t('；', '; ').join(parts)}")


def _command(arguments: Sequence[str]) -> str:
    """The command that was typed: click does not always say."""
    found: click.Command = root()
    path = ["guikou"]
    for word in arguments:
        below = found.get_command(click.Context(found), word) if isinstance(found, click.Group) else None
        if below is not None:
            found, path = below, [*path, word]
    return " ".join(path)


def _commands(error: click.exceptions.NoSuchCommand) -> list[str]:
    """The commands that may have been meant: those named alike, else those whose help has what was typed."""
    group = error.ctx.command if error.ctx else None
    if error.ctx is None or not isinstance(group, click.Group):
        return []
    names = group.list_commands(error.ctx)
    if group.name == "guikou":
        helps: dict[str, Sequence[str]] = {name: COMMANDS[name][1:] for name in names}
    else:
        found = {name: group.get_command(error.ctx, name) for name in names}
        helps = {
            name: (re.split("[。：；:;.]", one.get_short_help_str(200))[0],)
            for name, one in found.items()
            if one is not None
        }
    alike = _alike(error.command_name, names) or _told(error.command_name, helps)
    return [t(f"{name}（{helps[name][0]}）", f"{name} ({helps[name][-1]})") for name in alike]


def _options(error: click.NoSuchOption) -> list[str]:
    """The options that may have been meant."""
    params = error.ctx.command.params if error.ctx else []
    helps = {max(one.opts, key=len): (one.help or "",) for one in params if isinstance(one, click.Option)}
    word = error.option_name.lstrip("-")
    alike = _alike(word, [name.lstrip("-") for name in helps])
    return [f"--{name}" for name in alike] or _told(word, helps)


def _alike(word: str, names: Sequence[str]) -> list[str]:
    from guikou.engine.text import folded, nearest

    # A letter or two are part of anything: only what begins so is like them.
    return nearest(word, [name for name in names if len(word) > 2 or folded(name).startswith(folded(word))])


def _told(word: str, helps: Mapping[str, Sequence[str]]) -> list[str]:
    """The names whose help has a word in it, or most of its pieces: two Chinese letters, or a word of English."""
    pieces = {word[at : at + 2] for at in range(len(word) - 1) if not word[at : at + 2].isascii()}
    pieces |= {one.lower() for one in re.findall("[A-Za-z]{3,}", word)}
    scores = {
        name: sum(one in text if not one.isascii() else one in _words(text) for one in pieces for text in texts)
        for name, texts in helps.items()
    }
    best = max(scores.values(), default=0)
    found = [name for name, score in scores.items() if score == best] if best else []
    return sorted(found, key=lambda name: not any(text.startswith(word) for text in helps[name]))[:_MOST]


def _words(text: str) -> set[str]:
    return set(re.findall("[a-z]+", text.lower()))


#: So many suggestions are made.
_MOST = 3


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
