"""Places: areas and bodies, who stands for whom on a day, who stands above whom, what lies under what."""

from datetime import date, timedelta

import pytest

from guikou.engine.errors import UnknownArea, UnknownBody
from guikou.engine.policy.places import Area, Places
from guikou.engine.policy.standing import Body
from guikou.engine.text import Title

DAY = date(2016, 1, 4)
MERGED = date(2018, 6, 15)
LATER = timedelta(days=1)
TIERS = {"city": Title("市", "city"), "district": Title("区", "district"), "street": Title("街道", "street")}


def areas():
    rows = [("1", "town", "city", None), ("11", "east", "district", "1"), ("12", "west", "district", "1"), ("111", "lane", "street", "11")]  # fmt: skip
    return {code: Area(code, key, tier, parent, Title(f"{key}区", key)) for code, key, tier, parent in rows}


def body(id, parent=None, **more):
    return Body(id, "city", "1", parent, Title(more.pop("zh", f"{id}局"), id), **more)


def places(*bodies):
    return Places(TIERS, areas(), {one.id: one for one in bodies}, {"body": Title("机构", "body")})


TOWN = places(
    body("top"), body("old", "top", valid_until=MERGED, succeeded_by="new"), body("new", "top", valid_from=MERGED)
)


def test_a_day_has_the_bodies_of_its_time_and_days_between_two_changes_the_same():
    assert TOWN.on(DAY) is TOWN.on(MERGED - LATER)
    assert TOWN.on(MERGED) is TOWN.on(date(2030, 1, 1))
    assert TOWN.on(DAY) is not TOWN.on(MERGED)
    assert TOWN.changes(DAY) == [DAY, MERGED]
    assert TOWN.changes(MERGED) == [MERGED]
    assert (TOWN.body_on("old", MERGED).id, TOWN.acting_id("old", MERGED)) == ("new", "new")
    assert (TOWN.body_on("nobody", DAY), TOWN.acting_id("nobody", DAY)) == (None, "nobody")
    assert TOWN.top == "top"


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
