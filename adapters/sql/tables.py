"""The tables, as SQLModel classes. Facts, changes and the like are canonical JSON text, so that what is hashed is kept
to the letter; instants are text that sorts on SQLite and TIMESTAMPTZ on PostgreSQL; whole numbers have 64 bits.

What is changed here needs a step in migrations/, so that the databases that there are change with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, String, Text, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel

from guikou.engine.dates.instants import instant_text

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
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


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
    """What happened, never changed: the database refuses it. `part` counts the events of one request."""

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
    erased), a salted hash of it, the [case, seq] of the events that it led to, and with which revision of its case and
    as of when it was answered; `id` is the caller's, if it gave one."""

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


TABLES = SETTINGS, POLICIES, ORGANIZATIONS, CASES, EVENTS, DUTIES, NOTICES, MEMBERSHIPS, PASSAGES, REQUESTS = [
    SQLModel.metadata.tables[name]
    for name in (
        "settings", "policies", "organizations", "cases", "events", "duties", "notices", "memberships", "passages",
        "requests",
    )
]  # fmt: skip

#: What makes the database itself refuse to change history.
IMMUTABLE = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS events_no_{what.lower()} BEFORE {what} ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
        for what in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION guikou_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$",
        "CREATE OR REPLACE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION guikou_refuse()",
        "CREATE OR REPLACE TRIGGER events_no_truncate BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION guikou_refuse()",
    ],
}
