"""correct, reopen: what was wrong is put right on record, and what was closed goes on."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from guikou.engine.cases.events import Event, EventKind
from guikou.engine.policy.synonyms import OWN
from guikou.engine.supervision import plain
from guikou.engine.supervision.correcting import Corrected
from guikou.engine.text import Title

from . import names, options
from .advance import undoing
from .asking import confirmed
from .cases import print_outcome
from .history import SAID, handed_in, happened, why
from .language import t
from .render import Column, print_json, print_rows
from .session import Session, with_session
from .show import fields
from .titles import spoken
from .values import read_facts

_EVENTS = [
    Column("change", "变动", "change"),
    *(replace(one, folds=1) if one.key == "body" else one for one in SAID),
]
_CASE = [
    Column("field", "项目", "field"),
    Column("before", "更正前", "was"),
    Column("after", "更正后", "is now"),
]


@click.command("correct", help=t(
    "更正一个有误的事件：原事件留在历史中，其后的一切按当时的规则重新确定。\n\n\b\n示例：\n  guikou correct 52110105MJ0123456N --event 4 从业人员数=62 --reason 录入有误 --as 朝阳区委教育工作委员会 --dry-run\n  guikou correct 52110105MJ0123456N --event 5 --day 2016-01-12 --reason 批复日期有误 --as 朝阳区委教育工作委员会",
    "Correct an event that was wrong: it stays in the history, and all that came after it is decided anew, each by the rules of its time.\n\n\b\nExamples:\n  guikou correct 52110105MJ0123456N --event 4 employees=62 --reason 'mistyped' --as chaoyang-education --dry-run\n  guikou correct 52110105MJ0123456N --event 5 --day 2016-01-12 --reason 'the day of the approval' --as chaoyang-education",
))  # fmt: skip
@options.own_case
@click.argument(
    "facts", nargs=-1, type=names.FACT, callback=options.pairs(options.FACT_PAIR), metavar=f"[{options.FACT_PAIR}...]"
)
@click.option(
    "--event",
    "seq",
    type=click.IntRange(1, options.MOST),
    required=True,
    metavar="N",
    help=t("要更正的事件的序号（见 guikou history）", "the number of the event that was wrong (see guikou history)"),
)
@click.option(
    "--trigger",
    type=names.TRIGGER,
    metavar=t("动作", "TRIGGER"),
    help=t("应为哪个动作", "the trigger that it should have been"),
)
@click.option(
    "--outcome",
    type=names.OUTCOME,
    metavar=t("结果", "OUTCOME"),
    help=t("应为什么结果", "the outcome that it should have had"),
)
@click.option(
    "--value",
    type=names.VALUE,
    metavar=t("值", "VALUE"),
    help=t("应回报什么值", "the value that should have been told"),
)
@click.option("--day", type=options.Day(), help=t("应在哪天生效", "the day on which it should have taken effect"))
@click.option(
    "--name", metavar=t("名称", "NAME"), help=t("组织应为的名称", "the organisation's name as it should have been")
)
@click.option(
    "--area",
    type=names.AREA,
    metavar=t("区域", "AREA"),
    help=t("组织应在的区域", "the area in which it should have been"),
)
@click.option(
    "--because",
    metavar=t("文字", "TEXT"),
    help=t("该事件应写的理由或备注", "the reason, or the remark, that it should have given"),
)
@options.evidence
@click.option("--never", is_flag=True, help=t("该事件并未发生", "it did not happen at all"))
@options.reason_required
@options.by_whom
@click.option(
    "--dry-run", is_flag=True, help=t("只列出会有什么不同，不写入", "list what would come out otherwise, keep nothing")
)
@click.option("--yes", is_flag=True, help=t("不再询问", "without being asked"))
@with_session(writes=True, dated=False)
def correct_command(
    session: Session, case: str, facts: dict[str, str], dry_run: bool, yes: bool, **rest: Any
) -> int:  # fmt: skip
    if session.as_of is not None:
        raise click.UsageError(t(
            "更正记于作出之日，请去掉 --as-of；事件本身的生效日期有误的，用 --day 写明应为哪天",
            "a correction is recorded on the day on which it is made: leave --as-of out; if the event's own day was wrong, say with --day which it should have been",
        ))  # fmt: skip
    within = rest["area"] or session.supervision.get(case).case.area
    wanted: dict[str, Any] = {"facts": read_facts(session.policy, facts, within), "by": session.acting(), **rest}
    office, final = session.supervision, _undoable(session, case, rest["trigger"])
    if not (dry_run or yes) and final and not sys.stdin.isatty():
        raise click.UsageError(final + t("；确认更正请加 --yes", "; add --yes to correct it so"))
    if dry_run:
        _print(session, office.correct(case, dry_run=True, **wanted), kept=False)
        return 0
    if not yes and session.format == "table" and sys.stdin.isatty():
        _print(session, office.correct(case, dry_run=True, **wanted), kept=False)
        if not confirmed((final or t("将如上更正", "it will be corrected so")) + t("。确认", ". Go on")):
            return 1
    _print(session, office.correct(case, **wanted), kept=True)
    return 0


def _undoable(session: Session, case: str, trigger: str | None) -> str:
    """What is said of a trigger that can't be undone; of any other nothing."""
    if trigger is None:
        return ""
    view = session.supervision.get(case)
    workflow = view.policy.workflows[view.workflow]
    if not any(one.irreversible for one in workflow.transitions if one.trigger == trigger):
        return ""
    return undoing(workflow, trigger)


