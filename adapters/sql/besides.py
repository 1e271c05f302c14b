"""What a seal closes besides events: requests, what notices say and that they were delivered, and imports."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Date, Row, Select, String, cast, exists, func, select, type_coerce
from sqlalchemy.types import NullType

from guikou.engine.audit.checking import Finding, Place
from guikou.engine.audit.statements import Statement
from guikou.engine.cases.canonical import canonical
from guikou.engine.dates.instants import instant_text
from guikou.engine.errors import Unreadable
from guikou.engine.text import Title

from .connection import Database
from .tables import EVENTS, IMPORTED, IMPORTS, NOTICES, PARKED, REQUESTS, Instant

#: So many cases, or rows of an import, are looked at a time.
BATCH = 500
#: How an instant is written, on PostgreSQL.
_WRITTEN = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


def written(database: Database, column: Column[Any]) -> Any:
    """An instant as text, as `instant_text` writes it: what is no instant can still be read so."""
    return type_coerce(column, String) if database.sqlite else func.to_char(func.timezone("UTC", column), _WRITTEN)


class RequestsDigest:
    """What a seal closes of the requests: those behind a number, up to another, and the SHA-256 of all. The salts are
    not in it, for they go with a text that is erased; those `with_salts` are from a guikou that erased nothing."""

    def __init__(self, after: int, *, with_salts: bool = False) -> None:
        self.after = self.upto = after
        self._with_salts = with_salts
        self._hash = sha256()

    def statement(self, database: Database) -> Select[Any]:
        """All of a request but its text: the fingerprint tells whether that is right."""
        c = REQUESTS.c
        instants = [written(database, one) for one in (c.at, c.recorded_at)]
        own = select(c.number, c.id, c.kind, c.salt, c.fingerprint, c.events, c.revision, *instants)
        return own.where(c.number > self.after).order_by(c.number)

    def add(self, row: Row[Any]) -> None:
        self.upto = row.number
        values = list(row)
        if not self._with_salts:
            del values[_SALT]
        self._hash.update(canonical(values) + b"\n")

    def content(self) -> dict[str, Any]:
        salts = {} if self._with_salts else {"salts": False}
        return {"after": self.after, "upto": self.upto, "hash": self._hash.hexdigest(), **salts}


#: Where the salt stands among what is selected of a request.
_SALT = 3


# --- notices ----------------------------------------------------------------------------------------------------------

_SAID = ("case_id", "seq", "kind", "body", "name", "concerns", "state", "workflow", "due", "day", "created_at")


_CLOSED = {"said": Title("通知", "notices"), "delivered": Title("通知送达记录", "deliveries of notices")}


class _Notices:
    """Some notices, in the order of cases' ids and events: how many, and the SHA-256 of all."""

    def __init__(self) -> None:
        self.count, self._hash = 0, sha256()

    def add(self, values: Iterable[Any]) -> None:
        self.count += 1
        self._hash.update(_line(values))

    def content(self) -> dict[str, Any]:
        return {"count": self.count, "hash": self._hash.hexdigest()}


def closed_notices(
    database: Database, connection: Connection, before: datetime | None, at: datetime, ranges: Mapping[str, range]
) -> dict[str, Any]:
    """What a seal says of notices: what those of events say that it closes (`ranges`: of each case), and which of all
    were delivered since the seal `before`, up to its own instant."""
    said, delivered = _Notices(), _Notices()
    every, cases = _every_notice(database), sorted(ranges)
    for start in range(0, len(cases), BATCH):
        some = cases[start : start + BATCH]
        for row in connection.execute(every.where(NOTICES.c.case_id.in_(some))):
            if row.seq in ranges[row.case_id]:
                said.add(_said(row))
    since = NOTICES.c.delivered_at > before if before is not None else NOTICES.c.delivered_at.is_not(None)
    for row in connection.execute(every.where(since)):
        if str(row.delivered_at) <= instant_text(at):
            delivered.add(_delivered(row))
    return {"said": said.content(), "delivered": delivered.content()}


def notice_findings(
    database: Database, seals: Sequence[Statement], places: Mapping[str, Sequence[Place]]
) -> Iterator[Finding]:
    """Where notices are not what they were when they were sealed, contradict themselves, or are of no event."""
    closing = [one for one in seals if "notices" in one.content]
    numbers, instants = [one.number for one in closing], [instant_text(one.at) for one in closing]
    said, delivered = [[_Notices() for _ in closing] for _ in range(2)]
    for row in _readable(database):
        case, seq = str(row.case_id), row.seq
        if not isinstance(seq, int) or not isinstance(row.delivered_at, str | None):
            yield Finding("notice-changed", Title("通知无法读取", "its notice can't be read"), case)
            continue
        if (row.delivered_at is None) != (row.next_attempt is not None):
            what = Title("通知既非待送、也非已送", "its notice is neither waiting nor delivered")
            yield Finding("notice-changed", what, case, seq)
        place = next((one for one in places.get(case, ()) if one.after < seq <= one.upto), None)
        at = bisect_left(numbers, place.seal) if place is not None else len(closing)
        if at < len(closing):
            said[at].add(_said(row))
        at = bisect_left(instants, row.delivered_at) if row.delivered_at is not None else len(closing)
        if at < len(closing):
            delivered[at].add(_delivered(row))
    for seal, *found in zip(closing, said, delivered, strict=True):
        for now, (name, what) in zip(found, _CLOSED.items(), strict=True):
            was = seal.content["notices"].get(name, {"count": 0})
            if now.content() != was:
                counts = Title(f"当时 {was['count']} 份，现有 {now.count} 份", f"{was['count']} then, {now.count} now")
                told = Title(
                    f"所封存的{what.zh}不是封存时的那些（{counts.zh}）",
                    f"the {what.en} that it closed are not what they were ({counts.en})",
                )
                yield Finding("notice-changed", told, seal=seal.number)
    yield from _of_no_event(database)


