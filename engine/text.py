"""A text in both languages; how a value is shown to a person."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en

    def fill(self, **words: Title) -> Title:
        """With {word} replaced by each word's own title."""
        zh, en = self.zh, self.en
        for key, word in words.items():
            zh, en = zh.replace("{" + key + "}", word.zh), en.replace("{" + key + "}", word.en)
        return Title(zh, en)


Lang = Literal["zh", "en"]


def shown(value: Any, lang: Lang = "en") -> str:
    """A value as a sentence shows it."""
    if hasattr(value, "zh") and hasattr(value, "en"):
        return str(getattr(value, lang))
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ("、" if lang == "zh" else ", ").join(shown(item, lang) for item in items)
    return str(value)


_QUOTES = frozenset("\"'“”‘’「」『』《》〈〉`´")


def folded(text: str) -> str:
    """A name as far as it matters which one it is: without spaces, line breaks, quotation marks and what can't be seen,
    in one width and one case."""
    kept = (
        char
        for char in unicodedata.normalize("NFKC", text)
        if char not in _QUOTES and unicodedata.category(char)[0] not in "ZC"
    )
    return unicodedata.normalize("NFKC", "".join(kept).casefold())


def nearest(word: str, known: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(word, known, n=3, cutoff=0.4) or sorted(known)[:3]


def listed(titles: Iterable[Title], none: Title = Title("-", "-")) -> Title:
    """Titles in one line; `none` where there are none."""
    found = list(titles)
    return Title("、".join(one.zh for one in found), ", ".join(one.en for one in found)) if found else none


#: What no text of a register has, and no spreadsheet can hold: control characters, halves of characters.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def compact(text: str) -> str:
    """A text in half width, without white space and what can't be seen."""
    wide = unicodedata.normalize("NFKC", text)
    bare = "".join(char for char in wide if not char.isspace() and unicodedata.category(char) != "Cf")
    return bare if bare == text else compact(bare)  # what a space kept apart may combine


def written(char: str) -> str:
    """A character that can't be shown, by its number."""
    return f"U+{ord(char):04X}"
