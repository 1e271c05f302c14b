"""command -> events, purely: no I/O, no clock, no randomness.

A decision is the tuple of events that follow from a command, or the error that says why it is not allowed.
"""

from __future__ import annotations

from ..cases.case import Case
from ..cases.fold import evolve
from ..errors import AlreadyOpen, CaseClosed, CaseWithdrawn, GuikouError, TimeRunsBack
from ..policy.policy import Policy
from ..text import Title
from .advance import Advance, Block, advance, block
from .continuation import Continued, continued
from .duties import Meet, Postpone, meet, postpone, rescheduled
from .gates import Ask, TellGate, ask, tell
from .groups import Join, Leave, join, leave
from .happening import Decision, Stamp
from .identity import Merge, Rename, Same, merge, rename, same
from .intake import Register, Report, register, report
from .records import Record, Strike, record, strike
from .remarks import Remark, remark
from .reopening import Reopen, reopen
from .taking_back import TakeBack, take_back

Command = (
    Register
    | Advance
    | Report
    | Block
    | Meet
    | Postpone
    | Ask
    | TellGate
    | Record
    | Strike
    | Join
    | Leave
    | Continued
    | Remark
    | Reopen
    | Rename
    | Same
    | Merge
    | TakeBack
)


def decide(policy: Policy, case: Case | None, command: Command, stamp: Stamp) -> Decision:
    """What follows from a command on a case (None: there is none yet)."""
    if isinstance(command, Register):
        if case is not None and case.withdrawn is None:
            return AlreadyOpen(case=case.organization)
        return _backwards(policy, case, stamp) or register(policy, command, stamp, case)
    assert case is not None, "only Register has no case"
    if case.withdrawn is not None:
        return CaseWithdrawn(case=case.organization, on=case.withdrawn)
    if isinstance(command, Reopen):
        return _backwards(policy, case, stamp) or reopen(policy, case, command, stamp)
    if isinstance(command, TakeBack):
        return _backwards(policy, case, stamp) or take_back(policy, case, command, stamp)
    if case.closed and not isinstance(command, Remark | Merge):
        return CaseClosed(case=case.organization)
    if refused := _backwards(policy, case, stamp):
        return refused
    if isinstance(command, Remark) and case.closed:
        return remark(policy, case, command, stamp)
    if case.policy != policy.digest and (first := rescheduled(policy, case, stamp)):
        decision = decide(policy, evolve(case, first), command, stamp)
        return decision if isinstance(decision, GuikouError) or not decision else (first, *decision)
    match command:
        case Advance():
            return advance(policy, case, command, stamp)
        case Report():
            return report(policy, case, command, stamp)
        case Block():
            return block(policy, case, command, stamp)
        case Meet():
            return meet(policy, case, command.obligation, command.outcome, command.evidence, stamp)
        case Postpone():
            return postpone(policy, case, command, stamp)
        case Ask():
            return ask(policy, case, command, stamp)
        case TellGate():
            return tell(policy, case, command, stamp)
        case Record():
            return record(policy, case, command, stamp)
        case Strike():
            return strike(policy, case, command, stamp)
        case Join():
            return join(policy, case, command, stamp)
        case Leave():
            return leave(policy, case, command, stamp)
        case Remark():
            return remark(policy, case, command, stamp)
        case Continued():
            return continued(policy, case, command, stamp)
        case Rename():
            return rename(policy, case, command, stamp)
        case Same():
            return same(policy, case, command, stamp)
        case Merge():
            return merge(policy, case, command, stamp)


def _backwards(policy: Policy, case: Case | None, stamp: Stamp) -> GuikouError | None:
    if case is None or stamp.at >= case.updated_at:
        return None
    last = policy.day(case.updated_at)
    return TimeRunsBack(at=policy.day(stamp.at), what=Title(f"{last} 的变更", f"the change of {last}"))
