"""Conditions as expressions: true, false, or null where a fact that is not known leaves them open."""

from __future__ import annotations

from sqlglot import exp

from guikou.engine.rules.conditions import Condition
from guikou.engine.rules.unary_tests import Interval, UnaryTest

from . import sql
from .sql import Column, Columns


def condition(rule: Condition, columns: Columns, dialect: str) -> exp.Expr:
    """What a condition says of each row: SQL's `and` and `or` are Kleene's, as the engine's are."""
    parts = [_told(test, columns.get(name), dialect) for name, test in rule.tests if not test.everything]
    if rule.alternatives:
        parts.append(sql.any_of([condition(one, columns, dialect) for one in rule.alternatives]))
    return sql.all_of(parts)


def _told(test: UnaryTest, column: Column | None, dialect: str) -> exp.Expr:
    if column is None:  # nobody ever tells it; typed, or PostgreSQL takes it for a text
        return sql.typed(exp.null(), "boolean")
    ways = [(sql.is_null(column.value), sql.truth(test.matches(None)))]
    if column.known is not None:
        ways.insert(0, (sql.negated(column.known.copy()), exp.null()))
    return sql.case(ways, matches(test, column, dialect))


def matches(test: UnaryTest, column: Column, dialect: str) -> exp.Expr:
    """Whether a value that is known and not null passes a test."""
    points = [sql.operand(one, column.kind, dialect) for one in test.points if one is not None]
    parts = [sql.among(column.value, points)] if points else []
    parts += [_within(one, column, dialect) for one in test.intervals]
    inside = sql.any_of(parts)
    return sql.negated(inside) if test.negated else inside


def _within(interval: Interval, column: Column, dialect: str) -> exp.Expr:
    parts = []
    if interval.low is not None:
        least = exp.GTE if interval.low_closed else exp.GT
        parts.append(sql.compared(least, column.value, sql.operand(interval.low, column.kind, dialect)))
    if interval.high is not None:
        most = exp.LTE if interval.high_closed else exp.LT
        parts.append(sql.compared(most, column.value, sql.operand(interval.high, column.kind, dialect)))
    return sql.all_of(parts)
