"""Reads a policy's support, from support.yaml."""

from __future__ import annotations

from collections.abc import Mapping

from ...dates.periods import YearDay
from ...errors import BadValue
from ..records import RecordKind
from ..support import Support
from .sections import Sections
from .values import bad_value, check_names, read_title


def read_support(read: Sections, records: Mapping[str, RecordKind]) -> dict[str, Support]:
    found = {}
    given = {
        str(row.outputs[0]): (table, row)
        for table in read.rules.entitlements
        for row in read.rules.tables[table].decision.rows
    }
    for name, one, document, place in read.each("support"):
        if name not in given:
            raise bad_value(document, place, "is given by no table of entitlements", "没有任何支持保障表给出此项")
        if one.amount is not None:
            whole = [key for key, spec in read.facts.items() if spec.kind.name == "integer"]
            money = [key for key, record in records.items() if record.amount]
            known = [*whole, *money]
            kind = ("integer fact or record of money", "整数事实或金额记录")
            check_names(document, (*place, "amount", "of"), kind, [one.amount.of], known)
            if one.amount.rate != round(one.amount.rate, 2):
                raise bad_value(document, (*place, "amount", "rate"), "must be in whole hundredths", "应精确到分")
            if one.paid is None:
                raise bad_value(document, (*place, "amount"), "needs 'paid'", "需要 paid")
            check_names(document, (*place, "paid"), ("record of money", "金额记录"), [one.paid], money)
        if one.given is not None and one.amount is not None:
            raise bad_value(document, (*place, "given"), "can't be where 'amount' is", "不能与 amount 同时使用")
        try:
            at = YearDay.parse(one.at or "12-31")
        except BadValue as error:
            raise error.at(document.where((*place, "at"))) from error
        found[name] = Support(
            name,
            read_title(one.title),
            one.amount.rate if one.amount is not None else None,
            one.amount.of if one.amount is not None else None,
            at,
            one.paid,
            read.when(one.given, document, (*place, "given")) if one.given is not None else None,
            document.where(place),
            one.note,
        )
    return found
