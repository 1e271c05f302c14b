"""erase, expire: what an office wrote and should not be there, or is no longer kept."""

from __future__ import annotations

import sys
from typing import Any

import click

from guikou.engine.cases.texts import REQUEST, code_of
from guikou.engine.errors import NotErasable
from guikou.engine.policy.names import named
from guikou.engine.text import Title

from . import hints, options
from .asking import confirmed
from .cases import print_outcome
from .history import erased_of, texts_of
from .language import counted, t
from .render import Column, print_rows
from .session import Session, with_session


@click.command("erase", help=t(
    "擦除一个事件中不该写入的文字：理由、备注、材料引用。文字及随同的请求即刻消失，不可恢复；事件、其哈希与封存不变，擦除本身记为事件。此前的备份、已投递的通知与导出的文件不受影响。\n\n\b\n示例：\n  guikou erase 52110105MJ0123456N --event 4 --reason 误写个人信息 --as 朝阳区委教育工作委员会\n  guikou erase 52110105MJ0123456N --event 4 --text 批复文件 --reason 误写个人信息 --as 朝阳区委教育工作委员会 --yes",
    "Erase what should never have been written of an event: its reason, a remark, references of evidence. The text is gone at once and for good, and so is the request that carried it; the event, its hash and its seals stay, and the erasure is an event itself. Earlier backups, notices that were delivered and files that were exported still hold it.\n\n\b\nExamples:\n  guikou erase 52110105MJ0123456N --event 4 --reason 'names a person' --as chaoyang-education\n  guikou erase 52110105MJ0123456N --event 4 --text approval_document --reason 'names a person' --as chaoyang-education --yes",
))  # fmt: skip
@options.own_case
@click.option(
    "--event",
    "seq",
    type=click.IntRange(1, options.MOST),
    required=True,
    metavar="N",
    help=t("事件的序号（见 guikou history）", "the number of the event (see guikou history)"),
)
@click.option(
    "--text",
    "texts",
    multiple=True,
    metavar=t("文字", "TEXT"),
    help=t(
        "只擦除这一项：材料名称、“理由”、“备注”，或“请求原文”；可重复（默认：全部文字，请求随之擦除）",
        "erase this alone: a piece of evidence, 'reason', 'remark', or 'request', the text of the request; may be repeated "
        "(default: all that it says, and the request with it)",
    ),
)
@options.reason_required
@options.by_whom
@click.option("--yes", is_flag=True, help=t("不再询问", "without being asked"))
@with_session(writes=True, dated=False)
def erase_command(
    session: Session, case: str, seq: int, texts: tuple[str, ...], yes: bool, **rest: Any
) -> int:  # fmt: skip
    if session.as_of is not None:
        raise click.UsageError(t("擦除即刻生效，不能用 --as-of", "a text is erased at once: leave --as-of out"))
    office, by = session.supervision, session.acting()
    view = office.get(case)
    merged = session.store.get(case)  # whose own history is asked for, not that of the case that it was merged into
    own = merged.id if merged is not None and merged.same_as is not None else view.case.id
    event = next((one for one in office.lineage(case) if (one.case, one.seq) == (own, seq)), None)
    if event is None:
        raise NotErasable(seq=seq, because=Title("没有这一事件", "there is none"))
    known = texts_of(view.policy, view.policy.workflows[view.workflow], event)
    codes = [named(word, known, Title("文字", "text")) for word in texts]
    if not yes and (codes or len(known) > 1):
        gone = codes or [code for code in known if code != code_of(REQUEST)]
        told = t("、", ", ").join(t(known[code].zh, known[code].en) for code in gone)
        if not sys.stdin.isatty():
            raise click.UsageError(
                t(f"将擦除第 {seq} 号的{told}，不可恢复；确认请加 --yes",
                  f"of no. {seq} this would be erased for good: {told}; add --yes to do so")
            )  # fmt: skip
        click.echo(t(f"将擦除第 {seq} 号的：{told}", f"of no. {seq} this will be erased: {told}"), err=True)
        if not confirmed(t("擦除后不可恢复", "It can't be brought back")):
            return 1
    print_outcome(session, office.erase(case, seq, texts=codes, by=by, **rest))
    if session.format == "table":
        last = [one for one in office.lineage(case) if one.case == own and one.erases is not None][-1]
        told = erased_of(last)
        click.echo(t(f"已擦除{told}的文字（第 {last.seq} 号）", f"texts of {told} were erased (no. {last.seq})"))
    return 0


@click.command("expire", help=t(
    "擦除已过保存期的文字：结案满政策所定保存期的案卷，其理由、备注与材料引用不再保存。不加 --yes 只列出。\n\n\b\n示例：\n  guikou expire\n  guikou expire --yes",
    "Erase the texts that are kept no longer: reasons, remarks and references of evidence of cases that were closed longer ago than the policy's retention. Without --yes they are listed only.\n\n\b\nExamples:\n  guikou expire\n  guikou expire --yes",
))  # fmt: skip
@click.option("--yes", is_flag=True, help=t("擦除，而不只列出", "erase them, instead of listing them only"))
@with_session(writes=True)
def expire_command(session: Session, yes: bool) -> int:
    found = session.supervision.expire(when=session.when() if yes else session.as_of, dry_run=not yes)
    columns = [
        Column("id", "代码", "id", whole=True),
        Column("name", "组织名称", "organisation"),
        Column("closed", "结案日期", "closed on", whole=True),
        Column("until", "保存至", "kept until", whole=True),
        Column("texts", "文字", "texts", right=True),
    ]
    rows = [[one.view.id, one.view.name, one.closed, one.until, one.texts] for one in found.expired]
    objects = [one.to_dict() for one in found.expired]
    print_rows(session, columns, rows, name=t("保存期满", "kept no longer"), objects=objects)
    if session.format == "table" and found.expired:
        done = len(found.expired)
        click.echo(
            t(f"已擦除 {done} 件的文字", f"the texts of {counted(done, 'case', 'cases')} were erased")
            if yes
            else t("（未擦除；擦除请加 --yes）", "(nothing was erased; add --yes to do so)")
        )
    for case, error in found.failed:
        click.echo(f"[{error.code}] {case}: {hints.line(error)}", err=True)
    return 1 if found.failed else 0
