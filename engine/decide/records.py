"""What is recorded, and struck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from ..cases.canonical import admits
from ..cases.case import Case, Tally
from ..cases.events import Event, Recorded, Struck, counting, opening, standing_records
from ..errors import BadRecord, GuikouError, NotRecordable, NotRecorded, UnknownRecord, UnknownVenue
from ..policy.gates import Effect
from ..policy.policy import Policy
from ..policy.records import RecordKind
from ..policy.workflow import GATE
from ..rules.wording import by_title, in_words
from ..text import Title, suggested, titles
from .checks import check_evidence, forbidden, undecided
from .due.context import asked_context
from .effects import Steps
from .happening import Decision, Stamp, happened, values_set

_FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Record:
    """Something took place `on` a day (None: on the day of the event), for a `year` (None: that day's): for how many,
    how much (in the policy's currency, whole hundredths), at which venue."""

    kind: str
    on: date | None = None
    year: int | None = None
    amount: Decimal | None = None
    count: int | None = None
    venue: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Strike:
    """A record was wrong: `struck` is its event, `left` are those of its kind that still stand, besides what was
    `carried` over from another case."""

    struck: Event
    left: Sequence[Event]
    reason: str
    carried: Tally | None = None


def record(policy: Policy, case: Case, command: Record, stamp: Stamp) -> Decision:
    kind = policy.parts.records.get(command.kind)
    if kind is None:
        return UnknownRecord(record=command.kind, known=suggested(command.kind, titles(policy.parts.records)))
    day = policy.day(stamp.at)
    on = command.on or day
    wrong = _wrong(policy, kind, command, on, day)
    if wrong:
        return wrong
    refused = forbidden(policy, case, kind.by, Title(f"记录{kind.title.zh}", f"record: {kind.title.en}"), stamp)
    if refused:
        return refused
    facts = asked_context(policy, case, day)
    applies = kind.when.evaluate(facts)
    if applies is None:
        return undecided(policy, kind.when, facts, kind.title)
    if not applies:
        return NotRecordable(record=kind.title, when=in_words(kind.when, by_title(policy.vocabulary)))
    refused = check_evidence(kind.title, list(kind.evidence), kind.evidence, command.evidence)
    if refused:
        return refused
    says = Recorded(
        record=kind.name,
        on=on,
        year=command.year or on.year,
        amount=command.amount.quantize(_FEN) if command.amount is not None else None,
        count=command.count,
        venue=command.venue,
    )
    tally = _added(case.records.get(kind.name), says)
    changes: dict[str, Any] = {"records": {kind.name: tally.content()}}
    if kind.effect.sets:
        changes["facts"] = values_set(kind.effect.sets, case.facts, on)
    steps = Steps(policy, case, stamp)
    steps.add(happened(says, case.id, case, changes, policy, stamp, evidence=dict(command.evidence)))
    for name in kind.effect.meets:
        duty = steps.case.duties.get(name)
        if duty is not None and duty.opens is not None and duty.opens <= day:
            refused = steps.bring_about(Effect(meets=(name,)), GATE, None, command.evidence)
            if refused:
                return refused
    return tuple(steps.events)


def _wrong(policy: Policy, kind: RecordKind, command: Record, on: date, day: date) -> GuikouError | None:
    """What of a record is not as its kind asks."""
    amount, count = command.amount, command.count

    def bad(en: str, zh: str) -> BadRecord:
        return BadRecord(record=kind.title, reason_en=en, reason_zh=zh)

    lacks = [Title("金额", "amount")] if kind.amount and amount is None else []
    if kind.count is not None and count is None:
        lacks.append(Title(f"数量（{kind.count.zh}）", f"count ({kind.count.en})"))
    if kind.venue and command.venue is None:
        lacks.append(Title("场所", "venue"))
    if lacks:
        return bad("give its " + ", its ".join(one.en for one in lacks), "请给出" + "、".join(one.zh for one in lacks))
    if amount is not None and not kind.amount:
        return bad("it has no amount", "不含金额")
    if amount is not None and not isinstance(amount, Decimal):
        return bad("the amount must be a Decimal, as 200.00", "金额须为 Decimal，如 200.00")
    if amount is not None and (not admits(amount) or not 0 < amount < 10**13 or amount != amount.quantize(_FEN)):
        return bad(
            "the amount must be more than 0, in whole hundredths, and less than 10^13",
            "金额应大于 0，精确到分，并小于 10^13",
        )
    if count is not None and kind.count is None:
        return bad("it has no count", "不含数量")
    if count is not None and (type(count) is not int or not admits(count) or not 0 <= count < 10**9):
        return bad("the count must be a whole number from 0 to 999,999,999", "数量应为 0 至 999,999,999 的整数")
    if command.venue is not None and not kind.venue:
        return bad("it has no venue", "不含场所")
    if command.venue is not None and command.venue not in policy.parts.venues:
        return UnknownVenue(venue=command.venue, known=suggested(command.venue, titles(policy.parts.venues)))
    if type(on) is not date or not (command.year is None or type(command.year) is int):
        return bad("the day must be a date, and the year a whole number", "日期应为 date，年度应为整数")
    if on > day:
        return bad(f"{on} is still to come on {day}", f"{on} 晚于 {day}")
    if command.year is not None and not 1900 <= command.year <= on.year:
        return bad(f"the year must be from 1900 to {on.year}", f"年度应在 1900 至 {on.year} 之间")
    return None


def _added(tally: Tally | None, record: Recorded | Event) -> Tally:
    """A tally with one more record."""
    on, year = record.on, record.year
    assert on is not None
    assert year is not None, "a record has its day and its year"
    years = dict(tally.years) if tally is not None else {}
    times, count, amount = years.get(year, (0, 0, Decimal(0)))
    years[year] = (times + 1, count + (record.count or 0), amount + (record.amount or Decimal(0)))
    return Tally(max(on, tally.last) if tally is not None else on, years)


def to_strike(
    events: Sequence[Event], seq: int, other: Callable[[str], Case | None], reason: str, case: Case
) -> Strike | NotRecorded:
    """The command to strike the record of an event; `events` are the case's history, `other` finds another case."""
    stands = standing_records(events)
    if seq not in stands:
        return NotRecorded(case=case.organization, seq=seq)
    struck = stands.pop(seq)
    left = [event for event in stands.values() if event.record == struck.record]
    return Strike(struck, left, reason, _carried(events, struck, other))


def _carried(events: Sequence[Event], struck: Event, other: Callable[[str], Case | None]) -> Tally | None:
    """What a case has of a kind of record besides its own: carried over from another, or of the same organisation."""
    kind = struck.record or ""
    over = opening(events).records.get(kind)
    found = [Tally.read(over)] if over is not None else []
    for event in counting(events):
        one = other(event.same) if event.same is not None else None
        if one is not None and kind in one.records:
            found.append(one.records[kind])
    return reduce(Tally.plus, found) if found else None


def strike(policy: Policy, case: Case, command: Strike, stamp: Stamp) -> Decision:
    struck = command.struck
    kind = policy.parts.records.get(struck.record or "")
    if kind is None:
        return UnknownRecord(record=struck.record, known=suggested(struck.record or "", titles(policy.parts.records)))
    refused = forbidden(policy, case, kind.by, Title(f"撤销{kind.title.zh}", f"strike: {kind.title.en}"), stamp)
    if refused:
        return refused
    tally = command.carried
    for event in command.left:
        tally = _added(tally, event)
    assert struck.year is not None, "a record has its year"
    says = Struck(record=kind.name, struck=struck.seq, year=struck.year, amount=struck.amount, count=struck.count)
    changes = {"records": {kind.name: tally.content() if tally is not None else None}}
    return (happened(says, case.id, case, changes, policy, stamp, reason=command.reason),)
