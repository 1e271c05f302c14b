"""Corrections, reopenings and what was on record, through the real command line."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

SCHOOL, BY = "52110105MJ0001010Q", ("--as", "chaoyang-education")
WHY = ("--reason", "录入有误")


@pytest.fixture
def built(school):
    school("advance", SCHOOL, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-10")
    school("advance", SCHOOL, "establish", "-e", "approval_document=2", *BY, "--as-of", "2016-01-20")
    school("facts", SCHOOL, "employees=50", *BY, "--as-of", "2016-01-25")
    return school


def history(shell, *more):
    return json.loads(shell("history", SCHOOL, "--format", "json", *more))


def today():
    """By the policy's clock."""
    return str(datetime.now(ZoneInfo("Asia/Shanghai")).date())


def test_a_wrong_day_is_shown_first_and_then_corrected(built):
    out = built("correct", SCHOOL, "--event", 3, "--day", "2016-01-12", *WHY, *BY, "--dry-run")
    assert "counts no more" in out
    assert "instead" in out
    assert "(nothing kept)" in out
    assert len(history(built)) == 4
    out = built("correct", SCHOOL, "--event", 3, "--day", "2016-01-12", *WHY, *BY)
    assert "due 2017-01-12" in out
    told = history(built)
    assert [one["seq"] for one in told if not one["counts"]] == [3, 4]
    assert [(one["kind"], one["day"]) for one in told[5:]] == [
        ("advanced", "2016-01-12"), ("reported", "2016-01-25"),
    ]  # fmt: skip
    assert told[4]["day"] == today()
    table = built("history", SCHOOL)
    assert "no more" in table
    assert "no. 3" in table


@pytest.mark.parametrize(
    ("event", "words", "what"),
    [
        (1, ["employees=60"], "从业人员数：60"),
        (2, ["-e", "组建申请=2016-9"], "组建申请=2016-9"),
        (4, ["employees=51"], "从业人员数：51"),
        (4, ["--because", "年检核实"], "年检核实"),
        (4, ["--never"], "从业人员数"),
    ],
)
def test_what_can_be_corrected_is_told_in_words(built, event, words, what):
    out = built("correct", SCHOOL, "--event", event, *words, *WHY, *BY, "--dry-run", "--lang", "zh")
    assert what in out
    assert "（未写入）" in out


def test_as_json_it_is_both_cases_and_what_changed(built):
    words = ["correct", SCHOOL, "--event", 4, "--never", *WHY, *BY, "--format", "json"]
    said = json.loads(built(*words, "--dry-run"))
    assert said.keys() == {"before", "after", "gone", "anew", "parted"}
    assert [one["facts"]["employees"] for one in (said["before"], said["after"])] == [50, 42]
    assert [(one["seq"], one["kind"]) for one in said["gone"]] == [(4, "reported")]
    assert said["anew"] == []
    done = json.loads(built(*words))["after"]
    assert json.loads(built("show", SCHOOL, "--format", "json")) == done | {"remarks": [], "merged": []}


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["--event", 9, "--never"], 1, "[not-correctable] no. 9 can't be corrected so: there is none"),
        (["--event", 2, "--never"], 1, "[cannot-stand] no. 3 (advanced, 2016-01-20) can't stand any more"),
        (["--event", 2, "--trigger", "establish"], 1, "[not-correctable] no. 2 can't be corrected so: 'establish' is"),
        (
            ["--event", 2, "--trigger", "deregister", "--yes"],
            1,
            "; add --evidence deregistration_record=REFERENCE; its number",
        ),
        (["--event", 2, "-e", "photo=1"], 1, "takes no evidence 'photo'; there is: application (application);"),
        (["--event", 2], 1, "nothing says what it should have been"),
        (["--event", 4, "--outcome", "x"], 1, "what was reported has not the outcome"),
        (
            ["--event", 2, "--trigger", "deregister"],
            2,
            "'deregister' can only be undone within 30 days (guikou reopen); add --yes to correct it so",
        ),
        (["--event", 4, "employees=many"], 2, "[bad-fact]"),
        (["--event", 4, "--day", "2999-01-01"], 2, "[future-day]"),
        (["--event", 4, "--never", "--as-of", "2016-02-01"], 2, "leave --as-of out"),
        (["--event", 0, "--never"], 2, "[usage]"),
        (["--never"], 2, "--event"),
    ],
)
def test_what_can_not_be_corrected_is_said_and_nothing_is_kept(built, words, code, line):
    assert line in built.refused("correct", SCHOOL, *words, *WHY, *BY, code=code)
    assert len(history(built)) == 4


