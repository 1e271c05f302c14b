"""One indicator over time, as a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from guikou.engine.indicators.measures import Measure

from .drawing import Point, Scale, Trend, bounds, scale_of, ticks
from .placing import NARROW, PRINTED, WIDE, Box, box, free
from .wording import Wording, kind_of

#: How many days are named under the line, and how many pixels of its height are one per cent.
_NAMED, _PIXEL = 12, 1.7
#: Below it stand the days.
_LOWEST = 174.0
_HIGHEST = 4.0


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
    aims = _aims(words, last, scale)
    points = _points(words, xs, days, scale, aims)
    title, said = words.title(last.indicator.title), ""
    known = [words.value(one) for _, one in days if one.value is not None]
    if known:
        said = words.t(f"：由 {known[0]} 到 {known[-1]}", f": from {known[0]} to {known[-1]}")
    return Trend(
        title, _lines(xs, days, scale), points,
        tuple((words.short_day(day), words.value(one), words.detail(one)) for day, one in days),
        _x_axis(words, xs, [day for day, _ in days]), tuple((100 - tick.at, tick.text) for tick in axis),
        aims, _note(words, days), title + said,
    )  # fmt: skip


def _places(days: Sequence[date]) -> list[float]:
    """How far to the right each day stands."""
    first, span = days[0], max((days[-1] - days[0]).days, 1)
    return [round((day - first).days / span * 100, 2) if len(days) > 1 else 50.0 for day in days]


def _points(
    words: Wording,
    xs: Sequence[float],
    days: Sequence[tuple[date, Measure]],
    scale: Scale,
    aims: Sequence[tuple[float, str, float]],
) -> tuple[Point, ...]:
    """The days with a figure. The last, the first, the greatest and the least have their texts also where room is
    short, the others where there is room for all of them; each above its dot, or else below, or not at all where it
    would stand over another; but the last is never missing."""
    known = [(x, one) for x, (_, one) in zip(xs, days, strict=True) if one.value is not None]
    values = [one.value or Decimal(0) for _, one in known]
    if not values:
        return ()
    first = list(dict.fromkeys([len(known) - 1, 0, values.index(max(values)), values.index(min(values))]))
    rest = [at for at in range(len(known)) if at not in first]
    ends = {0.0: "start", 100.0: "end"}
    spots = [(x, 100 - scale.at(one.value or 0), words.value(one), ends.get(x, "middle")) for x, one in known]
    feet: dict[int, float] = {}
    for wide, chosen in ((False, first), (True, rest)):
        for at in chosen:
            x, y, text, anchor = spots[at]
            for foot in _feet(y * _PIXEL, further=at == first[0]):
                # What is shown at every width must have room at each; the widths between lie between the two.
                widths = (WIDE,) if wide else (NARROW, WIDE)
                if all(
                    free(
                        box(text, x / 100 * width, foot, anchor),
                        [box(aim, 0, line, "start") for _, aim, line in aims if aim]
                        + [Box(0, width, line * _PIXEL - 1, line * _PIXEL + 1) for line, _, _ in aims]
                        + [
                            box(spots[on][2], spots[on][0] / 100 * width, low, spots[on][3]) for on, low in feet.items()
                        ],
                    )
                    for width in widths
                ):
                    feet[at] = foot
                    break
    return tuple(
        Point(x, y, text if at in feet else "", at in first, anchor, feet.get(at, 0.0))
        for at, (x, y, text, anchor) in enumerate(spots)
    )


def _feet(dot: float, *, further: bool) -> Iterator[float]:
    """Where a text may stand: above its dot, or else below; one that must not be missing also further away."""
    for away in range(0, 81, 16) if further else (0,):
        if away == 0 or dot - 10 - away >= _HIGHEST:
            yield dot - 10 - away
        if away == 0 or dot + 20 + away <= _LOWEST:
            yield min(dot + 20 + away, _LOWEST)


def _aims(words: Wording, last: Measure, scale: Scale) -> tuple[tuple[float, str, float], ...]:
    """The lines of a target, each with its text and where that stands; lines near each other are named together."""
    found: list[tuple[float, str, float]] = []
    for line in reversed(bounds(last.target)):
        y, text = 100 - scale.at(line), words.bound(last.indicator, line)
        foot = y * _PIXEL - 6
        if found and abs(foot - found[-1][2]) < 16:
            found[-1] = (found[-1][0], words.joined([found[-1][1], text]), found[-1][2])
            found.append((y, "", found[-1][2]))
        else:
            found.append((y, words.t("目标 ", "target ") + text, foot))
    return tuple(found)


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
    """The days that are named, each with whether it is where room is short; none stands over another."""
    monthly = len({(day.year, day.month) for day in days}) == len(days)
    every = -(-len(days) // _NAMED)
    named = {
        at: words.month(day, at == 0 or day.month == 1) if monthly else day.isoformat()
        for at, day in enumerate(days)
        if at % every == 0
    }
    found: dict[int, bool] = {}
    for short, width in ((True, NARROW), (False, PRINTED)):
        for at, text in named.items():
            others = [box(named[one], xs[one] / 100 * width, 0, "middle") for one in found]
            fits = free(box(text, xs[at] / 100 * width, 0, "middle"), others)
            if at not in found and fits and (not short or at % (3 * every) == 0):
                found[at] = short
    return tuple((xs[at], named[at], found[at]) for at in sorted(found))


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
