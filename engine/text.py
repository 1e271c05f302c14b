"""A text in both languages; how a value is shown to a person."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
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


#: What a terminal would obey instead of showing it, or what turns the text around it.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


#: Besides, what would break a line in two, or can't be written at all.
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """A text that does nothing to a terminal: its control characters as they are written in Python."""
    return _OBEYED.sub(_escaped, text)


def in_one_line(text: str) -> str:
    """The same, and in one line."""
    return _BROKEN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


_URL_SECRET = re.compile(r"://.*@")
_SECRET = re.compile(r"^((?:[\w+.-]*:?/{1,2})?)[^@]*:(?!//).*@")
_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")
_SECRET_OPTION = re.compile(r"((?:password|passwd|pwd)\s*=\s*)(?:'[^']*'|[^&\s]*)", re.IGNORECASE)


def masked(address: str) -> str:
    """An address, or what was meant as one, without what may be a password in it."""
    if "://" in address:
        address = _URL_SECRET.sub("://***@", address)
    elif not _DRIVE.match(address):
        address = _SECRET.sub(r"\1***@", address)
    return _SECRET_OPTION.sub(r"\1***", address)


def shown(value: Any, lang: Lang = "en") -> str:
    """A value as a sentence shows it."""
    if hasattr(value, "zh") and hasattr(value, "en"):
        return visible(str(getattr(value, lang)))
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else str(value).lower()
    if value is None:
        return "无" if lang == "zh" else "null"
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return ("、" if lang == "zh" else ", ").join(shown(item, lang) for item in items)
    return visible(_said(value))


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
    if isinstance(value, date):
        text = value.isoformat()
    else:
        text = repr(str(value)) if isinstance(value, (str, Title)) else _said(value, repr)
    return text if len(text) <= most else text[: most - 1] + "…"


def _said(value: Any, say: Callable[[Any], str] = str) -> str:
    """What a value says of itself; its type, where it can't, as a whole number of more digits than Python writes."""
    try:
        return say(value)
    except Exception:  # noqa: BLE001  whatever it is, there is a sentence to be finished
        return f"<{type(value).__name__}>"


_QUOTES = frozenset("\"'“”‘’「」『』《》〈〉`´")


def _half(char: str) -> str:
    """A character in half width: what is wide, spaces of every kind, and the radicals that stand for characters where a
    text was copied out of a PDF. A circled, raised or lowered digit is none: it marks a note or belongs to a unit."""
    tag, _, codes = unicodedata.decomposition(char).partition(" ")
    if tag in ("<wide>", "<narrow>", "<small>", "<vertical>"):
        return "".join(chr(int(code, 16)) for code in codes.split())
    if tag == "<compat>" and unicodedata.name(char, "").startswith(("KANGXI RADICAL", "CJK RADICAL")):
        return chr(int(codes, 16))
    return " " if unicodedata.category(char) == "Zs" else char


def _named(char: str) -> str:
    """A character as far as it matters in a name."""
    return "" if char in _QUOTES or unicodedata.category(char)[0] in "ZC" else char


class _ByCharacter(dict[int, str]):
    """What becomes of each character, for `str.translate`: worked out once."""

    def __init__(self, become: Callable[[str], str]) -> None:
        super().__init__()
        self._become = become

    def __missing__(self, code: int) -> str:
        found = self[code] = self._become(chr(code))
        return found


_HALVES, _NAMED = _ByCharacter(_half), _ByCharacter(_named)


def half_width(text: str) -> str:
    """A text in half width, and otherwise to the letter."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(_HALVES))


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """A name as far as it matters which one it is: without spaces, line breaks, quotation marks and what can't be seen,
    in one width and one case."""
    return half_width(half_width(text).translate(_NAMED).casefold())


def one_meaning(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each name means, as names are compared (`folded`); of (name, meaning), those that mean one thing only."""
    found: dict[str, set[str]] = {}
    for name, meaning in named:
        found.setdefault(folded(name), set()).add(meaning)
    return {name: next(iter(meanings)) for name, meanings in found.items() if len(meanings) == 1}


def in_both(text: str) -> Title:
    """A text that is written in both languages, with ' / ' between them; any other is the same in both."""
    zh, slash, en = text.partition(" / ")
    return Title(zh, en) if slash else Title(text, text)


def both(title: Title) -> str:
    """A title as one text, which `in_both` reads: what parts the languages is within neither."""
    if title.zh == title.en:
        return title.en.replace(" / ", "/")
    return f"{title.zh.replace(' / ', '/')} / {title.en}"


def plainly(value: Any) -> Title:
    """A value without a title as a person reads it."""
    if isinstance(value, bool):
        return Title("是", "true") if value else Title("否", "false")
    if value is None:
        return Title("无", "none")
    return Title(shown(value, "zh"), shown(value, "en"))


