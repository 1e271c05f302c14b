"""Rows of a register as organisations, or as all that is wrong with them; organisations as rows."""

from datetime import date

import pytest

from guikou.adapters.spreadsheets.columns import columns
from guikou.adapters.spreadsheets.mapping import parse_mapping
from guikou.adapters.spreadsheets.organizations import as_row
from guikou.adapters.spreadsheets.reading import Cell, Row
from guikou.adapters.spreadsheets.rows import is_example, read_fact, read_row
from guikou.engine.errors import BadFact, UnknownBody
from guikou.engine.text import Title

HEADING = ["id", "name", "area", "registered_as", "employees", "has_organization", "term_began"]
CELLS = ("521101087NCC6K4P54", "启明学校", "chaoyang", "private_non_enterprise", "42", "false", "2013-03-01")


def read(policy, *cells, heading=HEADING, mapping=None):
    mapping = parse_mapping("policy: beijing-2015\n" + mapping, "m.yaml", policy) if mapping is not None else None
    return read_row(policy, columns(policy, heading, mapping), Row.of(2, *cells))


def told(found):
    """The faults as column and code."""
    return [(error.where and error.where.column, error.code) for error in found.faults]


def test_a_row_is_an_organisation_and_back(policy):
    found = read(policy, *CELLS).organization
    assert found.facts == {
        "registered_as": "private_non_enterprise", "employees": 42, "has_organization": False,
        "term_began": date(2013, 3, 1),
    }  # fmt: skip
    assert policy.places.areas[found.area].key == "chaoyang"
    row = as_row(found, HEADING, policy)
    assert read(policy, *(str(cell) for cell in row)).organization == found


@pytest.mark.parametrize("text", ["null", "none", "无"])
def test_an_empty_cell_is_not_known_and_null_is_known_to_be_none(policy, text):
    name = next(name for name, spec in policy.facts.items() if spec.nullable)
    heading = ["id", "name", "area", name]
    known = read(policy, "A", "x", "chaoyang", text, heading=heading).organization
    assert known.facts == {name: None}
    assert as_row(known, heading, policy)[3] == "null"
    for nothing in ("", "不详", " — ", "/", "不清楚", "不明", "未知", "待查", "不知道"):
        assert read(policy, "A", "x", "chaoyang", nothing, heading=heading).organization.facts == {}


def test_a_fact_that_names_a_body_takes_its_titles_and_what_registers_call_it(policy):
    body = policy.places.body("chaoyang-education")
    for text in (body.id, body.title.zh, body.title.en, "朝阳区教委"):
        assert read_fact(policy, "supervising_unit", text) == body.id
    with pytest.raises(UnknownBody):
        read_fact(policy, "supervising_unit", "nobody")


def test_none_is_no_value_of_a_fact_that_must_have_one(policy):
    assert read_fact(policy, "grade", "无") is None
    with pytest.raises(BadFact):
        read_fact(policy, "industry", "无")


def test_every_fault_of_a_row_is_told_with_its_column_as_the_file_names_it(policy):
    heading = ["社会信用代码", "单位名称", "所属区", "从业人员", "登记时间", "是否建立党组织"]
    found = read(policy, "", "", "atlantis", "many", "2013-02-30", "perhaps", heading=heading)
    assert found.organization is None
    assert told(found) == [
        ("社会信用代码", "missing-value"), ("单位名称", "missing-value"), ("所属区", "unknown-area"), ("从业人员", "bad-fact"),
        ("登记时间", "bad-fact"), ("是否建立党组织", "bad-fact"),
    ]  # fmt: skip


def test_a_cell_that_its_sheet_cannot_vouch_for_is_one_of_the_faults(policy):
    cells = [Cell(text) for text in CELLS]
    cells[0] = Cell("5.3E+17", "number", rounded=True)
    cells[4] = Cell("#REF!", "error", fault=Title("坏", "broken"))
    found = read_row(policy, columns(policy, HEADING), Row(2, tuple(cells)))
    assert told(found) == [("id", "bad-cell"), ("employees", "bad-cell")]


def test_a_row_that_does_not_fit_the_heading_says_so(policy):
    row = Row(2, Row.of(2, *CELLS).cells, Title("格数不对", "too many cells"))
    assert told(read_row(policy, columns(policy, HEADING), row)) == [(None, "bad-row")]


@pytest.mark.parametrize(
    ("district", "street", "address", "area", "codes"),
    [
        ("北京市海淀区", "", "", "haidian", []),
        ("", "", "北京市海淀区中关村南大街5号", "haidian", []),
        ("海淀", "", "北京市朝阳区1号", "haidian", []),
        ("海淀", "", "北京市海淀区1号", "haidian", []),
        ("海淀区", "", "北京市海淀区1号", "haidian", []),
        ("北京市", "", "北京市朝阳区1号", "chaoyang", []),
        ("北京市", "", "上海市1号", "beijing", []),
        ("海淀区", "中关村街道", "", "haidian-zhongguancun", []),
        ("海淀区", "八里庄街道", "", "haidian-balizhuang", []),
        ("朝阳区", "中关村街道", "", None, ["ambiguous-area"]),
        ("八里庄街道", "海淀区", "", "haidian-balizhuang", []),
        ("", "八里庄街道", "", None, ["ambiguous-area"]),
        ("", "八里庄街道", "北京市海淀区阜成路1号", "haidian-balizhuang", []),
        ("海淀区", "不详", "", "haidian", []),
        ("不详", "", "", None, ["missing-value"]),
        ("", "", "上海市浦东新区1号", None, ["unknown-area"]),
        ("乌有区", "乌有街道", "", None, ["unknown-area", "unknown-area"]),
    ],
)
def test_an_area_is_named_by_one_column_by_several_or_by_the_address(policy, district, street, address, area, codes):
    heading = ["代码", "名称", "所属区", "所属街道", "住所"]
    found = read(policy, "A", "x", district, street, address, heading=heading, mapping="columns: {代码: id}")
    assert [error.code for error in found.faults] == codes
    assert (found.organization and policy.places.areas[found.organization.area].key) == area