def _print(session: Session, made: Corrected, kept: bool) -> None:
    """What came out otherwise: events that count no more and those that have come in their place, and how the case
    stood and stands."""
    if session.format == "json":
        print_json(session, made.to_dict())
        return
    view = made.after
    gone, anew = t("不再作数", "counts no more"), t("代之以", "instead")
    rows = [_row(made, gone, one, made.anew) for one in made.gone]
    rows += [_row(made, anew, one, made.gone) for one in made.anew]
    title = t(f"{view.id} {view.name}：更正", f"{view.id} {view.name}: corrected")
    print_rows(session, _EVENTS, rows, title, empty=t("其后无不同", "nothing comes out otherwise"))
    if session.format != "table":
        return
    was, now = ({(one.key, one.zh, one.en): value for one, value in fields(view)} for view in (made.before, made.after))
    changed = [
        [Title(*key[1:]), was.get(key), now.get(key)]
        for key in {**was, **now}
        if was.get(key) != now.get(key) and key[0] != "revision"
    ]
    print_rows(session, _CASE, changed, empty=t("案卷现状不变", "the case stands as it did"))
    if made.parted is not None:
        other = made.parted
        click.echo(t(f"{other.id} {other.name} 恢复为独立案卷", f"{other.id} {other.name} is a case of its own again"))
    if kept:
        print_outcome(session, view)
    else:
        click.echo(t("（未写入）", "(nothing kept)"))


def _row(made: Corrected, change: str, event: Event, others: Sequence[Event]) -> list[Any]:
    """An event that counts no more, or has come instead; of a registration those facts alone that differ."""
    policy = made.after.policy
    workflow = policy.workflows[event.workflow or made.after.workflow]
    words = policy.vocabulary
    other = next((one.facts for one in others if event.kind == one.kind == EventKind.OPENED), {})
    facts = [
        t(f"{words.title(name).zh}：", f"{words.title(name).en}: ") + spoken(words.value(name, value))
        for name, value in event.facts.items()
        if name not in other or other[name] != value
    ]
    if event.kind != EventKind.OPENED:  # what a registration said of both stands where the case stands
        areas = policy.places.areas
        own: dict[str, str | None] = {"name": event.name, "area": event.area}
        if event.area is not None and event.area in areas:
            own["area"] = spoken(areas[event.area].title)
        facts += [t(f"{OWN[name].zh}：", f"{OWN[name].en}: ") + text for name, text in own.items() if text is not None]
    return [
        change, event.seq, plain.day(policy, event), *happened(policy, workflow, event),
        policy.places.bodies.get(event.body, event.body), facts, handed_in(policy, workflow, event), why(policy, event),
    ]  # fmt: skip


@click.command("reopen", help=t(
    "恢复办理已结案的案卷：由结案的单位，在政策给定的期限内。\n\n\b\n示例：\n  guikou reopen 52110105MJ0123456N --reason 注销申请已撤回 --as 朝阳区社会团体管理办公室",
    "Let a case that was closed go on where it stood: by whoever closed it, within the time that the policy gives.\n\n\b\nExample:\n  guikou reopen 52110105MJ0123456N --reason 'the dissolution was called off' --as chaoyang-registration",
))  # fmt: skip
@options.case
@options.reason_required
@options.by_whom
@with_session(writes=True)
def reopen_command(session: Session, case: str, **rest: Any) -> None:
    print_outcome(session, session.supervision.reopen(case, by=session.acting(), when=session.when(), **rest))
