"""Texts erased at the command line."""

import sqlite3
from contextlib import closing

import pytest

SCHOOL, BY = "52110105MJ0001010Q", ("--as", "chaoyang-education")


@pytest.fixture
def remarked(school):
    school("advance", SCHOOL, "apply", "-e", "组建申请=张三", *BY, "--as-of", "2016-01-05")
    school("remark", SCHOOL, "张三来电", *BY, "--as-of", "2016-01-06")
    return school


def whole():
    with closing(sqlite3.connect("guikou.db")) as connection:
        return "\n".join(connection.iterdump())


def test_it_says_what_would_go_and_asks(remarked):
    said = remarked.refused("erase", SCHOOL, "--event", "3", "--reason", "误写", *BY, code=2)
    assert "of no. 3 this would be erased for good: remark;" in said
    said = remarked.refused("erase", SCHOOL, "--event", "3", "--reason", "误写", *BY, "--lang", "zh", code=2)
    assert "将擦除第 3 号的备注，不可恢复" in said
    assert "--yes" in said
    assert "张三来电" in whole()


def test_what_is_erased_is_nowhere(remarked):
    remarked("erase", SCHOOL, "--event", "3", "--reason", "误写", *BY, "--yes")
    remarked("erase", SCHOOL, "--event", "2", "--text", "组建申请", "--reason", "误写", *BY, "--yes")
    assert "张三" not in whole()
    said = remarked("history", SCHOOL, "--lang", "zh")
    assert said.count("（已擦除）") == 2
    assert "第 3 号" in said
    assert "（已擦除）" in remarked("show", SCHOOL, "--lang", "zh")
    assert "changed: 0" in remarked("audit", "verify")


@pytest.mark.parametrize("word", ["备注", "remark", "reason"])
def test_a_remark_is_named_as_what_it_is(remarked, word):
    assert remarked("erase", SCHOOL, "--event", "3", "--text", word, "--reason", "误写", *BY, "--yes")


def test_what_can_be_named_is_listed_where_something_else_is(remarked):
    said = remarked.refused("erase", SCHOOL, "--event", "2", "--text", "批复", "--reason", "误写", *BY, "--yes", code=2)
    assert "application" in said
    said = remarked.refused("erase", SCHOOL, "--event", "2", "--reason", "误写", *BY, "--as-of", "2016-01-07", code=2)
    assert "at once" in said


def test_what_is_kept_no_longer_is_listed_until_it_is_meant(remarked, tmp_path):
    said = remarked.refused("expire", code=1)
    assert said.startswith("[no-retention]")
    import shutil

    from guikou import workflows

    mine = tmp_path / "mine"
    shutil.copytree(workflows.__path__[0] + "/beijing_2015", mine)
    (mine / "policy.yaml").write_text(
        (mine / "policy.yaml").read_text(encoding="utf-8") + "\nretention: 3 years\n", encoding="utf-8"
    )
    remarked("policy", "activate", str(mine))
    assert "3 years" in remarked("policy", "diff", "beijing-2015", str(mine))
    remarked("advance", SCHOOL, "deregister", "-e", "注销证明=1", *BY, "--as-of", "2016-01-08", "--yes")
    said = remarked("expire")
    assert "2019-01-08" in said
    assert "nothing was erased" in said
    assert "张三" in whole()
    assert "were erased" in remarked("expire", "--yes")
    assert "张三" not in whole()
    assert "保存期 3 年已满" in remarked("history", SCHOOL, "--lang", "zh")
