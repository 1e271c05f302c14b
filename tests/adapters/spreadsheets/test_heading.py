"""Where a heading stands, and which rows fit beneath it."""

from pathlib import Path

import pytest

from guikou.adapters.spreadsheets.cells import Cell, Merged, Row, Table
from guikou.adapters.spreadsheets.heading import MORE, find_heading, heading_key
from guikou.adapters.spreadsheets.reading import read_tables
from guikou.engine.errors import BadFile, MissingColumns, SeveralHeadings, WrongUsage

from .books import book, sheet

NAMES = {
    "代码": "id",
    "id": "id",
    "名称": "name",
    "name": "name",
    "区域": "area",
    "联系人姓名": "contact",
    "电话": "phone",
}
NEEDED = ("id", "name", "area")
FULL = ["代码", "名称", "区域"]


def known(text):
    return NAMES.get(heading_key(text))


def table(*rows, name="名册", encoding=None, merged=()):
    return Table(
        Path("in"), name, encoding, tuple(Row.of(line, *texts) for line, texts in enumerate(rows, start=1)), merged
    )


def found(tables, **how):
    heading = find_heading(tables, known, NEEDED, **how)
    return heading.table.sheet, heading.line, heading.labels, [row.line for row in heading.rows]


@pytest.mark.parametrize(
    "text",
    ["统一社会信用代码", "统一社会\n信用代码", " 统一社会 信用代码 ", "统一社会信用代码*", "*统一社会信用代码", "统一社会信用代码（必填）",
     "统一社会信用代码(必填)*", "统一社会信用代码：", "统一社会信用代码★", "统一社会\u3000信用代码", "统一社会信用代码\u200b"],
)  # fmt: skip
def test_a_heading_is_compared_without_what_does_not_matter(text):
    assert heading_key(text) == "统一社会信用代码"


@pytest.mark.parametrize(
    ("text", "key"), [("ＮＡＭＥ", "name"), ("Name ", "name"), ("（备注）", "(备注)"), ("*", "*"), ("", "")]
)
def test_width_and_case_do_not_matter(text, key):
    assert heading_key(text) == key


def test_titles_notes_and_covers_stand_before_the_heading():
    cover = table(["填表说明"], ["一、请填写名称"], name="封面")
    sheet = table(["2015年名册"], ["单位：人", "", "第1页"], FULL, ["1", "甲", "海淀"], ["2", "乙", "海淀"])
    assert found([cover, sheet]) == ("名册", 3, tuple(FULL), [4, 5])


def test_the_first_full_heading_of_a_sheet_is_its_heading():
    assert found([table(FULL, ["1", "甲", "海淀"], FULL, ["2", "乙", "海淀"])])[1] == 1


def test_two_sheets_with_a_heading_are_refused_and_one_can_be_named():
    tables = [table(FULL, ["1", "甲", "海淀"], name="海淀"), table(FULL, ["2", "乙", "朝阳"], name="朝阳")]
    with pytest.raises(SeveralHeadings) as refused:
        found(tables)
    assert "海淀, 朝阳" in refused.value.line("en")
    assert "海淀、朝阳" in refused.value.line("zh")
    assert found(tables[1:])[0] == "朝阳"


def test_what_is_missing_is_said_where_the_heading_is_likeliest():
    with pytest.raises(MissingColumns) as refused:
        found([table(["名册"], ["代码", "名称"], ["1", "甲"])])
    assert refused.value.line("en").startswith("in [名册]:2: no column gives: area; the file has: 代码, 名称")
    assert refused.value.line("zh").startswith("in [名册]:2：缺少以下各列：区域")


def test_two_sheets_with_a_heading_in_the_row_named_are_refused():
    tables = [table(FULL, ["1", "甲", "海淀"], name="海淀"), table(FULL, ["2", "乙", "朝阳"], name="朝阳")]
    with pytest.raises(SeveralHeadings):
        found(tables, line=1)


