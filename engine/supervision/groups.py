"""Groups: founded, joined and left, each in one transaction with the cases of the members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..cases.case import Case, Organization
from ..decide.groups import Join, is_too_small
from ..decide.happening import Stamp, without_request
from ..errors import CaseClosed, NotAGroup, TimeRunsBack, TooFewMembers, UnknownGroup
from ..policy.groups import GroupKind
from ..policy.policy import Policy
from ..text import Title, suggested
from .commands import carry_out, organization_said
from .keeping import Keeping
from .office import Office
from .views import CaseView


def found(
    office: Office,
    organization: Organization,
    members: Sequence[str],
    kind: str | None,
    evidence: Mapping[str, str],
    telling: Mapping[str, Any],
) -> CaseView:
    """Open the case of a group together with its first members, or nothing of it."""
    checked = office.checked(organization)
    said = {**organization_said(checked), "members": list(members), "group": kind, "evidence": evidence}

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        group = keeping.opened(checked, stamp)
        chosen = _kind(office.policy, group, kind)
        for member in dict.fromkeys(keeping.standing(one).id for one in members):
            group = _joined(keeping, member, group, chosen, evidence, without_request(stamp))
        if is_too_small(office.policy, chosen, group):
            raise TooFewMembers(group=chosen.title, least=chosen.least)
        return group

    return carry_out(office, "found", checked.id, said, telling, do, lock=members)[0]


def join(
    office: Office, case: str, group: str, kind: str | None, evidence: Mapping[str, str], telling: Mapping[str, Any]
) -> CaseView:
    """Make a case a member of a group."""

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        standing = keeping.standing(group)
        member = keeping.standing(case).id
        _joined(keeping, member, standing, _kind(office.policy, standing, kind), evidence, stamp)
        return keeping.standing(member)

    said = {"group": group, "of": kind, "evidence": evidence}
    return carry_out(office, "join", case, said, telling, do, lock=[group])[0]


def leave(office: Office, case: str, group: str, kind: str | None, reason: str, telling: Mapping[str, Any]) -> CaseView:
    """Let a member leave its group, which is dissolved if it has too few left."""

    def do(keeping: Keeping, stamp: Stamp) -> Case:
        standing = keeping.standing(group)
        chosen = _kind(office.policy, standing, kind)
        member = keeping.standing(case).id
        standing = keeping.left(member, standing, chosen, stamp, reason)
        if not standing.closed and is_too_small(office.policy, chosen, standing):
            keeping.dissolve(standing, chosen, stamp)
        return keeping.standing(member)

    said = {"group": group, "of": kind, "reason": reason}
    return carry_out(office, "leave", case, said, telling, do, lock=[group])[0]


def _kind(policy: Policy, group: Case, kind: str | None) -> GroupKind:
    """The kind of groups that a case is one of; it need only be named where there are several of its type."""
    kinds = policy.parts.groups
    fitting = [one for one in kinds.values() if one.of == group.workflow and kind in (None, one.name)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting and kind in (None, *kinds):
        titles = [policy.workflows[one.of].title for one in kinds.values()] or "-"
        own = policy.workflows[group.workflow].title
        title = kinds[kind].title if kind is not None else Title("联合组织", "group")
        raise NotAGroup(case=group.organization, workflow=own, group=title, of=titles)
    among = {one.name: one.title for one in fitting or kinds.values()}
    raise UnknownGroup(group=kind or "-", known=suggested(kind or "", among))


def _joined(
    keeping: Keeping, member: str, group: Case, kind: GroupKind, evidence: Mapping[str, str], stamp: Stamp
) -> Case:
    """The group once a member has joined it."""
    if group.closed:
        raise CaseClosed(case=group.organization)
    day, opened = keeping.policy.day(stamp.at), keeping.policy.day(group.opened_at)
    if day < opened:
        raise TimeRunsBack(at=day, what=Title(f"联合组织 {opened} 立案", f"the group was opened on {opened}"))
    keeping.done(keeping.standing(member), Join(kind.name, group, dict(evidence)), stamp)
    return keeping.counted(group, member, kind, 1, stamp)
