"""A value that a fact can't have is found by the set as it is at the door."""

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from guikou.adapters.bulk import sql
from guikou.adapters.bulk.checks import refused
from guikou.engine.errors import GuikouError
from guikou.engine.policy.facts import FactSpec
from guikou.engine.text import Title

from . import made
from .engines import truth

DAY = date(2016, 1, 4)
_BOUNDS = {
    "i": st.sampled_from([None, -1, 0, 2, made.MOST]),
    "d": st.sampled_from([None, -2, 0, Decimal("1.2")]),
}


@st.composite
def specs(draw, name):
    kind, values = made.FACTS[name]
    if kind.name == "enumeration":
        kind = type(kind)(kind.name, tuple(draw(st.lists(st.sampled_from(values), min_size=1, unique=True))))
    bounds = _BOUNDS.get(name, st.none())
    return FactSpec(
        name,
        Title(name, name),
        kind,
        {},
        draw(bounds),
        draw(bounds),
        draw(st.booleans()),
        past=kind.name == "date" and draw(st.booleans()),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), facts=st.lists(made.facts, min_size=1, max_size=20))
def test_the_set_refuses_what_the_door_refuses(engine, data, facts):
    found = {name: data.draw(specs(name)) for name in made.FACTS}
    engine.hold(made.relation(facts))
    asked = [sql.aliased(refused(spec, made.COLUMNS[name], DAY, engine.dialect), name) for name, spec in found.items()]
    query = exp.select(*asked).from_(sql.table("facts")).order_by(sql.named("nr"))
    said = [{name: truth(value) for name, value in row.items()} for row in engine.ask(query.sql(engine.dialect))]
    assert said == [{name: name in one and _refused(spec, one[name]) for name, spec in found.items()} for one in facts]


def _refused(spec, value):
    try:
        spec.check(value, DAY)
    except GuikouError:
        return True
    return False
