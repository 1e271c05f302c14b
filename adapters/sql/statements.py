"""Every statement of a transaction: built once with SQLAlchemy, and compiled once to the driver's text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    Dialect,
    Insert,
    String,
    Table,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    tuple_,
    update,
)
from sqlalchemy import case as case_when

from guikou.engine.audit.statements import SEAL
from guikou.engine.dates.instants import instant_text
from guikou.engine.supervision.store import LONG_AGO

from .rows import CASE_COLUMNS, DAYS, SELECT_EVENTS
from .tables import (
    ALIASES,
    CASES,
    DUTIES,
    EVENTS,
    IMPORTED,
    IMPORTS,
    MEMBERSHIPS,
    NOTICES,
    ORGANIZATIONS,
    PARKED,
    PASSAGES,
    REQUESTS,
    SETTINGS,
    STATEMENTS,
    TEXTS,
)

#: All cases, as `rows.case_of` reads them.
SELECT_CASES = select(*CASE_COLUMNS).join_from(CASES, ORGANIZATIONS, CASES.c.organization == ORGANIZATIONS.c.id)
#: One of them.
CASE = SELECT_CASES.where(CASES.c.id == bindparam("id"))
#: The same with the hash of its last event, which is to be the one that it names.
CASE_AND_HEAD = CASE.add_columns(
    select(EVENTS.c.hash)
    .where(EVENTS.c.case_id == CASES.c.id)
    .order_by(EVENTS.c.seq.desc())
    .limit(1)
    .correlate(CASES)
    .scalar_subquery()
)
#: The case of an id that an organisation was given later.
ALIAS = select(ALIASES.c.case_id).where(ALIASES.c.id == bindparam("id"))


class Prepared:
    """A statement compiled for a database: the driver's text, and the parameters in the driver's shape."""

    def __init__(self, dialect: Dialect, statement: Any) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        #: The names of the parameters, in the order of the text's placeholders.
        self.order: list[str] = compiled.positiontup or []
        # What SQLAlchemy itself puts in, such as SQLite's OFFSET.
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        # sqlite3 has no dates: these places of the row are written as text.
        self._dates: list[int] = []
        if dialect.name == "sqlite":
            self._dates = [at for at, name in enumerate(self.order) if name in _DATED]
        self._given = itemgetter(*self.order) if len(self.order) > 1 else None

    def run(self, cursor: Any, values: Mapping[str, Any]) -> Any:
        """The cursor, after the statement was run on it with these values by name."""
        cursor.execute(self.text, self.row(values) if self.order else {**self._fixed, **values})
        return cursor

    def row(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the text's placeholders."""
        given = {**self._fixed, **values} if self._fixed else values
        row = list(self._given(given)) if self._given is not None else [given[name] for name in self.order]
        for at in self._dates:
            row[at] = _for_sqlite(row[at])
        return row


#: What a statement is given as a date or an instant, and SQLite keeps as text.
_DATED = {
    *DAYS, "due", "due_before", "due_from", "wake", "day", "after_day", "as_of", "known", "opened_at", "updated_at",
    "at", "recorded_at", "created_at", "next_attempt", "until", "now", "asked", "passed", "finished_at",
    "undone_at", "parked_at", "settled_at",
}  # fmt: skip


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


