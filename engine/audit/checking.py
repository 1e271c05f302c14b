"""All events in one pass: each against its own hash, its history's chain and the seals that close it.

An event is taken as a store keeps it, with its JSON as text, and its canonical form is put together from these texts:
what was changed has another hash, whatever it says now.
"""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from ..cases.canonical import canonical
from ..cases.events import GENESIS, EventKind
from ..cases.texts import salted
from ..text import Title, brief
from .merkle import EMPTY, HASH, Tree

#: An event as it is kept: case, seq, kind, at, recorded_at (as text), actor, body, policy, trigger, changes, evidence,
#: rules (as JSON text), reason, request_id, part, previous, hash, and of its texts the salted hashes and, of those that
#: are there, [salt, text], both by their places (as JSON text; None where there is none).
Kept = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was: its code, of which case and event (or the first of them), which seal says so."""

    code: str
    what: Title
    case: str | None = None
    seq: int | None = None
    seal: int | None = None

    __repr__ = brief("code", "case", "seq", "seal")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal: how many events it closes, under which `root`, and up to which event of which case, with its hash: of
    those cases of which there was something new. `heads` is the digest of these."""

    number: int
    size: int
    root: str
    heads: str
    upto: Mapping[str, tuple[int, str]]


@dataclass(slots=True)
class Checked:
    """What a pass came to: how many events and cases it looked at, how many of the events no seal closes, the leaves of
    the tree over those that are closed, in its order, and of which events something was erased."""

    events: int = 0
    cases: int = 0
    unsealed: int = 0
    leaves: bytearray = field(default_factory=bytearray)
    _erased: set[int] = field(default_factory=set)

    def add_erased(self, case: str, seqs: Iterable[int]) -> None:
        self._erased.update(hash((case, seq)) for seq in seqs)  # there may be millions

    def was_erased(self, case: str, seq: int) -> bool:
        """Whether something of an event was erased."""
        return hash((case, seq)) in self._erased


def heads_digest(upto: Mapping[str, tuple[int, str]]) -> str:
    """The SHA-256 of up to where which case is closed, in the order of the cases' ids."""
    lines = sha256()
    for case in sorted(upto):
        lines.update(canonical([case, *upto[case]]) + b"\n")
    return lines.hexdigest()


class Place(NamedTuple):
    """Which events of a case a seal closes (from behind `after` up to `upto`), at which leaf of the tree they begin,
    and which hash the last has."""

    after: int
    upto: int
    leaf: int
    hash: str
    seal: int


def places(seals: Iterable[Sealed]) -> dict[str, list[Place]]:
    """What is closed of each case, seal by seal. The leaves of a seal are in the order of their cases' ids."""
    found: dict[str, list[Place]] = {}
    leaf = 0
    for seal in seals:
        for case in sorted(seal.upto):
            upto, hash = seal.upto[case]
            own = found.setdefault(case, [])
            after = own[-1].upto if own else 0
            own.append(Place(after, upto, leaf, hash, seal.number))
            leaf += max(0, upto - after)
    return found


def event_hash(kept: Kept) -> str | None:
    """The hash that an event must have, as it is kept; None for one that nobody can have written."""
    (case, seq, kind, at, recorded_at, actor, body, policy, trigger, changes, evidence, rules, reason, request_id, _,
     previous, _, texts, _) = kept  # fmt: skip
    fragment = orjson.Fragment
    try:
        if '"evidence":' in changes or '"evidence":' in evidence:  # one could end elsewhere, and the other begin there
            orjson.loads(changes)
            orjson.loads(evidence)
        beside = {"texts": fragment(texts)} if texts != "{}" else {}
        return sha256(
            orjson.dumps(
                {
                    "actor": actor, "at": at, "body": body, "case": case, "changes": fragment(changes),
                    "evidence": fragment(evidence), "kind": kind, "policy": policy, "previous": previous,
                    "reason": reason, "recorded_at": recorded_at, "request_id": request_id, "rules": fragment(rules),
                    "seq": seq, **beside, "trigger": trigger,
                }
            )
        ).hexdigest()  # fmt: skip
    except (TypeError, ValueError):
        return None


def check(
    rows: Iterable[Kept], seals: Sequence[Sealed], policies: Container[str], checked: Checked
) -> Iterator[Finding]:
    """All that is not as it was. `rows` are all events, by case and number (the order of the cases does not matter);
    `policies` the digests of the policies that are kept. What it comes to is in `checked` afterwards."""
    of_case = places(seals)
    size = sum(max(0, one.upto - one.after) for own in of_case.values() for one in own)
    checked.leaves = bytearray(size * HASH)
    spoilt: set[int] = set()
    seen: set[str] = set()
    for case, own in groupby(rows, key=itemgetter(0)):
        seen.add(case)
        closed = of_case.get(case, [])
        number = yield from _history(case, own, closed, policies, checked, spoilt)
        yield from _tail(case, number, closed, spoilt)
    for case in sorted(of_case.keys() - seen):
        yield from _tail(case, 0, of_case[case], spoilt)
    checked.cases = len(seen)
    yield from _roots(seals, checked.leaves, spoilt)


