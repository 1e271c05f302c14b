"""advance: what a body does with a case."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from guikou.engine.policy.workflow import Workflow

from . import bulk, names, options
from .asking import confirmed
from .bulk import InBulk
from .cases import print_outcome
from .language import t
from .session import Session, with_session

if TYPE_CHECKING:
    from guikou.engine.supervision.batch import Batch, Pending
    from guikou.engine.supervision.views import CaseView


@click.command("advance", cls=InBulk, help=t(
    "办理案卷：触发一个动作；用 --where 等选项代替案卷，则对全部符合的案卷办理，先预览。\n\n\b\n示例：\n  guikou advance 52110105MJ0123456N 批准成立 --as 朝阳区委教育工作委员会 --evidence 批复文件=朝教工委〔2016〕12号\n  guikou advance 提交组建申请 --stage build.preparing --where '正式党员数>=3' -e 组建申请=2016-7 --as 朝阳区委教育工作委员会",
    "Advance a case: fire a trigger; with --where and the like instead of a case all that meet it, after a preview.\n\n\b\nExamples:\n  guikou advance 52110105MJ0123456N establish --as chaoyang-education --evidence approval_document=2016-12\n  guikou advance apply --stage build.preparing --where party_members='>= 3' -e application=2016-7 --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument("trigger", type=names.TRIGGER, metavar=t("动作", "TRIGGER"))
@options.evidence
@options.reason
@options.late
@options.by_whom
@bulk.chosen
@with_session(writes=True)
def advance_command(session: Session, case: str, trigger: str, yes: bool, **rest: Any) -> int:
    which = bulk.Chosen.of(case, rest)
    if which is not None:
        return _in_bulk(session, which, trigger, yes, **rest)
    if not yes and not _confirmed(session, case, trigger, rest["evidence"]):
        return 1
    print_outcome(session, session.supervision.advance(case, trigger, by=session.acting(), when=session.when(), **rest))
    return 0


def _in_bulk(session: Session, which: bulk.Chosen, trigger: str, yes: bool, request_id: str | None, **rest: Any) -> int:
    by, when, advance = session.acting(), session.when(), session.supervision.advance

    def adds(batch: Batch, view: CaseView, request: str | None) -> Pending[CaseView]:
        return batch.add(advance, view.case.id, trigger, by=by, when=when, request_id=request, **rest)

    return bulk.carry_out(session, which, adds, request_id, yes)


def _confirmed(session: Session, id: str, trigger: str, given: Mapping[str, str]) -> bool:
    """Ask before what can't be undone; where nobody can be asked, it is refused. What lacks evidence is refused
    anyway, and not asked about."""
    view = session.supervision.get(id)
    workflow = view.policy.workflows[view.workflow]
    ways = [one for one in workflow.from_state(view.state) if one.trigger == trigger]
    if not any(one.irreversible for one in ways) or all(set(one.evidence) - set(given) for one in ways):
        return True
    what = f"{view.id} {view.name}{t('：', ': ')}{undoing(workflow, trigger)}"
    if not sys.stdin.isatty():
        raise click.UsageError(what + t("；确认办理请加 --yes", "; add --yes to confirm it"))
    return confirmed(what + t("。确认办理", ". Go on"))


def undoing(workflow: Workflow, trigger: str) -> str:
    """That what a trigger does can't be undone, or within which time."""
    title = workflow.triggers[trigger]
    closes = all(workflow.states[one.dest].final for one in workflow.transitions if one.trigger == trigger)
    if workflow.reopen is None or not closes:
        return t(f"“{title.zh}” 办理后不可撤回", f"'{title.en}' can't be undone")
    return t(
        f"“{title.zh}” 办理后只能在 {workflow.reopen.text('zh')}内撤回（guikou reopen）",
        f"'{title.en}' can only be undone within {workflow.reopen.text('en')} (guikou reopen)",
    )