def test_the_command_that_corrects_what_stands_in_the_way_can_be_typed(built):
    line = built.refused("correct", SCHOOL, "--event", 2, "--never", *WHY, *BY)
    assert f"guikou correct {SCHOOL} --as " in line
    assert line.endswith("--event 3")


def test_the_number_after_an_earlier_correction_is_told(built):
    built("correct", SCHOOL, "--event", 3, "-e", "approval_document=3", *WHY, *BY)
    line = built.refused("correct", SCHOOL, "--event", 4, "--never", *WHY, *BY)
    assert "after a correction it is no. 7 now" in line
    assert "it takes back others itself" in built.refused("correct", SCHOOL, "--event", 5, "--never", *WHY, *BY)
    assert "after a correction it is no. 6 now" in built.refused("correct", SCHOOL, "--event", 3, "--never", *WHY, *BY)
    built("correct", SCHOOL, "--event", 6, "-e", "approval_document=4", *WHY, *BY)
    for seq, now in ((3, 9), (4, 10), (6, 9), (7, 10)):
        line = built.refused("correct", SCHOOL, "--event", seq, "--never", *WHY, *BY)
        assert f"after a correction it is no. {now} now" in line
    built("correct", SCHOOL, "--event", 10, "--never", *WHY, *BY)
    for seq in (4, 7, 10):
        assert "it was corrected since" in built.refused("correct", SCHOOL, "--event", seq, "--never", *WHY, *BY)
    assert "after a correction it is no. 9 now" in built.refused("correct", SCHOOL, "--event", 3, "--never", *WHY, *BY)


def test_an_outcome_is_named_by_its_title(built):
    evidence = ["-e", "inspection_report=1", "-e", "party_building_report=2"]
    built("meet", SCHOOL, "inspection", "--outcome", "qualified", *evidence, *BY, "--as-of", "2016-02-01")
    met = history(built)[-1]["seq"]
    built("correct", SCHOOL, "--event", met, "--outcome", "不合格", *WHY, *BY)
    assert json.loads(built("show", SCHOOL, "--format", "json"))["facts"]["inspection"] == "unqualified"


def test_who_closed_a_case_reopens_it(built):
    close = ["advance", SCHOOL, "deregister", "-e", "deregistration_record=1", *BY, "--yes"]
    built(*close)
    assert "Standardize: improving" in built("reopen", SCHOOL, *WHY, *BY)
    assert "is not closed" in built.refused("reopen", SCHOOL, *WHY, *BY)
    assert "reopened" in built("history", SCHOOL)


def test_what_was_on_record_is_asked_for(built):
    """All was recorded today: of what is told of January nothing was known in January."""
    assert json.loads(built("list", "--known-on", "2016-02-01", "--format", "json")) == []
    assert [one["case"] for one in json.loads(built("list", "--known-on", today(), "--format", "json"))] == [SCHOOL]
    assert "[unknown-case]" in built.refused("show", SCHOOL, "--known-on", "2016-02-01")
    shown = json.loads(built("show", SCHOOL, "--known-on", today(), "--as-of", "2016-01-12", "--format", "json"))
    assert shown["state"] == "build.approving"
    assert len(history(built, "--known-on", today())) == 4
    assert "[future-day]" in built.refused("list", "--known-on", "2999-01-01", code=2)
    assert "--known-on" in built.refused("advance", SCHOOL, "apply", *BY, "--known-on", today(), code=2)
