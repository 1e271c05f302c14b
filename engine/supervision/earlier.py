"""Requests that are older than the keeping of commands: what their events say of what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..cases.events import Event, EventKind
from ..decide.happening import Stamp
from .office import Office

#: What the first event of a command can be, by the command's name.
FIRST = {
    "register": (EventKind.OPENED,),
    "found": (EventKind.OPENED,),
    "advance": (EventKind.ADVANCED,),
    "report": (EventKind.REPORTED, EventKind.REROUTED),
    "block": (EventKind.BLOCKED, EventKind.UNBLOCKED),
    "meet": (EventKind.MET,),
    "postpone": (EventKind.POSTPONED,),
    "gate": (EventKind.ASKED,),
    "tell": (EventKind.TOLD,),
    "record": (EventKind.RECORDED,),
    "strike": (EventKind.STRUCK,),
    "join": (EventKind.JOINED,),
    "leave": (EventKind.LEFT,),
    "remark": (EventKind.REMARKED,),
}


def was_told(
    office: Office, events: Sequence[Event], kind: str, case: str, said: Mapping[str, Any], stamp: Stamp
) -> bool:
    """Whether what a request led to can have come of this command: everything that its first event keeps of what was
    said must be the same."""
    first = events[0]
    if first.kind not in FIRST[kind] or (first.case, first.body, first.actor) != (case, stamp.body, stamp.actor):
        return False
    return all(asked == kept for asked, kept in _compared(office, first, kind, said))


def _compared(office: Office, first: Event, kind: str, said: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """What a command says, each with what the event keeps of it; what it may leave open is compared where it does
    not."""

    def given(name: str, kept: Any) -> list[tuple[Any, Any]]:
        return [(said[name], kept)] if said[name] is not None else []

    evidence = [(dict(said["evidence"]), dict(first.evidence))] if "evidence" in said else []
    match kind:
        case "register" | "found":
            known = {name: first.facts.get(name, ...) for name in said["facts"]}
            found: list[tuple[Any, Any]] = [(said["name"], first.name), (said["area"], first.area)]
            found += [(dict(said["facts"]), known), (said.get("continues"), first.continues)]
            if kind == "found":
                told = [one for one in office.store.events(first.case) if one.recorded_at == first.recorded_at]
                members = [one.member for one in told if one.kind == EventKind.MEMBER_JOINED]
                found.append((list(dict.fromkeys(said["members"])), members))
            return found
        case "report":
            known = {name: said["facts"].get(name, ...) for name in first.facts}
            changed = [(said["name"], first.name)] if first.name is not None else []
            changed += [(said["area"], first.area)] if first.area is not None else []
            reason = [(said["reason"], first.reason)] if said.get("reason") else []
            return [(known, dict(first.facts)), *changed, *evidence, *reason]
        case "advance":
            reason = [(said["reason"], first.reason)] if said["reason"] else []
            return [(said["trigger"], first.trigger), *evidence, *reason]
        case "block":
            return [(said["code"], first.reason), (said["clear"], first.kind == EventKind.UNBLOCKED)]
        case "meet":
            return [(said["obligation"], first.concerns), *evidence, *given("outcome", first.outcome)]
        case "postpone":
            return [(said["obligation"], first.concerns), *evidence, (said["reason"], first.reason)]
        case "gate":
            return [(said["gate"], first.gate)]
        case "tell":
            told_of = [(said["gate"], first.gate), (said["outcome"], first.outcome)]
            return [*told_of, *evidence, *given("value", first.value)]
        case "record":
            recorded = [(said["kind"], first.record), (said["amount"], first.amount), (said["count"], first.count)]
            on = said["on"] or office.policy.day(first.at)
            return [*recorded, (said["venue"], first.venue), (on, first.on), *given("year", first.year), *evidence]
        case "strike":
            return [(said["seq"], first.struck), (said["reason"], first.reason)]
        case "join":
            return [(said["group"], first.group), *evidence]
        case _:
            return [(said["group"], first.group), (said["reason"], first.reason)]
