"""Reads a policy's obligations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from ...dates.periods import Period
from ...dates.recurrence import read_rule
from ...errors import UnknownName
from ...errors.reasons import InWords, reason
from ...text import nearest
from ..facts import CASE_FACTS
from ..obligations import OPENED, Missed, Obligation, Outcome, Postponement
from ..workflow import ROLES, SWEEP, Workflow
from . import models as f
from .documents import Document
from .values import (
    Known,
    bad_value,
    read_condition,
    read_escalation,
    read_optional,
    read_period,
    read_sets,
    read_title,
    reminders,
)


def read_obligations(
    head: f.PolicyFile, document: Document, workflows: Mapping[str, Workflow], known: Known
) -> Iterable[Obligation]:
    facts, kinds, bodies = known.vocabulary.facts, known.vocabulary.kinds, known.places.bodies
    triggers = {one.trigger for workflow in workflows.values() for one in workflow.transitions if SWEEP in one.by}
    for name, one in head.obligations.items():
        place: tuple[str | int, ...] = ("obligations", name)
        if sum(written is not None for written in (one.rule, one.every, one.within)) != 1:
            raise bad_value(document, place, "needs one of 'rule', 'every', 'within'", "需要 rule、every、within 之一")
        if one.within is not None and (one.since or one.opens or one.start):
            raise bad_value(document, (*place, "within"), "runs from when it is laid on", "自产生之日起算")
        if one.until and one.within is None:
            raise bad_value(document, (*place, "until"), "goes with 'within' only", "只能与 within 同用")
        if one.every is not None and not one.since:
            raise bad_value(document, place, "'every' needs 'since'", "every 需要 since")
        if one.early and one.every is None:
            raise bad_value(document, (*place, "early"), "goes with 'every' only", "只能与 every 同用")
        if one.not_before is not None and (one.rule is None or not one.since):
            raise bad_value(document, (*place, "not_before"), "needs 'rule' and 'since'", "需要 rule 和 since")
        start = one.start or head.effective.replace(month=1, day=1)
        if one.rule is not None:
            try:
                if read_rule(one.rule, start).after(datetime.combine(start, time()), inc=True) is None:
                    raise InWords("其日期永不到来", "its day never comes")
            except (ValueError, TypeError, KeyError, IndexError, OverflowError, AssertionError) as error:
                why = reason(error)
                raise bad_value(
                    document, (*place, "rule"), f"is no rule: {why.en}", f"不是重复规则：{why.zh}"
                ) from error
        since = [written if isinstance(written, str) else written.fact for written in one.since]
        for fact in since:
            if fact != OPENED and (fact not in facts or facts[fact].kind.name != "date"):
                where = document.where((*place, "since"))
                dates = [OPENED, *(key for key, spec in facts.items() if spec.kind.name == "date")]
                raise UnknownName(where=where, kind_en="date fact", kind_zh="日期事实", name=fact, known=dates)
        if len(set(since)) < len(since):
            raise bad_value(document, (*place, "since"), "has a fact twice", "同一事实出现两次")
        said = {key: spec.kind for key, spec in facts.items()}
        since_when = {
            written.fact: read_condition(written.when, document, (*place, "since", at, "when"), said)
            for at, written in enumerate(one.since)
            if not isinstance(written, str)
        }
        named = [("by", one.by)] + ([("postpone", one.postpone.by)] if one.postpone else [])
        for key, roles in named:
            for role in roles:
                if role not in ROLES and role not in bodies:
                    where = document.where((*place, key))
                    known_roles = [*ROLES, *nearest(role, list(bodies))]
                    raise UnknownName(
                        where=where, kind_en="role or body", kind_zh="角色或机构", name=role, known=known_roles
                    )
        when = read_condition(one.when, document, (*place, "when"), kinds)
        own = sorted(when.facts & CASE_FACTS.keys())
        if own:
            raise bad_value(document, (*place, "when", own[0]), "changes by itself", "会自行变化，不能用作条件")
        if one.missed is not None and one.missed.fire is not None and one.missed.fire not in triggers:
            raise UnknownName(
                where=document.where((*place, "missed", "fire")),
                kind_en="trigger of the sweep",
                kind_zh="由系统巡检触发的动作",
                name=one.missed.fire,
                known=sorted(triggers),
            )
        escalates, grace = read_escalation(one, document, place)
        remind = known.remind if one.remind is None else reminders(one.remind)
        every = read_optional(one.every, document, (*place, "every"))
        if every is not None and every.unit == "working day":
            raise bad_value(
                document, (*place, "every"), "recurs by the calendar, not by working days", "应按日历周期，不按工作日"
            )
        first = max(remind, default=0)
        opens = read_optional(one.opens, document, (*place, "opens")) or Period(first + 1, "day")
        until = read_condition(one.until, document, (*place, "until"), kinds)
        if opens.least <= first:
            raise bad_value(
                document,
                (*place, "opens"),
                f"must be longer than the first reminder, {first} days before",
                f"应长于首次提醒的 {first} 天",
            )
        yield Obligation(
            name=name,
            title=read_title(one.title),
            when=when,
            rule=one.rule,
            start=start,
            every=every,
            since=tuple(since),
            since_when=since_when,
            early=one.early,
            not_before=read_optional(one.not_before, document, (*place, "not_before")),
            opens=opens,
            by=tuple(one.by),
            evidence={key: read_title(title) for key, title in one.evidence.items()},
            outcomes={
                key: Outcome(
                    read_title(outcome.title),
                    read_sets(outcome.sets, document, (*place, "outcomes", key, "sets"), facts),
                )
                for key, outcome in one.outcomes.items()
            },
            postponement=Postponement(
                read_period(one.postpone.within, document, (*place, "postpone", "within")),
                one.postpone.times,
                tuple(one.postpone.by),
                {key: read_title(title) for key, title in one.postpone.evidence.items()},
                one.postpone.climbed == "kept",
            )
            if one.postpone
            else None,
            missed=Missed(
                read_period(one.missed.after, document, (*place, "missed", "after")),
                one.missed.fire,
                read_sets(one.missed.sets, document, (*place, "missed", "sets"), facts),
            )
            if one.missed
            else None,
            where=document.where(place),
            remind=remind,
            escalates=escalates,
            grace=grace,
            note=one.note,
            within=read_optional(one.within, document, (*place, "within")),
            until=until,
        )
