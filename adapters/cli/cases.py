"""show, history, explain, advance, facts, block, meet, postpone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from guikou.engine.case import Title
from guikou.engine.errors import NotAFact
from guikou.engine.views import CaseView

from . import words
from .clock import KINDS, warn_assumed
from .listings import CASE_COLUMNS, case_row
from .office import Office, office
from .render import Column, print_one, print_rows
from .words import t


def pairs(what: str) -> Any:
    """A callback that reads KEY=VALUE words as a dict."""

    def read(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> dict[str, str]:
        pairs = {}
        for word in words:
            key, equals, value = word.partition("=")
            if not equals or not key:
                raise click.BadParameter(t(f"“{word}” 应写作 {what}", f"'{word}' must be written {what}"), ctx, param)
            pairs[key] = value
        return pairs

    return read


def told(shared: Office, view: CaseView) -> None:
    """What a command led to."""
    warn_assumed(view.policy, view.case.assumed)
    if shared.format != "table":
        print_one(shared, list(zip(CASE_COLUMNS, case_row(view), strict=True)))
        return
    state = view.what
    due = t(f"，期限 {view.due}", f", due {view.due}") if view.due else ""
    whole = view.case.stage_due
    if view.obligation is None and whole not in (None, view.due):
        due += t(f"（阶段期限 {whole}）", f" (the stage: {whole})")
    click.echo(
        t(f"{view.id} {view.name}：{state.zh}，归口 {view.responsible.title.zh}{due}",
          f"{view.id} {view.name}: {state.en}, with {view.responsible.title.en}{due}")
    )  # fmt: skip


evidence_option = click.option(
    "--evidence",
    "-e",
    multiple=True,
    metavar="KEY=REFERENCE",
    callback=pairs("KEY=REFERENCE"),
    help=t("材料及文号，可多次", "evidence by its reference, may be repeated"),
)


def by_whom(function: Any) -> Any:
    for option in (
        click.option("--actor", help=t("经办账号（默认为机构代码）", "the office's account (default: the body)")),
        click.option("--request-id", help=t("请求号：重复提交只生效一次", "the same request again takes effect once")),
    ):
        function = option(function)
    return function


@click.command("show", help=t(
    "查看案卷。\n\n\b\n示例：\n  guikou show 52110105MJ0123456X", "Show a case.\n\n\b\nExample:\n  guikou show 52110105MJ0123456X"
))  # fmt: skip
@click.argument("case")
@office()
def show_command(shared: Office, case: str) -> None:
    view = shared.supervision.get(case, seen_by=shared.body, as_of=shared.as_of)
    policy = view.policy
    fields = list(zip(CASE_COLUMNS, case_row(view), strict=True))
    fields += [
        (Column("since", "进入阶段", "in this stage since"), view.case.stage_since),
        (Column("stage_due", "阶段期限", "the stage's deadline"), view.case.stage_due),
        (Column("revision", "版本", "revision"), view.case.revision),
    ]
    fields += _duties(shared, view)
    fields += _in_step(shared, view)
    if shared.format == "json":
        fields.append((Column("facts", "事实", "facts"), dict(view.case.facts)))
    else:
        for name, value in view.case.facts.items():
            title = policy.fact_title(name)
            titles = policy.facts[name].titles if name in policy.facts else {}
            fields.append((Column(name, title.zh, title.en), titles.get(str(value), value)))
    print_one(shared, fields)


def _duties(shared: Office, view: CaseView) -> list[tuple[Column, Any]]:
    """What the organisation owes; and what can't be scheduled for want of a fact."""
    policy = view.policy
    if shared.format == "json":
        kept = {name: duty.content() for name, duty in view.case.duties.items()}
        return [
            (Column("duties", "义务", "duties"), kept),
            (Column("unscheduled", "未排定", "unscheduled"), view.unscheduled),
        ]
    fields: list[tuple[Column, Any]] = []
    for name, duty in view.case.duties.items():
        if name not in policy.obligations or duty.due is None:
            continue
        title = policy.obligations[name].title
        late = max(0, (view.today - duty.due).days)
        text = t(f"{duty.due} 到期", f"due {duty.due}") + (
            t(f"，逾期 {late} 天", f", {late} days overdue") if late else ""
        )
        text += t(f"；自 {duty.opens} 起办理", f"; from {duty.opens} on") if not duty.open else ""
        text += t("；已延期", "; postponed") if duty.extensions else ""
        fields.append((Column(name, title.zh, title.en), text))
    for name, facts in view.unscheduled.items():
        title, needed = policy.obligations[name].title, [policy.fact_title(fact) for fact in facts]
        text = t(
            f"未排定：需要 {'、'.join(one.zh for one in needed)}",
            f"not scheduled: needs {', '.join(one.en for one in needed)}",
        )
        fields.append((Column(name, title.zh, title.en), text))
    return fields


