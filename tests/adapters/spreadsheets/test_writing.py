"""Rows into CSV and XLSX, as spreadsheets read them."""

import io
import sys
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from guikou.adapters.spreadsheets.writing import write_csv, write_xlsx
from guikou.engine.errors import NotInstalled


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


def test_without_openpyxl_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(NotInstalled) as refused:
        write_xlsx(["a"], {"x": []})
    assert "guikou[xlsx]" in refused.value.hint("en")
