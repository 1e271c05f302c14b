"""What was wrong of a case, corrected: nothing is deleted, an event says so, and what came after is decided anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..cases.case import Case
from ..cases.events import EVENT_TITLES, Corrected, Event, EventKind, counting
from ..cases.fold import as_at, evolve, follow
from ..errors import CannotStand, GuikouError, NotCorrectable, TimeRunsBack
from ..policy.policy import Policy
from ..text import Title
from .advance import Advance, unnoted
from .again import (
    Again,
    Count,
    Fire,
    Known,
    Look,
    Recounting,
    Rescheduling,
    Step,
    Story,
    StrikeOf,
    cannot_stand,
    named,
    redone,
)
from .checks import told_by_another
from .decide import Command, decide
from .duties import Meet, Postpone
from .gates import TellGate
from .groups import Join, Leave
from .happening import Stamp, told, without_request
from .identity import Merge, Rename, Same, not_seen
from .intake import Register, Report
from .records import Record
from .remarks import Remark
from .reopening import Reopen
from .roles import sees
from .taking_back import differing, lapsing

#: What can be corrected of an event, by the name of the field, with its title.
CORRECTABLE: Mapping[str, Title] = {
    "facts": Title("事实", "facts"),
    "name": Title("名称", "the name"),
    "area": Title("所在区域", "the area"),
    "evidence": Title("材料", "evidence"),
    "because": Title("理由", "the reason"),
    "outcome": Title("结果", "the outcome"),
    "value": Title("回报值", "the value"),
    "trigger": Title("动作", "the trigger"),
    "on": Title("生效日期", "the day"),
}


@dataclass(frozen=True, slots=True)
class Correct:
    """What of the event `seq` was wrong, as it should have been: facts and evidence by name, the rest whole (None: it
    was right); `on` is the instant at which it took effect. With `never`, it did not happen at all."""

    seq: int
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    area: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    because: str | None = None
    outcome: str | None = None
    value: str | None = None
    trigger: str | None = None
    on: datetime | None = None
    never: bool = False

    def given(self) -> list[str]:
        """What of it is corrected, by the names of CORRECTABLE."""
        return [name for name in CORRECTABLE if getattr(self, name) not in (None, {})]


@dataclass(frozen=True, slots=True)
class Correction:
    """A case before a correction and after it, with its events; `gone` are those on record that do not count any more
    and have no like, `anew` those that have come in their place; `parts_from` is the case that was merged into it by
    what is corrected, and is one of its own again."""

    before: Case
    after: Case
    events: tuple[Event, ...]
    gone: tuple[Event, ...]
    anew: tuple[Event, ...]
    parts_from: str | None = None


def correct(
    known: Known,
    policy: Policy,
    case: Case,
    history: Sequence[Event],
    command: Correct,
    stamp: Stamp,
    *,
    parting: bool = False,
) -> Correction | GuikouError:
    """The case with one event as it should have been, and all since decided anew; `parting` from the case that it was
    merged into, whose own event is corrected with it."""
    events = counting(history)
    at = next((index for index, event in enumerate(events) if event.seq == command.seq), None)
    if at is None:
        return _not(command.seq, *_why_not_there(history, events, command.seq))
    story = Story(known, events)
    found = story.step_of(at)
    if found is None:
        return _not(command.seq, "无法重新作出这一决定", "what led to it can't be told, so it can't be decided anew")
    start, step = found
    if isinstance(step.command, Look | Recounting | Rescheduling | Fire | Count):
        return _not(
            command.seq,
            "它随时间或他案而来，请更正其所依据的事件",
            "time or another case brought it about; correct what it rests on",
        )
    if isinstance(step.command, Merge) and not parting:
        into = step.command.into.organization
        return _not(
            command.seq,
            f"并案请在保留的案卷 {into} 中更正：更正其“认定为同一组织”事件，两案随之分开",
            f"correct it in the case that was kept, {into}: its event 'found to be the same organisation' parts them",
        )
    if isinstance(step.command, Same) and not command.never:
        return _not(
            command.seq,
            "认定只能撤销（--never），两案随之分开",
            "it can be left out alone (--never), which parts the two",
        )
    refused = None if parting else _forbidden(policy, case, step, stamp)
    if refused is not None:
        return refused
    now = step if command.never else _otherwise(step, command)
    if isinstance(now, GuikouError):
        return now
    if command.never and isinstance(step.command, Register):
        return _not(command.seq, "立案不能删去，可撤销导入", "a registration can't be left out; undo its import")
    since = min(step.stamp.at, now.stamp.at)
    first = _whole(
        events, next((index for index, event in enumerate(events) if event.at > since or index == start), start)
    )
    since_then = _steps(story, first, policy)
    if isinstance(since_then, CannotStand):
        return since_then
    steps = [now if one.events == step.events else one for one in since_then]
    steps = [one for one in steps if not (command.never and one is now)]
    if isinstance(step.command, Register) and (before := _told_before(steps, now)) is not None:
        day = policy.day(now.stamp.at)
        because = Title(f"它早于 {day} 的立案", f"it came before the registration on {day}")
        return cannot_stand(before.events[0], policy, because)
    steps = _anew(steps, stamp)
    then = as_at(events[:first]) if first else None
    back = _back(known, policy, case, then, since, events[first - 1].seq if first else 0, command, stamp)
    try:
        again = redone(story, steps, evolve(case, back), events[:first])
    except CannotStand as error:
        if not command.never and error.details["which"] == named(now.events[0], policy):
            return NotCorrectable(
                **{name: error.details[name] for name in ("because", "keys", "unsaid", "known")}, seq=command.seq
            )
        return error
    after = follow(case, (back, *again))
    assert after is not None, "a case does not cease"
    return _entangled(case, after, events[-1], policy) or Correction(
        case, after, (back, *again), *_differences(events[first:], again),
        step.command.other.id if isinstance(step.command, Same) else None,
    )  # fmt: skip


def _told_before(steps: Sequence[Step], opening: Step) -> Step | None:
    """What an office told before the case is opened: what time brought about comes about anew."""
    time = Look | Recounting | Rescheduling
    early = (one for one in steps if one is not opening and one.stamp.at < opening.stamp.at)
    return next((one for one in early if not isinstance(one.command, time)), None)


def told_late(
    known: Known, policy: Policy, case: Case, history: Sequence[Event], command: Command, stamp: Stamp
) -> Correction | GuikouError:
    """The case with what is told late of it, as if it had been told in time: all since is decided anew. Raises nothing;
    CannotStand is given where something since can't be."""
    unseen = not_seen(policy, case, replace(stamp, at=stamp.recorded_at))
    if unseen is not None:  # whoever has handed it on decides nothing anew
        return unseen
    events = counting(history)
    first = _whole(events, next((index for index, event in enumerate(events) if event.at > stamp.at), len(events)))
    then = as_at(events[:first]) if first else None
    own = known.policy(then.policy) if then is not None else None
    if then is None or own is None or first == len(events):
        return TimeRunsBack(at=policy.day(stamp.at), what=Title("立案", "its registration"))
    story = Story(known, events)
    since_then = _steps(story, first, policy)
    if isinstance(since_then, CannotStand):
        return since_then
    steps = _anew(since_then, stamp)
    correction = Correct(events[first].seq, stamp.late)
    at = min(stamp.at, steps[0].stamp.at)
    back = _back(known, policy, case, then, at, events[first - 1].seq, correction, without_request(stamp))
    earlier = sum(one.stamp.at <= stamp.at for one in steps)  # told late before, or at the same moment
    try:
        before = redone(story, steps[:earlier], evolve(case, back), events[:first])
        stood = follow(case, (back, *before))
        assert stood is not None, "a case does not cease"
        own = known.policy(stood.policy) or own
        decision = decide(own, stood, command, stamp)
        if isinstance(decision, GuikouError):
            return decision
        after = follow(stood, decision)
        again = redone(story, steps[earlier:], after, [*events[:first], *before, *decision])
    except CannotStand as error:
        return error
    made = (back, *before, *decision, *again)
    after = follow(case, made)
    assert after is not None, "a case does not cease"
    return _entangled(case, after, events[-1], policy) or Correction(
        case, after, made, *_differences(events[first:], made[1:])
    )


