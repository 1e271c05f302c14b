"""What is kept of imports."""

from datetime import date
from decimal import Decimal

import pytest

from guikou.engine.cases.canonical import dumps, loads
from guikou.engine.errors import BadFact, MissingFact, NoSuchTier, UnknownCase, Where, WrongUsage
from guikou.engine.supervision.imported import Fault, RowRead, Taken
from guikou.engine.text import Title

ERRORS = [
    MissingFact(fact=Title("行业", "industry"), key="industry", rule=Title("归口", "routing")),
    BadFact(
        fact=Title("人数", "staff"), value="\x00\ud800", kind="integer", expected="a number", where=Where(column="人数")
    ),
    NoSuchTier(rule=Title("归口", "routing"), tier=Title("街道", "street"), area=Title("北京", "Beijing")),
    WrongUsage(reason_en="a day", reason_zh=str(date(2016, 1, 4))),
    UnknownCase(case=["A", 1, None, True, Decimal("1.50"), date(2016, 1, 4)]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_a_fault_is_kept_and_read_as_the_error_that_it_was(error):
    kept = Fault(**loads(dumps(Fault.of(error).content())))
    again = kept.error()
    assert type(again) is type(error)
    if "\\ud800" not in str(error):
        assert [again.line(lang) for lang in ("zh", "en")] == [error.line(lang) for lang in ("zh", "en")]
        assert again.as_json() == error.as_json()


def test_a_fault_that_is_not_known_any_more_says_what_it_said():
    for fault in (Fault("gone", {}, "中文", "English"), Fault("missing-fact", {"old": 1}, "中文", "English")):
        assert (fault.error().message("zh"), fault.error().message("en")) == ("中文", "English")


def test_what_a_row_holds_is_kept_without_what_no_database_takes():
    kept = Taken(RowRead(2, "A\x00", "名\ud800\n"), "rejected").kept(1)
    assert (kept.id, kept.name) == ("A�", "名?�")