def _in_step(shared: Office, view: CaseView) -> list[tuple[Column, Any]]:
    """What its state still lacks, the gates it was asked at, its groups, what was recorded of it."""
    policy, case = view.policy, view.case
    if shared.format == "json":
        return [
            (Column("lacking", "尚缺", "lacking"), {need.fact: need.test for need in view.lacking}),
            (Column("gates", "关口", "gates"), {name: one.content() for name, one in case.gates.items()}),
            (Column("groups", "联合", "groups"), {id: one.content() for id, one in case.groups.items()}),
            (Column("members", "成员数", "members"), case.members),
            (Column("records", "记录", "records"), {name: one.content() for name, one in case.records.items()}),
            (Column("continues", "接续自", "carries on"), case.continues),
            (Column("continued_as", "由其接续", "carried on by"), case.continued_as),
        ]
    fields: list[tuple[Column, Any]] = []
    if view.lacking:
        titles = [policy.fact_title(need.fact) for need in view.lacking]
        fields.append((Column("lacking", "尚缺", "still lacks"), titles))
    for name, passage in case.gates.items():
        gate = policy.parts.gates.get(name)
        if gate is not None:
            grounds = [gate.grounds[one].title for one in passage.grounds if one in gate.grounds]
            said = f"{passage.asked} {words.answer(passage.answer)}"
            passed = t(f"；{passage.passed} 办结", f"; passed {passage.passed}") if passage.passed else ""
            fields.append((Column(name, gate.title.zh, gate.title.en), f"{said}{passed}: {_listed(grounds)}"))
    for id, one in case.groups.items():
        kind = policy.parts.groups.get(one.kind)
        title = kind.title if kind is not None else Title(one.kind, one.kind)
        fields.append((Column(id, title.zh, title.en), t(f"{id}，自 {one.since}", f"{id}, since {one.since}")))
    if case.members:
        fields.append((Column("members", "成员数", "members"), case.members))
    for name, tally in case.records.items():
        record = policy.parts.records.get(name)
        if record is not None:
            times, count, amount = tally.of(view.today.year)
            text = t(f"{view.today.year} 年 {times} 次", f"{times} in {view.today.year}")
            text += f", {count} {t(record.count.zh, record.count.en)}" if record.count is not None else ""
            text += f", {amount}" if record.amount else ""
            fields.append((Column(name, record.title.zh, record.title.en), text))
    for key, zh, en, other in (
        ("continues", "接续自", "carries on", case.continues),
        ("continued_as", "由其接续", "carried on by", case.continued_as),
    ):
        if other is not None:
            fields.append((Column(key, zh, en), other))
    return fields


