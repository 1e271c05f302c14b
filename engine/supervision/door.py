"""What is let in as text: ids and names, and everything else that is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..cases.canonical import admits_key
from ..errors import BadText, NotCanonical
from ..text import UNFIT, UNSEEN, Title, is_blank, written

ID = Title("组织代码", "the organisation's id")
NAME = Title("组织名称", "the organisation's name")
_SAID = Title("所给文本", "what is said")
#: Besides what no text may have: a name is one line.
_LINE = re.compile("[\t\n\r\u2028\u2029]")


def let_in_name(what: Title, text: Any) -> str:
    """An id or a name, if it is one: a text of one line, not empty, with nothing around it. Raises BadText."""
    if not isinstance(text, str):
        raise _bad(what, "is no text", "不是文本")
    if is_blank(text):
        raise _bad(what, "is empty", "为空")
    odd = UNFIT.search(text) or UNSEEN.search(text) or _LINE.search(text)
    if odd is not None:
        raise _control(what, odd.group())
    if text != text.strip():
        raise _bad(what, "has spaces around it", "首尾有空格")
    return text


def let_in_id(id: Any) -> str:
    """The same for an id, of which no formatting is a part. Raises BadText and NotCanonical."""
    if isinstance(id, str) and id.isascii() and id.isalnum():
        return id
    seen = "".join(char for char in id if unicodedata.category(char) != "Cf") if isinstance(id, str) else id
    text = let_in_name(ID, seen)
    if not admits_key(text):  # groups keep their members by it
        raise NotCanonical(
            reason_en="its id has characters beyond the BMP", reason_zh="其代码含基本多文种平面以外的字符"
        )
    return text


def let_in(said: Any) -> None:
    """Whatever is said of a command, with all that is in it. Raises BadText for text that has control characters, or
    others that can't be seen."""
    if isinstance(said, str):
        odd = UNFIT.search(said) or UNSEEN.search(said)
        if odd is not None:
            raise _control(_SAID, odd.group())
    elif isinstance(said, Mapping):
        for key, value in said.items():
            let_in(key)
            let_in(value)
    elif isinstance(said, (list, tuple)):
        for one in said:
            let_in(one)


def _control(what: Title, char: str) -> BadText:
    if UNSEEN.match(char):
        return _bad(what, f"has the character {written(char)}, which can't be seen", f"含不可见字符 {written(char)}")
    return _bad(what, f"has the control character {written(char)}", f"含控制字符 {written(char)}")


def _bad(what: Title, en: str, zh: str) -> BadText:
    return BadText(what_en=what.en, what_zh=what.zh, reason_en=en, reason_zh=zh)