def _steps(story: Story, first: int, policy: Policy) -> list[Step] | CannotStand:
    """What led to all events from one on; why they can't be decided anew, where that can't be told of one."""
    steps: list[Step] = []
    for one in story.steps(first):
        if isinstance(one, Event):
            because = Title("无法重新作出这一决定", "what led to it can't be told, so it can't be decided anew")
            return cannot_stand(one, policy, because)
        steps.append(one)
    return steps


def _anew(steps: Sequence[Step], stamp: Stamp) -> list[Step]:
    """Steps in the order in which they took effect, as they are told anew."""
    return [
        replace(one, stamp=replace(one.stamp, recorded_at=stamp.recorded_at, request_id=None, salt=stamp.salt))
        for one in sorted(steps, key=lambda one: one.stamp.at)
    ]


def _whole(events: Sequence[Event], first: int) -> int:
    """From which of events, as they were told, all is decided anew if it is from `first` on: nothing before it took
    effect later than anything behind it, which may have been told late."""
    while first < len(events):
        least = min(event.at for event in events[first:])
        sooner = next(index for index, event in enumerate(events) if event.at > least or index == first)
        if sooner == first:
            break
        first = sooner
    return first


def _why_not_there(history: Sequence[Event], events: Sequence[Event], seq: int) -> tuple[str, str]:
    """Why none of the events that count has a number, in both languages."""
    gone = next((event for event in history if event.seq == seq), None)
    if gone is None:
        return "没有这一事件", "there is none"
    if gone.kind == EventKind.ERASED:
        return "文字一经擦除即不复存在", "what it erased is there no longer"
    if gone.back_to is not None:
        return "它本身是更正或撤销，请更正其后的事件", "it takes back others itself; correct one that came after it"
    instead = next((event.seq for event in events if event.like(gone)), None)
    if instead is None and (anew := _told_anew(history, gone)) is not None:
        if anew not in events:
            return _why_not_there(history, events, anew.seq)
        instead = anew.seq
    if instead is None:
        return "它已更正，不再作数", "it was corrected since, and does not count any more"
    return f"其后有更正，现为第 {instead} 号", f"after a correction it is no. {instead} now"


