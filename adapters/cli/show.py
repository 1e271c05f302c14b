"""show: how a case stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from guikou.engine.cases.events import Event
from guikou.engine.decide.roles import allowed_bodies, may_act
from guikou.engine.rules.conditions import Need
from guikou.engine.rules.wording import test_in_words
from guikou.engine.supervision.views import CaseView
from guikou.engine.text import Title, as_json

from . import options
from .cases import CASE_COLUMNS, case_row
from .history import why
from .language import t
from .render import Column, print_json, print_one
from .session import Session, with_session
from .titles import answer, listed, spoken

_Field = tuple[Column, Any]
#: How many remarks are shown: the last ones.
LAST = 5


@click.command("show", help=t(
    "查看案卷。\n\n\b\n示例：\n  guikou show 52110105MJ0123456N", "Show a case.\n\n\b\nExample:\n  guikou show 52110105MJ0123456N"
))  # fmt: skip
@options.case
@with_session(on_record=True)
def show_command(session: Session, case: str) -> None:
    view = session.supervision.get(case, seen_by=session.body, as_of=session.as_of)
    office, day = session.supervision, session.as_of
    remarks, merged = office.remarks(view.id, as_of=day)[-LAST:], office.merged(view.id, as_of=day)
    if session.format == "json":
        more = {"remarks": [_remark(view, one) for one in remarks], "merged": [one.same for one in merged]}
        print_json(session, view.to_dict(whole=True) | more)
        return
    found = fields(view, session.body)
    for one in merged:
        said = t(
            f"{view.policy.day(one.at)} 认定为同一组织，已并入", f"found to be the same on {view.policy.day(one.at)}"
        )
        other = office.store.get(one.same or "")
        named = f"{other.organization} {other.name}" if other is not None else one.same
        found.append((Column("merged", "另一案卷", "another case"), t(f"{named}：{said}", f"{named}: {said}")))
    for one in remarks:
        title = view.policy.places.bodies.get(one.body)
        by = spoken(title.title) if title is not None else one.body
        found.append((Column("remark", "备注", "remark"), f"{view.policy.day(one.at)} {by}: {why(view.policy, one)}"))
    print_one(session, found)


def fields(view: CaseView, body: str | None = None) -> list[_Field]:
    """All that there is to say of a case, apart from its remarks; what others than `body` (None: who is responsible)
    alone may do is told with who they are."""
    found: list[_Field] = []
    for column, value in zip(CASE_COLUMNS, case_row(view), strict=True):
        if column.key == "triggers":
            found += _open(view, column, body)
        elif column.key != "withdrawn" and (column.key, value) != ("escalated_to", None):
            found.append((column, value))
    found += [
        (Column("since", "进入阶段", "in this stage since"), view.case.stage_since),
        (Column("stage_due", "阶段期限", "the stage's deadline"), view.case.stage_due),
        (Column("revision", "版本", "revision"), view.case.revision),
    ]
    return found + _in_words(view)


def _open(view: CaseView, column: Column, body: str | None) -> Iterator[_Field]:
    policy, case, day = view.policy, view.case, view.today
    acting = body or policy.places.acting_id(case.responsible, day)
    titles = policy.workflows[case.workflow].triggers
    own: list[Title] = []
    others: list[Title] = []
    for way in view.open_ways:
        title = titles[way.trigger]
        if may_act(policy, case, way, acting, day):
            own.append(Title(f"{way.trigger}（{title.zh}）", f"{way.trigger} ({title.en})"))
        else:
            by = allowed_bodies(policy, case, way.by, day)
            others.append(Title(f"{way.trigger}（{title.zh}，由{by.zh}）", f"{way.trigger} ({title.en}, by {by.en})"))
    yield column, own
    if others:
        yield Column("others", "由其他机构办理", "for others to do"), others


def _remark(view: CaseView, one: Event) -> dict[str, Any]:
    body = view.policy.places.bodies.get(one.body, one.body)
    return {"seq": one.seq, "day": as_json(view.policy.day(one.at)), "body": as_json(body), "text": one.reason}


def _in_words(view: CaseView) -> list[_Field]:
    case = view.case
    fields: list[_Field] = []
    if case.withdrawn is not None:
        gone = t(
            f"{case.withdrawn} 撤回，不再作为案卷；可重新登记",
            f"on {case.withdrawn}: it counts for nothing, and may be registered again",
        )
        fields.append((Column("withdrawn", "登记已撤回", "registration withdrawn"), gone))
    fields += _duties(view)
    if view.lacking:
        fields.append((Column("lacking", "尚缺", "still lacks"), _needed(view, view.lacking)))
    if view.next_evidence:
        known = view.policy.workflows[view.workflow].evidence
        papers = [known.get(key, Title(key, key)) for key in view.next_evidence]
        fields.append((Column("next_evidence", "下一步所需材料", "evidence for the next step"), papers))
    if view.next_lacks:
        fields.append((Column("next_lacks", "下一步尚需", "the next step needs"), _needed(view, view.next_lacks)))
    fields += [*_gates(view), *_groups(view)]
    if case.members:
        fields.append((Column("members", "成员数", "members"), case.members))
    fields += _records(view)
    if case.id != view.id:
        fields.append((Column("opened_as", "立案时代码", "opened as"), case.id))
    if case.continues is not None:
        fields.append((Column("continues", "接续自", "carries on"), case.continues))
    if case.continued_as is not None:
        fields.append((Column("continued_as", "由其接续", "carried on by"), case.continued_as))
    return [*fields, *_facts(view)]


def _needed(view: CaseView, needs: Iterable[Need]) -> list[Title]:
    """Each fact with what it has to be."""
    words = view.policy.vocabulary
    found = []
    for need in needs:
        title, test = words.title(need.fact), test_in_words(need.fact, need.wanted, words)
        found.append(Title(f"{title.zh} {test.zh}", f"{title.en} {test.en}"))
    return found


def _duties(view: CaseView) -> Iterator[_Field]:
    """What the organisation owes; and what can't be scheduled for want of a fact."""
    policy = view.policy
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
        yield Column(name, title.zh, title.en), text
    for name, facts in view.unscheduled.items():
        title, needed = policy.obligations[name].title, [policy.vocabulary.title(fact) for fact in facts]
        text = t(
            f"未排定：需要 {'、'.join(one.zh for one in needed)}",
            f"not scheduled: needs {', '.join(one.en for one in needed)}",
        )
        yield Column(name, title.zh, title.en), text


