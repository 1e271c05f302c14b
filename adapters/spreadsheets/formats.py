"""Number formats of workbooks (ECMA-376, 18.8.30): what a number shows by its format; the day of a serial number."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

#: What the formats built into every workbook are; 27 to 36 and 50 to 58 are those of East Asian editions, for which
#: files hold no text. 27 is yyyy"年"m"月", 28 m"月"d"日", 31 yyyy"年"m"月"d"日", and so on.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy-mm-dd",
    15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 49: "@",
} | dict.fromkeys((*range(27, 37), *range(50, 59)), 'yyyy"年"m"月"d"日"')  # fmt: skip

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|G/通用格式|General', re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"0[0 -]*0")
_DIGITS = 15  # a number of a spreadsheet keeps no more
_LARGEST = 308
_LONGEST = 255  # a format has no more characters

FormatKind = Literal["number", "date", "duration", "percent", "code"]


def format_text(number: int, custom: dict[int, str]) -> str:
    """A format's text by its number; '' for General."""
    return custom.get(number) or _BUILT_IN.get(number, "")


@cache
def format_kind(text: str) -> FormatKind:
    """What a number of that format shows. A 'code' is a number of so many digits, leading zeros among them."""
    text = text[:_LONGEST]
    first = text.split(";")[0] if '"' not in text else re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', text)[0]
    if _CODE.fullmatch(first.replace('"-"', "-").replace("\\-", "-").replace("\\ ", " ")):
        return "code"
    plain = re.sub(r"AM/PM|A/P|上午/下午", "h", _LITERAL.sub("", first), flags=re.IGNORECASE)
    plain = re.sub(r"E[+-]", "", plain, flags=re.IGNORECASE).lower()
    if re.search(r"\[(h+|m+|s+)\]", plain):
        return "duration"
    if re.search(r"[ydmhsegb]|aaa", plain):
        return "date"
    return "percent" if "%" in plain else "number"


def day_of(serial: Decimal, *, since_1904: bool) -> date | None:
    """The day of a serial number, whatever its time of day; None for what is none, 29 February 1900 among them: the
    1900 system counts that day, which never was."""
    whole = int(serial)
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=whole) if 0 <= serial < 2_957_004 else None
    if not 1 <= serial < 2_958_466 or whole == 60:
        return None
    return date(1899, 12, 31 if whole < 60 else 30) + timedelta(days=whole)


def number_of(raw: str) -> Decimal | None:
    """A number as it stands in a sheet, or None."""
    if len(raw) > 400 or not re.fullmatch(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*", raw, re.ASCII):
        return None
    number = Decimal(raw.strip())
    if number and number.adjusted() > _LARGEST:
        return None
    return number


def is_rounded(number: Decimal) -> bool:
    """Whether a whole number has more digits than a spreadsheet's number keeps."""
    return bool(abs(number) >= 10**_DIGITS)


def number_text(number: Decimal, text_format: str) -> str:
    """A number as text: whole ones without a fraction, codes with their leading zeros, percentages as such."""
    kind = format_kind(text_format)
    if is_rounded(number) and number == number.to_integral_value():
        return f"{number:.14E}"  # digits that it never had would look like a code's
    if kind == "percent":
        return _plain(number * 100) + "%"
    if kind == "code" and number >= 0 and number == number.to_integral_value():
        return _as_code(int(number), re.split(r";", text_format)[0].replace('"-"', "-").replace("\\", ""))
    return _plain(number)


def _plain(number: Decimal) -> str:
    if not number:
        return "0"
    if number == (whole := int(number)) and number.adjusted() < _DIGITS:
        return str(whole)
    kept = number.quantize(Decimal(1).scaleb(max(number.adjusted(), -_LARGEST) - _DIGITS + 1), ROUND_HALF_UP)
    text = format(kept, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _as_code(number: int, pattern: str) -> str:
    digits = list(str(number).zfill(pattern.count("0")))
    written = [digits.pop() if char == "0" else char for char in reversed(pattern)]
    return "".join(digits) + "".join(reversed(written))
