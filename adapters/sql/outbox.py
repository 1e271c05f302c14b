"""The outbox: notices until they are delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, func, select, update

from guikou.engine.supervision.store import Outgoing
from guikou.engine.text import Title

from .connection import Database
from .rows import outgoing_of, reading
from .statements import Statements
from .tables import NOTICES, STATEMENTS, read_instant

_NOTICES = Title("一份通知", "a notice")


class Outbox:
    """The notices of a database. What it gives out to be tried, nobody else tries for a while."""

    def __init__(self, database: Database, statements: Statements, now: Callable[[], datetime]) -> None:
        self._database = database
        self._statements = statements
        self._now = now

    def notices(self, *, delivered: bool | None, attempts: int, limit: int | None) -> list[Outgoing]:
        c = NOTICES.c
        statement = select(NOTICES).where(*_among(delivered, attempts))
        statement = statement.order_by(c.created_at, c.case_id, c.seq).limit(limit)
        with self._database.errors(), reading(_NOTICES):
            return [outgoing_of(row) for row in self._database.connection().execute(statement)]

    def count(self, *, delivered: bool | None, attempts: int) -> int:
        statement = select(func.count()).select_from(NOTICES).where(*_among(delivered, attempts))
        with self._database.errors():
            return self._database.connection().execute(statement).scalar_one()

    def claim(self, until: datetime, limit: int) -> list[Outgoing]:
        with self._database.transaction() as unit:
            rows = self._statements.claimed.run(unit.cursor, {"now": self._now(), "most": limit}).fetchall()
            with reading(_NOTICES):
                found = [outgoing_of(row) for row in rows]
            for one in found:
                own = {"id_": one.notice.case, "seq_": one.notice.seq, "until": until}
                self._statements.claim.run(unit.cursor, own)
            unit.commit()
        return [replace(one, attempts=one.attempts + 1, next_attempt=until) for one in found]

    def delivered(self, claimed: Outgoing) -> None:
        """It is behind whatever was stated so far: a seal closes what was delivered by then. Of two that delivered it,
        the first says when."""
        with self._database.whole() as connection:
            if not self._database.sqlite:
                connection.exec_driver_sql("LOCK TABLE statements IN ROW EXCLUSIVE MODE")
            last = read_instant(connection.scalar(select(func.max(STATEMENTS.c.at))))
            at = max(self._now(), last + timedelta(microseconds=1)) if last is not None else self._now()
            first = _changed(claimed).where(NOTICES.c.delivered_at.is_(None))
            connection.execute(first.values(delivered_at=at, next_attempt=None, error=None))

    def failed(self, claimed: Outgoing, error: str, next_attempt: datetime) -> None:
        # Whoever claimed it since knows better.
        mine = (NOTICES.c.attempts == claimed.attempts, NOTICES.c.delivered_at.is_(None))
        with self._database.errors():
            changed = _changed(claimed).where(*mine).values(error=error, next_attempt=next_attempt)
            self._database.connection().execute(changed)


def _changed(claimed: Outgoing) -> Update:
    notice = claimed.notice
    return update(NOTICES).where(NOTICES.c.case_id == notice.case, NOTICES.c.seq == notice.seq)


def _among(delivered: bool | None, attempts: int) -> list[ColumnElement[bool]]:
    """Which notices: (not) delivered yet, tried at least so often."""
    found: list[ColumnElement[bool]] = [NOTICES.c.attempts >= attempts]
    if delivered is not None:
        found.append(NOTICES.c.next_attempt.is_(None) if delivered else NOTICES.c.next_attempt.is_not(None))
    return found
