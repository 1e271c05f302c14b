"""policy try: what a policy says of an organisation, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from guikou.engine.cases.case import Case, Organization
from guikou.engine.decide.due.context import facts_and_area
from guikou.engine.decide.intake import Placement
from guikou.engine.decide.transitions import apply
from guikou.engine.errors import GuikouError, WrongUsage
from guikou.engine.policy.names import named, stages
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import Workflow
from guikou.engine.text import Title, as_json, listed, plainly, titles
from guikou.engine.verify.trial import (
    Asked,
    Fire,
    GateTold,
    JoinedTo,
    LeftFrom,
    Met,
    OpenedAgain,
    PutOff,
    Step,
    Swept,
    Taken,
    Tell,
    TookPlace,
    Trial,
    Wait,
)

from ..language import t
from ..render import Column, note, print_json, print_rows
from ..session import Session, with_session
from ..titles import ANSWERS, spoken
from .steps import read_facts, read_step

_TABLE = Column("table", "表", "table")
_ROW = Column("row", "行", "row")
_NOTE = Column("note", "依据", "note")


@click.command("try", help=t(
    "给出组织的事实，看政策如何归类、归口、入口、支持，以及可办理的动作，各由哪些行决定；可接着试走若干步。\n\n步骤：动作名、事实=值（逗号分隔）、+天数。\n\n\b\n示例：\n  guikou policy try beijing-2015 区域=朝阳区 登记类型=基金会 登记层级=区级 行业领域=慈善公益 从业人员数=60 正式党员数=3 已建党组织=否 --do 提交组建申请 --do 批准成立\n  guikou policy try beijing-2015 正式党员数=2 --table 党组织形式表",
    "Give an organisation's facts and see its classification, body, stage, support and open triggers, each with the rows that decided; then go on step by step.\n\nA step is a trigger, FACT=VALUE,... or +DAYS.\n\n\b\nExamples:\n  guikou policy try beijing-2015 area=chaoyang registered_as=foundation registered_at=district industry=charity employees=60 party_members=3 has_organization=false --do apply --do establish\n  guikou policy try beijing-2015 party_members=2 --table form",
))  # fmt: skip
@click.argument("given", metavar=t("[名称|目录] 事实=值...", "[NAME|DIR] FACT=VALUE..."), nargs=-1)
@click.option(
    "--do",
    "steps",
    metavar=t("步骤", "STEP"),
    multiple=True,
    help=t(
        "一步（可重复）：动作、事实=值、+天数、@日期（逐日巡检至该日）、meet:义务=结论",
        "a step (repeatable): a trigger, FACT=VALUE, +DAYS, @DATE (every day up to it is swept), meet:OBLIGATION=OUTCOME",
    ),
)
@click.option("--table", "table", metavar=t("表", "TABLE"), help=t("只试一张表", "try one table only"))
@with_session(formats=("table", "json"))
def try_command(session: Session, given: tuple[str, ...], steps: tuple[str, ...], table: str | None) -> None:
    given = tuple(word.replace("＝", "=", 1) if "=" not in word else word for word in given)
    policies, written = [word for word in given if "=" not in word], [word for word in given if "=" in word]
    if len(policies) > 1:
        raise WrongUsage(reason_en=f"'{policies[1]}' is no FACT=VALUE", reason_zh=f"“{policies[1]}” 不是 事实=值")
    policy = session.named(policies[0] if policies else None)
    table = named(table, titles(policy.tables), Title("表", "table")) if table is not None else None
    area, facts = read_facts(policy, written, with_case=table is not None)
    if table is not None:
        _try_table(session, policy, table, area, facts)
    elif area is not None:
        _try_organization(session, policy, Organization("-", "-", area, policy.vocabulary.check(facts)), steps)
    else:
        raise WrongUsage(reason_en="say where it is: area=KEY", reason_zh="请写明区域：area=代码")


def _try_organization(session: Session, policy: Policy, organization: Organization, steps: Sequence[str]) -> None:
    """Where an organisation is placed, and where the steps lead; raises what was refused, after it was shown."""
    trial = Trial(policy, organization, session.as_of or policy.effective)
    if trial.refused:
        raise trial.refused
    for step in [read_step(policy, text) for text in steps]:
        if trial.take(step).refused:
            break
    if session.format == "json":
        print_json(session, _as_json(policy, trial))
    else:
        _print_trial(session, policy, trial)
    if trial.steps and trial.steps[-1].refused:
        raise trial.steps[-1].refused


def _try_table(session: Session, policy: Policy, name: str, area: str | None, facts: dict[str, Any]) -> None:
    """The rows of one table that fit, and what it says; refused as the engine would refuse it."""
    context = {**facts}
    if area is not None:
        context |= facts_and_area(policy, facts, area)
    if "type" not in context and any(fact == "type" for fact, _ in policy.table(name).inputs):
        kind = apply(policy, policy.intake.type, context)
        if isinstance(kind, GuikouError):
            raise kind
        context["type"] = next(iter(kind.outputs.values()))
    table = policy.table(name)
    certain, _ = table.fits(context)
    rows = [row for i, row in enumerate(table.rows) if certain >> i & 1]
    fired = apply(policy, name, context)
    chosen = () if isinstance(fired, GuikouError) else fired.rows
    columns = [_ROW, Column("decides", "决定", "decides")]
    columns += [Column(output, output, output) for output in table.outputs]
    print_rows(
        session,
        [*columns, _NOTE],
        [[row.number, "✓" if row.number in chosen else "", *row.outputs, note(row.note)] for row in rows],
        spoken(policy.tables[name].title),
    )
    if isinstance(fired, GuikouError) and not table.collects:
        raise fired


def _print_trial(session: Session, policy: Policy, trial: Trial) -> None:
    case, _ = _placed(trial)
    workflow = policy.workflows[case.workflow]
    columns = [_TABLE, _ROW, Column("outcome", "结果", "outcome"), _NOTE]
    title = t(f"归类与归口：{workflow.title.zh}", f"placed as: {workflow.title.en}")
    print_rows(session, columns, _rules(policy, trial), title)
    if trial.steps:
        columns = [
            Column("day", "日期", "day"), Column("step", "步骤", "step"), Column("body", "由谁", "by"),
            Column("state", "环节", "state"), Column("code", "代码", "code"), Column("due", "期限", "due"),
        ]  # fmt: skip
        print_rows(session, columns, [_step_row(policy, workflow, taken) for taken in trial.steps], t("经过", "path"))
    columns = [
        Column("trigger", "动作", "trigger"),
        Column("title", "名称", "title"),
        Column("line", "出处", "written at"),
    ]
    triggers = [
        [name, workflow.triggers[name], _lines_of(workflow, case.state, name)] for name in trial.open_triggers()
    ]
    print_rows(session, columns, triggers, t(f"现可办理（{case.state}）", f"open from {case.state}"))


def _as_json(policy: Policy, trial: Trial) -> dict[str, Any]:
    case, placed = _placed(trial)
    workflow = policy.workflows[case.workflow]
    return {
        "type": case.workflow,
        "responsible": case.responsible,
        "hub": case.hub,
        "priority": case.priority,
        "entered": placed.state,
        "state": case.state,
        "due": as_json(case.due),
        "facts": as_json(dict(case.facts)),
        "rules": [
            dict(zip(("table", "row", "outcome", "note"), map(as_json, rule), strict=True))
            for rule in _rules(policy, trial)
        ],
        "path": [
            {
                "day": as_json(taken.day),
                "step": as_json(_step_title(policy, workflow, taken)),
                "refused": taken.refused.code if taken.refused else None,
                "state": taken.case.state,
            }
            for taken in trial.steps
        ],
        "triggers": list(trial.open_triggers()),
    }


def _placed(trial: Trial) -> tuple[Case, Placement]:
    """Where the trial stands, and how it began: it was not refused."""
    assert trial.case is not None
    assert trial.placement is not None
    return trial.case, trial.placement


def _rules(policy: Policy, trial: Trial) -> list[list[Any]]:
    """The rows that placed it, and those that say what it may have."""
    _, placed = _placed(trial)
    rules = [_rule(policy, fired.table, row, fired.outputs) for fired in placed.rules for row in fired.rows]
    context = trial.facts()
    for name in policy.intake.entitlements:
        table = policy.table(name)
        certain, _ = table.fits(context)
        for i, row in enumerate(table.rows):
            if certain >> i & 1:
                rules.append(_rule(policy, name, row.number, dict(zip(table.outputs, row.outputs, strict=True))))
    return rules


def _step_row(policy: Policy, workflow: Workflow, taken: Taken) -> list[Any]:
    return [
        taken.day,
        _step_title(policy, workflow, taken),
        policy.places.bodies[taken.body].title if taken.body else None,
        t("不予办理", "refused") if taken.refused else workflow.full_title(taken.case.state),
        taken.case.state,
        taken.case.due,
    ]


def _rule(policy: Policy, table: str, row: int, outputs: Mapping[str, Any]) -> list[Any]:
    """A row of a table with what it says, in titles."""
    said: list[Any] = []
    for name, value in outputs.items():
        if value in policy.places.bodies:
            said.append(policy.places.bodies[value].title)
        elif name in policy.facts and value in policy.facts[name].titles:
            said.append(policy.facts[name].titles[value])
        elif value in policy.workflows:
            said.append(policy.workflows[value].title)
        else:
            said.append("-" if value is None else stages(policy).get(str(value)) or plainly(value))
    return [policy.tables[table].title, row, said, note(policy.table(table).rows[row - 1].note)]


def _lines_of(workflow: Workflow, state: str, trigger: str) -> str:
    """Where it is written that a trigger leads from a state."""
    ways = [one for one in workflow.from_state(state) if one.trigger == trigger]
    return ", ".join(dict.fromkeys(f"{Path(one.file).name}:{one.line}" for one in ways))


def _step_title(policy: Policy, workflow: Workflow, taken: Taken) -> Title:
    """A step in words; one that asked a gate with its answer."""
    title = _title(policy, workflow, taken.step)
    if not isinstance(taken.step, Asked) or taken.refused:
        return title
    passage = taken.case.gates[taken.step.gate]
    grounds = policy.parts.gates[taken.step.gate].grounds
    said, why = ANSWERS[passage.answer], [grounds[name].title for name in passage.grounds]
    return Title(
        f"{title.zh} → {said.zh}（{'；'.join(one.zh for one in why)}）",
        f"{title.en} -> {said.en} ({'; '.join(one.en for one in why)})",
    )


def _title(policy: Policy, workflow: Workflow, step: Step) -> Title:
    match step:
        case Fire():
            return workflow.triggers.get(step.trigger) or Title(step.trigger, step.trigger)
        case Wait():
            return Title(f"过 {step.days} 天", f"{step.days} day{'s' if step.days != 1 else ''} pass")
        case Swept():
            return Title(f"逐日巡检至 {step.until}", f"every day is swept up to {step.until}")
        case Met():
            title = policy.obligations[step.obligation].title
            return Title(f"办结{title.zh}", f"{title.en} is met")
        case PutOff():
            title = policy.obligations[step.obligation].title
            return Title(f"延期{title.zh}", f"{title.en} is put off")
        case JoinedTo():
            title = policy.parts.groups[step.kind].title
            return Title(f"加入：{title.zh}", f"joins: {title.en}")
        case LeftFrom():
            title = policy.parts.groups[step.kind].title
            return Title(f"退出：{title.zh}", f"leaves: {title.en}")
        case OpenedAgain():
            return Title("恢复办理", "it is reopened")
        case TookPlace():
            title = policy.parts.records[step.record].title
            return Title(f"记录：{title.zh}", f"recorded: {title.en}")
        case Asked():
            title = policy.parts.gates[step.gate].title
            return Title(f"询问{title.zh}", f"{title.en} is asked")
        case GateTold():
            gate = policy.parts.gates[step.gate]
            title = gate.told[step.outcome].title if step.outcome in gate.told else Title(step.outcome, step.outcome)
            return Title(f"{gate.title.zh}：{title.zh}", f"{gate.title.en}: {title.en}")
        case Tell():
            told = []
            for fact, value in step.facts.items():
                title, said = policy.vocabulary.title(fact), policy.vocabulary.value(fact, value)
                told.append(Title(f"{title.zh}={said.zh}", f"{title.en}={said.en}"))
            return listed([*told, *([policy.places.areas[step.area].title] if step.area else [])])
