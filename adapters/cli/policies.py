"""policy check, try: what is wrong with a policy, and what it says of an organisation."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from guikou import __version__, workflows
from guikou.engine.acting import apply
from guikou.engine.case import Organization, Title
from guikou.engine.errors import GuikouError, NotAFact, PolicyError, UnknownChoice, UnknownPolicy, WrongUsage, shown
from guikou.engine.examples import examples, run
from guikou.engine.policy import Policy
from guikou.engine.trial import Asked, Fire, GateTold, Met, Step, Swept, Taken, Tell, Trial, Wait
from guikou.engine.verify import Proof, check, difference

from ..intake import read_fact
from . import words
from .office import Office, office
from .render import Column, as_json, print_rows, write
from .setup import policy_command as policy_command
from .words import t

# --- check -----------------------------------------------------------------------------------------------------------


@policy_command.command("check", help=t(
    "证明政策无误，或逐一指出问题：文件、行、说明，以及可用 policy try 重演的例证。\n\n退出码：0 无错误；1 有错误；2 用法错误。\n\n\b\n示例：\n  guikou policy check beijing-2015\n  guikou policy check ./my-policy --format sarif -o check.sarif",
    "Prove a policy, or show where it fails: file, line, a sentence, and a witness that policy try replays.\n\nExit code: 0 no errors; 1 errors; 2 wrong usage.\n\n\b\nExamples:\n  guikou policy check beijing-2015\n  guikou policy check ./my-policy --format sarif -o check.sarif",
))  # fmt: skip
@click.argument("name", metavar="[NAME|DIR]", required=False)
@office(formats=("table", "json", "sarif"))
def check_command(shared: Office, name: str | None) -> int:
    report: Proof | None = None
    try:
        policy = workflows.load(name) if name else shared.policy
        report = check(policy)
        findings = [one.as_json() for one in report.findings]
    except UnknownPolicy:
        raise
    except PolicyError as error:
        findings = [_unread(error)]
    errors = sum(one["severity"] == "error" for one in findings)
    replay = f"guikou policy try {shlex.quote(name)}" if name else "guikou policy try"
    if shared.format == "json":
        bounds = [
            {"workflow": one.workflow, "stage": one.stage, "days": one.days, "text": as_json(one.title)}
            for one in (report.bounds if report else ())
        ]
        said = {"findings": findings, "bounds": bounds, "proved": dict(report.counts) if report else {}}
        write(shared, json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    elif shared.format == "sarif":
        from ..sarif import as_sarif

        write(shared, json.dumps(as_sarif(findings, __version__, replay), ensure_ascii=False, indent=2) + "\n")
    else:
        write(shared, "\n".join([*_lines(findings, replay), *_summary(report, findings)]) + "\n")
    return 1 if errors else 0


def _unread(error: PolicyError) -> dict[str, Any]:
    """A policy that can't even be read, as a finding."""
    where = error.where
    return {
        "code": error.code,
        "severity": "error",
        "file": where.file if where else None,
        "line": where.line if where else None,
        "row": where.row if where else None,
        "column": where.column if where else None,
        "message": {
            lang: error.message(lang) + (("；" if lang == "zh" else "; ") + error.hint(lang) if error.hint(lang) else "")
            for lang in ("zh", "en")
        },
        "witness": None,
    }  # fmt: skip


def _lines(findings: Sequence[dict[str, Any]], replay: str) -> list[str]:
    severities = {"error": t("错误", "error"), "warning": t("警告", "warning"), "info": t("提示", "note")}
    lines = []
    for one in findings:
        place = f"{one['file']}:{one['line']}" if one["line"] else one["file"] or "-"
        if one["row"]:
            place += t(f"，第 {one['row']} 行", f", row {one['row']}")
        if one["column"]:
            place += t(f"，“{one['column']}” 列", f", column '{one['column']}'")
        lines.append(f"{place}: {severities[one['severity']]} [{one['code']}] {one['message'][words.LANG]}")
        if one["witness"] is not None:
            lines.append(f"    {replay} {shlex.join(one['witness'])}")
    return lines


