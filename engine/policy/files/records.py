"""Reads what a policy says is recorded, from records.yaml."""

from __future__ import annotations

from ..records import RecordKind
from . import models as f
from .documents import Document
from .sections import Sections
from .values import Place, bad_value, read_title


def read_records(read: Sections) -> dict[str, RecordKind]:
    return {name: _record(read, name, one, document, place) for name, one, document, place in read.each("records")}


def _record(read: Sections, name: str, one: f.RecordFile, document: Document, place: Place) -> RecordKind:
    if name in read.facts or name in read.places.tiers:
        raise bad_value(document, place, "is the name of a fact already", "已是事实的名称")
    return RecordKind(
        name,
        read_title(one.title),
        read.when(one.when, document, (*place, "when")),
        read.by(one.by, document, (*place, "by")),
        one.amount,
        read_title(one.count) if one.count is not None else None,
        one.venue,
        {key: read_title(title) for key, title in one.evidence.items()},
        read.effect(one, document, place, None),
        document.where(place),
        one.note,
    )
