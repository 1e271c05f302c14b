"""A section of a scorecard as panels: tables with a picture in each row, ordered so that the worst is seen first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from guikou.engine.indicators.grouping import ALL
from guikou.engine.indicators.measures import Measure, worst_first
from guikou.engine.policy.indicators import Section
from guikou.engine.supervision.views import YearReport

from .drawing import FILLS, Block, Panel, Row, Scale, Segment, Tick, Tone, bar_of, family, scale_of, ticks
from .placing import STACK, length
from .wording import Note, Wording, kind_of

#: How many groups of an indicator are drawn.
SHOWN = 20

#: A section with what was measured: for each indicator the measure of all, then those of the groups.
Measured = tuple[Section, Sequence[Sequence[Measure]]]


def sections_of(report: YearReport) -> list[Measured]:
    """A report's sections, without the indicators of which nothing was measured."""
    return [(section, [many for many in measured if many]) for section, measured in report.sections]


@dataclass(frozen=True, slots=True)
class Panels:
    """Turns the measures of sections into what is drawn of them, in one language."""

    words: Wording

    def block(self, number: int, section: Section, measured: Sequence[Sequence[Measure]]) -> Block:
        """A section. What is nought, and can't be compared with anything, is said and not drawn."""
        t = self.words.t
        full = [one for one in measured if not self._nothing(one)]
        if section.by is None:
            panels = list(self._ungrouped([one[0] for one in full]))
        else:
            panels = list(self._grouped(section, full))
        left = [one[0] for one in measured if self._nothing(one)]
        none = [self.words.title(one.indicator.title) for one in left if one.value is not None]
        without = [self.words.title(one.indicator.title) for one in left if one.value is None]
        empty = []
        if none:
            empty.append(t("为零：", "Zero: ") + self.words.joined(none) + t("。", "."))
        if without:
            empty.append(t("没有可统计的对象：", "Nothing to count: ") + self.words.joined(without) + t("。", "."))
        if not measured:
            empty.append(t("本节没有指标。", "This section has no indicators."))
        return Block(number, self.words.title(section.title), tuple(panels), tuple(empty), section.by is None)

    def ordered(self, measures: Sequence[Measure]) -> list[Measure]:
        """An indicator's groups, ordered as they are drawn."""
        kept, rest, _ = self._chosen(measures)
        return kept + rest

    def _ungrouped(self, measures: Sequence[Measure]) -> Iterator[Panel]:
        """Indicators side by side: those that can share an axis under one, in the order in which they first come."""
        t = self.words.t
        families: dict[str, list[Measure]] = {}
        for one in measures:
            families.setdefault(family(one.indicator), []).append(one)
        alone = [many[0] for name, many in families.items() if len(many) == 1 and name not in ("share", "change")]
        names = {
            "share": t("比率", "Shares"),
            "change": t("增长", "Change"),
            "money": t("金额", "Amounts"),
            "events": t("件次", "What took place"),
            "support": t("应付与已付", "Due and paid"),
            "cases": t("家数", "Organisations"),
            "people": t("人数", "People"),
            "rate": t("比例", "Rates"),
        }
        told_alone = False
        for name, many in families.items():
            if many[0] in alone:
                if not told_alone:
                    yield Panel(
                        t("数量", "Numbers"),
                        t("指标", "Indicator"),
                        tuple(self._single(one) for one in alone),
                    )
                told_alone = True
                continue
            kind = kind_of(many[0].indicator)
            scale = scale_of(kind, many)
            axis = ticks(self.words, kind, scale)
            rows = self._paired(many, scale, axis) if name == "support" else [
                self._row(one, scale, axis, grouped=False) for one in many
            ]  # fmt: skip
            yield Panel(names[name], t("指标", "Indicator"), tuple(rows), axis)

    def _single(self, one: Measure) -> Row:
        """A number with nothing beside it to compare it with but what was published."""
        scale = scale_of(kind_of(one.indicator), [one]) if one.published is not None or one.target is not None else None
        return self._row(one, scale, grouped=False)

    def _paired(self, measures: Sequence[Measure], scale: Scale, axis: Sequence[Tick]) -> Iterator[Row]:
        """Amounts, what was paid of a support right under what is due."""
        for _, many in _supports(measures):
            for at, one in enumerate(many):
                row = self._row(one, scale, axis, grouped=False, tone="due" if _is(one, "due") else "plain")
                yield self._settled(row, one, many) if at else row

    def _settled(self, row: Row, one: Measure, many: Sequence[Measure]) -> Row:
        """A row that follows the one with what is due, and says how much of it is paid; or why what is outstanding is
        more than what was not paid. `many` are the measures of this support and group."""
        notes = row.notes
        due, paid = (next((each for each in many if _is(each, what)), None) for what in ("due", "paid"))
        if _is(one, "outstanding") and due is not None and paid is not None:
            over = Decimal(paid.numerator) + one.numerator - due.numerator
            if over > 0:
                told = self.words.figure(one.indicator, over)
                text = self.words.t(
                    f"另有多付 {told}，不抵未付", f"{told} was paid beyond what is due, and does not lessen it"
                )
                notes = (Note(text), *notes)
        if _is(one, "paid") and due is not None and due.value:
            part = self.words.percent(Decimal(one.numerator) / due.value)
            notes = (Note(self.words.t(f"占应付的 {part}", f"{part} of what is due")), *notes)
        return Row(row.title, row.value, row.detail, row.bar, notes, row.strong, row.small, True)

    def _grouped(self, section: Section, measured: Sequence[Sequence[Measure]]) -> Iterator[Panel]:
        pairs = [many for many in measured if many[0].indicator.support and kind_of(many[0].indicator) == "money"]
        done: set[str] = set()
        for at, many in enumerate(measured):
            first = many[0]
            wide = (at == 0 and len(measured) % 2 == 1) or len(many) > 12
            if many in pairs and first.indicator.support is not None:
                name = first.indicator.support[0]
                together = [one for one in pairs if one[0].indicator.support and one[0].indicator.support[0] == name]
                if len(together) > 1:
                    if name not in done:
                        yield self._pair(section, together)
                    done.add(name)
                    continue
            if section.by == "stage" and family(first.indicator) == "cases" and 1 < len(many) <= FILLS + 1:
                yield self._stacked(many)
            else:
                yield self._groups(section, many, wide)

    def _groups(self, section: Section, measures: Sequence[Measure], wide: bool) -> Panel:
        first, kind = measures[0], kind_of(measures[0].indicator)
        kept, rest, order = self._chosen(measures)
        whole = kind in ("share", "change")
        scale = scale_of(kind, [first, *kept] if whole else kept)
        axis = ticks(self.words, kind, scale)
        # A sum beside its parts would only make them small.
        rows = [self._row(first, scale if whole else None, axis), *(self._row(one, scale, axis) for one in kept)]
        return Panel(
            self.words.heading(first.indicator.title),
            self.words.by(section),
            tuple(rows),
            axis,
            order,
            self._more(rest),
            wide,
        )

    def _chosen(self, measures: Sequence[Measure]) -> tuple[list[Measure], list[Measure], str]:
        """The groups to draw, those left, and how they are ordered: the worst first, among equals the larger."""
        t = self.words.t
        indicator, groups = measures[0].indicator, list(measures[1:])
        many = len(groups) > SHOWN

        if indicator.worse is not None or any(one.met is False for one in groups):
            groups = worst_first(measures)[1:]
            order = t("由差到好", "worst first")
        elif many:
            groups = sorted(groups, key=lambda one: -one.size)
            order = t("由大到小", "largest first")
        else:
            order = ""
        return groups[:SHOWN], groups[SHOWN:], order

    def _more(self, rest: Sequence[Measure]) -> str:
        t = self.words.t
        if not rest:
            return ""
        many = self.words.number(len(rest))
        text = t(f"另有 {many} 个未列出", f"and {many} more")
        values = [one for one in rest if one.value is not None]
        if values:
            low, high = min(values, key=lambda one: one.value or 0), max(values, key=lambda one: one.value or 0)
            text += t(
                f"，{self.words.value(low)} 至 {self.words.value(high)}",
                f", from {self.words.value(low)} to {self.words.value(high)}",
            )
        missed, met = sum(one.met is False for one in rest), sum(one.met is True for one in rest)
        if missed or met:
            text += t(f"，其中 {met} 个达标、{missed} 个未达标", f"; {met} of them met the target, {missed} missed it")
        return text + t("。", ".")

    def _pair(self, section: Section, together: Sequence[Sequence[Measure]]) -> Panel:
        """What is due to each group and what was paid to it, one under the other."""
        parts = sorted(together, key=lambda many: _WHAT.index(many[0].indicator.support[1]))  # type: ignore[index]
        by_key = [{one.key: one for one in many} for many in parts]
        lead = next((many for many in parts if many[0].indicator.worse is not None), parts[0])
        kept, rest, order = self._chosen(lead)
        scale = scale_of("money", [found[one.key] for one in kept for found in by_key if one.key in found])
        axis = ticks(self.words, "money", scale)
        rows = []
        for one in [lead[0], *kept]:
            many = [found[one.key] for found in by_key if one.key in found]
            for at, each in enumerate(many):
                own = self._row(
                    each, None if one.key == ALL else scale, axis, tone="due" if _is(each, "due") else "plain"
                )
                row = self._settled(own, each, many) if at else own
                small = self.words.heading(each.indicator.title)
                rows.append(Row(row.title, row.value, row.detail, row.bar, row.notes, row.strong, small, row.follows))
        title = " · ".join(self.words.heading(many[0].indicator.title) for many in parts)
        return Panel(title, self.words.by(section), tuple(rows), axis, order, self._more(rest), True)

    def _stacked(self, measures: Sequence[Measure]) -> Panel:
        """The parts of a whole as one bar."""
        t = self.words.t
        first, parts = measures[0], [one for one in measures[1:] if one.numerator]
        whole = sum(Decimal(one.numerator) for one in parts)
        segments, start = [], Decimal(0)
        for at, one in enumerate(parts):
            share = Decimal(one.numerator) / whole
            segments.append(
                Segment(
                    round(float(start * 100), 2), round(float(share * 100), 2), at, self.words.title(one.title),
                    self.words.value(one), self.words.percent(share),
                )
            )  # fmt: skip
            start += share
        segments = [replace(one, named=_named(one)) for one in segments]
        title = self.words.heading(first.indicator.title)
        told = self.words.joined(f"{one.title} {one.value}{t('（', ' (')}{one.share}{t('）', ')')}" for one in segments)
        return Panel(
            title, t("阶段", "Stage"), (), wide=True, stack=tuple(segments),
            label=title + t("：", ": ") + told, total=self.words.value(first),
        )  # fmt: skip

    def _row(
        self,
        one: Measure,
        scale: Scale | None,
        axis: Sequence[Tick] = (),
        *,
        grouped: bool = True,
        tone: Tone = "plain",
    ) -> Row:
        """A row for a measure: of an indicator among others, or of a group among others."""
        bar = None
        drawn = one.value is not None and (
            one.value != 0 or one.published is not None or kind_of(one.indicator) in ("share", "change")
        )
        if scale is not None and (drawn or one.published is not None):
            bar = bar_of(self.words, one, scale, axis, tone)
        title = self.words.heading(one.title if grouped else one.indicator.title)
        if grouped and one.key == ALL:
            title = self.words.t("合计", "All")
        return Row(
            title,
            self.words.value(one),
            self.words.detail(one),
            bar,
            self.words.notes(one, one.key == ALL),
            grouped and one.key == ALL,
        )

    @staticmethod
    def _nothing(measures: Sequence[Measure]) -> bool:
        """Whether an indicator is nought, for all and for each group, and can't be compared with anything."""
        first = measures[0]
        told = first.published is not None or first.is_published or first.target is not None or first.unknown
        if any(one.value or one.unknown or one.is_published for one in measures[1:]):
            return False
        return not told and not first.denominator and not first.value


def _named(one: Segment) -> str:
    """What stands over a part of a stacked bar: its title, or its share, or nothing, as there is room."""
    room = one.width / 100 * STACK - 4
    return next((text for text in (one.title, one.share) if length(text) <= room), "")


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