class Statements:
    """What a transaction runs, prepared for one database."""

    def __init__(self, dialect: Dialect) -> None:
        sqlite = dialect.name == "sqlite"
        self._dialect, self._updates = dialect, dict[frozenset[str], Prepared]()

        def prepared(statement: Any) -> Prepared:
            return Prepared(dialect, statement)

        self.answered = prepared(_ANSWERED)
        self.request_events = prepared(_REQUEST_EVENTS)
        self.event = prepared(_EVENT)
        self.request_part = prepared(_REQUEST_PART)
        self.insert_request = prepared(_INSERT_REQUEST)

        self.case = prepared(CASE_AND_HEAD)
        self.woken = prepared(_WOKEN)
        # SQLite's transactions hold the whole database; elsewhere one holds what it is to change. It is read by another
        # statement than the one that waited for it: that one still sees what else it reads as it was before.
        self.lock = None if sqlite else prepared(_LOCK)
        self.reserve = None if sqlite else prepared(_RESERVE)
        self.lock_woken = None if sqlite else prepared(_LOCK_WOKEN)
        self.cases = None if sqlite else prepared(_CASES)
        self.alias = prepared(ALIAS)
        self.members = prepared(_MEMBERS)

        self.insert_organization = prepared(_insert(ORGANIZATIONS))
        self.update_organization = prepared(_UPDATE_ORGANIZATION)
        self.delete_organization = prepared(_delete(ORGANIZATIONS, "id"))
        self.insert_alias = prepared(_insert(ALIASES))
        self.insert_case = prepared(_insert(CASES, wake=_WAKE))
        self.rest = prepared(update(CASES).where(CASES.c.id == bindparam("id_")).values(wake=_WAKE))
        self.insert_event = prepared(_insert(EVENTS))
        self.insert_text = prepared(_insert(TEXTS))
        self.text = prepared(select(TEXTS.c.content).where(*_own(TEXTS, "case_id", "seq")))
        self.update_text = prepared(_UPDATE_TEXT)
        self.delete_text = prepared(_delete(TEXTS, "case_id", "seq"))
        holds = (func.instr if sqlite else func.strpos)(REQUESTS.c.events, bindparam("case"))
        self.requests_of = prepared(_WITH_TEXT.where(holds > 0))
        self.seals = prepared(select(STATEMENTS.c.content).where(STATEMENTS.c.kind == SEAL))
        self.erase_request = prepared(_ERASE_REQUEST)
        self.told_with = prepared(_TOLD_WITH)
        self.erase_undone = prepared(_instead(IMPORTS, "undone_because", "undone_at"))
        self.erase_parked = prepared(_instead(PARKED, "reason", "settled_at"))
        self.insert_duty = prepared(_insert(DUTIES))
        self.delete_duty = prepared(_delete(DUTIES, "case_id", "name"))
        self.insert_membership = prepared(_insert(MEMBERSHIPS))
        self.delete_membership = prepared(_delete(MEMBERSHIPS, "group_id", "case_id"))
        self.insert_passage = prepared(_insert(PASSAGES))
        self.delete_passage = prepared(_delete(PASSAGES, "gate", "case_id"))

        self.insert_import = prepared(_numbered(IMPORTS))
        self.update_import = prepared(_change(IMPORTS, "state", "counts", "finished_at", *_UNDONE))
        self.import_ = prepared(_one(IMPORTS) if sqlite else _one(IMPORTS).with_for_update())
        self.insert_row = prepared(_insert(IMPORTED))
        self.insert_parked = prepared(_numbered(PARKED))
        self.update_parked = prepared(_change(PARKED, "state", "case_id", "settled_at", "settled_by", "reason"))
        self.parked = prepared(_one(PARKED) if sqlite else _one(PARKED).with_for_update())
        self.waiting = prepared(_WAITING if sqlite else _WAITING.with_for_update())

        self.insert_notice = prepared(_insert(NOTICES))
        self.claimed = prepared(_CLAIMED if sqlite else _CLAIMED.with_for_update(skip_locked=True))
        self.claim = prepared(_CLAIM)

    def updating(self, names: frozenset[str]) -> Prepared:
        """That of a case's columns of these names, and of when the sweep looks at it next."""
        found = self._updates.get(names)
        if found is None:
            own = (CASES.c.id == bindparam("id_"), CASES.c.revision == bindparam("was"))
            values: dict[str, Any] = {name: bindparam(name) for name in sorted(names)} | {"wake": _WAKE}
            found = self._updates[names] = Prepared(self._dialect, update(CASES).where(*own).values(values))
        return found


def _insert(table: Table, **more: Any) -> Insert:
    return insert(table).values({**{column.name: bindparam(column.name) for column in table.c}, **more})


def _delete(table: Table, *key: str) -> Any:
    return delete(table).where(*_own(table, *key))


def _own(table: Table, *key: str) -> list[Any]:
    return [table.c[name] == bindparam(name) for name in key]


def _instead(table: Table, name: str, told: str) -> Any:
    """A text put in the place of another that was told at an instant."""
    own = (table.c[name] == bindparam("text"), table.c[told] == bindparam("at"))
    return update(table).where(*own).values({name: bindparam("instead")})


def _numbered(table: Table) -> Insert:
    """A row whose number is the database's to give, and which gives it."""
    own: dict[str, Any] = {one.name: bindparam(one.name) for one in table.c if one.name != "number"}
    return insert(table).values(own).returning(table.c.number)


def _one(table: Table) -> Any:
    return select(table).where(table.c.number == bindparam("number"))


def _change(table: Table, *names: str) -> Any:
    own = table.c.number == bindparam("number_")
    return update(table).where(own).values({name: bindparam(name) for name in names})


_UNDONE = ("undone_at", "undone_by", "undone_because")
_WAITING = select(PARKED).where(PARKED.c.id == bindparam("id"), PARKED.c.state == "waiting")

