"""Groups that are joined and left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..cases.case import Case, Membership
from ..cases.events import Event, Joined, Left, MemberJoined, MemberLeft, Says
from ..errors import AlreadyMember, GroupFull, GuikouError, NotAGroup, NotEligible, NotMember, UnknownGroup
from ..policy.gates import Effect
from ..policy.groups import GroupKind
from ..policy.policy import Policy
from ..policy.workflow import GROUP
from ..rules.wording import unmet
from ..text import suggested, titles
from .checks import check_evidence, forbidden, undecided
from .due.context import asked_context
from .effects import Steps
from .happening import Decision, Stamp, happened, values_set
from .roles import plays


@dataclass(frozen=True, slots=True)
class Join:
    """The organisation becomes a member of a group, whose case this is."""

    kind: str
    group: Case
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leave:
    """It is one no longer; without `by_office` because the group is dissolved, or because it closes itself."""

    kind: str
    group: Case
    reason: str = ""
    by_office: bool = True


def _kind(policy: Policy, name: str, group: Case) -> GroupKind | GuikouError:
    kind = policy.parts.groups.get(name)
    if kind is None:
        return UnknownGroup(group=name, known=suggested(name, titles(policy.parts.groups)))
    if group.workflow != kind.of:
        own, of = policy.workflows[group.workflow].title, policy.workflows[kind.of].title
        return NotAGroup(case=group.organization, workflow=own, group=kind.title, of=of)
    return kind


def join(policy: Policy, case: Case, command: Join, stamp: Stamp) -> Decision:
    kind = _kind(policy, command.kind, command.group)
    if isinstance(kind, GuikouError):
        return kind
    group, day = command.group, policy.day(stamp.at)
    refused = _may_join(policy, case, group, kind, stamp)
    if refused:
        return refused
    for id, one in case.groups.items():
        if id == group.id or (kind.exclusive and one.kind == kind.name):
            of = group.organization if id == group.id else id
            return AlreadyMember(case=case.organization, of=of, since=one.since)
    facts = asked_context(policy, case, day)
    applies = kind.members.evaluate(facts)
    if applies is None:
        return undecided(policy, kind.members, facts, kind.title)
    if not applies or case.id == group.id:
        failed = unmet(kind.members, facts, policy.vocabulary)
        return NotEligible(case=case.organization, group=kind.title, failed=failed)
    if kind.most is not None and size(policy, kind, group) >= kind.most:
        return GroupFull(group=group.name, most=kind.most)
    refused = check_evidence(kind.title, list(kind.evidence), kind.evidence, command.evidence)
    if refused:
        return refused
    changes = {"groups": {group.id: Membership(kind.name, day).content()}}
    says = Joined(group=group.id, group_kind=kind.name)
    return _changed(policy, case, says, kind.joined, changes, stamp, evidence=dict(command.evidence))


def leave(policy: Policy, case: Case, command: Leave, stamp: Stamp) -> Decision:
    kind = _kind(policy, command.kind, command.group)
    if isinstance(kind, GuikouError):
        return kind
    refused = _may_join(policy, case, command.group, kind, stamp)
    if refused and command.by_office:
        return refused
    if command.group.id not in case.groups:
        return NotMember(case=case.organization, of=command.group.organization)
    changes = {"groups": {command.group.id: None}}
    says = Left(group=command.group.id, group_kind=kind.name)
    return _changed(policy, case, says, kind.left, changes, stamp, reason=command.reason)


def _changed(
    policy: Policy, case: Case, says: Says, effect: Effect, changes: dict[str, Any], stamp: Stamp, **more: Any
) -> Decision:
    if effect.sets:
        changes["facts"] = values_set(effect.sets, case.facts, policy.day(stamp.at))
    steps = Steps(policy, case, stamp)
    steps.add(happened(says, case.id, case, changes, policy, stamp, **more))
    return steps.bring_about(effect, GROUP) or tuple(steps.events)


def _may_join(policy: Policy, case: Case, group: Case, kind: GroupKind, stamp: Stamp) -> GuikouError | None:
    """Whoever has one of the roles for the member or for the group may let it join or leave."""
    if plays(policy, group, kind.by, stamp.body, policy.day(stamp.at)):
        return None
    return forbidden(policy, case, kind.by, kind.title, stamp)


def counted(policy: Policy, group: Case, member: str, kind: str, by: int, stamp: Stamp) -> Event:
    """The group's own event of a member that has joined it (`by` 1) or left it (-1)."""
    says = MemberJoined(member=member, group_kind=kind) if by > 0 else MemberLeft(member=member, group_kind=kind)
    return happened(says, group.id, group, {"members": group.members + by}, policy, stamp)


def size(policy: Policy, kind: GroupKind, group: Case) -> int:
    """How many a group holds together: its members, and what its own fact adds."""
    more = group.facts.get(kind.also) if kind.also is not None else 0
    return group.members + (more or 0)


def is_too_small(policy: Policy, kind: GroupKind, group: Case) -> bool:
    """Whether a group holds fewer together than its kind needs: it can't be founded so, and is dissolved."""
    return size(policy, kind, group) < kind.least
