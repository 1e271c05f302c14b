"""The base of every error: a stable code, one sentence in both languages, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import Any, ClassVar

from ..text import Lang, in_one_line, shown


@dataclass(frozen=True, slots=True)
class Where:
    """The place of an error: a file with its line, or a table's row and column (both counted from 1)."""

    file: str | None = None
    line: int | None = None
    row: int | None = None
    column: str | None = None

    def text(self, lang: Lang) -> str:
        place = self.file or ""
        if self.line is not None:
            place += f":{self.line}" if place else f"第 {self.line} 行" if lang == "zh" else f"line {self.line}"
        parts = [place] if place else []
        if self.row is not None:
            parts.append(f"第 {self.row} 行" if lang == "zh" else f"row {self.row}")
        if self.column is not None:
            parts.append(f"“{self.column}” 列" if lang == "zh" else f"column '{self.column}'")
        return ("，" if lang == "zh" else ", ").join(parts)


class GuikouError(Exception):
    """The base of all. A subclass gives its code and its sentences; an instance gives what fills them in."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    en: ClassVar[str] = "something went wrong"
    zh: ClassVar[str] = "出错"
    hint_en: ClassVar[str] = ""
    hint_zh: ClassVar[str] = ""

    def __init__(self, *, where: Where | None = None, **details: Any) -> None:
        self.where = where
        self.details = details
        super().__init__(self.line("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.where, self.details)

    def at(self, where: Where) -> GuikouError:
        """The same error with its place, for a caller that knows it."""
        return type(self)(where=where, **self.details)

    def message(self, lang: Lang = "en") -> str:
        return self.filled(self.zh if lang == "zh" else self.en, lang)

    def hint(self, lang: Lang = "en") -> str:
        return self.hinted(self.hint_zh if lang == "zh" else self.hint_en, lang)

    def filled(self, text: str, lang: Lang = "en") -> str:
        """A text with this error's details in it."""
        return text.format_map(_Shown(self.details, lang))

    def hinted(self, text: str, lang: Lang = "en") -> str:
        """A hint, such as one in the words of whoever shows the error, with this error's details in it; a clause whose
        detail is empty says nothing, and is left out."""
        mark = "；" if lang == "zh" else "; "
        kept = [clause for clause in text.split(mark) if self._tells(clause, lang)]
        return self.filled(mark.join(kept), lang)

    def _tells(self, clause: str, lang: Lang) -> bool:
        names = [name for _, name, _, _ in Formatter().parse(clause) if name]
        return all(shown(self.details.get(name, ""), lang) for name in names)

    def line(self, lang: Lang = "en", hint: str | None = None) -> str:
        """Place, sentence and hint in one line; `hint`: instead of its own."""
        place = self.where.text(lang) if self.where else ""
        hint = self.hint(lang) if hint is None else hint
        colon, semicolon = ("：", "；") if lang == "zh" else (": ", "; ")
        told = (place + colon if place else "") + self.message(lang) + (semicolon + hint if hint else "")
        return in_one_line(told)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it (docs/json.md)."""
        return self.as_json()

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
            "where": self.where.text("en") if self.where else None,
            "hint": {"zh": self.hint("zh"), "en": self.hint("en")},
        }


def _again(kind: type[GuikouError], where: Where | None, details: dict[str, Any]) -> GuikouError:
    """An error as it was in another process."""
    return kind(where=where, **details)


class _Shown(dict[str, Any]):
    """Details as a person reads them: lists joined, a pair of titles in the language asked for."""

    def __init__(self, details: dict[str, Any], lang: Lang) -> None:
        super().__init__({key: shown(value, lang) for key, value in details.items()})
