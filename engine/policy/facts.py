"""What a policy declares of facts, and everything else that its rules may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ..cases.canonical import admits
from ..errors import BadFact, NotAFact, NotCanonical
from ..rules.unary_tests import Kind
from ..rules.written import read_day, read_number, read_truth, read_whole
from ..text import Title, brief, folded, one_meaning, plainly, suggested, titles, with_titles
from .places import Places

#: What a guard may ask of the case itself, besides the organisation's facts.
CASE_FACTS = {
    "case.days_overdue": Kind("integer"),
    "case.escalation": Kind("integer"),
    "case.extensions": Kind("integer"),
    "case.suspended": Kind("boolean"),
}


#: The days that a fact can be: beyond, periods soon run out of the calendar.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)

#: How people write that there is none.
NONE = ("null", "none", "无")
#: What stands before an example of a kind, which is no value that must be given.
_LIKE = {
    "integer": Title("整数，如 ", "a whole number, such as "),
    "decimal": Title("数，如 ", "a number, such as "),
    "date": Title("日期，如 ", "a day, such as "),
}
#: So much of a wrong text is shown.
_SHOWN = 80


@dataclass(frozen=True)
class FactSpec:
    """A declared fact. `titles` are those of an enumeration's values; `default`, a tuple of one or none, is what rules
    take it for where nobody has said what it is; a day that is `past` has come when it is told."""

    name: str
    title: Title
    kind: Kind
    titles: Mapping[str, Title]
    minimum: Any = None
    maximum: Any = None
    nullable: bool = False
    default: tuple[Any, ...] = ()
    past: bool = False

    __repr__ = brief("name", "title")

    def check(self, value: Any, today: date | None = None) -> Any:
        """The value, if the fact may have it (None is 'known to be none'), where it is told `today`. Raises BadFact and
        NotCanonical."""
        if (
            (value is None and not self.nullable)
            or not self.kind.holds(value)
            or (isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY)
            or (
                value is not None
                and (
                    (self.minimum is not None and value < self.minimum)
                    or (self.maximum is not None and value > self.maximum)
                )
            )
        ):
            kind = self.kind.title
            if value is not None and self.kind.holds(value):
                kind = Title(f"允许范围内的{kind.zh}", f"{kind.en} that is allowed here")
            raise BadFact(fact=self.title, value=value, kind=kind, expected=self.expected)
        if self.past and today is not None and value is not None and value > today:
            come = Title(f"已到的日期（今天是 {today}）", f"a day that has come (today is {today})")
            raise BadFact(fact=self.title, value=value, kind=come, expected=self.expected)
        if not admits(value):
            raise NotCanonical(
                reason_en=f"{self.title.en} is a whole number from 2^53 on, or text with control characters",
                reason_zh=f"{self.title.zh}是 2^53 以上的整数，或含控制字符的文本",
            )
        return value

    @property
    def expected(self) -> Title:
        """What a value may be; an enumeration's with their titles."""
        if self.titles:
            values = with_titles(self.titles)
            return Title(f"{values.zh}、null（无）", f"{values.en}, null") if self.nullable else values
        like, example = _LIKE.get(self.kind.name, Title("", "")), self.kind.expected
        least = [f">= {self.minimum}"] if self.minimum is not None else []
        bounds = [*least, *([f"<= {self.maximum}"] if self.maximum is not None else [])]
        zh, en = "，且 " + "、".join(bounds) if bounds else "", ", and " + " and ".join(bounds) if bounds else ""
        if self.past:
            zh, en = "，且不晚于今天", ", and not after today"
        none = Title("，或 null（无）", ", or null") if self.nullable else Title("", "")
        return Title(f"{like.zh}{example.zh}{zh}{none.zh}", f"{like.en}{example.en}{en}{none.en}")

    def read(self, text: str) -> Any:
        """A value as a person writes it: a day, number or yes and no in any usual writing (`engine.rules.written`), an
        enumeration's by its key or title without width, case and spaces; 无, none or null where none may be.

        Raises BadFact, saying what to write instead, and NotCanonical.
        """
        text = text.strip()
        try:
            return self.check(self._read(text))
        except ValueError as error:
            expected = getattr(error, "instead", None) or self.expected
            text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
            raise BadFact(fact=self.title, value=text, kind=self.kind.title, expected=expected) from error

    def _read(self, text: str) -> Any:
        match self.kind.name:
            case "boolean":
                return None if folded(text) in ("null", "none") else read_truth(text)
            case "enumeration" if (value := self.value(text)) is not None:
                return value
            case _ if folded(text) in NONE:
                return None
            case "date":
                return read_day(text)
            case "integer":
                return read_whole(text)
            case "decimal":
                return read_number(text)
            case _:
                return self.kind.read(text)

    def value(self, text: str) -> str | None:
        """The enumeration's value that a text names, or None."""
        return text if text in self.kind.values else self._named.get(folded(text))

    @cached_property
    def _named(self) -> dict[str, str]:
        """Each value by whatever names it."""
        own = {value: self.titles.get(value, Title(value, value)) for value in self.kind.values}
        return one_meaning((word, value) for value, title in own.items() for word in (value, title.zh, title.en))


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a policy's rules may ask for, by name.

    `kinds` is what guards and tables may ask: facts, the area's key at each tier, the workflow's name, the case's own.
    `asked` is what gates, supports and indicators may ask: all that, the stage, and what is `derived`. `derived` has
    the titles of what changes by itself; `unrecorded` is its value for a case of which nothing was recorded and that is
    in no group. `values` has the titles of types, stages and areas, by the name that asks for them.
    """

    places: Places
    facts: Mapping[str, FactSpec]
    kinds: Mapping[str, Kind]
    asked: Mapping[str, Kind]
    derived: Mapping[str, Title]
    unrecorded: Mapping[str, Any]
    values: Mapping[str, Mapping[str, Title]] = field(default_factory=dict)

    def value(self, name: str, value: Any) -> Title:
        """A value as a person reads it: by its title, where it has one."""
        if name in self.facts and isinstance(value, str):
            spec = self.facts[name]
            body = self.places.bodies.get(value) if spec.kind.name == "body" else None
            title = body.title if body is not None else spec.titles.get(value)
        else:
            title = self.values.get(name, {}).get(value) if isinstance(value, str) else None
        return title or plainly(value)

    def title(self, name: str) -> Title:
        """The title of a fact, or of one of the names that rules may ask for besides."""
        if name in self.facts:
            return self.facts[name].title
        return self.derived.get(name) or self.places.tiers.get(name) or _CASE_TITLES.get(name) or Title(name, name)

    def check(self, facts: Mapping[str, Any], today: date | None = None) -> dict[str, Any]:
        """The facts, if each is declared and has a value that it may have, where they are told `today`. Raises NotAFact
        and BadFact."""
        for name in facts:
            if name not in self.facts:
                raise NotAFact(fact=name, known=suggested(name, titles(self.facts)))
        checked = {name: self.facts[name].check(value, today) for name, value in facts.items()}
        for name, value in checked.items():
            if value is not None and self.facts[name].kind.name == "body":
                self.places.body(value)
        return checked

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What facts are taken for where nobody has said."""
        return {name: spec.default[0] for name, spec in self.facts.items() if spec.default}

    @cached_property
    def dated(self) -> tuple[tuple[str, str], ...]:
        """The facts that are days, each with the name of the months since."""
        return tuple((name, f"{name}.months") for name, spec in self.facts.items() if spec.kind.name == "date")


def facts_in_words(vocabulary: Vocabulary, facts: Mapping[str, Any]) -> Title:
    """Facts in one line, each with its value."""
    told = []
    for name, value in facts.items():
        title, said = vocabulary.title(name), vocabulary.value(name, value)
        told.append(Title(f"{title.zh}为 {said.zh}", f"{title.en} = {said.en}"))
    return Title("，".join(one.zh for one in told), "; ".join(one.en for one in told))


_CASE_TITLES = {
    "type": Title("类型", "type"),
    "responsible": Title("归口单位", "responsible body"),
    "hub": Title("枢纽", "hub"),
    "case.days_overdue": Title("逾期天数", "days overdue"),
    "case.escalation": Title("上报层级", "escalation level"),
    "case.extensions": Title("延期次数", "extensions"),
    "case.suspended": Title("已中止计时", "suspended"),
    "case.members": Title("成员数", "members"),
    "stage": Title("阶段", "stage"),
}
