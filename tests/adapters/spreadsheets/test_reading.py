"""Tables out of CSV and XLSX, as spreadsheets write them."""

from datetime import date

import openpyxl
import pytest

from guikou.adapters.spreadsheets.reading import read_table
from guikou.engine.errors import BadFile, WrongUsage


def texts(path):
    return [(row.line, row.texts) for row in read_table(path).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_spreadsheets_write(tmp_path, encoding):
    path = tmp_path / "in.csv"
    path.write_bytes('名称,区域\r\n\r\n" 启明,学校",朝阳区\r\n"两\r\n行",x\r\ny,z\r\n'.encode(encoding))
    assert texts(path) == [
        (1, ("名称", "区域")), (3, ("启明,学校", "朝阳区")), (4, ("两\r\n行", "x")), (6, ("y", "z")),
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
    assert texts(tmp_path / "in.xlsx")[1:] == [
        (2, ("1", "2", "2016-01-04", "true", "")), (4, ("x", "2.5", "", "false", "")),
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
        read_table(tmp_path / name)
    assert name in refused.value.line("en")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile):
        read_table(tmp_path / "nowhere.csv")
