"""Workbooks as offices send them, and as they arrive damaged."""

import io
import itertools
import random
import zipfile
from datetime import date

import openpyxl
import pytest

from guikou.adapters.spreadsheets import workbook
from guikou.adapters.spreadsheets.reading import read_table, read_tables
from guikou.engine.errors import BadCell, BadFile, GuikouError, WrongUsage

from .books import book, number, sheet


@pytest.fixture
def file(tmp_path):
    def write(data):
        path = tmp_path / "in.xlsx"
        path.write_bytes(data)
        return path

    return write


@pytest.fixture
def rows(file):
    """The rows of a workbook of one sheet, each as its line and cells."""

    def read(*lines, merged=(), dimension=None, numbered=True, **how):
        made = book({"名册": sheet(*lines, merged=merged, dimension=dimension, numbered=numbered)}, **how)
        return read_table(file(made)).rows

    return read


@pytest.fixture
def one(rows):
    return lambda cell, **how: rows([cell], **how)[0].cells[0]


@pytest.mark.parametrize("dimension", [None, "A1", "A1:B2", "A1:XFD1048576", "nonsense"])
@pytest.mark.parametrize("numbered", [True, False], ids=["numbered", "bare"])
def test_every_row_is_read_whatever_dimension_is_stated(rows, dimension, numbered):
    found = rows(["id", "name"], ["1", "甲"], ["2", "乙"], ["3"], dimension=dimension, numbered=numbered)
    assert [row.texts for row in found] == [("id", "name"), ("1", "甲"), ("2", "乙"), ("3",)]


def test_rows_keep_their_numbers_and_cells_their_columns(rows):
    found = rows((3, ["id", None, "name"]), (7, [None, "x"]), (8, ["", " "]), (9, ["y"]))
    assert [(row.line, row.texts) for row in found] == [(3, ("id", "", "name")), (7, ("", "x")), (9, ("y",))]


