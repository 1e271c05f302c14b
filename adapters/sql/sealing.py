"""Signed statements about the record: which key signs, that one is revoked, and seals, which close events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import Connection, and_, func, insert, select

from guikou.engine.audit.checking import Sealed, heads_digest
from guikou.engine.audit.merkle import Tree, leaf_hash
from guikou.engine.audit.statements import KEY, REVOKED, SEAL, Statement, current_key, keys_of
from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.cases.events import GENESIS
from guikou.engine.dates.instants import instant_text
from guikou.engine.errors import Damaged, KeyThere, NoKey, NotTheKey, RecordChanged, UnknownSigningKey
from guikou.engine.text import Title

from .besides import BATCH, RequestsDigest, closed_imports, closed_notices, written
from .connection import Database
from .rows import WRONG
from .tables import EVENTS, POLICIES, SEALED, STATEMENTS


class Signs(Protocol):
    """A key that signs (`adapters.keys.Signer`)."""

    @property
    def id(self) -> str: ...

    @property
    def public(self) -> str: ...

    def sign(self, text: bytes) -> str: ...


class Sealing:
    """The statements of a database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database, self._now = database, now

    def statements(self) -> list[Statement]:
        """All of them. Raises Damaged where one can't be read."""
        with self._database.errors():
            return _read(self._database, self._database.connection())

    def readable(self) -> tuple[list[Statement], list[Title]]:
        """Those that can be read, and what is said of the others."""
        found: list[Statement] = []
        wrong: list[Title] = []
        with self._database.errors():
            rows = _rows(self._database, self._database.connection())
        for row in rows:
            try:
                found.append(_statement(row))
            except Damaged as error:
                wrong.append(error.details["what"])
        return found, wrong

    def seals(self) -> list[Sealed]:
        """Every seal that can be read, with what it closes."""
        said, _ = self.readable()
        upto: dict[int, dict[str, tuple[int, str]]] = {}
        with self._database.errors():
            for row in self._database.connection().execute(select(SEALED)):
                upto.setdefault(row.number, {})[row.case_id] = (row.upto, row.hash)
        return [
            Sealed(one.number, one.size, one.content["root"], one.content["heads"], upto.get(one.number, {}))
            for one in said
            if one.kind == SEAL
        ]

    def may_begin(self, old: Signs | None = None) -> None:
        """That a key may begin to sign, where `old` hands over to it. Raises KeyThere, NoKey and NotTheKey."""
        _check_handing_over(self.statements(), old)

    def begin_key(self, new: Signs, old: Signs | None = None) -> Statement:
        """State that a key signs from now on; the one that does so far signs that. Raises KeyThere, NoKey and
        NotTheKey."""
        with self._database.whole() as connection:
            said = self._held(connection)
            _check_handing_over(said, old)
            if new.id in keys_of(said):  # it was given up, or revoked
                raise NotTheKey(id=new.id, current=old.id if old is not None else "-")
            return self._state(connection, said, KEY, old or new, {"id": new.id, "public": new.public})

    def revoke(self, id: str, signer: Signs, reason: str) -> Statement:
        """State that a key may not be trusted any more. Raises NoKey, NotTheKey and UnknownSigningKey."""
        with self._database.whole() as connection:
            said = self._held(connection)
            _check_signer(said, signer)
            if id not in keys_of(said):
                known = ", ".join(keys_of(said))
                raise UnknownSigningKey(id=id, known=known)
            return self._state(connection, said, REVOKED, signer, {"id": id, "reason": reason})

    def seal(self, signer: Signs) -> Statement | None:
        """Close all events so far; None where nothing is new. Raises NoKey, NotTheKey, and RecordChanged where what was
        sealed before is not what it was."""
        with self._database.whole() as connection:
            said = self._held(connection)
            _check_signer(said, signer)
            seals, at = [one for one in said if one.kind == SEAL], self._next(said)
            last = seals[-1] if seals else None
            closed, heads = _closed(connection), _heads(connection)
            new = [case for case in sorted(heads) if _is_new(case, heads[case], closed.get(case))]
            if gone := closed.keys() - heads.keys():
                raise _changed(min(gone), 1)
            besides = self._besides(connection, seals, at, heads)
            if not new and last is not None and not _says_something(besides):
                return None
            upto_request = last.content["requests"]["upto"] if last is not None else 0
            asked = RequestsDigest(upto_request)
            for row in connection.execute(asked.statement(self._database)):
                asked.add(row)
            tree = _grown(last, _events(connection, new, closed, heads))
            upto = {case: heads[case] for case in new}
            content = {
                "size": tree.size,
                "events": tree.size - (last.size if last is not None else 0),
                "root": tree.root.hex(),
                "peaks": [peak.hex() for peak in tree.peaks],
                "heads": heads_digest(upto),
                "policies": policy_hashes(policy_texts(connection)),
                "requests": asked.content(),
                **besides,
            }
            made = self._state(connection, said, SEAL, signer, content, at)
            rows = [
                {"case_id": case, "number": made.number, "upto": seq, "hash": hash}
                for case, (seq, hash) in upto.items()
            ]
            if rows:
                connection.execute(insert(SEALED), rows)
            return made

    def _besides(
        self,
        connection: Connection,
        seals: Sequence[Statement],
        at: datetime,
        heads: Mapping[str, tuple[int, str]],
    ) -> dict[str, Any]:
        """What a seal says of notices and imports since the last that did: one of an older guikou says nothing."""
        before = next((one for one in reversed(seals) if "notices" in one.content), None)
        closed = _closed(connection, before.number) if before is not None else {}
        upto = {case: closed[case][0] if case in closed else 0 for case in heads}
        ranges = {case: range(upto[case] + 1, seq + 1) for case, (seq, _) in heads.items() if seq > upto[case]}
        instant = before.at if before is not None else None
        return {
            "notices": closed_notices(self._database, connection, instant, at, ranges),
            "imports": closed_imports(self._database, connection, seals),
        }

    def _held(self, connection: Connection) -> list[Statement]:
        """All statements, while nobody else can state anything, nor is at keeping a request, whose number could be
        lower than the last that is closed, nor delivers a notice (`Outbox.delivered`)."""
        if not self._database.sqlite:
            connection.exec_driver_sql("LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE")
            connection.exec_driver_sql("LOCK TABLE requests IN SHARE MODE")
        return _read(self._database, connection)

    def _next(self, said: Sequence[Statement]) -> datetime:
        """The instant of the next statement, later than the last one's: a notice was delivered before or after it."""
        return max(self._now(), said[-1].at + timedelta(microseconds=1)) if said else self._now()

    def _state(
        self,
        connection: Connection,
        said: Sequence[Statement],
        kind: str,
        signer: Signs,
        content: Mapping[str, Any],
        at: datetime | None = None,
    ) -> Statement:
        at = at or self._next(said)
        previous = said[-1].hash if said else GENESIS
        made = Statement(len(said) + 1, kind, at, signer.id, previous, content)
        values = {
            "number": made.number, "kind": kind, "at": at, "key": made.key, "previous": made.previous,
            "content": dumps(content), "signature": signer.sign(made.text),
        }  # fmt: skip
        connection.execute(insert(STATEMENTS).values(values))
        return _statement(values | {"at": instant_text(at)})


