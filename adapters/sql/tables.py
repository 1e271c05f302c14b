"""The tables, as SQLModel classes. Facts, changes and the like are canonical JSON text, so that what is hashed is kept
to the letter; instants are text that sorts on SQLite and TIMESTAMPTZ on PostgreSQL; whole numbers have 64 bits.

What is changed here needs a step in migrations/, so that the databases that there are change with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)
from sqlmodel import Field, SQLModel

from guikou.engine.dates.instants import instant_text
from guikou.engine.errors import Unreadable
from guikou.engine.text import Title

#: What keeps a request from leading to events twice.
ONE_ANSWER = "uq_events_request"


class Instant(TypeDecorator[datetime]):
    """An instant in UTC."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return read_instant(value)


class Whole(TypeDecorator[int]):
    """A whole number of 64 bits: on SQLite every INTEGER is one."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


def read_instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)
    except (ValueError, AttributeError) as error:
        raise Unreadable(what=Title(f"时刻 “{value}”", f"the instant '{value}'")) from error


class SettingRow(SQLModel, table=True):
    """What the database is: its schema's version, the active policy."""

    __tablename__ = "settings"
    key: str = Field(primary_key=True)
    value: str


class PolicyRow(SQLModel, table=True):
    """A policy's files, by the digest of their content."""

    __tablename__ = "policies"
    digest: str = Field(primary_key=True)
    name: str
    version: str
    files: str = Field(sa_type=Text)
    kept_at: datetime = Field(sa_type=Instant)


class OrganizationRow(SQLModel, table=True):
    """An organisation as last reported."""

    __tablename__ = "organizations"
    id: str = Field(primary_key=True)
    name: str
    area: str = Field(index=True)
    facts: str = Field(sa_type=Text)


class CaseRow(SQLModel, table=True):
    """Where a case stands: the fold of its events. `due` is the earlier of the stage's and the step's; `wake` is no
    part of the fold but an index: the day on which the sweep looks at it next. `more` is what few cases have: gates,
    groups, records, members, what continues what."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_due", "closed", "due"), Index("ix_cases_wake", "wake", "id"))
    id: str = Field(primary_key=True)
    organization: str = Field(foreign_key="organizations.id", index=True)
    workflow: str
    stage: str = Field(index=True)
    state: str
    responsible: str = Field(index=True)
    hub: str | None = Field(default=None, index=True)
    due: date | None = None
    stage_since: date
    stage_due: date | None = None
    step_since: date
    step_due: date | None = None
    origin: str | None = None
    escalation: int = Field(default=0, sa_type=Whole)
    escalated_to: str | None = Field(default=None, index=True)
    extensions: int = Field(default=0, sa_type=Whole)
    priority: int = Field(default=0, sa_type=Whole)
    weight: int = Field(default=0, sa_type=Whole)
    blockers: str = "[]"
    closed: bool = False
    withdrawn: date | None = None
    suspended: date | None = None
    reminded: int | None = Field(default=None, sa_type=Whole)
    overdue: bool = False
    escalated_on: date | None = None
    fired: str = "{}"
    assumed: str = "[]"
    duties: str = "{}"
    more: str = "{}"
    wake: date | None = None
    policy: str
    revision: int = Field(sa_type=Whole)
    head: str
    opened_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant, index=True)


class EventRow(SQLModel, table=True):
    """What happened, never changed: the database refuses it. `part` counts the events of one request. `texts` has the
    salted hashes of what stands in the table of that name, by its place; there is nothing in that place here."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("request_id", "part", name=ONE_ANSWER),)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    seq: int = Field(primary_key=True, sa_type=Whole)
    kind: str
    at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    actor: str
    body: str
    policy: str = Field(foreign_key="policies.digest")
    trigger: str | None = None
    changes: str = Field(sa_type=Text)
    evidence: str = Field(sa_type=Text)
    rules: str = Field(sa_type=Text)
    reason: str = ""
    request_id: str | None = None
    part: int = Field(default=0, sa_type=Whole)
    previous: str
    hash: str
    texts: str = Field(default="{}", sa_type=Text, sa_column_kwargs={"server_default": "{}"})


