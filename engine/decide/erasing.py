"""Texts that should never have been stored, erased: what an event says of them is their salted hashes from then on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..cases.case import Case
from ..cases.events import Erased, Event, EventKind
from ..cases.texts import ERASED, REASON
from ..errors import MayNotAct, NotErasable
from ..policy.policy import Policy
from ..text import Title
from .happening import Stamp
from .roles import allowed_bodies, plays


@dataclass(frozen=True, slots=True)
class Erase:
    """Texts of a case's events, each by the event's number and its place; `evidence` are those of them that are
    references of evidence, by code."""

    erases: tuple[tuple[int, str], ...]
    reason: str
    evidence: frozenset[tuple[str, str]] = frozenset()
    retention: str | None = None


def chosen(event: Event, codes: Collection[str]) -> list[str] | NotErasable:
    """The places of the texts of an event that codes name: of evidence its code, or 'reason'; all, where none does."""
    there = set(event.salts)
    if not there:
        return NotErasable(seq=event.seq, because=_why_none(event))
    places = [place for place in sorted(there) if not codes or code_of(place) in codes]
    missing = sorted(set(codes) - {code_of(place) for place in places})
    if missing:
        known = ", ".join(sorted({code_of(place) for place in there}))
        because = Title(f"其中没有“{missing[0]}”，有 {known}", f"it has no '{missing[0]}', but {known}")
        return NotErasable(seq=event.seq, because=because)
    return places


def code_of(place: str) -> str:
    """What a text is called by who erases it: of evidence its code, or 'reason'."""
    return place.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")


def _why_none(event: Event) -> Title:
    if event.digests:
        return Title("其文字均已擦除", "its texts are erased already")
    if event.texts():
        return Title(
            "其中只有政策自己的说明，或由早期版本的 guikou 记下，文字在哈希之内，擦除会使记录链断开",
            "it says what the policy notes alone, or an older guikou wrote it: its hash covers the text itself, and "
            "erasing it would break the chain",
        )
    return Title("其中没有文字", "it holds no text")


def to_erase(event: Event, places: Collection[str], history: Sequence[Event], reason: str) -> Erase | None:
    """The command that erases some texts of an event wherever a history says them: the reason where the same was
    decided anew, evidence wherever the same was given as the same. None where it does nowhere."""
    own = event.texts()
    evidence = frozenset((code_of(place), own[place]) for place in places if place != REASON)
    found = []
    for one in history:
        for place, text in one.texts().items():
            if place not in one.salts:
                continue
            if place == REASON:
                same = REASON in places and text == own[REASON] and (one.at, one.kind) == (event.at, event.kind)
            else:
                same = (code_of(place), text) in evidence
            if same:
                found.append((one.seq, place))
    return Erase(tuple(found), reason, evidence) if found else None


def all_of(history: Sequence[Event], retention: str) -> Erase | None:
    """The command that erases every text of a history that was kept long enough. None where there is none."""
    found = tuple((one.seq, place) for one in history for place in sorted(one.salts))
    texts = [(place, text) for one in history for place, text in one.texts().items() if place in one.salts]
    evidence = frozenset((code_of(place), text) for place, text in texts if place != REASON)
    return Erase(found, "", evidence, retention) if found else None


def forbidden(policy: Policy, case: Case, event: Event, stamp: Stamp) -> MayNotAct | None:
    """Whoever told it may erase it, and whoever is above."""
    day = policy.day(stamp.at)
    told_by = policy.places.acting_id(event.body, day)
    if stamp.body == told_by or plays(policy, case, ("superior",), stamp.body, day):
        return None
    doing = Title(f"擦除第 {event.seq} 号的文字", f"erase texts of no. {event.seq}")
    allowed = allowed_bodies(policy, case, (told_by, "superior"), day)
    return MayNotAct(body=policy.places.body(stamp.body).title, trigger=doing, allowed=allowed)


def erase(case: Case, command: Erase, stamp: Stamp) -> tuple[Event, ...]:
    """Nothing else follows and nothing refuses it, whatever became of the case; the policy by which it stands stays."""
    return (
        Event.sealed(
            salt=stamp.salt,
            case=case.id,
            seq=case.revision + 1,
            kind=EventKind.ERASED.value,
            at=max(stamp.at, case.updated_at),
            recorded_at=stamp.recorded_at,
            actor=stamp.actor,
            body=stamp.body,
            policy=case.policy,
            changes={**_gates(case, command.evidence), **_said(command).changes()},
            reason=command.reason,
            request_id=stamp.request_id,
            previous=case.head,
        ),
    )


def _said(command: Erase) -> Erased:
    return Erased(erases=command.erases, retention=command.retention)


def _gates(case: Case, evidence: Collection[tuple[str, str]]) -> dict[str, Any]:
    """What was told of the case's gates, without evidence that is erased."""
    changed = {}
    for gate, passage in case.gates.items():
        told = {
            outcome: {
                **said,
                "evidence": {
                    code: ERASED if (code, text) in evidence else text
                    for code, text in said.get("evidence", {}).items()
                },
            }
            for outcome, said in passage.told.items()
        }
        if told != dict(passage.told):
            changed[gate] = replace(passage, told=told).content()
    return {"gates": changed} if changed else {}
