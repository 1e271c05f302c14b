"""The page of a scorecard: complete in itself, in words as in colour."""

import re
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from guikou.adapters.report.page import html
from guikou.adapters.report.panels import SHOWN
from guikou.engine.errors import NotInstalled
from guikou.engine.indicators.measures import Measure
from guikou.engine.rules.notation import parse_test
from guikou.engine.rules.unary_tests import Kind
from guikou.engine.text import Title

from .cards import changed, groups, measured, only

END = date(2016, 12, 31)
CJK = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Reader(HTMLParser):
    """What a page says, and whether every tag that is opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.tags, self.labels = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.labels += [value for name, value in attributes if name == "aria-label"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    @property
    def all(self):
        return self.text + " " + " ".join(self.labels)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_M09_the_page_is_complete_in_itself(card, trend, lang):
    page = html(card, lang, trend=trend, generated=True, source=Title("依据文件", "the document"))
    for tag, attributes in Reader(page).tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "href", "srcset", "data", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "http" not in page
    assert "@import" not in page
    assert set(re.findall(r"url\(([^)]*)\)", page)) <= {"#doubt", *(f"#fill{at}" for at in range(8))}


def test_M09_the_page_says_whose_report_it_is_and_up_to_when(card):
    text = Reader(html(card, "zh", source=Title("依据文件", "the document"))).text
    assert "社会组织党建专项述职" in text
    assert card.body.title.zh in text
    assert "2016年12月31日" in text
    assert "依据文件" in text
    text = Reader(html(card, "en", source=Title("依据文件", "the document"))).text
    assert "As of the end of 31 December 2016" in text
    assert "the document" in text
    for section, _ in card.sections:
        assert section.title.en in text


def test_M09_values_are_formatted(card):
    text = Reader(html(card, "en")).text
    assert "75.0% 3 of 4" in text  # organisation coverage
    assert "1,234,567.50" in text  # purchases
    assert "Allowance due (yuan) 4,000.00" in text
    assert "Allowance paid (yuan) 25.0% of what is due 1,000.00" in text


def test_M09_pictures_are_described(card, trend):
    reader = Reader(html(card, "en", trend=trend))
    pictures = [attributes for tag, attributes in reader.tags if tag == "svg" and attributes.get("role") == "img"]
    assert len(pictures) > 10
    assert all(one["aria-label"] for one in pictures)
    assert any(one.startswith("coverage by both: from ") for one in reader.labels)
    hidden = [attributes for tag, attributes in reader.tags if tag == "svg" and "role" not in attributes]
    assert all("aria-hidden" in one or "x" in one for one in hidden)


@pytest.mark.parametrize("generated", [False, True])
@pytest.mark.parametrize(("lang", "words"), [("zh", "样例数据"), ("en", "Sample data")])
def test_M09_invented_data_are_called_so(card, lang, words, generated):
    page = html(card, lang, generated=generated)
    assert (words in Reader(page).text) == generated
    assert ("@bottom-right" in page) == generated  # on every printed page


def test_M09_the_english_page_is_english(card, trend):
    assert CJK.findall(Reader(html(card, "en", trend=trend, generated=True)).all) == []


def test_M09_the_chinese_page_is_chinese(card, trend):
    assert re.findall("[A-Za-z]+", Reader(html(card, "zh", trend=trend, generated=True)).all) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_from_outside_are_escaped(card, trend, lang):
    hostile = '<script>alert("1")</script>\'"&{{ 7*7 }}{% raw %}'
    title = Title(hostile, hostile)
    first, *_ = measured(card, "coverage")
    first = replace(first, indicator=replace(first.indicator, title=title))
    many = (first, replace(first, key="x", title=title))
    for by in ("type", "stage"):
        other = replace(only(card, many, by=by), body=replace(card.body, title=title))
        page = html(other, lang, trend=[(day, first) for day, _ in trend], source=title)
        reader = Reader(page)
        assert "<script" not in page
        assert hostile in reader.text
        assert {tag for tag, _ in reader.tags} <= {tag for tag, _ in Reader(html(card, lang, trend=trend)).tags}


def test_M09_a_target_missed_or_met_is_said_in_words(card):
    coverage = measured(card, "coverage")[0]
    target = coverage.indicator.target
    for lang, met, words in [("en", False, "missed (target ≥ 85%)"), ("zh", False, "未达标（目标 ≥ 85%）"),
                             ("en", True, "met (target ≥ 85%)"), ("zh", True, "达标（目标 ≥ 85%）")]:  # fmt: skip
        value = Decimal("0.9") if met else Decimal("0.5")
        page = html(changed(card, "coverage", target=target, met=met, value=value), lang)
        assert Reader(page).text.count(words) >= 2  # at the head and in the section
        assert 'class="goal"' in page
    unmet = html(changed(card, "coverage", target=target, met=None, value=None), "en")
    assert "target ≥ 85%, nothing to compare" in Reader(unmet).text


def test_M09_a_target_that_some_groups_have_is_not_held_against_all(card):
    first = replace(measured(card, "coverage")[0], target=None, met=None)
    target = first.indicator.target
    many = (first, *groups(first, [50, 60], target=target, met=False), *groups(first, [90], target=target, met=True))
    text = Reader(html(only(card, many, by="responsible"), "en")).text
    assert "target ≥ 85%: missed by 2 of the 3 groups that have it" in text
    assert "the target ≥ 85% does not apply to all of them" in text


def test_rounding_never_moves_a_share_over_its_target(card):
    target = measured(card, "coverage")[0].indicator.target
    for value, written in [("0.84999", "84.999%"), ("0.9996", "99.96%"), ("0.0004", "0.04%"), ("0.85", "85.0%")]:
        met = target.matches(Decimal(value))
        page = html(changed(card, "coverage", value=Decimal(value), target=target, met=met), "en")
        assert written in Reader(page).text


def test_M09_what_is_not_known_is_told_and_drawn_apart(card):
    new = {"unknown": 2, "numerator": 1, "denominator": 4, "value": Decimal("0.25")}
    page = html(changed(card, "organization_coverage", **new), "en")
    assert "2 not known, counted as not met" in Reader(page).text
    assert re.search(r'class="doubt" x="25.0%" y="3" width="50.0%"', page)
    assert "2 家情况未知，按未达到计" in Reader(html(changed(card, "organization_coverage", **new), "zh")).text


def test_M09_published_values_are_set_beside_those_counted(card):
    jobs = changed(card, "jobs", published=Decimal(174000), is_published=True)
    assert "published: 174,000" in Reader(html(jobs, "en")).text
    first = replace(measured(card, "organization_coverage")[0], published=Decimal("0.686"), is_published=True)
    page = html(only(card, (first,)), "en")
    assert "published: 68.6%" in Reader(page).text
    assert '<svg x="68.6%"' in page
    for lang, words in [("en", "published: not available"), ("zh", "无公布数据")]:
        without = replace(first, published=None)
        page = html(only(card, (without,)), lang)
        assert words in Reader(page).text
        assert "68.6%" not in page


def test_M09_what_is_empty_is_said_and_not_drawn(office):
    below = office.scorecard("chaoyang-education", 2016, as_of=END)
    reader = Reader(html(below, "en"))
    assert "Zero: " in reader.text
    assert "Nothing to count: " in reader.text
    assert "NaN" not in reader.all
    assert "None" not in reader.all


def test_M09_the_worst_groups_come_first_and_the_rest_are_counted(card):
    first = replace(measured(card, "coverage")[0], target=None, met=None)
    many = (first, *groups(first, range(99, 69, -1)))
    text = Reader(html(only(card, many, by="responsible"), "en")).text
    assert "worst first" in text
    shown = re.findall(r"Group \d+", text)
    assert len(shown) == SHOWN
    assert shown[0] == "Group 29"
    assert "and 10 more, from 90.0% to 99.0%." in text


def test_M09_stages_are_one_bar_with_a_legend(card):
    first = measured(card, "stages")[0]
    many = (replace(first, numerator=100, value=Decimal(100)), *(
        replace(first, key=f"s{at}", title=Title(f"第{at}步", f"step {at}"), numerator=n, value=Decimal(n))
        for at, n in enumerate([60, 0, 30, 10])
    ))  # fmt: skip
    page = html(only(card, many, by="stage"), "en")
    assert page.count('class="segment"') == 3
    assert "step 0 60 60.0%" in Reader(page).text
    assert "step 1" not in Reader(page).text


def test_M09_a_trend_leaves_out_what_has_no_figure(card, trend):
    broken = [(day, replace(one, value=None) if at == 3 else one) for at, (day, one) in enumerate(trend)]
    whole, page = html(card, "en", trend=trend), html(card, "en", trend=broken)
    assert (whole.count('class="way"'), page.count('class="way"')) == (11, 9)
    assert "No figure for: 28 Apr 2016." in Reader(page).text
    target = trend[0][1].indicator.target
    aimed = html(card, "en", trend=[(day, replace(one, target=target, met=False)) for day, one in trend])
    assert '<text class="aim"' in aimed
    assert "Over time" not in html(card, "en")


def test_negative_and_unusual_values_can_be_drawn(card):
    money = measured(card, "allowance_outstanding")[0]
    money = replace(money, numerator=Decimal("-50.00"), value=Decimal("-50.00"))
    assert "−50.00" in Reader(html(only(card, (money, *groups(money, [3, 5])), by="type"), "en")).text
    aim = parse_test("not([1..3])", Kind("integer"))
    odd = replace(measured(card, "organizations")[0], target=aim, met=True)
    assert "met (target not([1..3]))" in Reader(html(only(card, (odd,)), "en")).text
    growth = replace(measured(card, "growth")[0], denominator=8, value=Decimal("-0.5"))
    assert "−50.0%" in Reader(html(only(card, (growth,)), "en")).text


def test_due_and_paid_of_groups_stand_together(card):
    def of(name, numbers):
        first = measured(card, name)[0]
        more = (replace(one, denominator=None, value=Decimal(one.numerator)) for one in groups(first, numbers))
        return (first, *more)

    pair = only(card, of("allowance_due", [400, 900]), of("allowance_paid", [400, 300]), by="type")
    text = Reader(html(pair, "en")).text
    assert "Group 1 Allowance due (yuan) 900.00 Group 1 Allowance paid (yuan) 33.3% of what is due 300.00" in text


def test_without_jinja2_the_extra_is_named(card, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(NotInstalled) as caught:
        html(card, "en")
    assert caught.value.hint("zh") == "pip install 'guikou[report]'，或安装其所需的库：pip install jinja2"


def test_every_kind_of_indicator_of_the_policy_can_be_shown(office, card):
    """Those that are not on the scorecard as well, by what they can be grouped by."""
    for name, indicator in office.policy.parts.indicators.items():
        for by in (None, *indicator.by[:2]):
            many = tuple(office.indicator(name, by=by, as_of=END))
            assert isinstance(many[0], Measure)
            for lang in ("zh", "en"):
                Reader(html(only(card, many, by=by), lang))
