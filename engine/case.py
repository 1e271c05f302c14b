"""Organization, Case, Event: what is supervised, where it stands, and what happened.

A case is the fold of its events. An event names what changed in full (`changes`), so that folding needs no policy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from .errors import BrokenChain

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en

    def fill(self, **words: Title) -> Title:
        """With {word} replaced by each word's own title."""
        zh, en = self.zh, self.en
        for key, word in words.items():
            zh, en = zh.replace("{" + key + "}", word.zh), en.replace("{" + key + "}", word.en)
        return Title(zh, en)


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area; `parent` is the code of the one around it, None at the top."""

    code: str
    key: str
    tier: str
    parent: str | None
    title: Title


@dataclass(frozen=True, slots=True)
class Body:
    """A body that supervises. Valid from `valid_from` up to, and not on, `valid_until` (None: without end)."""

    id: str
    tier: str
    area: str
    parent: str | None
    title: Title
    kind: str = "body"
    valid_from: date | None = None
    valid_until: date | None = None
    succeeded_by: str | None = None

    @property
    def name(self) -> str:
        return self.title.zh

    def exists_on(self, day: date) -> bool:
        return (self.valid_from is None or day >= self.valid_from) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation as another system reports it: its code, its name, its area's code, its facts by name."""

    id: str
    name: str
    area: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """How one obligation of a case stands: the occurrence that runs (none: `due` is None) and what became of the last.

    `nominal` is the due date before it was postponed (`extensions` times), `opens` the day from which it can be met.
    `reminded` is how many days before its due date it was reminded of last; `overdue` is set once it was marked so.
    `done` is the day on which it was met last, with its `outcome`; `ended` the due date of the last that was met or
    missed.
    """

    due: date | None = None
    nominal: date | None = None
    opens: date | None = None
    open: bool = False
    reminded: int | None = None
    overdue: bool = False
    escalation: int = 0
    escalated_to: str | None = None
    escalated_on: date | None = None
    extensions: int = 0
    done: date | None = None
    outcome: str | None = None
    ended: date | None = None

    def content(self) -> dict[str, Any]:
        """As an event keeps it: what differs from a new one."""
        return {name: value for name in _DUTY_FIELDS if (value := getattr(self, name)) != _NO_DUTY[name]}


@dataclass(frozen=True, slots=True)
class Passage:
    """How a case stands before a gate that was asked: the `answer` ('allowed', 'conditional' or 'refused') with its
    `grounds`, on which day; `told` are the outcomes reported since, each with its day, its value and its evidence;
    `passed` is the day on which all that has to be told was."""

    answer: str
    grounds: tuple[str, ...]
    asked: date
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    passed: date | None = None

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        whole = {"answer": self.answer, "grounds": list(self.grounds), "asked": self.asked}
        whole |= {"told": self.told} if self.told else {}
        return whole | ({"passed": self.passed} if self.passed is not None else {})

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Passage:
        return cls(**{**content, "grounds": tuple(content["grounds"])})


@dataclass(frozen=True, slots=True)
class Tally:
    """What was recorded of one kind: `last`, the latest day on which it took place; and by year how often, for how
    many (people, say) and how much (in the policy's currency, whole hundredths)."""

    last: date
    years: Mapping[int, tuple[int, int, Decimal]]

    def of(self, year: int) -> tuple[int, int, Decimal]:
        return self.years.get(year, (0, 0, Decimal(0)))

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"last": self.last, "years": {str(year): list(sums) for year, sums in sorted(self.years.items())}}

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Tally:
        return cls(
            content["last"], {int(year): (n, count, sum_) for year, (n, count, sum_) in content["years"].items()}
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """Of which kind a membership is, and since which day."""

    kind: str
    since: date

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"kind": self.kind, "since": self.since}


_DUTY_FIELDS = tuple(one.name for one in fields(Duty))
_NO_DUTY = {one.name: one.default for one in fields(Duty)}


@dataclass(frozen=True, slots=True)
class Case:
    """Where the supervision of one organisation stands. Days are dates in the policy's time zone.

    `state` is a stage, or 'stage.step'. `hub` links and guides it; `origin` is the state from which it entered its
    stage; `escalation` counts the tiers it has climbed, to `escalated_to`; `priority` (1 first) and `weight` (larger
    first) order an inbox; `policy` is the digest under which it last changed; `head` the hash of its last event.
    `suspended` is the day since which its clock stands still; `reminded` and `overdue` are of its due date what they
    are of a Duty's; `escalated_on` the day on which it last climbed, or was handed to another body; `fired` on which
    day the triggers were last fired from which deadlines run; `assumed` the years that no calendar knew when working
    days were counted in them. `gates` are those that it was asked before; `groups` the cases of the groups that it is a
    member of, and `members` how many members it has itself, if it is a group's; `records` what was recorded, by kind;
    `continues` the case whose history it carries on, `continued_as` the one that carries on its own.
    """

    id: str
    organization: str
    name: str
    area: str
    workflow: str
    state: str
    responsible: str
    hub: str | None
    facts: Mapping[str, Any]
    stage_since: date
    step_since: date
    opened_at: datetime
    updated_at: datetime
    policy: str
    stage_due: date | None = None
    step_due: date | None = None
    origin: str | None = None
    escalation: int = 0
    escalated_to: str | None = None
    extensions: int = 0
    priority: int = 0
    weight: int = 0
    blockers: tuple[str, ...] = ()
    closed: bool = False
    suspended: date | None = None
    reminded: int | None = None
    overdue: bool = False
    escalated_on: date | None = None
    fired: Mapping[str, date] = field(default_factory=dict)
    assumed: tuple[int, ...] = ()
    duties: Mapping[str, Duty] = field(default_factory=dict)
    gates: Mapping[str, Passage] = field(default_factory=dict)
    groups: Mapping[str, Membership] = field(default_factory=dict)
    records: Mapping[str, Tally] = field(default_factory=dict)
    members: int = 0
    continues: str | None = None
    continued_as: str | None = None
    revision: int = 0
    head: str = GENESIS

    @property
    def stage(self) -> str:
        return self.state.partition(".")[0]

    @property
    def step(self) -> str | None:
        return self.state.partition(".")[2] or None

    @property
    def due(self) -> date | None:
        """The earlier of the stage's and the step's due dates; none while the case is suspended."""
        if self.suspended is not None:
            return None
        return earlier(self.stage_due, self.step_due)

    def days_overdue(self, today: date) -> int:
        """Days since the due date; 0 on that day, before it, and without one."""
        return max(0, (today - self.due).days) if self.due and not self.closed else 0


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two days, of which each may be missing."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


