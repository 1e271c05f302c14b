"""Rows in and out of CSV and XLSX, as spreadsheets write and read them."""

import io
import sys
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from guikou.adapters.spreadsheets.files import TextRow, read_rows, write_csv, write_xlsx
from guikou.engine.errors import BadFile, NotInstalled, WrongUsage


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_spreadsheets_write(tmp_path, encoding):
    path = tmp_path / "in.csv"
    path.write_bytes('名称,区域\r\n\r\n" 启明,学校",朝阳区\r\n"两\r\n行",x\r\ny,z\r\n'.encode(encoding))
    assert read_rows(path) == [
        TextRow(1, ("名称", "区域")), TextRow(3, ("启明,学校", "朝阳区")), TextRow(4, ("两\r\n行", "x")), TextRow(6, ("y", "z")),
    ]  # fmt: skip


def test_an_xlsx_is_read_as_text(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        ("id", "n", "when", "yes", "none"),
        (1, 2.0, date(2016, 1, 4), True, None),
        (),
        (" x ", 2.5, "", False, ""),
    ]:
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    assert read_rows(tmp_path / "in.xlsx")[1:] == [
        TextRow(2, ("1", "2", "2016-01-04", "true", "")), TextRow(4, ("x", "2.5", "", "false", "")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", b"", BadFile),
        ("a.csv", b"a,b\n\xff\xff\xff\n", BadFile),
        ("a.csv", b'a,b\n"x"y,z\n', BadFile),
        ("a.xlsx", b"no workbook", BadFile),
        ("a.ods", b"", WrongUsage),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_file(tmp_path, name, content, error):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as refused:
        read_rows(tmp_path / name)
    assert name in refused.value.line("en")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile):
        read_rows(tmp_path / "nowhere.csv")


def test_a_csv_cell_is_never_a_formula_and_a_number_stays_one():
    rows = [["=1+1", "+1", "@x", "\tx", "-x", -1, Decimal("-1.5"), None, "plain"]]
    assert write_csv(list("abcdefghi"), rows).splitlines()[1] == "'=1+1,'+1,'@x,'\tx,-x,-1,-1.5,,plain"


def test_a_workbook_has_a_sheet_for_each_title_and_types(tmp_path):
    rows = [["=1+1", date(2016, 1, 4), 3]]
    made = write_xlsx(["name", "day", "n"], {"一/二": rows, "x" * 40: rows, "": []}, folded=[2])
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert book.sheetnames == ["一二", "x" * 31, "guikou"]
    sheet = book["一二"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert (sheet["B2"].is_date, sheet["B2"].number_format, sheet["C2"].value) == (True, "yyyy-mm-dd", 3)
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.auto_filter.ref) == ("A2", "$1:$1", "A1:C2")
    assert [sheet.column_dimensions[one].hidden for one in "ABC"] == [False, False, True]


def test_without_openpyxl_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for act in (lambda: write_xlsx(["a"], {"x": []}), lambda: read_rows(tmp_path / "a.xlsx")):
        with pytest.raises(NotInstalled) as refused:
            act()
        assert "guikou[xlsx]" in refused.value.hint("en")
