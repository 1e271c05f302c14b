"""The canonical form: what is hashed, and what a store keeps as text, goes through here.

JSON with its keys in order and without spaces, as RFC 8785 writes it. Dates and decimals say what they are. What other
readers of JSON would read differently (floats, whole numbers from 2^53 on, keys beyond the BMP) is refused at the door,
which is `admits` and `admits_key`: what was kept before there was a door is still written, and hashed, as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from ..dates.instants import instant_text
from ..errors import NotCanonical
from ..text import UNFIT

#: Whole numbers beyond are read differently by different readers of JSON.
MOST = 2**53 - 1

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def admits(value: Any) -> bool:
    """Whether a fact, an amount or a count can be kept: null, true or false, a whole number below 2^53, a finite
    decimal, a day or text without control characters."""
    if type(value) is int:
        return -MOST <= value <= MOST
    if isinstance(value, Decimal):
        return value.is_finite()
    if isinstance(value, str):
        return _is_text(value)
    return value is None or type(value) in (bool, date)


def admits_key(value: str) -> bool:
    """Whether a text can be a key: those beyond the BMP are put in another order by RFC 8785."""
    return _is_text(value) and (value.isascii() or max(value) <= "\uffff")


def canonical(value: Any) -> bytes:
    """The canonical form, in UTF-8. Raises NotCanonical for what has none, such as a surrogate that stands alone."""
    try:
        return orjson.dumps(value, default=plain, option=_OPTIONS)
    except orjson.JSONEncodeError:
        return _slowly(value)  # a whole number beyond 64 bits, perhaps


def _slowly(value: Any) -> bytes:
    """The same by the standard library, which takes whole numbers of any size."""
    try:
        return _encode(_with_text_keys(value)).encode()
    except (TypeError, ValueError, RecursionError) as error:  # of which what no UTF-8 can be made of is one
        raise NotCanonical(
            reason_en="it is no text, day, decimal or whole number", reason_zh="不是文本、日期、小数或整数"
        ) from error


def dumps(value: Any) -> str:
    """The canonical form as text. Raises NotCanonical."""
    return canonical(value).decode()


def plain(value: Any) -> Any:
    """An instant, a date or a decimal as JSON keeps it; the latter two say what they are, so that `loads` can tell."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    raise TypeError(f"{type(value).__name__} has no place in an event")


def loads(text: str) -> Any:
    """What `dumps` wrote, with dates and decimals back (instants stay text)."""
    # A hook is called for every object, and json.loads looks for white space: what has neither is read three times as
    # fast without.
    return (_revived if '{"d' in text else _scan)(text, 0)[0]


def _with_text_keys(value: Any) -> Any:
    """The value itself; raises TypeError where a key is no text, of which the standard library would make one."""
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key is no text")
        return {key: _with_text_keys(one) for key, one in value.items()}
    return [_with_text_keys(one) for one in value] if isinstance(value, (list, tuple)) else value


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=plain
).encode
_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def _revive(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        if "date" in value:
            return date.fromisoformat(value["date"])
        if "decimal" in value:
            return Decimal(value["decimal"])
    return value


_revived: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(object_hook=_revive).scan_once  # type: ignore[attr-defined]


def _is_text(value: str) -> bool:
    return UNFIT.search(value) is None