def _readable(database: Database) -> Iterator[Row[Any]]:
    """The notices up to the first that can't even be read: what a seal closed of the others is missed then."""
    with suppress(Unreadable):
        yield from database.stream(_every_notice(database))


def _of_no_event(database: Database) -> Iterator[Finding]:
    missing = ~exists().where(EVENTS.c.case_id == NOTICES.c.case_id, EVENTS.c.seq == NOTICES.c.seq)
    with database.errors():
        rows = database.connection().execute(select(NOTICES.c.case_id, NOTICES.c.seq).where(missing)).all()
    for case, seq in rows:
        what = Title(f"没有第 {seq} 号事件，却有其通知", f"there is a notice of event no. {seq}, which is not there")
        yield Finding("notice-changed", what, case, seq)


def _every_notice(database: Database) -> Select[Any]:
    """All of them as they are kept, in an order that does not hang on how the server sorts texts."""
    case = NOTICES.c.case_id if database.sqlite else NOTICES.c.case_id.collate("C")
    names = (*_SAID, "delivered_at", "next_attempt")
    return select(*(_raw(database, NOTICES.c[name]) for name in names)).order_by(case, NOTICES.c.seq)


def _said(row: Row[Any]) -> Sequence[Any]:
    return row[: len(_SAID)]


def _delivered(row: Row[Any]) -> Sequence[Any]:
    return (row.case_id, row.seq, row.delivered_at)


# --- imports ----------------------------------------------------------------------------------------------------------

#: What may become another later: an import is undone, what it parked is settled, and their reasons can be erased.
_LATER = {
    "imports": {"state", "undone_at", "undone_by", "undone_because"},
    "parked": {"state", "case_id", "settled_at", "settled_by", "reason"},
}


def closed_imports(database: Database, connection: Connection, sealed: Iterable[Statement]) -> dict[str, str]:
    """What a seal says of the imports that are over and that no seal closes yet: of each number a SHA-256."""
    known = {number for one in sealed for number in one.content.get("imports", {})}
    over = select(IMPORTS.c.number).where(IMPORTS.c.state != "running").order_by(IMPORTS.c.number)
    numbers = [number for number in connection.scalars(over) if str(number) not in known]
    return {str(number): _import_hash(database, connection, number) for number in numbers}


def import_findings(database: Database, seals: Iterable[Statement]) -> Iterator[Finding]:
    """Which imports are not what they were when they were sealed."""
    for seal in seals:
        for number, hash in seal.content.get("imports", {}).items():
            now = ""
            with suppress(Unreadable), database.errors():
                now = _import_hash(database, database.connection(), int(number))
            if now != hash:
                what = Title(f"第 {number} 次导入的记录已被改动", f"what is kept of import no. {number} was changed")
                yield Finding("import-changed", what, seal=seal.number)


def _import_hash(database: Database, connection: Connection, number: int) -> str:
    """Of an import, its rows, and what it parked, as they are kept."""
    found = sha256()
    own = ((IMPORTS, "number", "number"), (IMPORTED, "import_number", "line"), (PARKED, "import_number", "number"))
    for table, key, order in own:
        columns = [_raw(database, one) for one in table.c if one.name not in _LATER.get(table.name, ())]
        every = select(*columns).where(table.c[key] == number).order_by(table.c[order]).limit(BATCH)
        rows = connection.execute(every).all()
        while rows:
            for row in rows:
                found.update(_line(row))
            last = rows[-1]._mapping[order]
            rows = connection.execute(every.where(table.c[order] > last)).all()
    return found.hexdigest()


# --- as it is kept ----------------------------------------------------------------------------------------------------


def _raw(database: Database, column: Column[Any]) -> Any:
    """A column as the database keeps it: what has been made nonsense can still be read so."""
    if database.sqlite:
        return type_coerce(column, NullType()).label(column.name)
    if isinstance(column.type, Instant):
        return written(database, column).label(column.name)
    return (cast(column, String) if isinstance(column.type, Date) else column).label(column.name)


def _line(values: Iterable[Any]) -> bytes:
    return canonical([one if isinstance(one, str | int | None) else repr(one) for one in values]) + b"\n"
