"""What a number shows by its format, and the day of a serial number."""

from datetime import date
from decimal import Decimal

import pytest

from guikou.adapters.spreadsheets.formats import day_of, format_kind, format_text, is_rounded, number_of, number_text


@pytest.mark.parametrize(
    "text",
    [
        "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]yyyy\\年m\\月d\\日", "[$-F800]dddd, mmmm dd, yyyy", "m/d/yy h:mm", "d-mmm",
        "[DBNum1][$-804]yyyy年m月d日", "[$-404]e/m/d", "yyyy/m/d;@", "[Red]yyyy.mm.dd", "aaaa", "h:mm AM/PM", "上午/下午h:mm",
        'yyyy"年第"m"月;"', "YYYY-MM-DD",
    ],
)  # fmt: skip
def test_formats_of_days_and_times(text):
    assert format_kind(text) == "date"


@pytest.mark.parametrize(
    "text",
    [
        "", "General", "G/通用格式", "0", "0.00", "#,##0", "0.00E+00", "@", '0"人"', '0"年"', '#,##0"元"', "[Red]0", "[>100]0",
        "_ * #,##0_ ", '"yyyy"0', "[$¥-804]#,##0", "0_ ;[Red]-0", "?/?", '0"天"',
    ],
)  # fmt: skip
def test_formats_of_plain_numbers(text):
    assert format_kind(text) == "number"


@pytest.mark.parametrize(
    ("text", "kind"), [("[h]:mm", "duration"), ("0%", "percent"), ("000000", "code"), ("000-000", "code")]
)
def test_formats_of_other_kinds(text, kind):
    assert format_kind(text) == kind


@pytest.mark.parametrize("number", [14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)])
def test_the_formats_built_in_are_known_those_of_east_asian_editions_too(number):
    assert format_kind(format_text(number, {})) == "date"


@pytest.mark.parametrize(
    ("serial", "since_1904", "day"),
    [
        ("42064", False, date(2015, 3, 1)), ("42064.99", False, date(2015, 3, 1)), ("40602", True, date(2015, 3, 1)),
        ("1", False, date(1900, 1, 1)), ("59", False, date(1900, 2, 28)), ("60", False, None), ("61", False, date(1900, 3, 1)),
        ("0", False, None), ("-1", False, None), ("0", True, date(1904, 1, 1)), ("-1", True, None),
        ("2958465", False, date(9999, 12, 31)), ("2958466", False, None), ("2957003", True, date(9999, 12, 31)),
        ("2957004", True, None), ("1E+300", False, None),
    ],
)  # fmt: skip
def test_a_serial_number_is_a_day_of_the_calendar_or_none(serial, since_1904, day):
    assert day_of(Decimal(serial), since_1904=since_1904) == day


@pytest.mark.parametrize(
    ("raw", "form", "text"),
    [
        ("12", "", "12"), ("12.0", "", "12"), ("1.2E1", "", "12"), ("0.30000000000000004", "", "0.3"), ("-0.5", "", "-0.5"),
        ("1234567.125", "", "1234567.125"), ("521101087654321", "", "521101087654321"), ("12", "000000", "000012"),
        ("5.2110108765432096E+17", "", "5.21101087654321E+17"), ("12345678", "000000", "12345678"), ("12", '0"人"', "12"),
        ("521101087654321000", "0" * 18, "5.21101087654321E+17"), ("0.5", "0%", "50%"), ("0.125", "0.0%", "12.5%"), ("11.999999999999999", "", "12"), ("100", "0", "100"),
        ("10012345", "000-00000", "100-12345"), ("0", "", "0"), ("-0", "", "0"), ("1E-300", "", "0." + "0" * 299 + "1"),
        ("1.5", "000", "1.5"), ("-7", "000", "-7"),
    ],
)  # fmt: skip
def test_a_number_is_the_text_that_it_stands_for(raw, form, text):
    assert number_text(number_of(raw), form) == text


@pytest.mark.parametrize("raw", ["", "x", "NaN", "INF", "1E+999", "1_000", "１２", "0x1F", "1" * 401, "--1"])
def test_what_is_no_number_is_none(raw):
    assert number_of(raw) is None


def test_a_number_of_more_than_fifteen_digits_lost_some():
    assert is_rounded(Decimal("521101087654321000"))
    assert not is_rounded(Decimal("521101087654321"))
