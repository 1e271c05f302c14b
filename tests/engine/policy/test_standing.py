"""Who stands for whom, and above whom, on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.policy.standing import Body, Standing
from guikou.engine.text import Title

DAY = date(2016, 1, 4)
MERGED, AGAIN = date(2018, 6, 15), date(2020, 1, 1)
LATER = timedelta(days=1)


def body(id, parent=None, **more):
    return Body(id, "city", "1", parent, Title(f"{id}局", id), **more)


class Town:
    def __init__(self, *bodies):
        self.bodies = {one.id: one for one in bodies}

    def on(self, day):
        return Standing(self.bodies, day)


#: `old` became `new` in 2018, and `new` became `newest` in 2020; `end` ended and nobody followed.
TOWN = Town(
    body("top"), body("board", "top"),
    body("old", "board", valid_until=MERGED, succeeded_by="new"),
    body("new", "top", valid_from=MERGED, valid_until=AGAIN, succeeded_by="newest"),
    body("newest", "board", valid_from=AGAIN),
    body("end", "old", valid_until=MERGED), body("desk", "old"), body("seat", "end"),
)  # fmt: skip


def ids(bodies):
    return [one.id for one in bodies]


@pytest.mark.parametrize(
    ("id", "day", "stands"),
    [
        ("old", MERGED - LATER, "old"), ("old", MERGED, "new"), ("old", AGAIN - LATER, "new"), ("old", AGAIN, "newest"),
        ("new", DAY, None), ("new", MERGED, "new"), ("end", MERGED - LATER, "end"), ("end", MERGED, None), ("nobody", DAY, None),
    ],
)  # fmt: skip
def test_who_stands_for_a_body_on_a_day(id, day, stands):
    found = TOWN.on(day).acting(id)
    assert (found.id if found else None) == stands


def test_a_circle_of_succession_ends_with_nobody():
    round_ = Town(
        body("top"), body("a", "top", valid_until=MERGED, succeeded_by="b"), body("b", "top", valid_until=MERGED, succeeded_by="a")
    )  # fmt: skip
    assert round_.on(DAY).acting("a").id == "a"
    after = round_.on(MERGED)
    assert after.acting("a") is None
    assert (ids(after.chain("a")), ids(after.superiors("a")), after.above("b").id) == (["top"], ["top"], "top")
    assert after.under("top") == {"top", "a", "b"}
    assert after.stood_for("a") == {"a"}


@pytest.mark.parametrize(
    ("id", "day", "chain", "superiors"),
    [
        ("old", DAY, ["old", "board", "top"], ["board", "top"]),
        ("old", MERGED, ["new", "top"], ["top"]),
        ("old", AGAIN, ["newest", "board", "top"], ["board", "top"]),
        ("desk", MERGED, ["desk", "new", "top"], ["new", "top"]),
        ("end", MERGED, ["new", "top"], ["new", "top"]),
        ("seat", MERGED, ["seat", "new", "top"], ["new", "top"]),
        ("top", DAY, ["top"], ["top"]),
        ("nobody", DAY, [], []),
    ],
)
def test_the_chain_goes_up_by_who_stands_there_that_day_to_the_top_which_decides_itself(id, day, chain, superiors):
    standing = TOWN.on(day)
    assert ids(standing.chain(id)) == chain
    assert ids(standing.superiors(id)) == superiors
    above = standing.above(id)
    assert (above.id if above else None) == (superiors[0] if superiors and superiors != [id] else None)


def test_a_superior_that_was_merged_into_the_body_itself_is_passed_over():
    merged = Town(body("top"), body("mid", "top", valid_until=MERGED, succeeded_by="low"), body("low", "mid"))
    assert merged.on(DAY).above("low").id == "mid"
    assert merged.on(MERGED).above("low").id == merged.on(MERGED).above("mid").id == "top"
    assert ids(merged.on(MERGED).chain("mid")) == ["low", "top"]


def test_below_a_body_lies_what_is_its_or_its_successors_that_day():
    assert TOWN.on(DAY).under("old") == {"old", "end", "desk", "seat"}
    assert TOWN.on(MERGED).under("new") == TOWN.on(MERGED).under("old") == {"old", "new", "end", "desk", "seat"}
    assert TOWN.on(AGAIN).under("newest") == {"old", "new", "newest", "end", "desk", "seat"}
    for day in (DAY, MERGED, AGAIN):
        assert TOWN.on(day).under("top") == set(TOWN.bodies)
        assert TOWN.on(day).under("nobody") == {"nobody"}
    assert (TOWN.on(DAY).stood_for("old"), TOWN.on(AGAIN).stood_for("old")) == ({"old"}, {"old", "new", "newest"})


@st.composite
def towns(draw):
    """Some bodies, each below one before it, some of them succeeded by any other: in a circle, too."""
    ids = [f"b{at}" for at in range(draw(st.integers(1, 8)))]
    ends = st.none() | st.sampled_from([MERGED, AGAIN])
    return Town(
        *(
            body(
                id, ids[draw(st.integers(0, at - 1))] if at else None, valid_from=draw(st.none() | st.just(MERGED)),
                valid_until=draw(ends), succeeded_by=draw(st.none() | st.sampled_from(ids)),
            )
            for at, id in enumerate(ids)
        )
    )  # fmt: skip


@given(towns(), st.sampled_from([DAY, MERGED, AGAIN]))
def test_in_any_tree_whoever_stands_or_is_above_exists_that_day_and_is_told_once(town, day):
    standing = town.on(day)
    for id, one in town.bodies.items():
        acting, chain = standing.acting(id), standing.chain(id)
        assert acting is None or acting.exists_on(day)
        assert not one.exists_on(day) or acting == one
        assert all(above.exists_on(day) for above in chain)
        assert len({above.id for above in chain}) == len(chain)
        assert acting is None or (chain[0] == acting and id in standing.stood_for(acting.id))
        assert standing.above(id) is None or standing.above(id) != acting
        for above in chain:
            assert id in standing.under(above.id)
        below = {other for other in town.bodies if acting is not None and acting in standing.chain(other)}
        assert acting is None or standing.under(id) == below | {acting.id}
