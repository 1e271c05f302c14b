"""Remarks: what an office notes on a case, which changes nothing of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ..cases.case import Case
from ..cases.events import Remarked
from ..errors import BadRemark
from ..policy.policy import Policy
from ..text import Title, is_blank
from .happening import Decision, Stamp, told
from .identity import not_seen

#: How many characters a remark has at most.
MOST = 2000


@dataclass(frozen=True, slots=True)
class Remark:
    text: str


def remark(policy: Policy, case: Case, command: Remark, stamp: Stamp) -> Decision:
    """Whoever sees a case may remark on it, also once it is closed."""
    text = command.text.strip()
    wrong = _wrong(text)
    if wrong is not None:
        return BadRemark(reason=wrong)
    if (hidden := not_seen(policy, case, stamp)) is not None:
        return hidden
    return (told(Remarked(), case.id, case, {}, policy, stamp, reason=text),)


def _wrong(text: str) -> Title | None:
    if is_blank(text):
        return Title("备注为空", "it is empty")
    if len(text) > MOST:
        return Title(
            f"备注有 {len(text)} 个字符，最多 {MOST} 个", f"it has {len(text)} characters, and {MOST} are the most"
        )
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in text):
        return Title("备注含控制字符（包括换行）", "it has control characters, of which a line break is one")
    return None
