"""Values as people write them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.rules.written import NotWritten, read_day, read_number, read_truth, read_whole
from guikou.engine.text import half_width

DAY = date(2015, 3, 1)
_CHINESE = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    "text",
    [
        "2015-03-01", "2015-3-1", "2015/3/1", "2015/03/01", "2015.3.1", "2015.03.01", "2015年3月1日", "2015年03月01日", "20150301",
        "２０１５年３月１日", "２０１５／３／１", "２０１５－０３－０１", "2015 年 3 月 1 日", "2015. 3. 1", "2015年3月1号", "2015–03–01",
        "2015-03-01 00:00:00", "2015-03-01T00:00:00", "2015/3/1 0:00", "2015-03-01 14:30", "2015-03-01 00:00:00.000",
        " 2015-03-01 ", "2015年3月1日 星期日", "2015-03-01 周日", "2015年3月1日（星期天）", "二〇一五年三月一日", "二○一五年三月一日",
        "二零一五年三月一日", "二O一五年三月一日", "二o一五年三月1日", "二０一五年三月一日", "2015年三月一日", "2015.03.01.", "2015年3月1日。",
        "2015-03-01 上午8:30", "2015年3月1日8时30分", "2015年3月1日 8时", "2015-03-01 下午 2:30:00", "2015年3月1日9点",
    ],
)  # fmt: skip
def test_a_day_in_every_usual_writing(text):
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "2015-W09-7", "2015W097", "2015-060", "2015060", "3/1/2015", "1/3/2015", "15.3.1", "15-03-01", "15年3月1日", "2015-02-29",
        "2015-13-01", "2015-00-10", "2015年2月30日", "20150230", "2015-3", "2015年3月", "2015", "201503", "2015/3-1", "2015-03-01Z",
        "2015-03-01T00:00:00+08:00", "2015-03-01 25:00", "2015-03-01 10:61", "2015年3月1日 星期一", "42064", "someday", "", "无", "0000-01-01",
        "2015年3月1", "2015-03-01 to 2016-03-01", "2015-03-01\n2016-03-01", "12015-03-01", "二〇一五年三一月一日", "二〇一五年十十月一日", "-2015-03-01",
        "२०१५-०३-०१-",
    ],
)  # fmt: skip
def test_whatever_may_mean_another_day_or_none_is_refused(text):
    with pytest.raises(NotWritten) as refused:
        read_day(text)
    assert refused.value.instead is not None


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_reads_back_from_each_writing(day):
    year = "".join(_CHINESE[int(digit)] for digit in str(day.year))
    for text in (
        day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
        f"{day.year}.{day.month:02}.{day.day:02}", f"{day} 星期{'一二三四五六日'[day.weekday()]}",
        f"{year}年{_numeral(day.month)}月{_numeral(day.day)}日",
    ):  # fmt: skip
        assert read_day(text) == day


def _numeral(number):
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十") + (_CHINESE[ones] if ones else "")


@given(st.dates(min_value=date(1000, 1, 1)), st.integers(1, 6))
def test_a_weekday_that_does_not_agree_is_refused(day, off):
    with pytest.raises(NotWritten):
        read_day(f"{day} 星期{'一二三四五六日'[(day + timedelta(days=off)).weekday()]}")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"), ("１２", "12"), ("12.0", "12.0"), ("1,234", "1234"), ("1，234", "1234"), ("1,234,567.5", "1234567.5"),
        ("-3", "-3"), ("－３", "-3"), ("−3", "-3"), ("+3", "3"), (" 7 ", "7"), ("0.5", "0.5"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_in_digits_of_any_width(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", "12人", "约12", "1,23", "12,34", "1,2345", ",123", "1_000", "1e5", "5.21E+17", "Infinity", "NaN", "50%", "1.2.3", "1 234",
     "十二", "9" * 101, "१२", "0x1F", "12-13", "--3", "1,,234"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotWritten):
        read_number(text)


@pytest.mark.parametrize(("text", "alone"), [("12人", "12"), ("约12", "12"), ("共 12 人", "12"), ("3.5万", "3.5")])
def test_a_number_with_words_says_to_give_it_alone(text, alone):
    with pytest.raises(NotWritten) as refused:
        read_number(text)
    assert refused.value.instead.en.endswith(f"such as {alone}")


@pytest.mark.parametrize("text", ["50%", "12-13", "1.2.3", "5.21E+17", "1,23"])
def test_no_number_is_guessed_in_what_is_another(text):
    with pytest.raises(NotWritten) as refused:
        read_number(text)
    assert refused.value.instead is None


def test_a_whole_number_may_have_an_empty_fraction():
    assert [read_whole(text) for text in ("12", "12.0", "12.00", "1,234")] == [12, 12, 12, 1234]
    with pytest.raises(NotWritten):
        read_whole("12.5")


@pytest.mark.parametrize(
    "text",
    [
        "是",
        "有",
        "对",
        "真",
        "√",
        "✓",
        "✔",
        "Y",
        "y",
        "yes",
        "YES",
        "T",
        "true",
        "TRUE",
        "True",
        "1",
        "１",
        "1.0",
        " 是 ",
        "ＴＲＵＥ",
    ],
)
def test_yes(text):
    assert read_truth(text) is True


@pytest.mark.parametrize(
    "text", ["否", "无", "没有", "错", "假", "×", "✗", "✕", "N", "n", "no", "F", "false", "FALSE", "0", "0.0", "０"]
)
def test_no(text):
    assert read_truth(text) is False


@pytest.mark.parametrize("text", ["", "x", "X", "○", "2", "-1", "是否", "有/无", "maybe", "-", "null"])
def test_what_may_be_either_is_refused(text):
    with pytest.raises(NotWritten):
        read_truth(text)


@pytest.mark.parametrize("mark", ["①", "²", "³", "₂", "½", "⑴", "⒈", "㈠", "ª", "❶", "𝟏", "٣", "௧"])
def test_a_mark_beside_a_number_is_no_digit(mark):
    """A note's number, raised or circled, is no part of the number that it stands at."""
    for text in (f"12{mark}", f"2015/3/1{mark}", f"2015年3月1{mark}日", mark):
        for read in (read_number, read_whole, read_day):
            with pytest.raises(NotWritten):
                read(text)
    with pytest.raises(NotWritten):
        read_truth(mark)


@given(st.text(st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E)))
def test_what_is_wide_is_read_as_if_it_were_not(text):
    assert half_width(text) == "".join(chr(ord(char) - 0xFEE0) for char in text)


@given(st.text())
def test_half_width_is_half_width(text):
    assert half_width(half_width(text)) == half_width(text)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("1-Mar-15", "year first"),
        ("1 March 2015", "year first"),
        ("2015-03-01T00:00:00.000Z", "the day alone"),
        ("2015-02-28T16:00:00+00:00", "the day alone"),
        ("2015-03-01 25:00", "the day alone"),
        ("42064", "a spreadsheet's number of a day"),
        ("2015年3月", "with year, month and day"),
        ("2015-03-01至2016-03-01", "the day alone"),
    ],
)
def test_what_is_no_day_is_told_what_to_give(text, instead):
    with pytest.raises(NotWritten) as refused:
        read_day(text)
    assert instead in refused.value.instead.en
