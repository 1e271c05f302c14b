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
#: The places of an event's reason, and of what is no part of it: the text of the request that led to it.
REASON, REQUEST = "/reason", "/request"
#: How the place of a piece of evidence begins.
EVIDENCE = "/evidence/"


def salted(salt: str, text: str) -> str:
    """The salted hash of a text, in hexadecimal: where the salt ends is hashed too."""
    return sha256(f"{len(salt)}:{salt}{text}".encode()).hexdigest()


def texts_of(reason: str, evidence: Mapping[str, str], changes: Mapping[str, Any]) -> dict[str, str]:
    """The texts of an event by their places. What was erased before, and is told again, is none."""
    if not reason and not evidence and "gates" not in changes:
        return {}
    found = {REASON: reason} if reason else {}
    found |= {EVIDENCE + _escaped(code): text for code, text in evidence.items()}
    if "gates" in changes:
        found |= dict(_told(changes["gates"]))
    return {place: text for place, text in found.items() if text != ERASED}


def _told(gates: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The evidence of what was told of gates, each with its place."""
    for gate, passage in gates.items():
        for outcome, said in (passage or {}).get("told", {}).items():
            for code, text in said.get("evidence", {}).items():
                yield told_at(gate, outcome, code), text


def told_at(gate: str | None, outcome: str | None, code: str = "") -> str:
    """The place of a piece of evidence with which an outcome was told of a gate; without its code, how it begins."""
    steps = ("changes", "gates", gate or "", "told", outcome or "", "evidence", code)
    return "".join(f"/{_escaped(step)}" for step in steps)


def is_own(place: str) -> bool:
    """Whether it is the place of what an event says itself, its reason or a piece of evidence, and not of what it says
    again of a gate."""
    return place == REASON or place.startswith(EVIDENCE)


def code_of(place: str) -> str:
    """What a text is called by who erases it: of evidence its code, or 'reason', or 'request'."""
    return place.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")


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
