"""The language of this run: both texts stand side by side where they are printed."""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]
#: Set when a run begins, before any module with a command is imported: their help texts are made then.
LANG: Lang = "en"


def t(zh: str, en: str) -> str:
    """The one of two texts that this run speaks."""
    return zh if LANG == "zh" else en