#: Its number is the database's to give, and nobody asks for it.
_INSERT_REQUEST = (
    insert(REQUESTS).values({one.name: bindparam(one.name) for one in REQUESTS.c if one.name != "number"}).inline()
)
#: What a request id was used for. One of a guikou that kept no requests is known by its events alone.
_ANSWERED = (
    select(REQUESTS.c.salt, REQUESTS.c.fingerprint, REQUESTS.c.events, REQUESTS.c.revision, REQUESTS.c.at)
    .where(REQUESTS.c.id == bindparam("request_id"))
    .union_all(select(*[null()] * 5).where(EVENTS.c.request_id == bindparam("request_id"), EVENTS.c.part == 0))
)
_REQUEST_EVENTS = SELECT_EVENTS.where(EVENTS.c.request_id == bindparam("request_id")).order_by(EVENTS.c.part)
_EVENT = SELECT_EVENTS.where(EVENTS.c.case_id == bindparam("case_id"), EVENTS.c.seq == bindparam("seq"))
_REQUEST_PART = select(EVENTS.c.seq).where(
    EVENTS.c.request_id == bindparam("request_id"), EVENTS.c.part == bindparam("part")
)

_UPDATE_TEXT = (
    update(TEXTS)
    .where(TEXTS.c.case_id == bindparam("case_id_"), TEXTS.c.seq == bindparam("seq_"))
    .values(content=bindparam("content"))
)
_TOLD_WITH = (
    select(EVENTS.c.case_id)
    .where(
        EVENTS.c.recorded_at == bindparam("recorded_at"),
        EVENTS.c.actor == bindparam("actor"),
        EVENTS.c.case_id != bindparam("case_id"),
    )
    .distinct()
)
_WITH_TEXT = select(REQUESTS.c.number, REQUESTS.c.events).where(
    REQUESTS.c.command.is_not(None), REQUESTS.c.number > bindparam("number")
)
_ERASE_REQUEST = update(REQUESTS).where(REQUESTS.c.number == bindparam("number_")).values(command=null(), salt=null())

#: A case that is written under another policy than the active one (a program may hold an old one still) is looked at
#: by the next sweep, whatever day it says itself.
_WAKE = case_when(
    (
        select(SETTINGS.c.value).where(SETTINGS.c.key == "policy").scalar_subquery() == bindparam("under"),
        bindparam("wake", type_=CASES.c.wake.type),
    ),
    else_=literal(LONG_AGO, CASES.c.wake.type),
)
_UPDATE_ORGANIZATION = (
    update(ORGANIZATIONS)
    .where(ORGANIZATIONS.c.id == bindparam("id_"))
    .values({name: bindparam(name) for name in ("name", "area", "facts")})
)
_MEMBERS = (
    select(MEMBERSHIPS.c.case_id).where(MEMBERSHIPS.c.group_id == bindparam("group_id")).order_by(MEMBERSHIPS.c.case_id)
)
_WOKEN = (
    SELECT_CASES.add_columns(CASES.c.wake)
    .where(
        CASES.c.wake <= bindparam("day"),
        tuple_(CASES.c.wake, CASES.c.id)
        > tuple_(bindparam("after_day", type_=CASES.c.wake.type), bindparam("after_id", type_=CASES.c.id.type)),
    )
    .order_by(CASES.c.wake, CASES.c.id)
    .limit(bindparam("most"))
)
_IDS = func.unnest(bindparam("ids", type_=ARRAY(String))).column_valued("id")
#: In one order, by what stands for each id: of two ids that come to the same, one waits for the other.
_ORDERED = select(func.hashtextextended(_IDS, 0).label("key")).distinct().order_by("key").subquery()
_RESERVE = select(func.pg_advisory_xact_lock(_ORDERED.c.key))
_LOCK = select(CASES.c.id).where(CASES.c.id == bindparam("id")).with_for_update()
_LOCK_WOKEN = _WOKEN.with_only_columns(CASES.c.id, maintain_column_froms=True).with_for_update(
    of=CASES, skip_locked=True
)
_CASES = (
    SELECT_CASES.add_columns(CASES.c.wake)
    .where(CASES.c.id == any_(bindparam("ids", type_=ARRAY(CASES.c.id.type))))
    .order_by(CASES.c.wake, CASES.c.id)
)
_CLAIMED = (
    select(NOTICES)
    .where(NOTICES.c.next_attempt <= bindparam("now"))
    .order_by(NOTICES.c.next_attempt, NOTICES.c.case_id, NOTICES.c.seq)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(NOTICES)
    .where(NOTICES.c.case_id == bindparam("id_"), NOTICES.c.seq == bindparam("seq_"))
    .values(attempts=NOTICES.c.attempts + 1, next_attempt=bindparam("until"))
)
