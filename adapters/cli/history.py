"""history: everything that happened to a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from guikou.engine.cases.events import Event, EventKind
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import Workflow
from guikou.engine.text import Title, in_both

from . import options
from .language import t
from .render import Column, print_rows
from .session import Session, with_session
from .titles import KINDS, answer, listed, spoken

_COLUMNS = [
    Column("seq", "序号", "no.", right=True),
    Column("day", "日期", "day"),
    Column("kind", "事件", "event"),
    Column("trigger", "动作", "trigger"),
    Column("concerns", "事项", "about"),
    Column("state", "状态", "state"),
    Column("body", "办理单位", "body"),
    Column("evidence", "材料", "evidence"),
    Column("reason", "依据", "reason"),
    Column("at", "生效时刻", "at", table=False),
    Column("recorded_at", "记录时刻", "recorded at", table=False),
    Column("actor", "账号", "actor", table=False),
    Column("policy", "政策摘要", "policy", table=False),
    Column("changes", "变更", "changes", table=False),
    Column("rules", "命中规则", "rules", table=False),
    Column("request_id", "请求号", "request id", table=False),
    Column("hash", "哈希", "hash", table=False),
]


@click.command("history", help=t(
    "案卷的全部事件，并核验其哈希链。\n\n\b\n示例：\n  guikou history 52110105MJ0123456N --format json",
    "Everything that happened to a case; its chain of hashes is checked.\n\n\b\nExample:\n  guikou history 52110105MJ0123456N --format json",
))  # fmt: skip
@options.case
@with_session()
def history_command(session: Session, case: str) -> None:
    view = session.supervision.get(case, seen_by=session.body)
    events = session.supervision.lineage(case)
    plain, several = session.format == "json", len({event.case for event in events}) > 1
    policy, workflow, rows = view.policy, view.policy.workflows[view.workflow], []
    for event in events:
        workflow = policy.workflows.get(event.workflow or "", workflow)
        if session.as_of is None or policy.day(event.at) <= session.as_of:
            what = _keys(event) if plain else _titles(policy, workflow, event)
            rows.append([event.case, event.seq, policy.day(event.at), *what, *_rest(session, policy, workflow, event)])
    columns = [session.timed(one) if one.key in ("at", "recorded_at") else one for one in _COLUMNS]
    print_rows(session, [Column("case", "案卷", "case", table=several), *columns], rows)


def _keys(event: Event) -> list[Any]:
    """What happened, as it is kept."""
    return [event.kind, event.trigger, event.concerns, event.state]


def _titles(policy: Policy, workflow: Workflow, event: Event) -> list[Any]:
    """What happened, in words; `workflow`: that of the case at the time."""
    state = event.state
    return [
        KINDS.get(event.kind, event.kind),
        workflow.triggers.get(event.trigger or "", event.trigger),
        _about(policy, event),
        workflow.full_title(state) if state and state in workflow.states else state,
    ]


def _rest(session: Session, policy: Policy, workflow: Workflow, event: Event) -> list[Any]:
    plain = session.format == "json"
    return [
        policy.places.bodies.get(event.body, event.body),
        event.evidence
        if plain
        else [f"{_evidence(policy, workflow, event, key)}={value}" for key, value in event.evidence.items()],
        event.reason if plain else _reason(policy, event),
        session.local(event.at),
        session.local(event.recorded_at),
        event.actor,
        event.policy,
        dict(event.changes),
        [one.content() for one in event.rules],
        event.request_id,
        event.hash,
    ]


def _evidence(policy: Policy, workflow: Workflow, event: Event, key: str) -> str:
    """What a piece of evidence is called where it was handed in."""
    parts = policy.parts
    known: list[Mapping[str, Title]] = [workflow.evidence]
    if event.concerns is not None and event.concerns in policy.obligations:
        obligation = policy.obligations[event.concerns]
        known += [obligation.evidence, *([obligation.postponement.evidence] if obligation.postponement else [])]
    if event.gate is not None and event.gate in parts.gates:
        known += [told.evidence for told in parts.gates[event.gate].told.values()]
    if event.record is not None and event.record in parts.records:
        known.append(parts.records[event.record].evidence)
    known += [one.evidence for one in parts.groups.values()]
    return next((spoken(titles[key]) for titles in known if key in titles), key)


def _reason(policy: Policy, event: Event) -> str:
    """Why: as a person wrote it, a note in the language of the run, a blocker by its title."""
    if event.kind in (EventKind.BLOCKED, EventKind.UNBLOCKED) and event.reason in policy.blockers:
        return spoken(policy.blockers[event.reason])
    return spoken(in_both(event.reason))


def _about(policy: Policy, event: Event) -> Any:
    """What an event is about: an obligation, a gate with its answer or outcome, a record, a group, a member."""
    parts = policy.parts
    if event.concerns is not None:
        found = policy.obligations.get(event.concerns)
        return found.title if found is not None else event.concerns
    if event.gate is not None:
        gate = parts.gates.get(event.gate)
        if gate is None:
            return event.gate
        if event.answer is not None:
            return t(f"{gate.title.zh}：", f"{gate.title.en}: ") + answer(event.answer)
        outcome = gate.told.get(event.outcome or "")
        value = outcome.values.get(event.value or "") if outcome is not None else None
        titles = [one.title for one in (outcome, value) if one is not None]
        return t(f"{gate.title.zh}：", f"{gate.title.en}: ") + listed(titles)
    if event.record is not None:
        record = parts.records.get(event.record)
        title = record.title if record is not None else Title(event.record, event.record)
        more = [str(one) for one in (event.amount, event.count, event.venue) if one is not None]
        more += [f"({event.on}, {event.year})"] if event.on is not None else []
        more += [t(f"（第 {event.struck} 号）", f"(no. {event.struck})")] if event.struck is not None else []
        return " ".join([spoken(title), *more])
    if event.was is not None:
        return f"{event.was} → {event.organization}"
    return event.group or event.member or event.same
