"""Rows that decided, cell by cell."""

from guikou.engine.cases.events import RuleFired
from guikou.engine.supervision.explained import explained, explained_as_placed

from ..told import building

ROUTED = {"type": "private_non_enterprise", "industry": "education", "registered_at": "district"}


def test_each_cell_says_what_it_asks_what_is_and_whether_that_is_met(beijing):
    rows = beijing.table("routing").evaluate({**ROUTED, "supervising_unit": None}).rows
    (rule,) = explained(beijing, RuleFired("routing", rows, {"responsible": "chaoyang-education"}), ROUTED)
    assert (rule.table, rule.row, rule.outputs) == ("routing", rows[0], {"responsible": "chaoyang-education"})
    assert rule.file.endswith("tables/routing.csv")
    cells = {cell.fact: (cell.value, cell.met) for cell in rule.cells}
    assert cells["industry"] == ("education", True)
    assert cells["supervising_unit"] == (None, None)  # it is not known
    assert len(rule.cells) == len(beijing.table("routing").inputs)


def test_of_several_rows_each_is_told_and_of_none_nothing(beijing):
    rule = RuleFired("support", (1, 2), {})
    assert [one.row for one in explained(beijing, rule, {})] == [1, 2]
    assert explained(beijing, RuleFired("support", (999,), {}), {}) == []


def test_a_case_is_explained_by_what_it_was_when_it_was_placed(beijing):
    case = building(beijing).case
    (rule,) = explained_as_placed(beijing, RuleFired("routing", (1,), {}), case)
    assert {cell.fact: cell.value for cell in rule.cells}["type"] == case.workflow