def _summary(report: Proof | None, findings: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    if report is not None:
        by_text: dict[tuple[str, str], list[str]] = {}
        for bound in report.bounds:
            by_text.setdefault((bound.stage, bound.text(words.LANG)), []).append(bound.workflow)
        for (stage, text), names in by_text.items():
            lines.append(t(f"期限 {stage}：{text}", f"bound of {stage}: {text}") + f"  [{', '.join(names)}]")
        counts = report.counts
        lines.append(t(
            f"{report.policy}：{counts['tables']} 张表（{counts['rows']} 行）、{counts['areas']} 个区域、{counts['bodies']} 个机构、"
            f"{counts['workflows']} 个流程（{counts['states']} 个可达环节）、{counts['properties']} 条性质",
            f"{report.policy}: {counts['tables']} tables ({counts['rows']} rows), {counts['areas']} areas, {counts['bodies']} bodies, "
            f"{counts['workflows']} workflows ({counts['states']} states reached), {counts['properties']} properties",
        ))  # fmt: skip
    number = {kind: sum(one["severity"] == kind for one in findings) for kind in ("error", "warning", "info")}
    lines.append(t(
        f"{number['error']} 处错误，{number['warning']} 处警告，{number['info']} 处提示",
        f"{number['error']} errors, {number['warning']} warnings, {number['info']} notes",
    ))  # fmt: skip
    return lines


# --- try -------------------------------------------------------------------------------------------------------------


@policy_command.command("try", help=t(
    "给出组织的事实，看政策如何归类、归口、入口、支持，以及可办理的动作，各由哪些行决定；可接着试走若干步。\n\n步骤：动作名、事实=值（逗号分隔）、+天数。\n\n\b\n示例：\n  guikou policy try beijing-2015 area=chaoyang registered_as=foundation registered_at=district industry=charity employees=60 party_members=3 has_organization=false --do apply --do establish\n  guikou policy try beijing-2015 party_members=2 --table form",
    "Give an organisation's facts and see its classification, body, stage, support and open triggers, each with the rows that decided; then go on step by step.\n\nA step is a trigger, FACT=VALUE,... or +DAYS.\n\n\b\nExamples:\n  guikou policy try beijing-2015 area=chaoyang registered_as=foundation registered_at=district industry=charity employees=60 party_members=3 has_organization=false --do apply --do establish\n  guikou policy try beijing-2015 party_members=2 --table form",
))  # fmt: skip
@click.argument("given", metavar="[NAME|DIR] FACT=VALUE...", nargs=-1)
@click.option(
    "--do",
    "steps",
    metavar="STEP",
    multiple=True,
    help=t(
        "一步（可重复）：动作、事实=值、+天数、@日期（逐日巡检至该日）、meet:义务=结论",
        "a step (repeatable): a trigger, FACT=VALUE, +DAYS, @DATE (every day up to it is swept), meet:OBLIGATION=OUTCOME",
    ),
)
@click.option("--table", "table", metavar="TABLE", help=t("只试一张表", "try one table only"))
@office(formats=("table", "json"))
def try_command(shared: Office, given: tuple[str, ...], steps: tuple[str, ...], table: str | None) -> None:
    names = [word for word in given if "=" not in word]
    if len(names) > 1:
        raise WrongUsage(reason_en=f"'{names[1]}' is no FACT=VALUE", reason_zh=f"“{names[1]}” 不是 事实=值")
    policy = workflows.load(names[0]) if names else shared.policy
    area, facts = _facts(policy, [word for word in given if "=" in word], table is not None)
    if table is not None:
        _try_table(shared, policy, table, area, facts)
        return
    if area is None:
        raise WrongUsage(reason_en="say where it is: area=KEY", reason_zh="请写明区域：area=代码")
    organization = Organization("-", "-", area, policy.check_facts(facts))
    trial = Trial(policy, organization, shared.as_of or policy.effective)
    if trial.refused:
        raise trial.refused
    parsed = [_step(policy, text) for text in steps]
    for step in parsed:
        if trial.take(step).refused:
            break
    _print_trial(shared, policy, trial)
    if trial.steps and trial.steps[-1].refused:
        raise trial.steps[-1].refused


def _facts(policy: Policy, written: Sequence[str], with_case: bool) -> tuple[str | None, dict[str, Any]]:
    """The area's code and the facts from FACT=VALUE words. Raises UsageError."""
    area, facts = None, {}
    for word in written:
        name, _, text = word.partition("=")
        if name == "area":
            area = policy.area(text).code
        elif name in policy.facts:
            facts[name] = read_fact(policy, name, text)
        elif with_case and name in policy.asked:
            try:
                facts[name] = None if text == "null" else policy.asked[name].read(text)
            except ValueError as error:
                expected = policy.asked[name].expected
                raise WrongUsage(
                    reason_en=f"{name}: '{text}' is wrong; give {expected}",
                    reason_zh=f"{name}：“{text}” 无效；应为 {expected}",
                ) from error
        else:
            raise NotAFact(fact=name, known=["area", *sorted(policy.facts)])
    return area, facts


def _gate(policy: Policy, name: str) -> str:
    if name not in policy.parts.gates:
        raise UnknownChoice(kind_en="gate", kind_zh="关口", name=name, known=sorted(policy.parts.gates))
    return name


def _step(policy: Policy, text: str) -> Step:
    if text.startswith("+"):
        if not text[1:].isdigit() or int(text[1:]) > 36500:
            raise WrongUsage(reason_en=f"'{text}': write +DAYS, such as +30", reason_zh=f"“{text}”：写作 +天数，如 +30")
        return Wait(int(text[1:]))
    if text.startswith("@"):
        try:
            day = date.fromisoformat(text[1:])
            if not 1900 <= day.year < 3000:
                raise ValueError(text)
            return Swept(day)
        except ValueError as error:
            raise WrongUsage(
                reason_en=f"'{text}': write @DATE, such as @2016-05-31",
                reason_zh=f"“{text}”：写作 @日期，如 @2016-05-31",
            ) from error
    if text.startswith("meet:"):
        name, _, outcome = text.removeprefix("meet:").partition("=")
        if name not in policy.obligations:
            raise UnknownChoice(kind_en="obligation", kind_zh="义务", name=name, known=sorted(policy.obligations))
        return Met(name, outcome or None)
    if text.startswith("ask:"):
        return Asked(_gate(policy, text.removeprefix("ask:")))
    if text.startswith("told:"):
        gate, _, told = text.removeprefix("told:").partition("/")
        outcome, _, value = told.partition("=")
        return GateTold(_gate(policy, gate), outcome, value or None)
    if "=" in text:
        area, facts = _facts(policy, text.split(","), False)
        return Tell(policy.check_facts(facts), area)
    known = {trigger for one in policy.workflows.values() for trigger in one.triggers}
    if text not in known:
        raise UnknownChoice(kind_en="trigger", kind_zh="动作", name=text, known=sorted(known))
    return Fire(text)


_TABLE = Column("table", "表", "table")
_ROW = Column("row", "行", "row")
_NOTE = Column("note", "依据", "note")


def _try_table(shared: Office, policy: Policy, name: str, area: str | None, facts: dict[str, Any]) -> None:
    """The rows of one table that fit, and what it says; refused as the engine would refuse it."""
    if name not in policy.tables:
        raise UnknownChoice(kind_en="table", kind_zh="表", name=name, known=sorted(policy.tables))
    context = {**facts}
    if area is not None:
        context |= policy.context(Organization("-", "-", area, facts))
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
        shared,
        [*columns, _NOTE],
        [[row.number, "✓" if row.number in chosen else "", *row.outputs, row.note] for row in rows],
        t(policy.tables[name].title.zh, policy.tables[name].title.en),
    )
    if isinstance(fired, GuikouError) and not table.collects:
        raise fired


