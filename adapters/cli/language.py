"""The language of this run: both texts stand side by side where they are printed."""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Lang = Literal["zh", "en"]
#: Set when a run begins, before any module with a command is imported: their help texts are made then.
LANG: Lang = "en"
#: What click says, in Chinese: it asks gettext for each of its texts, in the default domain.
_CATALOGUES = Path(__file__).parent / "locale"


def t(zh: str, en: str) -> str:
    """The one of two texts that this run speaks."""
    return zh if LANG == "zh" else en


def counted(number: int, one: str, many: str) -> str:
    """A number with what there are so many of, in English: '1 case', '2 cases'."""
    return f"{number} {one if number == 1 else many}"


@contextmanager
def click_speaks() -> Iterator[None]:
    """click itself in the language of the run; gettext goes by the environment, which is put back afterwards."""
    gettext.bindtextdomain(gettext.textdomain(), _CATALOGUES)
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = LANG
    try:
        yield
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
