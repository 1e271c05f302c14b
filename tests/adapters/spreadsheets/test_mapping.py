"""Mappings as they are read, and every way in which one can be wrong."""

import pytest

from guikou.adapters.spreadsheets.mapping import UNKNOWN, parse_mapping, read_mapping
from guikou.engine.errors import BadFile, PolicyError

HEAD = "policy: beijing-2015\n"


def test_a_mapping_names_columns_facts_and_values_by_key_title_and_synonym(policy):
    found = parse_mapping(
        HEAD
        + """sheet: 名录
heading: 3
encoding: gb18030
columns:
  社会信用 代码: 统一社会信用代码
  人数: 从业人员数
ignore: [序号, 电话]
constants:
  登记类型: 基金会
  区域: 北京市海淀区
  party_members: 3
values:
  行业领域: {慈善: 慈善公益, 其他: ""}
  supervising_unit: {无: null}
  area: {海: 海淀区}
""",
        "m.yaml",
        policy,
    )
    assert (found.sheet, found.heading, found.encoding) == ("名录", 3, "gb18030")
    assert found.column("社会信用代码") == "id"
    assert found.column("人数") == "employees"
    assert found.ignores("电 话")
    assert found.constants == {"registered_as": "foundation", "area": "110108", "party_members": 3}
    assert found.values == {
        "industry": {"慈善": "charity", "其他": UNKNOWN}, "supervising_unit": {"无": None}, "area": {"海": "110108"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("policy: restaurants\n", 1, "the policy here is 'beijing-2015'"),
        ("columns: {}\n", 1, "'policy': is missing"),
        (HEAD + "column: {}\n", 2, "unknown key 'column'"),
        (HEAD + "columns:\n  甲: nonsense\n", 3, "no column or fact 'nonsense'"),
        (HEAD + "columns:\n  甲: id\nignore: [甲]\n", 3, "is ignored too"),
        (HEAD + "columns:\n  甲: id\n  甲: name\n", 4, "'甲' stands twice"),
        (HEAD + "columns:\n  甲: id\n  ' 甲': name\n", 4, "stands twice"),
        (HEAD + "columns:\n  甲: [id]\n", 3, "must be text"),
        (HEAD + "columns:\n  甲: 从业人员数\nconstants:\n  employees: 3\n", 5, "is given by a column already"),
        (HEAD + "constants:\n  name: x\n", 3, "is each organisation's own"),
        (HEAD + "constants:\n  employees: many\n", 3, "is no integer"),
        (HEAD + "constants:\n  employees: ''\n", 3, "is empty"),
        (HEAD + "constants:\n  area: atlantis\n", 3, "no area 'atlantis'"),
        (HEAD + "values:\n  行业领域:\n    其他: nonsense\n", 4, "is no enumeration"),
        (HEAD + "values:\n  name:\n    x: y\n", 3, "has no values"),
        (HEAD + "values:\n  industry:\n    其 他: law\n    其他: tax\n", 5, "means something else already"),
        (HEAD + "heading: 0\n", 2, "'heading'"),
        (HEAD + "a: [\n", None, "cannot be read"),
        ("", 1, "'policy': is missing"),
        ("- a\n", 1, "must be a map"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_one_line_with_its_place(policy, text, line, words):
    with pytest.raises(PolicyError) as caught:
        parse_mapping(text, "m.yaml", policy)
    assert words in caught.value.line("en")
    assert caught.value.where.file == "m.yaml"
    assert line is None or caught.value.where.line == line
    for lang in ("zh", "en"):
        assert "\n" not in caught.value.line(lang)


def test_a_section_whose_lines_are_all_comments_says_nothing(policy):
    found = parse_mapping(
        HEAD + "columns:\n  # 甲: id\nvalues:\n  area:\n    # 甲: 海淀区\nignore:\n", "m.yaml", policy
    )
    assert (found.columns, found.values, found.ignored) == ({}, {}, frozenset())


@pytest.mark.parametrize("data", [None, b"policy: \xff\xff\x81"], ids=["none", "no-text"])
def test_a_file_that_cannot_be_read(policy, tmp_path, data):
    path = tmp_path / "m.yaml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BadFile):
        read_mapping(path, policy)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("columns：\n  名目: grade\n", 2),
        ("columns:\n  名目: grade\n  单位： name\n  区: area\n", 4),
        ("columns:\n  单位：name\n", 3),
        ("columns:\n  名目: grade\n    单位： name\n", 4),
        ("columns:\n  '单位'： name  # PROPOSED: name\n", 3),
        ("heading： 3\nencoding: utf-8\n", 2),
    ],
)
def test_a_full_width_colon_is_told_in_its_line(policy, text, line):
    with pytest.raises(BadFile) as refused:
        parse_mapping(HEAD + text, "m.yaml", policy)
    assert refused.value.line("zh").startswith(f"m.yaml:{line}：")
    assert "半角" in refused.value.line("zh")
    assert "': '" in refused.value.line("en")


def test_a_full_width_colon_within_a_name_is_none_of_a_key(policy):
    found = parse_mapping(
        HEAD + 'columns:\n  单位：人: employees\n  "住所：": address\nignore:\n  - 备注：无\n', "m", policy
    )
    assert found.column("单位：人") == "employees"
    with pytest.raises(PolicyError) as refused:
        parse_mapping(HEAD + "columns:\n  单位：人: nothing\nignore:\n  - 备注：无\n", "m", policy)
    assert refused.value.code == "unknown-name"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_mapping_is_read_as_an_editor_saves_it(policy, tmp_path, encoding):
    path = tmp_path / "m.yaml"
    path.write_bytes((HEAD + "columns:\n  统一社会信用编码: id\n  社会组织名字: name\n").encode(encoding))
    assert read_mapping(path, policy).column("社会组织名字") == "name"


@pytest.mark.parametrize(("name", "data"), [("a.csv", b"id,name\n"), ("m.yaml", b"PK\x03\x04rest"), ("a.xlsx", b"")])
def test_a_register_is_no_mapping(beijing, tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PolicyError, match="it is a register and no mapping"):
        read_mapping(tmp_path / name, beijing)
