"""Reading what several sections of a policy write alike: titles, conditions, periods, what is set. Errors are raised
with the place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...dates.periods import Period
from ...errors import BadFact, BadValue, GuikouError, PolicyError, UnknownFact, UnknownName, Where
from ...rules.conditions import Condition
from ...rules.notation import parse_condition
from ...rules.unary_tests import Kind
from ...text import Title, suggested
from ..facts import FactSpec, Vocabulary
from ..obligations import Obligation
from ..places import Places
from ..tables import PolicyTable
from ..workflow import TODAY, FactOf, Workflow
from . import models as f
from .documents import Document

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What every rule of a policy may name: it is read before all of them."""

    places: Places
    vocabulary: Vocabulary
    remind: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that records, gates, groups, support and indicators may name besides."""

    known: Known
    tables: Mapping[str, PolicyTable]
    workflows: Mapping[str, Workflow]
    obligations: Mapping[str, Obligation]
    blockers: Mapping[str, Title]
    entitlements: tuple[str, ...]


def read_title(title: f.TitleFile) -> Title:
    return Title(title.zh, title.en)


def bad_value(document: Document, place: Place, en: str, zh: str) -> BadValue:
    named = ".".join(str(part) for part in place)
    return BadValue(where=document.where(place), field=named, reason_en=en, reason_zh=zh)


def reminders(days: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(days), reverse=True))


def check_names(
    document: Document, place: Place, kind: tuple[str, str], names: Iterable[str], among: Iterable[str]
) -> None:
    """Raises UnknownName for a name that is not among some; `kind` is what they are, in English and Chinese."""
    known = list(among)
    for name in names:
        if name not in known:
            near = suggested(name, known)
            raise UnknownName(where=document.where(place), kind_en=kind[0], kind_zh=kind[1], name=name, known=near)


def read_condition(
    written: Mapping[str, Any], document: Document, place: Place, kinds: Mapping[str, Kind]
) -> Condition:
    try:
        return parse_condition(written, kinds)
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


def read_sets(
    written: Mapping[str, Any], document: Document, place: Place, facts: Mapping[str, FactSpec]
) -> dict[str, Any]:
    """The facts that are set; a date may be TODAY, and any the value that another had: {fact: NAME}."""
    found: dict[str, Any] = {}
    for name, value in written.items():
        where = document.where((*place, name))
        if name not in facts:
            raise UnknownFact(where=where, fact=name, known=suggested(name, list(facts)))
        spec = facts[name]
        if value == str(TODAY) and spec.kind.name == "date":
            found[name] = TODAY
            continue
        if isinstance(value, dict) and set(value) == {"fact"}:
            other = facts.get(value["fact"])
            if other is None or other.kind != spec.kind:
                alike = [key for key, one in facts.items() if one.kind == spec.kind and key != name]
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
