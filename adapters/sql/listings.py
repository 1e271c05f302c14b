"""What a query asks for, as SQL; a statement is prepared once for each shape of a query."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ARRAY, Select, String, and_, bindparam, func, literal, null, or_, select

from guikou.engine.cases.canonical import dumps
from guikou.engine.cases.case import Case
from guikou.engine.cases.events import Event, EventKind
from guikou.engine.cases.fold import as_at
from guikou.engine.errors import Damaged
from guikou.engine.supervision.query import Query
from guikou.engine.text import Title

from .connection import Database
from .rows import SELECT_EVENTS, case_of, event_of, read_day
from .statements import SELECT_CASES, Prepared
from .tables import CASES, DUTIES, EVENTS, MEMBERSHIPS, ORGANIZATIONS, PASSAGES


class Listings:
    """Cases and duties by query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._prepared: dict[tuple[Any, ...], Prepared] = {}

    def cases(self, query: Query) -> list[Case]:
        found = [case_of(row) for row in self._rows(query, duties=False)]
        if query.as_of is None:
            return found
        return query.sorted(found + [case for case in self._then(query) if query.admits(case)])

    def duties(self, query: Query) -> list[tuple[Case, str]]:
        cases: dict[str, Case] = {}  # most have several duties
        found: list[tuple[Case, str]] = []
        for row in self._rows(query, duties=True):
            case = cases.get(row[0])
            if case is None:
                case = cases[row[0]] = case_of(row[:-1])
            found.append((case, str(row[-1])))
        for case, name in found:
            if name not in case.duties:
                raise Damaged(case=case.organization, what=Title(f"没有义务 “{name}”", f"no duty '{name}'"))
        if query.as_of is None:
            return found
        then = [(case, name) for case in self._then(query) for name in case.duties]
        return query.sorted_duties(found + [one for one in then if query.admits_duty(*one)])

    def count(self, query: Query) -> int:
        found = self._count(query, duties=False)
        if query.as_of is not None:
            found += sum(query.admits(case) for case in self._then(query))
        return found

    def count_duties(self, query: Query) -> int:
        found = self._count(query, duties=True)
        if query.as_of is not None:
            found += sum(query.admits_duty(case, name) for case in self._then(query) for name in case.duties)
        return found

    def naming(self, texts: Sequence[str]) -> list[Event]:
        """The events that gave a case a name with one of some texts in it. Changes are looked at as they are written:
        to read them all as JSON would take ten times as long."""
        c, within = EVENTS.c, func.instr if self._database.sqlite else func.strpos
        likely = or_(*(within(c.changes, dumps(text)[1:-1]) > 0 for text in texts)), within(c.changes, '"name":"') > 0
        every = self._database.stream(SELECT_EVENTS.where(*likely).order_by(c.case_id, c.seq))
        return [event for event in map(event_of, every) if any(text in (event.name or "") for text in texts)]

    def tally(self, query: Query, by: Sequence[str], duties: bool) -> Counter[tuple[Any, ...]]:
        query = replace(query, limit=None, order="id")
        prepared = self.prepared(query, duties, (*by, "due"))
        found: Counter[tuple[Any, ...]] = Counter()
        for *key, due, count in self._fetched(prepared, query):
            found[(*key, read_day(due) if due is not None else None)] += int(count)
        if query.as_of is not None:
            for case in self._then(query):
                names = [name for name in case.duties if query.admits_duty(case, name)] if duties else [None]
                found.update(query.counted(by, case, name) for name in names if duties or query.admits(case))
        return found

    def prepared(self, query: Query, duties: bool, counts: Sequence[str] | None = None) -> Prepared:
        """The statement for a query, which `given` has the values for; or for how many it finds by some columns."""
        shape = (duties, counts, *(_asked(query, name) for name in _SHAPE))
        found = self._prepared.get(shape)
        if found is None:
            statement = _listed(query, duties, self._database.sqlite, counts)
            found = self._prepared[shape] = Prepared(self._database.dialect, statement)
        return found

    def _count(self, query: Query, duties: bool) -> int:
        """How many there are of the cases that have not changed since its `as_of`."""
        query = replace(query, limit=None, order="id")
        ((found,),) = self._fetched(self.prepared(query, duties, ()), query)
        return int(found)

    def _rows(self, query: Query, duties: bool) -> list[Sequence[Any]]:
        """What a query asks for, of the cases that have not changed since its `as_of`."""
        return self._fetched(self.prepared(query, duties), query)

    def _fetched(self, prepared: Prepared, query: Query) -> list[Sequence[Any]]:
        with self._database.errors():
            cursor = self._database.cursor()
            try:
                return list(prepared.run(cursor, given(query, self._database.sqlite)).fetchall())
            finally:
                cursor.close()

    def _then(self, query: Query) -> Iterator[Case]:
        """The cases that changed after an instant, or of which more is on record than was, as they stood at it. Hashes
        are checked where one history is asked for: here, where all are read, it would take most of the time."""
        c = EVENTS.c
        touched = CASES.c.updated_at > query.as_of
        asked = or_(c.at <= query.as_of, c.kind == str(EventKind.CORRECTED))
        if query.known is not None:
            later = select(c.case_id).where(c.recorded_at > query.known)
            touched, asked = or_(touched, CASES.c.id.in_(later)), and_(asked, c.recorded_at <= query.known)
        every = SELECT_EVENTS.join(CASES, CASES.c.id == c.case_id).where(touched, asked).order_by(c.case_id, c.seq)
        for _, own in groupby(map(event_of, self._database.stream(every)), key=lambda event: event.case):
            case = as_at(own, query.as_of)
            if case is not None:
                yield case


