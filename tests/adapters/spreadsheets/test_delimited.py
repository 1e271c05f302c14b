"""Delimited text as rows."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.adapters.spreadsheets.apostrophes import guarded
from guikou.adapters.spreadsheets.delimited import read_delimited
from guikou.engine.errors import BadCell, BadFile, Where

WHERE = Where("in.csv")


def texts(text):
    return [(row.line, row.texts) for row in read_delimited(text, WHERE)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("mark", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
def test_cells_are_parted_by_what_the_first_rows_agree_on(mark, end):
    rows = [["id", "name", "note"], ["1", '"甲, 乙; 丙\t丁"', ""], ["2", "戊", "a"]]
    found = texts(end.join(mark.join(row) for row in rows) + end)
    assert found == [(1, ("id", "name", "note")), (2, ("1", "甲, 乙; 丙\t丁", "")), (3, ("2", "戊", "a"))]


def test_marks_within_notes_are_no_delimiters():
    assert texts("id,note\n1,a;b;c\n2,d;e;f\n")[1] == (2, ("1", "a;b;c"))
    assert texts("id\n甲;乙\n")[0] == (1, ("id",))


def test_a_line_that_names_the_delimiter_is_none_of_the_rows():
    assert texts("sep=;\r\nid;name\r\n1;a,b\r\n") == [(2, ("id", "name")), (3, ("1", "a,b"))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_rows_count_as_a_spreadsheet_counts_them(end):
    text = end.join(["sep=,", '"编', '码",b', "", '"两', '行",x', "y,z", ""])
    for first, rows in ((2, text), (1, text.partition(end)[2])):
        found = texts(rows)
        assert found == [
            (first, (f"编{end}码", "b")), (first + 2, (f"两{end}行", "x")), (first + 3, ("y", "z"))
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,name\n1,"甲\n2,乙\n', 2), ('id,name\n1,甲\n2,"乙\n3,"丙"\n', 3), ('id,name\n1,"x"y\n', 2),
        ('id,name\n1,"a\nb"\n2,c\n3,"d\n\n\n', 5), ('"\n', 1), ('sep=,\nid,name\n1,"x\n', 3), ('a,b\r1,"c\r2,d\r', 2),
        ('id,name\n"a\nb","c\nd\n', 3),
    ],
)  # fmt: skip
def test_a_quote_that_is_not_closed_is_told_by_the_line_where_it_opens(text, line):
    with pytest.raises(BadFile) as refused:
        texts(text)
    assert refused.value.where.line == line


def test_a_cell_that_is_too_long_is_refused_in_one_line():
    with pytest.raises(BadFile) as refused:
        texts("id,name\n1," + "x" * (csv.field_size_limit() + 1) + "\n")
    assert refused.value.where.line == 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('"=""521101087654321012"""', "521101087654321012"), ("'=1+1", "=1+1"), ("'+甲", "+甲"), ("'-甲", "-甲"), ("'@甲", "@甲"),
        ("''甲", "'甲"), ("'甲", "'甲"), ("'", "'"), ("=1+1", "=1+1"), ("-甲", "-甲"), ("'''=", "''="), ('"=""a""""b"""', 'a"b'),
    ],
)  # fmt: skip
def test_what_keeps_a_text_from_being_a_formula_or_number_is_taken_off(raw, text):
    assert texts(f"x,{raw}\n")[0][1][1] == text


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "########"])
def test_an_error_is_no_text(error):
    (row,) = read_delimited(f"x,{error}\n", WHERE)
    with pytest.raises(BadCell):
        row.cells[1].written("string")


def test_a_code_that_went_through_a_number_says_so():
    (row,) = read_delimited("5.21101E+17,1E5,521101087NCC6K4P54\n", WHERE)
    assert [cell.rounded for cell in row.cells] == [True, False, False]


@pytest.mark.parametrize("char", ["\0", "\x0b", "\x0c", "\x1f", "\x7f", "\x85"], ids=ascii)
def test_a_control_character_is_a_fault_of_its_cell(char):
    for text in (f"海淀{char}样例", char, f"{char}海淀"):
        (row,) = read_delimited(f"1,{text}\n", WHERE)
        assert [bool(cell.fault) for cell in row.cells] == [False, True]


# A cell of spaces, or with some around it, is read without them.
WRITTEN = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff\ufffd"), max_size=8
).map(str.strip)


@given(st.lists(st.tuples(WRITTEN, st.sampled_from(["=", "+", "-", "@", "'", "", "'=", "''"])), min_size=2, max_size=4))
def test_what_guikou_wrote_is_read_as_it_was(parts):
    cells = [(mark + text).strip() for text, mark in parts]
    out = io.StringIO()
    csv.writer(out).writerows([["a"] * len(cells), [guarded(text) for text in cells]])
    read = list(read_delimited(out.getvalue(), WHERE))[1:]
    assert [row.texts for row in read] == ([tuple(cells)] if any(cells) else [])


def test_reading_is_linear_in_memory_and_says_nothing_of_a_blank_file():
    assert read_delimited("\n\n , \n", WHERE) == ()
    made = io.StringIO()
    csv.writer(made).writerows([str(at), "甲"] for at in range(5000))
    assert len(read_delimited(made.getvalue(), WHERE)) == 5000
