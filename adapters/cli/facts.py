"""facts: what became known of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from guikou.engine.decide.roles import sees

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
    if not sees(policy, one, by, view.today):
        title = policy.places.bodies[by].title
        click.echo(
            t(f"此后由{view.responsible.title.zh}归口，{title.zh}不再可见；如系误报：guikou correct {view.id} --event {one.revision} --never --reason 原因 --as {by}",
              f"{view.responsible.title.en} is responsible from now on, and {title.en} does not see it any more; if it was a mistake: guikou correct {view.id} --event {one.revision} --never --reason WHY --as {by}"),
            err=True,
        )  # fmt: skip
    return 0


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
