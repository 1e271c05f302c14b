"""Decision tables as expressions, in four steps that a query takes one after another.

First what each input is worth, as the engine's own tables have it: the bits of the rows whose cell its value meets, cut
at the same values (`masks`; null where the input isn't known). Then the bits of the rows that certainly fit, and of
those that may (`fits`). Then, by the hit policy, how it came out (`judged`), and what it says (`decided`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from guikou.engine.errors import NoSet
from guikou.engine.rules.tables import Column as Input
from guikou.engine.rules.tables import DecisionTable, Outcome, Row
from guikou.engine.rules.unary_tests import EXACT
from guikou.engine.text import Title

from . import sql
from .sql import Column, Columns

#: How a table came out: by one row, or all that fit; facts are missing; rows clash; no row fits.
DECIDED, MISSING, CLASH, NONE = "decided", "missing", "clash", "none"

#: So many rows are bits of one number: a BIGINT has a sign.
_WORD = 62
_ONES = (1 << _WORD) - 1
_Leaf = Callable[[Row], exp.Expr]


class TableSet:
    """A table for one dialect; the columns that it makes begin with `prefix`. Raises NoSet for one that may add up to
    what 64 bits can't hold."""

    def __init__(self, table: DecisionTable, columns: Columns, dialect: str, prefix: str = "") -> None:
        self.table, self.columns, self.dialect, self.prefix = table, columns, dialect, prefix
        self._words = range(max(1, -(-len(table.rows) // _WORD)))
        self._every = (1 << len(table.rows)) - 1
        self._outputs = [_Output([row.outputs[at] for row in table.rows], dialect) for at in range(len(table.outputs))]
        if table.hit == "C+" and sum(abs(self._outputs[0].scaled(row.outputs[0])) for row in table.rows) >> 63:
            what = Title(f"表 {table.name} 之和", f"the sum of table {table.name}")
            raise NoSet(what=what, because=Title("其和可能超出 64 位", "its sum may exceed 64 bits"))

    def query(self, relation: str) -> str:
        """What it says of each row of a relation of facts, with all columns of that."""
        steps = sql.Steps(exp.select(exp.Star()).from_(sql.table(relation)))
        for columns in (self.masks(), self.fits(), self.judged(), self.decided()):
            steps.add(columns)
        return steps.ended(exp.select(exp.Star()).from_(sql.table(steps.last)), self.dialect)

    # --- the first step ---

    def masks(self) -> list[exp.Expr]:
        """What each input is worth."""
        return [
            sql.aliased(self._worth(one, word), self._mask(at, word))
            for at, one in enumerate(self.table.columns)
            for word in self._words
        ]

    def _worth(self, one: Input, word: int) -> exp.Expr:
        column = self.columns.get(one.fact)
        if column is None:
            return sql.typed(exp.null(), "bigint")
        ways = [(sql.is_null(column.value), sql.number(_part(one.met[None], word)))]
        if column.known is not None:
            ways.insert(0, (sql.negated(column.known.copy()), exp.null()))
        parts, last = self._ordered(one, column, word) if one.kind.ordered else self._named(one, column, word)
        return sql.case([*ways, *parts], sql.number(last))

    def _ordered(self, one: Input, column: Column, word: int) -> tuple[list[tuple[exp.Expr, exp.Expr]], int]:
        """Of values that have an order: up to each cut, and what is beyond the last."""
        ends: list[tuple[type[exp.Binary], Any, int]] = []
        for at, cut in enumerate(one.cuts):
            ends += [(exp.LT, cut, _part(one.between[at], word)), (exp.LTE, cut, _part(one.met[cut], word))]
        last = _part(one.between[-1], word)
        worth = [bits for _, _, bits in ends] + [last]
        return [
            (sql.compared(less, column.value, sql.operand(cut, one.kind, self.dialect)), sql.number(bits))
            for (less, cut, bits), following in zip(ends, worth[1:], strict=True)
            if bits != following
        ], last

    def _named(self, one: Input, column: Column, word: int) -> tuple[list[tuple[exp.Expr, exp.Expr]], int]:
        """Of values without one: those that are worth the same together, and all others."""
        last, groups = _part(one.between[0], word), dict[int, list[Any]]()
        for value, bits in one.met.items():
            if value is not None and _part(bits, word) != last:
                groups.setdefault(_part(bits, word), []).append(value)
        return [
            (sql.among(column.value, [sql.literal(value, self.dialect) for value in values]), sql.number(bits))
            for bits, values in groups.items()
        ], last

    # --- the second ---

    def fits(self) -> list[exp.Expr]:
        """The bits of the rows that certainly fit, and of those that may."""
        return [
            sql.aliased(self._fitting(word, may), self._fit(may, word)) for may in (False, True) for word in self._words
        ]

    def _fitting(self, word: int, may: bool) -> exp.Expr:
        if not self.table.columns:
            return sql.number(_part(self._every, word))
        met: list[exp.Expr] = [
            exp.Coalesce(
                this=sql.named(self._mask(at, word)),
                expressions=[sql.number(_part(self._every if may else one.indifferent, word))],
            )
            for at, one in enumerate(self.table.columns)
        ]
        return sql.balanced(met, lambda a, b: exp.Paren(this=exp.BitwiseAnd(this=a, expression=b)))

    # --- the third ---

    def judged(self) -> list[exp.Expr]:
        """How it came out (`status`)."""
        fits = [[sql.named(self._fit(may, word)) for word in self._words] for may in (False, True)]
        same = sql.all_of([sql.compared(exp.EQ, one, other) for one, other in zip(*fits, strict=True)])
        every = self._any(self._every)
        match self.table.hit:
            case "U" | "A":
                ways = [(self._many(), CLASH), (every, DECIDED), (same, NONE)]
            case "F" | "P":
                ways = [(sql.all_of([every, self._best_is_certain()]), DECIDED), (same, NONE)]
            case _:
                ways = [(same, DECIDED)]
        found = sql.case([(when, sql.text(then)) for when, then in ways], sql.text(MISSING))
        return [sql.aliased(found, self.prefix + "status")]

    def _many(self) -> exp.Expr:
        """Whether rows fit of which only one may, or that say different things."""
        if self.table.hit == "A":
            alike = _grouped(row.outputs for row in self.table.rows)
            hits = [_one_if(self._any(bits)) for bits in alike.values()]
            return sql.compared(exp.GT, sql.added(hits), sql.number(1))
        words = [sql.named(self._fit(False, word)) for word in self._words]
        but_one = [_and(one, exp.Paren(this=exp.Sub(this=one.copy(), expression=sql.number(1)))) for one in words]
        several = [sql.compared(exp.NEQ, one, sql.number(0)) for one in but_one]
        hits = [_one_if(sql.compared(exp.NEQ, one, sql.number(0))) for one in words]
        return sql.any_of([*several, sql.compared(exp.GT, sql.added(hits), sql.number(1))])

    def _best_is_certain(self) -> exp.Expr:
        """Whether no row that may fit comes before those that do: by its number, or by its output's priority."""

        def rank(row: Row) -> int:
            return row.number if self.table.hit == "F" else self.table.rank(row)

        order = sorted(self.table.rows, key=rank)
        if not order:
            return exp.true()
        certain, possible = (self._first(order, lambda row: sql.number(rank(row)), may) for may in (False, True))
        return sql.compared(exp.EQ, certain, possible)

    # --- the fourth ---

    def decided(self) -> list[exp.Expr]:
        """The row that decided (`row`), or the rows that clash or that a collecting table took (`rows`, such as '1,4');
        the facts that it lacks (`lacks`); what it gives (`output`), but for lists, which follow from `rows`."""
        found = {"rows": self._rows(), "lacks": self._lacks()}
        if self.table.collects:
            found |= self._collected()
        else:
            leaves: dict[str, _Leaf] = {"row": lambda row: sql.number(row.number)}
            for at, name in enumerate(self.table.outputs):
                leaves[output(name)] = self._outputs[at].leaf(at)
            order = sorted(self.table.rows, key=self.table.rank) if self.table.hit == "P" else self.table.rows
            for name, leaf in leaves.items():
                found[name] = self._only(DECIDED, self._first(order, leaf), exp.null()) if order else exp.null()
        return [sql.aliased(one, self.prefix + name) for name, one in found.items()]

    def _rows(self) -> exp.Expr:
        rows = list(self.table.rows)
        if self.table.hit == "O":
            rows.sort(key=self.table.rank)
        listed = _listed([(self._any(1 << row.number - 1), str(row.number)) for row in rows])
        return self._only(DECIDED if self.table.collects else CLASH, listed, sql.text(""))

    def _collected(self) -> dict[str, exp.Expr]:
        rows, own = self.table.rows, self._outputs[0]
        name = output(self.table.outputs[0])
        match self.table.hit:
            case "C#":
                counted = [_one_if(self._any(bits)) for bits in _grouped(row.outputs[0] for row in rows).values()]
                return {name: self._only(DECIDED, sql.added(counted), exp.null())}
            case "C+":
                parts = [
                    sql.case(
                        [(self._any(1 << row.number - 1), sql.typed(sql.number(own.scaled(row.outputs[0])), "bigint"))],
                        sql.number(0),
                    )
                    for row in rows
                ]
                return {name: self._only(DECIDED, sql.added(parts), exp.null())}
            case "C<" | "C>" if rows:
                order = sorted(rows, key=lambda row: row.outputs[0], reverse=self.table.hit == "C>")
                some = sql.all_of([self._status_is(DECIDED), self._any(self._every)])
                return {name: sql.case([(some, self._first(order, own.leaf(0)))], exp.null())}
            case "C<" | "C>":
                return {name: exp.null()}
            case _:
                return {}

    def _lacks(self) -> exp.Expr:
        parts = []
        for at, one in enumerate(self.table.columns):
            column, asking = self.columns.get(one.fact), self._every & ~one.indifferent
            if asking and (column is None or column.known is not None):
                unknown = sql.is_null(sql.named(self._mask(at, 0)))
                parts.append((sql.all_of([unknown, self._any(asking, may=True)]), one.fact))
        return self._only(MISSING, _listed(parts), sql.text(""))

    # --- what came out, read back ---

    def outcome(self, row: Mapping[str, Any]) -> Outcome:
        """What a row of the result says, as the engine's table would."""
        table, status = self.table, row[self.prefix + "status"]
        rows = tuple(int(one) for one in row[self.prefix + "rows"].split(",") if one)
        if status != DECIDED:
            lacks = row[self.prefix + "lacks"]
            return Outcome(table.name, missing=tuple(lacks.split(",")) if lacks else (), clash=rows)
        if not table.collects:
            given = {
                name: self._outputs[at].read(row[self.prefix + output(name)]) for at, name in enumerate(table.outputs)
            }
            return Outcome(table.name, (row[self.prefix + "row"],), given)
        if table.hit in ("C", "R", "O"):
            took = [table.rows[one - 1].outputs for one in rows]
            return Outcome(table.name, rows, {name: [one[at] for one in took] for at, name in enumerate(table.outputs)})
        (name,) = table.outputs
        value, own = row[self.prefix + output(name)], self._outputs[0]
        return Outcome(table.name, rows, {name: own.unscaled(value) if table.hit == "C+" else own.read(value)})

    # --- parts ---

    def _first(self, order: Sequence[Row], leaf: _Leaf, may: bool = False) -> exp.Expr:
        """What the first of rows that fits says (or that may fit), found by halves; where none does, what the last of
        them says."""
        if len(order) == 1:
            return leaf(order[0])
        half = len(order) // 2
        one, other = self._first(order[:half], leaf, may), self._first(order[half:], leaf, may)
        if one == other:
            return one
        return sql.case([(self._any(sum(1 << row.number - 1 for row in order[:half]), may), one)], other)

    def _any(self, bits: int, may: bool = False) -> exp.Expr:
        """Whether any of some rows fits, or may."""
        return sql.any_of([
            sql.compared(exp.NEQ, _and(sql.named(self._fit(may, word)), sql.number(part)), sql.number(0))
            for word in self._words
            if (part := _part(bits, word))
        ])  # fmt: skip

    def _status_is(self, status: str) -> exp.Expr:
        return sql.compared(exp.EQ, sql.named(self.prefix + "status"), sql.text(status))

    def _only(self, status: str, then: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
        return sql.case([(self._status_is(status), then)], otherwise)

    def _mask(self, at: int, word: int) -> str:
        return f"{self.prefix}in{at}.{word}"

    def _fit(self, may: bool, word: int) -> str:
        return f"{self.prefix}{'may' if may else 'fit'}.{word}"


class _Output:
    """The values of one output: as decimals if one of them is."""

    def __init__(self, values: Sequence[Any], dialect: str) -> None:
        self._dialect = dialect
        self._decimals = [one for one in values if isinstance(one, Decimal)]
        self._kinds = {type(one) for one in values if one is not None}
        self._scale = max([0, *(-int(one.as_tuple().exponent) for one in self._decimals)])

    def leaf(self, at: int) -> _Leaf:
        return lambda row: self._written(row.outputs[at])

    def _written(self, value: Any) -> exp.Expr:
        if value is not None and self._decimals:
            return sql.text(str(value))
        return sql.literal(value, self._dialect)

    def read(self, value: Any) -> Any:
        """A value as an engine gives it back."""
        if value is None:
            return None
        if self._decimals:
            return Decimal(value)
        if self._kinds == {bool}:
            return bool(value)
        return date.fromisoformat(value) if self._kinds == {date} and isinstance(value, str) else value

    def scaled(self, value: int | Decimal) -> int:
        return int(EXACT.scaleb(Decimal(value), self._scale))

    def unscaled(self, value: int) -> int | Decimal:
        return EXACT.scaleb(Decimal(value), -self._scale) if self._decimals else value


def output(name: str) -> str:
    """The column of an output, after the prefix."""
    return f"->{name}"


def _part(bits: int, word: int) -> int:
    return bits >> word * _WORD & _ONES


def _and(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.BitwiseAnd(this=one.copy(), expression=other))


def _one_if(when: exp.Expr) -> exp.Expr:
    return sql.case([(when, sql.number(1))], sql.number(0))


def _grouped(values: Iterable[Any]) -> dict[Any, int]:
    """The bits of the rows that say the same."""
    found: dict[Any, int] = {}
    for at, value in enumerate(values):
        found[value] = found.get(value, 0) | 1 << at
    return found


def _listed(parts: Sequence[tuple[exp.Expr, str]]) -> exp.Expr:
    """The names of those that hold, with commas between."""
    if not parts:
        return sql.text("")
    told = sql.joined([sql.case([(when, sql.text("," + name))], sql.text("")) for when, name in parts])
    return exp.Substring(this=told, start=sql.number(2))
