"""A body's scorecard of a year: as a page to look at (HTML, complete in itself, made to be printed) and as a workbook.

The page draws what `Supervision.scorecard` counted and adds nothing to it: every picture stands in the row of its own
numbers, starts at zero, and says in words what it says in colour.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from guikou.engine.case import Title
from guikou.engine.conditions import UnaryTest
from guikou.engine.errors import Lang, NotInstalled, shown
from guikou.engine.indicators import ALL, Measure, worst_first
from guikou.engine.parts import Indicator, Section
from guikou.engine.views import YearReport

from .report_template import STYLE, TEMPLATE

#: How many groups of an indicator are drawn, and how many figures stand at the head.
SHOWN, HEADLINES = 20, 8
#: How many segments a stacked bar can have and still be told apart in black and white.
_FILLS = 8
#: How many rows a section may have to be kept together in print.
_PAGE = 10
_STEPS = [Decimal(step) for step in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")]

Number = int | Decimal
Tone = Literal["plain", "missed", "due"]


# --- numbers in words ------------------------------------------------------------------------------------------------


def _kind(indicator: Indicator) -> Literal["share", "change", "money", "rate", "count"]:
    """How an indicator's value is written and drawn."""
    if indicator.growth is not None:
        return "change"
    if indicator.is_ratio:
        return "share"
    if indicator.is_money:
        return "money"
    return "rate" if indicator.per is not None else "count"


