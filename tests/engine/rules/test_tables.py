"""Decision tables, by each hit policy and against brute force."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.engine import DecisionTable, Kind, Row, parse_test

INTEGER, COLOUR = Kind("integer"), Kind("enumeration", ("red", "green", "blue"))


def table(hit, *rows, priorities=()):
    compiled = [
        Row(at, (parse_test(n, INTEGER), parse_test(colour, COLOUR)), (out,))
        for at, (n, colour, out) in enumerate(rows, 1)
    ]
    return DecisionTable("t", hit, [("n", INTEGER), ("colour", COLOUR)], ["out"], compiled, priorities)


def answer(one, **facts):
    outcome = one.evaluate(facts)
    return outcome.rows, outcome.outputs.get("out"), outcome.missing, outcome.clash


def test_unique():
    one = table("U", (">= 3", "red", "a"), ("< 3", "-", "b"), ("> 5", "-", "c"))
    assert answer(one, n=4, colour="red") == ((1,), "a", (), ())
    assert answer(one, n=2) == ((2,), "b", (), ())
    assert answer(one, n=4, colour="blue") == ((), None, (), ())
    assert answer(one, n=9, colour="red") == ((), None, (), (1, 3))
    assert answer(one, n=4) == ((), None, ("colour",), ())
    assert answer(one) == ((), None, ("n", "colour"), ())
    assert answer(one, colour="blue") == ((), None, ("n",), ())


def test_any_agrees_or_clashes():
    one = table("A", (">= 3", "-", "a"), (">= 5", "-", "a"), (">= 7", "-", "b"))
    assert answer(one, n=5, colour="red")[1] == "a"
    assert answer(one, n=7, colour="red")[3] == (1, 2, 3)


def test_first_waits_for_a_better_row():
    one = table("F", ("-", "red", "a"), (">= 3", "-", "b"))
    assert answer(one, n=3, colour="red") == ((1,), "a", (), ())
    assert answer(one, n=3, colour="blue") == ((2,), "b", (), ())
    assert answer(one, n=3) == ((), None, ("colour",), ())
    assert answer(one, colour="red") == ((1,), "a", (), ())


def test_priority_goes_by_the_outputs():
    one = table("P", (">= 3", "-", "low"), ("-", "red", "high"), priorities=["high", "low"])
    assert answer(one, n=3, colour="red") == ((2,), "high", (), ())
    assert answer(one, n=3, colour="blue") == ((1,), "low", (), ())
    assert answer(one, n=3) == ((), None, ("colour",), ())
    assert answer(one, colour="red")[1] == "high"


@pytest.mark.parametrize(
    ("hit", "out"), [("C", [1, 2, 2]), ("R", [1, 2, 2]), ("O", [2, 2, 1]), ("C+", 5), ("C#", 2), ("C<", 1), ("C>", 2)]
)  # fmt: skip
def test_collect(hit, out):
    rows = ((">= 1", "-", 1), (">= 2", "-", 2), (">= 3", "-", 2), (">= 9", "-", 9))
    one = table(hit, *rows, priorities=[9, 2, 1])
    assert answer(one, n=3, colour="red") == ((2, 3, 1) if hit == "O" else (1, 2, 3), out, (), ())
    assert answer(one, colour="red")[2] == ("n",)


def test_collecting_nothing_is_an_answer():
    assert answer(table("C", (">= 1", "-", 1)), n=0)[1] == []
    assert answer(table("C+", (">= 1", "-", 1)), n=0)[1] == 0
    assert answer(table("C>", (">= 1", "-", 1)), n=0)[1] is None


def test_a_table_says_what_it_cannot_be():
    with pytest.raises(ValueError, match="X"):
        table("X")
    with pytest.raises(ValueError, match="one output"):
        DecisionTable("t", "C+", [], ["a", "b"], [])
    for hit, out, words in [
        ("C+", None, "C\\+ adds up numbers, and row 1"), ("C+", True, "C\\+ adds up"), ("C<", "a", "C< compares numbers or days"),
        ("C>", None, "C> compares"), ("O", 3, "O puts outputs in the order of priorities, which lack that of row 1: 3"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=words):
            table(hit, ("-", "-", out), priorities=[1, 2])


def test_decimals_of_any_size_are_told_apart_and_added_up_with_all_their_digits():
    huge = Decimal("1E29")
    kind = Kind("decimal")
    cells = ["< 1E29", "1E29", "> 1E29", "(1E29..100000000000000000000000000001)", "1E-30"]
    rows = [Row(at, (parse_test(cell, kind),), (Decimal(10) ** -at,)) for at, cell in enumerate(cells, 1)]
    one = DecisionTable("t", "C", [("d", kind)], ["out"], rows)
    below, above = Decimal("99999999999999999999999999999"), Decimal("100000000000000000000000000000.5")
    beyond = Decimal("100000000000000000000000000002")
    assert [one.evaluate({"d": value}).rows for value in (below, huge, above, beyond, Decimal("1E-30"), 0)] == [
        (1,), (2,), (3, 4), (3,), (1, 5), (1,),
    ]  # fmt: skip
    rows = [Row(1, (parse_test("-", kind),), (huge,)), Row(2, (parse_test("-", kind),), (Decimal("1E-30"),))]
    total = DecisionTable("t", "C+", [("d", kind)], ["out"], rows).evaluate({"d": 1}).outputs["out"]
    assert str(total) == "1" + "0" * 29 + "." + "0" * 29 + "1"


DAYS = [date(2015, 1, 1) + timedelta(days=at) for at in range(5)]

COLUMNS = {
    "i": (INTEGER, st.integers(-1, 5), ["-", "3", ">= 2", "< 1", "[1..3)", "(1..4]", "not(2, 3)", "null", "1, 4"]),
    "e": (COLOUR, st.sampled_from(COLOUR.values), ["-", "red", "not(red)", "red, blue", "null", "null, green"]),
    "b": (Kind("boolean"), st.booleans(), ["-", "true", "false", "not(false)", "null"]),
    "d": (
        Kind("decimal"),
        st.sampled_from([Decimal("0.5"), 1, Decimal("1.25"), 2]),
        ["-", "> 0.5", "[0.5..1]", "not(1)"],
    ),
    "t": (Kind("date"), st.sampled_from(DAYS), ["-", ">= 2015-01-03", "2015-01-02", "(2015-01-01..2015-01-04)"]),
    "s": (Kind("string"), st.sampled_from(["x", "y", "other"]), ["-", "x", "not(x)", "x, y", "null"]),
}

names = st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=3, unique=True)


@st.composite
def tables_and_facts(draw):
    chosen = draw(names)
    rows = [
        Row(at, tuple(parse_test(draw(st.sampled_from(COLUMNS[one][2])), COLUMNS[one][0]) for one in chosen), (draw(st.integers(1, 3)),))
        for at in range(1, draw(st.integers(0, 5)) + 1)
    ]  # fmt: skip
    hit = draw(st.sampled_from(["U", "F", "A", "P", "R", "O", "C", "C+", "C#", "C<", "C>"]))
    facts = draw(st.fixed_dictionaries({}, optional={one: st.none() | COLUMNS[one][1] for one in chosen}))
    return DecisionTable("t", hit, [(one, COLUMNS[one][0]) for one in chosen], ["out"], rows, [2, 1, 3]), facts


def fits(one, row, facts):
    """True, False or None by Kleene, a cell at a time."""
    answers = []
    for (name, _), test in zip(one.inputs, row.tests, strict=True):
        answers.append(test.matches(facts[name]) if name in facts else True if test.everything else None)
    return False if False in answers else None if None in answers else True


def brute(one, facts):
    certain = [row for row in one.rows if fits(one, row, facts) is True]
    possible = [row for row in one.rows if fits(one, row, facts) is not False]
    open_ = certain != possible
    outs = [row.outputs[0] for row in certain]
    if one.hit in "UA":
        if len(certain) > 1 and (one.hit == "U" or len(set(outs)) > 1):
            return "clash"
        return outs[0] if outs else "missing" if open_ else "nothing"
    if one.hit == "F":
        return "missing" if possible and possible[0] not in certain else outs[0] if outs else "nothing"
    if one.hit == "P":
        rank = [2, 1, 3].index
        best = min((rank(row.outputs[0]) for row in possible), default=None)
        if best is None:
            return "nothing"
        return [2, 1, 3][best] if outs and min(map(rank, outs)) == best else "missing"
    if open_:
        return "missing"
    ordered = lambda some: sorted(some, key=[2, 1, 3].index)  # noqa: E731
    aggregates = {"C": list, "R": list, "O": ordered, "C+": sum, "C#": lambda some: len(set(some))}
    if one.hit in aggregates:
        return aggregates[one.hit](outs)
    return (min if one.hit == "C<" else max)(outs, default=None)


@settings(max_examples=400, deadline=None)
@given(tables_and_facts())
def test_a_table_agrees_with_brute_force(made):
    one, facts = made
    outcome = one.evaluate(facts)
    wanted = brute(one, facts)
    if wanted == "missing":
        assert outcome.missing
        assert all(name not in facts for name in outcome.missing)
    elif wanted == "clash":
        assert len(outcome.clash) > 1
    elif wanted == "nothing":
        assert outcome.decided
        assert not outcome.outputs
    else:
        assert outcome.decided
        assert outcome.outputs["out"] == wanted


def test_what_is_needed_in_any_case_and_what_only_perhaps():
    one = table("F", (">= 3", "-", "a"), ("-", "red", "b"), ("-", "-", "c"))
    assert one.needs({}) == (("n",), ("colour",))
    assert one.needs({"n": 1}) == (("colour",), ())
    assert one.needs({"n": 3}) == one.needs({"n": 1, "colour": "red"}) == ((), ())
    either = table("A", ("3", "-", "a"), ("-", "red", "a"))
    assert either.needs({}) == ((), ("n", "colour"))
