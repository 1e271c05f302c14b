"""How help is laid out: click's own words where gettext does not see them, and lines as wide as their letters are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import click
from click.types import FloatParamType, IntParamType, StringParamType

from .language import t
from .names import Words

#: What there is to speak, by how it is called.
LANGUAGES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}

#: What stands together: a wide letter with what may not begin a line after it, or a word.
_PIECE = re.compile(
    r"\s+|[（“《‘「]*(?:[^\W\u0000-\u2fff]|[\u3000-\u303f\uff00-\uffef])[，。、；：？！）”》’」]*|[^\s\u2e80-\uffef]+|."
)


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def wrapped(text: str, columns: int) -> list[str]:
    """A paragraph in lines of so many columns at most, as far as its words are not longer."""
    lines, line = [], ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if line and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        if line or piece.strip():
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _kept(line: str, columns: int) -> list[str]:
    """A line that is kept as it is, as far as it fits; a command that does not is broken as a shell reads it: between
    its arguments, behind a backslash."""
    if width(line) <= columns:
        return [line]
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    if not text.startswith("guikou "):
        return [indent + one for one in wrapped(text, columns - len(indent))]
    lines, now = [], indent
    for piece in _ARGUMENT.findall(text):
        if now.strip() and width(now) + width(piece) + 3 > columns:
            lines.append(f"{now} \\")
            now = indent + "  "
        now += piece if not now.strip() else f" {piece}"
    return [*lines, now]


#: An option with its value, an argument; what is quoted stands together.
_WORD = r"(?:'[^']*'|[^\s'])+"
_ARGUMENT = re.compile(rf"(?:--?[a-z][a-z-]*(?:\s+(?!-|\|){_WORD})?)(?=\s|$)|{_WORD}")


def _broken(name: str, columns: int) -> list[str]:
    """What an option is called, and its choices: broken between these where they are too many for a line."""
    lines, line = [], ""
    for piece in re.findall(r"[^|]+\|?", name) if width(name) > columns else [name]:
        if line and width(line) + width(piece) > columns:
            lines.append(line)
            line = "    "
        line += piece
    return [*lines, line]


class Formatter(click.HelpFormatter):
    """Help in columns of a terminal, where a Chinese letter takes two."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or t("用法：", "Usage: "))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}{t('：', ':')}\n")

    def write_text(self, text: str) -> None:
        indent, columns = " " * self.current_indent, max(self.width - self.current_indent, 11)
        for at, paragraph in enumerate(re.split(r"\n\s*\n", text.strip("\n"))):
            if at:
                self.write("\n")
            kept = paragraph.lstrip().startswith("\b")
            if kept:
                lines = [part for line in paragraph.split("\n")[1:] for part in _kept(line, columns)]
            else:
                lines = wrapped(paragraph, columns)
            self.write("".join(f"{indent}{line}".rstrip() + "\n" for line in lines))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 32, col_spacing: int = 2) -> None:
        """Names on the left, what they are on the right."""
        rows = list(rows)
        left = min(max((width(name) for name, _ in rows), default=0), col_max) + col_spacing
        columns = max(self.width - self.current_indent - left, 10)
        for name, text in rows:
            *above, name = _broken(name, self.width - self.current_indent)
            self.write("".join(f"{'':>{self.current_indent}}{line}\n" for line in above))
            self.write(f"{'':>{self.current_indent}}{name}")
            lines = wrapped(text, columns)
            gap = left - width(name)
            if gap < col_spacing and lines:
                self.write("\n")
                gap = left + self.current_indent
            for at, line in enumerate(lines):
                self.write(" " * (gap if at == 0 else left + self.current_indent) + line + "\n")
            if not lines:
                self.write("\n")


class Context(click.Context):
    formatter_class = Formatter


def spoken(command: click.Command) -> click.Command:
    """The same command; it, and all below it, take --lang and are told in the language of the run."""
    for one in _all(command):
        one.context_class = Context
        one.options_metavar = t("[选项]", "[OPTIONS]")
        if one.short_help is None and one.help:
            one.short_help = _first_clause(one.help)  # click's own ends in the midst of one
        if isinstance(one, click.Group):
            one.subcommand_metavar = t("命令 [参数]...", "COMMAND [ARGS]...")
            if "--lang" not in {word for param in one.params for word in param.opts}:
                one.params.append(lang_option(expose_value=False))
        for param in one.params:
            if param.metavar is None and not getattr(param, "is_flag", False) and not getattr(param, "count", False):
                param.metavar = _metavar(param.type)
    return command


def _first_clause(text: str) -> str:
    """What a command does, without how."""
    first = re.split(t("[：；。]", r"[:;.](?:\s|$)"), " ".join(text.split("\n\n")[0].split()), maxsplit=1)[0]
    return first + t("。", ".")


def lang_option(*, expose_value: bool = True) -> click.Option:
    """--lang, which is read before any command is."""
    return click.Option(["--lang"], type=Words(LANGUAGES), expose_value=expose_value, help=t("语言", "language"))


def _all(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _all(below)


def _metavar(kind: click.ParamType[object]) -> str | None:
    """What a value of a kind is called; None where click or the kind itself says so."""
    match kind:
        case IntParamType() | FloatParamType():  # ranges are among them
            return t("数", "NUMBER")
        case StringParamType():
            return t("文字", "TEXT")
        case click.Path():
            return t("文件", "FILE")
        case _ if kind.name == "date":
            return t("日期", "DATE")
        case _:
            return None
