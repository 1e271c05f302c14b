"""What a text of a register means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.errors import AmbiguousArea, BadFact, UnknownArea, UnknownBody
from guikou.engine.policy.synonyms import OWN, Synonyms, Wording


@pytest.fixture(scope="module")
def wording(beijing):
    return beijing.wording


@pytest.mark.parametrize(
    "text",
    [
        "海淀区", "北京市海淀区", "北京海淀区", "海淀", "北京市海淀", "海淀 区", "110108", "１１０１０８", "110108000000",
        "北京市海淀区（110108）", "海淀区(110108)", "haidian", "Haidian District", "Haidian District, Beijing",
        "beijing haidian district", "(110108)",
    ],
)  # fmt: skip
def test_an_area_is_known_in_every_official_writing(wording, text):
    assert wording.area(text).key == "haidian"


@pytest.mark.parametrize("text", ["海淀区中关村街道", "北京市海淀区中关村街道办事处", "中关村", "110108011"])
def test_so_is_a_smaller_one(wording, text):
    assert wording.area(text).title.zh == "中关村街道"


def test_a_short_name_that_two_areas_may_have_means_neither_unless_the_policy_says_which(wording):
    bare = Wording(wording.places, wording.facts, Synonyms())
    with pytest.raises(AmbiguousArea) as caught:
        bare.area("海淀")
    assert "北京市海淀区、北京市海淀区海淀街道" in caught.value.line("zh")
    assert wording.area("海淀").key == "haidian"
    with pytest.raises(AmbiguousArea):
        wording.area("八里庄街道")
    assert wording.area("海淀区八里庄街道").parent == "110108"


def test_a_name_and_a_code_that_disagree_are_refused(wording):
    with pytest.raises(AmbiguousArea):
        wording.area("海淀区（110105）")


@pytest.mark.parametrize("text", ["", "上海市", "海淀区五道口", "990108", "区"])
def test_what_is_no_area_is_refused(wording, text):
    with pytest.raises(UnknownArea):
        wording.area(text)


@pytest.mark.parametrize(
    ("text", "named", "wider"),
    [
        ("后沙峪镇", "后沙峪地区", "顺义区"),
        ("顺义区后沙峪乡", "后沙峪地区", "顺义区"),
        ("回龙观镇", "回龙观街道", "昌平区"),
        ("北京市昌平区回龙观镇", "回龙观街道", "昌平区"),
        ("中关村镇", "中关村街道", "海淀区"),
        ("中关村地区办事处", "中关村街道", "海淀区"),
        ("八里庄镇", "八里庄街道", None),
        ("海淀区无此镇", None, "海淀区"),
        ("海淀区中关村街道五道口", "中关村街道", "中关村街道"),
        ("海殿", "海淀区", None),
        ("海殿区", "海淀区", None),
        ("昌坪", "昌平区", None),
        ("上海市浦东", None, None),
    ],
)
def test_what_may_be_meant_by_an_area_that_there_is_not_is_said(wording, text, named, wider):
    with pytest.raises(UnknownArea) as caught:
        wording.area(text)
    for lang in ("zh", "en"):
        said = caught.value.line(lang)
        assert ("即可" in said or "will do" in said) == (wider is not None), said
    said = caught.value.line("zh")
    assert named is None or named in said.partition("；")[2]
    assert wider is None or f"写 “{wider}” 即可" in said
    assert ("不由街道（乡镇）归口的" in said) == (wider is not None and wider.endswith("区"))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("北京市海淀区中关村南大街5号", "海淀区"),
        ("北京市海淀区海淀街道颐和园路5号", "海淀街道"),
        ("朝阳区建国路１号", "朝阳区"),
        ("北京东城区安定门外大街", "东城区"),
    ],
)
def test_an_address_lies_in_the_smallest_area_with_which_it_begins(wording, text, title):
    assert wording.address(text).title.zh == title


@pytest.mark.parametrize(
    "text", ["", "北京市长安街1号", "上海市浦东新区1号", "海淀黄庄", "110108号楼", "八里庄街道1号"]
)
def test_an_address_that_names_no_area_in_full_is_refused(wording, text):
    with pytest.raises(UnknownArea):
        wording.address(text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("registered_at", "中华人民共和国民政部", "national"),
        ("registered_at", "北京市朝阳区民政局", "district"),
        ("industry", "慈善公益", "charity"),
        ("industry", "Charity", "charity"),
        ("supervising_unit", "海淀区教育局", "haidian-education"),
        ("supervising_unit", "无", None),
        ("supervising_unit", "null", None),
        ("grade", "ＡＡＡ级", "3A"),
        ("has_organization", "已建立", True),
        ("party_members", "无", 0),
        ("employees", "42", 42),
    ],
)
def test_a_value_is_known_by_key_title_and_synonym(wording, name, text, value):
    assert wording.read(name, text) == value


def test_what_only_comes_near_a_value_is_none(wording):
    with pytest.raises(BadFact):
        wording.read("industry", "慈善")
    with pytest.raises(UnknownBody):
        wording.read("supervising_unit", "中国科学院")


def test_a_column_is_known_whatever_its_width_case_and_spaces(wording):
    for text, name in [
        ("统一社会信用代码", "id"), ("统一社会\n信用代码", "id"), ("ＩＤ", "id"), ("Registered As", "registered_as"),
        ("成立登记日期", "registered_on"), ("登记管理机关", "registered_at"), ("“住所”", "address"), ("x", None), ("", None),
    ]:  # fmt: skip
        assert wording.column(text) == name
    assert wording.ignores("联系 电话")
    assert not wording.ignores("从业人员")
    assert wording.is_unknown(" — ")
    assert wording.is_unknown("")
    assert not wording.is_unknown("0")
    for name in [*OWN, *wording.facts]:
        assert wording.column(wording.title(name).zh) == wording.column(wording.title(name).en) == name


@given(st.data())
def test_every_area_is_found_by_its_full_title_and_an_address_in_it(beijing, data):
    area = data.draw(st.sampled_from(sorted(beijing.places.areas.values(), key=lambda one: one.code)))
    full = beijing.wording.full_title(area)
    assert beijing.wording.area(full.zh) == beijing.wording.area(full.en) == area
    if area.parent:
        assert beijing.wording.address(full.zh + "1号") == area


def test_an_office_of_each_district_is_that_of_where_one_is(beijing):
    wording, areas = beijing.wording, {one.title.zh: one for one in beijing.places.areas.values()}
    for area, id in (("海淀区", "haidian-education"), ("望京街道", "chaoyang-education")):
        assert wording.body("区教委", areas[area]).id == wording.read("supervising_unit", "区教委", areas[area]) == id
    for area in (None, areas["北京市"]):
        with pytest.raises(UnknownBody):
            wording.body("区教委", area)
    assert wording.is_of_each("区教委")
    assert not wording.is_of_each("区文物局")
    assert not wording.is_of_each("")


@pytest.mark.parametrize("text", ["朝阳区卫生局", "北京市朝阳区卫生局", "北京市朝阳区卫健委"])
def test_an_office_of_a_district_is_named_with_the_city_before_it_too(beijing, text):
    assert beijing.wording.body(text).id == "chaoyang-health"


@pytest.mark.parametrize(("text", "own", "elsewhere"), [
    ("西城区启明学校", "朝阳区", True), ("北京市西城区启明学校", "朝阳区", True), ("朝阳区启明学校", "朝阳区", False),
    ("朝阳区启明学校", "朝阳区建外街道", False), ("朝阳区建外街道启明学校", "朝阳区", False), ("西城区启明学校", "北京市", False),
    ("朝阳区建外街道启明学校", "朝阳区朝外街道", True),
])  # fmt: skip
def test_what_names_an_area_that_lies_elsewhere_is_told(beijing, text, own, elsewhere):
    wording = beijing.wording
    assert wording.apart(wording.begins_with(text).code, wording.area(own).code) == elsewhere


@pytest.mark.parametrize("text", ["启明学校", "北京市启明学校", "西城", "西城启明学校", ""])
def test_what_names_no_area_in_full_begins_with_none(beijing, text):
    assert beijing.wording.begins_with(text) is None
