"""rename, same: an organisation's id changes, and two cases prove to be of one organisation."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

from guikou.engine.errors import BadIdentity, WrongUsage
from guikou.engine.supervision.views import CaseView

from . import names, options
from .asking import confirmed
from .cases import print_outcome, tell_acting
from .language import t
from .session import Session, with_session


@click.command("rename", help=t(
    "组织换发了新代码：案卷沿用，新旧代码均可查到。\n\n\b\n示例：\n  guikou rename 521101087NCC6K4P54 52110105MJ0123464H --reason 换发证书 --as chaoyang-education",
    "The organisation has another id now: its case goes on, and is found by the old one too.\n\n\b\nExample:\n  guikou rename 521101087NCC6K4P54 52110105MJ0123464H --reason 'new certificate' --as chaoyang-education",
))  # fmt: skip
@click.argument("old", type=names.CASE, metavar=t("案卷", "OLD"))
@click.argument("new", metavar=t("新代码", "NEW"))
@options.reason
@options.by_whom
@with_session(writes=True)
def rename_command(session: Session, old: str, new: str, reason: str, **rest: Any) -> None:
    by, when = session.body, session.when()
    try:
        view = session.supervision.rename(old, new, reason=reason, by=by, when=when, **rest)
    except BadIdentity as error:
        if any(sign.isdigit() for sign in new):
            raise
        own = f" --as {by}" if by is not None else ""
        raise WrongUsage(
            reason_en=f"'{new}' is no id; another name is told with guikou facts {old} name={shlex.quote(new)}{own}",
            reason_zh=f"“{new}” 不是代码；组织更名请用 guikou facts {old} 名称={shlex.quote(new)}{own}",
        ) from error
    print_outcome(session, view)
    tell_acting(session)


@click.command("same", help=t(
    "两个案卷实为同一组织：保留前者，后者并入并结案；两案历史均保留，两个代码均可查到。前者未知的事实取自后者，记录相加。\n\n\b\n示例：\n  guikou same 521101087NCC6K4P54 52110105MJ0123464H --reason 重复登记 --as chaoyang-education",
    "Two cases are of one organisation: CASE is kept, OTHER is merged into it and closed; both histories stay, and both ids find it. What CASE does not know it takes from OTHER; what was recorded is added up.\n\n\b\nExample:\n  guikou same 521101087NCC6K4P54 52110105MJ0123464H --reason 'entered twice' --as chaoyang-education",
))  # fmt: skip
@options.case
@click.argument("other", type=names.CASE, metavar=t("另一案卷", "OTHER"))
@options.reason_required
@options.by_whom
@click.option("--yes", is_flag=True, help=t("不再询问", "without being asked"))
@with_session(writes=True)
def same_command(session: Session, case: str, other: str, reason: str, yes: bool, **rest: Any) -> int:
    by, when = session.body, session.when()
    if not yes:
        kept, second = (_described(session.supervision.get(one, as_of=session.as_of)) for one in (case, other))
        if not sys.stdin.isatty():
            raise click.UsageError(
                t(f"保留 {kept}，并入 {second}；两案确为同一组织的，请加 --yes",
                  f"{kept} would be kept, and {second} merged into it; if both are of one organisation, add --yes")
            )  # fmt: skip
        click.echo(t(f"保留：{kept}\n并入：{second}", f"kept: {kept}\nmerged into it: {second}"), err=True)
        if not confirmed(t("两案确为同一组织", "Both are of one organisation")):
            return 1
    print_outcome(session, session.supervision.same(case, other, reason=reason, by=by, when=when, **rest))
    tell_acting(session)
    return 0


def _described(view: CaseView) -> str:
    title, area = view.policy.workflows[view.workflow].title, view.policy.places.areas[view.case.area].title
    late = t(f"，逾期 {view.days_overdue} 天", f", {view.days_overdue} days overdue") if view.days_overdue else ""
    return t(
        f"{view.id} {view.name}（{title.zh}，{area.zh}，归口{view.responsible.title.zh}，{view.what.zh}{late}）",
        f"{view.id} {view.name} ({title.en}, {area.en}, with {view.responsible.title.en}, {view.what.en}{late})",
    )
