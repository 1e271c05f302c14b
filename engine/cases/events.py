"""What happened to a case: every kind of event, what it is called, and what it says.

An event's `changes` hold fields of the case with their new values, and what the event says besides. The latter is
spelled here alone: whoever decides gives one of the classes below (`Asked`, `Recorded`, ...), whoever reads asks the
event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, ClassVar

from ..text import Title, as_json, brief
from .canonical import canonical
from .texts import ERASED, REASON, filled, salted, texts_of

GENESIS = "0" * 64


class EventKind(StrEnum):
    """The kinds of events, as they are kept."""

    titles: Title

    def __new__(cls, value: str, zh: str, en: str) -> EventKind:
        made = str.__new__(cls, value)
        made._value_ = value
        made.titles = Title(zh, en)
        return made

    OPENED = "opened", "立案", "opened"
    ADVANCED = "advanced", "办理", "advanced"
    REPORTED = "reported", "事实更新", "reported"
    REROUTED = "rerouted", "改归口", "rerouted"
    BLOCKED = "blocked", "记录障碍", "blocked"
    UNBLOCKED = "unblocked", "解除障碍", "unblocked"
    SCHEDULED = "scheduled", "排定义务", "duties scheduled"
    DUTY_OPENED = "duty_opened", "义务开始办理", "duty opened"
    REMINDED = "reminded", "提醒", "reminded"
    OVERDUE = "overdue", "标记逾期", "marked overdue"
    ESCALATED = "escalated", "上报上级", "escalated"
    MET = "met", "办结义务", "duty met"
    MISSED = "missed", "义务未办理", "duty missed"
    POSTPONED = "postponed", "义务延期", "duty postponed"
    RECOUNTED = "recounted", "重算期限", "due date recounted"
    ASKED = "asked", "询问关口", "gate asked"
    TOLD = "told", "回报关口", "gate told"
    RECORDED = "recorded", "记录", "recorded"
    STRUCK = "struck", "撤销记录", "record struck"
    JOINED = "joined", "加入", "joined"
    LEFT = "left", "退出", "left"
    MEMBER_JOINED = "member_joined", "成员加入", "member joined"
    MEMBER_LEFT = "member_left", "成员退出", "member left"
    CONTINUED = "continued", "由另案接续", "carried on by another case"
    REMARKED = "remarked", "备注", "remark"
    RENAMED = "renamed", "变更代码", "id changed"
    SAME = "same", "认定为同一组织", "found to be the same organisation"
    MERGED = "merged", "并入另案", "merged into another case"
    WITHDRAWN = "withdrawn", "撤回登记", "registration withdrawn"
    RESTORED = "restored", "恢复原状", "put back as it was"
    CORRECTED = "corrected", "更正", "corrected"
    REOPENED = "reopened", "恢复办理", "reopened"
    ERASED = "erased", "擦除文字", "texts erased"


#: Whose reason is the engine's own word.
_CODED = (EventKind.BLOCKED, EventKind.UNBLOCKED, EventKind.REROUTED)
#: What each is called.
EVENT_TITLES = {kind.value: kind.titles for kind in EventKind}


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
    is null). The properties below are what it says besides; None where it says nothing of it. `hash` covers everything
    else, `previous` among it; of a text that an office wrote it covers the salted hash alone, so that the text can be
    erased: `digests` has these, and `salts` the salts of those that are still there, both by the text's place. Events
    that are older than that have neither.
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
    digests: Mapping[str, str] = field(default_factory=dict)
    salts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def sealed(cls, *, salt: str = "", note: bool = False, **content: Any) -> Event:
        """One with its hash; its texts are salted by what is made of a `salt` that nobody keeps (none: they aren't).
        A reason that is a `note` of the policy's is none of them."""
        made = cls(**content)
        if salt and (found := made.texts()):
            if note:
                found.pop(REASON, None)
            salts = {place: salted(f"{salt} {made.case} {made.seq} ", place) for place in found}
            object.__setattr__(made, "salts", salts)
            object.__setattr__(made, "digests", {place: salted(salts[place], text) for place, text in found.items()})
        object.__setattr__(made, "hash", made.digest())  # nobody has seen it without
        return made

    __repr__ = brief("case", "seq", "kind", "at", "trigger")

    def to_dict(self) -> dict[str, Any]:
        """Everything that it says, as JSON has it."""
        return {
            "case": self.case, "seq": self.seq, "kind": str(self.kind), "trigger": self.trigger,
            "concerns": self.concerns, "state": self.state, "body": self.body, "evidence": as_json(self.evidence),
            "reason": self.reason, "at": as_json(self.at), "recorded_at": as_json(self.recorded_at),
            "actor": self.actor, "policy": self.policy, "changes": as_json(self.changes),
            "rules": as_json([one.content() for one in self.rules]), "request_id": self.request_id, "hash": self.hash,
            "erased": list(self.erased),
        }  # fmt: skip

    def texts(self) -> dict[str, str]:
        """What an office wrote, by its place: '/reason', '/evidence/<code>', and the evidence of what was told of a
        gate."""
        reason = "" if self.kind in _CODED else self.reason
        return texts_of(reason, self.evidence, self.changes)

    def kept_texts(self) -> dict[str, tuple[str, str]]:
        """The salt and the text of each that is kept beside it, by its place."""
        found = self.texts()
        return {place: (salt, found[place]) for place, salt in self.salts.items()}

    @property
    def erased(self) -> tuple[str, ...]:
        """The places of the texts that were erased."""
        return tuple(sorted(self.digests.keys() - self.salts.keys()))

    def fits(self) -> bool:
        """Whether the texts that are there have the hashes that it holds."""
        if not self.digests:
            return True
        found = self.texts()
        return all(
            place in found and salted(salt, found[place]) == self.digests.get(place)
            for place, salt in self.salts.items()
        )

    def digest(self) -> str:
        return hashlib.sha256(canonical(self.content())).hexdigest()

    def without(self, places: Iterable[str]) -> Event:
        """The same once these texts are erased."""
        gone = dict.fromkeys(places, ERASED)
        return replace(
            self, **self._filled(gone), salts={place: salt for place, salt in self.salts.items() if place not in gone}
        )

    def content(self) -> dict[str, Any]:
        """What the hash covers, as plain JSON values: of texts that are kept beside it their salted hashes alone."""
        return {**self._content(), **self.blanked(), "texts": self.digests} if self.digests else self._content()

    def blanked(self) -> dict[str, Any]:
        """What has texts in it (`reason`, `evidence`, `changes`), with nothing in the place of those that are kept
        beside it."""
        return self._filled(dict.fromkeys(self.digests, ""))

    def _filled(self, texts: Mapping[str, str]) -> dict[str, Any]:
        return filled({"reason": self.reason, "evidence": self.evidence, "changes": self.changes}, texts)

    def with_texts(self, digests: Mapping[str, str], kept: Mapping[str, Sequence[str]]) -> Event:
        """One that was blanked, with its texts: `kept` are [salt, text] by their places. Raises KeyError, TypeError and
        ValueError for what nobody can have written."""
        salts = {place: salt for place, (salt, _) in kept.items()}
        if not kept.keys() <= digests.keys() or not all(_is_kept(place, *own) for place, own in kept.items()):
            raise ValueError("nobody wrote that")
        texts = {place: kept[place][1] if place in kept else ERASED for place in digests}
        return replace(self, **self._filled(texts), digests=digests, salts=salts)

    def _content(self) -> dict[str, Any]:
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

    def like(self, other: Event) -> bool:
        """Whether another says the same, apart from when it was told and its place in the chain (and so, of a record
        that was struck, its number)."""
        return canonical(self._said()) == canonical(other._said())

    def _said(self) -> dict[str, Any]:
        content = self._content()
        for name in ("case", "seq", "recorded_at", "request_id", "previous"):
            del content[name]
        return content | {"changes": {key: value for key, value in self.changes.items() if key != "struck"}}

    # --- what it is about ---

    @property
    def concerns(self) -> str | None:
        """The obligation."""
        return self.changes.get("concerns")

    @property
    def of(self) -> date | None:
        """The due date that it is about; of what was put off, the new one."""
        return self.changes.get("of")

    @property
    def stood(self) -> str | None:
        """The state in which the case stood."""
        return self.changes.get("stood")

    @property
    def climbed_to(self) -> str | None:
        """The body to which it escalated something."""
        return self.changes.get("to")

    @property
    def gate(self) -> str | None:
        return self.changes.get("gate")

    @property
    def answer(self) -> str | None:
        """What the gate answered."""
        return self.changes.get("answer")

    @property
    def grounds(self) -> tuple[str, ...]:
        """The grounds of the gate's answer, the worst first."""
        return tuple(self.changes["gates"][self.gate]["grounds"]) if self.answer is not None else ()

    @property
    def condition_due(self) -> date | None:
        """By when the condition of the gate's answer is to be met."""
        return self.changes.get("due")

    @property
    def outcome(self) -> str | None:
        """What was told of a gate, or how an obligation ended."""
        return self.changes.get("outcome")

    @property
    def value(self) -> str | None:
        """The value of what was told."""
        return self.changes.get("value")

    @property
    def record(self) -> str | None:
        """The kind of what was recorded or struck."""
        return self.changes.get("record")

    @property
    def on(self) -> date | None:
        """The day on which what was recorded took place."""
        return self.changes.get("on")

    @property
    def year(self) -> int | None:
        """The year for which it was recorded."""
        return self.changes.get("year")

    @property
    def amount(self) -> Decimal | None:
        return self.changes.get("amount")

    @property
    def count(self) -> int | None:
        return self.changes.get("count")

    @property
    def venue(self) -> str | None:
        return self.changes.get("venue")

    @property
    def struck(self) -> int | None:
        """The number of the event that was struck."""
        return self.changes.get("struck")

    @property
    def group(self) -> str | None:
        """The case of the group that was joined or left."""
        return self.changes.get("group")

    @property
    def group_kind(self) -> str | None:
        return self.changes.get("of_group")

    @property
    def member(self) -> str | None:
        """The case that joined the group or left it."""
        return self.changes.get("member")

    @property
    def continues(self) -> str | None:
        """The case that this one carries on from its opening."""
        return self.changes.get("continues")

    @property
    def continues_from(self) -> str | None:
        """The hash of the last event of that case."""
        return self.changes.get("continues_from")

    @property
    def same(self) -> str | None:
        """The case that proved to be of the same organisation."""
        return self.changes.get("same")

    @property
    def same_from(self) -> str | None:
        """The hash of the last event of that case."""
        return self.changes.get("same_from")

    @property
    def was(self) -> str | None:
        """The organisation's id before."""
        return self.changes.get("was")

    @property
    def back_to(self) -> int | None:
        """The number of the event as after which the case is again; 0 where there is none."""
        return self.changes.get("back_to")

    @property
    def corrects(self) -> int | None:
        """The number of the event that was wrong: what follows says it, and what came after it, anew."""
        return self.changes.get("corrects")

    @property
    def erases(self) -> tuple[tuple[int, str], ...] | None:
        """What it erased: numbers of events of its case, each with the place of a text."""
        erases = self.changes.get("erases")
        return tuple((seq, place) for seq, place in erases) if erases is not None else None

    @property
    def retention(self) -> str | None:
        """How long the policy kept what it erased, where that was over."""
        return self.changes.get("retention")

    @property
    def unknown(self) -> tuple[str, ...] | None:
        """The facts that are not known any more."""
        names = self.changes.get("unknown")
        return tuple(names) if names is not None else None

    # --- what it changed ---

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts that it set."""
        return self.changes.get("facts") or {}

    @property
    def organization(self) -> str | None:
        """The organisation's id, if it set it."""
        return self.changes.get("organization")

    @property
    def name(self) -> str | None:
        """The organisation's name, if it set it."""
        return self.changes.get("name")

    @property
    def area(self) -> str | None:
        """The code of its area, if it set it."""
        return self.changes.get("area")

    @property
    def continued_as(self) -> str | None:
        """The case that carries this one on from then."""
        return self.changes.get("continued_as")

    @property
    def same_as(self) -> str | None:
        """The case into which this one was merged."""
        return self.changes.get("same_as")

    @property
    def workflow(self) -> str | None:
        return self.changes.get("workflow")

    @property
    def state(self) -> str | None:
        """The state that the case entered."""
        return self.changes.get("state")

    @property
    def origin(self) -> str | None:
        """The state that the case left for another stage."""
        return self.changes.get("origin")

    @property
    def enters_stage(self) -> bool:
        """Whether the case came to a stage: one that is reopened was there before."""
        return "stage_since" in self.changes and self.kind != EventKind.REOPENED

    @property
    def closes(self) -> bool:
        return bool(self.changes.get("closed"))

    @property
    def assumed(self) -> tuple[int, ...]:
        """The years in which working days had to be assumed."""
        return tuple(self.changes.get("assumed", ()))

    @property
    def records(self) -> Mapping[str, Any]:
        """The tallies that it set, by kind of record, as an event keeps them."""
        return self.changes.get("records") or {}


def _is_kept(place: str, salt: Any, text: Any) -> bool:
    """Whether something can be a text with its salt."""
    return isinstance(salt, str) and isinstance(text, str) and text != ERASED and (text != "" or place != REASON)


def counting(events: Iterable[Event]) -> list[Event]:
    """The events of one case's history that count: those that were not taken back since. What takes back says nothing
    else, nor does what erases, and they are not among them."""
    kept: list[Event] = []
    for event in events:
        if event.back_to is None:
            if event.kind != EventKind.ERASED:
                kept.append(event)
        else:
            while kept and kept[-1].seq > event.back_to:
                kept.pop()
    return kept


def effective(events: Iterable[Event]) -> list[Event]:
    """The events of one case's history that were not corrected since, in the order in which they took effect; what was
    told late is among those of its time. Corrections say nothing else, nor does what erases, and they are not among
    them."""
    kept: list[Event] = []
    late = False
    for event in events:
        if event.kind == EventKind.ERASED:
            continue
        if event.corrects is None:
            late = late or (bool(kept) and event.at < kept[-1].at)
            kept.append(event)
        else:
            while kept and kept[-1].seq > (event.back_to or 0):
                kept.pop()
    return sorted(kept, key=lambda event: (event.at, event.seq)) if late else kept


def not_corrected(events: Iterable[Event], corrections: Iterable[Event]) -> Iterator[Event]:
    """Of the events of some cases, by case, those that count beside these corrections; of each case in the order in
    which they took effect."""
    gone: dict[str, list[tuple[int, int]]] = {}
    for one in corrections:
        gone.setdefault(one.case, []).append((one.back_to or 0, one.seq))
    for case, own in groupby(events, key=lambda event: event.case):
        spans = gone.get(case, ())
        yield from effective(one for one in own if not any(low < one.seq <= high for low, high in spans))


def opening(events: Iterable[Event]) -> Event:
    """The event that opened a case last: before it, its registration may have been withdrawn."""
    return [event for event in events if event.kind == EventKind.OPENED][-1]


def standing_records(events: Iterable[Event]) -> dict[int, Event]:
    """The records of a history that were not struck, by the number of their event."""
    every = counting(events)
    gone = {event.struck for event in every if event.kind == EventKind.STRUCK}
    return {event.seq: event for event in every if event.kind == EventKind.RECORDED and event.seq not in gone}


# --- what an event of each kind says besides the fields of the case --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What an event says. What has a default is left out where it is None."""

    kind: ClassVar[EventKind]

    def changes(self) -> dict[str, Any]:
        """As the event keeps it."""
        return _kept(self)


#: Where what is said has another name than the key that keeps it.
_KEYS = {"climbed_to": "to", "group_kind": "of_group", "condition_due": "due"}


def _kept(said: Says | Climb) -> dict[str, Any]:
    found = {}
    for one in fields(said):
        value = getattr(said, one.name)
        if value is not None or one.default is MISSING:
            found[_KEYS.get(one.name, one.name)] = value
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Says):
    kind = EventKind.OPENED
    continues_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """Something went up to a body: of which due date (None: it had none), and where the case stood."""

    climbed_to: str
    of: date | None
    stood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced(Says):
    kind = EventKind.ADVANCED
    climb: Climb | None = None

    def changes(self) -> dict[str, Any]:
        return _kept(self.climb) if self.climb is not None else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Says):
    kind = EventKind.REPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted(Says):
    kind = EventKind.REROUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked(Says):
    """Its reason is the blocker's code."""

    kind = EventKind.BLOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblocked(Says):
    """Its reason is the blocker's code."""

    kind = EventKind.UNBLOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled(Says):
    kind = EventKind.SCHEDULED


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyOpened(Says):
    kind = EventKind.DUTY_OPENED
    concerns: str
    of: date
    stood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded(Says):
    """Of the obligation that it concerns, or else of the case's own due date; so are the next two."""

    kind = EventKind.REMINDED
    concerns: str | None = None
    of: date
    stood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Says):
    kind = EventKind.OVERDUE
    concerns: str | None = None
    of: date
    stood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Says):
    kind = EventKind.ESCALATED
    concerns: str | None = None
    of: date
    stood: str
    climbed_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met(Says):
    kind = EventKind.MET
    concerns: str
    of: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed(Says):
    kind = EventKind.MISSED
    concerns: str
    of: date
    stood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed(Says):
    kind = EventKind.POSTPONED
    concerns: str
    of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted(Says):
    kind = EventKind.RECOUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Says):
    kind = EventKind.ASKED
    gate: str
    answer: str
    condition_due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Says):
    kind = EventKind.TOLD
    gate: str
    outcome: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Says):
    """`amount` is in the policy's currency, in whole hundredths."""

    kind = EventKind.RECORDED
    record: str
    on: date
    year: int
    amount: Decimal | None = None
    count: int | None = None
    venue: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck(Says):
    kind = EventKind.STRUCK
    record: str
    struck: int
    year: int
    amount: Decimal | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Says):
    kind = EventKind.JOINED
    group: str
    group_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Says):
    kind = EventKind.LEFT
    group: str
    group_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Says):
    kind = EventKind.MEMBER_JOINED
    member: str
    group_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Says):
    kind = EventKind.MEMBER_LEFT
    member: str
    group_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Continued(Says):
    """The case is closed, and another carries it on: `continued_as` of the case is which."""

    kind = EventKind.CONTINUED


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked(Says):
    """Its reason is the remark."""

    kind = EventKind.REMARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed(Says):
    kind = EventKind.RENAMED
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Same(Says):
    """Another case was of the same organisation; its history belongs to this one's."""

    kind = EventKind.SAME
    same: str
    same_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Says):
    """The case is closed, since another is of the same organisation: `same_as` of the case is which."""

    kind = EventKind.MERGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Says):
    """The case was opened by mistake: it counts for nothing from then on, as if it had never been, and may be opened
    anew on the same chain."""

    kind = EventKind.WITHDRAWN
    back_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Says):
    """What was reported by mistake is taken back: the case is again as it was after the event `back_to`; the facts that
    are `unknown` were not known then."""

    kind = EventKind.RESTORED
    back_to: int
    unknown: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Says):
    """Something was wrong from the event `corrects` on: the case is as after the event `back_to` again, and the events
    that follow say what happened since as it was, decided anew. It takes effect when that one did."""

    kind = EventKind.CORRECTED
    back_to: int
    corrects: int
    unknown: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Says):
    """Texts of earlier events are there no longer: `erases` says of which, each with the text's place. `retention` is
    how long the policy kept them, where that was over."""

    kind = EventKind.ERASED
    erases: tuple[tuple[int, str], ...]
    retention: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Says):
    """The case that was closed goes on where it stood."""

    kind = EventKind.REOPENED
