"""A cell as a person writes a value."""

import pytest

from guikou.adapters.spreadsheets.cells import Cell, Row
from guikou.engine.errors import BadCell
from guikou.engine.text import Title


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("北京市海淀区\n样例学校", "北京市海淀区样例学校"), ("Haidian\r\nSchool", "Haidian School"), ("甲 \n 乙", "甲乙"),
        ("海淀\tA", "海淀 A"), ("\n甲\n\n", "甲"), (" " * 100_000 + "甲", "甲"), ("a\n" * 2, "a a"), ("\u200b甲\ufeff", "甲"), ("\u3000甲\xa0", "甲"), ("a  b", "a  b"), ("（甲）\n（乙）", "（甲）（乙）"),
    ],
)  # fmt: skip
def test_line_breaks_and_what_cannot_be_seen_are_no_part_of_a_name(text, written):
    assert Cell(text).written("string") == written


@pytest.mark.parametrize(
    "text", ["'521101087NCC6K4P54", "’521101087NCC6K4P54", " '521101087NCC6K4P54 ", "521101087NCC6K4P54\u200b"]
)
def test_an_apostrophe_before_a_code_goes(text):
    assert Cell(text).written("id") == "521101087NCC6K4P54"


def test_a_faulty_cell_is_refused_with_its_reason_in_both_languages():
    with pytest.raises(BadCell) as refused:
        Cell("#N/A", "error", fault=Title("坏了", "broken")).written("string")
    assert (refused.value.line("zh"), refused.value.line("en")) == ("坏了", "broken")


def test_a_row_of_texts():
    assert Row.of(3, "a", "").texts == ("a", "")


@pytest.mark.parametrize("kind", ["date", "boolean"])
def test_what_a_spreadsheet_took_for_something_else_is_no_name(kind):
    with pytest.raises(BadCell, match="no name"):
        Cell("2016-01-04", kind).written("name")
    assert Cell("1984", "number").written("name") == "1984"
