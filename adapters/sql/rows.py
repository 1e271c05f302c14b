"""Rows to cases, events and notices, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from pydantic_core import from_json
from sqlalchemy import and_, select

from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.cases.case import Case, Duty, Membership, Passage, Tally
from guikou.engine.cases.events import Event, RuleFired
from guikou.engine.decide.notices import Notice
from guikou.engine.errors import Damaged, Unreadable
from guikou.engine.policy.files.load import digest_of
from guikou.engine.supervision.store import Outgoing, Request, Woken
from guikou.engine.text import Title

from .tables import CASES, EVENTS, NOTICES, ORGANIZATIONS, TEXTS, read_instant

#: The fields of a case.
_FIELDS = [one.name for one in fields(Case)]
#: What few cases have, and one column `more` keeps: how each is read from JSON.
_MORE: dict[str, Callable[[Any], Any]] = {
    "gates": lambda found: {name: Passage.of(content) for name, content in found.items()},
    "groups": lambda found: {name: Membership(**content) for name, content in found.items()},
    "records": lambda found: {name: Tally.read(content) for name, content in found.items()},
    "members": int,
    "continues": str,
    "continued_as": str,
    "same_as": str,
}
_NOTHING: dict[str, Any] = {"gates": {}, "groups": {}, "records": {}, "members": 0}
_NOTHING |= dict.fromkeys(("continues", "continued_as", "same_as"))
_NAMES = [*(name for name in _FIELDS if name not in _MORE), "more"]
_NOTICE_NAMES = [one.name for one in fields(Notice)]

#: The columns that an event is made of, and what stands beside it.
EVENT_COLUMNS = [*EVENTS.c, TEXTS.c.content]
#: All events, as `event_of` reads them.
SELECT_EVENTS = select(*EVENT_COLUMNS).join_from(
    EVENTS, TEXTS, and_(TEXTS.c.case_id == EVENTS.c.case_id, TEXTS.c.seq == EVENTS.c.seq), isouter=True
)
#: The columns that a case is made of, in the order of its fields.
CASE_COLUMNS = [(ORGANIZATIONS if name in ("name", "area", "facts") else CASES).c[name] for name in _NAMES]
#: The columns of a case that are dates.
DAYS = ("stage_since", "stage_due", "step_since", "step_due", "withdrawn", "suspended", "escalated_on")


# --- from rows -------------------------------------------------------------------------------------------------------


#: How a column becomes a field, where it does not as it is; {0} is the column's value.
_READ = {
    **dict.fromkeys(DAYS, "day({0}) if type({0}) is str else {0}"),
    **dict.fromkeys(("opened_at", "updated_at"), "instant({0}) if type({0}) is str else {0}.astimezone(UTC)"),
    **dict.fromkeys(("blockers", "assumed"), "() if {0} == '[]' else tuple(loads({0}))"),
    **dict.fromkeys(("closed", "overdue"), "{0} == 1"),
    "facts": "loads({0}) if '{{\"d' in {0} else from_json({0})",  # where there is no date, the faster reader will do
    "fired": "{{}} if {0} == '{{}}' else loads({0})",
    "duties": "{{}} if {0} == '{{}}' else duties({0})",
}


def _reader() -> Callable[[Sequence[Any]], Case]:
    """A function that makes a case of a row, written out column by column as dataclasses write an __init__: listings
    are made of it, and a loop over the columns takes half as long again. It writes the slots of the case directly, as
    the __init__ of a frozen dataclass does through one call more."""
    values = [f"v{at}" for at in range(len(_NAMES))]
    lines = ["def case(row):", " made = new(Case)", f" {', '.join(values)} = row", " try:"]
    lines += [
        f"  write_{name}(made, {_READ.get(name, '{0}').format(value)})"
        for name, value in zip(_NAMES, values, strict=True)
        if name != "more"
    ]
    lines += [f"  {', '.join(_MORE)} = NONE if {values[-1]} == '{{}}' else more({values[-1]})"]
    lines += [f"  write_{name}(made, {name})" for name in _MORE]
    lines += [" except WRONG as error:", "  raise damaged(row, error) from error"]
    space: dict[str, Any] = {
        "Case": Case, "new": object.__new__, "day": date.fromisoformat, "instant": datetime.fromisoformat,
        "loads": loads, "from_json": from_json, "duties": _duties, "UTC": UTC, "more": _more, "NONE": _more("{}"),
        "WRONG": WRONG, "damaged": _damaged,
        **{f"write_{name}": getattr(Case, name).__set__ for name in _FIELDS},
    }  # fmt: skip
    exec("\n".join([*lines, " return made"]), space)
    made: Callable[[Sequence[Any]], Case] = space["case"]
    return made


#: What reading raises where somebody else wrote.
WRONG = (KeyError, ValueError, TypeError, AttributeError, IndexError, StopIteration, ArithmeticError)


@contextmanager
def reading(what: Title) -> Iterator[None]:
    """A block that reads what guikou keeps. Raises Unreadable where it can't be read."""
    try:
        yield
    except WRONG as error:
        raise Unreadable(what=what) from error