def _gates(view: CaseView) -> Iterator[_Field]:
    """The gates that it was asked at, with the answers."""
    for name, passage in view.case.gates.items():
        gate = view.policy.parts.gates.get(name)
        if gate is not None:
            grounds = [gate.grounds[one].title for one in passage.grounds if one in gate.grounds]
            said = f"{passage.asked} {answer(passage.answer)}"
            passed = t(f"；{passage.passed} 办结", f"; passed {passage.passed}") if passage.passed else ""
            yield (
                Column(name, f"关口：{gate.title.zh}", f"gate: {gate.title.en}"),
                f"{said}{passed}{t('：', ': ')}{listed(grounds)}",
            )


def _groups(view: CaseView) -> Iterator[_Field]:
    """What it is a member of."""
    for id, one in view.case.groups.items():
        kind = view.policy.parts.groups.get(one.kind)
        title = kind.title if kind is not None else Title(one.kind, one.kind)
        yield Column(id, title.zh, title.en), t(f"{id}，自 {one.since}", f"{id}, since {one.since}")


def _records(view: CaseView) -> Iterator[_Field]:
    """What was recorded of it this year."""
    year = view.today.year
    for name, tally in view.case.records.items():
        record = view.policy.parts.records.get(name)
        if record is not None:
            times, count, amount = tally.of(year)
            text = t(f"{year} 年 {times} 次", f"{times} in {year}")
            text += (
                t(f"，{count} {record.count.zh}", f", {count} {record.count.en}") if record.count is not None else ""
            )
            text += t(f"，{amount}", f", {amount}") if record.amount else ""
            yield Column(name, record.title.zh, record.title.en), text


def _facts(view: CaseView) -> Iterator[_Field]:
    """What is known of it."""
    policy = view.policy
    for name, value in view.case.facts.items():
        title = policy.vocabulary.title(name)
        yield Column(name, title.zh, title.en), policy.vocabulary.value(name, value)
