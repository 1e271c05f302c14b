"""Tables out of files, whatever their names say."""

import pytest

from guikou.adapters.spreadsheets.reading import read_table, read_tables
from guikou.engine.errors import BadFile, WrongUsage

from .books import book, sheet

WHOLE = book({"名册": sheet(["id", "name"], ["1", "甲"])})


def texts(path, **how):
    return [(row.line, row.texts) for row in read_table(path, **how).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_in_the_encodings_that_spreadsheets_write(tmp_path, encoding):
    path = tmp_path / "in.csv"
    path.write_bytes('名称,区域\r\n\r\n" 启明,学校",朝阳区\r\n"两\r\n行",x\r\ny,z\r\n'.encode(encoding))
    assert texts(path) == [
        (1, ("名称", "区域")), (3, ("启明,学校", "朝阳区")), (4, ("两\r\n行", "x")), (5, ("y", "z")),
    ]  # fmt: skip


def test_what_spreadsheets_call_unicode_text_is_read(tmp_path):
    (tmp_path / "in.txt").write_bytes("名称\t区域\r\n启明,学校\t朝阳区\r\n".encode("utf-16"))
    table = read_table(tmp_path / "in.txt")
    assert (table.encoding, table.sheet, table.rows[1].texts) == ("UTF-16LE", None, ("启明,学校", "朝阳区"))


@pytest.mark.parametrize("name", ["in.csv", "in.xlsx", "in.XLSX", "in.txt", "in.xlsm", "in.xls", "in", "in.download"])
def test_a_workbook_is_known_by_what_it_holds(tmp_path, name):
    (tmp_path / name).write_bytes(WHOLE)
    table = read_table(tmp_path / name)
    assert (table.sheet, table.encoding, table.rows[1].texts) == ("名册", None, ("1", "甲"))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", b"", BadFile), ("a.csv", b"\n , \n", BadFile), ("a.csv", b"a,b\n\xff\xff\xff\n", BadFile),
        ("a.csv", b'a,b\n"x"y,z\n', BadFile), ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", BadFile), ("a.csv", b"%PDF-1.4", BadFile),
        ("a.csv", b"<html><body><table>", BadFile), ("a.xlsx", "名称,区域\n".encode(), BadFile), ("a.xlsx", book({"a": sheet()}), BadFile),
        ("a.ods", b"", WrongUsage), ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", BadFile), ("a", b"", BadFile),
    ],
    ids=lambda one: one if isinstance(one, str) else None,
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_file(tmp_path, name, content, error):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as refused:
        read_tables(tmp_path / name)
    for lang in ("zh", "en"):
        assert name in refused.value.line(lang)
        assert "\n" not in refused.value.line(lang)


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for name in ("nowhere.csv", "nowhere.xlsx", "folder.csv"):
        with pytest.raises(BadFile) as refused:
            read_table(tmp_path / name)
        assert not any(char.isascii() and char.isalpha() for char in refused.value.message("zh"))


def test_an_encoding_is_of_texts_and_a_sheet_of_workbooks(tmp_path):
    (tmp_path / "in.csv").write_text("id,name\n", encoding="utf-8")
    (tmp_path / "in.xlsx").write_bytes(WHOLE)
    with pytest.raises(WrongUsage):
        read_tables(tmp_path / "in.xlsx", encoding="utf-8")
    with pytest.raises(WrongUsage):
        read_tables(tmp_path / "in.csv", sheet="名册")
    assert texts(tmp_path / "in.csv", encoding="utf-8") == [(1, ("id", "name"))]
