"""The whole record in one pass: every event against its hash, its chain and the seals that close it; policies against
their digests; requests against what they led to."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from sqlalchemy import exists, func, select

from guikou.engine.audit.checking import Checked, Finding, Kept, Sealed, check, places
from guikou.engine.audit.merkle import HASH, consistency_path, inclusion_path, is_consistent, is_included, leaf_hash
from guikou.engine.audit.statements import SEAL, Statement, Verified, faults, keys_of
from guikou.engine.cases.canonical import canonical, dumps
from guikou.engine.cases.events import EventKind
from guikou.engine.errors import NotSealed, RecordChanged, UnknownEvent, UnknownSeal, Unreadable
from guikou.engine.supervision.store import fingerprint
from guikou.engine.text import Title

from .besides import RequestsDigest, import_findings, notice_findings, written
from .connection import Database
from .rows import EVENT_COLUMNS, SELECT_EVENTS, event_of, policy_files
from .sealing import Sealing, policy_hashes, policy_texts
from .tables import EVENTS, POLICIES, REQUESTS, SEALED, STATEMENTS, TEXTS


class _Policies:
    """The digests of the policies that are kept, those that are activated meanwhile among them."""

    def __init__(self, database: Database) -> None:
        self._database, self._known = database, set[str]()

    def __contains__(self, digest: object) -> bool:
        if digest not in self._known:
            with self._database.errors():
                self._known = set(self._database.connection().scalars(select(POLICIES.c.digest)))
        return digest in self._known


class Auditing:
    """`events` is called with how many events were looked at, now and then."""

    def __init__(self, database: Database, sealing: Sealing, verified: Verified) -> None:
        self._database, self._sealing, self._verified = database, sealing, verified
        self.checked = Checked()

    def findings(self, progress: Callable[[int], object] = lambda events: None) -> Iterator[Finding]:
        """All that is not as it was; `checked` says afterwards what was looked at. Raises StoreError."""
        yield from self._statements()
        for digest, changed in self._policies():
            if changed:
                what = Title(f"政策 {digest[:12]} 的文本已被改动", f"the text of the policy {digest[:12]} was changed")
                yield Finding("policy-changed", what)
        named: set[int] = set()
        unnamed: set[int] = set()
        rows = chain.from_iterable(self._counted(progress, named, unnamed))
        # Others go on: whatever a seal closes is there by the time that the events are read.
        yield from check(rows, self._sealing.seals(), _Policies(self._database), self.checked)
        yield from self._strays()
        yield from self._requests(named, unnamed)
        said = [one for one in self._sealing.readable()[0] if one.kind == SEAL]
        yield from self._sealed_requests(said)
        yield from notice_findings(self._database, said, places(self._sealing.seals()))
        yield from import_findings(self._database, said)

    def count(self) -> int:
        """How many events there are."""
        with self._database.errors():
            return int(self._database.connection().scalar(select(func.count()).select_from(EVENTS)) or 0)

    def _counted(
        self, progress: Callable[[int], object], named: set[int], unnamed: set[int]
    ) -> Iterator[Sequence[Kept]]:
        """All events; which of them name a request goes to `named`, the others to `unnamed`: as hashes, for there may
        be millions."""
        for page in self.pages():
            named.update([hash((row[13], row[0], row[1], row[14])) for row in page if row[13] is not None])
            unnamed.update([hash((row[0], row[1])) for row in page if row[13] is None])
            yield page
            progress(len(page))

    def pages(self) -> Iterator[Sequence[Kept]]:
        """Every event, as `check` takes them, a thousand at a time."""
        instants = ("at", "recorded_at")
        columns = [written(self._database, one) if one.name in instants else one for one in EVENT_COLUMNS]
        every = SELECT_EVENTS.with_only_columns(*columns, maintain_column_froms=True)
        return self._database.pages(every.order_by(EVENTS.c.case_id, EVENTS.c.seq), plain=True)

    def prove(self, case: str, seq: int, number: int | None = None) -> dict[str, Any]:
        """What proves that an event is among those that a seal closed (the last one, where none is named), to whoever
        has the seal: for JSON. Raises UnknownEvent, NotSealed, UnknownSeal, and RecordChanged where it is not what was
        sealed."""
        seals = self._sealing.seals()
        statement = self._seal(number if number is not None else seals[-1].number if seals else 0, seals)
        place = next((one for one in places(seals).get(case, ()) if one.after < seq <= one.upto), None)
        if place is None and seq > (last := self._last(case)):
            raise UnknownEvent(case=case, seq=seq, last=last)
        if place is None or place.seal > statement.number:
            raise NotSealed(case=case, seq=seq)
        index, leaves = place.leaf + seq - place.after - 1, self._leaves(seals)
        path = inclusion_path(leaves, index, statement.size)
        with self._database.errors():
            asked = SELECT_EVENTS.where(EVENTS.c.case_id == case, EVENTS.c.seq == seq)
            row = self._database.connection().execute(asked).first()
        event = event_of(row) if row is not None else None
        root = bytes.fromhex(statement.content["root"])
        leaf = leaf_hash(bytes.fromhex(event.digest())) if event is not None else b""
        if event is None or not is_included(leaf, index, statement.size, path, root):
            raise RecordChanged(what=Title(f"{case}，第 {seq} 号事件", f"{case}, event no. {seq}"))
        own = {"event": canonical(event.content()).decode(), "texts": event.kept_texts()}
        return {**own, "index": index, "path": [one.hex() for one in path], "seal": self._signed(statement)}

    def _last(self, case: str) -> int:
        """The number of a case's last event."""
        with self._database.errors():
            asked = select(func.max(EVENTS.c.seq)).where(EVENTS.c.case_id == case)
            return int(self._database.connection().scalar(asked) or 0)

    def prove_between(self, first: int, second: int) -> dict[str, Any]:
        """What proves that a seal closes all that an earlier one closed, unchanged: for JSON. Raises UnknownSeal, and
        RecordChanged where it doesn't."""
        seals = self._sealing.seals()
        old, new = (self._seal(number, seals) for number in sorted((first, second)))
        path = consistency_path(self._leaves(seals), old.size, new.size) if old.size else []
        before, after = (bytes.fromhex(one.content["root"]) for one in (old, new))
        if old.size and not is_consistent(old.size, new.size, before, after, path):
            what = Title(f"第 {old.number} 至 {new.number} 号封存之间", f"seals no. {old.number} to {new.number}")
            raise RecordChanged(what=what)
        return {"path": [one.hex() for one in path], "seals": [self._signed(old), self._signed(new)]}

    def _seal(self, number: int, seals: Sequence[Sealed]) -> Statement:
        found = next((one for one in self._sealing.readable()[0] if (one.number, one.kind) == (number, SEAL)), None)
        if found is None:
            known = ", ".join(str(one.number) for one in seals) or "-"
            raise UnknownSeal(number=number, known=known)
        return found

    def _signed(self, statement: Statement) -> dict[str, str]:
        """A statement as it is signed, with the signature and the key that verifies it."""
        key = keys_of(self._sealing.readable()[0]).get(statement.key)
        if key is None or not self._verified(key.public, statement.text, statement.signature):
            raise RecordChanged(what=Title(f"第 {statement.number} 号封存", f"seal no. {statement.number}"))
        return {"text": statement.text.decode(), "signature": statement.signature, "public": key.public}

    def _leaves(self, seals: Sequence[Sealed]) -> bytearray:
        """The leaves of the tree over all that is sealed."""
        closed = places(seals)
        leaves = bytearray(seals[-1].size * HASH)
        for row in self._database.stream(select(EVENTS.c.case_id, EVENTS.c.seq, EVENTS.c.hash)):
            case, seq, hash = tuple(row)
            place = next((one for one in closed.get(case, ()) if one.after < seq <= one.upto), None)
            if place is not None:
                at = (place.leaf + seq - place.after - 1) * HASH
                with suppress(TypeError, ValueError):  # then nothing is proved of what it is in
                    leaves[at : at + HASH] = leaf_hash(bytes.fromhex(hash))
        return leaves

    def _statements(self) -> Iterator[Finding]:
        said, wrong = self._sealing.readable()
        yield from (Finding("seal-changed", what) for what in wrong)
        for fault in faults(said, self._verified):
            yield Finding("seal-changed", fault.what, seal=fault.number)
        seals = select(STATEMENTS.c.number).where(STATEMENTS.c.kind == SEAL)
        with self._database.errors():
            own = select(SEALED.c.case_id, SEALED.c.number).where(SEALED.c.number.not_in(seals))
            strays = self._database.connection().execute(own).all()
        for case, number in strays:
            what = Title(f"没有第 {number} 号封存", f"there is no seal no. {number}")
            yield Finding("seal-changed", what, case, seal=number)

    def _policies(self) -> Iterator[tuple[str, bool]]:
        """Every policy, and whether its text is another than its digest says, or than when it was sealed."""
        sealed: dict[str, str] = {}
        for one in self._sealing.readable()[0]:
            sealed |= one.content.get("policies", {})
        with self._database.errors():
            texts = policy_texts(self._database.connection())
        hashes = policy_hashes(texts)
        for digest, text in texts.items():
            changed = sealed.get(digest, hashes[digest]) != hashes[digest]
            try:
                policy_files(digest, text)
            except Unreadable:
                changed = True
            yield digest, changed
        yield from ((digest, True) for digest in sealed.keys() - texts.keys())

    def _requests(self, named: set[int], unnamed: set[int]) -> Iterator[Finding]:
        """What is kept of requests: each text against its salted hash, and what it led to against the events."""
        c = REQUESTS.c
        kept = select(c.number, c.id, c.command, c.salt, c.fingerprint, c.events)
        for row in self._database.stream(kept):
            number, id, command, salt, print_, events = tuple(row)
            if command is not None and not (_is_salt(salt) and fingerprint(salt, command) == print_):
                yield _request(number, Title("的文本已被改动", "was changed"))
            try:
                found = _with_parts(events)
            except (TypeError, ValueError):
                yield _request(number, Title("所引起的事件无法读取", "has events that can't be read"))
                continue
            if print_ is not None:
                yield from self._text(number, command, salt, found)
            own = {hash((id, *one)) for one in found} & named if id is not None else set()
            seen = all((id is not None and hash((id, *one)) in own) or hash(one[:2]) in unnamed for one in found)
            if dumps([one[:2] for one in found]) != events or not (seen or self._led_to(id, found)):
                yield _request(number, Title("所引起的事件已不相符", "led to other events"))
            named -= own
        if named:
            yield from self._unclaimed(named)

    def _text(
        self, number: int, command: str | None, salt: str | None, events: Sequence[tuple[str, int, int]]
    ) -> Iterator[Finding]:
        """The text of a request that was kept once: there, or erased with one of its events. One that led to none has
        its salt alone."""
        erased = any(self.checked.was_erased(case, seq) for case, seq, _ in events)
        if command is not None and erased:
            yield _request(number, Title("的文本已擦除却仍存在", "was erased, and is there still"))
        elif command is None and events:
            if not erased and not self._erased_since(events):
                yield _request(number, Title("的文本已不存在，且无擦除记录", "has no text, and nothing erased it"))
            elif salt is not None:
                yield _request(number, Title("的文本已擦除，盐却仍存在", "was erased, and its salt is there still"))

    def _erased_since(self, events: Sequence[tuple[str, int, int]]) -> bool:
        """Whether one of these events was erased since they were read."""
        c, own = EVENTS.c, {one[:2] for one in events}
        statement = select(c.case_id, c.changes).where(
            c.kind == str(EventKind.ERASED), c.case_id.in_({case for case, _ in own})
        )
        with self._database.errors():
            rows = self._database.connection().execute(statement).all()
        with suppress(TypeError, ValueError, KeyError):
            return any((case, seq) in own for case, changes in rows for seq, _ in json.loads(changes)["erases"])
        return False

    def _strays(self) -> Iterator[Finding]:
        """Texts beside events that there are not."""
        missing = ~exists().where(EVENTS.c.case_id == TEXTS.c.case_id, EVENTS.c.seq == TEXTS.c.seq)
        with self._database.errors():
            rows = self._database.connection().execute(select(TEXTS.c.case_id, TEXTS.c.seq).where(missing)).all()
        for case, seq in rows:
            what = Title(f"没有第 {seq} 号事件，却有其文字", f"there are texts of event no. {seq}, which is not there")
            yield Finding("text-changed", what, case, seq)

    def _led_to(self, id: str | None, events: Sequence[tuple[str, int, int]]) -> bool:
        """Whether these events are there and name this request, or none: it may have been kept since they were read."""
        c = EVENTS.c
        with self._database.errors():
            for case, seq, part in events:
                own = select(c.request_id, c.part).where(c.case_id == case, c.seq == seq)
                row = self._database.connection().execute(own).first()
                if row is None or row.request_id not in (id, None) or (row.request_id is not None and row.part != part):
                    return False
        return True

    def _sealed_requests(self, seals: Sequence[Statement]) -> Iterator[Finding]:
        """The requests against the seals that close them."""
        rows = iter(self._database.stream(RequestsDigest(0).statement(self._database)))
        row = next(rows, None)
        for seal in seals:
            closed = seal.content["requests"]
            own = RequestsDigest(closed["after"], with_salts="salts" not in closed)
            while row is not None and row.number <= closed["upto"]:
                own.add(row)
                row = next(rows, None)
            if own.content() != closed:
                first, last = closed["after"] + 1, closed["upto"]
                what = Title(
                    f"第 {first} 至 {last} 号请求不是封存时的那些",
                    f"requests no. {first} to {last} are not those that it closed",
                )
                yield Finding("request-changed", what, seal=seal.number)

    def _unclaimed(self, named: set[int]) -> Iterator[Finding]:
        """The events that name a request which says nothing of them."""
        c = EVENTS.c
        statement = select(c.case_id, c.seq, c.request_id, c.part).where(c.request_id.is_not(None))
        for row in self._database.stream(statement.order_by(c.case_id, c.seq)):
            case, seq, request, part = tuple(row)
            if hash((request, case, seq, part)) in named:
                what = Title(f"请求 {request} 的记录与之不符", f"what is kept of its request {request} says otherwise")
                yield Finding("request-gone", what, case, seq)


def _is_salt(salt: str | None) -> bool:
    """Whether it can be one: the fingerprint does not tell where it ends."""
    return salt is not None and re.fullmatch("[0-9a-f]{32}", salt) is not None


def _with_parts(events: str) -> list[tuple[str, int, int]]:
    """What a request led to, each event with its number among those of its case."""
    parts: Counter[str] = Counter()
    found = []
    for case, seq in json.loads(events):
        found.append((case, seq, parts[case]))
        parts[case] += 1
    return found


def _request(number: int, what: Title) -> Finding:
    return Finding("request-changed", Title(f"第 {number} 号请求{what.zh}", f"request no. {number} {what.en}"))