def _fixed(value: Number, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _percent(value: Number, test: UnaryTest | None = None) -> str:
    """A share as a percentage: with one decimal, or as many as it takes not to be rounded into none, all, or the other
    side of a target."""
    share, rounded = Decimal(value), Decimal(0)
    for places in range(1, 6):
        rounded = _fixed(share * 100, places)
        back = rounded / 100
        told = (back == 0) == (share == 0) and (back == 1) == (share == 1)
        if told and (test is None or test.matches(back) == test.matches(share)):
            break
    return f"{rounded:,}%".replace("-", "−")


def _bare_percent(value: Any) -> str:
    """A bound as a policy wrote it: without decimals that say nothing."""
    return f"{(Decimal(value) * 100).normalize():f}%"


def _number(value: Number) -> str:
    return f"{value:,f}".replace("-", "−") if isinstance(value, Decimal) else f"{value:,}".replace("-", "−")


def _value(indicator: Indicator, value: Number, test: UnaryTest | None = None) -> str:
    """A value as the page shows it."""
    match _kind(indicator):
        case "share":
            return _percent(value, test)
        case "change":
            return ("+" if value > 0 else "") + _percent(value, test)
        case "money":
            return _number(_fixed(value, 2))
        case "rate":
            return _number(_fixed(value, 1 if abs(Decimal(value)) >= 10 else 2))
        case _:
            return _number(Decimal(value).normalize() if isinstance(value, Decimal) else value)


def _published(indicator: Indicator, value: Decimal) -> str:
    return _value(indicator, value) if _kind(indicator) != "rate" else _number(value)


def _bound(indicator: Indicator, value: Any) -> str:
    if not isinstance(value, (int, Decimal)):
        return str(value)
    return _bare_percent(value) if indicator.is_ratio else _number(value)


def _target(indicator: Indicator, test: UnaryTest) -> str:
    """A target as a reader writes it; an unusual one as the policy does."""
    if test.negated or len(test.intervals) + bool(test.points) != 1:
        return test.text
    if test.points:
        return "/".join(_bound(indicator, one) for one in test.points)
    (interval,) = test.intervals
    if interval.high is None:
        return ("≥ " if interval.low_closed else "> ") + _bound(indicator, interval.low)
    if interval.low is None:
        return ("≤ " if interval.high_closed else "< ") + _bound(indicator, interval.high)
    return f"{_bound(indicator, interval.low)}–{_bound(indicator, interval.high)}"


def _bounds(test: UnaryTest | None) -> list[Decimal]:
    """Where the line of a target is drawn."""
    if test is None:
        return []
    found = [bound for one in test.intervals for bound in (one.low, one.high)] + list(test.points)
    return sorted({Decimal(one) for one in found if isinstance(one, (int, Decimal)) and not isinstance(one, bool)})


def _day(day: date, lang: Lang) -> str:
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


# --- what is drawn ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a value stands between the ends of an axis, in per cent of its length. Zero is always on it."""

    low: Decimal
    high: Decimal

    def at(self, value: Number) -> float:
        return round(
            float((min(max(Decimal(value), self.low), self.high) - self.low) / (self.high - self.low) * 100), 2
        )


@dataclass(frozen=True, slots=True)
class _Tick:
    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar from `start`, `width` long; after it what is not known (`doubt`), the lines of the target and the tick of
    the published value, all in per cent."""

    start: float
    width: float
    tone: Tone
    grid: tuple[float, ...]
    zero: float
    doubt: float
    targets: tuple[float, ...]
    published: float | None
    label: str


@dataclass(frozen=True, slots=True)
class _Note:
    """What is said under a bar; a verdict has a `mark`."""

    text: str
    tone: Literal["", "met", "missed"] = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    title: str
    value: str
    detail: str = ""
    bar: _Bar | None = None
    notes: tuple[_Note, ...] = ()
    strong: bool = False
    small: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class _Segment:
    start: float
    width: float
    fill: int
    title: str
    value: str
    share: str


@dataclass(frozen=True, slots=True)
class _Panel:
    """A table with a picture in each row; or with one stacked bar over it (`stack`)."""

    title: str
    head: str
    rows: tuple[_Row, ...]
    axis: tuple[_Tick, ...] = ()
    sub: str = ""
    more: str = ""
    wide: bool = False
    stack: tuple[_Segment, ...] = ()
    label: str = ""
    total: str = ""

    @property
    def long(self) -> bool:
        """Whether its values need more room than shares and counts do."""
        return any(len(row.value) > 10 for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Block:
    number: int
    title: str
    panels: tuple[_Panel, ...]
    empty: tuple[str, ...]
    flows: bool

    @property
    def whole(self) -> bool:
        """Whether it is short enough to be printed without a break."""
        return sum(len(panel.rows) + len(panel.stack) + 2 for panel in self.panels) <= _PAGE


@dataclass(frozen=True, slots=True)
class _Figure:
    title: str
    value: str
    detail: str
    bar: _Bar | None
    notes: tuple[_Note, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float
    text: str
    keep: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class _Trend:
    title: str
    lines: tuple[tuple[float, float, float, float], ...]
    points: tuple[_Point, ...]
    rows: tuple[tuple[str, str, str], ...]
    x_axis: tuple[tuple[float, str, bool], ...]
    y_axis: tuple[tuple[float, str], ...]
    targets: tuple[tuple[float, str], ...]
    note: str
    label: str


def _ceiling(value: Decimal) -> Decimal:
    """The end of an axis: a round number that is not less."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(value.adjusted())
    return next(step * power for step in _STEPS if step * power >= value)


class _Page:
    """Turns measures into what the template draws, in one language."""

    def __init__(self, report: YearReport, lang: Lang) -> None:
        self.lang = lang
        self.sections = [(section, [many for many in measured if many]) for section, measured in report.sections]

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

    # --- axes and bars ---

    def scale(self, kind: str, measures: Iterable[Measure]) -> _Scale:
        """A whole for shares; around zero for a change; else from zero to the largest."""
        values: list[Decimal] = []
        for one in measures:
            values += [
                Decimal(value) for value in (one.value, one.published, *_bounds(one.target)) if value is not None
            ]
        low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
        if kind == "share":
            return _Scale(Decimal(0), max(Decimal(1), high))
        if kind == "change":
            end = _ceiling(max(abs(low), high, Decimal("0.05")))
            return _Scale(-end, end)
        return _Scale(-_ceiling(-low) if low < 0 else Decimal(0), _ceiling(high))

    def ticks(self, kind: str, scale: _Scale) -> tuple[_Tick, ...]:
        if kind == "share":
            marks = [scale.high * at / 4 for at in range(5)]
        elif scale.low < 0:
            marks = [scale.low, Decimal(0), scale.high]
        else:
            marks = [scale.low, scale.high / 2, scale.high]
            if kind == "count" and marks[1] != marks[1].to_integral_value():
                del marks[1]
        anchors = ["start", *["middle"] * (len(marks) - 2), "end"]
        return tuple(
            _Tick(scale.at(mark), self.short(kind, mark), anchor) for mark, anchor in zip(marks, anchors, strict=True)
        )

    def short(self, kind: str, value: Decimal) -> str:
        """A number on an axis."""
        if kind in ("share", "change"):
            return ("+" if kind == "change" and value > 0 else "") + _bare_percent(value).replace("-", "−")
        steps = [(8, "亿"), (4, "万")] if self.lang == "zh" else [(9, "bn"), (6, "m")]
        for power, unit in steps:
            if abs(value) >= Decimal(10) ** power:
                return f"{value.scaleb(-power).normalize():,f}{unit}".replace("-", "−")
        return f"{value.normalize():,f}".replace("-", "−")

    def bar(self, one: Measure, scale: _Scale, axis: Sequence[_Tick] = (), tone: Tone = "plain") -> _Bar:
        zero = scale.at(0)
        end = scale.at(one.value) if one.value is not None else zero
        doubt = 0.0
        if one.indicator.share is not None and one.unknown and one.denominator:
            doubt = round(scale.at(Decimal(one.numerator + one.unknown) / one.denominator) - end, 2)
        published = scale.at(one.published) if one.published is not None else None
        return _Bar(
            min(zero, end), round(abs(end - zero), 2), "missed" if one.met is False else tone,
            tuple(tick.at for tick in axis), zero, doubt, tuple(scale.at(line) for line in _bounds(one.target)),
            published, self.spoken(one),
        )  # fmt: skip

    def spoken(self, one: Measure) -> str:
        """What a picture says, in words."""
        name = self.title(one.indicator.title)
        if one.key != ALL:
            name += self.t("，", ", ") + self.title(one.title)
        texts = [f"{name}{self.t('：', ': ')}{self.value(one)}", *(note.text for note in self.notes(one))]
        return self.t("；", "; ").join(texts)

    # --- texts of one measure ---

    def value(self, one: Measure) -> str:
        if one.value is None:
            return self.t("无数据", "no figure")
        return _value(one.indicator, one.value, one.target)

    def detail(self, one: Measure) -> str:
        """What a value was made of."""
        indicator = one.indicator
        if not one.denominator and indicator.growth is None:
            return ""
        over, under = _number(one.numerator), _number(one.denominator or 0)
        if indicator.growth is not None:
            return self.t(f"现 {over}，此前 {under}", f"{over} now, {under} before")
        return self.t(f"{over} / {under}", f"{over} of {under}")

    def notes(self, one: Measure, whole: bool = False) -> tuple[_Note, ...]:
        """What is to be said of a measure besides its value."""
        indicator, t = one.indicator, self.t
        found: list[_Note] = []
        if one.target is not None:
            aim = t("目标 ", "target ") + _target(indicator, one.target)
            if one.met is None:
                found.append(_Note(aim + t("，无数据可比", ", nothing to compare")))
            elif one.met:
                found.append(_Note(t(f"达标（{aim}）", f"met ({aim})"), "met", "✓"))
            else:
                found.append(_Note(t(f"未达标（{aim}）", f"missed ({aim})"), "missed", "✕"))
        elif indicator.target is not None and whole:
            aim = _target(indicator, indicator.target)
            found.append(_Note(t(f"目标 {aim} 不适用于全部组织", f"the target {aim} does not apply to all of them")))
        if one.published is not None:
            figure = _published(indicator, one.published)
            found.append(_Note(t(f"公布值 {figure}", f"published: {figure}")))
        elif one.is_published:
            found.append(_Note(t("无公布数据", "published: not available")))
        if one.unknown:
            many = _number(one.unknown)
            if indicator.share is not None:
                found.append(_Note(t(f"{many} 家情况未知，按未达到计", f"{many} not known, counted as not met")))
            else:
                found.append(_Note(t(f"{many} 家情况未知，按零计", f"{many} not known, counted as none")))
        if one.groups is not None:
            found.append(_Note(t(f"共 {_number(one.groups)} 个", f"held by {_number(one.groups)}")))
        return tuple(found)

    def row(
        self,
        one: Measure,
        scale: _Scale | None,
        axis: Sequence[_Tick] = (),
        *,
        grouped: bool = True,
        tone: Tone = "plain",
    ) -> _Row:
        """A row for a measure: of an indicator among others, or of a group among others."""
        bar = None
        drawn = one.value is not None and (
            one.value != 0 or one.published is not None or _kind(one.indicator) in ("share", "change")
        )
        if scale is not None and (drawn or one.published is not None):
            bar = self.bar(one, scale, axis, tone)
        title = self.heading(one.title if grouped else one.indicator.title)
        if grouped and one.key == ALL:
            title = self.t("合计", "All")
        return _Row(
            title, self.value(one), self.detail(one), bar, self.notes(one, one.key == ALL), grouped and one.key == ALL
        )

    # --- panels ---

    def by(self, section: Section) -> str:
        names = {
            "type": self.t("类型", "Type"),
            "responsible": self.t("责任单位", "Responsible body"),
            "hub": self.t("枢纽", "Hub"),
            "stage": self.t("阶段", "Stage"),
        }
        return names.get(section.by or "", self.t("组别", "Group"))

    def block(self, number: int, section: Section, measured: Sequence[Sequence[Measure]]) -> _Block:
        """A section. What is nought, and can't be compared with anything, is said and not drawn."""
        full = [one for one in measured if not self.nothing(one)]
        if section.by is None:
            panels = list(self.ungrouped([one[0] for one in full]))
        else:
            panels = list(self.grouped(section, full))
        left = [one[0] for one in measured if self.nothing(one)]
        none = [self.title(one.indicator.title) for one in left if one.value is not None]
        without = [self.title(one.indicator.title) for one in left if one.value is None]
        empty = []
        if none:
            empty.append(self.t("为零：", "Zero: ") + self.joined(none) + self.t("。", "."))
        if without:
            empty.append(self.t("没有可统计的对象：", "Nothing to count: ") + self.joined(without) + self.t("。", "."))
        if not measured:
            empty.append(self.t("本节没有指标。", "This section has no indicators."))
        return _Block(number, self.title(section.title), tuple(panels), tuple(empty), section.by is None)

    @staticmethod
    def nothing(measures: Sequence[Measure]) -> bool:
        first = measures[0]
        told = first.published is not None or first.is_published or first.target is not None or first.unknown
        if any(one.value or one.unknown or one.is_published for one in measures[1:]):
            return False
        return not told and not first.denominator and not first.value

    def ungrouped(self, measures: Sequence[Measure]) -> Iterator[_Panel]:
        """Indicators side by side: those that can share an axis under one, in the order in which they first come."""
        families: dict[str, list[Measure]] = {}
        for one in measures:
            families.setdefault(_family(one.indicator), []).append(one)
        alone = [many[0] for name, many in families.items() if len(many) == 1 and name not in ("share", "change")]
        names = {
            "share": self.t("比率", "Shares"),
            "change": self.t("增长", "Change"),
            "money": self.t("金额", "Amounts"),
            "events": self.t("件次", "What took place"),
            "support": self.t("应付与已付", "Due and paid"),
            "cases": self.t("家数", "Organisations"),
            "people": self.t("人数", "People"),
            "rate": self.t("比例", "Rates"),
        }
        told_alone = False
        for name, many in families.items():
            if many[0] in alone:
                if not told_alone:
                    yield _Panel(
                        self.t("数量", "Numbers"), self.t("指标", "Indicator"), tuple(self.single(one) for one in alone)
                    )
                told_alone = True
                continue
            kind = _kind(many[0].indicator)
            scale = self.scale(kind, many)
            axis = self.ticks(kind, scale)
            rows = self.paired(many, scale, axis) if name == "support" else [
                self.row(one, scale, axis, grouped=False) for one in many
            ]  # fmt: skip
            yield _Panel(names[name], self.t("指标", "Indicator"), tuple(rows), axis)

    def single(self, one: Measure) -> _Row:
        """A number with nothing beside it to compare it with but what was published."""
        scale = self.scale(_kind(one.indicator), [one]) if one.published is not None or one.target is not None else None
        return self.row(one, scale, grouped=False)

    def paired(self, measures: Sequence[Measure], scale: _Scale, axis: Sequence[_Tick]) -> Iterator[_Row]:
        """Amounts, what was paid of a support right under what is due."""
        due = {one.indicator.support[0]: one for one in measures if _is(one, "due") and one.indicator.support}
        for name, many in _supports(measures):
            for at, one in enumerate(many):
                row = self.row(one, scale, axis, grouped=False, tone="due" if _is(one, "due") else "plain")
                yield self.settled(row, one, due.get(name)) if at else row

    def settled(self, row: _Row, one: Measure, due: Measure | None) -> _Row:
        """A row that follows the one with what is due, and says how much of it is paid."""
        notes = row.notes
        if _is(one, "paid") and due is not None and due.value:
            part = _percent(Decimal(one.numerator) / due.value)
            notes = (_Note(self.t(f"占应付的 {part}", f"{part} of what is due")), *notes)
        return _Row(row.title, row.value, row.detail, row.bar, notes, row.strong, row.small, True)

    def grouped(self, section: Section, measured: Sequence[Sequence[Measure]]) -> Iterator[_Panel]:
        pairs = [many for many in measured if many[0].indicator.support and _kind(many[0].indicator) == "money"]
        done: set[str] = set()
        for at, many in enumerate(measured):
            first = many[0]
            wide = (at == 0 and len(measured) % 2 == 1) or len(many) > 12
            if many in pairs and first.indicator.support is not None:
                name = first.indicator.support[0]
                together = [one for one in pairs if one[0].indicator.support and one[0].indicator.support[0] == name]
                if len(together) > 1:
                    if name not in done:
                        yield self.pair(section, together)
                    done.add(name)
                    continue
            if section.by == "stage" and _family(first.indicator) == "cases" and 1 < len(many) <= _FILLS + 1:
                yield self.stacked(many)
            else:
                yield self.groups(section, many, wide)

    def groups(self, section: Section, measures: Sequence[Measure], wide: bool) -> _Panel:
        first, kind = measures[0], _kind(measures[0].indicator)
        kept, rest, order = self.chosen(measures)
        whole = kind in ("share", "change")
        scale = self.scale(kind, [first, *kept] if whole else kept)
        axis = self.ticks(kind, scale)
        # A sum beside its parts would only make them small.
        rows = [self.row(first, scale if whole else None, axis), *(self.row(one, scale, axis) for one in kept)]
        return _Panel(
            self.heading(first.indicator.title), self.by(section), tuple(rows), axis, order, self.more(rest), wide
        )

    def chosen(self, measures: Sequence[Measure]) -> tuple[list[Measure], list[Measure], str]:
        """The groups to draw, those left, and how they are ordered: the worst first, among equals the larger."""
        indicator, groups = measures[0].indicator, list(measures[1:])
        many = len(groups) > SHOWN

        def size(one: Measure) -> Number:
            return -(one.denominator if one.denominator is not None else one.numerator)

        if indicator.worse is not None or any(one.met is False for one in groups):
            groups = worst_first([measures[0], *sorted(groups, key=size)])[1:]
            order = self.t("由差到好", "worst first")
        elif many:
            groups = sorted(groups, key=size)
            order = self.t("由大到小", "largest first")
        else:
            order = ""
        return groups[:SHOWN], groups[SHOWN:], order

    def ordered(self, measures: Sequence[Measure]) -> list[Measure]:
        kept, rest, _ = self.chosen(measures)
        return kept + rest

    def more(self, rest: Sequence[Measure]) -> str:
        if not rest:
            return ""
        many = _number(len(rest))
        text = self.t(f"另有 {many} 个未列出", f"and {many} more")
        values = [one for one in rest if one.value is not None]
        if values:
            low, high = min(values, key=lambda one: one.value or 0), max(values, key=lambda one: one.value or 0)
            text += self.t(
                f"，{self.value(low)} 至 {self.value(high)}", f", from {self.value(low)} to {self.value(high)}"
            )
        missed, met = sum(one.met is False for one in rest), sum(one.met is True for one in rest)
        if missed or met:
            text += self.t(
                f"，其中 {met} 个达标、{missed} 个未达标", f"; {met} of them met the target, {missed} missed it"
            )
        return text + self.t("。", ".")

    def pair(self, section: Section, together: Sequence[Sequence[Measure]]) -> _Panel:
        """What is due to each group and what was paid to it, one under the other."""
        parts = sorted(together, key=lambda many: _WHAT.index(many[0].indicator.support[1]))  # type: ignore[index]
        by_key = [{one.key: one for one in many} for many in parts]
        lead = next((many for many in parts if many[0].indicator.worse is not None), parts[0])
        kept, rest, order = self.chosen(lead)
        scale = self.scale("money", [found[one.key] for one in kept for found in by_key if one.key in found])
        axis = self.ticks("money", scale)
        rows = []
        for one in [lead[0], *kept]:
            many = [found[one.key] for found in by_key if one.key in found]
            due = next((each for each in many if _is(each, "due")), None)
            for at, each in enumerate(many):
                own = self.row(
                    each, None if one.key == ALL else scale, axis, tone="due" if _is(each, "due") else "plain"
                )
                row = self.settled(own, each, due) if at else own
                small = self.heading(each.indicator.title)
                rows.append(_Row(row.title, row.value, row.detail, row.bar, row.notes, row.strong, small, row.follows))
        title = self.t(" · ", " · ").join(self.heading(many[0].indicator.title) for many in parts)
        return _Panel(title, self.by(section), tuple(rows), axis, order, self.more(rest), True)

    def stacked(self, measures: Sequence[Measure]) -> _Panel:
        """The parts of a whole as one bar."""
        first, parts = measures[0], [one for one in measures[1:] if one.numerator]
        whole = sum(Decimal(one.numerator) for one in parts)
        segments, start = [], Decimal(0)
        for at, one in enumerate(parts):
            share = Decimal(one.numerator) / whole
            segments.append(
                _Segment(
                    round(float(start * 100), 2), round(float(share * 100), 2), at, self.title(one.title),
                    self.value(one), _percent(share),
                )
            )  # fmt: skip
            start += share
        title = self.heading(first.indicator.title)
        told = self.joined(
            f"{one.title} {one.value}{self.t('（', ' (')}{one.share}{self.t('）', ')')}" for one in segments
        )
        return _Panel(
            title, self.t("阶段", "Stage"), (), wide=True, stack=tuple(segments),
            label=title + self.t("：", ": ") + told, total=self.value(first),
        )  # fmt: skip

    # --- the head ---

    def figures(self) -> tuple[_Figure, ...]:
        """What stands at the head: what has a target, the first number of each section, then what is worst."""
        firsts = [measured for _, measured in self.sections]
        every = [many for section in firsts for many in section]
        wanted = [many[0] for many in every if many[0].indicator.target is not None]
        for section in firsts:
            wanted += [one[0] for one in section if one[0].value][:1]
        wanted += [many[0] for many in every if many[0].indicator.worse == "high" and many[0].value]
        wanted += [many[0] for many in every if many[0].value]
        found: dict[tuple[Any, ...], Measure] = {}
        for one in wanted:
            indicator = one.indicator
            alike: tuple[Any, ...] = (indicator.name,)
            if _family(indicator) == "cases" and indicator.support is None and indicator.target is None:
                alike = (repr(indicator.of), one.value)  # the same number under another name
            found.setdefault(alike, one)
        chosen = list(found.values())
        chosen = chosen[: HEADLINES if len(chosen) >= HEADLINES else max(4, len(chosen) // 4 * 4)]
        return tuple(self.figure(one) for one in chosen)

    def figure(self, one: Measure) -> _Figure:
        notes = list(self.notes(one))
        if one.indicator.target is None:
            if one.indicator.is_ratio:
                notes.insert(0, _Note(self.t("未设目标", "no target")))
        elif one.target is None:
            aim = _target(one.indicator, one.indicator.target)
            met, missed = self.groups_with_target(one.indicator)
            if met or missed:
                tone: Literal["met", "missed"] = "missed" if missed else "met"
                notes.insert(0, _Note(
                    self.t(f"目标 {aim}：适用的 {met + missed} 组中有 {missed} 组未达标",
                           f"target {aim}: missed by {missed} of the {met + missed} groups that have it"),
                    tone, "✕" if missed else "✓",
                ))  # fmt: skip
            else:
                notes.insert(
                    0, _Note(self.t(f"目标 {aim} 不适用于全部组织", f"the target {aim} does not apply to all"))
                )
        bar = None
        if _kind(one.indicator) == "share" and one.value is not None:
            bar = self.bar(one, self.scale("share", [one]))
        known = one.value is not None
        return _Figure(self.heading(one.indicator.title), self.value(one), self.detail(one), bar, tuple(notes), known)

    def groups_with_target(self, indicator: Indicator) -> tuple[int, int]:
        """How many groups met and missed an indicator's target, where most have it."""
        found = [(0, 0)]
        for _, measured in self.sections:
            for many in measured:
                if many[0].indicator.name == indicator.name:
                    groups = many[1:]
                    found.append((sum(one.met is True for one in groups), sum(one.met is False for one in groups)))
        return max(found, key=sum)

    def legend(self, blocks: Sequence[_Block]) -> list[tuple[str, str]]:
        """The signs that this page uses, and what they mean."""
        bars = [row.bar for block in blocks for panel in block.panels for row in panel.rows if row.bar is not None]
        signs = [
            ("value", self.t("数值", "value"), any(bar.width and bar.tone == "plain" for bar in bars)),
            ("missed", self.t("未达标", "target missed"), any(bar.tone == "missed" for bar in bars)),
            ("due", self.t("应付", "due"), any(bar.tone == "due" for bar in bars)),
            ("doubt", self.t("情况未知", "not known"), any(bar.doubt for bar in bars)),
            ("target", self.t("目标", "target"), any(bar.targets for bar in bars)),
            ("published", self.t("公布值", "published"), any(bar.published is not None for bar in bars)),
        ]
        return [(sign, text) for sign, text, used in signs if used]

    # --- over time ---

    def trend(self, trend: Sequence[tuple[date, Measure]]) -> _Trend | None:
        """The line of one indicator over days."""
        if not trend:
            return None
        days = sorted(trend, key=lambda one: one[0])
        last = days[-1][1]
        kind = _kind(last.indicator)
        scale = self.scale(kind, [one for _, one in days])
        first_day, span = days[0][0], max((days[-1][0] - days[0][0]).days, 1)
        axis = self.ticks(kind, scale)
        xs = [round((day - first_day).days / span * 100, 2) if len(days) > 1 else 50.0 for day, _ in days]
        known = [(x, one) for x, (_, one) in zip(xs, days, strict=True) if one.value is not None]
        values = [one.value or Decimal(0) for _, one in known]
        ends = {0, len(known) - 1, *([values.index(min(values)), values.index(max(values))] if values else [])}
        points = [
            _Point(x, 100 - scale.at(one.value or 0), self.value(one), at in ends, "start" if x == 0 else "middle")
            for at, (x, one) in enumerate(known)
        ]
        lines, before = [], None
        for x, (_, one) in zip(xs, days, strict=True):
            here = (x, 100 - scale.at(one.value)) if one.value is not None else None
            if before is not None and here is not None:
                lines.append((*before, *here))
            before = here
        monthly = len({(day.year, day.month) for day, _ in days}) == len(days)
        every = -(-len(days) // 12)
        x_axis = [
            (x, self.month(day, at == 0 or day.month == 1) if monthly else day.isoformat(), at % (3 * every) == 0)
            for at, (x, (day, _)) in enumerate(zip(xs, days, strict=True))
            if at % every == 0
        ]
        title, lost = (
            self.title(last.indicator.title),
            [self.short_day(day) for day, one in days if one.value is None],
        )
        note = self.t("无数据：", "No figure for: ") + self.joined(lost) + self.t("。", ".") if lost else ""
        if last.target is None and last.indicator.target is not None:
            aim = _target(last.indicator, last.indicator.target)
            note = (
                self.t(
                    f"目标 {aim} 不适用于全部组织，故未画线。",
                    f"The target {aim} does not apply to all: no line is drawn. ",
                )
                + note
            )
        said = ""
        if known:
            said = self.t(
                f"：由 {points[0].text} 到 {points[-1].text}", f": from {points[0].text} to {points[-1].text}"
            )
        return _Trend(
            title, tuple(lines), tuple(points),
            tuple((self.short_day(day), self.value(one), self.detail(one)) for day, one in days),
            tuple(x_axis), tuple((100 - tick.at, tick.text) for tick in axis),
            tuple((100 - scale.at(line), self.t("目标 ", "target ") + _bound(last.indicator, line))
                  for line in _bounds(last.target)),
            note, title + said,
        )  # fmt: skip

    def short_day(self, day: date) -> str:
        """A day where room is short."""
        return _day(day, "zh") if self.lang == "zh" else f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"

    def month(self, day: date, year: bool) -> str:
        if self.lang == "zh":
            return f"{day.year}年{day.month}月" if year else f"{day.month}月"
        return f"{_MONTHS[day.month - 1][:3]} {day.year}" if year else _MONTHS[day.month - 1][:3]


_WHAT = ("due", "paid", "outstanding", "lacking", "entitled")


def _is(one: Measure, what: str) -> bool:
    return one.indicator.support is not None and one.indicator.support[1] == what


def _supports(measures: Sequence[Measure]) -> list[tuple[str, list[Measure]]]:
    """Amounts by support in the order due, paid, outstanding; another amount by itself."""
    found: dict[str, list[Measure]] = {}
    for one in measures:
        support = one.indicator.support
        found.setdefault(support[0] if support is not None else f"\0{one.indicator.name}", []).append(one)
    for many in found.values():
        many.sort(key=lambda one: _WHAT.index(one.indicator.support[1]) if one.indicator.support else 0)
    return list(found.items())


def _family(indicator: Indicator) -> str:
    """What can stand on one axis with it."""
    kind = _kind(indicator)
    if kind == "money" and indicator.support is not None:
        return "support"
    if kind != "count":
        return kind
    if indicator.sum is not None or indicator.measure == "count":
        return "people" if indicator.sum is None else f"sum:{indicator.sum}"
    return "events" if indicator.happened is not None or indicator.recorded is not None else "cases"


def html(
    report: YearReport,
    lang: Lang,
    *,
    trend: Sequence[tuple[date, Measure]] = (),
    generated: bool = False,
    source: Title | None = None,
) -> str:
    """A body's scorecard as an HTML page, complete in itself: it loads nothing and runs nothing.

    `trend` is one indicator's measure on some days, drawn as a line. `generated` says on the page that its data were
    invented. `source` is the line on where the policy comes from. Raises NotInstalled without jinja2.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ModuleNotFoundError as error:
        raise NotInstalled(library="jinja2", extra="report") from error
    page = _Page(report, lang)
    blocks = [page.block(at, section, measured) for at, (section, measured) in enumerate(page.sections, start=1)]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE, globals={"style": STYLE, "w": _words(page.t)})
    return template.render(
        lang="zh-CN" if lang == "zh" else "en",
        body=page.title(report.body.title),
        title=page.title(report.scorecard.title),
        year=report.year,
        until=_day(report.day, lang),
        source=page.title(source) if source is not None else "",
        generated=generated,
        figures=page.figures(),
        legend=page.legend(blocks),
        blocks=blocks,
        trend=page.trend(trend),
    )


def _words(t: Callable[[str, str], str]) -> Mapping[str, str]:
    """The page's own words."""
    return {
        "year": t("年度", "Year"),
        "until": t("统计截至", "As of the end of"),
        "source": t("依据", "Policy"),
        "generated": t("含样例数据：统计中有虚构的组织，数字不代表真实情况。",
                       "Sample data: invented organisations are counted here; the numbers are not real."),
        "sample": t("样例数据", "sample data"),
        "headline": t("要点", "At a glance"),
        "legend": t("图例", "How to read the bars"),
        "chart": t("图", "Chart"),
        "value": t("数值", "Value"),
        "share": t("占比", "Share"),
        "total": t("合计", "All"),
        "trend": t("走势：", "Over time: "),
        "day": t("日期", "Day"),
        "made": t("构成", "Made of"),
        "nothing": t("没有数据。", "There are no data."),
    }  # fmt: skip


# --- the workbook ----------------------------------------------------------------------------------------------------

_FORMATS = {"share": "0.0%", "change": "+0.0%;-0.0%;0.0%", "money": "#,##0.00", "rate": "#,##0.00", "count": "#,##0"}


def workbook(report: YearReport, lang: Lang, *, generated: bool = False) -> bytes:
    """A body's scorecard as an XLSX file: a sheet with all indicators, and one for each section with its groups.

    Numbers are numbers, with formats; the heading stays in sight and on every printed page. `generated` says that the
    data were invented. Raises NotInstalled without openpyxl.
    """
    try:
        import openpyxl
    except ModuleNotFoundError as error:
        raise NotInstalled(library="openpyxl", extra="xlsx") from error
    page = _Page(report, lang)
    t = page.t
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = t("总览", "Overview")
    lines = [
        f"{page.title(report.body.title)} · {page.title(report.scorecard.title)}",
        t(f"{report.year}年度，统计截至{_day(report.day, lang)}", f"{report.year}, as of {_day(report.day, lang)}")
        + (t("；含样例数据", "; sample data among them") if generated else ""),
    ]
    every: dict[str, tuple[str, Measure]] = {}
    for section, measured in page.sections:
        for many in measured:
            every.setdefault(many[0].indicator.name, (page.title(section.title), many[0]))
    _sheet(sheet, page, lines, [(title, one) for title, one in every.values()], t("章节", "Section"))
    for section, measured in page.sections:
        name = page.title(section.title)
        plain = "".join(char for char in name if char not in "[]:*?/\\'")[:31].strip() or t("章节", "Section")
        rows = [
            (t("合计", "All") if one.key == ALL else page.title(one.title), one)
            for many in measured
            for one in [many[0], *page.ordered(many)]
        ]
        _sheet(book.create_sheet(plain), page, [lines[0], f"{name} · {lines[1]}"], rows, page.by(section))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(sheet: Any, page: _Page, lines: Sequence[str], rows: Sequence[tuple[str, Measure]], first: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from rich.cells import cell_len

    t = page.t
    heading = [
        first, t("指标", "Indicator"), t("数值", "Value"), t("分子", "Numerator"), t("分母", "Denominator"),
        t("目标", "Target"), t("达标", "Met"), t("公布值", "Published"), t("未知", "Not known"),
    ]  # fmt: skip
    top = len(lines) + 2
    for at, line in enumerate(lines, start=1):
        cell = sheet.cell(at, 1, line)
        cell.data_type, cell.font = "s", Font(bold=at == 1, size=14 if at == 1 else 10, color="FF1C2430")
    for column, text in enumerate(heading, start=1):
        cell = sheet.cell(top, column, text)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFE8EDF2")
        cell.alignment = Alignment(horizontal="left" if column <= 2 else "right", vertical="center", wrap_text=True)
    widths = [cell_len(text) for text in heading]
    for at, (title, one) in enumerate(rows, start=top + 1):
        indicator, style = one.indicator, _FORMATS[_kind(one.indicator)]
        part = _FORMATS["money"] if indicator.is_money else _FORMATS["count"]
        met = None if one.met is None else t("达标", "met") if one.met else t("未达标", "missed")
        lacking = t("无公布数据", "not available") if one.is_published else None
        aim = _target(indicator, one.target) if one.target is not None else None
        cells: list[tuple[Any, str | None]] = [
            (title, None), (page.title(indicator.title), None), (one.value, style), (one.numerator, part),
            (one.denominator, _FORMATS["count"]), (aim, None), (met, None),
            (one.published if one.published is not None else lacking, style), (one.unknown or None, _FORMATS["count"]),
        ]  # fmt: skip
        for column, (value, form) in enumerate(cells, start=1):
            cell = sheet.cell(at, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula
                cell.alignment = Alignment(horizontal="left" if column <= 2 else "right")
            elif form is not None:
                cell.number_format = form
            text = value if isinstance(value, str) else _number(_fixed(value, 2)) if value is not None else ""
            widths[column - 1] = max(widths[column - 1], cell_len(text))
    sheet.freeze_panes = f"C{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = min(width + 2, 50)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(heading))}{max(top + len(rows), top)}"


__all__ = ["html", "workbook"]
