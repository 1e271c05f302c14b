"""Facts of every kind with their bounds, and rules about them, for property tests."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from guikou.adapters.bulk import sql
from guikou.engine import Kind
from guikou.engine.rules.conditions import Condition
from guikou.engine.rules.tables import HIT_POLICIES, DecisionTable, Row
from guikou.engine.rules.unary_tests import Interval, UnaryTest

MOST = 2**53 - 1
_WORDS = ("law", "Law", "it's", 'say "so"', "a\\b", "%", "", "学校", "𠮷", "é", "e\u0301", "{x}", "null", "1")
#: Each fact with its kind and the values that are tried.
FACTS = {
    "i": (Kind("integer"), (-MOST, -3, -1, 0, 1, 2, 3, 50, MOST)),
    "d": (Kind("decimal"), (Decimal("-1E+30"), Decimal("-1.25"), Decimal("-1.2"), Decimal("-0.0"), 0, Decimal("1E-30"), 1, Decimal("1.00"), Decimal("1.2"), Decimal("1.25"), 10, Decimal("100000000000000000000000000000.5"), Decimal("1E+29"))),
    "b": (Kind("boolean"), (True, False)),
    "t": (Kind("date"), (date(1900, 1, 1), date(2015, 12, 31), date(2016, 1, 1), date(2016, 2, 29), date(2999, 12, 31))),
    "e": (Kind("enumeration", _WORDS), _WORDS),
    "s": (Kind("string"), _WORDS),
}  # fmt: skip
KINDS = {name: kind for name, (kind, _) in FACTS.items()}
COLUMNS = {name: sql.fact(name, kind) for name, kind in KINDS.items()}
RELATION = {"nr": Kind("integer")} | {column: kind for name, own in KINDS.items() for column, kind in ((name, own), (sql.known_of(name), Kind("boolean")))}  # fmt: skip

facts = st.fixed_dictionaries(
    {}, optional={name: st.none() | st.sampled_from(values) for name, (_, values) in FACTS.items()}
)
#: What rules name besides: beyond what a fact can be, and between.
_BOUNDS = {
    "i": (-(10**30), -(2**63), -MOST - 1, MOST + 1, 2**63, 10**30),
    "d": (Decimal("-1E+400"), Decimal("1.23"), Decimal("1E+400")),
    "t": (date.min, date(2016, 1, 1) + timedelta(days=1), date.max),
}


def relation(facts):
    """Facts as the rows of a relation, with their numbers."""
    rows = [[at, *(value for name in FACTS for value in (one.get(name), name in one))] for at, one in enumerate(facts)]
    return sql.Relation("facts", RELATION, rows)


@st.composite
def tests_of(draw, name):
    kind, values = FACTS[name]
    named = st.sampled_from((*values, *_BOUNDS.get(name, ())))
    points = tuple(draw(st.lists(st.none() | named, max_size=3)))
    intervals = []
    if kind.ordered:
        for _ in range(draw(st.integers(0, 2))):
            low, high = draw(st.none() | named), draw(st.none() | named)
            if low is not None or high is not None:
                intervals.append(Interval(low, high, draw(st.booleans()), draw(st.booleans())))
    if not points and not intervals:
        return UnaryTest("-", everything=True)
    return UnaryTest("a test", tuple(intervals), points, draw(st.booleans()))


@st.composite
def conditions(draw, deep=1):
    names = draw(st.lists(st.sampled_from([*FACTS, "case.unknown"]), max_size=3))
    own = tuple((name, draw(tests_of(name if name in FACTS else "i"))) for name in names)
    ways = draw(st.lists(conditions(deep - 1), max_size=3)) if deep else []
    return Condition(own, tuple(ways))


_OUTPUTS = {
    "text": st.sampled_from(["x", "it's", "学校"]),
    "integer": st.integers(-3, 3),
    "amount": st.sampled_from([Decimal("0.1"), Decimal("-2.50"), 3]),
    "decimal": st.sampled_from([Decimal("0.1"), Decimal("-2.50"), Decimal("1E-20"), 3]),
    "date": st.sampled_from([date(2016, 1, 1), date(2016, 2, 29)]),
    "boolean": st.booleans(),
}


@st.composite
def tables(draw):
    """A table of any hit policy, some with more rows than a number has bits."""
    hit = draw(st.sampled_from(list(HIT_POLICIES)))
    names = draw(st.lists(st.sampled_from([*FACTS, "case.unknown"]), min_size=1, max_size=3, unique=True))
    kinds = [KINDS.get(name, KINDS["i"]) for name in names]
    allowed = {"C+": ["integer", "amount"], "C<": ["integer", "decimal", "date"], "C>": ["integer", "decimal", "date"]}
    outputs = _OUTPUTS[draw(st.sampled_from(allowed.get(hit, list(_OUTPUTS))))]
    cells = [[draw(tests_of(name if name in FACTS else "i")) for _ in range(4)] for name in names]
    count = draw(st.sampled_from([0, 1, 2, 3, 5, 61, 62, 63, 130]))
    random = draw(st.randoms(use_true_random=False))
    values = draw(st.lists(outputs if hit in ("C+", "C<", "C>", "O") else st.none() | outputs, min_size=1, max_size=3))
    rows = [
        Row(at, tuple(random.choice(some) for some in cells), (random.choice(values),)) for at in range(1, count + 1)
    ]
    order = list({value: value for value in values})
    return DecisionTable("t", hit, list(zip(names, kinds, strict=True)), ["out"], rows, order)
