"""Text broken into lines of so many cells: between words, or between Chinese characters, where a reader expects it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rich.cells import cell_len

#: What can't begin a line, and what can't end one.
_CLOSING, _OPENING = "，。、；：？！）》」』”’】〉…%‰℃·\u2060", "（《「『“‘【〈\u2060"
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd‘’“”…·]"
)
#: Where a long code may be broken if it must: behind these.
_BREAKS = re.compile(r"(?<=[/=,;|&])")
#: Characters that would act on a terminal instead of being shown, those that turn the direction of text among them.
_ACTING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")


def unbroken(text: str) -> str:
    """A text within which `wrapped` breaks no line but at its spaces."""
    return "\u2060".join(text)


def plain(text: str) -> str:
    """A text in one line, with nothing in it that a terminal would act on: U+FFFD stands in such a character's place."""
    if text.isprintable() and text.isascii():
        return text
    text = " ".join(text.split("\n")) if "\n" in text else text
    text = text.replace("\r", " ").replace("\t", " ")
    return "".join("\ufffd" if one in _ACTING or unicodedata.category(one) in ("Cc", "Cs") else one for one in text)


def shortest(text: str, heading: bool = False) -> int:
    """How many cells a text needs at least, without a word in it being broken."""
    return max((cell_len(word) for word, _ in _words(text, heading)), default=0)


def wrapped(text: str, width: int, heading: bool = False) -> list[str]:
    """A text as lines that are at most `width` cells wide; in a `heading` Chinese words stay whole."""
    if cell_len(text) <= width:
        return [text.replace("\u2060", "")]
    lines, line, used = [], "", 0
    for word, space in _words(text, heading):
        size = cell_len(word)
        if line and used + (1 if space else 0) + size > width:
            lines.append(line)
            line, used, space = "", 0, False
        if line and space:
            line, used = line + " ", used + 1
        if size <= width:
            line, used = line + word, used + size
            continue
        *whole, line = _broken(word, width)
        lines += whole
        used = cell_len(line)
    return [one.replace("\u2060", "") for one in (*lines, line)]


def _words(text: str, joined: bool) -> Iterator[tuple[str, bool]]:
    """What is never broken, each with whether a space comes before it; with `joined`, Chinese characters that stand
    together are a word."""
    for part in text.split(" "):
        word, first = "", True
        for piece in _pieces(part, joined):
            if word and not (piece[0] in _CLOSING or word[-1] in _OPENING):
                yield word, first
                word, first = "", False
            word += piece
        if word:
            yield word, first


def _pieces(part: str, joined: bool) -> Iterator[str]:
    if joined:
        yield from (one for one in re.split(r"(?<=[：，；、])|(?=[（(])", part) if one)
        return
    at = 0
    for found in _WIDE.finditer(part):
        if found.start() > at:
            yield part[at : found.start()]
        yield found.group()
        at = found.end()
    if at < len(part):
        yield part[at:]


def _broken(word: str, width: int) -> list[str]:
    """A word that is longer than a line, broken behind a sign if there is one, else where the line ends."""
    lines, line = [], ""
    for piece in filter(None, _BREAKS.split(word)):
        if cell_len(line) + cell_len(piece) <= width:
            line += piece
            continue
        if line:
            lines.append(line)
        line = ""
        for one in piece:
            if line and cell_len(line) + cell_len(one) > width:
                lines.append(line)
                line = ""
            line += one
    return [*lines, line]
