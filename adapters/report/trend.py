"""One indicator over time, as a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from guikou.engine.indicators.measures import Measure

from .drawing import Point, Scale, Trend, bounds, scale_of, ticks
from .wording import Wording, kind_of

#: How many days are named under the line.
_NAMED = 12


def trend_of(words: Wording, measures: Sequence[tuple[date, Measure]]) -> Trend | None:
    """The line of one indicator's measures on some days; None without any."""
    if not measures:
        return None
    days = sorted(measures, key=lambda one: one[0])
    last = days[-1][1]
    kind = kind_of(last.indicator)
    scale = scale_of(kind, [one for _, one in days])
    axis = ticks(words, kind, scale)
    xs = _places([day for day, _ in days])
    points = _points(words, xs, days, scale)
    title, said = words.title(last.indicator.title), ""
    if points:
        said = words.t(f"：由 {points[0].text} 到 {points[-1].text}", f": from {points[0].text} to {points[-1].text}")
    return Trend(
        title, _lines(xs, days, scale), points,
        tuple((words.short_day(day), words.value(one), words.detail(one)) for day, one in days),
        _x_axis(words, xs, [day for day, _ in days]), tuple((100 - tick.at, tick.text) for tick in axis),
        tuple((100 - scale.at(line), words.t("目标 ", "target ") + words.bound(last.indicator, line))
              for line in bounds(last.target)),
        _note(words, days), title + said,
    )  # fmt: skip


def _places(days: Sequence[date]) -> list[float]:
    """How far to the right each day stands."""
    first, span = days[0], max((days[-1] - days[0]).days, 1)
    return [round((day - first).days / span * 100, 2) if len(days) > 1 else 50.0 for day in days]


def _points(
    words: Wording, xs: Sequence[float], days: Sequence[tuple[date, Measure]], scale: Scale
) -> tuple[Point, ...]:
    """The days with a figure; the first, the last, the least and the greatest keep their text where room is short."""
    known = [(x, one) for x, (_, one) in zip(xs, days, strict=True) if one.value is not None]
    values = [one.value or Decimal(0) for _, one in known]
    kept = {0, len(known) - 1, *([values.index(min(values)), values.index(max(values))] if values else [])}
    return tuple(
        Point(x, 100 - scale.at(one.value or 0), words.value(one), at in kept, "start" if x == 0 else "middle")
        for at, (x, one) in enumerate(known)
    )


def _lines(
    xs: Sequence[float], days: Sequence[tuple[date, Measure]], scale: Scale
) -> tuple[tuple[float, float, float, float], ...]:
    """From each day to the next, where both have a figure."""
    lines, before = [], None
    for x, (_, one) in zip(xs, days, strict=True):
        here = (x, 100 - scale.at(one.value)) if one.value is not None else None
        if before is not None and here is not None:
            lines.append((*before, *here))
        before = here
    return tuple(lines)


def _x_axis(words: Wording, xs: Sequence[float], days: Sequence[date]) -> tuple[tuple[float, str, bool], ...]:
    monthly = len({(day.year, day.month) for day in days}) == len(days)
    every = -(-len(days) // _NAMED)
    return tuple(
        (x, words.month(day, at == 0 or day.month == 1) if monthly else day.isoformat(), at % (3 * every) == 0)
        for at, (x, day) in enumerate(zip(xs, days, strict=True))
        if at % every == 0
    )


def _note(words: Wording, days: Sequence[tuple[date, Measure]]) -> str:
    """What is missing from the picture, and why."""
    last, note = days[-1][1], ""
    if last.target is None and last.indicator.target is not None:
        aim = words.target(last.indicator, last.indicator.target)
        note = words.t(
            f"目标 {aim} 不适用于全部组织，故未画线。", f"The target {aim} does not apply to all: no line is drawn. "
        )
    lost = [words.short_day(day) for day, one in days if one.value is None]
    if lost:
        note += words.t("无数据：", "No figure for: ") + words.joined(lost) + words.t("。", ".")
    return note