def _told_anew(history: Sequence[Event], gone: Event) -> Event | None:
    """What says an event anew that was itself corrected, as far as that can be told: the only one about the same that a
    correction of as many says otherwise."""
    fix = next((event for event in history if event.corrects == gone.seq), None)
    if fix is None:
        return None

    def about(event: Event) -> tuple[str | None, ...]:
        return event.kind, event.trigger, event.concerns, event.gate, event.record

    was = [event for event in counting([one for one in history if one.seq < fix.seq]) if event.seq > (fix.back_to or 0)]
    was = [event for event in was if about(event) == about(gone)]
    now = [event for event in history if event.seq > fix.seq and event.recorded_at == fix.recorded_at]
    now = [event for event in now if about(event) == about(gone)]
    new = [event for event in now if not any(event.like(one) for one in was)]
    return new[0] if len(new) == 1 and len(was) == len(now) else None


def _not(seq: int, zh: str, en: str) -> NotCorrectable:
    return NotCorrectable(seq=seq, because=Title(zh, en), keys=[], unsaid="", known="")


def _forbidden(policy: Policy, case: Case, step: Step, stamp: Stamp) -> GuikouError | None:
    """Whoever told it may correct it, and whoever is above; facts, whoever sees the case, as they may report them."""
    day = policy.day(stamp.recorded_at)
    if isinstance(step.command, Register | Report) and sees(policy, case, stamp.body, day):
        return None
    first = step.events[0]
    doing = Title(f"更正第 {first.seq} 号", f"correct no. {first.seq}")
    return told_by_another(policy, case, first.body, doing, stamp, day)


