"""What the things that commands print are called: an event by its kind, a gate's answer."""

from __future__ import annotations

from collections.abc import Iterable

from guikou.engine.cases.events import EventKind
from guikou.engine.text import Title

from .language import t

#: What an event is called, by its kind.
KINDS = {str(kind): kind.titles for kind in EventKind}

#: What a gate answers.
ANSWERS = {
    "allowed": Title("准予", "allowed"),
    "conditional": Title("附条件准予", "allowed on a condition"),
    "refused": Title("不予准予", "refused"),
}


def answer(name: str) -> str:
    """A gate's answer in words."""
    return spoken(ANSWERS[name])


def spoken(title: Title) -> str:
    """A title in the language of the run."""
    return t(title.zh, title.en)


def listed(titles: Iterable[Title]) -> str:
    """Titles in a row, in the language of the run."""
    return t("、", ", ").join(spoken(one) for one in titles)
