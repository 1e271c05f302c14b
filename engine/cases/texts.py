"""What offices write by hand, which may have to go again: reasons, remarks, references of evidence.

They are kept beside the event, which holds their salted hashes: a text that is erased is forgotten with its salt, and
the event stays what it was. A text is named by its place in the event, a JSON pointer (RFC 6901).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

#: What stands in the place of a text that was erased.
ERASED = "[erased]"
REASON = "/reason"


def salted(salt: str, text: str) -> str:
    """The salted hash of a text, in hexadecimal."""
    return sha256((salt + text).encode()).hexdigest()


def texts_of(reason: str, evidence: Mapping[str, str], changes: Mapping[str, Any]) -> dict[str, str]:
    """The texts of an event by their places. What was erased before, and is told again, is none."""
    found = {REASON: reason} if reason else {}
    found |= {f"/evidence/{_escaped(code)}": text for code, text in evidence.items()}
    if "gates" in changes:
        found |= {place: inner[code] for place, inner, code in _told(changes)}
    return {place: text for place, text in found.items() if text != ERASED}


def _told(changes: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """The evidence of what was told of gates: each place, with the mapping and the key that lead to it."""
    for gate, passage in changes["gates"].items():
        for outcome, said in (passage or {}).get("told", {}).items():
            for code in said.get("evidence", {}):
                steps = ("changes", "gates", gate, "told", outcome, "evidence", code)
                yield "".join(f"/{_escaped(step)}" for step in steps), said["evidence"], code


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def filled(content: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """The content of an event with texts in their places. Raises KeyError or TypeError where there is no such place."""
    whole = dict(content)
    for place, text in texts.items():
        _, *way, last = (step.replace("~1", "/").replace("~0", "~") for step in place.split("/"))
        inner = whole
        for step in way:
            own = dict(inner[step])
            inner[step] = own
            inner = own
        inner[last]  # a place that is not there is nobody's
        inner[last] = text
    return whole
