"""The whole of a check."""

import pytest

from guikou.engine import parse
from guikou.engine.verify.check import Unsound, check, require

from ..edits import rewritten
from .broken import TABLES


def test_the_flagship_policy_has_no_findings(beijing):
    report = check(beijing)
    assert [one.message() for one in report.findings] == []
    assert {(one.stage, one.text()) for one in report.bounds} == {
        ("build", "6 months + 3 × 30 days + time suspended (at most 276 days)"),
        ("standardize", "1 year + 3 × 30 days + time suspended (at most 456 days)"),
        ("rectify", "6 months + 3 months + 3 × 15 days + time suspended (at most 324 days)"),
        ("setting_up", "1 year + 3 × 30 days (at most 456 days)"),
        ("incubate", "1 year + 3 × 30 days (at most 456 days)"),
        ("register", "60 days + 3 × 15 days (at most 105 days)"),
        ("registered", "30 days + 3 × 15 days (at most 75 days)"),
    }
    assert require(beijing) == report


def test_a_policy_with_errors_is_refused_with_its_first_error(beijing):
    files, line = rewritten(beijing.files, TABLES, '"[3..50)"', '"[2..50)"')
    with pytest.raises(Unsound) as refused:
        require(parse(files))
    assert refused.value.where.line == line
    assert "1 errors, the first: rows 1 and 2 of table form fit together" in refused.value.line("en")
