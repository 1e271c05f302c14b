"""What a scorecard says of its measures: numbers in words, verdicts and remarks, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from guikou.engine.indicators.grouping import ALL
from guikou.engine.indicators.measures import Measure
from guikou.engine.policy.indicators import Indicator, Section
from guikou.engine.rules.unary_tests import UnaryTest
from guikou.engine.text import Lang, Title, shown

from .. import locales

Number = int | Decimal
Kind = Literal["share", "change", "money", "rate", "count"]
_MINUS = "−"
#: What the columns of a table of measures are called, in the terminal as in a workbook, in their order.
COLUMNS: Mapping[str, Title] = {
    "section": Title("部分", "section"),
    "indicator": Title("指标", "indicator"),
    "group": Title("分组", "group"),
    "value": Title("数值", "value"),
    "numerator": Title("分子", "counted"),
    "denominator": Title("分母", "of"),
    "unknown": Title("未知", "not known"),
    "target": Title("目标", "target"),
    "met": Title("达标", "met"),
    "published": Title("已公布", "published"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """What is said under a bar; a verdict has a `mark`."""

    text: str
    tone: Literal["", "met", "missed"] = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A scorecard's words in one language."""

    lang: Lang

    def t(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def title(self, title: Title) -> str:
        return shown(title, self.lang)

    def heading(self, title: Title) -> str:
        """A title that stands by itself: in English with a capital."""
        text = self.title(title)
        return text[:1].upper() + text[1:] if self.lang == "en" else text

    def joined(self, texts: Iterable[str]) -> str:
        return self.t("、", ", ").join(texts)

    def by(self, section: Section) -> str:
        """What a section's groups are."""
        names = {
            "type": self.t("类型", "Type"),
            "responsible": self.t("归口单位", "Responsible body"),
            "hub": self.t("枢纽", "Hub"),
            "stage": self.t("阶段", "Stage"),
        }
        return names.get(section.by or "") or self.heading(COLUMNS["group"])

    # --- numbers and days ---

    def day(self, day: date) -> str:
        return locales.day(day, self.lang)

    def short_day(self, day: date) -> str:
        """A day where room is short."""
        return locales.short_day(day, self.lang)

    def month(self, day: date, year: bool) -> str:
        return locales.month(day, self.lang, year=year)

    def number(self, value: Number) -> str:
        return locales.number(value, self.lang, minus=_MINUS)

    def percent(self, share: Number, test: UnaryTest | None = None) -> str:
        """A share as a percentage: with one decimal, or as many as it takes not to be rounded into none, all, or the
        other side of a target."""
        share, rounded = Decimal(share), Decimal(0)
        for places in range(3, 8):
            rounded = rounded_half_up(share, places)
            told = (rounded == 0) == (share == 0) and (rounded == 1) == (share == 1)
            if told and (test is None or test.matches(rounded) == test.matches(share)):
                break
        return locales.percent(rounded, self.lang, minus=_MINUS)

    def bare_percent(self, share: Number) -> str:
        """A bound as a policy wrote it: without decimals that say nothing."""
        return locales.percent(Decimal(share).normalize(), self.lang, grouped=False, minus=_MINUS)

    def signed(self, share: Number, text: str) -> str:
        """A change, written `text`: what grew has a plus."""
        return ("+" if share > 0 else "") + text

    def short(self, kind: Kind, value: Decimal) -> str:
        """A number on an axis."""
        if kind == "share":
            return self.bare_percent(value)
        if kind == "change":
            return self.signed(value, self.bare_percent(value))
        # CLDR's short English forms shorten thousands too, which few would expect on an axis.
        steps = [(8, "亿"), (4, "万")] if self.lang == "zh" else [(9, "bn"), (6, "m")]
        for power, unit in steps:
            if abs(value) >= Decimal(10) ** power:
                return self.number(value.scaleb(-power).normalize()) + unit
        return self.number(value.normalize())

    def figure(self, indicator: Indicator, value: Number, test: UnaryTest | None = None) -> str:
        """An indicator's value; rounding does not move it over the target `test`."""
        match kind_of(indicator):
            case "share":
                return self.percent(value, test)
            case "change":
                return self.signed(value, self.percent(value, test))
            case "money":
                return self.number(rounded_half_up(value, 2))
            case "rate":
                return self.number(rounded_half_up(value, 1 if abs(Decimal(value)) >= 10 else 2))
            case _:
                return self.number(Decimal(value).normalize() if isinstance(value, Decimal) else value)

    def published(self, indicator: Indicator, value: Decimal) -> str:
        """A published value; a rate as it was published."""
        return self.number(value) if kind_of(indicator) == "rate" else self.figure(indicator, value)

    def bound(self, indicator: Indicator, value: Any) -> str:
        if not isinstance(value, (int, Decimal)):
            return str(value)
        return self.bare_percent(value) if indicator.is_ratio else self.number(value)

    def target(self, indicator: Indicator, test: UnaryTest) -> str:
        """A target as a reader writes it; an unusual one as the policy does."""
        only = only_bound(test)
        if only is not None:
            return only[0] + self.bound(indicator, only[1])
        if test.negated or len(test.intervals) + bool(test.points) != 1:
            return test.text
        if test.points:
            return "/".join(self.bound(indicator, one) for one in test.points)
        (interval,) = test.intervals
        return f"{self.bound(indicator, interval.low)}–{self.bound(indicator, interval.high)}"

    # --- a measure ---

    def value(self, one: Measure) -> str:
        if one.value is None:
            return self.t("无数据", "no figure")
        return self.figure(one.indicator, one.value, one.target)

    def detail(self, one: Measure) -> str:
        """What a value was made of."""
        indicator = one.indicator
        if not one.denominator and indicator.growth is None:
            return ""
        over, under = self.number(one.numerator), self.number(one.denominator or 0)
        if indicator.growth is not None:
            return self.t(f"现 {over}，此前 {under}", f"{over} now, {under} before")
        return self.t(f"{over} / {under}", f"{over} of {under}")

    def notes(self, one: Measure, whole: bool = False) -> tuple[Note, ...]:
        """What is to be said of a measure besides its value; `whole`: of all the organisations of a panel of groups."""
        indicator, t = one.indicator, self.t
        found: list[Note] = []
        if one.target is not None:
            aim = t("目标 ", "target ") + self.target(indicator, one.target)
            if one.met is None:
                found.append(Note(aim + t("，无数据可比", ", nothing to compare")))
            elif one.met:
                found.append(Note(t(f"达标（{aim}）", f"met ({aim})"), "met", "✓"))
            else:
                found.append(Note(t(f"未达标（{aim}）", f"missed ({aim})"), "missed", "✕"))
        elif indicator.target is not None and whole:
            aim = self.target(indicator, indicator.target)
            found.append(Note(t(f"目标 {aim} 不适用于全部组织", f"the target {aim} does not apply to all of them")))
        if one.published is not None:
            figure = self.published(indicator, one.published)
            found.append(Note(t(f"公布值 {figure}", f"published: {figure}")))
        elif one.is_published:
            found.append(Note(t("无公布数据", "published: not available")))
        if one.unknown:
            many = self.number(one.unknown)
            if indicator.share is not None:
                found.append(Note(t(f"{many} 家情况未知，按未达到计", f"{many} not known, counted as not met")))
            else:
                found.append(Note(t(f"{many} 家情况未知，按零计", f"{many} not known, counted as none")))
        if one.groups is not None:
            found.append(Note(t(f"共 {self.number(one.groups)} 个", f"held by {self.number(one.groups)}")))
        return tuple(found)

    def spoken(self, one: Measure) -> str:
        """What a picture says, in words."""
        name = self.title(one.indicator.title)
        if one.key != ALL:
            name += self.t("，", ", ") + self.title(one.title)
        texts = [f"{name}{self.t('：', ': ')}{self.value(one)}", *(note.text for note in self.notes(one))]
        return self.t("；", "; ").join(texts)


def only_bound(test: UnaryTest) -> tuple[str, Any] | None:
    """The one bound of a target, and the sign before it; None for one that has more, or is an unusual one."""
    if test.negated or len(test.intervals) + len(test.points) != 1:
        return None
    if test.points:
        return "", next(iter(test.points))
    (interval,) = test.intervals
    if interval.high is None:
        return "≥ " if interval.low_closed else "> ", interval.low
    if interval.low is None:
        return "≤ " if interval.high_closed else "< ", interval.high
    return None


def kind_of(indicator: Indicator) -> Kind:
    """How an indicator's value is written and drawn."""
    if indicator.growth is not None:
        return "change"
    if indicator.is_ratio:
        return "share"
    if indicator.is_money:
        return "money"
    return "rate" if indicator.per is not None else "count"


def rounded_half_up(value: Number, places: int) -> Decimal:
    """As people round: a half goes away from zero."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
