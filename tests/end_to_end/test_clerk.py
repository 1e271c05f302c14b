"""What a clerk meets who types Chinese words and reads nothing else."""

import pytest

SCHOOL, BY = "52110105MJ0001010Q", ("--as", "chaoyang-education")
INSPECTED = ("-e", "年检报告书=1", "-e", "党建工作情况=2")


@pytest.fixture
def built(school, monkeypatch):
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    school("advance", SCHOOL, "提交组建申请", "-e", "组建申请=1", *BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "批准成立", "-e", "批复=2", *BY, "--as-of", "2016-01-06")
    return school


# --- words are looked up first among what the case has ---------------------------------------------------------------


def test_a_title_that_several_obligations_have_is_the_one_that_the_case_owes(built):
    built("meet", SCHOOL, "年度检查", "--outcome", "合格", *INSPECTED, *BY, "--as-of", "2016-02-01")
    assert "[ambiguous]" in built.refused("upcoming", "--obligation", "年度检查", code=2)  # which has no case to go by


def test_a_part_of_a_title_is_enough_for_what_is_open(built):
    built("advance", SCHOOL, "软弱", "-e", "认定材料=3", *BY, "--as-of", "2016-01-07")
    said = built.refused("advance", SCHOOL, "认定", *BY, code=2)
    assert "confirm_finding（确认认定）" in said
    assert "recognize" not in said  # is not open here
    assert "整顿" in built("advance", SCHOOL, "确认", *BY, "--as-of", "2016-01-08")
