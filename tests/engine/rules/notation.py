"""Kinds of facts, and tests and conditions of them as they may be written."""

from hypothesis import strategies as st

from guikou.engine import Kind, parse_condition

INTEGER, DECIMAL, BOOLEAN, DATE = Kind("integer"), Kind("decimal"), Kind("boolean"), Kind("date")
STRING, COLOUR = Kind("string"), Kind("enumeration", ("red", "green", "blue"))
KINDS = {"members": INTEGER, "joint": BOOLEAN, "colour": COLOUR}


def condition(**written):
    return parse_condition(written, KINDS)


small = st.integers(-5, 5)
bounds = st.tuples(small, small).filter(lambda pair: pair[0] < pair[1])

parts = st.one_of(
    small.map(str),
    st.just("null"),
    st.tuples(st.sampled_from([">=", "<=", ">", "<"]), small).map(lambda one: f"{one[0]} {one[1]}"),
    st.tuples(st.sampled_from("[("), bounds, st.sampled_from("])")).map(
        lambda one: f"{one[0]}{one[1][0]}..{one[1][1]}{one[2]}"
    ),
)

integer_tests = st.one_of(
    st.just("-"),
    st.lists(parts, min_size=1, max_size=3).map(", ".join),
    st.lists(parts, min_size=1, max_size=3).map(lambda some: f"not({', '.join(some)})"),
)

written = st.fixed_dictionaries(
    {},
    optional={
        "members": integer_tests,
        "joint": st.sampled_from(["-", "true", "not(true)", "null"]),
        "colour": st.sampled_from(["-", "red", "not(red, null)", "red, green"]),
    },
)

known_facts = st.fixed_dictionaries(
    {},
    optional={
        "members": st.none() | st.integers(-7, 7),
        "joint": st.none() | st.booleans(),
        "colour": st.none() | st.sampled_from(COLOUR.values),
    },
)
