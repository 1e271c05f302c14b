"""Reads a policy's workflows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...dates.deadlines import Deadline
from ...dates.periods import Period, YearDay
from ...errors import BadValue, DuplicateKey, UnknownFact, UnknownName, Where
from ...text import Title, suggested
from ..workflow import ENGINE, ORIGIN, ROLES, SAME, SWEEP, Stage, State, Transition, Workflow
from . import models as f
from .documents import Document
from .values import (
    Known,
    bad_value,
    check_names,
    read_condition,
    read_escalation,
    read_period,
    read_sets,
    read_title,
    reminders,
)

Written = tuple[f.WorkflowFile, Document]


def lineages(written: Sequence[Written]) -> dict[str, list[Written]]:
    """Each workflow that cases can have with what it extends, the most general first and itself last."""
    by_name: dict[str, Written] = {}
    for one, document in written:
        if one.workflow in by_name:
            raise DuplicateKey(where=document.where(("workflow",)), key=one.workflow)
        by_name[one.workflow] = (one, document)
    return {one.workflow: _lineage(one, document, by_name) for one, document in written if not one.abstract}


def read_workflows(
    lineages: Mapping[str, Sequence[Written]], tables: Mapping[str, f.TableFile], known: Known
) -> dict[str, Workflow]:
    """The workflows with all names resolved; `tables` are those that are declared."""
    return {name: _workflow(lineage, tables, known) for name, lineage in lineages.items()}


def _lineage(one: f.WorkflowFile, document: Document, by_name: Mapping[str, Written]) -> list[Written]:
    """The workflow and what it extends, the most general first."""
    lineage = [(one, document)]
    while one.extends:
        if one.extends not in by_name or any(one.extends == other.workflow for other, _ in lineage):
            raise UnknownName(
                where=document.where(("extends",)),
                kind_en="other workflow",
                kind_zh="其他流程",
                name=one.extends,
                known=sorted(set(by_name) - {other.workflow for other, _ in lineage}),
            )
        one, document = by_name[one.extends]
        lineage.insert(0, (one, document))
    return lineage


def _workflow(lineage: Sequence[Written], tables: Mapping[str, f.TableFile], known: Known) -> Workflow:
    one, document = lineage[-1]
    facts, kinds = known.vocabulary.facts, known.vocabulary.kinds
    stages: dict[str, Stage] = {}
    states: dict[str, State] = {}
    triggers: dict[str, Title] = {}
    evidence: dict[str, Title] = {}
    transitions: list[tuple[f.TransitionFile, Document, int]] = []
    tiers: tuple[str, ...] = ()
    reopen: Period | None = None
    after: dict[str, tuple[str, ...]] = {}
    lines: dict[str, Where] = {}
    for part, source in lineage:
        for name, stage in part.stages.items():
            for gone in stages[name].states if name in stages else ():
                del states[gone]
            place: tuple[str | int, ...] = ("stages", name)
            due = _due(stage.due, source, (*place, "due"), known)
            lines[name] = source.where(place)
            steps: dict[str, f.StepFile | None] = {f"{name}.{step}": written for step, written in stage.steps.items()}
            steps = steps or {name: None}
            stages[name] = Stage(name, read_title(stage.title), due, tuple(steps), stage.rests, stage.continued)
            for state, step in steps.items():
                at = (*place, "steps", state.partition(".")[2]) if step else place
                step_due = _due(step.due, source, (*at, "due"), known, due) if step else None
                awaits = read_condition((step or stage).awaits, source, (*at, "awaits"), kinds)
                lines[state] = source.where(at)
                title = read_title(step.title if step else stage.title)
                states[state] = State(state, title, name, step_due, stage.final, awaits, lines[state].line)
        triggers |= {name: read_title(title) for name, title in part.triggers.items()}
        evidence |= {name: read_title(title) for name, title in part.evidence.items()}
        for name, spec in part.evidence.items():
            after[name] = tuple(spec.after)
            lines[f"evidence {name}"] = source.where(("evidence", name))
        for name in part.triggers:
            lines[f"trigger {name}"] = source.where(("triggers", name))
        tiers = tuple(part.tiers) or tiers
        if part.reopen is not None:
            reopen = read_period(part.reopen, source, ("reopen",))
        for tier in part.tiers:
            if tier not in known.places.tiers:
                raise UnknownName(
                    where=source.where(("tiers",)),
                    kind_en="tier",
                    kind_zh="层级",
                    name=tier,
                    known=list(known.places.tiers),
                )
        transitions = _overridden(transitions, [(one, source, i) for i, one in enumerate(part.transitions)])
    if not states:
        raise bad_value(document, ("workflow",), "has no stages", "没有阶段")
    for name, needed in after.items():
        for trigger in needed:
            if trigger not in triggers:
                raise UnknownName(
                    where=lines[f"evidence {name}"],
                    kind_en="trigger",
                    kind_zh="动作",
                    name=trigger,
                    known=suggested(trigger, list(triggers)),
                )
    for name in [*stages, *states]:
        start = (stages[name] if name in stages else states[name]).due
        if start is not None and start.start is not None and start.start not in triggers:
            fact = facts.get(start.start)
            if fact is None or fact.kind.name != "date":
                dates = [*triggers, *(key for key, spec in facts.items() if spec.kind.name == "date")]
                raise UnknownName(
                    where=lines[name],
                    kind_en="trigger or date fact",
                    kind_zh="动作或日期事实",
                    name=start.start,
                    known=suggested(start.start, dates),
                )
    workflow = Workflow(one.workflow, read_title(one.title), stages, states, (), triggers, evidence, tiers, after)
    workflow = replace(workflow, files=(document.file,), lines=lines, reopen=reopen)
    resolved = [
        found
        for written, source, i in transitions
        for found in _transitions(written, source, i, workflow, tables, known)
    ]
    return replace(workflow, transitions=tuple(resolved))


WrittenWay = tuple[f.TransitionFile, Document, int]


def _overridden(inherited: Sequence[WrittenWay], own: Sequence[WrittenWay]) -> list[WrittenWay]:
    """What a workflow says of a trigger stands where what it inherits said it (the first way on is the next step that
    listings show); triggers of its own come last."""
    by_trigger: dict[str, list[WrittenWay]] = {}
    for way in own:
        by_trigger.setdefault(way[0].trigger, []).append(way)
    found: list[WrittenWay] = []
    told: set[str] = set()
    for way in [*inherited, *own]:
        trigger = way[0].trigger
        if trigger not in by_trigger:
            found.append(way)
        elif trigger not in told:
            told.add(trigger)
            found += by_trigger[trigger]
    return found


def _due(
    written: f.DueFile | None,
    document: Document,
    place: tuple[str | int, ...],
    known: Known,
    stage: Deadline | None = None,
) -> Deadline | None:
    """A deadline as validated; a step's that does not say what comes `then` is escalated as its stage's is."""
    if written is None:
        return None
    if (written.within is None) == (written.by is None):
        raise bad_value(document, place, "needs either 'within' or 'by'", "需要 within 或 by 之一")
    if written.by is not None and written.from_ is not None:
        raise bad_value(document, (*place, "from"), "goes with 'within' only", "只能与 within 同用")
    escalates, grace = read_escalation(written, document, place)
    if stage is not None and not escalates:
        escalates, grace = stage.escalates, stage.grace
    try:
        by = YearDay.parse(written.by) if written.by is not None else None
    except BadValue as error:
        raise error.at(document.where((*place, "by"))) from error
    return Deadline(
        within=read_period(written.within, document, (*place, "within")) if written.within is not None else None,
        by=by,
        start=written.from_,
        remind=known.remind if written.remind is None else reminders(written.remind),
        escalates=escalates,
        grace=grace,
    )


def _transitions(
    written: f.TransitionFile,
    document: Document,
    i: int,
    workflow: Workflow,
    tables: Mapping[str, f.TableFile],
    known: Known,
) -> Iterable[Transition]:
    place = ("transitions", i)

    facts = known.vocabulary.facts

    def check(key: str, kind: tuple[str, str], names: Iterable[str], among: Iterable[str]) -> None:
        check_names(document, (*place, key), kind, names, among)

    every = [*workflow.stages, *workflow.states]
    check("trigger", ("title of a trigger", "动作标题"), [written.trigger], workflow.triggers)
    check("from", ("state", "环节"), written.from_, every)
    check("to", ("state", "环节"), [written.to], [*every, SAME, ORIGIN])
    check("evidence", ("title of evidence", "材料标题"), written.evidence, workflow.evidence)
    check("tables", ("table", "表"), written.tables, tables)
    check("by", ("role or body", "角色或机构"), written.by, [*ROLES, *known.places.bodies])
    when = read_condition(written.when, document, (*place, "when"), known.vocabulary.kinds)
    sets = read_sets(written.sets, document, (*place, "sets"), facts)
    own = sorted(set(ENGINE) & set(written.by))
    if (written.automatic or own) and (written.evidence or written.reason or written.to == SAME):
        raise bad_value(
            document,
            (*place, "automatic" if written.automatic else "by"),
            "is fired by the engine itself: it can ask for no evidence and no reason, and must lead to another state",
            "由系统触发：不得要求材料或理由，且须进入另一环节",
        )
    if written.suspend and written.resume:
        raise bad_value(document, (*place, "resume"), "can't be where 'suspend' is", "不能与 suspend 同时使用")
    if "climbed" in written.model_fields_set and not written.extend:
        raise bad_value(document, (*place, "climbed"), "goes with 'extend' only", "只能与 extend 同用")
    if written.suspend and written.to != SAME:
        raise bad_value(document, (*place, "suspend"), "needs 'to: same'", "需要 to: same")
    for table in written.tables:
        unknown = [name for name in tables[table].outputs if name not in facts]
        if unknown:
            raise UnknownFact(
                where=document.where((*place, "tables")), fact=unknown[0], known=suggested(unknown[0], list(facts))
            )
    sources = [
        state
        for name in written.from_
        for state in (workflow.stages[name].states if name in workflow.stages else (name,))
    ]
    dest = written.to if written.to in (SAME, ORIGIN) else str(workflow.state_of(written.to))
    if "clock" in written.model_fields_set and dest != SAME and dest not in sources:
        raise bad_value(
            document,
            (*place, "clock"),
            "goes with a way from a state to itself only",
            "只能用于由一个环节回到其自身的动作",
        )
    final = dest in workflow.states and workflow.states[dest].final
    irreversible = written.irreversible if written.irreversible is not None else final
    for state in dict.fromkeys(sources):
        yield Transition(
            trigger=written.trigger,
            source=state,
            dest=dest,
            when=when,
            by=(SWEEP,) if written.automatic and "by" not in written.model_fields_set else tuple(written.by),
            evidence=tuple(written.evidence),
            sets=sets,
            tables=tuple(written.tables),
            escalate=written.escalate,
            extend=read_period(written.extend, document, (*place, "extend")) if written.extend else None,
            file=document.file,
            line=document.where(place).line,
            note=written.note,
            suspend=written.suspend,
            resume=written.resume,
            reason=written.reason,
            keeps=written.climbed == "kept",
            irreversible=irreversible,
            restarts=written.clock == "restart" and dest in (SAME, state),
            automatic=written.automatic,
        )
