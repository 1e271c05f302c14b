"""A decision table as a set says of every row what its own evaluation says, and which rows decided."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guikou.adapters.bulk.tables import TableSet
from guikou.engine import DecisionTable, Kind, Row, parse_test
from guikou.engine.errors import NoSet

from . import made


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(table=made.tables(), facts=st.lists(made.facts, min_size=1, max_size=20))
def test_the_set_says_what_the_table_says(engine, table, facts):
    engine.hold(made.relation(facts))
    one = TableSet(table, made.COLUMNS, engine.dialect, "t.")
    found = sorted(engine.ask(one.query("facts")), key=lambda row: row["nr"])
    assert [one.outcome(row) for row in found] == [table.evaluate(these) for these in facts]


def test_several_outputs_are_those_of_the_row_that_decides(engine):
    kind = Kind("integer")
    rows = [
        Row(at, (parse_test(cell, kind),), out)
        for at, (cell, out) in enumerate([("< 3", ("a", 1)), (">= 3", ("b", None))], 1)
    ]
    table = DecisionTable("t", "U", [("i", kind)], ["name", "count"], rows)
    facts = [{"i": 2}, {"i": 3}, {"i": None}, {}]
    engine.hold(made.relation(facts))
    one = TableSet(table, made.COLUMNS, engine.dialect)
    found = sorted(engine.ask(one.query("facts")), key=lambda row: row["nr"])
    assert [(row["status"], row["row"], row["->name"], row["->count"], row["lacks"]) for row in found] == [
        ("decided", 1, "a", 1, ""), ("decided", 2, "b", None, ""), ("none", None, None, None, ""), ("missing", None, None, None, "i"),
    ]  # fmt: skip


def test_a_sum_that_64_bits_may_not_hold_is_refused():
    rows = [
        Row(1, (parse_test("-", Kind("integer")),), (Decimal("1E-30"),)),
        Row(2, (parse_test("-", Kind("integer")),), (1,)),
    ]
    table = DecisionTable("fees", "C+", [("i", Kind("integer"))], ["out"], rows)
    with pytest.raises(NoSet, match="the sum of table fees can't be said of many at once"):
        TableSet(table, made.COLUMNS, "duckdb")
