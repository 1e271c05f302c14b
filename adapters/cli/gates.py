"""gate ask|tell|list."""

from __future__ import annotations

from typing import Any

import click

from guikou.engine.policy.gates import Gate
from guikou.engine.rules.wording import test_in_words
from guikou.engine.supervision.views import CaseView, GateAnswer, GateView
from guikou.engine.text import Title

from . import names, options
from .cases import print_outcome
from .counted import tell_cut
from .language import t
from .render import Column, note, print_json, print_one, print_rows, write
from .session import Session, with_session
from .titles import answer

_COLUMNS = [
    Column("case", "案卷", "case", whole=True),
    Column("name", "组织名称", "organisation"),
    Column("gate", "关口", "gate"),
    Column("standing", "情形", "standing"),
    Column("answer", "答复", "answer"),
    Column("asked", "询问日期", "asked", whole=True),
    Column("told", "已回报", "told"),
    Column("left", "待回报", "still to tell"),
    Column("due", "期限", "due", whole=True),
    Column("days_overdue", "逾期天数", "days overdue", right=True),
    Column("grounds", "理由", "grounds", table=False),
    Column("responsible", "归口单位", "responsible body", table=False),
    Column("passed", "办结", "passed", table=False),
]
_STANDING = {
    "half-told": Title("只回报一半", "half-told"),
    "asked": Title("已询问", "asked"),
    "refused": Title("不准予", "refused"),
    "passed": Title("已办结", "passed"),
}


@click.group("gate", help=t(
    "关口：登记、年检、换届、评估、孵化等系统询问“可否办理”，并回报结果。",
    "Gates: the systems of registration, inspection, change of term, evaluation and incubation ask whether an organisation may proceed, and tell what came of it.",
))  # fmt: skip
def gate_command() -> None:
    pass


@gate_command.command("ask", help=t(
    "询问可否办理：准予、附条件准予或不准予，附理由、依据和办法。答复是一条事件。\n\n退出码：0 准予或附条件准予；1 不准予。\n\n\b\n示例：\n  guikou gate ask 52110105MJ0123456N 等级评估 --as 朝阳区社会团体管理办公室 --request-id e-2016-7",
    "Ask whether it may proceed: allowed, allowed on a condition, or refused, with why, by which rows, and what to do. The answer is an event.\n\nExit code: 0 allowed, also on a condition; 1 refused.\n\n\b\nExample:\n  guikou gate ask 52110105MJ0123456N grade_evaluation --as chaoyang-registration --request-id e-2016-7",
))  # fmt: skip
@options.case
@click.argument("gate", type=names.GATE, metavar=t("关口", "GATE"))
@options.late
@options.by_whom
@with_session(writes=True)
def ask_command(session: Session, case: str, gate: str, **rest: Any) -> int:
    found = session.supervision.gate(case, gate, by=session.acting(), when=session.when(), **rest)
    if session.format == "table":
        _print_answer(session, found)
    elif session.format == "json":
        print_json(session, found.to_dict())
    else:
        print_one(session, _answer_fields(found))
    return 1 if found.answer == "refused" else 0


def _answer_fields(found: GateAnswer) -> list[tuple[Column, Any]]:
    """The answer as a table has it."""
    said = found.to_dict()
    return [
        (Column("case", "案卷", "case"), found.case.id),
        (Column("gate", "关口", "gate"), found.gate.name),
        (Column("answer", "答复", "answer"), found.answer),
        (Column("due", "条件期限", "condition due"), found.due),
        (Column("opens", "可回报自", "may be told from"), found.opens),
        (Column("grounds", "理由", "grounds"), [one.title for one in found.grounds]),
        (Column("do", "办法", "what to do"), [one.do for one in found.grounds if one.do is not None]),
        (Column("rules", "依据", "rules"), said["rules"]),
        (Column("seq", "事件号", "event"), found.event.seq),
    ]


def _print_answer(session: Session, found: GateAnswer) -> None:
    """The answer, why, and what to do; then the rows that decided."""
    due = t(f"，须在 {found.due} 前满足条件", f"; the condition is to be met by {found.due}") if found.due else ""
    said = answer(found.answer)
    lines = [
        t(f"{found.case.id} {found.case.name}，{found.gate.title.zh}：{said}{due}",
          f"{found.case.id} {found.case.name}, {found.gate.title.en}: {said}{due}")
    ]  # fmt: skip
    if found.opens is not None:
        lines.append(t(f"结果自 {found.opens} 起可回报", f"what comes of it may be told from {found.opens} on"))
    for ground in found.grounds:
        do = t(f"；{ground.do.zh}", f"; {ground.do.en}") if ground.do is not None else ""
        lines.append(t(f"- {ground.title.zh}{do}", f"- {ground.title.en}{do}"))
    write(session, "\n".join(lines) + "\n")
    if found.rules:
        columns = [
            Column("table", "表", "table"), Column("row", "行", "row", right=True), Column("fact", "事实", "fact"),
            Column("needed", "要求", "needed"), Column("is", "实际", "is"), Column("note", "依据", "note"),
        ]  # fmt: skip
        policy = found.case.policy
        rows = [
            [
                policy.tables[rule.table].title,
                rule.row,
                policy.vocabulary.title(cell.fact),
                test_in_words(cell.fact, cell.test, policy.vocabulary),
                policy.vocabulary.value(cell.fact, cell.value),
                note(rule.note),
            ]
            for rule in found.rules
            for cell in rule.cells
            if not cell.test.everything
        ]
        print_rows(session, columns, rows)


