"""Values as people write them in registers and on command lines: days, numbers, yes and no.

Whatever can be meant in one way only is read; what could be meant in two is refused, with what to write instead.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from ..text import Title, folded, half_width

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_TIME = (
    r"(?:[T ]*(?:[上下]午|凌晨|早上|中午|晚上)? ?(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?|[时点](?:(?P<minutes>\d{1,2})分?)?))?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\)?)?"
_DAYS = tuple(
    re.compile(day + _WEEKDAY + _TIME + r"[.。]?", re.ASCII)
    for day in (
        r"(?P<year>\d{4})\s*(?P<mark>[-/.])\s*(?P<month>\d{1,2})\s*(?P=mark)\s*(?P<day>\d{1,2})",
        r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)",
    )
)
_NUMERALS = re.compile(
    r"(\d{4}|[〇零○0Oo一二三四五六七八九]{4})年(\d{1,2}|[一二三四五六七八九十]{1,3})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]",
    re.ASCII,
)
_DIGITS = dict.fromkeys("〇零○0Oo", 0) | {char: at for at, char in enumerate("一二三四五六七八九", start=1)}
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_LONGEST = 100  # characters of a number; more are none that a person wrote
_TRUTH = dict.fromkeys(
    ("true", "yes", "y", "t", "v", "1", "1.0", "1.00", "是", "是的", "有", "对", "真", "√", "✓", "✔", "☑", "✅"), True
) | (
    dict.fromkeys(
        (
            "false",
            "no",
            "n",
            "f",
            "0",
            "0.0",
            "0.00",
            "否",
            "不是",
            "☐",
            "无",
            "没有",
            "错",
            "假",
            "×",
            "✗",
            "✕",
            "✘",
            "✖",
            "❌",
        ),
        False,
    )
)


class NotWritten(ValueError):
    """A text that is no value of its kind. `instead` is what to give, or None where nothing more can be said."""

    def __init__(self, text: str, instead: Title | None = None) -> None:
        super().__init__(text)
        self.instead = instead


def read_day(text: str) -> date:
    """A day: 2015-03-01, 2015/3/1, 2015.3.1, 2015年3月1日, 二〇一五年三月一日 or 20150301, in digits of any width, also
    with its weekday, and with a time of day, which is left out.

    Raises NotWritten for anything else: no day of the calendar, a year that isn't first or has two digits, a week, a
    day's number within its year, a spreadsheet's serial number.
    """
    plain = half_width(text).translate(_DASHES).strip()
    found = next((match for one in _DAYS if (match := one.fullmatch(_arabic(plain)))), None)
    if found is None:
        raise NotWritten(text, _instead_of_day(plain))
    part = found.groupdict()
    try:
        day = date(int(part["year"]), int(part["month"]), int(part["day"]))
    except ValueError as error:
        raise NotWritten(
            text, Title("日历上有的日期，如 2015-02-28", "a day that the calendar has, such as 2015-02-28")
        ) from error
    minute = int(part["minute"] or part["minutes"] or 0)
    if part["hour"] and not (int(part["hour"]) < 24 and minute < 60 and int(part["second"] or 0) < 60):
        raise NotWritten(text, Title("日期即可，如 2015-03-01", "the day alone, such as 2015-03-01"))
    if part["weekday"] and day.weekday() != "一二三四五六日".index(part["weekday"].replace("天", "日")):
        raise NotWritten(text, Title("与星期相符的日期", "a day that agrees with its weekday"))
    return day


def _arabic(text: str) -> str:
    """二〇一五年三月一日 in digits; any other text as it is."""
    found = _NUMERALS.match(text)
    if found is None:
        return text
    year = found[1] if found[1].isdecimal() else "".join(str(_DIGITS[char]) for char in found[1])
    month, day = (part if part.isdecimal() else _below_hundred(part) for part in (found[2], found[3]))
    return f"{year}年{month}月{day}日" + text[found.end() :]


def _below_hundred(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _DIGITS[numeral] if len(numeral) == 1 else 99  # 三一 is no numeral, and 99 no month or day
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return 99
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _instead_of_day(text: str) -> Title | None:
    if re.match(r"\d{4}([-/.年])\d{1,2}[-/.月]\d{1,2}", text):
        return Title("日期本身，如 2015-03-01", "the day alone, such as 2015-03-01")
    if re.fullmatch(r"\d{1,2}([-/.])\d{1,2}\1\d{2,4}.*|\d\d年.*|\d{1,2}[- ]?[A-Za-z]{3,9}[- ,]*\d{2,4}", text):
        return Title(
            "年份在前且为四位的日期，如 2015-03-01", "a day with its year first, in four digits, such as 2015-03-01"
        )
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return Title(
            "日期，如 2015-03-01（这是电子表格内部的日期序号，请将该列设为日期格式）",
            "a day, such as 2015-03-01 (this is a spreadsheet's number of a day: format the column as dates)",
        )
    if re.match(r"\d{4}", text):
        return Title(
            "含年、月、日的完整日期，如 2015-03-01", "a whole day, with year, month and day, such as 2015-03-01"
        )
    return Title("日期，如 2015-03-01", "a day, such as 2015-03-01")


def read_number(text: str) -> Decimal:
    """A number in digits of any width, with thousands separators in their places or without. Raises NotWritten."""
    plain = half_width(text).translate(_DASHES).strip()
    if len(plain) > _LONGEST:
        raise NotWritten(text)
    if not _NUMBER.fullmatch(plain):
        alone = re.fullmatch(r"\D*?([+-]?\d+(?:\.\d+)?)[^\d.,%]*", plain, re.ASCII)
        if alone and not re.search(r"[Ee_,.%]", plain.replace(alone[1], "")):
            raise NotWritten(text, Title(f"数字本身，如 {alone[1]}", f"the number alone, such as {alone[1]}"))
        raise NotWritten(text)
    return Decimal(plain.replace(",", ""))


def read_whole(text: str) -> int:
    """A whole number, 12.0 too. Raises NotWritten."""
    number = read_number(text)
    if number != number.to_integral_value():
        raise NotWritten(text)
    return int(number)


def read_truth(text: str) -> bool:
    """Yes or no: 是/否, 有/无, 对/错, √/×, 1/0, true/false, yes/no, y/n, t/f. Raises NotWritten."""
    found = _TRUTH.get(folded(text))
    if found is None:
        raise NotWritten(text, Title("是或否", "yes or no"))
    return found