class TextRow(SQLModel, table=True):
    """What offices wrote of an event: [salt, text] by its place. What is erased goes from here."""

    __tablename__ = "texts"
    __table_args__ = {"sqlite_with_rowid": False}  # one page less is written with each event
    case_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=Whole)
    content: str = Field(sa_type=Text)


class DutyRow(SQLModel, table=True):
    """A duty that runs, as the case's own column `duties` says in full: what listings ask for."""

    __tablename__ = "duties"
    __table_args__ = (Index("ix_duties_due", "due", "case_id"),)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    name: str = Field(primary_key=True)
    due: date
    open: bool
    escalation: int = Field(default=0, sa_type=Whole)
    escalated_to: str | None = Field(default=None, index=True)


class MembershipRow(SQLModel, table=True):
    """A membership that stands, as the member's own column `more` says in full: what listings ask for."""

    __tablename__ = "memberships"
    group_id: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")


class PassageRow(SQLModel, table=True):
    """How a case stands before a gate that it was asked before, as its own column `more` says in full: what listings
    ask for."""

    __tablename__ = "passages"
    gate: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    answer: str
    asked: date
    passed: date | None = None


class RequestRow(SQLModel, table=True):
    """A command as it was given, in canonical form (NULL: it was made before commands were kept, or its text was
    erased, and the salt with it), a salted hash of it, the [case, seq] of the events that it led to, and with which
    revision of its case and as of when it was answered; `id` is the caller's, if it gave one."""

    __tablename__ = "requests"
    number: int | None = Field(default=None, primary_key=True, sa_type=Whole)
    id: str | None = Field(default=None, unique=True)
    kind: str | None = None
    command: str | None = Field(default=None, sa_type=Text)
    salt: str | None = None
    fingerprint: str | None = None
    events: str = Field(sa_type=Text)
    revision: int | None = Field(default=None, sa_type=Whole)
    at: datetime | None = Field(default=None, sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)


class AliasRow(SQLModel, table=True):
    """An id by which a case is found besides its own."""

    __tablename__ = "aliases"
    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="cases.id", index=True)


class ImportRow(SQLModel, table=True):
    """A file that was imported: who, as of when (`at`) and when, which file by the SHA-256 of its bytes, how it was
    read, under which policy. `state` is 'running' (or was broken off), 'done' or 'undone'; `lines` how many rows it
    holds, and `counts` what became of those that were looked at so far, by outcome."""

    __tablename__ = "imports"
    number: int | None = Field(default=None, primary_key=True, sa_type=Whole)
    file: str
    digest: str = Field(index=True)
    size: int = Field(sa_type=Whole)
    encoding: str | None = None
    sheet: str | None = None
    mapping: str | None = None
    parks: bool = False
    actor: str
    body: str
    policy: str
    at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    state: str
    lines: int = Field(sa_type=Whole)
    counts: str = Field(sa_type=Text)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)
    undone_by: str | None = None
    undone_because: str | None = None


_WAITING = text("state = 'waiting'")


class ParkedRow(SQLModel, table=True):
    """A row that lacks what routing needs: its values as they were `given` and as they were `read`, what it lacks, and
    since when. `state` is 'waiting' (one for each id at most), 'opened', 'dropped', or 'replaced' by another of the
    same id that says more, which names it as what it `replaces`: nothing of what was said is lost."""

    __tablename__ = "parked"
    __table_args__ = (Index("uq_parked_waiting", "id", unique=True, sqlite_where=_WAITING),)
    number: int | None = Field(default=None, primary_key=True, sa_type=Whole)
    id: str = Field(index=True)
    import_number: int | None = Field(default=None, foreign_key="imports.number", index=True, sa_type=Whole)
    line: int | None = Field(default=None, sa_type=Whole)
    given: str = Field(sa_type=Text)
    read: str = Field(sa_type=Text)
    faults: str = Field(sa_type=Text)
    actor: str
    body: str
    parked_at: datetime = Field(sa_type=Instant)
    state: str
    replaces: int | None = Field(default=None, foreign_key="parked.number", sa_type=Whole)
    case_id: str | None = Field(default=None, foreign_key="cases.id")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_by: str | None = None
    reason: str | None = None


