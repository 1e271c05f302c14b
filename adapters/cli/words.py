"""The language of this run, and click's own complaints in it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import click

Lang = Literal["zh", "en"]
LANG: Lang = "en"


def t(zh: str, en: str) -> str:
    """The one of two texts that this run speaks."""
    return zh if LANG == "zh" else en


def answer(name: str) -> str:
    """A gate's answer in words."""
    return {
        "allowed": t("准予", "allowed"),
        "conditional": t("附条件准予", "allowed on a condition"),
        "refused": t("不予准予", "refused"),
    }[name]


def complain(text: str) -> None:
    """Say what went wrong with standard output itself, and let nothing more be written to it."""
    with contextlib.suppress(OSError):
        sys.stdout.close()
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    click.echo(text, err=True)


def language(arguments: Sequence[str], environment: Mapping[str, str], settings: Mapping[str, Any]) -> Lang:
    """--lang, else GUIKOU_LANG, else the configuration file, else the locale's, else English."""
    asked = ""
    for at, word in enumerate(arguments):
        if word == "--lang" and at + 1 < len(arguments):
            asked = arguments[at + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    asked = asked or environment.get("GUIKOU_LANG", "") or settings.get("lang", "")
    asked = asked or environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG", "")
    return "zh" if asked.lower().startswith("zh") else "en"


def configured(environment: Mapping[str, str]) -> dict[str, Any]:
    """The configuration file's values: GUIKOU_CONFIG, else ./guikou.toml, else ~/.config/guikou/config.toml.

    Raises UsageError when it is no TOML or has an unknown key.
    """
    places = [Path("guikou.toml"), Path.home() / ".config" / "guikou" / "config.toml"]
    if environment.get("GUIKOU_CONFIG"):
        places = [Path(environment["GUIKOU_CONFIG"])]
    path = next((path for path in places if path.is_file()), None)
    if path is None:
        return {}
    import tomllib

    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.UsageError(f"{path}: {error}") from error
    for key in values:
        if key not in ("db", "lang", "as", "format"):
            raise click.UsageError(
                t(
                    f"{path}：未知的键 “{key}”；可用：db、lang、as、format",
                    f"{path}: unknown key '{key}'; use db, lang, as, format",
                )
            )
    return values


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
