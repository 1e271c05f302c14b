"""Who is to be told of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ..cases.case import Case
from ..cases.events import Event, EventKind
from ..policy.policy import Policy
from ..text import Title, brief

#: Which events of the sweep somebody is told of.
TOLD = (EventKind.REMINDED, EventKind.OVERDUE, EventKind.ESCALATED, EventKind.MISSED)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a body is to be told: of which event (`case`, `seq`), of what `kind` (one of TOLD), to which body,
    about which due date (None: it had none); `concerns` is an obligation's name, or None for the case's own deadline;
    `state` is where it stood."""

    case: str
    seq: int
    kind: str
    body: str
    name: str
    concerns: str | None
    state: str
    workflow: str
    due: date | None
    day: date

    __repr__ = brief("kind", "case", "seq", "body", "due")


def notices(policy: Policy, events: tuple[Event, ...], after: Case) -> Iterator[Notice]:
    """Who is to be told of events: exactly one body of each that is TOLD, or by which an office escalates a case.
    `after` is the case after them."""
    for event in events:
        kind = EventKind.ESCALATED if event.climbed_to is not None else event.kind
        if kind not in TOLD:
            continue
        day = policy.day(event.at)
        body = event.climbed_to or policy.places.acting_id(after.responsible, day)
        stood = event.stood or after.state
        yield Notice(
            event.case, event.seq, str(kind), body, after.name, event.concerns, stood, after.workflow, event.of, day
        )


def standing(events: Iterable[Event], after: Case, today: date) -> tuple[Event, ...]:
    """Of events that were decided anew and led to the case `after`, those of which somebody is still to be told: not of
    what was to be reminded of by now, nor of what is no longer overdue or has climbed on since; of the same, of the
    last alone."""
    kept = [event for event in events if _stands(event, after, today)]
    last = {(event.kind, event.concerns, event.of): event.seq for event in kept}
    return tuple(
        event for event in kept if event.kind not in TOLD or last[event.kind, event.concerns, event.of] == event.seq
    )


def _stands(event: Event, after: Case, today: date) -> bool:
    about = after if event.concerns is None else after.duties.get(event.concerns)
    if about is None or event.of not in (None, about.due):
        return event.kind not in TOLD or event.kind == EventKind.MISSED
    if event.climbed_to is not None:
        return about.escalated_to == event.climbed_to
    if event.kind == EventKind.REMINDED:
        return about.due is not None and today <= about.due
    return about.overdue if event.kind == EventKind.OVERDUE else True


def subject(policy: Policy, notice: Notice) -> Title:
    """A notice in one sentence."""
    workflow = policy.workflows.get(notice.workflow)
    if notice.concerns is not None:
        obligation = policy.obligations.get(notice.concerns)
        what = obligation.title if obligation is not None else Title(notice.concerns, notice.concerns)
    elif workflow is not None and notice.state in workflow.states:
        what = workflow.full_title(notice.state)
    else:
        what = Title(notice.state, notice.state)
    left = (notice.due - notice.day).days if notice.due is not None else 0
    who = f"{notice.name} ({notice.case})"
    late_zh, late_en = (f"逾期 {-left} 天，", f"is {_days(-left)} overdue and ") if left < 0 else ("", "")
    texts: dict[str, tuple[str, str]] = {
        EventKind.REMINDED: (f"还有 {left} 天到期（{notice.due}）", f"is due in {_days(left)} ({notice.due})"),
        EventKind.OVERDUE: (f"已于 {notice.due} 到期，逾期 {-left} 天", f"was due on {notice.due}, {_days(-left)} ago"),
        EventKind.MISSED: (
            f"应于 {notice.due} 前办理，未办理，已结",
            f"was due on {notice.due} and is closed as missed",
        ),
        EventKind.ESCALATED: (f"{late_zh}已上报至贵单位", f"{late_en}was escalated to you"),
    }
    zh, en = texts[notice.kind]
    return Title(f"{who}：{what.zh} {zh}", f"{who}: {what.en} {en}")


def _days(count: int) -> str:
    return f"{count} day{'s' if count != 1 else ''}"
