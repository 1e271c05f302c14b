"""A whole population under a policy: organisations from Parquet, placed by the policy's rules as a set.

The file has a row for each organisation: `id`, `area` (the code of its area) and a column for each fact that is known,
named as the policy names it; null is not known, unless a column NAME? says that it is. Other columns are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlglot import exp

from guikou.engine.errors import BadFile, Where
from guikou.engine.policy.facts import FIRST_DAY, LAST_DAY
from guikou.engine.policy.policy import Policy
from guikou.engine.rules.unary_tests import Kind
from guikou.engine.text import Title

from . import sql
from .engines import Engine
from .placement import ASKED, PlacementSet
from .sql import Relation

_WHOLE = {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UTINYINT", "USMALLINT", "UINTEGER", "INT"}
_TEXTS = {"VARCHAR", "STRING"}
#: What a column is of in which there is nothing.
_EMPTY = {"NULL", "VOID"}
#: The types of columns that a fact of a kind can have, and what to write instead of others.
_TYPES = {
    "integer": (_WHOLE, "INT64"),
    "boolean": ({"BOOLEAN"}, "BOOLEAN"),
    "date": ({"DATE"}, "DATE"),
    "decimal": (_WHOLE, "DECIMAL"),
}


@dataclass
class Population:
    """The organisations of a Parquet file, in an engine. Raises BadFile for a file that is none, or lacks a column."""

    engine: Engine
    file: Path
    columns: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = self.engine.read(self.file, "population")
        for name in ("id", "area"):
            if name not in self.columns:
                raise self._bad(name, "文件中没有此列", "the file has no such column")
            type = self.columns[name].strip('"')
            if type not in _WHOLE | _TEXTS | _EMPTY and not type.startswith("ENUM"):
                zh, en = (
                    f"此列为 {type}；应为文本或整数",
                    f"it is a column of {type}; it must be texts or whole numbers",
                )
                raise self._bad(name, zh, en)

    def unread(self, policy: Policy) -> list[str]:
        """The columns of the file that a policy knows nothing of."""
        known = {"id", "area", *policy.facts, *(sql.known_of(name) for name in policy.facts)}
        return [name for name in self.columns if name not in known]

    def under(
        self, policy: Policy, day: date, asked: Sequence[str] = ASKED, *, dues: bool = True, prefix: str = ""
    ) -> str:
        """What a policy says of the population on a day: the name of a relation with a row for each organisation, with
        the columns of a PlacementSet. Raises BadFile for a column of another type than its fact, and NoSet."""
        dialect = self.engine.dialect
        one = PlacementSet(policy, day, dialect, asked, dues=dues, checks=True, prefix=prefix)
        self.engine.define(f"{prefix}organizations", self._organizations(one, prefix).sql(dialect))
        for relation in one.relations:
            self.engine.hold(relation)
        if dues:
            days = [self._days(name) for name in one.starts if name in self.columns]
            self.engine.hold(one.days({day for found in days for day in found}))
        self.engine.keep(f"{prefix}answer", one.query)
        return f"{prefix}answer"

    def counted(self, answer: str, by: Sequence[str]) -> list[tuple[Any, ...]]:
        """How many rows an answer has with each combination of some columns, the most first."""
        columns = [sql.named(name) for name in by]
        most = exp.Ordered(this=sql.named(".count"), desc=True)
        query = exp.select(*columns, sql.aliased(exp.Count(this=exp.Star()), ".count")).from_(sql.table(answer))
        query = query.group_by(*(one.copy() for one in columns)).order_by(most, *(one.copy() for one in columns))
        return self.engine.rows(query.sql(self.engine.dialect))

    def changes(self, old: str, new: str, by: Sequence[str]) -> str:
        """The query of the organisations for which two policies' answers differ: `id`, and what each says of some
        columns. Raises BadFile where an id is missing or stands twice, for then nobody knows which is which."""
        none = exp.select(sql.named("id")).from_(sql.table("population")).where(sql.is_null(sql.named("id"))).limit(1)
        if self.engine.rows(none.sql(self.engine.dialect)):
            raise self._bad("id", "有的行没有代码", "a row has none")
        twice = exp.select(sql.named("id")).from_(sql.table("population")).group_by(sql.named("id"))
        twice = twice.having(sql.compared(exp.GT, exp.Count(this=exp.Star()), sql.number(1))).limit(1)
        for (id,) in self.engine.rows(twice.sql(self.engine.dialect)):
            raise self._bad("id", f"“{id}” 出现不止一次", f"'{id}' stands there more than once")
        one, other = ([sql.named(name, side) for name in by] for side in ("old", "new"))
        pairs = [
            sql.aliased(column.copy(), f"{side}.{name}")
            for name, *each in zip(by, one, other, strict=True)
            for side, column in zip(("old", "new"), each, strict=True)
        ]
        differ = [exp.NullSafeNEQ(this=a.copy(), expression=b.copy()) for a, b in zip(one, other, strict=True)]
        query = exp.select(sql.aliased(sql.named("id", "old"), "id"), *pairs).from_(sql.table(old, "old"))
        same = sql.compared(exp.EQ, sql.named("id", "old"), sql.named("id", "new"))
        query = query.join(sql.table(new, "new"), on=same).where(sql.any_of(differ))
        return query.sql(self.engine.dialect)

    # --- the file as the relation that the set reads ---

    def _organizations(self, one: PlacementSet, prefix: str) -> exp.Select:
        columns = [sql.aliased(sql.typed(sql.named(name, "population"), "text"), name) for name in ("id", "area")]
        joins: dict[str, str] = {}
        for name, fact in one.facts.items():
            if name not in self.columns:
                nothing = sql.typed(exp.null(), sql.type_of(fact.kind, one.dialect))
                columns += [sql.aliased(nothing, name), sql.aliased(self._known(name, nothing), sql.known_of(name))]
                continue
            value: exp.Expr = sql.named(name, "population")
            if fact.kind.name == "decimal":
                joins[name] = self._keys(name, fact.kind, prefix)
                columns.append(sql.aliased(sql.named("key", joins[name]), name))
            else:
                columns.append(
                    sql.aliased(
                        sql.typed(self._typed(name, fact.kind, value), sql.type_of(fact.kind, one.dialect)), name
                    )
                )
            columns.append(sql.aliased(self._known(name, value), sql.known_of(name)))
        query = exp.select(*columns).from_(sql.table("population"))
        for name, join in joins.items():
            written = sql.typed(sql.named(name, "population"), "text")
            query = query.join(
                sql.table(join), on=sql.compared(exp.EQ, sql.named("written", join), written), join_type="left"
            )
        return query

    def _known(self, name: str, value: exp.Expr) -> exp.Expr:
        there = sql.negated(sql.is_null(value))
        if sql.known_of(name) not in self.columns:
            return there
        type = self.columns[sql.known_of(name)].strip('"')
        if type != "BOOLEAN" and type not in _EMPTY:
            zh, en = f"此列为 {type}；应为 BOOLEAN", f"it is a column of {type}; it must be BOOLEAN"
            raise self._bad(sql.known_of(name), zh, en)
        told = exp.Coalesce(this=sql.named(sql.known_of(name), "population"), expressions=[exp.false()])
        return sql.any_of([there, told])

    def _typed(self, name: str, kind: Kind, value: exp.Expr) -> exp.Expr:
        type = self.columns[name].strip('"')
        types, instead = _TYPES.get(kind.name, (_TEXTS, "STRING"))
        decimal = kind.name == "decimal" and type.startswith("DECIMAL")
        listed = kind.name not in _TYPES and type.startswith("ENUM")
        if type not in types and type not in _EMPTY and not decimal and not listed:
            zh, en = (
                f"此列为 {type}；{kind.title.zh}的列应为 {instead}",
                f"it is a column of {type}; of {kind.title.en}, it must be {instead}",
            )
            raise self._bad(name, zh, en)
        return value

    def _keys(self, name: str, kind: Kind, prefix: str) -> str:
        """A relation of the decimals that there are, by how they are written, with their keys."""
        value = self._typed(name, kind, sql.named(name, "population"))
        query = exp.select(sql.aliased(sql.typed(value, "text"), "written")).distinct().from_(sql.table("population"))
        there = query.where(_there(sql.named(name, "population")))
        columns = {"written": Kind("string"), "key": kind}
        relation = Relation(f"{prefix}keys_{name}", columns, ())
        self.engine.hold(relation)
        for some in self.engine.pages(there.sql(self.engine.dialect)):
            self.engine.add(Relation(relation.name, columns, [[written, Decimal(written)] for (written,) in some]))
        return relation.name

    def _days(self, name: str) -> list[date]:
        query = exp.select(sql.named(name)).distinct().from_(sql.table("population")).where(_there(sql.named(name)))
        return [day for (day,) in self.engine.rows(query.sql(self.engine.dialect)) if _can_be(day)]

    def _bad(self, column: str, zh: str, en: str) -> BadFile:
        return BadFile(where=Where(str(self.file), column=column), reason=Title(zh, en))


def _can_be(day: Any) -> bool:
    return isinstance(day, date) and FIRST_DAY <= day <= LAST_DAY


def _there(column: exp.Expr) -> exp.Expr:
    return sql.negated(sql.is_null(column))
