"""Rows that decided, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..cases.case import Case
from ..cases.events import RuleFired
from ..decide.due.context import asked_context
from ..policy.policy import Policy
from ..rules.unary_tests import UnaryTest


@dataclass(frozen=True, slots=True)
class CellExplained:
    """One cell of a row: the fact, what the row asks, what the fact is, whether it is met (None: not known)."""

    fact: str
    test: UnaryTest
    value: Any
    met: bool | None


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """A row that decided, cell by cell, and what came out."""

    table: str
    row: int
    file: str | None
    line: int | None
    note: str
    cells: tuple[CellExplained, ...]
    outputs: Mapping[str, Any]


def explained_as_placed(policy: Policy, rule: RuleFired, case: Case) -> list[RuleExplained]:
    return explained(policy, rule, asked_context(policy, case, policy.day(case.updated_at)))


def explained(policy: Policy, rule: RuleFired, facts: Mapping[str, Any]) -> list[RuleExplained]:
    table = policy.table(rule.table)
    explained = []
    for row in table.rows:
        if row.number in rule.rows:
            cells = tuple(
                CellExplained(fact, test, facts.get(fact), test.matches(facts[fact]) if fact in facts else None)
                for (fact, _), test in zip(table.inputs, row.tests, strict=True)
            )
            explained.append(RuleExplained(rule.table, row.number, table.file, row.line, row.note, cells, rule.outputs))
    return explained
