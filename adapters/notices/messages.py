"""A notice as a person or a program reads it, and what takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote

from guikou.engine.decide.notices import subject
from guikou.engine.policy.policy import Policy
from guikou.engine.supervision.store import Outgoing
from guikou.engine.text import Title


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as a person or a program reads it."""

    id: str
    body: str
    body_title: Title
    text: Title
    content: Mapping[str, Any]
    created_at: datetime


class NotDelivered(Exception):
    """This notice was not taken, and why; others may be."""

    def __init__(self, where: str, why: Title) -> None:
        super().__init__(where, why)
        self.title = Title(f"{where}：{why.zh}", f"{where}: {why.en}") if where else why


class Unreachable(NotDelivered):
    """Nothing can be delivered there now."""


class Channel(Protocol):
    """Something that takes messages."""

    def send(self, message: Message) -> None:
        """Deliver it. Raises NotDelivered or Unreachable."""

    def close(self) -> None:
        """No more comes."""


def message_of(policy: Policy, outgoing: Outgoing) -> Message:
    notice = outgoing.notice
    body = policy.places.bodies.get(notice.body)
    title = body.title if body is not None else Title(notice.body, notice.body)
    text = subject(policy, notice)
    content = {
        "id": f"{quote(notice.case, safe='')}.{notice.seq}",  # it goes into headers
        "kind": notice.kind,
        "case": notice.case,
        "name": notice.name,
        "body": {"id": notice.body, "zh": title.zh, "en": title.en},
        "obligation": notice.concerns,
        "state": notice.state,
        "due": notice.due.isoformat() if notice.due is not None else None,
        "day": notice.day.isoformat(),
        "text": {"zh": text.zh, "en": text.en},
    }
    return Message(str(content["id"]), notice.body, title, text, content, outgoing.created_at)
