"""The whole of a check."""

import pytest

from guikou.engine import parse
from guikou.engine.errors import PolicyError
from guikou.engine.verify.check import Unsound, check, require

from ..edits import rewritten
from .broken import BROKEN, FURTHER, TABLES, UNREADABLE
from .replay import REPLAY


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


@pytest.mark.parametrize("case", FURTHER, ids=lambda case: f"{case[3]}-{case[0]}")
def test_a_flaw_is_found_with_a_witness_that_replays(beijing, case):
    file, old, new, code = case
    policy = parse(rewritten(beijing.files, file, old, new)[0])
    found = check(policy).findings  # it has none itself
    told = [one for one in found if one.code == code]
    assert told, {one.code for one in found}
    for lang in ("zh", "en"):
        assert told[0].message(lang)
    replay = REPLAY[code]
    assert replay is None or told[0].witness is None or replay(policy, told[0])


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: f"{case[3]}-{case[0]}")
def test_what_can_not_be_is_refused_when_it_is_read(beijing, case):
    file, old, new, code = case
    with pytest.raises(PolicyError) as refused:
        parse(rewritten(beijing.files, file, old, new)[0])
    assert (refused.value.code, bool(refused.value.where.line)) == (code, True)


def test_they_are_of_many_kinds():
    assert len(FURTHER) + len(UNREADABLE) >= 40
    assert len({case[3] for case in (*BROKEN, *FURTHER)}) >= 40
