"""explain: which rows of which tables decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from guikou.engine.cases.events import EVENT_TITLES, EventKind
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import SWEEP
from guikou.engine.rules.wording import test_in_words
from guikou.engine.supervision.explained import CellExplained, RuleExplained
from guikou.engine.supervision.plain import outcome
from guikou.engine.supervision.views import Explanation
from guikou.engine.text import Title

from . import options
from .history import why
from .language import t
from .render import Column, note, print_rows
from .session import Session, with_session
from .titles import spoken

_COLUMNS = [
    Column("table", "表", "table"),
    Column("row", "行", "row", right=True),
    Column("fact", "事实", "fact"),
    Column("needed", "要求", "needed"),
    Column("value", "当时", "then", folds=1),
    Column("met", "符合", "met"),
    Column("outcome", "结论", "outcome", folds=2),
    Column("note", "依据", "note", folds=2),
    Column("file", "文件", "file", table=False),
    Column("line", "行号", "line", table=False),
]
_MET = {True: "✓", False: "✗", None: "?"}


@click.command("explain", help=t(
    "逐项说明：哪张表的哪一行决定了归口、阶段等。\n\n\b\n示例：\n  guikou explain 52110105MJ0123456N",
    "Which row of which table decided, fact by fact.\n\n\b\nExample:\n  guikou explain 52110105MJ0123456N",
))  # fmt: skip
@options.case
@with_session(on_record=True)
def explain_command(session: Session, case: str) -> None:
    session.supervision.get(case, seen_by=session.body, as_of=session.as_of)
    found = session.supervision.explain(case, as_of=session.as_of)
    view, rows = found.case, [row for rule in found.rules for row in _rows(session, found.case.policy, rule)]
    title = t(
        f"{view.id} {view.name}：归口 {view.responsible.title.zh}",
        f"{view.id} {view.name}: {view.responsible.title.en}",
    )
    print_rows(session, _COLUMNS, rows, title, objects=found.to_dict()["rules"])
    if session.format == "table" and found.entered.kind != EventKind.OPENED:
        click.echo(_entered(found))


def _entered(found: Explanation) -> str:
    """What brought a case to where it stands, which the tables that placed it do not say."""
    view, event = found.case, found.entered
    policy, workflow = view.policy, view.policy.workflows[view.workflow]
    what = workflow.triggers.get(event.trigger or "") or EVENT_TITLES[event.kind]
    body = policy.places.bodies.get(event.body)
    by, day, reason = spoken(body.title) if body is not None else event.body, policy.day(event.at), why(policy, event)
    if event.actor == SWEEP:
        by = t("巡检自动", "the sweep by itself")
    return t(
        f"现处于 {workflow.full_title(view.state).zh}：{day} 由{by}“{what.zh}”（第 {event.seq} 号事件）"
        + (f"；{reason}" if reason else ""),
        f"it stands at {workflow.full_title(view.state).en} since {day}: '{what.en}' by {by} (event no. {event.seq})"
        + (f"; {reason}" if reason else ""),
    )


def _rows(session: Session, policy: Policy, rule: RuleExplained) -> Iterator[list[Any]]:
    """A row of a table, a line for each fact that it asks; in a terminal the row itself stands on the first only, and
    what follows from it on the last: where that goes under its line, all that was asked comes before it."""
    title = policy.tables[rule.table].title if rule.table in policy.tables else Title(rule.table, rule.table)
    said = outcome(policy, rule.outputs)
    asked = [cell for cell in rule.cells if not cell.test.everything]
    for at, cell in enumerate(asked or [None]):
        first, last = (session.format != "table" or at == end for end in (0, max(len(asked) - 1, 0)))
        yield [
            title if first else None,
            rule.row if first else None,
            policy.vocabulary.title(cell.fact) if cell else None,
            test_in_words(cell.fact, cell.test, policy.vocabulary) if cell else "-",
            _is(policy, cell) if cell else None,
            _MET[cell.met] if cell else None,
            said if last else None,
            note(rule.note) if last else None,
            rule.file,
            rule.line,
        ]


def _is(policy: Policy, cell: CellExplained) -> Any:
    return cell.value if cell.met is None else policy.vocabulary.value(cell.fact, cell.value)