def _listed(titles: list[Title]) -> str:
    return t("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


@click.command("history", help=t(
    "案卷的全部事件，并核验其哈希链。\n\n\b\n示例：\n  guikou history 52110105MJ0123456X --format json",
    "Everything that happened to a case; its chain of hashes is checked.\n\n\b\nExample:\n  guikou history 52110105MJ0123456X --format json",
))  # fmt: skip
@click.argument("case")
@office()
def history_command(shared: Office, case: str) -> None:
    view = shared.supervision.get(case, seen_by=shared.body)
    events = shared.supervision.lineage(case)
    columns = [
        Column("case", "案卷", "case", table=len({event.case for event in events}) > 1),
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
    rows = []
    workflow = view.policy.workflows[view.workflow]
    for event in events:
        workflow = view.policy.workflows.get(event.changes.get("workflow", ""), workflow)
        if shared.as_of is not None and view.policy.day(event.at) > shared.as_of:
            continue
        state = event.changes.get("state")
        rows.append([
            event.case,
            event.seq,
            view.policy.day(event.at),
            KINDS.get(event.kind, event.kind) if shared.format != "json" else event.kind,
            workflow.triggers.get(event.trigger or "", event.trigger) if shared.format != "json" else event.trigger,
            _about(view, event.changes) if shared.format != "json" else event.changes.get("concerns"),
            workflow.full_title(str(state)) if state in workflow.states and shared.format != "json" else state,
            view.policy.bodies.get(event.body, event.body),
            [f"{key}={value}" for key, value in event.evidence.items()] if shared.format != "json" else event.evidence,
            event.reason,
            event.at,
            event.recorded_at,
            event.actor,
            event.policy,
            dict(event.changes),
            [one.content() for one in event.rules],
            event.request_id,
            event.hash,
        ])  # fmt: skip
    print_rows(shared, columns, rows)


def _about(view: CaseView, changes: Mapping[str, Any]) -> Any:
    """What an event is about: an obligation, a gate with its answer or outcome, a record, a group, a member."""
    policy, parts = view.policy, view.policy.parts
    if "concerns" in changes:
        found = policy.obligations.get(changes["concerns"])
        return found.title if found is not None else changes["concerns"]
    if "gate" in changes:
        gate = parts.gates.get(changes["gate"])
        if gate is None:
            return changes["gate"]
        if "answer" in changes:
            return t(
                f"{gate.title.zh}：{words.answer(changes['answer'])}",
                f"{gate.title.en}: {words.answer(changes['answer'])}",
            )
        outcome = gate.told.get(changes["outcome"])
        value = outcome.values.get(changes["value"] or "") if outcome is not None else None
        titles = [one.title for one in (outcome, value) if one is not None]
        return t(f"{gate.title.zh}：", f"{gate.title.en}: ") + _listed(titles)
    if "record" in changes:
        record = parts.records.get(changes["record"])
        title = record.title if record is not None else Title(changes["record"], changes["record"])
        more = [str(changes[key]) for key in ("amount", "count", "venue") if key in changes]
        more += [f"({changes['on']}, {changes['year']})"] if "on" in changes else []
        more += [t(f"（第 {changes['struck']} 号）", f"(no. {changes['struck']})")] if "struck" in changes else []
        return " ".join([t(title.zh, title.en), *more])
    return changes.get("group") or changes.get("member")


@click.command("explain", help=t(
    "逐项说明：哪张表的哪一行决定了归口、阶段等。\n\n\b\n示例：\n  guikou explain 52110105MJ0123456X",
    "Which row of which table decided, fact by fact.\n\n\b\nExample:\n  guikou explain 52110105MJ0123456X",
))  # fmt: skip
@click.argument("case")
@office()
def explain_command(shared: Office, case: str) -> None:
    shared.supervision.get(case, seen_by=shared.body)
    found = shared.supervision.explain(case)
    policy = found.case.policy
    columns = [
        Column("table", "表", "table"),
        Column("row", "行", "row", right=True),
        Column("fact", "事实", "fact"),
        Column("needed", "要求", "needed"),
        Column("value", "实际", "is"),
        Column("met", "符合", "met"),
        Column("outcome", "结论", "outcome"),
        Column("note", "依据", "note"),
        Column("file", "文件", "file", table=False),
        Column("line", "行号", "line", table=False),
    ]
    met = {True: "✓", False: "✗", None: "?"}
    rows: list[list[Any]] = []
    for rule in found.rules:
        title = policy.tables[rule.table].title if rule.table in policy.tables else Title(rule.table, rule.table)
        outcome = _outcome(policy, rule.outputs)
        asked = [cell for cell in rule.cells if not cell.test.everything]
        for at, cell in enumerate(asked or [None]):
            first = at == 0 or shared.format != "table"
            rows.append([
                title if first else None,
                rule.row if first else None,
                policy.fact_title(cell.fact) if cell else None,
                cell.test.text if cell else "-",
                cell.value if cell else None,
                (cell.met if shared.format == "json" else met[cell.met]) if cell else None,
                outcome if first else None,
                rule.note if first else None,
                rule.file,
                rule.line,
            ])  # fmt: skip
    view = found.case
    print_rows(
        shared,
        columns,
        rows,
        t(
            f"{view.id} {view.name}：归口 {view.responsible.title.zh}",
            f"{view.id} {view.name}: {view.responsible.title.en}",
        ),
    )


def _outcome(policy: Any, outputs: Any) -> Title:
    value = next(iter(outputs.values()), None)
    for known in (policy.bodies, policy.workflows):
        if value in known:
            return Title(known[value].title.zh, known[value].title.en)
    text = "-" if value is None else str(value)
    return Title(text, text)


@click.command("advance", help=t(
    "办理案卷：触发一个动作。\n\n\b\n示例：\n  guikou advance 52110105MJ0123456X establish --as chaoyang-education --evidence approval_document=朝教工委〔2016〕12号",
    "Advance a case: fire a trigger.\n\n\b\nExample:\n  guikou advance 52110105MJ0123456X establish --as chaoyang-education --evidence approval_document=2016-12",
))  # fmt: skip
@click.argument("case")
@click.argument("trigger")
@evidence_option
@click.option("--reason", default="", metavar="TEXT", help=t("理由", "why"))
@by_whom
@office(writes=True)
def advance_command(shared: Office, case: str, trigger: str, **rest: Any) -> None:
    told(shared, shared.supervision.advance(case, trigger, by=shared.acting(), when=shared.when(), **rest))


@click.command("meet", help=t(
    "办结一项周期性义务（如年检、换届、例会）；下一期随即排定。\n\n\b\n示例：\n  guikou meet 52110105MJ0123456X inspection --outcome qualified -e inspection_report=2016-1 -e party_building_report=2016-2 --as chaoyang-education",
    "Record that an obligation was met (an inspection, a change of term, a meeting); the next is scheduled at once.\n\n\b\nExample:\n  guikou meet 52110105MJ0123456X inspection --outcome qualified -e inspection_report=2016-1 -e party_building_report=2016-2 --as chaoyang-education",
))  # fmt: skip
@click.argument("case")
@click.argument("obligation")
@click.option(
    "--outcome",
    metavar="KEY",
    help=t("结论（只有一种时可省略）", "how it ended (not needed where there is one way only)"),
)
@evidence_option
@by_whom
@office(writes=True)
def meet_command(shared: Office, case: str, obligation: str, **rest: Any) -> None:
    told(shared, shared.supervision.meet(case, obligation, by=shared.acting(), when=shared.when(), **rest))


@click.command("postpone", help=t(
    "延期一项周期性义务，须写明理由；次数与时长由政策规定。\n\n\b\n示例：\n  guikou postpone 52110105MJ0123456X change_of_term --reason 场地搬迁 -e postponement_approval=2020-3 --as beijing-education",
    "Put off an obligation's due date, for a reason; the policy says how often and how far.\n\n\b\nExample:\n  guikou postpone 52110105MJ0123456X change_of_term --reason 'premises are being moved' -e postponement_approval=2020-3 --as beijing-education",
))  # fmt: skip
@click.argument("case")
@click.argument("obligation")
@click.option("--reason", required=True, metavar="TEXT", help=t("理由", "why"))
@evidence_option
@by_whom
@office(writes=True)
def postpone_command(shared: Office, case: str, obligation: str, **rest: Any) -> None:
    told(shared, shared.supervision.postpone(case, obligation, by=shared.acting(), when=shared.when(), **rest))


@click.command("facts", help=t(
    "更新组织事实；归口随之重新确定。\n\n\b\n示例：\n  guikou facts 52110105MJ0123456X party_members=5 regular_life=true --as chaoyang-education",
    "Record facts that became known; the case is routed anew.\n\n\b\nExample:\n  guikou facts 52110105MJ0123456X party_members=5 regular_life=true --as chaoyang-education",
))  # fmt: skip
@click.argument("case")
@click.argument("facts", nargs=-1, required=True, callback=pairs("FACT=VALUE"), metavar="FACT=VALUE...")
@click.option("--request-id", help=t("请求号：重复提交只生效一次", "the same request again takes effect once"))
@office(writes=True)
def facts_command(shared: Office, case: str, facts: dict[str, str], request_id: str | None) -> None:
    from ..intake import read_fact

    policy = shared.policy
    for name in facts:
        if name not in policy.facts:
            raise NotAFact(fact=name, known=sorted(policy.facts))
    values = {name: read_fact(policy, name, text) for name, text in facts.items()}
    shared.supervision.get(case, seen_by=shared.acting())
    told(shared, shared.supervision.report(case, values, by=shared.acting(), when=shared.when(), request_id=request_id))


@click.command("block", help=t(
    "记录（或用 --clear 解除）妨碍组建的原因。\n\n\b\n示例：\n  guikou block 52110105MJ0123456X hard_to_form --as chaoyang-education",
    "Record (or with --clear, clear) what keeps a case from going on.\n\n\b\nExample:\n  guikou block 52110105MJ0123456X hard_to_form --as chaoyang-education",
))  # fmt: skip
@click.argument("case")
@click.argument("code")
@click.option("--clear", is_flag=True, help=t("解除", "it no longer does"))
@click.option("--request-id", help=t("请求号：重复提交只生效一次", "the same request again takes effect once"))
@office(writes=True)
def block_command(shared: Office, case: str, code: str, clear: bool, request_id: str | None) -> None:
    told(
        shared,
        shared.supervision.block(
            case, code, by=shared.acting(), clear=clear, when=shared.when(), request_id=request_id
        ),
    )
