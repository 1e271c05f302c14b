"""A body's scorecard as an HTML page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from guikou.engine.indicators.measures import Measure
from guikou.engine.supervision.views import YearReport
from guikou.engine.text import Lang, Title

from ..extras import not_installed
from .headlines import figures, legend
from .panels import Panels, sections_of
from .template import STYLE, TEMPLATE
from .trend import trend_of
from .wording import Wording


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
        raise not_installed("jinja2", "report") from error
    words, sections = Wording(lang), sections_of(report)
    panels = Panels(words)
    blocks = [panels.block(at, section, measured) for at, (section, measured) in enumerate(sections, start=1)]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(TEMPLATE, globals={"style": STYLE, "w": _own_words(words.t)})
    return template.render(
        lang="zh-CN" if lang == "zh" else "en",
        body=words.title(report.body.title),
        title=words.title(report.scorecard.title),
        year=report.year,
        until=words.day(report.day),
        of=words.title(report.of),
        source=words.title(source) if source is not None else "",
        generated=generated,
        figures=figures(words, sections),
        legend=legend(words, blocks),
        blocks=blocks,
        trend=trend_of(words, trend),
    ).lstrip()


def _own_words(t: Callable[[str, str], str]) -> Mapping[str, str]:
    """The page's own words."""
    return {
        "year": t("年度", "Year"),
        "of": t("统计范围", "Counted"),
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
