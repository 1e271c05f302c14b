"""Rows as CSV and XLSX: what a spreadsheet makes of them, however many there are and whatever they hold."""

import csv
import io
import sys
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guikou.adapters.spreadsheets import writing
from guikou.adapters.spreadsheets.apostrophes import guarded, unguarded
from guikou.adapters.spreadsheets.writing import Page, sheet_name, write_csv, write_xlsx
from guikou.engine.errors import NotInstalled


def book(*given, **more):
    out = io.BytesIO()
    write_xlsx(out, *given, **more)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def test_a_csv_cell_is_never_a_formula_and_a_number_stays_one():
    cells = [
        "=1+1",
        "+1",
        "@x",
        "\tx",
        "-x",
        -1,
        Decimal("-1.5"),
        None,
        "plain",
        "-5",
        "+3.2",
        "-2+3+cmd|x",
        "＝1",
        "'q",
        "-",
    ]
    (row,) = list(csv.reader(io.StringIO(write_csv([""] * len(cells), [cells]))))[1:]
    assert row == [
        "'=1+1",
        "+1",
        "'@x",
        "'\tx",
        "'-x",
        "-1",
        "-1.5",
        "",
        "plain",
        "-5",
        "+3.2",
        "'-2+3+cmd|x",
        "'＝1",
        "''q",
        "-",
    ]


@given(st.text(alphabet="=+-@\t\r\n＝＋－＠'0123456789.a仁 |!", max_size=8))
@example("'")
@example("'-5")
@example("''=")
def test_what_was_written_is_read_back(text):
    assert unguarded(guarded(text)) == text
    (row,) = list(csv.reader(io.StringIO(write_csv(["a", "b"], [[text, ""]]), newline="")))[1:]
    assert unguarded(row[0]) == text
    assert guarded(text)[:1] not in set("=@\t\r\n＝＋－＠") or not text


def test_a_workbook_has_a_sheet_for_each_title_and_types():
    rows = [
        ["=1+1", date(2016, 1, 4), 3, Decimal("148200.00"), None, date(1899, 1, 1), 10**15, "http://x.example", True]
    ]
    made = book(
        [*"abcdefghi"], {"一/二": rows, "x" * 40: rows, "X" * 40: [], "": [], "History": [], "'q'": []}, folded=[2]
    )
    assert made.sheetnames == ["一二", "x" * 30 + "…", "X" * 26 + "… (2)", "guikou", "guikou (2)", "q"]
    sheet = made["一二"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert (sheet["B2"].is_date, sheet["B2"].number_format, sheet["C2"].value) == (True, "yyyy-mm-dd", 3)
    assert (sheet["D2"].value, sheet["D2"].number_format, sheet["E2"].value) == (148200, "0.00", None)
    assert [sheet[f"{one}2"].value for one in "FGHI"] == ["1899-01-01", str(10**15), "http://x.example", "True"]
    assert (sheet["H2"].hyperlink, sheet.freeze_panes, sheet.auto_filter.ref) == (None, "A2", "A1:I2")
    assert [sheet.column_dimensions[one].hidden for one in "ABC"] == [False, False, True]


def test_a_sheet_is_printed_on_a4_with_its_title_its_day_and_numbered_pages():
    page = Page("逾期 & 上报", "截至 2016-12-31", "第 &P 页，共 &N 页")
    sheet = book(["名称"], {"逾期": [["x"]]}, page=page)["逾期"]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", None, 0)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows) == (True, "$1:$1")
    assert sheet.oddHeader.center.text == "&A"
    assert sheet.oddHeader.left.text == "逾期 && 上报"
    assert sheet.oddHeader.right.text == "截至 2016-12-31"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"


@given(st.text(st.characters(codec=None), max_size=6))
@example("a\x00b\x1b")
@example("\ud800")
def test_whatever_a_text_holds_it_is_written(text):
    value = book(["a"], {text: [[text]]}).worksheets[0]["A2"].value or ""
    kept = [one for one in text if one.isprintable()]
    assert [one for one in value if one in kept] == kept or "\r" in text or "_x" in text


def test_what_xml_cannot_hold_is_shown_as_unknown():
    assert book(["a"], {"x": [["名\x07称"]]})["x"]["A2"].value == "名\ufffd称"
    assert len(book(["a"], {"x": [["𠮷" * 20_000]]})["x"]["A2"].value) == 16_384


def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 4)
    made = book(["n"], {"x": ([at] for at in range(7))}, sums=[["all"]])
    assert made.sheetnames == ["x", "x (2)", "x (3)", "x (4)"]
    assert [[one[0] for one in sheet.values] for sheet in made][:3] == [["n", 0, 1], ["n", 2, 3], ["n", 4, 5]]
    assert [one[0] for one in made["x (4)"].values] == ["n", 6, "all"]


def test_a_row_is_as_high_as_its_wrapped_text_needs():
    long = "Social Work Committee of the Beijing Municipal Party Committee"
    (sheet,) = book(
        [f"h{at}" for at in range(8)], {"a": [[long] * 8, ["short"] * 8, ["北京市" * 40] + [""] * 7]}
    ).worksheets
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4)] == [45, None, 135]


@given(st.text(max_size=200).map(lambda text: "".join(text.split())), st.integers(2, 60))
def test_no_text_stands_on_fewer_lines_than_it_fills(text, width):
    assert writing._lines(text, width) >= -(-writing._cells(text) // width) or writing._cells(text) <= width


def test_sums_stand_below_the_rows_and_outside_the_filter():
    sheet = book(["a", "n"], {"x": [["p", 1], ["q", 2]]}, sums=[["all", 3]])["x"]
    assert [one.value for one in sheet[4]] == ["all", 3]
    assert (sheet.auto_filter.ref, sheet["A4"].font.bold, sheet["A3"].font.bold) == ("A1:B3", True, False)


def test_rows_are_taken_one_by_one():
    out, seen = io.BytesIO(), []

    def rows():
        for at in range(50):
            seen.append(at)
            yield [at]

    write_xlsx(out, ["n"], {"x": rows()})
    assert len(seen) == 50


def test_without_xlsxwriter_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(NotInstalled) as refused:
        write_xlsx(io.BytesIO(), ["a"], {"x": []})
    assert "guikou[xlsx]" in refused.value.hint("en")


@pytest.mark.parametrize(("title", "name"), [
    ("Standards and rectification", "Standards and rectification"),
    ("Standards and rectification of all organisations", "Standards and rectification of…"),
    ("Supports that are due and were given", "Supports that are due and were…"),
    ("各单位覆盖率（归口本机构及其下级的全部社会组织，含枢纽型社会组织）", "各单位覆盖率（归口本机构及其下级的全部社会组织…"),
    ("党建工作覆盖、规范、整顿与同步事项的办理情况一览（按归口单位列出）", "党建工作覆盖、规范、整顿与同步事项的办理情况一览…"),
    ("很长" * 20, "很长" * 15 + "…"),
])  # fmt: skip
def test_a_long_name_of_a_sheet_ends_where_a_word_does(title, name):
    assert sheet_name(title, set()) == name
    assert len(name) <= 31
