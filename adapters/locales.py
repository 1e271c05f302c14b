"""What numbers and dates look like in a language, by Babel's data (Unicode CLDR), which is read when first needed.

Dates for machines and in listings are ISO 8601 in every language, and are not made here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from guikou.engine.text import Lang

Number = int | float | Decimal

_DAY = {"zh": "y年M月d日", "en": "d MMMM y"}
_SHORT_DAY = {"zh": "y年M月d日", "en": "d MMM y"}
_MONTH = {"zh": "M月", "en": "MMM"}
_MONTH_OF_YEAR = {"zh": "y年M月", "en": "MMM y"}


def number(value: Number, lang: Lang, places: int | None = None, *, grouped: bool = True, minus: str = "-") -> str:
    """A number with so many decimals, half to even, or with those that it is written with; its thousands grouped.

    `minus` is the sign of what is less than zero; '-' is the language's own.
    """
    from babel.numbers import format_decimal

    pattern = _pattern(_decimals(value) if places is None else places, grouped, "", minus)
    return format_decimal(value, format=pattern, locale=lang)


def percent(share: Number, lang: Lang, places: int | None = None, *, grouped: bool = True, minus: str = "-") -> str:
    """A share (1 is the whole) in per cent, written as `number` writes."""
    from babel.numbers import format_percent

    pattern = _pattern(max(0, _decimals(share) - 2) if places is None else places, grouped, "%", minus)
    return format_percent(share, format=pattern, locale=lang)


def day(value: date, lang: Lang) -> str:
    """2016年12月31日, 31 December 2016."""
    return _date(value, lang, _DAY)


def short_day(value: date, lang: Lang) -> str:
    """2016年12月31日, 31 Dec 2016: for where room is short."""
    return _date(value, lang, _SHORT_DAY)


def month(value: date, lang: Lang, *, year: bool) -> str:
    """12月, Dec; with its year 2016年12月, Dec 2016."""
    return _date(value, lang, _MONTH_OF_YEAR if year else _MONTH)


def zone(value: ZoneInfo, lang: Lang) -> str:
    """中国标准时间, China Standard Time."""
    from babel.dates import get_timezone_name

    return get_timezone_name(value, width="long", zone_variant="standard", locale=lang)


def _date(value: date, lang: Lang, patterns: dict[str, str]) -> str:
    from babel.dates import format_date

    return format_date(value, patterns[lang], locale=lang)


def _decimals(value: Number) -> int:
    exponent = Decimal(str(value)).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


@cache
def _pattern(places: int, grouped: bool, unit: str, minus: str) -> Any:
    from babel.numbers import parse_pattern

    plain = ("#,##0" if grouped else "0") + ("." + "0" * places if places else "") + unit
    return parse_pattern(f"{plain};{minus}{plain}")