class ImportedRow(SQLModel, table=True):
    """What became of one row of an import: `outcome` is 'opened', 'changed', 'unchanged', 'rejected' or 'parked';
    `before` and `revision` are its case's revisions before and after it, `parked` the number of what was parked, and
    `faults` say why."""

    __tablename__ = "import_rows"
    import_number: int = Field(primary_key=True, foreign_key="imports.number", sa_type=Whole)
    line: int = Field(primary_key=True, sa_type=Whole)
    id: str | None = None
    name: str | None = None
    outcome: str
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    before: int | None = Field(default=None, sa_type=Whole)
    revision: int | None = Field(default=None, sa_type=Whole)
    parked: int | None = Field(default=None, foreign_key="parked.number", sa_type=Whole)
    faults: str = Field(sa_type=Text)


class StatementRow(SQLModel, table=True):
    """What was stated about the record, signed: which key signs, that one is revoked, how all events were (a seal).
    Never changed."""

    __tablename__ = "statements"
    number: int = Field(primary_key=True, sa_type=Whole)
    kind: str
    at: datetime = Field(sa_type=Instant)
    key: str
    previous: str
    content: str = Field(sa_type=Text)
    signature: str


class SealedRow(SQLModel, table=True):
    """Up to which event a seal closes the history of a case, and the hash of that event; one for each case of which
    there was something new. Never changed."""

    __tablename__ = "sealed"
    case_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True, foreign_key="statements.number", sa_type=Whole)
    upto: int = Field(sa_type=Whole)
    hash: str


class NoticeRow(SQLModel, table=True):
    """The outbox: one notice of an event, until it is delivered."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_next", "next_attempt"),)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    seq: int = Field(primary_key=True, sa_type=Whole)
    kind: str
    body: str
    name: str
    concerns: str | None = None
    state: str
    workflow: str
    due: date | None = None
    day: date
    created_at: datetime = Field(sa_type=Instant)
    attempts: int = Field(default=0, sa_type=Whole)
    next_attempt: datetime | None = Field(default=None, sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    error: str | None = None


_NAMES = (
    "settings", "policies", "organizations", "cases", "events", "duties", "notices", "memberships", "passages",
    "requests", "aliases", "imports", "parked", "import_rows", "statements", "sealed", "texts",
)  # fmt: skip
TABLES = [SQLModel.metadata.tables[name] for name in _NAMES]
SETTINGS, POLICIES, ORGANIZATIONS, CASES, EVENTS, DUTIES, NOTICES, MEMBERSHIPS, PASSAGES, REQUESTS = TABLES[:10]
ALIASES, IMPORTS, PARKED, IMPORTED, STATEMENTS, SEALED, TEXTS = TABLES[10:]


@event.listens_for(PARKED, "before_create")
def _index_what_waits(table: Any, connection: Any, **_: Any) -> None:
    # Said with the table, it would have every command import SQLAlchemy's whole dialect.
    if connection.dialect.name == "postgresql":
        for index in table.indexes:
            if index.name == "uq_parked_waiting":
                index.dialect_options["postgresql"]["where"] = _WAITING


#: What is written once.
_WRITTEN_ONCE = ("events", "statements", "sealed")
#: What makes the database itself refuse to change history.
IMMUTABLE = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{what.lower()} BEFORE {what} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
        for table in _WRITTEN_ONCE
        for what in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION guikou_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are never changed'; END $$",
        *(
            statement
            for table in _WRITTEN_ONCE
            for statement in (
                f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION guikou_refuse()",
                f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse()",
            )
        ),
    ],
}
