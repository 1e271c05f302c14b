"""Standard output and standard error, whatever they can say; and what was typed, as text."""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

import click

from .language import t

#: What is written instead of what a stream has no letter for, the first that it has.
_ALIKE = {
    "✓": ("√", "+"), "✗": ("×", "x"), "─": ("-",), "━": ("-",), "│": ("|",), "–": ("-",), "—": ("--",), "→": ("->",),
    "≥": (">=",), "≤": ("<=",), "“": ('"',), "”": ('"',), "‘": ("'",), "’": ("'",), "·": (".",), "、": (",",), "。": (".",),
    "×": ("x",), "√": ("+",), "《": ('"',), "》": ('"',), "〔": ("[",), "〕": ("]",), "±": ("+/-",),
}  # fmt: skip
_ERRORS, _ASCII = "guikou", "guikou_ascii"


def prepare(environment: Mapping[str, str]) -> None:
    """Let both streams say what they can, and never fail for what they can't. The C locale's ASCII says nothing of the
    terminal: it is taken for UTF-8, as Python itself does, unless the user asked for ASCII."""
    codecs.register_error(_ERRORS, _instead)
    codecs.register(_plain_ascii)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if _is_ascii(stream.encoding) and not environment.get("PYTHONIOENCODING"):
            reconfigure(encoding="utf-8", errors=_ERRORS)
        elif _is_ascii(stream.encoding):
            reconfigure(encoding=_ASCII, errors=_ERRORS)
        else:
            reconfigure(errors=_ERRORS)


def can_say(text: str) -> bool:
    """Whether standard output has a letter for each in a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def typed(word: str) -> str:
    """A word of the command line as it was meant: in the C locale Python keeps what is no ASCII as it came."""
    if not _is_broken(word):
        return word
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def check_text(command: click.Command, values: Mapping[str, Any]) -> None:
    """Raises click.BadParameter for a value that is no text, apart from the names of files, which may be anything."""
    for param in command.params:
        if not isinstance(param.type, click.Path) and _is_broken(values.get(param.name or "")):
            raise click.BadParameter(
                t("不是合法的文字，编码有误", "this is no text: its encoding is wrong"),
                click.get_current_context(),
                param,
            )


def silence(stream: Any) -> None:
    """Let nothing more be written to a stream that nobody reads."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)


def _plain_ascii(name: str) -> codecs.CodecInfo | None:
    """ASCII under another name: where a stream is called so, click writes UTF-8 past it."""
    if name != _ASCII:
        return None
    own = codecs.lookup("ascii")
    return codecs.CodecInfo(
        own.encode, own.decode, own.streamreader, own.streamwriter, own.incrementalencoder, own.incrementaldecoder,
        name=_ASCII,
    )  # fmt: skip


def _instead(error: UnicodeError) -> tuple[str, int]:
    """What is written for letters that an encoding has not: what looks alike, else their numbers."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_alike(one, error.encoding) for one in letters), error.end


def _alike(letter: str, encoding: str) -> str:
    for text in (*_ALIKE.get(letter, ()), unicodedata.normalize("NFKC", letter)):
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            continue
        return text
    return letter.encode("ascii", "backslashreplace").decode("ascii")


def _is_broken(value: Any) -> bool:
    match value:
        case str():
            return any("\ud800" <= one <= "\udfff" for one in value)
        case Mapping():
            return any(_is_broken(one) for pair in value.items() for one in pair)
        case list() | tuple():
            return any(_is_broken(one) for one in value)
        case _:
            return False


def _is_ascii(encoding: str | None) -> bool:
    return encoding is not None and codecs.lookup(encoding).name == "ascii"
