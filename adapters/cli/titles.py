"""What the things that commands print are called: an event by its kind, a gate's answer."""

from __future__ import annotations

from collections.abc import Iterable

from guikou.engine.cases.events import EVENT_TITLES
from guikou.engine.text import Title

from .language import t

#: What an event is called, by its kind.
KINDS = EVENT_TITLES

#: What became of a row of an import.
OUTCOME_TITLES = {
    "opened": Title("新立案", "opened"),
    "changed": Title("有变更", "changed"),
    "unchanged": Title("无变化", "unchanged"),
    "rejected": Title("退回", "rejected"),
    "parked": Title("暂存", "parked"),
}
#: How an import stands, and what is parked.
STATE_TITLES = {
    "running": Title("未结束", "not ended"),
    "done": Title("完成", "done"),
    "undone": Title("已撤销", "undone"),
    "waiting": Title("待补全", "waiting"),
    "opened": Title("已立案", "opened"),
    "dropped": Title("已放弃", "dropped"),
    "replaced": Title("已被补充", "replaced"),
}

#: What a gate answers.
ANSWERS = {
    "allowed": Title("准予", "allowed"),
    "conditional": Title("附条件准予", "allowed on a condition"),
    "refused": Title("不准予", "refused"),
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