def _print_trial(shared: Office, policy: Policy, trial: Trial) -> None:
    case, placed = trial.case, trial.placement
    assert case is not None
    assert placed is not None
    rules: list[list[Any]] = []
    for fired in placed.rules:
        rules += [_rule(policy, fired.table, row, fired.outputs) for row in fired.rows]
    context = trial.facts()
    for name in policy.intake.entitlements:
        table = policy.table(name)
        certain, _ = table.fits(context)
        for i, row in enumerate(table.rows):
            if certain >> i & 1:
                rules.append(_rule(policy, name, row.number, dict(zip(table.outputs, row.outputs, strict=True))))
    workflow = policy.workflows[case.workflow]
    path = [
        [
            taken.day,
            _step_title(policy, workflow.triggers, taken.step) + _answer(policy, taken),
            policy.bodies[taken.body].title if taken.body else None,
            t("不予办理", "refused") if taken.refused else workflow.full_title(taken.case.state),
            taken.case.state,
            taken.case.due,
        ]
        for taken in trial.steps
    ]
    triggers = [
        [name, workflow.triggers[name], _lines_of(policy, case.workflow, case.state, name)]
        for name in trial.open_triggers()
    ]
    if shared.format == "json":
        said = {
            "type": case.workflow,
            "responsible": case.responsible,
            "hub": case.hub,
            "priority": case.priority,
            "entered": placed.state,
            "state": case.state,
            "due": as_json(case.due),
            "facts": as_json(dict(case.facts)),
            "rules": [
                dict(zip(("table", "row", "outcome", "note"), map(as_json, rule), strict=True)) for rule in rules
            ],
            "path": [
                {
                    "day": as_json(row[0]),
                    "step": row[1],
                    "refused": taken.refused.code if taken.refused else None,
                    "state": row[4],
                }
                for row, taken in zip(path, trial.steps, strict=True)
            ],
            "triggers": list(trial.open_triggers()),
        }
        write(shared, json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    outcome = Column("outcome", "结果", "outcome")
    print_rows(
        shared,
        [_TABLE, _ROW, outcome, _NOTE],
        rules,
        t(f"归类与归口：{workflow.title.zh}", f"placed as: {workflow.title.en}"),
    )
    if path:
        columns = [
            Column("day", "日期", "day"), Column("step", "步骤", "step"), Column("body", "由谁", "by"),
            Column("state", "环节", "state"), Column("code", "代码", "code"), Column("due", "期限", "due"),
        ]  # fmt: skip
        print_rows(shared, columns, path, t("经过", "path"))
    columns = [
        Column("trigger", "动作", "trigger"),
        Column("title", "名称", "title"),
        Column("line", "出处", "written at"),
    ]
    print_rows(shared, columns, triggers, t(f"现可办理（{case.state}）", f"open from {case.state}"))


def _rule(policy: Policy, table: str, row: int, outputs: Any) -> list[Any]:
    said: list[Any] = []
    for name, value in outputs.items():
        if value in policy.bodies:
            said.append(policy.bodies[value].title)
        elif name in policy.facts and value in policy.facts[name].titles:
            said.append(policy.facts[name].titles[value])
        elif value in policy.workflows:
            said.append(policy.workflows[value].title)
        else:
            said.append("-" if value is None else shown(value, words.LANG))
    note = policy.table(table).rows[row - 1].note
    return [policy.tables[table].title, row, said, note]


def _lines_of(policy: Policy, workflow: str, state: str, trigger: str) -> str:
    ways = [one for one in policy.workflows[workflow].from_state(state) if one.trigger == trigger]
    return ", ".join(dict.fromkeys(f"{Path(one.file).name}:{one.line}" for one in ways))


def _answer(policy: Policy, taken: Taken) -> str:
    """What a gate that was asked said."""
    if not isinstance(taken.step, Asked) or taken.refused:
        return ""
    passage = taken.case.gates[taken.step.gate]
    grounds = policy.parts.gates[taken.step.gate].grounds
    said = "；".join(t(grounds[name].title.zh, grounds[name].title.en) for name in passage.grounds)
    return (
        f" → {words.answer(passage.answer)}（{said}）"
        if words.LANG == "zh"
        else f" -> {words.answer(passage.answer)} ({said})"
    )


def _step_title(policy: Policy, triggers: Any, step: Step) -> str:
    match step:
        case Fire() if step.trigger in triggers:
            return shown(triggers[step.trigger], words.LANG)
        case Fire():
            return step.trigger
        case Wait():
            until = timedelta(days=step.days)
            return t(f"过 {until.days} 天", f"{until.days} days pass")
        case Swept():
            return t(f"逐日巡检至 {step.until}", f"every day is swept up to {step.until}")
        case Met():
            title = policy.obligations[step.obligation].title
            return t(f"办结{title.zh}", f"{title.en} is met")
        case Asked():
            title = policy.parts.gates[step.gate].title
            return t(f"询问{title.zh}", f"{title.en} is asked")
        case GateTold():
            gate = policy.parts.gates[step.gate]
            title = gate.told[step.outcome].title if step.outcome in gate.told else Title(step.outcome, step.outcome)
            return t(f"{gate.title.zh}：{title.zh}", f"{gate.title.en}: {title.en}")
        case Tell():
            told = [f"{policy.fact_title(fact).zh if words.LANG == 'zh' else policy.fact_title(fact).en}={shown(value)}"
                    for fact, value in step.facts.items()]  # fmt: skip
            if step.area:
                told.append(shown(policy.areas[step.area].title, words.LANG))
            return t("、", ", ").join(told)


# --- diff ------------------------------------------------------------------------------------------------------------


@policy_command.command("diff", help=t(
    "比较两个政策：按规则而非按行说明差异，并指出哪些组织的结果会变（附一例）。\n\n\b\n示例：\n  guikou policy diff beijing-2015 ./my-policy",
    "Compare two policies: what differs, in rules and not in lines, and for which organisations the outcome changes, with one of them.\n\n\b\nExample:\n  guikou policy diff beijing-2015 ./my-policy",
))  # fmt: skip
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@office(formats=("table", "json"))
def diff_command(shared: Office, old: str, new: str) -> None:
    changes = difference(workflows.load(old), workflows.load(new))
    if shared.format == "json":
        write(shared, json.dumps([one.as_json() for one in changes], ensure_ascii=False, indent=2) + "\n")
        return
    lines = []
    for one in changes:
        lines.append(one.message(words.LANG))
        if one.witness:
            lines.append(f"    guikou policy try {shlex.quote(new)} {shlex.join(one.witness.arguments())}")
    lines.append(t(f"{len(changes)} 处不同", f"{len(changes)} differences"))
    write(shared, "\n".join(lines) + "\n")


# --- test ------------------------------------------------------------------------------------------------------------


@policy_command.command("test", help=t(
    "运行政策目录 examples/ 中的例子：给定事实，核对归口、阶段与路径。\n\n退出码：0 全部符合；1 有不符。\n\n\b\n示例：\n  guikou policy test beijing-2015\n  guikou policy test ./my-policy -v",
    "Run the examples in the policy's own examples/ folder: facts in, expected body, stage and path out.\n\nExit code: 0 all hold; 1 some don't.\n\n\b\nExamples:\n  guikou policy test beijing-2015\n  guikou policy test ./my-policy -v",
))  # fmt: skip
@click.argument("name", metavar="[NAME|DIR]", required=False)
@click.option("--covers", metavar="LINE", help=t("只运行涉及该条目的例子", "only those that cover this line"))
@office(formats=("table", "json"))
def test_command(shared: Office, name: str | None, covers: str | None) -> int:
    policy = workflows.load(name) if name else shared.policy
    chosen = [one for one in examples(policy) if covers is None or covers in one.written.covers]
    if not chosen:
        raise WrongUsage(
            reason_en="no examples to run: put them in the policy's folder, examples/*.yaml",
            reason_zh="没有可运行的例子：请写入政策目录的 examples/*.yaml",
        )
    results = [run(policy, one) for one in chosen]
    failed = sum(bool(one.misses) for one in results)
    covered = sorted({line for one in chosen for line in one.written.covers})
    if shared.format == "json":
        said = [
            {
                "name": as_json(one.example.name),
                "covers": one.example.written.covers,
                "file": one.example.where.file,
                "line": one.example.where.line,
                "misses": [
                    {"line": miss.where.line, "key": miss.key, "message": as_json(miss.text)} for miss in one.misses
                ],
            }
            for one in results
        ]
        write(shared, json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return 1 if failed else 0
    lines = []
    for one in results:
        for miss in one.misses:
            lines.append(
                f"{miss.where.text(words.LANG)}: {shown(one.example.name, words.LANG)}: {shown(miss.text, words.LANG)}"
            )
    lines.append(t(
        f"{len(results)} 个例子，{failed} 个不符；涉及 {'、'.join(covered)}",
        f"{len(results)} examples, {failed} failed; they cover {', '.join(covered)}",
    ))  # fmt: skip
    write(shared, "\n".join(lines) + "\n")
    return 1 if failed else 0


# --- diagram, schema -------------------------------------------------------------------------------------------------


@policy_command.command("diagram", help=t(
    "把流程和归口画成图：Mermaid 或 Graphviz（dot）。\n\n\b\n示例：\n  guikou policy diagram beijing-2015 --workflow foundation\n  guikou policy diagram beijing-2015 --routing --format dot | dot -Tsvg -o routing.svg",
    "Draw the workflows and the routing: Mermaid or Graphviz (dot).\n\n\b\nExamples:\n  guikou policy diagram beijing-2015 --workflow foundation\n  guikou policy diagram beijing-2015 --routing --format dot | dot -Tsvg -o routing.svg",
))  # fmt: skip
@click.argument("name", metavar="[NAME|DIR]", required=False)
@click.option(
    "--workflow", "workflow", metavar="WORKFLOW", help=t("哪个流程（默认全部）", "which workflow (default: all)")
)
@click.option("--routing", is_flag=True, help=t("归口图", "the routing"))
@office(formats=("mermaid", "dot"))
def diagram_command(shared: Office, name: str | None, workflow: str | None, routing: bool) -> None:
    from .. import diagram

    policy = workflows.load(name) if name else shared.policy
    if workflow is not None and workflow not in policy.workflows:
        raise UnknownChoice(kind_en="workflow", kind_zh="流程", name=workflow, known=sorted(policy.workflows))
    draw, draw_routing = diagram.workflow_mermaid, diagram.routing_mermaid
    if shared.format == "dot":
        draw, draw_routing = diagram.workflow_dot, diagram.routing_dot
    if routing:
        write(shared, draw_routing(policy, words.LANG))
        return
    chosen = [policy.workflows[workflow]] if workflow else list(policy.workflows.values())
    comment = "//" if shared.format == "dot" else "%%"
    parts = [draw(policy, one, words.LANG) for one in chosen]
    if len(parts) > 1:
        parts = [f"{comment} {one.name}\n{part}" for one, part in zip(chosen, parts, strict=True)]
    write(shared, "\n".join(parts))


@policy_command.command("schema", help=t(
    "输出政策文件的 JSON Schema，供编辑器提示与补全。\n\n\b\n示例：\n  guikou policy schema workflow -o workflow.schema.json",
    "Print the JSON Schema of a policy file, for hover and completion in an editor.\n\n\b\nExample:\n  guikou policy schema workflow -o workflow.schema.json",
))  # fmt: skip
@click.argument("kind", type=click.Choice(["policy", "bodies", "tables", "workflow", "examples", "parts"]))
@office(formats=("json",))
def schema_command(shared: Office, kind: str) -> None:
    from .. import schema

    write(shared, schema.text(kind))