def policy_texts(connection: Connection) -> dict[str, str]:
    """Every policy's files as they are kept, by the digest of what decides."""
    return {row.digest: str(row.files) for row in connection.execute(select(POLICIES.c.digest, POLICIES.c.files))}


def policy_hashes(texts: Mapping[str, str]) -> dict[str, str]:
    """The SHA-256 of each, examples and all."""
    return {digest: sha256(files.encode()).hexdigest() for digest, files in texts.items()}


#: What must be said of each kind.
_NEEDED: Mapping[str, Mapping[str, type]] = {
    KEY: {"id": str, "public": str},
    REVOKED: {"id": str},
    SEAL: {"size": int, "events": int, "root": str, "peaks": list, "heads": str, "policies": dict, "requests": dict},
}


def _statement(values: Mapping[str, Any]) -> Statement:
    try:
        content = loads(values["content"])
        at = datetime.fromisoformat(values["at"])
        if dumps(content) != values["content"] or instant_text(at) != values["at"]:
            raise ValueError("it was written by somebody else")
        if not all(type(content[name]) is kind for name, kind in _NEEDED[values["kind"]].items()):
            raise ValueError("something is not said")
        if values["kind"] == SEAL and not all(type(content["requests"][name]) is int for name in ("after", "upto")):
            raise ValueError("it says of no requests")
        if not all(type(one["count"]) is int for one in content.get("notices", {}).values()):
            raise ValueError("it says of no notices")
        if not all(number.isdecimal() for number in content.get("imports", {})):
            raise ValueError("it says of no imports")
        return Statement(**{**values, "at": at, "content": content})
    except WRONG as error:
        what = Title(f"第 {values['number']} 号声明", f"statement no. {values['number']}")
        raise Damaged(case="statements", what=what) from error