@dataclass(frozen=True, slots=True)
class RuleFired:
    """A table's row that decided, with its outputs."""

    table: str
    rows: tuple[int, ...]
    outputs: Mapping[str, Any]

    def content(self) -> dict[str, Any]:
        """As an event keeps it."""
        return {"table": self.table, "rows": self.rows, "outputs": self.outputs}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case, never changed afterwards.

    `at` is when it took effect, `recorded_at` when it was told (both UTC). `changes` maps fields of the case to their
    new values; facts, fired, duties, gates, groups and records among them hold only those that changed (one that ceased
    is null). What is no field of a case says more of the event: `concerns` names the duty that it is about. `hash`
    covers everything else, `previous` among it.
    """

    case: str
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    body: str
    policy: str
    changes: Mapping[str, Any]
    trigger: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[RuleFired, ...] = ()
    reason: str = ""
    request_id: str | None = None
    previous: str = GENESIS
    hash: str = ""

    def sealed(self) -> Event:
        """The same with its hash."""
        return replace(self, hash=self.digest())

    def digest(self) -> str:
        return hashlib.sha256(dumps(self.content()).encode()).hexdigest()

    def content(self) -> dict[str, Any]:
        """Everything but the hash, as plain JSON values."""
        return {
            "case": self.case,
            "seq": self.seq,
            "kind": self.kind,
            "at": self.at,
            "recorded_at": self.recorded_at,
            "actor": self.actor,
            "body": self.body,
            "policy": self.policy,
            "trigger": self.trigger,
            "changes": self.changes,
            "evidence": self.evidence,
            "rules": [one.content() for one in self.rules],
            "reason": self.reason,
            "request_id": self.request_id,
            "previous": self.previous,
        }


def plain(value: Any) -> Any:
    """An instant, a date or a decimal as JSON keeps it; the latter two say what they are, so that `loads` can tell."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    raise TypeError(f"{type(value).__name__} has no place in an event")


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain).encode


def dumps(value: Any) -> str:
    """Canonical JSON: keys sorted, no spaces, so that equal content has an equal hash."""
    return _encode(value)


def loads(text: str) -> Any:
    """What `dumps` wrote, with dates and decimals back (instants stay text)."""
    # A hook is called for every object, and json.loads looks for white space: what has neither is read three times as
    # fast without.
    return json.loads(text, object_hook=_revive) if '{"d' in text else _scan(text, 0)[0]


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def _revive(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        if "date" in value:
            return date.fromisoformat(value["date"])
        if "decimal" in value:
            return Decimal(value["decimal"])
    return value


_FIELDS = {one.name for one in fields(Case)}
#: What a case has by name, with how each is read from an event.
_NAMED: tuple[tuple[str, Callable[[Mapping[str, Any]], Any]], ...] = (
    ("duties", lambda content: Duty(**content)),
    ("gates", Passage.of),
    ("groups", lambda content: Membership(**content)),
    ("records", Tally.read),
)


def evolve(case: Case | None, event: Event) -> Case:
    """The case after the event. Raises BrokenChain when the event does not follow the case's last one."""
    previous, seq = (GENESIS, 0) if case is None else (case.head, case.revision)
    if event.previous != previous or event.seq != seq + 1:
        raise BrokenChain(case=event.case, seq=event.seq)
    changes = {key: value for key, value in event.changes.items() if key in _FIELDS}
    for name in ("blockers", "assumed"):
        if name in changes:
            changes[name] = tuple(changes[name])
    for name, read in _NAMED:
        if name in changes:
            whole = dict(getattr(case, name)) if case is not None else {}
            for key, content in changes[name].items():
                if content is None:
                    whole.pop(key, None)
                else:
                    whole[key] = read(content)
            changes[name] = whole
    changes |= {"updated_at": event.at, "policy": event.policy, "revision": event.seq, "head": event.hash}
    if case is None:
        return Case(id=event.case, opened_at=event.at, **changes)
    for name in ("facts", "fired"):
        if name in changes:
            changes[name] = {**getattr(case, name), **changes[name]}
    return replace(case, **changes)


def follow(case: Case | None, events: Iterable[Event]) -> Case | None:
    """The case after events that follow its last one. Raises BrokenChain."""
    for event in events:
        case = evolve(case, event)
    return case


def fold(events: list[Event]) -> Case | None:
    """The case that its whole history makes; every hash is checked. Raises BrokenChain."""
    case = None
    for event in events:
        if event.hash != event.digest():
            raise BrokenChain(case=event.case, seq=event.seq)
        case = evolve(case, event)
    return case