def _otherwise(step: Step, command: Correct) -> Step | GuikouError:
    """The step as it should have been."""
    given = command.given()
    if not given:
        return _not(command.seq, "未给出应为什么", "nothing says what it should have been")
    changed: Again | None = step.command
    for name in given:
        if name != "on":
            changed = _with(changed, name, getattr(command, name), step.policy)
        if changed is None:
            kind = EVENT_TITLES[step.events[0].kind]
            title = CORRECTABLE[name]
            return _not(command.seq, f"“{kind.zh}”没有{title.zh}可更正", f"what was {kind.en} has not {title.en}")
    assert changed is not None, "what has nothing to correct was refused"
    at = command.on if command.on is not None else step.stamp.at
    return replace(step, command=changed, stamp=replace(step.stamp, at=at))


def _with(command: Again | None, name: str, value: Any, policy: Policy) -> Again | None:
    """A command with one thing otherwise; None where it has no such thing."""
    match name, command:
        case ("facts", Register()):
            own = command.organization
            return replace(command, organization=replace(own, facts={**own.facts, **value}))
        case ("name" | "area", Register()):
            return replace(command, organization=replace(command.organization, **{name: value}))
        case ("facts", Report()):
            return replace(command, facts={**command.facts, **value})
        case ("name" | "area", Report()):
            return replace(command, **{name: value})
        case ("trigger", Advance()):
            asked = {
                key
                for flow in policy.workflows.values()
                for one in flow.transitions
                if one.trigger == value
                for key in one.evidence
            }
            kept = {key: text for key, text in command.evidence.items() if key in asked}
            return replace(unnoted(policy, command), trigger=value, evidence=kept)
        case ("outcome", Meet() | TellGate()):
            return replace(command, outcome=value)
        case ("value", TellGate()):
            return replace(command, value=value)
        case ("because", Remark()):
            return replace(command, text=value)
        case ("evidence", Advance() | Report() | Meet() | Postpone() | TellGate() | Record() | Join()):
            return replace(command, evidence={**command.evidence, **value})
        case (
            "because",
            Advance() | Report() | Postpone() | StrikeOf() | Leave() | Rename() | Same() | Merge() | Reopen(),
        ):
            return replace(command, reason=value)
        case _:
            return None


def _back(
    known: Known,
    policy: Policy,
    case: Case,
    then: Case | None,
    since: datetime,
    seq: int,
    command: Correct,
    stamp: Stamp,
) -> Event:
    """The event by which the case is as it was before what was wrong."""
    if then is None:
        changes = dict(lapsing(case)) | {"closed": True, "withdrawn": policy.day(since)}
        own, at, unknown = policy, since, None
    else:
        changes = dict(differing(case, then))
        if then.organization != case.organization:
            changes["organization"] = then.organization
        own, at = known.policy(then.policy) or policy, then.updated_at
        unknown = tuple(sorted(case.facts.keys() - then.facts.keys())) or None
    says = Corrected(back_to=seq, corrects=command.seq, unknown=unknown)
    return told(says, case.id, case, changes, own, replace(stamp, at=at), reason=command.reason)


def _entangled(before: Case, after: Case, last: Event, policy: Policy) -> CannotStand | None:
    """Memberships are another case's business too: nothing is guessed of them."""
    alike = before.groups.keys() == after.groups.keys() and before.members == after.members
    if alike and (before.closed == after.closed or not (after.groups or after.members)):
        return None
    because = Title("它会改变联合组织的成员关系", "it would change who is a member of a group")
    return cannot_stand(last, policy, because)


def _differences(was: Sequence[Event], now: Sequence[Event]) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    left, anew = list(was), []
    for event in now:
        like = next((one for one in left if event.like(one)), None)
        if like is not None:
            left.remove(like)
        else:
            anew.append(event)
    return tuple(left), tuple(anew)
