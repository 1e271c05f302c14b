"""command -> events, purely: no I/O, no clock, no randomness.

A decision is the tuple of events that follow from a command, or the error that says why it is not allowed.
"""

from __future__ import annotations

from ..cases.case import Case
from ..cases.fold import evolve
from ..errors import AlreadyOpen, CaseClosed, GuikouError, TimeRunsBack
from ..policy.policy import Policy
from .advance import Advance, Block, advance, block
from .continuation import Continued, continued
from .duties import Meet, Postpone, meet, postpone, rescheduled
from .gates import Ask, TellGate, ask, tell
from .groups import Join, Leave, join, leave
from .happening import Decision, Stamp
from .identity import Merge, Rename, Same, merge, rename, same
from .intake import Register, Report, register, report
from .records import Record, Strike, record, strike

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
    | Rename
    | Same
    | Merge
)


def decide(policy: Policy, case: Case | None, command: Command, stamp: Stamp) -> Decision:
    """What follows from a command on a case (None: there is none yet)."""
    if isinstance(command, Register):
        if case is not None:
            return AlreadyOpen(case=case.id)
        return register(policy, command, stamp)
    assert case is not None, "only Register has no case"
    if case.closed and not isinstance(command, Merge):
        return CaseClosed(case=case.id)
    if stamp.at < case.updated_at:
        return TimeRunsBack(last=policy.day(case.updated_at), at=policy.day(stamp.at))
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
        case Continued():
            return continued(policy, case, command, stamp)
        case Rename():
            return rename(policy, case, command, stamp)
        case Same():
            return same(policy, case, command, stamp)
        case Merge():
            return merge(policy, case, command, stamp)