def called(word: str, titles: Mapping[str, Title]) -> list[str]:
    """The keys that a word is: the exact key alone, else the keys with that title in either language. Width and case
    tell nothing apart."""
    if word in titles:
        return [word]
    names = _folded(titles)
    wanted = folded(word)
    exact = [key for key, own in names.items() if own[0] == wanted]
    return exact or [key for key, own in names.items() if wanted and wanted in own]


def matching(word: str, titles: Mapping[str, Title]) -> list[str]:
    """The keys that a word may mean: those that it is, else those whose key or title begins with it."""
    wanted = folded(word)
    return called(word, titles) or [
        key for key, own in _folded(titles).items() if wanted and any(one.startswith(wanted) for one in own)
    ]


def containing(word: str, titles: Mapping[str, Title]) -> list[str]:
    """The keys whose key or title has a word in it."""
    wanted = folded(word)
    return [key for key, own in _folded(titles).items() if wanted and any(wanted in one for one in own)]


def _folded(titles: Mapping[str, Title]) -> dict[str, list[str]]:
    return {key: [folded(one) for one in (key, title.zh, title.en)] for key, title in titles.items()}


def nearest(word: str, known: Sequence[str] | Mapping[str, Title], most: int = 3) -> list[str]:
    """The names most like a word, at most so many; none where none is like it. Of titled ones, titles count too."""
    titles = known if isinstance(known, Mapping) else {}
    wanted, scores = folded(word), []
    for key in known:
        names = {key, titles[key].zh, titles[key].en} if key in titles else {key}
        score = max(likeness(wanted, folded(name)) for name in names)
        if score >= _ALIKE:
            scores.append((-score, key))
    return [key for _, key in sorted(scores)[:most]]


#: From which likeness on (of 1) a name may be what was meant.
_ALIKE = 0.5


def likeness(word: str, name: str) -> float:
    """How alike two folded names are, from 0 to 1; nothing below what may be meant."""
    if word and (word in name or (len(name) > 1 and name in word)):
        return 0.9 + 0.1 * min(len(word), len(name)) / max(len(word), len(name))
    matcher = difflib.SequenceMatcher(None, word, name)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0


def suggested(word: str, known: Sequence[str] | Mapping[str, Title]) -> Title:
    """What may be written instead of a word: the nearest; all where none is near and they are few; else nothing, an
    empty title. Titled ones are shown with their titles."""
    chosen = nearest(word, known) or (sorted(known) if len(known) <= _FEW else [])
    titles = known if isinstance(known, Mapping) else {}
    shown = listed([with_title(key, titles.get(key)) for key in chosen], Title("", ""))
    return Title(f"{shown.zh}等", f"{shown.en}, ...") if chosen and len(chosen) < len(known) else shown


#: So many names can be listed in one line.
_FEW = 12


def titles(things: Mapping[str, Any]) -> dict[str, Title]:
    """The titles of things that have one, by name."""
    return {name: one.title for name, one in things.items()}


def with_titles(titles: Mapping[str, Title]) -> Title:
    """Names in one line, each with its title; nothing for none."""
    return listed([with_title(key, title) for key, title in titles.items()], Title("", ""))


def with_title(key: str, title: Title | None) -> Title:
    """A name with its title behind it, where it has another."""
    if title is None or (title.zh == key and title.en == key):
        return Title(key, key)
    return Title(f"{key}（{title.zh}）", f"{key} ({title.en})")


def typed(key: str, title: Title) -> Title:
    """A name as it is typed: in Chinese by its title, where that is one word, else by its key."""
    return Title(title.zh if re.fullmatch(r"\w+", title.zh) else key, key)


def listed(titles: Iterable[Title], none: Title = Title("-", "-")) -> Title:
    """Titles in one line; `none` where there are none."""
    found = list(titles)
    return Title("、".join(one.zh for one in found), ", ".join(one.en for one in found)) if found else none


#: What no text of a register has, and no spreadsheet can hold: control characters, halves of characters.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


#: What can't be seen, or turns the direction of what stands beside it, and what is no character at all.
UNSEEN = re.compile(
    "[\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
#: Characters that show nothing, though they count as letters, symbols or marks.
_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: only white space, and what can't be seen."""
    return all(unicodedata.category(char)[0] in "ZC" for char in _BLANKS.sub("", text))


def compact(text: str) -> str:
    """A text in half width, without white space and what can't be seen."""
    if text.isascii() and text.isalnum():
        return text
    bare = "".join(char for char in half_width(text) if not char.isspace() and unicodedata.category(char) != "Cf")
    return bare if bare == text else compact(bare)  # what a space kept apart may combine


def written(char: str) -> str:
    """A character that can't be shown, by its number."""
    return f"U+{ord(char):04X}"
