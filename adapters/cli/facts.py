"""facts: what became known of an organisation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from guikou.engine.cases.case import Case, Organization
from guikou.engine.decide.intake import Placement, place
from guikou.engine.decide.roles import sees
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.synonyms import OWN
from guikou.engine.text import Title, plainly

from . import bulk, names, options
from .bulk import InBulk
from .cases import print_outcome
from .language import t
from .session import Session, with_session
from .values import name_and_area, read_facts

if TYPE_CHECKING:
    from guikou.engine.supervision.batch import Batch, Pending
    from guikou.engine.supervision.views import CaseView


@click.command("facts", cls=InBulk, help=t(
    "更新组织事实，包括名称和所在区域；归口随之重新确定。用 --where 等选项代替案卷，则对全部符合的案卷办理，先预览：改变归口所依据的事实，即批量改归口。\n\n\b\n示例：\n  guikou facts 52110105MJ0123456N 正式党员数=5 组织生活正常=是 --as 朝阳区委教育工作委员会\n  guikou facts 52110105MJ0123456N 正式党员数=5 -e 正式党员数=2016-9 --reason 年检核实\n  guikou facts 52110105MJ0123456N 名称=朝阳区启明实验学校 区域=望京街道 --as 朝阳区委教育工作委员会\n  guikou facts 行业领域=卫生 --where 行业领域=民政 --area 朝阳区 --reason 主管部门调整 --as 朝阳区委教育工作委员会",
    "Record facts that became known, the organisation's name and area among them; the case is routed anew. With --where and the like instead of a case all that meet it, after a preview: a fact that routing rests on reassigns them all.\n\n\b\nExample:\n  guikou facts 52110105MJ0123456N party_members=5 regular_life=true --as chaoyang-education\n  guikou facts 52110105MJ0123456N party_members=5 -e party_members=2016-9 --reason 'checked at the inspection'\n  guikou facts 52110105MJ0123456N name='Qiming Experimental School' area=wangjing --as chaoyang-education\n  guikou facts industry=health --where industry=civil_affairs --area chaoyang --reason 'new authority' --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument(
    "facts",
    nargs=-1,
    required=True,
    type=names.FACT,
    callback=options.pairs(options.FACT_PAIR),
    metavar=f"{options.FACT_PAIR}...",
)
@options.evidence
@options.reason
@options.late
@options.by_whom
@bulk.chosen
@with_session(writes=True)
def facts_command(session: Session, case: str, facts: dict[str, str], yes: bool, **rest: Any) -> int:
    which = bulk.Chosen.of(case, rest)
    if which is not None:
        return _in_bulk(session, which, facts, yes, **rest)
    name, area, facts = name_and_area(session.policy, facts)
    by = session.acting()
    stood = session.supervision.get(case, seen_by=by)
    values = read_facts(session.policy, facts, area or stood.case.area)
    view = session.supervision.report(case, values, name=name, area=area, by=by, when=session.when(), **rest)
    print_outcome(session, view)
    policy, one = view.policy, view.case
    if session.format == "table" and not session.output:
        _tell_changes(policy, stood.case, one)
    _tell_entry(policy, stood.case, one, view.today)
    if not sees(policy, one, by, view.today):
        title = policy.places.bodies[by].title
        click.echo(
            t(f"此后由{view.responsible.title.zh}归口，{title.zh}不再可见；如系误报：guikou correct {view.id} --event {one.revision} --never --reason 原因 --as {by}",
              f"{view.responsible.title.en} is responsible from now on, and {title.en} does not see it any more; if it was a mistake: guikou correct {view.id} --event {one.revision} --never --reason WHY --as {by}"),
            err=True,
        )  # fmt: skip
    return 0


def _tell_changes(policy: Policy, before: Case, after: Case) -> None:
    """Each fact that is another now, so that a slip of the hand is seen."""
    words, unknown = policy.vocabulary, Title("未知", "not known")
    changed = [(OWN["name"], plainly(before.name), plainly(after.name))] if before.name != after.name else []
    if before.area != after.area:
        places = (policy.places.areas.get(one.area) for one in (before, after))
        was, now = (one.title if one is not None else unknown for one in places)
        changed.append((OWN["area"], was, now))
    for name, value in after.facts.items():
        if name not in before.facts or before.facts[name] != value:
            was = words.value(name, before.facts[name]) if name in before.facts else unknown
            changed.append((words.title(name), was, words.value(name, value)))
    for title, was, now in changed:
        click.echo(t(f"  {title.zh}：{was.zh} → {now.zh}", f"  {title.en}: {was.en} → {now.en}"))


def _tell_entry(policy: Policy, before: Case, after: Case, day: date) -> None:
    """Facts that would have a newcomer enter elsewhere don't move a case: who tells of a step that was taken takes it."""
    was, now = (
        place(policy, Organization(one.organization, one.name, one.area, one.facts), day) for one in (before, after)
    )
    if (
        not isinstance(was, Placement)
        or not isinstance(now, Placement)
        or was.state == now.state
        or now.state == after.state
    ):
        return
    workflow = policy.workflows[after.workflow]
    there, here = workflow.full_title(now.state), workflow.full_title(after.state)
    click.echo(
        t(f"照此事实，新立案的从 {there.zh} 开始；本案仍在 {here.zh}，须以 guikou advance {after.id} 办理。立案时即已如此的，请更正：guikou correct {after.id} --event 1 事实=值",
          f"by these facts a newcomer would start at {there.en}; this case is still at {here.en}, and moves by guikou advance {after.id}. If it was so from the beginning, correct that: guikou correct {after.id} --event 1 FACT=VALUE"),
        err=True,
    )  # fmt: skip


def _in_bulk(
    session: Session, which: bulk.Chosen, facts: dict[str, str], yes: bool, request_id: str | None, **rest: Any
) -> int:
    name, area, facts = name_and_area(session.policy, facts)
    if name is not None:
        raise click.UsageError(t("名称须逐件更改", "names are changed case by case"))
    by, when, report = session.acting(), session.when(), session.supervision.report

    def adds(batch: Batch, view: CaseView, request: str | None) -> Pending[CaseView]:
        session.supervision.get(view.case.id, seen_by=by)
        values = read_facts(session.policy, facts, area or view.case.area)
        return batch.add(report, view.case.id, values, area=area, by=by, when=when, request_id=request, **rest)

    return bulk.carry_out(session, which, adds, request_id, yes)
