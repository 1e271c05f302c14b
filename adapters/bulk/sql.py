"""Expressions of SQL, and how values stand in them.

A fact has a column of its name for its value and, unless it is always known, one named with a question mark for whether
it is: a fact that nobody has told is not known, one that is known to be none is null. Whole numbers are BIGINT, days
DATE (in SQLite text), texts TEXT; a decimal is a text that sorts as decimals do (`decimal_key`), for no engine compares
decimals of any size and scale exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from guikou.engine.cases.canonical import MOST
from guikou.engine.rules.unary_tests import Kind

#: The engines for which rules are written, as sqlglot calls them.
DIALECTS = ("sqlite", "postgres", "duckdb", "spark")

#: What Spark must be told: each of these would write the steps of a query into one another.
SPARK = {
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.optimizer.dynamicPartitionPruning.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}


@dataclass(frozen=True, slots=True)
class Column:
    """Where a value stands, and what says whether it is known (None: it always is)."""

    value: exp.Expr
    kind: Kind
    known: exp.Expr | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A small table that a query joins: its columns with their kinds, and its rows."""

    name: str
    columns: Mapping[str, Kind]
    rows: Sequence[Sequence[Any]]


#: The columns by the name of what rules ask for; what has none is never known.
Columns = Mapping[str, Column]


def named(name: str, table: str | None = None) -> exp.Column:
    """A column by its name."""
    return exp.column(name, table=table, quoted=True)


def identifier(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def table(name: str, alias: str | None = None) -> exp.Table:
    """A relation by its name."""
    return exp.Table(this=identifier(name), alias=exp.TableAlias(this=identifier(alias)) if alias else None)


def known_of(fact: str) -> str:
    """The name of the column that says whether a fact is known."""
    return f"{fact}?"


def fact(name: str, kind: Kind) -> Column:
    return Column(named(name), kind, named(known_of(name)))


def number(value: int) -> exp.Expr:
    found = exp.Literal.number(abs(value))
    return exp.Neg(this=found) if value < 0 else found


def text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def told(column: Column, otherwise: exp.Expr) -> exp.Expr:
    """A value where it is known."""
    return (
        column.value.copy() if column.known is None else case([(column.known.copy(), column.value.copy())], otherwise)
    )


def truth(value: bool | None) -> exp.Expr:
    return exp.null() if value is None else exp.true() if value else exp.false()


def literal(value: Any, dialect: str) -> exp.Expr:
    """A value of a rule."""
    if value is None or isinstance(value, bool):
        return truth(value)
    if isinstance(value, int):
        return number(max(-MOST - 1, min(MOST + 1, value)))  # no fact lies beyond: whatever does compares the same
    if isinstance(value, Decimal):
        return text(decimal_key(value))
    if isinstance(value, date):
        day = text(value.isoformat())
        return day if dialect == "sqlite" else typed(day, "date")
    return text(value)


def operand(value: Any, kind: Kind, dialect: str) -> exp.Expr:
    """A value of a rule about facts of a kind."""
    return literal(Decimal(value) if kind.name == "decimal" and value is not None else value, dialect)


def type_of(kind: Kind, dialect: str) -> str:
    """The type of a column with values of a kind."""
    return {"integer": "BIGINT", "boolean": "BOOLEAN", "date": "TEXT" if dialect == "sqlite" else "DATE"}.get(
        kind.name, "TEXT"
    )


def stored(value: Any, kind: Kind, dialect: str) -> Any:
    """A value of a kind as it is handed to an engine's driver."""
    if kind.name == "decimal" and value is not None:
        return decimal_key(Decimal(value))
    return value.isoformat() if dialect == "sqlite" and isinstance(value, date) else value


def decimal_key(value: Decimal) -> str:
    """A decimal as a text: two are equal if their texts are, and the less has the text that sorts first, in every
    collation that puts digits before letters. Sign, exponent, digits; of one below zero their complements, ended by a
    letter."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "no fact is infinite"
    shown = "".join(map(str, digits)).lstrip("0")
    if not shown:
        return "1"
    written = f"{len(shown) + exponent + _MIDDLE:020}{shown.rstrip('0')}"
    return f"2{written}" if not sign else f"0{written.translate(_COMPLEMENT)}a"


#: Decimal's own exponents are below 10^18.
_MIDDLE = 5 * 10**19
_COMPLEMENT = str.maketrans("0123456789", "9876543210")


# --- expressions -----------------------------------------------------------------------------------------------------


def case(ways: Iterable[tuple[exp.Expr, exp.Expr]], otherwise: exp.Expr) -> exp.Expr:
    """The first way whose condition is true; otherwise what is said last."""
    ways = list(ways)
    if not ways:
        return otherwise
    found = exp.Case()
    for when, then in ways:
        found = found.when(when, then, copy=False)
    return found.else_(otherwise, copy=False)


def balanced(parts: Sequence[exp.Expr], joined: Callable[[exp.Expr, exp.Expr], exp.Expr]) -> exp.Expr:
    """Many joined by an operator of two as a tree that isn't deep: engines bound its depth."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return joined(balanced(parts[:half], joined), balanced(parts[half:], joined))


def all_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    return balanced(parts, lambda a, b: exp.Paren(this=exp.And(this=a, expression=b))) if parts else exp.true()


def any_of(parts: Sequence[exp.Expr]) -> exp.Expr:
    return balanced(parts, lambda a, b: exp.Paren(this=exp.Or(this=a, expression=b))) if parts else exp.false()


def added(parts: Sequence[exp.Expr]) -> exp.Expr:
    return balanced(parts, lambda a, b: exp.Paren(this=exp.Add(this=a, expression=b))) if parts else number(0)


def joined(parts: Sequence[exp.Expr]) -> exp.Expr:
    """Texts one after another."""
    return balanced(parts, lambda a, b: exp.Paren(this=exp.DPipe(this=a, expression=b))) if parts else text("")


def is_null(one: exp.Expr) -> exp.Expr:
    return exp.Is(this=one.copy(), expression=exp.null())


def negated(one: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Paren(this=one))


def typed(one: exp.Expr, type: str) -> exp.Expr:
    return exp.Cast(this=one, to=exp.DataType.build(type))


def compared(kind: type[exp.Binary], one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return kind(this=one.copy(), expression=other)


def both(one: exp.Expr, value: exp.Expr, other: exp.Expr, besides: exp.Expr) -> exp.Expr:
    """Whether one is a value, and another one another."""
    return all_of([compared(exp.EQ, one, value), compared(exp.EQ, other, besides)])


def among(one: exp.Expr, values: Sequence[exp.Expr]) -> exp.Expr:
    if len(values) == 1:
        return compared(exp.EQ, one, values[0])
    return exp.In(this=one.copy(), expressions=list(values))


def aliased(one: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(one, name, quoted=True)


class Steps:
    """A query in steps, each of which adds columns to what the one before it has."""

    def __init__(self, first: exp.Select) -> None:
        self._steps = [first]

    @property
    def last(self) -> str:
        return f"step{len(self._steps) - 1}"

    def add(self, columns: Iterable[exp.Expr]) -> None:
        self.then(exp.select(exp.Star(), *columns).from_(table(self.last)))

    def then(self, step: exp.Select) -> None:
        self._steps.append(step)

    def ended(self, select: exp.Select, dialect: str) -> str:
        """The query that ends with a selection from the last step."""
        once = True if dialect in ("sqlite", "postgres") else None  # else these write each step into the next
        for at, step in enumerate(self._steps):
            select = select.with_(identifier(f"step{at}"), as_=step, materialized=once, copy=False)
        return select.sql(dialect)
