"""Something done to many cases in one go, through the real command line."""

import csv
import io
import json
import re

import pytest

from .conftest import HEADING, SCHOOL
from .spoken import code

BY, ON = ("--as", "chaoyang-education"), ("--as-of", "2016-01-10")
OTHERS = [code(f"52110105MJ{number:07}") for number in range(200, 325)]


@pytest.fixture
def many(shell, tmp_path):
    """126 schools in 朝阳区, of which every third has nobody in the Party, and one in 海淀区."""
    rows = [
        f"{id},朝阳区第{at}学校,chaoyang,private_non_enterprise,district,education,42,{0 if at % 3 else 5},false"
        for at, id in enumerate(OTHERS)
    ]
    rows += [
        SCHOOL,
        f"{code('52110108MJ0000500')},海淀区学校,haidian,private_non_enterprise,district,education,42,5,false",
    ]
    (tmp_path / "many.csv").write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    shell("init")
    shell("import", "many.csv", "--as-of", "2016-01-04")
    return shell


def stands(shell):
    return [one["state"] for one in json.loads(shell("list", "--area", "chaoyang", "--format", "json"))]


def test_a_preview_says_what_would_come_of_each_and_does_nothing(many):
    before = stands(many)
    words = ("advance", "apply", "--where", "party_members=>= 3", "-e", "application=1", *BY, *ON)
    out = many(*words)
    assert "44 cases, of which 43 can be done" in out
    assert "refused: " in out
    assert "add --yes to do it" in out
    assert stands(many) == before
    rows = list(csv.DictReader(io.StringIO(many(*words, "--format", "csv"))))
    assert len(rows) == 44
    assert [row["code of the refusal"] for row in rows].count("may-not-act") == 1


def test_it_is_done_to_all_that_can_and_the_others_are_told(many):
    words = ("advance", "提交组建申请", "--where", "正式党员数=>=3", "-e", "组建申请=1", *ON, "--lang", "zh", "--yes")
    out = many(*words, *BY, "--request-id", "spring", code=1)
    assert "已办理 43 件；1 件未能办理：" in out
    assert stands(many).count("build.approving") == 43
    events = json.loads(many("history", OTHERS[0], "--format", "json"))
    assert [(one["seq"], one["request_id"]) for one in events][1:] == [(2, f"spring:{OTHERS[0]}")]
    assert "没有符合的案卷" in many("advance", "apply", "--where", "party_members=> 1000", *BY, "--lang", "zh")


def test_what_routing_rests_on_reassigns_them_all(many):
    out = many(
        "facts", "行业领域=卫生", "--where", "行业领域=教育", "--area", "朝阳区", "--reason", "调整", *BY, *ON, "--yes"
    )
    assert "done: 126 of 126" in out
    found = json.loads(many("list", "--area", "chaoyang", "--format", "json"))
    assert {one["responsible"]["id"] for one in found} == {"chaoyang-health"}
    assert re.search(r"rerouted", many("history", OTHERS[5]))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("advance", "*", "apply"), "--where"),
        (("advance", "apply"), "TRIGGER"),
        (("advance", "apply", "--where", "party_members"), "FACT=TEST"),
        (("facts", "name=x", "--stage", "build"), "case by case"),
    ],
)
def test_which_cases_has_to_be_said(many, words, told):
    assert told in many.refused(*words, *BY, code=2)


@pytest.mark.parametrize("test", ["nothing=3", "party_members=many"])
def test_a_test_that_is_none_is_refused(many, test):
    assert many.refused("advance", "apply", "--where", test, *BY, code=2).startswith("[")


def test_whoever_does_not_see_a_case_tells_nothing_of_it(many):
    out = many(
        "facts", "industry=health", "--area", "chaoyang", "--as", "haidian-health", *ON, "--yes", "--lang", "zh", code=1
    )
    assert "已办理 0 件；126 件未能办理：" in out
    assert "不属于 海淀区卫生系统党委 及其下级 (126)" in out
    assert {one["responsible"]["id"] for one in json.loads(many("list", "--area", "chaoyang", "--format", "json"))} == {
        "chaoyang-education"
    }


@pytest.mark.parametrize(
    ("test", "count"),
    [
        ("已建党组织=否", 127), ("登记类型=民非", 127), ("从业人员数>=50", 0), ("从业人员数≤42", 127), ("从业人员数=[40..50)", 127),
        ("行业领域=卫生，教育", 127), ("行业领域=not(education)", 0), ("正式党员数=5, 0", 127), ("has_organization=false", 127),
    ],
)  # fmt: skip
def test_tests_are_written_as_a_person_writes_values(many, test, count):
    out = many("facts", "是否软弱涣散=否", "--where", test, "--as", "beijing", *ON, "--lang", "zh")
    assert (f"共 {count} 件" if count else "没有符合的案卷") in out


def test_what_does_not_change_is_said_and_what_else_does(many):
    words = ("facts", "是否软弱涣散=否", "--area", "朝阳区", *BY, *ON, "--lang", "zh")
    out = many(*words)
    assert "软弱涣散为 否" in out
    assert "不会有变化" not in out
    assert "已办理 126 件" in many(*words, "--yes")
    assert "共 126 件，其中 126 件可办理（126 件不会有变化）" in many(*words)
    out = many(*words, "--yes")
    assert "已办理 126 件（其中 126 件无变化）" in out
    assert "无变化" in out.split("（此处")[0]


def test_what_a_test_should_be_is_said(many):
    for test, known in (("已建党组织=错误", "可写：是、否"), ("行业领域=农业", "可写：教育、卫生")):
        said = many.refused("facts", "employees=3", "--where", test, "--as", "beijing", "--lang", "zh", code=2)
        assert known in said
    said = many.refused("facts", "employees=3", "--where", "从业人员数=很多", "--as", "beijing", "--lang", "zh", code=2)
    assert "应写作" in said
    assert "不写案卷" in many.refused(
        "facts", OTHERS[0], "employees=3", "--stage", "build", *BY, "--lang", "zh", code=2
    )
