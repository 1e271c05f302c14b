"""Reading what several sections of a policy write alike: titles, conditions, periods, what is set. Errors are raised
with the place in the file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from . import files as f
from .calendar import Period
from .case import Title
from .conditions import Condition, Kind, parse_condition
from .documents import Document
from .errors import BadFact, BadValue, GuikouError, PolicyError, UnknownFact, UnknownName, Where
from .workflow import TODAY, FactOf

Place = tuple[str | int, ...]


class Vocabulary(Protocol):
    """What a policy's rules may name, as its sections are read."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The declared facts, each a FactSpec."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Everything that a condition may ask for."""


def read_title(title: f.TitleFile) -> Title:
    return Title(title.zh, title.en)


def nearest(word: str, known: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(word, known, n=3, cutoff=0.4) or sorted(known)[:3]


def bad_value(document: Document, place: Place, en: str, zh: str) -> BadValue:
    named = ".".join(str(part) for part in place)
    return BadValue(where=document.where(place), field=named, reason_en=en, reason_zh=zh)


def reminders(days: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(days), reverse=True))


def read_condition(written: Mapping[str, Any], document: Document, place: Place, policy: Vocabulary) -> Condition:
    try:
        return parse_condition(written, policy.kinds)
    except GuikouError as error:
        raise error.at(document.where((*place, *named_fact(error)))) from error


def read_escalation(written: f.EscalatesFile, document: Document, place: Place) -> tuple[bool, Period | None]:
    if written.grace is not None and written.then is None:
        raise bad_value(document, (*place, "grace"), "needs 'then: escalate'", "需要 then: escalate")
    return written.then is not None, read_optional(written.grace, document, (*place, "grace"))


def read_optional(text: str | None, document: Document, place: Place) -> Period | None:
    return read_period(text, document, place) if text is not None else None


def read_period(text: str, document: Document, place: Place) -> Period:
    try:
        return Period.parse(text)
    except BadValue as error:
        raise error.at(document.where(place)) from error


def read_sets(written: Mapping[str, Any], document: Document, place: Place, policy: Vocabulary) -> dict[str, Any]:
    """The facts that are set; a date may be TODAY, and any the value that another had: {fact: NAME}."""
    found: dict[str, Any] = {}
    for name, value in written.items():
        where = document.where((*place, name))
        if name not in policy.facts:
            raise UnknownFact(where=where, fact=name, known=sorted(policy.facts))
        spec = policy.facts[name]
        if value == str(TODAY) and spec.kind.name == "date":
            found[name] = TODAY
            continue
        if isinstance(value, dict) and set(value) == {"fact"}:
            other = policy.facts.get(value["fact"])
            if other is None or other.kind != spec.kind:
                alike = [key for key, one in policy.facts.items() if one.kind == spec.kind and key != name]
                raise UnknownName(
                    where=where, kind_en="fact of its type", kind_zh="同类型的事实", name=value["fact"], known=alike
                )
            found[name] = FactOf(other.name)
            continue
        try:
            found[name] = spec.read(value) if isinstance(value, str) else spec.check(value)
        except BadFact as error:
            raise located(error, name, where) from error
    return found


def located(error: GuikouError, field: str, where: Where) -> PolicyError:
    """An error with its place; what is an input's error elsewhere is the policy's here."""
    if isinstance(error, PolicyError):
        located = error.at(where)
        assert isinstance(located, PolicyError)
        return located
    return BadValue(where=where, field=field, reason_en=error.line("en"), reason_zh=error.line("zh"))


def named_fact(error: GuikouError) -> tuple[str, ...]:
    return (str(error.details["fact"]),) if "fact" in error.details else ()