def policy_files(digest: str, text: str | None) -> dict[str, str]:
    """The files of a policy as they are kept. Raises Unreadable where they are not those of its digest."""
    what = Title(f"政策 {digest[:12]} 的文本", f"the text of the policy {digest[:12]}")
    with reading(what):
        files = dict(json.loads(text or ""))
        own = digest_of(files)
    if own != digest:
        raise Unreadable(what=what)
    return files


def _damaged(row: Sequence[Any], error: Exception) -> Damaged:
    """That a case can't be read, by the first of its columns that can't."""
    kept = dict(zip(_NAMES, row, strict=True))
    said = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
    return Damaged(case=kept.get("organization") or kept.get("id") or "-", what=said)


@lru_cache(maxsize=4096)  # organisations of one type owe the same on the same days; nobody changes a case's mapping
def _duties(text: str) -> dict[str, Duty]:
    return {name: Duty(**content) for name, content in loads(text).items()}


def _more(text: str) -> tuple[Any, ...]:
    """What few cases have, in the order of _MORE."""
    found = loads(text)
    return tuple(read(found[name]) if name in found else _NOTHING[name] for name, read in _MORE.items())


#: The case of a row of CASE_COLUMNS, as the driver gives it or SQLAlchemy.
case_of = _reader()


def case_or_damaged(row: Sequence[Any]) -> tuple[str, Case | Damaged]:
    """The case of a row by its id, or that it can't be read."""
    id = str(row[_NAMES.index("id")])
    try:
        return id, case_of(row)
    except Damaged as error:
        return id, error


def woken_of(row: Sequence[Any]) -> Woken:
    """The case of a row, which ends with the day on which the sweep is to look at it."""
    id, case = case_or_damaged(row[:-1])
    day = row[-1]
    try:
        day = read_day(day)
    except ValueError:
        case = Damaged(case=id, what=Title("下次巡检的日期", "the day of the next sweep"))
    return day, id, case


def woken_as_it_stands(row: Sequence[Any]) -> Woken:
    """The same of a row of which some text is no UTF-8, read `as_it_stands`: such a case can't be read. Where that is
    the day, it is a text that comes behind it, before all days that do (and is no number, which comes first)."""
    if not any(isinstance(one, str) and HALF.search(one) for one in row):
        return woken_of(row)
    id, day = str(row[_NAMES.index("id")]), str(row[-1])
    half = HALF.search(day)
    if half is not None:
        readable = day[: half.start()]
        day = readable[:-1] + chr(ord(readable[-1]) + 1) + "!" if readable else "~"
    return day, id, Damaged(case=id, what=_NO_TEXT)


#: What stands in the place of a byte that is no UTF-8.
HALF = re.compile("[\udc80-\udcff]")
_NO_TEXT = Title("不是 UTF-8 文本", "what is no UTF-8")


def event_of(row: Sequence[Any]) -> Event:
    """The event of a row of the table, as the driver gives it or SQLAlchemy."""
    try:
        return _event_of(row)
    except (*WRONG, Unreadable) as error:
        what = Title(f"第 {row[1]} 号事件", f"event no. {row[1]}")
        raise Damaged(case=row[0], what=what) from error


def _event_of(row: Sequence[Any]) -> Event:
    (
        case, seq, kind, at, recorded_at, actor, body, policy, trigger, changes, evidence, rules, reason, request_id, _,
        previous, hash, digests, texts,
    ) = row  # fmt: skip
    event = Event(
        case=case,
        seq=seq,
        kind=kind,
        at=read_instant(at),  # type: ignore[arg-type]
        recorded_at=read_instant(recorded_at),  # type: ignore[arg-type]
        actor=actor,
        body=body,
        policy=policy,
        trigger=trigger,
        changes=loads(changes),
        evidence=loads(evidence),
        rules=tuple(RuleFired(one["table"], tuple(one["rows"]), one["outputs"]) for one in loads(rules)),
        reason=reason,
        request_id=request_id,
        previous=previous,
        hash=hash,
    )
    return event if digests == "{}" else event.with_texts(loads(digests), from_json(texts) if texts else {})


def outgoing_of(row: Sequence[Any]) -> Outgoing:
    """The notice of a row of the outbox, as the driver gives it or SQLAlchemy."""
    kept = dict(zip(NOTICES.c.keys(), row, strict=True))
    own = {name: kept[name] for name in _NOTICE_NAMES if name != "case"}
    own |= {name: read_day(kept[name]) if kept[name] is not None else None for name in ("due", "day")}
    created, following, done = (read_instant(kept[name]) for name in ("created_at", "next_attempt", "delivered_at"))
    assert created is not None
    return Outgoing(Notice(case=kept["case_id"], **own), created, kept["attempts"], following, done, kept["error"])


