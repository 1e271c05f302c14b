"""A text in both languages; how a value is shown to a person."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en

    def to_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

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


def as_json(value: Any) -> Any:
    """A value of plain ones, as JSON keeps it: what has a `to_dict()` as that says, days and instants in ISO 8601,
    decimals as text."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    return sorted(value) if isinstance(value, (set, frozenset)) else value


def brief(*names: str) -> Callable[[Any], str]:
    """A `__repr__` of one short line: of these attributes, those that are not None."""

    def short(one: Any) -> str:
        found = ((name, getattr(one, name)) for name in names)
        return (
            f"{type(one).__name__}({', '.join(f'{name}={cut(value)}' for name, value in found if value is not None)})"
        )

    return short


def cut(value: Any, most: int = 40) -> str:
    """A value as a `__repr__` has it, in so many letters at most."""
    text = (
        value.isoformat() if isinstance(value, date) else repr(str(value) if isinstance(value, (str, Title)) else value)
    )
    return text if len(text) <= most else text[: most - 1] + "…"


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
