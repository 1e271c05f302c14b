"""history: everything that happened to a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event, EventKind, RuleFired
from guikou.engine.cases.evidence import FileReference
from guikou.engine.cases.texts import ERASED, REASON, REQUEST, code_of, is_own
from guikou.engine.dates.periods import Period
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.policy.workflow import Workflow
from guikou.engine.supervision import plain
from guikou.engine.supervision.history import facts_before, gone, with_case_before
from guikou.engine.supervision.views import CaseView
from guikou.engine.text import Title, in_both, titles

from . import options
from .language import t
from .render import Column, print_rows
from .session import Session, with_session
from .titles import KINDS, answer, listed, spoken

#: What is told of an event first.
SAID = [
    Column("seq", "序号", "no.", right=True),
    Column("day", "日期", "day", whole=True),
    Column("kind", "事件", "event"),
    Column("trigger", "动作", "trigger"),
    Column("concerns", "事项", "about"),
    Column("state", "状态", "state"),
    Column("body", "办理单位", "body"),
    Column("facts", "事实", "facts", folds=1),
    Column("evidence", "材料", "evidence", folds=1),
    Column("reason", "依据", "reason", folds=1),
]
_COLUMNS = [
    *SAID,
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
@click.option(
    "--verify-evidence",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar=t("目录", "DIR"),
    help=t(
        "将材料文件与所记名称、SHA-256 比对；有缺失或改动则退出码为 1",
        "compare the files that were given as evidence with those in a folder; exit code 1 where one is missing or another",
    ),
)
@with_session(on_record=True)
def history_command(session: Session, case: str, folder: Path | None) -> int:
    view = session.supervision.get(case, seen_by=session.body)
    events = session.supervision.lineage(case)
    if folder is not None:
        return _verify(session, view, events, folder)
    several = len({event.case for event in events}) > 1
    no_more = gone(events)
    policy, workflow, rows, objects = view.policy, view.policy.workflows[view.workflow], [], []
    opened: dict[str, Event] = {}
    for event, stood in with_case_before(events):
        before = facts_before(event, stood)
        workflow = policy.workflows.get(event.workflow or "", workflow)
        if session.as_of is not None and policy.day(event.at) > session.as_of:
            continue
        if session.format == "json":
            objects.append(plain.event(policy, event, before, (event.case, event.seq) not in no_more))
        else:
            what = [*happened(policy, workflow, event), policy.places.bodies.get(event.body, event.body)]
            against: Case | Event | None = stood
            if event.kind == EventKind.OPENED:  # anew, it differs from what it was opened with before
                against, opened[event.case] = opened.get(event.case), event
            told = _rest(session, policy, workflow, event, altered(policy, event, against))
            stands = t("不再作数", "no more") if (event.case, event.seq) in no_more else ""
            rows.append([event.case, event.seq, stands, plain.day(policy, event), *what, *told])
    if not rows and not objects:
        session.supervision.get(case, as_of=session.as_of)  # which says since when there is one
    timed = [session.timed(one) if one.key in ("at", "recorded_at") else one for one in _COLUMNS]
    first = Column("case", "案卷", "case", table=several, whole=True)
    columns = [first, timed[0], Column("counts", "效力", "counts", table=bool(no_more)), *timed[1:]]
    print_rows(session, columns, rows, name=f"{view.id} {view.name}", objects=objects)
    return 0


_STANDING = {
    "same": Title("一致", "the same"),
    "changed": Title("已改动", "changed"),
    "missing": Title("缺失", "missing"),
}


def _verify(session: Session, view: CaseView, events: Sequence[Event], folder: Path) -> int:
    """Each file that was given as evidence, and whether the one of its name in a folder is the same."""
    from ..evidence import reference

    columns = [
        Column("seq", "序号", "no.", right=True), Column("evidence", "材料", "evidence"), Column("file", "文件", "file"),
        Column("standing", "比对", "standing"), Column("sha256", "SHA-256", "SHA-256", table=False),
        Column("case", "案卷", "case", table=False),
    ]  # fmt: skip
    rows, wrong = [], False
    policy, workflow = view.policy, view.policy.workflows[view.workflow]
    for event in events:
        workflow = policy.workflows.get(event.workflow or "", workflow)
        for key, text in event.evidence.items():
            kept = FileReference.read(text)
            if kept is None:
                continue
            found = folder / kept.name
            standing = "missing" if not found.is_file() else "same" if reference(found) == kept else "changed"
            wrong |= standing != "same"
            shown = standing if session.format == "json" else _STANDING[standing]
            title = key if session.format == "json" else _evidence(policy, workflow, event, key)
            rows.append([event.seq, title, kept.name, shown, kept.sha256, event.case])
    print_rows(session, columns, rows, empty=t("没有以文件作为材料的", "no evidence is a file"))
    return 1 if wrong else 0


def happened(policy: Policy, workflow: Workflow, event: Event) -> list[Any]:
    """What happened, by which trigger, what it was about, and where the case stood then; `workflow`: that of the case
    at the time."""
    state = event.state
    return [
        KINDS.get(event.kind, event.kind),
        workflow.triggers.get(event.trigger or "", event.trigger),
        _about(policy, event),
        workflow.full_title(state) if state and state in workflow.states else state,
    ]


def altered(policy: Policy, event: Event, before: Case | Event | None) -> list[str]:
    """What an event changed of its organisation, which stood so before it: each from what to what. Of the first event,
    nothing: what was said then stands in `show`."""
    if before is None:
        return []
    return [*_moved(policy, event, before), *_facts(policy, event, facts_before(event, before))]


def _facts(policy: Policy, event: Event, before: Mapping[str, Any]) -> list[str]:
    """Which facts went from what to what."""
    words, unknown = policy.vocabulary, t("未知", "not known")
    after = dict.fromkeys(event.unknown or ()) | dict(event.facts)
    told = []
    for name in (one for one in after if one not in before or before[one] != after[one]):
        was = spoken(words.value(name, before[name])) if name in before else unknown
        now = unknown if name in (event.unknown or ()) else spoken(words.value(name, after[name]))
        told.append(t(f"{words.title(name).zh}：{was} → {now}", f"{words.title(name).en}: {was} → {now}"))
    return told


def _moved(policy: Policy, event: Event, before: Case | Event) -> list[str]:
    """Of an organisation's name and area, which went from what to what."""
    places, told = policy.places.areas, []
    if event.name not in (None, before.name):
        told.append((OWN["name"], before.name or "", event.name))
    if event.area not in (None, before.area):
        was, now = (
            spoken(places[one].title) if one in places else one for one in (before.area or "", event.area or "")
        )
        told.append((OWN["area"], was, now))
    return [t(f"{what.zh}：{was} → {now}", f"{what.en}: {was} → {now}") for what, was, now in told]