#: What of a query decides its statement; the rest is given to it.
_SHAPE = [one.name for one in fields(Query)]
_WORDED = ("closed", "withdrawn", "merged", "open", "suspended", "assumed", "involved", "order")


def _asked(query: Query, name: str) -> Any:
    value = getattr(query, name)
    if name == "gate":
        return value if value is None else bool(value)  # '' is any gate, which is another statement
    return value if name in _WORDED else value is not None


def given(query: Query, sqlite: bool) -> dict[str, Any]:
    """A query's values as the statement's parameters."""
    values: dict[str, Any] = {}
    for name in _SHAPE:
        value = getattr(query, name)
        if value is None or name in _WORDED:
            continue
        if isinstance(value, frozenset):
            value = json.dumps(sorted(value), ensure_ascii=False) if sqlite else sorted(value)
        elif name == "blocker":
            value = f'"{value}"'
        values[name] = value
    return values


def _listed(query: Query, duties: bool, sqlite: bool, counts: Sequence[str] | None) -> Select[Any]:
    """The statement for what `Query.admits` says of one case, or `Query.admits_duty` of a duty, in its order; or for
    how many there are, by some columns."""
    c, o, d = CASES.c, ORGANIZATIONS.c, DUTIES.c
    late = d if duties else c
    conditions: list[Any] = []

    def among(name: str, *columns: Any) -> None:
        """Sets come as one parameter each, so that the statement is one whatever they hold."""
        if getattr(query, name) is None:
            return
        if sqlite:
            each = select(func.json_each(bindparam(name)).table_valued("value").c.value)
            conditions.append(or_(*(column.in_(each) for column in columns)))
        else:
            array = bindparam(name, type_=ARRAY(String))
            conditions.append(or_(*(column == func.any(array) for column in columns)))

    def holds(name: str, condition: Callable[[Any], Any]) -> None:
        if getattr(query, name) is not None:
            conditions.append(condition(bindparam(name)))

    def is_(name: str, yes: Any, no: Any) -> None:
        asked = getattr(query, name)
        if asked is not None:
            conditions.append(yes if asked else no)

    among("stages", c.stage)
    among("states", c.state)
    among("types", c.workflow)
    among("areas", o.area)
    among("responsible", *((c.responsible, c.hub, late.escalated_to) if query.involved else (c.responsible,)))
    within = func.instr if sqlite else func.strpos  # to the letter, as `in` is
    holds("blocker", lambda given: within(c.blockers, given) > 0)
    holds(
        "text", lambda given: or_(within(o.name, given) > 0, within(c.organization, given) > 0, within(c.id, given) > 0)
    )
    mine = select(MEMBERSHIPS.c.case_id)
    holds("group", lambda given: c.id.in_(mine.where(MEMBERSHIPS.c.group_id == given)))
    asked = select(PASSAGES.c.case_id)
    is_("gate", c.id.in_(asked.where(PASSAGES.c.gate == bindparam("gate"))), c.id.in_(asked))
    holds("due_before", lambda given: late.due < given)
    holds("due_from", lambda given: late.due >= given)
    holds("escalation", lambda given: late.escalation >= given)
    holds("after", lambda given: c.id > given)
    holds("as_of", lambda given: c.updated_at <= given)
    later = select(EVENTS.c.case_id)
    holds("known", lambda given: c.id.not_in(later.where(EVENTS.c.recorded_at > given)))
    is_("suspended", c.suspended.is_not(None), c.suspended.is_(None))
    is_("withdrawn", c.withdrawn.is_not(None), c.withdrawn.is_(None))
    merged = within(c.more, '"same_as":') > 0  # the only place where these characters stand so
    is_("merged", merged, ~merged)
    is_("assumed", c.assumed != "[]", c.assumed == "[]")
    is_("closed", c.closed.is_(True), c.closed.is_(False))
    statement = SELECT_CASES
    if duties:
        among("duties", d.name)
        is_("open", d.open.is_(True), d.open.is_(False))
        statement = statement.add_columns(d.name).join_from(CASES, DUTIES, c.id == d.case_id)
    if counts is not None:
        own = {"area": o.area, "escalation": late.escalation, "due": late.due, "duty": d.name if duties else null()}
        by = [own[name] if name in own else c[name] for name in counts]
        found = statement.where(and_(True, *conditions))
        return found.with_only_columns(*by, func.count(), maintain_column_froms=True).group_by(*by)
    # Where there must be a due date, the index gives the order.
    due = late.due if duties or query.due_before is not None else func.coalesce(c.due, literal(date.max))
    orders: dict[str, tuple[Any, ...]] = {
        "due": (due, c.id),
        "inbox": (due, c.priority, c.weight.desc(), c.id),
        "intake": (c.priority, c.weight.desc(), due, c.id),
        "id": (c.id,),
    }
    order = orders[query.order] + ((d.name,) if duties else ())
    statement = statement.where(and_(True, *conditions)).order_by(*order)
    return statement.limit(bindparam("limit")) if query.limit is not None else statement
