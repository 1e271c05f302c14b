"""Texts that should never have been stored, erased: what an event says of them is their salted hashes from then on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..cases.case import Case
from ..cases.events import Erased, Event, EventKind
from ..cases.texts import ERASED, EVIDENCE, REASON, REQUEST, code_of, is_own, told_at
from ..errors import MayNotAct, NotErasable
from ..policy.policy import Policy
from ..text import Title
from .checks import told_by_another
from .happening import Stamp


@dataclass(frozen=True, slots=True)
class Erase:
    """Texts of a case's events, each by the event's number and its place; `told` are those of them that were told of
    gates, with what they say."""

    erases: tuple[tuple[int, str], ...]
    reason: str
    told: frozenset[tuple[str, str]] = frozenset()
    retention: str | None = None


def chosen(event: Event, codes: Collection[str], asked: bool) -> list[str] | NotErasable:
    """The places of what the office wrote of an event that codes name: of evidence its code, 'reason', or 'request' for
    the text of the request that led to it, if that is kept (`asked`). All but that, where no code is given: the request
    goes with whatever it carried."""
    own = [place for place in sorted(event.salts) if is_own(place)]
    there = [*own, *([REQUEST] if asked else [])]
    if not there or not (own or codes):
        return NotErasable(seq=event.seq, because=_why_none(event))
    places = [place for place in there if code_of(place) in codes] if codes else own
    missing = sorted(set(codes) - {code_of(place) for place in places})
    if missing:
        known = ", ".join(code_of(place) for place in there)
        because = Title(f"其中没有“{missing[0]}”，有 {known}", f"it has no '{missing[0]}', but {known}")
        return NotErasable(seq=event.seq, because=because)
    return places


def _why_none(event: Event) -> Title:
    if event.erased:
        return Title("其文字均已擦除", "its texts are erased already")
    if event.digests:
        return Title(
            "其中的文字由另一事件带来，请擦除最初的那一个",
            "what it says was told by another event first: erase that one",
        )
    if event.texts():
        return Title(
            "其中只有政策自己的说明，或由早期版本的 guikou 记下，文字在哈希之内，擦除会使记录链断开",
            "it says what the policy notes alone, or an older guikou wrote it: its hash covers the text itself, and "
            "erasing it would break the chain",
        )
    return Title("其中没有文字", "it holds no text")


def to_erase(event: Event, places: Collection[str], history: Sequence[Event], reason: str) -> Erase | None:
    """The command that erases some texts of an event wherever a history says them: what the same body wrote with the
    same command, or of the same kind in the same words (it was decided anew), evidence that it gave by the same code,
    and what it told of a gate wherever that is said again. None where it does nowhere."""
    own = event.texts()
    evidence = {(code_of(place), own[place]) for place in places if place.startswith(EVIDENCE)}
    passed = told_at(event.gate, event.outcome) if event.kind == EventKind.TOLD else None
    found: list[tuple[int, str]] = []
    told = set()
    for one in history:
        alike = one.body == event.body
        again = (one.kind, one.trigger) == (event.kind, event.trigger)
        again = again or (one.recorded_at, one.actor) == (event.recorded_at, event.actor)
        for place, text in one.texts().items():
            if place not in one.salts:
                continue
            if place == REASON:
                same = alike and again and REASON in places and text == own[REASON]
            elif place.startswith(EVIDENCE):
                same = alike and (code_of(place), text) in evidence
            else:
                same = passed is not None and place.startswith(passed) and (code_of(place), text) in evidence
                told |= {(place, text)} if same else set()
            if same:
                found.append((one.seq, place))
    if event in history and REQUEST in places:
        found.append((event.seq, REQUEST))
    return Erase(tuple(found), reason, frozenset(told)) if found else None


def all_of(history: Sequence[Event], asked: Collection[int], retention: str) -> Erase | None:
    """The command that erases every text of a history that was kept long enough, and of the requests that led to the
    events with these numbers. None where there is none."""
    found = [(one.seq, place) for one in history for place in sorted(one.salts)]
    found += [(seq, REQUEST) for seq in sorted(asked)]
    told = {
        (place, text)
        for one in history
        for place, text in one.texts().items()
        if place in one.salts and not is_own(place)
    }
    return Erase(tuple(found), "", frozenset(told), retention) if found else None


def forbidden(policy: Policy, case: Case, event: Event, stamp: Stamp) -> MayNotAct | None:
    """Whoever told it may erase it, and whoever is above."""
    doing = Title(f"擦除第 {event.seq} 号的文字", f"erase texts of no. {event.seq}")
    return told_by_another(policy, case, event.body, doing, stamp, policy.day(stamp.at))


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
            changes={**_gates(case, command.told), **_said(command).changes()},
            reason=command.reason,
            request_id=stamp.request_id,
            previous=case.head,
        ),
    )


def _said(command: Erase) -> Erased:
    return Erased(erases=command.erases, retention=command.retention)


def _gates(case: Case, gone: Collection[tuple[str, str]]) -> dict[str, Any]:
    """What was told of the case's gates, without evidence that is erased."""
    changed = {}
    for gate, passage in case.gates.items():
        told = {
            outcome: {
                **said,
                "evidence": {
                    code: ERASED if (told_at(gate, outcome, code), text) in gone else text
                    for code, text in said.get("evidence", {}).items()
                },
            }
            for outcome, said in passage.told.items()
        }
        if told != dict(passage.told):
            changed[gate] = replace(passage, told=told).content()
    return {"gates": changed} if changed else {}