@pytest.mark.parametrize("heading", [["代码", "名称", "登记机关", "街道"], ["代码", "名称", "街道", "登记机关"]])
def test_a_district_that_the_mapping_names_says_which_street(policy, heading):
    mapping = "columns: {代码: id, 登记机关: area}\nvalues: {area: {海淀区民政局: 海淀区, 朝阳区民政局: 朝阳区}}"
    cells = {"代码": "A", "名称": "x", "街道": "八里庄街道"}
    for office, area in (("海淀区民政局", "haidian-balizhuang"), ("朝阳区民政局", "chaoyang-balizhuang")):
        row = [(cells | {"登记机关": office})[label] for label in heading]
        found = read(policy, *row, heading=heading, mapping=mapping)
        assert policy.places.areas[found.organization.area].key == area


def test_what_a_mapping_says_of_values_and_of_all_rows(policy):
    mapping = """
columns: {代码: id, 类: industry, 主管: supervising_unit}
constants: {登记类型: 基金会, area: 北京市海淀区, has_organization: true}
values:
  industry: {慈善: 慈善公益, 其他: ""}
  supervising_unit: {无: null, 文物局: beijing-culture, 科学院: ""}
"""
    heading = ["代码", "名称", "类", "主管"]
    found = read(policy, "A", "x", "慈善", "文 物局", heading=heading, mapping=mapping).organization
    assert policy.places.areas[found.area].key == "haidian"
    always = {"registered_as": "foundation", "has_organization": True}
    assert found.facts == {**always, "industry": "charity", "supervising_unit": "beijing-culture"}
    assert read(policy, "A", "x", "其他", "科学院", heading=heading, mapping=mapping).organization.facts == always
    none = read(policy, "A", "x", "教育", "无", heading=heading, mapping=mapping).organization.facts
    assert none == {**always, "industry": "education", "supervising_unit": None}
    assert told(read(policy, "A", "x", "未知的", "", heading=heading, mapping=mapping)) == [("类", "bad-fact")]


def test_an_address_is_no_fault_where_the_area_is_known_anyway(policy):
    heading, mapping = ["id", "name", "住所"], "constants: {area: 海淀区}"
    assert read(policy, "A", "x", "上海市1号", heading=heading, mapping=mapping).organization.area == "110108"
    inside = read(policy, "A", "x", "北京市海淀区中关村街道1号", heading=heading, mapping=mapping).organization
    assert policy.places.areas[inside.area].key == "haidian-zhongguancun"


def test_a_row_that_shows_how_a_row_is_filled_in_is_an_example(policy):
    found = columns(policy, HEADING)
    assert is_example(found, Row.of(2, "示例 example", "x"))
    assert is_example(found, Row.of(2, "Example: 53…", "x"))
    assert not is_example(found, Row.of(2, *CELLS))
    assert not is_example(found, Row.of(2))


def test_an_office_is_that_of_the_row_s_district(policy):
    heading = ["id", "name", "area", "业务主管单位"]
    for area, unit in (("海淀区", "haidian-education"), ("chaoyang", "chaoyang-education")):
        assert read(policy, *CELLS[:2], area, "区教委", heading=heading).organization.facts["supervising_unit"] == unit
    for area, codes in (("", ["missing-value"]), ("海淀区", [])):  # which one, the area will say
        assert [code for _, code in told(read(policy, *CELLS[:2], area, "区教委", heading=heading))] == codes
    assert [code for _, code in told(read(policy, *CELLS[:2], "海淀区", "区文物局", heading=heading))] == [
        "unknown-body"
    ]


@pytest.mark.parametrize("cells", [
    ("", "", "合计", "", "", "188"), ("", "总计", "", "", "", "188"), ("", "合计", "合计", "", "", "1"),
    ("", "", "45家", "合计"), ("合计", "", "45"), ("合　计", "", "共45家"), ("总计：45家",), ("合计（家）", "", "45", "", "", "188"),
    ("本页小计：", "—", ""), ("", "", "海淀区小计", "", "", "12"), ("Grand total", "/", "45"), ("", "", "共45家"),
    ("合计（单位：万元）", "", "", "", "", "1,204.5"), ("", "合计45家", "", "", "", "", "", "", ""),
])  # fmt: skip
def test_a_total_is_told_from_an_organisation(policy, cells):
    (fault,) = read(policy, *cells, heading=["序号", *HEADING]).faults
    assert fault.code == "bad-row"
    assert "合计行" in fault.line("zh")


@pytest.mark.parametrize(
    "name", ["合计", "合计会计事务服务中心", "北京市合计社会工作事务所", "45", "共45家", "海淀区小计"]
)
@pytest.mark.parametrize("number", ["1", "合计"])
def test_an_organisation_is_no_total_whatever_it_is_called(policy, name, number):
    heading = ["序号", *HEADING]
    assert read(policy, number, CELLS[0], name, *CELLS[2:], heading=heading).organization.name == name


@pytest.mark.parametrize("cells", [
    ("1", "", "合计会计事务服务中心"), ("合计", "", "合计会计事务服务中心"), ("1", "", "大合计"), ("1", "", "45"),
])  # fmt: skip
def test_an_organisation_without_id_is_told_what_it_lacks(policy, cells):
    found = read(policy, *cells, *CELLS[2:], heading=["序号", *HEADING])
    assert told(found) == [("id", "missing-value")]
