"""Mappings as they are proposed: usable as they are, deterministic, and honest about what is only near."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guikou.adapters.spreadsheets.columns import columns
from guikou.adapters.spreadsheets.mapping import parse_mapping
from guikou.adapters.spreadsheets.proposal import as_yaml, scalar
from guikou.adapters.spreadsheets.propose import propose
from guikou.adapters.spreadsheets.reading import Heading, Row, Table
from guikou.adapters.spreadsheets.register import likely_heading
from guikou.adapters.spreadsheets.rows import read_row
from guikou.engine.errors import WrongUsage
from guikou.engine.policy.files.documents import read_yaml

DAY = date(2016, 1, 4)


def heading_of(tmp_path, heading, *rows, title=None, name="register.csv"):
    every = [
        *([Row.of(1, title)] if title else []),
        Row.of(2, *heading),
        *(Row.of(3 + at, *row) for at, row in enumerate(rows)),
    ]
    table = Table(tmp_path / name, None, "utf-8", tuple(every))
    return Heading(table, 2, tuple(heading), tuple(every[-len(rows) :]) if rows else ())


@pytest.fixture
def register(tmp_path, foundations):
    made = foundations.made()
    return heading_of(tmp_path, foundations.HEADING, *made.rows, title=made.title), made


def lines(policy, heading, lang="zh"):
    text = as_yaml(policy, propose(policy, heading, DAY), lang)
    assert text == as_yaml(policy, propose(policy, heading, DAY), lang)
    return text, text.splitlines()


def test_a_register_as_an_office_sends_it_needs_nothing_but_its_proposal(policy, register):
    heading, made = register
    text, _ = lines(policy, heading)
    mapping = parse_mapping(text, "m.yaml", policy)
    found = columns(policy, heading.labels, mapping)
    assert {column.means for column in found.used} == {
        "id", "name", "registered_at", "supervising_unit", "registered_on", "area", "address", "industry", "employees",
        "party_members", "has_organization", "weak", "standardized", "grade", "inspection",
    }  # fmt: skip
    assert mapping.constants == {"registered_as": "foundation"}
    reads = [read_row(policy, found, row) for row in heading.rows]
    assert [error for read in reads for error in read.faults if error.code != "bad-cell"] == []
    facts = [read.organization.facts for read in reads if read.organization]
    assert all(one["registered_as"] == "foundation" for one in facts)
    assert len(made.rows) == 80


def test_what_is_proposed_is_told_from_what_is_known(policy, register):
    text, every = lines(policy, register[0])
    assert "  基金会名称: name  # 名称" in every
    assert "    慈善: charity  # 建议：慈善公益" in every
    assert any(line.startswith("  registered_as: foundation  # 建议：基金会") for line in every)
    assert any(line.startswith('    北京市文物局: ""  # 未识别，按未填处理') for line in every)
    assert any(line.startswith('    抽查中: ""  # 未识别') for line in every)
    assert "  - 序号" in every
    assert '  "2014年度年检结论": inspection  # 建议：最近年检结论' in every
    english, _ = lines(policy, register[0], "en")
    assert "PROPOSED: charity" in english
    assert "建议" not in english
    assert "PROPOSED" not in text


@pytest.mark.parametrize(
    ("text", "cells", "means"),
    [
        ("职工总数(人)", ["3", "20"], "employees"),
        ("职工总人数（截至2015年底）", ["3", "20"], "employees"),
        ("从业人员数量（单位：人，含兼职）", ["3", "20"], "employees"),
        ("有没有党组织", ["有", "没有"], "has_organization"),
        ("有无党组织", ["有", "无"], "has_organization"),
        ("是否已经建立党组织", ["是", "否"], "has_organization"),
        ("有没有软弱涣散情况", ["是", "否"], "weak"),
        ("评级", ["AAAA", "3A"], "grade"),
        ("上次年检", ["合格", "不合格"], "inspection"),
        ("本届班子上任时间", ["2014.3.1", "2015年5月6日"], "term_began"),
        ("所在街镇", ["后沙峪镇", "双丰街道"], "area"),
    ],
)
def test_a_column_is_known_however_it_is_asked_and_counted(policy, tmp_path, text, cells, means):
    rows = [["521101087NCC6K4P54", "启明", "顺义区", cell, "不清楚"] for cell in cells]
    heading = heading_of(tmp_path, ["代码", "名称", "所属区", text, "空"], *rows)
    made = propose(policy, heading, DAY)
    assert {one.key: one.meaning for one in made.columns}[text] == means


MAPPED = """policy: beijing-2015
columns:
  甲列: 行业领域
  编: id
  名目: name