def _history(
    case: str,
    rows: Iterable[Kept],
    closed: Sequence[Place],
    policies: Container[str],
    checked: Checked,
    spoilt: set[int],
) -> Generator[Finding, None, int]:
    """What is wrong with the events of one case; returns the number of the last. Written for speed: it is called for
    every event that there is."""
    number, before, part = 0, GENESIS, -1
    leaves, at = checked.leaves, 0
    texts = _Texts()
    for row in rows:
        seq, hash = row[1], row[16]
        checked.events += 1
        if event_hash(row) != hash or type(seq) is not int:
            yield Finding("changed", Title("内容已被改动", "it was changed"), case, seq)
            if type(seq) is not int:
                continue
        if seq != number + 1:
            gone = number + 1
            yield Finding("missing", Title(f"缺少第 {gone} 号事件", f"event no. {gone} is missing"), case, gone)
        elif row[15] != before:
            yield Finding("broken", Title("与前一事件不相连", "it does not follow from the event before"), case, seq)
        if row[17] != "{}" or row[18] is not None or row[2] == EventKind.ERASED:
            yield from texts.look_at(case, seq, row)
        if row[7] not in policies:
            yield Finding("no-policy", Title("所依据的政策已不存在", "the policy that decided it is gone"), case, seq)
        if row[14] != 0 and row[14] != part + 1:
            yield Finding("part", Title("在请求中的序号不符", "it is another part of its request"), case, seq)
        number, before, part = seq, hash, row[14] if type(row[14]) is int else -1
        while at < len(closed) and closed[at].upto < seq:
            at += 1
        if at == len(closed) or seq <= closed[at].after:
            checked.unsealed += 1
            continue
        place = closed[at]
        try:
            leaf = (place.leaf + seq - place.after - 1) * HASH
            leaves[leaf : leaf + HASH] = sha256(b"\0" + bytes.fromhex(hash)).digest()  # `leaf_hash`, for speed
        except (TypeError, ValueError):
            spoilt.add(place.seal)
        if seq == place.upto and hash != place.hash:
            spoilt.add(place.seal)
            yield Finding("sealed-otherwise", _otherwise(place), case, place.after + 1, place.seal)
    yield from texts.left(case)
    checked.add_erased(case, (seq for seq, _ in texts.erased))
    return number


class _Texts:
    """The texts of one case's events: those that are there against their hashes, those that aren't against what says
    that they were erased."""

    def __init__(self) -> None:
        self._there, self._gone, self.erased = set[tuple[int, str]](), set[tuple[int, str]](), set[tuple[int, str]]()

    def look_at(self, case: str, seq: int, row: Kept) -> Iterator[Finding]:
        try:
            if row[2] == EventKind.ERASED:
                self.erased |= {(int(seq), str(place)) for seq, place in orjson.loads(row[9])["erases"]}
            digests, kept = orjson.loads(row[17]), orjson.loads(row[18]) if row[18] is not None else {}
            wrong = sorted(kept.keys() - digests.keys())
            if row[18] is not None and canonical(kept).decode() != row[18]:
                wrong.append(next(iter(kept), "?"))  # it says the same, and nobody wrote it so
            for place, digest in digests.items():
                own = (seq, place)
                if place not in kept:
                    self._gone.add(own)
                    continue
                self._there.add(own)
                salt, text = kept[place]
                if salted(salt, text) != digest:
                    wrong.append(place)
        except (TypeError, ValueError, KeyError, AttributeError):
            wrong = ["?"]
        if wrong:
            yield Finding("text-changed", _text(wrong[0], "已被改动", "was changed"), case, seq)

    def left(self, case: str) -> Iterator[Finding]:
        for seq, place in sorted(self._gone - self.erased):
            yield Finding(
                "text-gone", _text(place, "已不存在，且无擦除记录", "is gone, and nothing erased it"), case, seq
            )
        for seq, place in sorted(self._there & self.erased):
            yield Finding("text-there", _text(place, "已擦除却仍存在", "was erased, and is there still"), case, seq)


def _text(place: str, zh: str, en: str) -> Title:
    return Title(f"文字 {place} {zh}", f"the text {place} {en}")


def _tail(case: str, number: int, closed: Sequence[Place], spoilt: set[int]) -> Iterator[Finding]:
    """That the tail of a history is gone, which was sealed."""
    short = [one for one in closed if number < one.upto]
    spoilt.update(one.seal for one in short)
    if short:
        upto = short[-1].upto
        what = Title(f"第 {number + 1} 至 {upto} 号事件已不存在", f"events no. {number + 1} to {upto} are gone")
        yield Finding("tail", what, case, number + 1, short[0].seal)


def _otherwise(place: Place) -> Title:
    first, last, seal = place.after + 1, place.upto, place.seal
    return Title(
        f"第 {first} 至 {last} 号事件不是第 {seal} 号封存时的那些",
        f"events no. {first} to {last} are not those that seal no. {seal} closed",
    )


def _roots(seals: Sequence[Sealed], leaves: bytearray, spoilt: set[int]) -> Iterator[Finding]:
    """What of the seals doesn't fit what they close; of one of which something is found already, nothing more."""
    tree, at = Tree(), 0
    for seal in seals:
        if heads_digest(seal.upto) != seal.heads:
            spoilt.add(seal.number)
            what = Title("所列案卷不是封存时的那些", "the cases that it lists are not those that it closed")
            yield Finding("seal-heads", what, seal=seal.number)
        end = min(seal.size, len(leaves) // HASH)
        tree.extend(leaves, at, end)
        at = max(at, end)
        whole = tree.size == seal.size and (tree.root if tree.size else EMPTY).hex() == seal.root
        if not whole and not spoilt:
            what = Title("所封存的事件不再与其根相符", "the events that it closed no longer have its root")
            yield Finding("seal-root", what, seal=seal.number)
