"""Which bodies a text may mean that names none."""

import pytest

from guikou.engine.errors import UnknownBody


@pytest.mark.parametrize(("text", "first"), [
    ("西城区司法局", "beijing-justice"), ("西城区文旅委", "xicheng-culture"), ("西城区月坛街道", "xicheng-yuetan"),
    ("西城区统计局", None), ("北京市西城区某某局", None), ("Xicheng District Justice Office", "beijing-justice"),
])  # fmt: skip
def test_an_office_is_like_those_that_do_the_same_there_or_above(beijing, text, first):
    bodies, area = beijing.places.bodies, beijing.wording.area("西城区").code
    near = beijing.wording.offices.near(text)
    assert near[:1] == ([first] if first else [])
    around = {one.code for one in beijing.places.around(area).values()} | beijing.places.areas_under(area)
    assert all(bodies[id].area in around for id in near)


def test_one_that_names_no_area_is_sought_in_those_given_first(beijing):
    haidian = beijing.wording.area("海淀区")
    assert beijing.wording.offices.near("区文化委", [haidian])[0] == "haidian-culture"
    assert beijing.wording.offices.near("文化系统", [haidian])[0] in ("haidian-culture", "beijing-culture")


def test_a_body_that_is_not_known_is_told_with_what_does_the_same(beijing):
    with pytest.raises(UnknownBody) as told:
        beijing.wording.body("西城区司法局")
    assert told.value.details["known"].zh == "beijing-justice（北京市司法局党委）"
    with pytest.raises(UnknownBody) as told:
        beijing.wording.body("西城区统计局")
    assert not told.value.details["known"].zh
    with pytest.raises(UnknownBody) as told:
        beijing.wording.body("chaoyang-educaton")
    assert "chaoyang-education" in told.value.details["known"].zh
