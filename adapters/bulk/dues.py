"""First due dates as expressions: what is counted from the day of registration is a constant, what is counted from a
fact is looked up in a relation of days, made by the policy's own calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

from sqlglot import exp

from guikou.engine.dates.deadlines import Deadline
from guikou.engine.decide.due.duties import next_due, opening
from guikou.engine.policy.obligations import OPENED, Obligation
from guikou.engine.policy.policy import Policy
from guikou.engine.policy.workflow import Workflow
from guikou.engine.rules.unary_tests import Kind

from . import sql
from .conditions import condition
from .sql import Column, Columns, Relation

_DAY = Kind("date")
#: Before every day that a fact can be: PostgreSQL and SQLite take the greatest of some days and null differently.
_NEVER = date(1, 1, 1)
#: Of an obligation: before it is moved to a working day, after, and from when it can be met.
DUTY = ("nominal", "due", "opens")


class Dues:
    """What is due first of organisations that are registered on a day. `facts` are the columns of the facts as they
    were told, `columns` those of all that rules may ask for, the workflow among them."""

    def __init__(self, policy: Policy, day: date, dialect: str, facts: Columns, columns: Columns) -> None:
        self._policy, self._day, self._dialect = policy, day, dialect
        self._facts, self._columns = facts, columns
        #: Of the relation of days: each column with how it is counted.
        self._counted: dict[str, Callable[[date], date | None]] = {}
        #: The joins with it: its alias with the day that is looked up.
        self.joins: dict[str, exp.Expr] = {}

    # --- of stages and steps ---

    def of_states(
        self, states: Mapping[str, Iterable[str]], workflow: exp.Expr, state: exp.Expr
    ) -> dict[str, exp.Expr]:
        """`stage_due` and `step_due` of whoever enters one of the workflows' states."""
        found: dict[str, list[tuple[exp.Expr, exp.Expr]]] = {"stage_due": [], "step_due": []}
        for name, entered in states.items():
            of = self._policy.workflows[name]
            for one in entered:
                here = sql.both(workflow, sql.text(name), state, sql.text(one))
                deadlines = {"stage_due": of.stages[of.states[one].stage].due, "step_due": of.states[one].due}
                for key, deadline in deadlines.items():
                    if deadline is not None:
                        found[key].append((here.copy(), self._due(of, deadline)))
        return {key: sql.case(ways, self._constant(None)) for key, ways in found.items()}

    def _due(self, workflow: Workflow, deadline: Deadline) -> exp.Expr:
        def counted(day: date) -> date:
            return self._policy.due(deadline.after(day, self._policy.working))

        if deadline.start is None:
            return self._constant(counted(self._day))
        if deadline.start in workflow.triggers or deadline.start not in self._facts:
            return self._constant(None)
        return self._looked_up(self._fact(deadline.start), f"from {deadline.start}", {str(deadline): counted})[0]

    # --- of obligations ---

    def of_obligations(self) -> dict[str, exp.Expr]:
        """`NAME.nominal`, `NAME.due` and `NAME.opens` of each obligation, null where it does not run."""
        found = {}
        for name, one in self._policy.obligations.items():
            if one.within is not None:
                continue  # it is laid on later
            owed = condition(one.when, self._columns, self._dialect)
            for key, due in zip(DUTY, self._first(one), strict=True):
                found[f"{name}.{key}"] = sql.case([(owed.copy(), due)], self._constant(None))
        return found

    def _first(self, one: Obligation) -> list[exp.Expr]:
        anew = replace(one, since=("day",), since_when={})

        @lru_cache(maxsize=1)  # each day is asked for all three
        def first(start: date | None) -> date | None:
            facts = {"day": start} if start is not None else {}
            return next_due(self._policy, anew, facts, self._day, None, self._day)

        def counted(key: str, start: date | None) -> date | None:
            nominal = first(start)
            if nominal is None or key == "nominal":
                return nominal
            return self._policy.due(nominal) if key == "due" else opening(self._policy, one, nominal)

        starts = [self._start(one, name) for name in one.since]
        unknown = [self._constant(counted(key, None)) for key in DUTY]
        if not starts:
            return unknown
        never = sql.literal(_NEVER, self._dialect)
        days: list[exp.Expr] = [exp.Coalesce(this=start, expressions=[never.copy()]) for start in starts]
        latest = exp.Greatest(this=days[0], expressions=days[1:], ignore_nulls=True) if len(days) > 1 else days[0]
        start = exp.Nullif(this=latest, expression=never)
        columns = {f"{one.name}.{key}": partial(counted, key) for key in DUTY}
        looked_up = self._looked_up(start, f"of {one.name}", columns)
        return [sql.case([(sql.is_null(start), none)], found) for none, found in zip(unknown, looked_up, strict=True)]

    def _start(self, one: Obligation, name: str) -> exp.Expr:
        """The day that an obligation may run from, null where it is not known or does not count."""
        start = self._constant(self._day) if name == OPENED else self._fact(name)
        when = one.since_when.get(name)
        if when is None:
            return start
        told = {name: self._columns[name] for name in self._facts}  # rules of facts: nothing else is asked
        return sql.case([(condition(when, told, self._dialect), start)], self._constant(None))

    # --- the relation of days ---

    def _looked_up(
        self, start: exp.Expr, alias: str, columns: Mapping[str, Callable[[date], date | None]]
    ) -> list[exp.Expr]:
        self._counted |= columns
        self.joins[alias] = start
        return [sql.named(name, alias) for name in columns]

    def relation(self, days: Iterable[date], prefix: str) -> Relation:
        """What is due of what is counted from some days."""
        rows = [[day, *(counted(day) for counted in self._counted.values())] for day in sorted({*days, self._day})]
        return Relation(f"{prefix}days", {".day": _DAY, **dict.fromkeys(self._counted, _DAY)}, rows)

    @property
    def starts(self) -> tuple[str, ...]:
        """The facts that say days from which something is counted."""
        found = [name for one in self._policy.obligations.values() if one.within is None for name in one.since]
        found += [name for one in self._policy.workflows.values() for name in sorted(one.starts)]
        return tuple(name for name in dict.fromkeys(found) if name in self._facts)

    def _fact(self, name: str) -> exp.Expr:
        column: Column = self._facts[name]
        return sql.told(column, self._constant(None))

    def _constant(self, day: date | None) -> exp.Expr:
        if day is None:  # typed, or PostgreSQL takes it for a text
            return sql.typed(exp.null(), "text" if self._dialect == "sqlite" else "date")
        return sql.literal(day, self._dialect)