def _rest(session: Session, policy: Policy, workflow: Workflow, event: Event, changes: list[str]) -> list[Any]:
    return [
        # What a correction takes back is told by the events that count no more.
        changes if event.back_to is None else [],
        handed_in(policy, workflow, event),
        why(policy, event),
        session.local(event.at),
        session.local(event.recorded_at),
        event.actor,
        event.policy,
        dict(event.changes),
        [one.content() for one in event.rules],
        event.request_id,
        event.hash,
    ]


def handed_in(policy: Policy, workflow: Workflow, event: Event) -> list[str]:
    """The evidence of an event, by its title."""
    return [f"{_evidence(policy, workflow, event, key)}={_there(value)}" for key, value in event.evidence.items()]


def texts_of(policy: Policy, workflow: Workflow, event: Event) -> dict[str, Title]:
    """What each text that can be erased of an event is called, by its code; that of its request among them."""
    own = sorted(place for place in event.salts if is_own(place))
    reason = Title("备注", "remark") if event.kind == EventKind.REMARKED else Title("理由", "reason")
    found = {
        code_of(place): reason if place == REASON else _evidence_title(policy, workflow, event, code_of(place))
        for place in own
    }
    return found | {code_of(REQUEST): _REQUEST}


_REQUEST = Title("请求原文", "text of the request")


def _there(text: str) -> str:
    """A text as it is shown."""
    return t("（已擦除）", "(erased)") if text == ERASED else text


def _evidence(policy: Policy, workflow: Workflow, event: Event, key: str) -> str:
    return spoken(_evidence_title(policy, workflow, event, key))


def _evidence_title(policy: Policy, workflow: Workflow, event: Event, key: str) -> Title:
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
    if event.kind == EventKind.REPORTED:
        known.append(titles(policy.facts))
    return next((named[key] for named in known if key in named), Title(key, key))


def why(policy: Policy, event: Event) -> str:
    """Why: as a person wrote it, a note in the language of the run, a blocker by its title."""
    if event.kind in (EventKind.BLOCKED, EventKind.UNBLOCKED) and event.reason in policy.blockers:
        return spoken(policy.blockers[event.reason])
    if event.kind == EventKind.REROUTED and event.rules:
        return t("；", "; ").join(_decided(policy, rule) for rule in event.rules)
    return _there(spoken(in_both(event.reason)))


def _decided(policy: Policy, rule: RuleFired) -> str:
    """A table, with which of its rows decided."""
    found, rows = policy.tables.get(rule.table), ", ".join(map(str, rule.rows))
    title = found.title if found is not None else Title(rule.table, rule.table)
    return t(f"{title.zh}第 {rows} 行", f"{title.en}, row {rows}")


def erased_of(event: Event) -> str:
    """The numbers of the events of which an erasure erased something."""
    numbers = t("、", ", ").join(str(seq) for seq in dict(event.erases or ()))
    return t(f"第 {numbers} 号", f"no. {numbers}")


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
        if event.on is not None:
            more += [t(f"（{event.on} 发生，属 {event.year} 年）", f"(on {event.on}, for {event.year})")]
        more += [t(f"（第 {event.struck} 号）", f"(no. {event.struck})")] if event.struck is not None else []
        return " ".join([spoken(title), *more])
    if event.kind == EventKind.ERASED:
        told = erased_of(event)
        if event.retention is None:
            return told
        kept = Period.parse(event.retention)
        return told + t(f"（保存期 {kept.text('zh')}已满）", f" (kept for {kept.text('en')})")
    if event.back_to is not None:
        gone = [policy.vocabulary.title(name) for name in event.unknown or ()]
        back = t(f"回到第 {event.back_to} 号", f"back to no. {event.back_to}") if event.back_to else ""
        if event.corrects is not None:  # what is not known any more without it is told by what comes instead
            return t(f"第 {event.corrects} 号", f"no. {event.corrects}")
        return back + (t("；不再已知：", "; not known any more: ") + listed(gone) if gone else "")
    if event.was is not None:
        return f"{event.was} → {event.organization}"
    return event.group or event.member or event.same
