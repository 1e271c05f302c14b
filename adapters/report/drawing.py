"""What is drawn: scales, bars, rows, panels, as the template takes them; places and lengths in per cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from guikou.engine.indicators.measures import Measure
from guikou.engine.policy.indicators import Indicator
from guikou.engine.rules.unary_tests import UnaryTest

from .placing import AXIS, Box, box, free
from .wording import Kind, Note, Number, Wording, kind_of

Tone = Literal["plain", "missed", "due"]

#: How many segments a stacked bar can have and still be told apart in black and white.
FILLS = 8
#: How many rows a section may have to be kept together in print.
_PAGE = 10
_STEPS = [Decimal(step) for step in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value stands between the ends of an axis, in per cent of its length. Zero is always on it."""

    low: Decimal
    high: Decimal

    def at(self, value: Number) -> float:
        return round(
            float((min(max(Decimal(value), self.low), self.high) - self.low) / (self.high - self.low) * 100), 2
        )


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bar:
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
class Row:
    title: str
    value: str
    detail: str = ""
    bar: Bar | None = None
    notes: tuple[Note, ...] = ()
    strong: bool = False
    small: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    start: float
    width: float
    fill: int
    title: str
    value: str
    share: str
    named: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A table with a picture in each row; or with one stacked bar over it (`stack`)."""

    title: str
    head: str
    rows: tuple[Row, ...]
    axis: tuple[Tick, ...] = ()
    sub: str = ""
    more: str = ""
    wide: bool = False
    stack: tuple[Segment, ...] = ()
    label: str = ""
    total: str = ""

    @property
    def long(self) -> bool:
        """Whether its values need more room than shares and counts do."""
        return any(len(row.value) > 10 for row in self.rows)


@dataclass(frozen=True, slots=True)
class Block:
    number: int
    title: str
    panels: tuple[Panel, ...]
    empty: tuple[str, ...]
    flows: bool

    @property
    def whole(self) -> bool:
        """Whether it is short enough to be printed without a break."""
        return sum(len(panel.rows) + len(panel.stack) + 2 for panel in self.panels) <= _PAGE


@dataclass(frozen=True, slots=True)
class Figure:
    title: str
    value: str
    detail: str
    bar: Bar | None
    notes: tuple[Note, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A day's value: its dot, and its text whose foot is `foot` pixels below the top; empty where there is no room.
    `keep` is shown at every width."""

    x: float
    y: float
    text: str
    keep: bool
    anchor: str
    foot: float


@dataclass(frozen=True, slots=True)
class Trend:
    title: str
    lines: tuple[tuple[float, float, float, float], ...]
    points: tuple[Point, ...]
    rows: tuple[tuple[str, str, str], ...]
    x_axis: tuple[tuple[float, str, bool], ...]
    y_axis: tuple[tuple[float, str], ...]
    targets: tuple[tuple[float, str, float], ...]
    note: str
    label: str


def scale_of(kind: Kind, measures: Iterable[Measure]) -> Scale:
    """A whole for shares; around zero for a change; else from zero to the largest."""
    values: list[Decimal] = []
    for one in measures:
        values += [Decimal(value) for value in (one.value, one.published, *bounds(one.target)) if value is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    if kind == "share":
        return Scale(Decimal(0), max(Decimal(1), high))
    if kind == "change":
        end = _ceiling(max(abs(low), high, Decimal("0.05")))
        return Scale(-end, end)
    return Scale(-_ceiling(-low) if low < 0 else Decimal(0), _ceiling(high))


def ticks(words: Wording, kind: Kind, scale: Scale) -> tuple[Tick, ...]:
    """The marks of an axis."""
    if kind == "share":
        marks = [scale.high * at / 4 for at in range(5)]
    elif scale.low < 0:
        marks = [scale.low, Decimal(0), scale.high]
    else:
        marks = [scale.low, scale.high / 2, scale.high]
        if kind == "count" and marks[1] != marks[1].to_integral_value():
            del marks[1]
    anchors = ["start", *["middle"] * (len(marks) - 2), "end"]
    found = [Tick(scale.at(mark), words.short(kind, mark), anchor) for mark, anchor in zip(marks, anchors, strict=True)]
    if kind == "share":
        return tuple(found)  # of its five marks two are not named where room is short
    # Zero is always named, and the end that is farther from it; what would stand over them is not.
    zero = next(one for one, mark in zip(found, marks, strict=True) if mark == 0)
    kept: list[Tick] = []
    for one in sorted(found, key=lambda one: (one is not zero, -abs(one.at - zero.at))):
        if free(_box(one), map(_box, kept)):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.at))


def _box(tick: Tick) -> Box:
    return box(tick.text, tick.at / 100 * AXIS, 12, tick.anchor)


def bar_of(words: Wording, one: Measure, scale: Scale, axis: Sequence[Tick] = (), tone: Tone = "plain") -> Bar:
    """A measure's bar on a scale, with the lines of its axis behind it."""
    zero = scale.at(0)
    end = scale.at(one.value) if one.value is not None else zero
    doubt = 0.0
    if one.indicator.share is not None and one.unknown and one.denominator:
        doubt = round(scale.at(Decimal(one.numerator + one.unknown) / one.denominator) - end, 2)
    published = scale.at(one.published) if one.published is not None else None
    return Bar(
        min(zero, end), round(abs(end - zero), 2), "missed" if one.met is False else tone,
        tuple(tick.at for tick in axis), zero, doubt, tuple(scale.at(line) for line in bounds(one.target)),
        published, words.spoken(one),
    )  # fmt: skip


def bounds(test: UnaryTest | None) -> list[Decimal]:
    """Where the lines of a target are drawn."""
    if test is None:
        return []
    found = [bound for one in test.intervals for bound in (one.low, one.high)] + list(test.points)
    return sorted({Decimal(one) for one in found if isinstance(one, (int, Decimal)) and not isinstance(one, bool)})


def family(indicator: Indicator) -> str:
    """What can stand on one axis with it."""
    kind = kind_of(indicator)
    if kind == "money" and indicator.support is not None:
        return "support"
    if kind != "count":
        return kind
    if indicator.sum is not None or indicator.measure == "count":
        return "people" if indicator.sum is None else f"sum:{indicator.sum}"
    return "events" if indicator.happened is not None or indicator.recorded is not None else "cases"


def _ceiling(value: Decimal) -> Decimal:
    """The end of an axis: a round number that is not less."""
    if value <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(value.adjusted())
    return next(step * power for step in _STEPS if step * power >= value)