@gate_command.command("tell", help=t(
    "回报办理结果。须同步的结果全部回报后才生效；只回报一半的，列为欠办，逾期上报。\n\n\b\n示例：\n  guikou gate tell 52110105MJ0123456N 年度检查 年检结论 --value 合格 -e 年检报告书=2016-7 --as 朝阳区社会团体管理办公室",
    "Tell what came of it. Outcomes that go in step take effect once all are told; a pair that is half told is owed, becomes overdue and is escalated.\n\n\b\nExample:\n  guikou gate tell 52110105MJ0123456N annual_inspection inspected --value qualified -e inspection_report=2016-7 --as chaoyang-registration",
))  # fmt: skip
@options.case
@click.argument("gate", type=names.GATE, metavar=t("关口", "GATE"))
@click.argument("outcome", type=names.OUTCOME, metavar=t("结果", "OUTCOME"))
@click.option(
    "--value",
    type=names.VALUE,
    metavar=t("取值", "KEY"),
    help=t("结果的取值（如 qualified）", "the outcome's value (such as qualified)"),
)
@options.evidence
@options.late
@options.by_whom
@with_session(writes=True)
def tell_command(session: Session, case: str, gate: str, outcome: str, **rest: Any) -> None:
    view = session.supervision.tell(case, gate, outcome, by=session.acting(), when=session.when(), **rest)
    print_outcome(session, view)
    if session.format == "table":
        _print_left(view, session.policy.parts.gates[gate])


def _print_left(view: CaseView, gate: Gate) -> None:
    """What is still to be told before anything takes effect."""
    left = [gate.told[name] for name in view.left(gate.name)]
    if not left:
        return
    owed = view.case.duties.get(gate.in_step.owes) if gate.in_step is not None else None
    due = owed.due if owed is not None else None
    names = t(
        "、".join(f"{one.name}（{one.title.zh}）" for one in left),
        ", ".join(f"{one.name} ({one.title.en})" for one in left),
    )
    click.echo(t(f"尚未生效：{due} 前还须回报 {names}", f"not in effect yet: {names} must be told by {due}"))


@gate_command.command("list", help=t(
    "各案卷的关口情况：只回报一半的在前，逾期最久者最先。\n\n\b\n示例：\n  guikou gate list --standing 只回报一半\n  guikou gate list --gate 登记 --under 朝阳区社会团体管理办公室",
    "How cases stand before gates: the half-told first, the longest overdue first of all.\n\n\b\nExamples:\n  guikou gate list --standing half-told\n  guikou gate list --gate registration --under chaoyang-registration",
))  # fmt: skip
@click.option("--gate", type=names.GATE, metavar=t("关口", "GATE"), help=t("只列该关口", "only this gate"))
@click.option(
    "--standing",
    type=names.Words({key: (one.zh, one.en) for key, one in _STANDING.items()}),
    help=t("只列该情形", "only those that stand so"),
)
@options.under
@click.option("--all", "every", is_flag=True, help=t("包括已结案的", "closed cases too"))
@options.by_place(("type", "area", "limit"))
@with_session(on_record=True)
def list_gates_command(
    session: Session,
    standing: str | None,
    under: str | None,
    every: bool,
    type_: str | None,
    limit: int | None,
    **rest: Any,
) -> None:
    closed = None if every else False
    found = session.supervision.gates(
        under=under or session.body, type=type_, closed=closed, as_of=session.as_of, **rest
    )
    chosen = [one for one in found if standing in (None, one.standing)]
    shown = chosen[:limit]
    rows = [_gate_row(one) for one in shown]
    empty = t("没有符合的关口", "no such gate was asked")
    print_rows(session, _COLUMNS, rows, empty=empty, name=t("关口", "gates"), objects=shown)
    tell_cut(session, len(shown), limit, lambda: len(chosen))


def _gate_row(one: GateView) -> list[Any]:
    gate, passage = one.gate, one.passage
    return [
        one.case.id,
        one.case.name,
        gate.title,
        _STANDING[one.standing],
        answer(passage.answer),
        passage.asked,
        [gate.told[name].title for name in passage.told if name in gate.told],
        [gate.told[name].title for name in one.left],
        one.due,
        one.days_overdue,
        [gate.grounds[name].title for name in passage.grounds if name in gate.grounds],
        one.case.responsible,
        passage.passed,
    ]
