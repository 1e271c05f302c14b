"""What the columns of a register are."""

import pytest

from guikou.adapters.spreadsheets.columns import columns, ignored, known_columns, meaning, named
from guikou.adapters.spreadsheets.mapping import parse_mapping
from guikou.engine.errors import ColumnTwice, MissingColumns, UnknownColumns, WrongUsage

OWN = ["id", "name", "area"]


def mapped(policy, text):
    return parse_mapping("policy: beijing-2015\n" + text, "m.yaml", policy)


def used(found):
    return {column.label: column.means for column in found.used}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_column_is_known_by_its_key_and_by_its_title_in_each_language(policy, lang):
    own = {"zh": ["统一社会信用代码", "名称", "区域"], "en": ["credit code or filing number", "name", "area"]}[lang]
    names = ["registered_as", "employees", "term_began"]
    titles = [getattr(policy.facts[name].title, lang) for name in names]
    found = columns(policy, [*own, *titles, "备注", "#x", ""])
    assert [column.means for column in found.used] == [*OWN, *names]
    assert found.labels[-3:] == ("备注", "#x", "[I]")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("统一社会信用代码 / credit code", "id"),
        ("统一社会信用代码\ncredit code", "id"),
        ("credit code or filing number / 统一社会信用代码或备案号", "id"),
        ("统一社会\n信用代码", "id"),
        ("*单位名称", "name"),
        ("基金会名称：", "name"),
        ("从业人员（人）", "employees"),
        ("从业人员数(人数)", "employees"),
        ("成立日期（年月日）", "registered_on"),
        ("登记证号（统一社会信用代码）", "id"),
        ("所属区（县）", "area"),
        ("职工总数(人)", "employees"),
        ("评级", "grade"),
        ("上次年检", "inspection"),
        ("本届班子上任时间", "term_began"),
        ("所在街镇", "area"),
        ("党员人数（预备）", None),
        ("单位名称/负责人", None),
        ("从业人员数/党员人数", None),
        ("x", None),
        ("", None),
    ],
)
def test_two_languages_units_and_marks_make_no_other_column(policy, text, means):
    assert meaning(policy.wording, text) == means
    assert known_columns(policy)(text) == means


@pytest.mark.parametrize("text", ["备注", "Note", "# row", "联系电话", "原始基金（万元）", "法定代表人"])
def test_a_column_that_means_nothing_is_ignored(policy, text):
    assert ignored(policy.wording, text)
    assert used(columns(policy, [*OWN, text])) == dict(zip(OWN, OWN, strict=True))


def test_all_columns_that_are_not_known_are_told_at_once(policy):
    with pytest.raises(UnknownColumns) as caught:
        columns(policy, [*OWN, "甲", "从业人员", "乙", "备注"])
    assert caught.value.details["columns"] == ["甲", "乙"]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("heading", "gone"), [(["id", "area"], "名称"), (["id", "name"], "区域（或住所）"), (["id", "从业人员"], "名称")]
)
def test_a_column_that_a_new_case_needs_is_told(policy, heading, gone):
    assert gone in columns(policy, heading).lacks.line("zh")
    assert columns(policy, ["id", "名称", "住所"]).lacks is None


def test_a_code_is_needed_by_every_row(policy):
    with pytest.raises(MissingColumns) as caught:
        columns(policy, ["名称", "住所"])
    assert "备案号" in caught.value.line("zh")


def test_two_columns_that_mean_the_same_are_refused_unless_both_are_areas(policy):
    with pytest.raises(ColumnTwice) as caught:
        columns(policy, [*OWN, "登记证号", "名称"])
    assert "id、登记证号" in caught.value.line("zh")
    assert len(columns(policy, [*OWN, "所属街道"]).of("area")) == 2


def test_columns_of_one_name_are_told_apart(policy):
    assert named(["日期", "", "日 期", "日期", *[""] * 24])[:4] == ("日期", "[B]", "日 期 [2]", "日期 [3]")
    assert named([""] * 28)[-2:] == ("[AA]", "[AB]")
    found = columns(
        policy,
        [*OWN, "日期", "日期", ""],
        mapped(policy, "columns: {'日期 [2]': registered_on, '[F]': grade}\nignore: 日期"),
    )
    assert used(found) == {**dict(zip(OWN, OWN, strict=True)), "日期 [2]": "registered_on", "[F]": "grade"}


def test_what_a_mapping_says_goes_before_what_a_name_says(policy):
    heading = ["登记证号", "统一社会信用代码", "单位名称", "住所", "甲", "从业人员"]
    found = columns(
        policy,
        heading,
        mapped(policy, "columns: {统一社会信用代码: 统一社会信用代码或备案号, 甲: 正式党员数}\nignore: [登记证号]"),
    )
    assert used(found) == {
        "统一社会信用代码": "id",
        "单位名称": "name",
        "住所": "address",
        "甲": "party_members",
        "从业人员": "employees",
    }
    assert used(columns(policy, [*OWN, "从业人员"], mapped(policy, "constants: {employees: 3}"))) == dict(
        zip(OWN, OWN, strict=True)
    )


def test_a_mapping_for_another_file_is_refused_with_its_line(policy):
    with pytest.raises(WrongUsage) as caught:
        columns(policy, OWN, mapped(policy, "columns:\n  甲: id\n  乙: name"))
    assert caught.value.line("zh").startswith("m.yaml:3：文件中没有列 甲、乙")


@pytest.mark.parametrize("text", ["其中：中共党员", "其中:党员人数", "其中党员数", "含党员"])
def test_what_a_column_counts_among_those_before_it_is_told_by_the_rest(policy, text):
    assert meaning(policy.wording, text) == "party_members"
