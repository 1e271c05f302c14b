"""What Supervision is given, looked at before anything is done with it: of the right type, and known to the policy.

Python's own errors would come from deep within, and an unknown name would give an empty list.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from ..cases.case import Organization
from ..errors import BadArgument, NaiveDatetime, UnknownBlocker, UnknownChoice
from ..policy.indicators import Indicator
from ..policy.policy import Policy
from ..text import Title, cut, suggested
from .imported import OUTCOMES, WAITS, RowRead, Source
from .query import COUNTED

C = TypeVar("C", bound=type)
T = TypeVar("T")

ORDERS = ("id", "due", "inbox", "intake")
WHAT = ("all", "stages", "duties")
GROUPINGS = tuple(name for name in COUNTED if name != "duty")

_TEXT = Title("文本", "text")
_ACCOUNT = Title(
    "1 至 200 个字的一行文本，不含控制字符", "a text of one line, 1 to 200 characters, without control characters"
)
_NESTED = Title("嵌套较浅的值", "something that is less deeply nested")
_DAY = Title("1900 至 2999 年的日期（非时刻）", "a date (no datetime) of the years 1900 to 2999")
_MOMENT = Title(
    "1900 至 2999 年的日期，或带时区的时刻", "a date, or a datetime with an offset, of the years 1900 to 2999"
)
_YEARS = range(1900, 3000)
_INDICATORS = Title("若干 Indicator", "Indicators")
_BREAK = re.compile("[\n\r\u2028\u2029]")
#: No database counts further.
_MOST = 2**31 - 1
_FLAG = Title("是或否", "True or False")
_PAIRS = Title("文本到文本的对应，每个一行", "texts by text, of one line each")
_FACTS = Title("以名称为键的事实", "facts by name")
_AMOUNT = Title("十进制金额（Decimal）", "a Decimal")
_DAYS = Title("若干日期", "dates")
_TEXTS = Title("若干材料代码，或 reason", "codes of evidence, or 'reason'")
_CASES = Title("若干案卷编号", "ids of cases")
_SOURCE = Title("一个 Source，或导入的编号", "a Source, or an import's number")
_ROW = Title("若干 RowRead", "RowReads")
_GROUPINGS = Title("若干分组的名称", "names of groupings")
_MANY = Title("若干项的列表", "a list of several")
_REPORT = Title('案卷及其事实，如 ("A", {…})', 'a case with its facts, such as ("A", {...})')
_ORGANIZATION = Title("一个 Organization", "an Organization")


def _text(value: Any) -> Title | None:
    return None if isinstance(value, str) else _TEXT


def _account(value: Any) -> Title | None:
    """What names an account or a request: it is kept for good, and written to terminals and logs."""
    return None if isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable() else _ACCOUNT


def _day(value: Any) -> Title | None:
    return None if isinstance(value, date) and not isinstance(value, datetime) and value.year in _YEARS else _DAY


def _moment(value: Any) -> Title | None:
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise NaiveDatetime(value=value)
    return None if isinstance(value, date) and value.year in _YEARS else _MOMENT


def _flag(value: Any) -> Title | None:
    return None if isinstance(value, bool) else _FLAG


def _whole(least: int, most: int | None = None) -> Callable[[Any], Title | None]:
    zh, en = f"不小于 {least} 的整数", f"a whole number from {least} on"
    if most is not None:
        zh, en = f"{least} 至 {most} 的整数", f"a whole number from {least} to {most}"
    expected = Title(zh, en)

    def check(value: Any) -> Title | None:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole and least <= value and (most is None or value <= most) else expected

    return check


def _integer(value: Any) -> Title | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST
    return None if whole else Title(f"整数，绝对值不超过 {_MOST}", f"a whole number, no further from 0 than {_MOST}")


def _amount(value: Any) -> Title | None:
    return None if isinstance(value, (Decimal, int)) and not isinstance(value, bool) else _AMOUNT


def _pairs(value: Any) -> Title | None:
    right = isinstance(value, Mapping) and all(
        isinstance(one, str) and not _BREAK.search(one) for pair in value.items() for one in pair
    )
    return None if right else _PAIRS


def _facts(value: Any) -> Title | None:
    return None if isinstance(value, Mapping) and all(isinstance(one, str) for one in value) else _FACTS


def _several(check: Callable[[Any], Title | None], expected: Title) -> Callable[[Any], Title | None]:
    def each(value: Any) -> Title | None:
        several = isinstance(value, Collection) and not isinstance(value, (str, Mapping))
        return None if several and all(check(one) is None for one in value) else expected

    return each


def _source(value: Any) -> Title | None:
    """Of what an import is made, or which it was."""
    return None if isinstance(value, Source) or _integer(value) is None else _SOURCE


def _indicator(value: Any) -> Title | None:
    return None if isinstance(value, Indicator) else _INDICATORS


def _many(value: Any) -> Title | None:
    return None if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)) else _MANY


def _organization(value: Any) -> Title | None:
    return None if isinstance(value, Organization) else _ORGANIZATION


#: What is wrong with a value, by the name of the parameter: what it should be.
CHECKS: Mapping[str, Callable[[Any], Title | None]] = {
    **dict.fromkeys((
        "after", "area", "blocker", "body", "by", "case", "code", "continues", "digest", "gate", "group", "id",
        "kind", "name", "obligation", "order", "other", "outcome", "reason", "seen_by", "stage", "state",
        "because", "text", "to", "trigger", "type", "under", "value", "venue", "what",
    ), _text),
    **dict.fromkeys(("actor", "request_id"), _account),
    "late": _text,
    **dict.fromkeys(("as_of", "before", "on", "since"), _day),
    **dict.fromkeys((
        "clear", "closed", "dry_run", "lacking", "never", "park", "suspended", "territory", "withdrawn",
    ), _flag),
    **dict.fromkeys(("batch", "least", "limit", "seq", "together"), _whole(1, _MOST)),
    **dict.fromkeys(("organizations", "reports"), _many),
    "amount": _amount, "count": _integer, "day": _moment, "days": _whole(0, 100_000), "escalation": _whole(0, 1000),
    "evidence": _pairs, "facts": _facts, "indicators": _several(_indicator, _INDICATORS), "lines": _whole(0, _MOST),
    "groups": _several(_text, _GROUPINGS), "members": _several(_text, _CASES), "texts": _several(_text, _TEXTS),
    "number": _integer, "organization": _organization, "source": _source,
    "when": _moment, "year": _whole(1, 9998),
}  # fmt: skip


#: The same where a method takes something else by that name.
OTHERWISE: Mapping[str, Mapping[str, Callable[[Any], Title | None]]] = {
    "known_on": {"day": _day},
    "trend": {"days": _several(_day, _DAYS)},
    "begin": {"source": lambda value: None if isinstance(value, Source) else Title("一个 Source", "a Source")},
}


def looked_at(cls: C) -> C:
    """A class whose public methods look at what they are given, by the names of their parameters. Raises BadArgument
    and NaiveDatetime."""
    for name, method in vars(cls).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            setattr(cls, name, _looked_at(method))
    return cls


def _looked_at(method: Callable[..., Any]) -> Callable[..., Any]:
    parameters = list(inspect.signature(method).parameters.values())[1:]
    names = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    needed = {one.name for one in parameters if "None" not in str(one.annotation)}
    acts = any(one.annotation == "Unpack[By]" for one in parameters)
    if acts:
        needed.add("by")
    checks = {**CHECKS, **OTHERWISE.get(method.__name__, {})}

    @functools.wraps(method)
    def looked(self: Any, *given: Any, **named: Any) -> Any:
        for name, value in zip(names, given, strict=False):
            _look(name, value, needed, checks)
        for name, value in named.items():
            _look(name, value, needed, checks)
        if acts and "by" not in named:
            raise BadArgument(name="by", value="-", expected=Title("办理单位的代码", "the id of the body that acts"))
        try:
            return method(self, *given, **named)
        except RecursionError as error:
            raise BadArgument(name=method.__name__, value="…", expected=_NESTED) from error

    return looked


def _look(
    name: str, value: Any, needed: Collection[str], checks: Mapping[str, Callable[[Any], Title | None]] = CHECKS
) -> None:
    check = checks.get(name)
    if check is None or (value is None and name not in needed):
        return
    expected = check(value)
    if expected is not None:
        raise BadArgument(name=name, value=cut(value), expected=expected)


def look_at_organization(organization: Organization) -> None:
    """Raises BadArgument for what is of the wrong type; of id and name `let_in_name` says more."""
    _look("area", organization.area, ("area",))
    _look("facts", organization.facts, ("facts",))


def look_at_each(given: Iterable[T], look: Callable[[Any], None]) -> list[T]:
    """All that is given, once each was looked at: nothing is done before."""
    every = list(given)
    for one in every:
        look(one)
    return every


def look_at_one(one: Any) -> None:
    """Raises BadArgument for what is no organisation, where many are given."""
    _look("organizations", one, ("organizations",), {"organizations": _organization})


def look_at_report(one: Any) -> None:
    """Raises BadArgument for what is no case with its facts, where many are given."""
    right = isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str) and isinstance(one[1], Mapping)
    if not right:
        raise BadArgument(name="reports", value=cut(one), expected=_REPORT)


def look_at_row(row: Any) -> None:
    """What is wrong with a row of a register that no file could have given. Raises BadArgument."""
    if not isinstance(row, RowRead):
        raise BadArgument(name="rows", value=cut(row), expected=_ROW)
    for name in ("id", "name", "area", "facts"):
        _look(name, getattr(row, name), {"facts"})


# --- names -----------------------------------------------------------------------------------------------------------


def known_stage(policy: Policy, stage: str | None) -> None:
    """Raises UnknownChoice for what is no stage, and no state, of any workflow."""
    if stage is not None:
        flows = policy.workflows.values()
        _known("stage", "阶段", stage, {name for one in flows for name in (*one.stages, *one.states)})


def known_type(policy: Policy, type: str | None) -> None:
    if type is not None:
        _known("type", "类型", type, policy.workflows)


def known_order(order: str) -> None:
    _known("order", "次序", order, ORDERS)


def known_what(what: str) -> None:
    _known("kind of deadline", "期限种类", what, WHAT)


def known_counted(name: str) -> None:
    _known("grouping", "分组", name, GROUPINGS)


def known_became(outcome: str | None) -> None:
    """Raises UnknownChoice for what no row of an import becomes."""
    if outcome is not None:
        _known("outcome", "结果", outcome, OUTCOMES)


def known_waits(state: str | None) -> None:
    if state is not None:
        _known("state", "状态", state, WAITS)


def known_blocker(policy: Policy, blocker: str | None) -> None:
    if blocker is not None and blocker not in policy.blockers:
        raise UnknownBlocker(blocker=blocker, known=suggested(blocker, policy.blockers))


def _known(en: str, zh: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise UnknownChoice(kind_en=en, kind_zh=zh, name=name, known=suggested(name, sorted(known)))