def _read(database: Database, connection: Connection) -> list[Statement]:
    return [_statement(row) for row in _rows(database, connection)]


def _rows(database: Database, connection: Connection) -> list[dict[str, Any]]:
    columns = [written(database, one).label("at") if one.name == "at" else one for one in STATEMENTS.c]
    return [dict(row) for row in connection.execute(select(*columns).order_by(STATEMENTS.c.number)).mappings()]


def _check_signer(said: Sequence[Statement], signer: Signs) -> None:
    current = current_key(said)
    if current is None:
        raise NoKey()
    if current.id != signer.id:
        raise NotTheKey(id=signer.id, current=current.id)


def _check_handing_over(said: Sequence[Statement], old: Signs | None) -> None:
    if old is not None:
        _check_signer(said, old)
    elif (current := current_key(said)) is not None:
        raise KeyThere(current=current.id)


def _says_something(besides: Mapping[str, Any]) -> bool:
    """Whether notices were delivered, or imports ended, since the seal before."""
    return bool(besides["imports"] or besides["notices"]["said"]["count"] or besides["notices"]["delivered"]["count"])


def _closed(connection: Connection, number: int | None = None) -> dict[str, tuple[int, str]]:
    """Up to which event each case is closed, and the hash of that; by the seals up to a number, where one is given."""
    every = select(SEALED.c.case_id, func.max(SEALED.c.number).label("number")).group_by(SEALED.c.case_id)
    last = (every if number is None else every.where(SEALED.c.number <= number)).subquery()
    own = and_(SEALED.c.case_id == last.c.case_id, SEALED.c.number == last.c.number)
    rows = connection.execute(select(SEALED.c.case_id, SEALED.c.upto, SEALED.c.hash).join(last, own))
    return {row.case_id: (row.upto, row.hash) for row in rows}


def _heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """The last event of each case, and its hash."""
    last = select(EVENTS.c.case_id, func.max(EVENTS.c.seq).label("seq")).group_by(EVENTS.c.case_id).subquery()
    own = and_(EVENTS.c.case_id == last.c.case_id, EVENTS.c.seq == last.c.seq)
    rows = connection.execute(select(EVENTS.c.case_id, EVENTS.c.seq, EVENTS.c.hash).join(last, own))
    return {row.case_id: (row.seq, row.hash) for row in rows}


def _is_new(case: str, head: tuple[int, str], closed: tuple[int, str] | None) -> bool:
    """Whether there is something to close. Raises RecordChanged where the history is not the one that was closed."""
    if closed is None or head[0] > closed[0]:
        return True
    if head != closed:
        raise _changed(case, min(head[0] + 1, closed[0]))
    return False


def _events(
    connection: Connection,
    cases: Sequence[str],
    closed: Mapping[str, tuple[int, str]],
    heads: Mapping[str, tuple[int, str]],
) -> Iterator[str]:
    """The hashes of the events to close, case by case. Raises RecordChanged where a history does not hold together."""
    c = EVENTS.c
    for start in range(0, len(cases), BATCH):
        some = cases[start : start + BATCH]
        found = select(c.case_id, c.seq, c.previous, c.hash).where(c.case_id.in_(some))
        by_case = groupby(sorted(connection.execute(found), key=lambda row: (row[0], row[1])), key=lambda row: row[0])
        for case, rows in by_case:
            upto, before = closed.get(case, (0, GENESIS))
            number, last = 0, GENESIS
            for _, seq, previous, hash in rows:
                if seq > heads[case][0]:
                    break
                if seq != number + 1 or previous != last or (seq == upto and hash != before):
                    raise _changed(case, seq)
                number, last = seq, hash
                if seq > upto:
                    yield hash


def _grown(last: Statement | None, hashes: Iterable[str]) -> Tree:
    """The tree of a seal with these events. Raises RecordChanged where the one before is not what it was."""
    try:
        tree = Tree() if last is None else Tree(last.size, [bytes.fromhex(peak) for peak in last.content["peaks"]])
        for hash in hashes:
            tree.add(leaf_hash(bytes.fromhex(hash)))
    except (TypeError, ValueError) as error:
        number = last.number if last is not None else 0
        raise RecordChanged(what=Title(f"第 {number} 号封存", f"seal no. {number}")) from error
    return tree


def _changed(case: str, seq: int) -> RecordChanged:
    return RecordChanged(what=Title(f"{case}，第 {seq} 号事件", f"{case}, event no. {seq}"))
