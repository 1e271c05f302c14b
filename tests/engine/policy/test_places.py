"""Places: areas and bodies, who stands for whom on a day, who stands above whom, what lies under what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.errors import UnknownArea, UnknownBody
from guikou.engine.policy.places import Area, Body, Places
from guikou.engine.text import Title

DAY = date(2016, 1, 4)
MERGED, AGAIN = date(2018, 6, 15), date(2020, 1, 1)
LATER = timedelta(days=1)
TIERS = {"city": Title("市", "city"), "district": Title("区", "district"), "street": Title("街道", "street")}


def areas():
    rows = [("1", "town", "city", None), ("11", "east", "district", "1"), ("12", "west", "district", "1"), ("111", "lane", "street", "11")]  # fmt: skip
    return {code: Area(code, key, tier, parent, Title(f"{key}区", key)) for code, key, tier, parent in rows}


def body(id, parent=None, **more):
    return Body(id, "city", "1", parent, Title(more.pop("zh", f"{id}局"), id), **more)


def places(*bodies):
    return Places(TIERS, areas(), {one.id: one for one in bodies}, {"body": Title("机构", "body")})


#: `old` became `new` in 2018, and `new` became `newest` in 2020; `end` ended and nobody followed.
TOWN = places(
    body("top"), body("board", "top"),
    body("old", "board", valid_until=MERGED, succeeded_by="new"),
    body("new", "top", valid_from=MERGED, valid_until=AGAIN, succeeded_by="newest"),
    body("newest", "board", valid_from=AGAIN),
    body("end", "old", valid_until=MERGED), body("desk", "old"),
)  # fmt: skip


# --- who stands for whom ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "day", "stands"),
    [
        ("old", MERGED - LATER, "old"), ("old", MERGED, "new"), ("old", AGAIN - LATER, "new"), ("old", AGAIN, "newest"),
        ("new", DAY, None), ("new", MERGED, "new"), ("end", MERGED - LATER, "end"), ("end", MERGED, None), ("nobody", DAY, None),
    ],
)  # fmt: skip
def test_who_stands_for_a_body_on_a_day(id, day, stands):
    found = TOWN.body_on(id, day)
    assert (found.id if found else None) == stands
    assert TOWN.acting_id(id, day) == (stands or id)
    acting = TOWN.acting_for(id, day)
    assert (acting.id if acting else None) == (stands or (id if id in TOWN.bodies else None))


def test_a_circle_of_succession_ends():
    round_ = places(
        body("top"), body("a", "top", valid_until=MERGED, succeeded_by="b"), body("b", "top", valid_until=MERGED, succeeded_by="a")
    )  # fmt: skip
    assert round_.body_on("a", DAY).id == "a"
    assert round_.body_on("a", MERGED) is None
    assert round_.acting_id("a", MERGED) == "a"
    assert round_.succeeded("a") == {"a", "b"}
    assert round_.bodies_under("a") == {"a", "b"}


def test_a_body_succeeds_all_that_became_it_one_after_another():
    assert TOWN.succeeded("newest") == {"newest", "new", "old"}
    assert TOWN.succeeded("old") == {"old"}


# --- above and below -------------------------------------------------------------------------------------------------


def test_the_chain_goes_up_to_the_top_which_decides_itself():
    assert [one.id for one in TOWN.chain("old")] == ["old", "board", "top"]
    assert [one.id for one in TOWN.superiors("old")] == ["board", "top"]
    assert [one.id for one in TOWN.superiors("top")] == ["top"]
    assert TOWN.chain("nobody") == ()
    assert TOWN.top == "top"


@pytest.mark.parametrize(
    ("id", "day", "higher"),
    [("old", DAY, "board"), ("old", MERGED, "top"), ("old", AGAIN, "board"), ("desk", DAY, "old"), ("desk", MERGED, "new"), ("top", DAY, None)],
)  # fmt: skip
def test_the_body_above_is_that_of_whoever_stands_there_now(id, day, higher):
    found = TOWN.above(id, day)
    assert (found.id if found else None) == higher


def test_a_superior_that_was_merged_into_the_body_itself_is_passed_over():
    merged = places(body("top"), body("mid", "top", valid_until=MERGED, succeeded_by="low"), body("low", "mid"))
    assert merged.above("low", DAY).id == "mid"
    assert merged.above("low", MERGED).id == "top"


def test_below_a_body_lies_also_what_it_succeeded_and_what_lay_below_that():
    assert TOWN.bodies_under("newest") == {"newest", "new", "old", "end", "desk"}
    assert TOWN.bodies_under("old") == {"old", "end", "desk"}
    assert TOWN.bodies_under("top") == set(TOWN.bodies)
    assert TOWN.bodies_under("desk") is TOWN.bodies_under("desk")


@st.composite
def trees(draw):
    """Some bodies, each below one before it, some of them succeeded by any other: in a circle, too."""
    many = draw(st.integers(1, 8))
    ids = [f"b{at}" for at in range(many)]
    ends = st.none() | st.sampled_from([MERGED, AGAIN])
    return places(
        *(
            body(id, ids[draw(st.integers(0, at - 1))] if at else None, valid_until=draw(ends), succeeded_by=draw(st.none() | st.sampled_from(ids)))
            for at, id in enumerate(ids)
        )
    )  # fmt: skip


@given(trees(), st.sampled_from([DAY, MERGED, AGAIN]))
def test_in_any_tree_somebody_who_exists_stands_for_a_body_or_nobody_does(town, day):
    for id in town.bodies:
        found = town.body_on(id, day)
        assert found is None or found.exists_on(day)
        assert found is None or id in town.succeeded(found.id)
        if town.bodies[id].exists_on(day):
            assert found.id == id
        higher = town.above(id, day)
        assert higher is None or higher.id != town.acting_id(id, day)
        assert (town.above(town.top, day) is None) or town.acting_id(town.top, day) != town.top
        for one in town.chain(id):
            assert id in town.bodies_under(one.id)


# --- names and areas -------------------------------------------------------------------------------------------------


def test_a_place_is_found_by_code_key_or_the_title_that_is_its_alone():
    assert TOWN.area("11") == TOWN.area("east") == TOWN.area("east区")
    with pytest.raises(UnknownArea) as unknown:
        TOWN.area("eest")
    assert "east" in unknown.value.details["known"].en
    assert TOWN.body("old") == TOWN.body("old局")
    with pytest.raises(UnknownBody):
        places(body("a", zh="局"), body("b", "a", zh="局")).body("局")


def test_around_and_within_an_area():
    assert {tier: one.key for tier, one in TOWN.around("111").items()} == {"city": "town", "district": "east", "street": "lane"}  # fmt: skip
    assert TOWN.around("999") == {}
    assert TOWN.areas_under("1") == {"1", "11", "12", "111"}
    assert TOWN.areas_under("11") == {"11", "111"}
    assert TOWN.areas_under("12") == {"12"}