@pytest.mark.parametrize("mark", ["，", "；"])
@pytest.mark.parametrize("heading", [FULL, ["甲乙", "丙丁", "戊己"]])
def test_full_width_marks_between_cells_are_told(mark, heading):
    rows = [["名册"], [mark.join(heading)], [mark.join(["1", "甲", "海淀"])], [mark.join(["2", "乙", "海淀"])]]
    with pytest.raises(BadFile) as refused:
        found([table(*rows, encoding="UTF-8", name=None)])
    assert "in:2" in refused.value.line("zh")
    assert f"全角的 “{mark}”" in refused.value.line("zh")
    assert "full-width" in refused.value.line("en")


def test_full_width_marks_within_cells_are_none_between_them():
    heading = find_heading(
        [table(["说明，一，二，三"], FULL, ["1", "甲，乙，丙", "海淀"], encoding="UTF-8", name=None)], known, NEEDED
    )
    assert heading.line == 2


def test_without_any_heading_the_sheets_and_rows_looked_at_are_named():
    with pytest.raises(WrongUsage) as refused:
        found([table(["说明"], name="封面"), table(["x"], ["y"], ["z"], name="名册")])
    assert "rows 1 to 3 of the sheets 封面, 名册" in refused.value.line("en")
    assert "封面、名册" in refused.value.line("zh")


def test_a_heading_can_be_named_by_its_row():
    sheet = table(FULL, ["1", "甲", "海淀"], FULL, ["2", "乙", "海淀"])
    assert found([sheet], line=3) == ("名册", 3, tuple(FULL), [4])
    for line in (9, 0):
        with pytest.raises(WrongUsage):
            found([sheet], line=line)


def test_without_needed_columns_the_likeliest_row_is_the_heading():
    rows = table(["名册"], ["组织", "地址", "人数"], ["甲", "海淀区1号", "3"])
    assert find_heading([rows], known).line == 2
    named = table(["名册"], ["组织", "地址", "人数"], ["代码", "名称", "x"])
    assert find_heading([named], known).line == 3


def test_a_heading_over_two_rows_is_one():
    rows = sheet(
        ["名册"], ["代码", "名称", "区域", "联系人", None, "备注"], [None, None, None, "姓名", "电话"], ["1", "甲", "海淀", "丙", "5"],
        merged=["A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"],
    )  # fmt: skip
    path = Path("two.xlsx")
    heading = find_heading(_tables(path, rows), known, NEEDED)
    assert (heading.line, heading.labels) == (3, ("代码", "名称", "区域", "联系人姓名", "电话", "备注"))
    assert [row.line for row in heading.rows] == [4]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _tables(path, xml):
    path.write_bytes(book({"名册": xml}))
    return read_tables(path)


def test_a_sheet_s_row_has_no_end():
    heading = find_heading([table(FULL, ["1"], ["2", "乙", "海淀", "随手记"])], known, NEEDED)
    assert [(row.texts, row.fault) for row in heading.rows] == [
        (("1", "", ""), None),
        (("2", "乙", "海淀", "随手记"), None),
    ]


@pytest.mark.parametrize(
    ("heading", "row", "fits"),
    [
        (FULL, ["1", "甲", "海淀"], True), (FULL, ["1", "甲", "海淀", "", ""], True), (FULL, ["1", "甲", "有逗号", "海淀"], False),
        (FULL, ["1", "甲"], False), ([*FULL, "备注"], ["1", "甲", "海淀"], True), ([*FULL, ""], ["1", "甲", "海淀", "随手记"], True),
        ([*FULL, MORE, "# row"], ["1", "甲", "有逗号", "海淀", "2"], False), ([*FULL, MORE, "# row"], ["1", "甲", "海淀", "", "2"], True),
    ],
)  # fmt: skip
def test_a_text_s_row_that_may_be_shifted_says_so(heading, row, fits):
    found = find_heading([table(heading, row, encoding="UTF-8", name=None)], known, NEEDED)
    assert (found.rows[0].fault is None) == fits
    assert len(found.rows[0].cells) >= len(heading) or not fits


def test_a_merged_heading_s_cells_are_spread_no_further_than_they_stand():
    rows = table(["代码", "名称", "区域", "联系人"], ["", "", "", "姓名"], merged=(Merged(1, 1, 3, 3),))
    assert find_heading([rows], known, NEEDED).labels == ("代码", "名称", "区域", "联系人")
    assert Cell("x").written("string") == "x"
