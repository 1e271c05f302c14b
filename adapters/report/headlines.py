"""The head of a scorecard: the figures that stand there, and the legend of the signs that the page uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guikou.engine.indicators.measures import Measure
from guikou.engine.policy.indicators import Indicator

from .drawing import Block, Figure, bar_of, family, scale_of
from .panels import Measured
from .wording import Note, Wording, kind_of

#: How many figures stand at the head.
HEADLINES = 8


def figures(words: Wording, sections: Sequence[Measured]) -> tuple[Figure, ...]:
    """What stands at the head: what has a target, the first number of each section, then what is worst."""
    every = [many for _, measured in sections for many in measured]
    wanted = [many[0] for many in every if many[0].indicator.target is not None]
    for _, measured in sections:
        wanted += [many[0] for many in measured if many[0].value][:1]
    wanted += [many[0] for many in every if many[0].indicator.worse == "high" and many[0].value]
    wanted += [many[0] for many in every if many[0].value]
    found: dict[tuple[Any, ...], Measure] = {}
    for one in wanted:
        indicator = one.indicator
        alike: tuple[Any, ...] = (indicator.name,)
        if family(indicator) == "cases" and indicator.support is None and indicator.target is None:
            alike = (repr(indicator.of), one.value)  # the same number under another name
        found.setdefault(alike, one)
    chosen = list(found.values())
    chosen = chosen[: HEADLINES if len(chosen) >= HEADLINES else max(4, len(chosen) // 4 * 4)]
    return tuple(_figure(words, one, sections) for one in chosen)


def legend(words: Wording, blocks: Sequence[Block]) -> list[tuple[str, str]]:
    """The signs that these blocks use, and what they mean."""
    bars = [row.bar for block in blocks for panel in block.panels for row in panel.rows if row.bar is not None]
    signs = [
        ("value", words.t("数值", "value"), any(bar.width and bar.tone == "plain" for bar in bars)),
        ("missed", words.t("未达标", "target missed"), any(bar.tone == "missed" for bar in bars)),
        ("due", words.t("应付", "due"), any(bar.tone == "due" for bar in bars)),
        ("doubt", words.t("情况未知", "not known"), any(bar.doubt for bar in bars)),
        ("target", words.t("目标", "target"), any(bar.targets for bar in bars)),
        ("published", words.t("公布值", "published"), any(bar.published is not None for bar in bars)),
    ]
    return [(sign, text) for sign, text, used in signs if used]


def _figure(words: Wording, one: Measure, sections: Sequence[Measured]) -> Figure:
    notes = list(words.notes(one))
    if one.indicator.target is None:
        if one.indicator.is_ratio:
            notes.insert(0, Note(words.t("未设目标", "no target")))
    elif one.target is None:
        notes.insert(0, _target_of_groups(words, one.indicator, sections))
    bar = None
    if kind_of(one.indicator) == "share" and one.value is not None:
        bar = bar_of(words, one, scale_of("share", [one]))
    known = one.value is not None
    return Figure(words.heading(one.indicator.title), words.value(one), words.detail(one), bar, tuple(notes), known)


def _target_of_groups(words: Wording, indicator: Indicator, sections: Sequence[Measured]) -> Note:
    """What is said of a target that is not for all: how many groups missed it."""
    assert indicator.target is not None
    aim = words.target(indicator, indicator.target)
    met, missed = _groups_with_target(indicator, sections)
    if not met and not missed:
        return Note(words.t(f"目标 {aim} 不适用于全部组织", f"the target {aim} does not apply to all"))
    text = words.t(
        f"目标 {aim}：适用的 {met + missed} 组中有 {missed} 组未达标",
        f"target {aim}: missed by {missed} of the {met + missed} groups that have it",
    )
    return Note(text, "missed", "✕") if missed else Note(text, "met", "✓")


def _groups_with_target(indicator: Indicator, sections: Sequence[Measured]) -> tuple[int, int]:
    """How many groups met and missed an indicator's target, where most have it."""
    found = [(0, 0)]
    for _, measured in sections:
        for many in measured:
            if many[0].indicator.name == indicator.name:
                groups = many[1:]
                found.append((sum(one.met is True for one in groups), sum(one.met is False for one in groups)))
    return max(found, key=sum)
