"""Values checked as a set: which facts an organisation can't have, as `FactSpec.check` would refuse them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from guikou.engine.cases.canonical import MOST
from guikou.engine.policy.facts import FIRST_DAY, LAST_DAY, FactSpec

from . import sql
from .sql import Column


def refused(spec: FactSpec, column: Column, day: date, dialect: str) -> exp.Expr:
    """Whether what is known of a fact on a day is none of its values. Texts are taken as they are; whether a body is
    one of the policy's is asked of its bodies."""
    value = column.value
    least: Any = spec.minimum
    most: Any = spec.maximum
    match spec.kind.name:
        case "integer":
            least, most = (
                max(-MOST, least if least is not None else -MOST),
                min(MOST, most if most is not None else MOST),
            )
        case "decimal":
            least, most = (Decimal(one) if one is not None else None for one in (least, most))
        case "date":
            least, most = FIRST_DAY, min(day, LAST_DAY) if spec.past else LAST_DAY
    wrong = [
        sql.compared(outside, value, sql.operand(bound, spec.kind, dialect))
        for outside, bound in ((exp.LT, least), (exp.GT, most))
        if bound is not None
    ]
    if spec.kind.name == "enumeration":
        wrong.append(sql.negated(sql.among(value, [sql.text(one) for one in spec.kind.values])))
    ways = [(sql.is_null(value), sql.truth(not spec.nullable))]
    if column.known is not None:
        ways.insert(0, (sql.negated(column.known.copy()), exp.false()))
    return sql.case(ways, sql.any_of(wrong))