def read_day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


# --- to rows ---------------------------------------------------------------------------------------------------------


def case_values(case: Case, wake: date | None) -> dict[str, Any]:
    """A case as its columns have it, and the policy `under` which the sweep looks at it on the day `wake`."""
    return {name: written(case) for name, written in _WRITTEN.items()} | {"wake": wake, "under": case.policy}


def case_changes(before: Case, after: Case) -> dict[str, Any]:
    """The columns in which a case is another: an index on a column is written whenever the column is."""
    names = {
        name
        for own, old, new in zip(_FIELDS, _content(before), _content(after), strict=True)
        if old is not new and old != new
        for name in _COLUMNS.get(own, ())
    }
    return {name: _WRITTEN[name](after) for name in names}


def _more_text(case: Case) -> str:
    if not (
        case.gates or case.records or case.groups or case.members or case.continues or case.continued_as or case.same_as
    ):
        return "{}"
    found: dict[str, Any] = {name: getattr(case, name) for name in _MORE if getattr(case, name) != _NOTHING[name]}
    for name in ("gates", "groups", "records"):
        if name in found:
            found[name] = {key: one.content() for key, one in found[name].items()}
    return dumps(found)


#: How each column is written, but for `wake`.
_WRITTEN: dict[str, Callable[[Case], Any]] = {
    **{name: attrgetter(name) for name in _FIELDS if name in CASES.c},
    "stage": attrgetter("stage"),
    "due": attrgetter("due"),
    "blockers": lambda case: json.dumps(case.blockers) if case.blockers else "[]",
    "assumed": lambda case: json.dumps(case.assumed) if case.assumed else "[]",
    "fired": lambda case: dumps(case.fired) if case.fired else "{}",
    "duties": lambda case: dumps({name: duty.content() for name, duty in case.duties.items()}) if case.duties else "{}",
    "more": _more_text,
}
_content = attrgetter(*_FIELDS)
#: The columns that a field of the case is kept in, or decides.
_COLUMNS = {name: {name} & _WRITTEN.keys() for name in _FIELDS}
_COLUMNS |= {name: {"more"} for name in _MORE}
_COLUMNS["state"].add("stage")
for _name in ("stage_due", "step_due", "suspended"):
    _COLUMNS[_name].add("due")


def organization_values(case: Case) -> dict[str, Any]:
    return {"name": case.name, "area": case.area, "facts": dumps(case.facts)}


def duty_values(case: str, name: str, duty: Duty) -> dict[str, Any]:
    own = {"due": duty.due, "open": duty.open, "escalation": duty.escalation, "escalated_to": duty.escalated_to}
    return {"case_id": case, "name": name, **own}


def passage_values(case: str, gate: str, passage: Passage) -> dict[str, Any]:
    own = {"answer": passage.answer, "asked": passage.asked, "passed": passage.passed}
    return {"case_id": case, "gate": gate, **own}


def event_values(one: Event, part: int) -> dict[str, Any]:
    kept = one.blanked()
    return {
        "case_id": one.case,
        "seq": one.seq,
        "kind": one.kind,
        "at": one.at,
        "recorded_at": one.recorded_at,
        "actor": one.actor,
        "body": one.body,
        "policy": one.policy,
        "trigger": one.trigger,
        "changes": dumps(kept["changes"]),
        "evidence": dumps(kept["evidence"]) if one.evidence else "{}",
        "rules": dumps([rule.content() for rule in one.rules]) if one.rules else "[]",
        "reason": kept["reason"],
        "request_id": one.request_id,
        "part": part,
        "previous": one.previous,
        "hash": one.hash,
        "texts": dumps(one.digests) if one.digests else "{}",
    }


def text_values(one: Event) -> dict[str, Any]:
    """What stands beside an event that has texts."""
    return {"case_id": one.case, "seq": one.seq, "content": dumps(one.kept_texts())}


def notice_values(notice: Notice, now: datetime) -> dict[str, Any]:
    own = {name: getattr(notice, name) for name in _NOTICE_NAMES if name != "case"}
    waiting = {"attempts": 0, "next_attempt": now, "delivered_at": None, "error": None}
    return {"case_id": notice.case, **own, "created_at": now, **waiting}


def request_values(
    request: Request, salt: str, fingerprint: str, events: Sequence[Event], now: datetime
) -> dict[str, Any]:
    own = {name: getattr(request, name) for name in ("id", "kind", "command", "revision", "at")}
    led_to = dumps([[one.case, one.seq] for one in events])
    if not events:  # no event could be named to erase its text by
        own["command"] = None
    return {**own, "salt": salt, "fingerprint": fingerprint, "events": led_to, "recorded_at": now}
