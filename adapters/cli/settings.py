"""What is set outside the command line: in the environment and in the configuration file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from .language import Lang, t


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str], settings: Mapping[str, Any]) -> Lang:
    """--lang, else GUIKOU_LANG, else the configuration file, else the locale's, else English."""
    asked = ""
    for at, word in enumerate(arguments):
        if word == "--lang" and at + 1 < len(arguments):
            asked = arguments[at + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    for said in (asked, environment.get("GUIKOU_LANG"), settings.get("lang")):
        if said and (found := _language(said)):
            return found
    usual = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG", "")
    return _language(usual) or "en"


def _language(word: str) -> Lang | None:
    """The language that a word names, or else is written in: it is that of what is said of the word."""
    if word.lower().startswith("zh") or (re.search("[\u3400-\u9fff]", word) and not word.startswith("英")):
        return "zh"
    return "en" if word.lower().startswith("en") or word.startswith("英") else None


#: No configuration file is larger, in bytes.
_LARGEST = 100_000


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
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ValueError("it is too large")
        values = tomllib.loads(_text(data))
    except OSError as error:
        from guikou.engine.errors.reasons import os_reason

        why = os_reason(error)
        raise click.UsageError(t(f"{path}：{why.zh}", f"{path}: {why.en}")) from error
    except UnicodeDecodeError as error:
        raise click.UsageError(
            t(f"{path}：不是 UTF-8 编码；请另存为 UTF-8", f"{path}: it is not UTF-8; save it as UTF-8")
        ) from error
    except (ValueError, RecursionError) as error:
        place = re.search(r"line (\d+)", str(error))
        line = t(f"第 {place[1]} 行", f"line {place[1]}") if place else ""
        raise click.UsageError(
            t(
                f'{path}{line}：TOML 格式有误；每行应写作 键 = "值"，等号和引号用半角，如 lang = "zh"',
                f'{path}: {error}; write each line as KEY = "VALUE", such as lang = "en", in half width',
            )
        ) from error
    for key in values:
        if key not in ("db", "lang", "as", "format"):
            raise click.UsageError(
                t(
                    f"{path}：未知的键 “{key}”；可用：db、lang、as、format",
                    f"{path}: unknown key '{key}'; use db, lang, as, format",
                )
            )
        if not isinstance(values[key], str):
            raise click.UsageError(
                t(
                    f'{path}：{key} 应为加引号的文字，如 {key} = "…"',
                    f'{path}: {key} must be a text in quotes: {key} = "..."',
                )
            )
    return values


def _text(data: bytes) -> str:
    """A file's text in UTF-8, or as Notepad saves it elsewhere. Raises UnicodeDecodeError where it is neither."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
