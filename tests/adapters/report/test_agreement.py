"""The page, the workbook and the terminal say the same of a measure, in the same order."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest

from guikou.adapters.cli import language
from guikou.adapters.cli.indicators import values
from guikou.adapters.report.page import html
from guikou.adapters.report.workbook import workbook
from guikou.engine.indicators.measures import worst_first
from guikou.engine.rules.notation import parse_test
from guikou.engine.rules.unary_tests import Kind

from .cards import groups, measured, only
from .test_page import Reader

AIM = parse_test(">= 0.85", Kind("decimal"))


def spoken(one, lang="en"):
    language.LANG = lang
    value, *_, target, met, published = values(SimpleNamespace(format="table"), one)
    return value, target, met, published


@pytest.mark.parametrize(
    ("name", "value", "shown", "style"),
    [
        ("coverage", "0.8496", "84.96%", "0.00%"),
        ("coverage", "0.125", "12.5%", "0.0%"),
        ("coverage", "0.0005", "0.1%", "0.0%"),
        ("coverage", "0.0004", "0.04%", "0.00%"),
        ("growth", "0.0985", "+9.9%", "+0.0%;-0.0%;0.0%"),
        ("density", "0.0372", "0.04", "#,##0.00"),
        ("density", "12.85", "12.9", "#,##0.0"),
        ("purchases", "1234.5", "1,234.50", "#,##0.00"),
    ],
)
def test_a_value_is_rounded_alike(card, name, value, shown, style):
    first = measured(card, name)[0] if name != "density" else None
    if first is None:
        first = replace(
            measured(card, "coverage")[0], indicator=replace(measured(card, "jobs")[0].indicator, per=Decimal(10000))
        )
    target = AIM if name == "coverage" else None
    met = target.matches(Decimal(value)) if target else None
    one = replace(
        first, value=Decimal(value), denominator=10000, target=target, met=met, published=None, is_published=False
    )
    assert spoken(one)[0] == shown
    page = Reader(html(only(card, (one,)), "en")).text
    assert shown in page
    assert ("missed" in page) == (met is False)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(only(card, (one,)), "en"))).worksheets[0]
    assert sheet["C5"].number_format == style
    bound = sheet["G5"].value
    assert spoken(one)[1] == (None if target is None else "≥ 85%")
    assert (bound, sheet["G5"].number_format) == ((None, "General") if target is None else (0.85, '"≥ "0%'))


def test_groups_stand_in_the_same_order(card):
    first = replace(measured(card, "coverage")[0], target=None, met=None)
    many = groups(first, [40, 40, 20, 90])
    many = tuple(replace(one, denominator=size) for one, size in zip(many, [35, 200, 10, 5], strict=True))
    report = only(card, (first, *many), by="type")
    order = [one.title.en for one in worst_first([first, *many])[1:]]
    assert order == ["group 2", "group 1", "group 0", "group 3"]
    found = re.findall(r"[Gg]roup \d", Reader(html(report, "en")).text)
    assert list(dict.fromkeys(one.lower() for one in found)) == order
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(report, "en"))).worksheets[1]
    assert [row[0].value for row in sheet.iter_rows(min_row=6)] == order


def test_due_paid_and_outstanding_add_up_or_it_is_said_why(card):
    due, paid, left = (measured(card, f"allowance_{name}")[0] for name in ("due", "paid", "outstanding"))
    report = [
        replace(one, numerator=Decimal(value), value=Decimal(value))
        for one, value in ((due, 1000), (paid, 700), (left, 350))
    ]
    assert "50.00 was paid beyond what is due" in Reader(html(only(card, *((one,) for one in report)), "en")).text
    report[2] = replace(left, numerator=Decimal(300), value=Decimal(300))
    assert "beyond what is due" not in Reader(html(only(card, *((one,) for one in report)), "en")).text
