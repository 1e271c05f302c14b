"""No text of a picture stands over another, however long names are and however near values lie."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guikou.adapters.report.drawing import Scale, ticks
from guikou.adapters.report.panels import Panels
from guikou.adapters.report.placing import AXIS, NARROW, PRINTED, STACK, WIDE, box, length
from guikou.adapters.report.trend import trend_of
from guikou.adapters.report.wording import Wording
from guikou.engine.rules.notation import parse_test
from guikou.engine.rules.unary_tests import Kind
from guikou.engine.text import Title

from .cards import measured

LONG = Title(
    "北京市海淀区中关村国家自主创新示范区社会组织综合党委",
    "General Party Committee of Social Organisations, Zhongguancun",
)


def apart(boxes):
    return not [pair for pair in combinations(boxes, 2) if pair[0].meets(pair[1])]


@pytest.mark.parametrize("kind", ["money", "count", "change", "rate"])
@given(
    low=st.decimals(-(10**9), 0, places=2),
    high=st.decimals("0.05", 10**12, places=2),
    lang=st.sampled_from(["zh", "en"]),
)
def test_the_marks_of_an_axis_are_apart_and_zero_is_among_them(kind, low, high, lang):
    marks = ticks(Wording(lang), kind, Scale(Decimal(low), Decimal(high)))
    assert apart([box(one.text, one.at / 100 * AXIS, 12, one.anchor) for one in marks])
    assert any(one.text.strip("+%") == "0" for one in marks)


@settings(max_examples=60)
@example(values=[888], step=1, aim="[0.84..0.86]", money=False, lang="zh")
@given(
    values=st.lists(st.none() | st.integers(0, 1000), min_size=1, max_size=14),
    step=st.sampled_from([1, 30, 31]),
    aim=st.sampled_from(["", ">= 0.85", "[0.84..0.86]", "= 1", "[0.2..0.9]"]),
    money=st.booleans(),
    lang=st.sampled_from(["zh", "en"]),
)
def test_the_texts_of_a_line_are_apart_at_every_width(card, values, step, aim, money, lang):
    first = measured(card, "allowance_due" if money else "coverage")[0]
    target = parse_test(aim, Kind("decimal")) if aim and not money else None
    days = [
        (
            date(2016, 1, 31) + timedelta(days=step * at),
            replace(
                first,
                value=None if value is None else Decimal(value) * 1234567 if money else Decimal(value) / 1000,
                target=target,
                met=None,
            ),
        )
        for at, value in enumerate(values)
    ]
    trend = trend_of(Wording(lang), days)
    for width in (NARROW, 300, PRINTED, WIDE, 1040):
        said = [one for one in trend.points if one.text and (one.keep or width >= WIDE)]
        boxes = [box(one.text, one.x / 100 * width, one.foot, one.anchor) for one in said]
        boxes += [box(text, 0, foot, "start") for _, text, foot in trend.targets if text]
        boxes += [
            box(text, x / 100 * width, 192, "middle") for x, text, keep in trend.x_axis if keep or width >= PRINTED
        ]
        assert apart(boxes), width
    named = [one.text for one in trend.points if one.keep and one.text]
    assert (
        not trend.points
        or Wording(lang).value(days[max(at for at, one in enumerate(values) if one is not None)][1]) in named
    )


@given(numbers=st.lists(st.integers(1, 500), min_size=1, max_size=8), lang=st.sampled_from(["zh", "en"]))
def test_the_names_over_a_stacked_bar_stay_over_their_parts(card, numbers, lang):
    first = measured(card, "stages")[0]
    parts = [replace(first, key=f"s{at}", title=LONG if at % 2 else Title("抓组建", "Build"), numerator=n, value=Decimal(n))
             for at, n in enumerate(numbers)]  # fmt: skip
    stack = Panels(Wording(lang))._stacked([first, *parts]).stack
    for one in stack:
        assert length(one.named) <= one.width / 100 * STACK
        assert one.named in ("", one.title, one.share)
