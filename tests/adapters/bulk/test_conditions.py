"""A condition as an expression says of every row what its closure says."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from guikou.adapters.bulk import sql
from guikou.adapters.bulk.conditions import condition

from . import made
from .engines import truth

EXAMPLES = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@EXAMPLES
@given(rules=st.lists(made.conditions(), min_size=1, max_size=4), facts=st.lists(made.facts, min_size=1, max_size=20))
def test_the_set_says_what_the_closure_says(engine, rules, facts):
    engine.hold(made.relation(facts))
    asked = [sql.aliased(condition(one, made.COLUMNS, engine.dialect), f"c{at}") for at, one in enumerate(rules)]
    query = exp.select(*asked).from_(sql.table("facts")).order_by(sql.named("nr"))
    said = [[truth(value) for value in row.values()] for row in engine.ask(query.sql(engine.dialect))]
    assert said == [[one.evaluate(these) for one in rules] for these in facts]


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False), min_size=2, max_size=12))
def test_keys_of_decimals_sort_as_decimals_do_and_are_equal_where_these_are(values):
    keys = {value: sql.decimal_key(value) for value in values}
    for one in values:
        for other in values:
            assert (keys[one] < keys[other], keys[one] == keys[other]) == (one < other, one == other)


def test_every_engine_sorts_keys_of_decimals_alike(engine):
    kind, values = made.FACTS["d"]
    engine.hold(sql.Relation("numbers", {"n": kind}, [[value] for value in values]))
    found = engine.ask(
        exp.select(sql.named("n")).from_(sql.table("numbers")).order_by(sql.named("n")).sql(engine.dialect)
    )
    assert [one["n"] for one in found] == [sql.decimal_key(Decimal(value)) for value in sorted(values)]
