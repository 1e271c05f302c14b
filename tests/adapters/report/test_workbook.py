"""The workbook of a scorecard, read back."""

import io
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from guikou.adapters.cli.indicators import VALUE_COLUMNS
from guikou.adapters.report.workbook import workbook
from guikou.engine.errors import NotInstalled
from guikou.engine.rules.notation import parse_test
from guikou.engine.rules.unary_tests import Kind
from guikou.engine.text import Title

from .cards import changed, measured, only

END = date(2016, 12, 31)


def opened(card, lang="en", **more):
    return openpyxl.load_workbook(io.BytesIO(workbook(card, lang, **more)))


def rows(sheet):
    heading = [cell.value for cell in sheet[4]]
    return [dict(zip(heading, row, strict=True)) for row in sheet.iter_rows(min_row=5)]


def test_M09_the_workbook_has_an_overview_and_a_sheet_for_each_section(card):
    book = opened(card)
    assert book.sheetnames == ["Overview", *(section.title.en for section, _ in card.sections)]
    assert opened(card, "zh").sheetnames[0] == "总览"
    assert all(sheet.freeze_panes == "C5" for sheet in book)
    assert all(sheet.print_title_rows == "$4:$4" for sheet in book)
    by_name = {row["Indicator"].value: row for row in rows(book["Overview"])}
    assert len(by_name) == len({many[0].indicator.name for _, measured in card.sections for many in measured})


def test_M09_numbers_in_the_workbook_are_numbers(card):
    card = changed(card, "jobs", published=Decimal(174000), is_published=True)
    by_name = {row["Indicator"].value: row for row in rows(opened(card)["Overview"])}
    coverage = by_name["organisation coverage"]
    assert (coverage["Value"].value, coverage["Value"].number_format) == (0.75, "0.0%")
    assert (coverage["Counted"].value, coverage["Of"].value) == (3, 4)
    money = by_name["services purchased (yuan)"]["Value"]
    assert (money.value, money.number_format) == (1234567.5, "#,##0.00")
    jobs = by_name["jobs"]
    assert (jobs["Value"].value, jobs["Value"].number_format) == (168, "#,##0")
    assert jobs["Published"].value == 174000


def test_M09_the_workbook_tells_targets_and_what_is_not_available(card):
    target = measured(card, "coverage")[0].indicator.target
    other = changed(card, "coverage", target=target, met=False, published=None, is_published=True, unknown=2)
    row = {row["Indicator"].value: row for row in rows(opened(other)["Overview"])}["coverage by both"]
    assert [row[name].value for name in ("Target", "Met", "Published", "Not known")] == [
        0.85, "missed", "not available", 2,
    ]  # fmt: skip
    assert row["Target"].number_format == '"≥ "0%'


@pytest.mark.parametrize(("name", "text", "value", "form"), [
    ("coverage", "<= 0.125", 0.125, '"≤ "0.0%'), ("coverage", "1", 1, "0%"), ("jobs", "> 1200.5", 1200.5, '"> "#,##0.0'),
    ("coverage", "[0.1..0.2]", "10%–20%", "General"), ("coverage", "not(0.1)", "not(0.1)", "General"),
])  # fmt: skip
def test_a_target_with_one_bound_is_a_number(card, name, text, value, form):
    other = changed(card, name, target=parse_test(text, Kind("decimal")), met=False)
    title = measured(card, name)[0].indicator.title.en
    cell = next(row for row in rows(opened(other)["Overview"]) if row["Indicator"].value == title)["Target"]
    assert (cell.value, cell.number_format) == (value, form)


def test_columns_are_called_as_in_the_terminal(card):
    said = [column.zh for column in VALUE_COLUMNS]
    book = opened(card, "zh")
    assert [cell.value for cell in book["总览"][4]] == ["部分", "指标", *said]
    by_body = next(section for section, _ in card.sections if section.by == "responsible")
    assert [cell.value for cell in book[by_body.title.zh][4]] == ["归口单位", "指标", *said]


def test_two_sections_of_one_name_are_two_sheets(card):
    sections = tuple((replace(section, title=Title("x/y", "x/y")), found) for section, found in card.sections[:2])
    assert opened(replace(card, sections=sections)).sheetnames == ["Overview", "xy", "xy (2)"]


def test_a_name_is_never_a_formula(card):
    evil = Title("=1+1", "=1+1")
    first = measured(card, "coverage")[0]
    other = replace(
        only(card, (first, replace(first, key="x", title=evil)), by="type"), body=replace(card.body, title=evil)
    )
    book = opened(other, generated=True)
    assert "sample data" in book.worksheets[0]["A2"].value
    cell = book.worksheets[1]["A6"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert book.worksheets[0]["A1"].data_type == "s"


def test_without_xlsxwriter_the_extra_is_named(card, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(NotInstalled):
        workbook(card, "en")


def test_every_kind_of_indicator_of_the_policy_has_a_sheet(office, card):
    """Those that are not on the scorecard as well, by what they can be grouped by."""
    for name, indicator in office.policy.parts.indicators.items():
        for by in (None, *indicator.by[:2]):
            many = tuple(office.indicator(name, by=by, as_of=END))
            opened(only(card, many, by=by))
