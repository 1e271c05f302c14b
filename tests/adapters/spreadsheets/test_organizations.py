"""Organisations from rows, and rows from organisations."""

from datetime import date

import pytest

from guikou.adapters.spreadsheets.organizations import as_row, columns, organization, read_fact
from guikou.adapters.spreadsheets.reading import Row
from guikou.engine.errors import BadFact, BadRow, UnknownArea, UnknownBody, WrongUsage

HEADING = ["id", "name", "area", "registered_as", "employees", "has_organization", "term_began"]
CELLS = ("52110105A", "启明学校", "chaoyang", "private_non_enterprise", "42", "false", "2013-03-01")


def read(policy, *cells, heading=HEADING):
    return organization(policy, columns(policy, heading), Row.of(2, *cells))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_column_is_known_by_its_key_and_by_its_title_in_each_language(policy, lang):
    own = {"zh": ["统一社会信用代码", "名称", "区域"], "en": ["credit code or filing number", "name", "area"]}[lang]
    titles = [getattr(policy.facts[name].title, lang) for name in HEADING[3:]]
    assert columns(policy, [*own, *titles, "备注", "#x", ""]) == [*HEADING, None, None, None]


@pytest.mark.parametrize(
    "heading", [["id", "name"], ["id", "name", "area", "nonsense"], ["id", "name", "area", "id"], ["name", "area"]]
)
def test_a_heading_that_cannot_be_understood_is_refused(policy, heading):
    with pytest.raises(WrongUsage):
        columns(policy, heading)


def test_a_row_is_an_organisation_and_back(policy):
    found = read(policy, *CELLS)
    assert found.facts == {
        "registered_as": "private_non_enterprise", "employees": 42, "has_organization": False,
        "term_began": date(2013, 3, 1),
    }  # fmt: skip
    assert policy.places.areas[found.area].key == "chaoyang"
    row = as_row(found, HEADING, policy)
    assert read(policy, *(str(cell) for cell in row)) == found


@pytest.mark.parametrize("text", ["null", "none", "无"])
def test_an_empty_cell_is_not_known_and_null_is_known_to_be_none(policy, text):
    name = next(name for name, spec in policy.facts.items() if spec.nullable)
    heading = ["id", "name", "area", name]
    known = read(policy, "A", "x", "chaoyang", text, heading=heading)
    assert known.facts == {name: None}
    assert as_row(known, heading, policy)[3] == "null"
    assert read(policy, "A", "x", "chaoyang", "", heading=heading).facts == {}


def test_a_fact_that_names_a_body_takes_its_title_too(policy):
    name = next(name for name, spec in policy.facts.items() if spec.kind.name == "body")
    body = policy.places.body("chaoyang-education")
    assert read_fact(policy, name, body.title.zh) == read_fact(policy, name, body.id) == body.id
    with pytest.raises(UnknownBody):
        read_fact(policy, name, "nobody")


@pytest.mark.parametrize(
    ("at", "cell", "error"),
    [(0, "", BadRow), (1, "", BadRow), (2, "atlantis", UnknownArea), (4, "many", BadFact), (6, "2013-02-30", BadFact)],
)
def test_a_row_with_a_wrong_cell_is_refused(policy, at, cell, error):
    with pytest.raises(error):
        read(policy, *(cell if at == one else text for one, text in enumerate(CELLS)))


def test_a_row_of_another_length_is_refused_unless_what_is_more_is_empty(policy):
    assert read(policy, *CELLS, "") == read(policy, *CELLS)
    for cells in ((*CELLS, "x"), CELLS[:-1]):
        with pytest.raises(BadRow):
            read(policy, *cells)