ignore: [党员人数]
constants:
  登记层级: 市级
values:
  行业领域:
    文史: culture
    杂类: ""
    别处: sports
"""


def test_what_a_mapping_says_already_is_kept_and_the_rest_is_proposed(policy, tmp_path):
    heading = heading_of(
        tmp_path, ["编", "名目", "所属区", "甲列", "党员人数", "从业人员", "登记机关"],
        ["521101087NCC6K4P54", "启明", "海淀", "文史", "3", "5", "民政部"],
        ["521101087NCC6K4P54", "启明", "海淀", "慈善", "3", "5", "民政部"],
    )  # fmt: skip
    mapping = parse_mapping(MAPPED, "m.yaml", policy)
    made = propose(policy, heading, DAY, mapping)
    text = as_yaml(policy, made, "zh")
    assert {one.key: (one.meaning, one.sure) for one in made.columns} == {
        "编": ("id", True), "名目": ("name", True), "所属区": ("area", True), "甲列": ("industry", True),
        "从业人员": ("employees", True),
    }  # fmt: skip
    assert [line for line in text.splitlines() if line.startswith(("    文史", "    杂类", "    别处"))][::2] == [
        "    文史: culture", "    别处: sports",
    ]  # fmt: skip
    assert re.search('^    杂类: ""  # 未识别，按未填处理；可写：', text, re.MULTILINE)
    again = parse_mapping(text, "n.yaml", policy)
    assert as_yaml(policy, propose(policy, heading, DAY, again), "zh").count("未识别") == text.count("未识别")
    assert all(again.column(label) == mapping.column(label) for label in mapping.labels)
    assert again.ignores("党员人数")
    assert again.ignores("登记机关")
    assert again.constants["registered_at"] == "city"
    assert mapping.values["industry"].items() <= again.values["industry"].items()
    assert again.values["industry"]["慈善"] == "charity"
    with pytest.raises(WrongUsage) as refused:
        propose(policy, heading, DAY, parse_mapping("policy: beijing-2015\ncolumns: {乙: id}\n", "m.yaml", policy))
    assert "乙" in refused.value.line("zh")


def test_an_area_of_another_kind_is_told(policy, tmp_path):
    heading = heading_of(tmp_path, ["代码", "名称", "街镇"], ["521101087NCC6K4P54", "启明", "后沙峪镇"])
    text, _ = lines(policy, heading)
    assert "# 后沙峪镇:" in text
    assert "后沙峪地区" in text


def test_a_column_of_part_of_them_is_not_proposed_for_all(policy, tmp_path):
    heading = heading_of(tmp_path, ["代码", "名称", "所属区", "党员人数（预备）"], ["A", "启明", "顺义区", "1"])
    assert "party_members" not in {one.meaning for one in propose(policy, heading, DAY).columns}


def test_what_routing_needs_and_no_column_gives_is_listed_with_its_values(policy, tmp_path):
    heading = heading_of(tmp_path, ["代码", "名称", "辖区"], ["521101087NCC6K4P54", "启明", "海淀"])
    text, every = lines(policy, heading)
    assert "  代码: id  # 建议：统一社会信用代码或备案号" in every
    assert any(
        line.startswith(
            "  # registered_as:  # 待填：登记类型：“分类表”需要，没有哪一列给出（1 行）。可填：private_non_enterprise（民办非企业单位）"
        )
        for line in every
    )
    assert parse_mapping(text, "m.yaml", policy).constants == {}


def test_what_is_needed_follows_from_what_is_known(policy, tmp_path):
    heading = heading_of(
        tmp_path,
        ["id", "名称", "区域", "是否建立党组织"],
        ["A", "甲基金会", "海淀", "是"],
        ["B", "乙基金会", "海淀", "是"],
    )
    _, every = lines(policy, heading)
    assert any(line.startswith("  registered_as: foundation  # 建议") for line in every)
    open_ = [line.split(":")[0].strip("# ") for line in every if "待填：" in line]
    assert open_ == ["registered_at", "industry", "standardized", "weak"]


def test_a_column_named_like_a_fact_that_holds_something_else_is_not_taken(policy, tmp_path):
    rows = [[f"A{at}", "名", "海淀", f"中共某{at}支部"] for at in range(40)]
    _, every = lines(policy, heading_of(tmp_path, ["id", "名称", "区域", "党组织"], *rows))
    assert any(line.startswith("  - 党组织  # 列名像“已建党组织”，但有 40 种取值不能识别") for line in every)


def test_of_two_columns_that_mean_the_same_the_one_that_reads_is_taken(policy, tmp_path, foundations):
    heading = ["登记证号", "统一社会信用代码", "名称", "区域"]
    _, every = lines(policy, heading_of(tmp_path, heading, ["京民基证字第1号", foundations.code(1), "甲", "海淀"]))
    assert "  统一社会信用代码: id  # 统一社会信用代码或备案号" in every
    assert any(line.startswith("  - 登记证号  # 与“统一社会信用代码”含义相同") for line in every)


def test_the_area_of_a_register_without_areas_is_what_its_title_says(policy, tmp_path):
    heading = heading_of(tmp_path, ["id", "名称"], ["A", "甲"], title="北京市海淀区社会组织名册")
    text, _ = lines(policy, heading)
    assert parse_mapping(text, "m.yaml", policy).constants["area"] == "110108"
    heading = heading_of(tmp_path, ["id", "名称"], ["A", "甲"], title="社会组织名册")
    assert "  # area:  # 待填：请填写：全部组织所在的区域" in lines(policy, heading)[1]


def test_an_area_that_is_not_understood_is_proposed_where_it_names_one_and_else_left_open(policy, tmp_path):
    rows = [["A", "甲", "海淀区（五道口）"], ["B", "乙", "乌有"], ["C", "丙", "朝阳区"]]
    text, _ = lines(policy, heading_of(tmp_path, ["id", "名称", "区域"], rows[1]))
    assert parse_mapping(text, "m.yaml", policy).values == {}
    _, every = lines(policy, heading_of(tmp_path, ["id", "名称", "区域"], *rows))
    assert '    "海淀区（五道口）": 北京市海淀区  # 建议：北京市海淀区' in every or any(
        "五道口" in line and "建议：北京市海淀区" in line for line in every
    )
    assert any(line.startswith("    # 乌有:  # 待填：") for line in every)


def test_a_register_without_known_columns_is_answered_with_what_is_open(policy, tmp_path):
    text, every = lines(policy, heading_of(tmp_path, ["甲", "乙"], ["1", "2"]))
    assert any("# ?: id" in line for line in every)
    assert parse_mapping(text, "m.yaml", policy).columns == {}


def test_the_heading_of_such_a_register_is_the_row_that_says_most(policy, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("名册\n代号,基金会名称,电话\n1,甲,2\n", encoding="utf-8")
    assert likely_heading(policy, path).line in (1, 2)


@given(text=st.text(max_size=20))
def test_a_text_is_written_so_that_yaml_reads_it_as_it_is(text):
    text = " ".join(text.split())
    if any("\ud800" <= char <= "\udfff" for char in text):
        return
    assert read_yaml(f"{scalar(text)}: {scalar(text)}  # x\n", "m.yaml").value == {text: text}


@settings(deadline=None)  # the first time makes the policy's table of words
@given(label=st.text(min_size=1, max_size=12), value=st.text(max_size=12))
def test_any_heading_and_any_value_make_a_mapping_that_is_read_again(policy, tmp_path_factory, label, value):
    heading = heading_of(
        tmp_path_factory.getbasetemp(), ["id", "名称", "区域", "行业领域", label], ["A", "甲", "海淀", value, value]
    )
    text, _ = lines(policy, heading)
    mapping = parse_mapping(text, "m.yaml", policy)
    columns(policy, heading.labels, mapping)


def test_of_columns_of_several_years_the_latest_is_proposed(policy, tmp_path):
    heading = ["id", "名称", "区域", "2013年年检结论", "2014年度年检结论"]
    _, every = lines(policy, heading_of(tmp_path, heading, ["A", "甲", "海淀", "合格", "基本合格"]))
    assert '  "2014年度年检结论": inspection  # 建议：最近年检结论' in every
    assert any(line.startswith('  - "2013年年检结论"  # 未识别；相近：inspection') for line in every)


def test_a_heading_that_says_a_name_more_closely_is_proposed_where_most_values_fit(policy, tmp_path):
    rows = [
        (f"{at}", f"基金会{at}", field) for at, field in enumerate(["教育", "卫生", "慈善", "环保", "体育"], start=1)
    ]
    text, _ = lines(policy, heading_of(tmp_path, ("统一信用代码", "基金会名称", "主要业务领域"), *rows))
    assert "  主要业务领域: industry  # 建议：行业领域" in text
    assert "    慈善: charity  # 建议：慈善公益" in text
    assert '    环保: ""  # 未识别' in text
    rows = [(one[0], one[1], "其他") for one in rows]
    text, _ = lines(policy, heading_of(tmp_path, ("统一信用代码", "基金会名称", "主要业务领域"), *rows))
    assert "  - 主要业务领域  # 未识别" in text


def test_the_name_of_the_office_that_filled_it_in_says_nothing_of_the_organisations(policy, tmp_path):
    heading = heading_of(tmp_path, ("名称", "信用代码", "区域"), ("甲", "A", "海淀"), title="填表单位：朝阳区民政局")
    text, _ = lines(policy, heading)
    assert "industry: civil_affairs" not in text
    heading = heading_of(
        tmp_path, ("名称", "信用代码", "区域"), ("甲", "A", "海淀"), title="北京市民政局登记的基金会名录"
    )
    assert "  registered_as: foundation  # 建议" in lines(policy, heading)[0]


@pytest.mark.parametrize("cells", range(1, 6))
def test_a_row_may_end_before_the_columns_do(policy, tmp_path, cells):
    row = ("51110000MJ00254858", "北京家具协会", "海淀区", "否", "北京市海淀区1号")
    labels = ("信用代码（18位）", "社会组织全称", "所在区", "软弱涣散", "住所")
    text, _ = lines(policy, heading_of(tmp_path, labels, row, row[:cells]))
    assert "软弱涣散: weak" in text


def test_a_heading_whose_bracket_says_which_is_proposed(policy, tmp_path):
    heading = heading_of(tmp_path, ("名称", "党员数（正式）", "党员数（流动）"), ("甲校", "5", "2"))
    text, _ = lines(policy, heading)
    assert "党员数（正式）: party_members  # 建议" in text
    assert "党员数（流动）: " not in text


def test_an_office_that_is_not_known_is_sought_in_the_districts_that_the_rows_name(policy, tmp_path):
    rows = [("甲社", "海淀区", "区文化委"), ("乙社", "海淀区", "区文化委")]
    text, _ = lines(policy, heading_of(tmp_path, ("名称", "所在区", "业务主管单位"), *rows))
    assert "可写：haidian-culture（" in text


def test_a_street_that_several_districts_have_is_left_to_what_each_row_says(policy, tmp_path):
    alone = heading_of(tmp_path, ("名称", "所在街道"), ("甲校", "八里庄街道"), ("乙校", "中关村街道"))
    (said,) = [one for one in lines(policy, alone)[1] if "八里庄街道" in one]
    assert said.lstrip().startswith("# 八里庄街道:  # 待填：可能指：北京市朝阳区八里庄街道、北京市海淀区八里庄街道；")
    assert "中关村街道: " not in lines(policy, alone)[0]
    rows = [("甲校", "八里庄街道", "海淀区"), ("乙校", "八里庄街道", "朝阳区")]
    both = heading_of(tmp_path, ("名称", "所在街道", "区"), *rows)
    text, _ = lines(policy, both)
    assert "八里庄街道: " not in text
    assert "  区: area" in text
    both = heading_of(tmp_path, ("名称", "所在街道", "区"), *rows, ("丙校", "八里庄街道", "不详"))
    assert "八里庄街道:  # 待填" in lines(policy, both)[0]


def test_an_office_of_the_district_is_that_of_the_district_that_a_row_names(policy, tmp_path):
    heading = ("名称", "所在街道", "登记机关", "业务主管单位")
    one = ("甲校", "中关村街道", "海淀区民政局", "区教委")
    text, _ = lines(policy, heading_of(tmp_path, heading, one, ("乙校", "望京街道", "朝阳区民政局", "区教委")))
    assert "区教委" not in text  # it is understood: each row says of which district
    text, _ = lines(policy, heading_of(tmp_path, heading, ("甲校", "不详", "民政局", "区教委")))
    assert '区教委: ""  # 未识别' in text  # none does


def test_a_total_is_no_row_of_a_proposal(policy, tmp_path):
    rows = [("1", "521101087NCC6K4P54", "甲校", "海淀区"), ("合计", "", "45家", "共3个区")]
    made = propose(policy, heading_of(tmp_path, ("序号", "代码", "名称", "所在区"), *rows), DAY)
    assert made.values["area"] == []


def test_rows_that_can_t_be_read_yet_are_told_from_those_that_are_wrong(policy, tmp_path):
    heading = ("代码", "名称", "所在区", "从业人员数")
    rows = [
        ("521101087NCC6K4P54", "甲校", "海淀区", "4"), ("521101087NCC6K4P55", "乙校", "乌有区", "4"),
        ("521101087NCC6K4P56", "丙校", "海淀区", "约4"), ("521101087NCC6K4P57", "丁校", "乌有区", "约4"),
        ("示例", "戊校", "海淀区", "4"), ("", "共4家", "合计", "12"),
    ]  # fmt: skip
    made = propose(policy, heading_of(tmp_path, heading, *rows), DAY)
    assert (made.rows, made.readable, made.waiting) == (5, 1, 1)
    assert [one.line for one in made.wrong] == [5, 6, 8]
    note = next(one.note for one in made.constants if one.key == "registered_as")
    assert "（可读取的 1 行中 1 行）" in note.zh
    none = propose(policy, heading_of(tmp_path, heading[:2], rows[0][:2]), DAY)
    assert (none.rows, none.readable, none.waiting, none.wrong) == (1, 0, 1, [])
    assert all("行）" not in one.note.zh for one in none.constants)  # of no row can it be said


def test_an_office_is_like_those_that_do_the_same_and_not_those_of_the_same_place(policy, tmp_path):
    def said(unit, lang="zh"):
        _, every = lines(policy, heading_of(tmp_path, ("名称", "业务主管单位"), ("甲社", unit)), lang)
        return next(line for line in every if unit in line)

    justice = said("西城区司法局")
    assert "可写：beijing-justice（" in justice
    assert "xicheng" not in justice
    culture = said("西城区文旅委")
    assert "可写：xicheng-culture（" in culture
    assert "haidian" not in culture
    assert "可写：xicheng-yuetan（" in said("西城区月坛街道")
    for unit in ("西城区统计局", "北京市西城区某某局"):
        assert "没有相近的机构；确不属任何机构的写 null" in said(unit)
    assert "no body is like it; write null if it is under none" in said("西城区统计局", "en")