@pytest.mark.parametrize(
    "form", [14, 22, *range(27, 37), *range(50, 59), 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d", "yyyy-mm-dd;@"], ids=str
)
def test_a_day_is_a_day_in_every_format(one, form):
    cell = one(number(42064, 1), formats=[form])
    assert (cell.text, cell.kind, cell.day, cell.written("date")) == (
        "2015-03-01",
        "date",
        date(2015, 3, 1),
        "2015-03-01",
    )


def test_a_day_counts_from_the_workbook_s_own_beginning(one):
    assert one(number(40602, 1), formats=[14], since_1904=True).day == date(2015, 3, 1)
    assert one(number(40602), since_1904=True).written("date") == "2015-03-01"


def test_a_serial_number_in_a_plain_cell_is_a_day_for_a_date_only(one):
    cell = one(number(42064))
    assert (cell.text, cell.written("date"), cell.written("integer")) == ("42064", "2015-03-01", "42064")
    assert one(number("42064.75")).written("date") == "2015-03-01"
    assert [one(number(value)).written("date") for value in (2015, 20150301, 201503)] == ["2015", "20150301", "201503"]


def test_a_time_of_day_leaves_the_day(one):
    assert one(number(42064.7, 1), formats=["yyyy-mm-dd hh:mm"]).text == "2015-03-01"
    assert one(number(0.5, 1), formats=["hh:mm"]).text == "12:00:00"
    assert one('<c t="d"><v>2015-03-01T00:00:00Z</v></c>').day == date(2015, 3, 1)


@pytest.mark.parametrize("serial", ["60", "-1", "2958466", "1E+200"])
def test_a_serial_number_of_no_day_is_a_fault(one, serial):
    with pytest.raises(BadCell):
        one(number(serial, 1), formats=[14]).written("date")


def test_a_code_keeps_its_zeros_and_one_that_lost_digits_says_so(one):
    assert one(number(7, 1), formats=["000000"]).written("id") == "000007"
    assert one(number("521101087654321")).written("id") == "521101087654321"
    for raw in ("521101087654321000", "5.2110108765432102E+17"):
        cell = one(number(raw))
        assert cell.text == "5.21101087654321E+17"
        with pytest.raises(BadCell) as refused:
            cell.written("id")
        assert "lost its last digits" in refused.value.line("en")
        assert cell.written("decimal") == cell.text
    with pytest.raises(BadCell):
        one(number(42064, 1), formats=[14]).written("id")


def test_numbers_booleans_errors_and_formulas(rows):
    (row,) = rows([
        number("1.0"), '<c t="b"><v>1</v></c>', '<c t="b"><v>0</v></c>', '<c t="e"><v>#N/A</v></c>',
        "<c><f>1+1</f><v>2</v></c>", '<c t="str"><f>A1</f><v>甲</v></c>', '<c t="str"><f>A1</f><v></v></c>',
        "<c><f>1+1</f></c>", '<c><f t="shared" si="0"/><v/></c>', '<c t="str"><f>A1</f></c>', '<c s="0"/>', "end",
    ])  # fmt: skip
    assert row.texts == ("1", "true", "false", "#N/A", "2", "甲", "", "#CALC!", "#CALC!", "#CALC!", "", "end")
    assert [cell.kind for cell in row.cells[:5]] == ["number", "boolean", "boolean", "error", "number"]
    faulty = [at for at, cell in enumerate(row.cells) if cell.fault]
    assert faulty == [3, 7, 8, 9]
    for at in faulty:
        with pytest.raises(BadCell):
            row.cells[at].written("string")


def test_strings_are_shared_inline_rich_escaped_and_without_how_they_sound(rows):
    strings = [
        "<t>海淀</t>", "<r><t>海</t></r><r><rPr><b/></rPr><t>淀</t></r>", "<t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh>",
        "<t>a_x000D_\nb_x0041_</t>", "<t>_xD842__xDFB7_</t>", "<t/>", "<t>x_x0001_</t>",
    ]  # fmt: skip
    (row,) = rows([*(f'<c t="s"><v>{at}</v></c>' for at in range(7)), "甲"], strings=strings)
    assert row.texts == ("海淀", "海淀", "東京", "a\r\nbA", "𠮷", "", "x\x01", "甲")
    assert [bool(cell.fault) for cell in row.cells] == [False] * 6 + [True, False]


def test_a_value_merged_over_rows_stands_in_each_and_one_merged_over_columns_in_the_first(rows):
    found = rows(
        ["名册", None, None], ["区", "名称", "人数"], ["海淀区", "甲", 1], [None, "乙", 2], [None, None, None], [None, "丙", 3],
        merged=["A1:C1", "A3:A6", "B3:C3"],
    )  # fmt: skip
    assert [row.texts for row in found] == [
        ("名册",), ("区", "名称", "人数"), ("海淀区", "甲", "1"), ("海淀区", "乙", "2"), ("海淀区", "丙", "3"),
    ]  # fmt: skip


def test_hidden_and_empty_sheets_and_charts_are_passed_over_unless_named(file):
    path = file(
        book(
            {"封面": sheet(["说明"]), "空": sheet(), "图": "<chartsheet/>", "藏": sheet(["暗"]), "深": sheet(["更暗"]), "名册": sheet(["id"])},
            states={"藏": "hidden", "深": "veryHidden"},
        )
    )  # fmt: skip
    assert [table.sheet for table in read_tables(path)] == ["封面", "名册"]
    assert read_tables(path, sheet="藏")[0].rows[0].texts == ("暗",)
    with pytest.raises(WrongUsage) as refused:
        read_tables(path, sheet="乌有")
    assert "封面" in refused.value.line("zh")
    with pytest.raises(BadFile):
        read_tables(path, sheet="空")


def test_what_a_library_writes_is_read(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["甲", 1.5, date(2015, 3, 1), True])
    made.save(tmp_path / "in.xlsx")
    assert read_table(tmp_path / "in.xlsx").rows[0].texts == ("甲", "1.5", "2015-03-01", "true")


def test_the_strict_kind_of_workbook_is_read(file):
    parts = zipfile.ZipFile(io.BytesIO(book({"名册": sheet(["id", "甲"])})))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as strict:
        for name in parts.namelist():
            strict.writestr(
                name, parts.read(name)
                .replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")
                .replace(b"http://schemas.openxmlformats.org/officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument"),
            )  # fmt: skip
    assert read_table(file(out.getvalue())).rows[0].texts == ("id", "甲")


GOOD = sheet(["id", "name"], ["1", "甲"])
_OTHER, _NUMBERS = io.BytesIO(), itertools.count()
with zipfile.ZipFile(_OTHER, "w") as _zip:
    _zip.writestr("word/document.xml", "<document/>")


@pytest.mark.parametrize(
    "data",
    [
        book({"a": GOOD})[:-30], book({"a": GOOD})[:300], b"PK\x03\x04", b"PK\x03\x04" + b"x" * 100, b"PK\x05\x06" + b"\0" * 18,
        book({"a": GOOD}, without=["xl/worksheets/sheet1.xml"]), book({"a": GOOD}, without=["xl/styles.xml"]),
        book({"a": GOOD}, strings=["<t>x</t>"], without=["xl/sharedStrings.xml"]), book({"a": GOOD}, without=["xl/workbook.xml"]),
        book({"a": GOOD[:-20]}), book({"a": GOOD.replace("<row", "<rov", 1)}), book({"a": sheet(["x"], merged=["A"])}),
        book({"a": sheet(['<c t="s"><v>7</v></c>'])}, strings=[]), book({"a": sheet(['<c t="s"><v>-1</v></c>'])}, strings=["<t>x</t>"]),
        book({"a": sheet((2, ["x"]), (1, ["y"]))}), book({"a": sheet((2_000_000, ["x"]))}), book({"a": GOOD.replace('"B2"', '"A2"')}),
        book({"a": GOOD.replace('"A1"', '"ZZZ1"')}), book({"a": GOOD}, more={"xl/styles.xml": "<styleSheet><cellXfs><xf numFmtId='x'/></cellXfs></styleSheet>"}),
        _OTHER.getvalue(), b"", b"no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"<html><table></table></html>",
        b'<?xml version="1.0"?><Workbook/>', "\ufeff<!DOCTYPE html>".encode(),
    ],
    ids=lambda data: str(next(_NUMBERS)),  # a ZIP file holds when it was made: its bytes differ
)  # fmt: skip
def test_what_is_no_whole_workbook_is_refused_in_one_line(file, data):
    with pytest.raises(BadFile) as refused:
        read_tables(file(data))
    for lang in ("zh", "en"):
        assert "\n" not in refused.value.line(lang)
        assert "in.xlsx" in refused.value.line(lang)


def test_a_locked_package_is_refused(file):
    data = bytearray(book({"a": GOOD}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    with pytest.raises(BadFile) as refused:
        read_tables(file(bytes(data)))
    assert "without a password" in refused.value.line("en")


def test_what_unpacks_to_too_much_or_has_too_many_cells_is_refused(file, monkeypatch):
    path = file(book({"a": sheet(["x" * 5000])}))
    monkeypatch.setattr(workbook, "LARGEST_PART", 4000)
    with pytest.raises(BadFile) as refused:
        read_tables(path)
    assert "too much" in refused.value.line("en")
    monkeypatch.undo()
    monkeypatch.setattr("guikou.adapters.spreadsheets.sheets.MOST_CELLS", 10)
    for made in (
        sheet(*[["x", "y"]] * 6),
        sheet(["x"] + [None] * 20 + ["y"]),
        sheet(["x"], *[[None, "y"]] * 4, merged=["A1:A5"]),
    ):
        with pytest.raises(BadFile) as refused:
            read_tables(file(book({"a": made})))
        assert "too many cells" in refused.value.line("en")


_BYTES = [b"", b"0", b"-1", b"9" * 20, b"\0", b"1E+999", b"<", b">", b"&#0;", b"AAAA1", b'"', b"_xD800_", b"s"]


def _mutated(chance, data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(data) + 1)
        end = at + chance.randrange(30)
        data[at:end] = chance.choice(
            [chance.choice(_BYTES), bytes([chance.randrange(256)]), bytes(data[end : end + 9])]
        )
    return bytes(data)


@pytest.mark.parametrize("seed", range(400))
def test_a_damaged_workbook_is_read_or_refused_in_one_line(file, seed):
    chance = random.Random(seed)
    whole = book(
        {
            "封面": sheet(["说明"]),
            "名册": sheet(
                ["id", "name", "day"], ['<c t="s"><v>0</v></c>', "甲", number(42064, 1)], ["2", "<c><f>A1</f></c>"],
                dimension="A1:B3", merged=["A2:A3"],
            ),
        },
        formats=[31, 'yyyy"年"'], strings=["<t>a</t>", "<r><t>b</t></r>"],
    )  # fmt: skip
    package = zipfile.ZipFile(io.BytesIO(whole))
    spoilt = chance.choice([None, *package.namelist()])
    if spoilt is None:
        data = _mutated(chance, whole)
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for name in package.namelist():
                content = package.read(name)
                made.writestr(name, _mutated(chance, content) if name == spoilt else content)
        data = out.getvalue()
    refused = None
    try:
        read_tables(file(data))
    except GuikouError as error:
        refused = error
    assert refused is None or "\n" not in refused.line("zh") + refused.line("en")
