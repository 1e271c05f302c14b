"""Organisations taken in, one by one or as a register."""

from datetime import date

import pytest

from guikou.engine import Organization, RowRead, Source
from guikou.engine.errors import MissingFact
from guikou.engine.supervision.intake import take_in

from ..told import SCHOOL

pytestmark = pytest.mark.usefixtures("told_on_time")


def test_taken_in_again_only_news_are_reported(office):
    own = Organization("A", "学校", "chaoyang", SCHOOL)
    assert take_in(office, own, True, {})[0] == "opened"
    assert office.store.get("A") is None
    assert [take_in(office, own, False, {})[0] for _ in range(2)] == ["opened", "unchanged"]
    more = Organization("A", "学校", "chaoyang", {**SCHOOL, "employees": 43})
    outcome, view = take_in(office, more, False, {"when": date(2016, 1, 5)})
    assert (outcome, view.case.facts["employees"]) == ("changed", 43)
    assert office.store.events("A")[-1].facts == {"employees": 43}


def test_what_is_refused_is_raised_and_nothing_is_parked(office, supervision):
    with pytest.raises(MissingFact):
        take_in(office, Organization("A", "学校", "chaoyang", {"registered_as": "private_non_enterprise"}), False, {})
    assert supervision.intake.parked(state=None) == []


def test_the_imports_of_a_file_are_found_by_its_digest(supervision):
    for digest in ("x", "y", "x"):
        run = supervision.intake.begin(Source("a.csv", digest, 1), 1)
        assert [one.outcome for one in run.take([RowRead(2, "A", "学校", "chaoyang", SCHOOL)])]
    assert [one.number for one in supervision.intake.imports(digest="x")] == [3, 1]
    assert [one.number for one in supervision.intake.imports(limit=2)] == [3, 2]
