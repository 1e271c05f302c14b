"""An organisation whose id changes, and two cases that prove to be of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..cases import events
from ..cases.case import Case, Tally
from ..cases.fold import evolve
from ..errors import CaseClosed, GuikouError, NotMergeable, NotVisible
from ..policy.policy import Policy
from ..text import Title
from .continuation import laid_on
from .due.context import asked_context
from .happening import Decision, Stamp, happened
from .intake import Report, report
from .roles import sees


@dataclass(frozen=True, slots=True)
class Rename:
    """The organisation has another id now, in its normal form; nobody else has it."""

    to: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Same:
    """`other` is of the same organisation, and was merged into this one."""

    other: Case
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """This case is of the same organisation as the one that is kept."""

    into: Case
    reason: str


def not_seen(policy: Policy, case: Case, stamp: Stamp) -> NotVisible | None:
    """Why a body may tell nothing of a case: it is neither its own nor below it."""
    if sees(policy, case, stamp.body, policy.day(stamp.at)):
        return None
    bodies = policy.places.bodies
    return NotVisible(case=case.organization, body=bodies[stamp.body].title, responsible=bodies[case.responsible].title)


def rename(policy: Policy, case: Case, command: Rename, stamp: Stamp) -> Decision:
    if (hidden := not_seen(policy, case, stamp)) is not None:
        return hidden
    if command.to == case.organization:
        return ()
    refused = policy.identity.fault(case.workflow, command.to)
    if refused is not None:
        return refused
    says = events.Renamed(was=case.organization)
    return (happened(says, case.id, case, {"organization": command.to}, policy, stamp, reason=command.reason),)


def merge(policy: Policy, case: Case, command: Merge, stamp: Stamp) -> Decision:
    """The case closes, whether it was open or not."""
    refused = not_seen(policy, case, stamp) or _entangled(case)
    if refused is not None:
        return refused
    changes: dict[str, Any] = {"same_as": command.into.id}
    if not case.closed:
        changes |= {"closed": True, "stage_due": None, "step_due": None}
    return (happened(events.Merged(), case.id, case, changes, policy, stamp, reason=command.reason),)


def same(policy: Policy, case: Case, command: Same, stamp: Stamp) -> Decision:
    """What is known of the other and not of this one goes over: facts, gates, what was laid on it; what was recorded of
    both is added up. Where both know something, this one's stands. It is routed anew."""
    if (hidden := not_seen(policy, case, stamp)) is not None:
        return hidden
    if case.closed:
        return CaseClosed(case=case.organization)
    other, day = command.other, policy.day(stamp.at)
    facts = {name: value for name, value in other.facts.items() if name not in case.facts}
    known = {**asked_context(policy, case, day), **facts}
    found = {
        "gates": {name: one.content() for name, one in other.gates.items() if name not in case.gates},
        "records": {name: _both(case.records.get(name), one).content() for name, one in other.records.items()},
        "duties": {
            name: content
            for name, content in laid_on(policy, other, known, day).items()
            if name not in case.duties or case.duties[name].due is None
        },
    }
    changes: dict[str, Any] = {name: value for name, value in found.items() if value}
    if not set(other.blockers) <= set(case.blockers):
        changes["blockers"] = sorted({*case.blockers, *other.blockers})
    says = events.Same(same=other.id, same_from=other.head)
    event = happened(says, case.id, case, changes, policy, stamp, reason=command.reason)
    if not facts:
        return (event,)
    routed = report(policy, evolve(case, event), Report(facts), stamp)
    return routed if isinstance(routed, GuikouError) else (event, *routed)


def _both(one: Tally | None, other: Tally) -> Tally:
    return one.plus(other) if one is not None else other


def _entangled(case: Case) -> NotMergeable | None:
    """Memberships are another case's business too: nothing is guessed of them."""
    if case.groups:
        groups = "、".join(case.groups)
        because = Title(f"它是 {groups} 的成员，请先退出", f"it is a member of {groups}; let it leave first")
    elif case.members:
        because = Title(f"它有 {case.members} 个成员，请先退出", f"it has {case.members} members; let them leave first")
    else:
        return None
    return NotMergeable(case=case.organization, because=because)
