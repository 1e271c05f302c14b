"""Reads what a policy says of ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..identity import Identity, IdRule, standard
from ..workflow import Workflow
from . import models as f
from .documents import Document
from .values import bad_value, check_names, read_title


def read_identity(head: f.PolicyFile, document: Document, workflows: Mapping[str, Workflow]) -> Identity:
    return Identity(tuple(_rules(head, document, workflows)))


def _rules(head: f.PolicyFile, document: Document, workflows: Mapping[str, Workflow]) -> Iterable[IdRule]:
    for at, one in enumerate(head.ids):
        place = ("ids", at)
        check_names(document, (*place, "types"), ("type", "类型"), one.types, workflows)
        if (one.pattern is None) == (one.standard is None):
            raise bad_value(document, place, "needs either 'pattern' or 'standard'", "需要 pattern 或 standard 之一")
        if one.pattern is not None and not one.check_digit:
            en, zh = "is of a standard, and a pattern has none", "仅用于 standard，pattern 没有校验位"
            raise bad_value(document, (*place, "check_digit"), en, zh)
        types = frozenset(one.types) if one.types else None
        pattern = _pattern(one.pattern, document, (*place, "pattern")) if one.pattern is not None else None
        if one.standard is not None:
            try:
                standard(one.standard)
            except LookupError as error:
                en, zh = "is no standard of python-stdnum, such as cn.uscc", "不是 python-stdnum 的标准，例如 cn.uscc"
                raise bad_value(document, (*place, "standard"), en, zh) from error
        rule = IdRule(read_title(one.title), types, pattern, one.standard, one.check_digit, one.example or "")
        if one.example is not None and (fault := rule.fault(one.example)) is not None:
            raise bad_value(document, (*place, "example"), f"is no such id: {fault.en}", f"不是这样的代码：{fault.zh}")
        yield rule


def _pattern(written: str, document: Document, place: tuple[str | int, ...]) -> re.Pattern[str]:
    try:
        return re.compile(written)
    except (re.error, OverflowError) as error:
        en, zh = f"is no regular expression: {error}", "不是合法的正则表达式"
        raise bad_value(document, place, en, zh) from error
