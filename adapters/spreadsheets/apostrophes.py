"""Text that a spreadsheet would take for a formula, written to CSV and read back.

A spreadsheet computes a cell that begins with one of certain signs (OWASP's advice on CSV injection). Such a text is
written behind an apostrophe; a text that begins with an apostrophe too, so that reading can take off exactly what
writing put on.
"""

from __future__ import annotations

import re

_LEADS = "=+-@\t\r\n＝＋－＠'"
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?|-", re.ASCII)


def guarded(text: str) -> str:
    """A text as it is written to a CSV cell; a plain number, and a dash by itself, are what they look like."""
    return "'" + text if text[:1] in _LEADS and text and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """A text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and text[1:2] in _LEADS and text[1:] else text
