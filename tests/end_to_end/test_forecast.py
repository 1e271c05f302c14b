"""`guikou forecast` through the real command line."""

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from guikou import workflows

DAY = ("--as-of", "2016-01-04")


@pytest.fixture
def sampled(shell):
    """A shell whose database holds 120 sample organisations, a hub, a joint organisation and an applicant."""
    shell("init")
    shell("sample", "--n", "120", "--seed", "1", "-o", "o.csv")
    shell("import", "o.csv", *DAY)
    heading = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization,incubating\n"
    more = "\n".join(
        f"{id},{id},chaoyang,{kind},district,education,5,3,false,true"
        for id, kind in (("H1", "hub"), ("J1", "joint_organization"), ("A1", "applicant"))
    )
    Path("more.csv").write_text(f"{heading}{more}\n", encoding="utf-8")
    shell("import", "more.csv", *DAY)
    return shell


def rows(shell, *arguments):
    return json.loads(shell("forecast", *DAY, *arguments, "--format", "json"))


def test_M05_forecast_counts_organisations_by_tier(sampled):
    found = rows(sampled)
    assert {row["key"] for row in found} == {"city", "district", "street"}
    assert sorted({row["year"] for row in found}) == [2016, 2017, 2018, 2019, 2020, 2021]
    assert sum(row["median"] for row in found if row["year"] == 2016) == 120  # no group, no applicant
    (last,) = [row for row in rows(sampled, "--by", "all") if row["year"] == 2021]
    assert 120 * 1.1**5 - 3 < last["low"] < last["median"] < last["high"] < 120 * 1.15**5 + 3
    assert rows(sampled) == found
    assert rows(sampled, "--seed", "2") != found


def test_M05_growth_is_one_number_or_two(sampled):
    flat = rows(sampled, "--by", "all", "--growth", "0.1", "--years", "2", "--runs", "20")
    assert [(row["low"], row["high"]) for row in flat] == [(120, 120), (132, 132), (145, 145)]
    still = rows(sampled, "--by", "stage", "--growth", "0..0", "--years", "2", "--runs", "20")
    assert all(row["low"] == row["high"] for row in still)
    for wrong in ("15", "x", "0.2..0.1", "-0.1", "0.1..", "nan"):
        line = sampled.refused("forecast", "--growth", wrong, code=2)
        assert line.startswith("[usage]")
        assert "0.10..0.15" in line
    assert "不是增长率" in sampled.refused("forecast", "--growth", "15", "--lang", "zh", code=2)


def test_M05_forecast_in_all_formats_and_both_languages(sampled, tmp_path):
    out = sampled("forecast", *DAY, "--years", "1", "--lang", "zh")
    for word in ("案件量预测（2016-01-04 起）", "区", "中位数", "2017"):
        assert word in out
    assert "增长率 10.0% 至 15.0%，200 次模拟，种子 1" in sampled.err
    out = sampled("forecast", *DAY, "--years", "1")
    assert "Caseload from 2016-01-04 on" in out
    assert "no moves were seen in that time" in sampled.err
    table = list(
        csv.reader(
            io.StringIO(sampled("forecast", *DAY, "--years", "1", "--by", "all", "--format", "csv").lstrip("\ufeff"))
        )
    )
    assert table[0] == ["year", "key", "group", "low (10%)", "median", "high (90%)"]
    assert table[1] == ["2016", "", "all", "120", "120", "120"]
    sampled("forecast", *DAY, "--years", "1", "--by", "body", "--format", "xlsx", "-o", "load.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "load.xlsx").active
    assert sum(row[4] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == 2016) == 120


def test_M05_forecast_of_what_is_below_a_body(sampled):
    every = rows(sampled, "--by", "body", "--years", "2")
    below = rows(sampled, "--by", "body", "--years", "2", "--under", "beijing-education")
    assert below
    assert all("education" in row["key"] or row["key"] == "chaoyang-private-schools" for row in below)
    assert below == [row for row in every if row["key"] in {one["key"] for one in below}]
    assert {row["key"] for row in below} < {row["key"] for row in every}
    assert rows(sampled, "--by", "body", "--years", "2", "--as", "beijing-education") == below
    assert "no cases" in sampled("forecast", *DAY, "--under", "chaoyang-private-schools")
    assert {row["high"] for row in rows(sampled, "--by", "all", "--under", "chaoyang-private-schools")} == {0}


def test_M05_forecast_beside_another_routing(sampled, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(Path(workflows.__file__).parent / "beijing_2015", folder)
    path = folder / "tables" / "routing.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("U,community_filed,-,-,-,{street},", "U,community_filed,-,-,-,{district},"), encoding="utf-8"
    )
    found = rows(sampled, "--routing", str(folder), "--years", "1")
    now = {row["key"]: row for row in found if row["year"] == 2016}
    assert now["street"]["routed_median"] == 0
    assert now["district"]["difference"] == now["street"]["median"] > 0
    assert now["city"]["difference"] == 0
    for row in found:
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]
    assert "rerouted: median" in sampled("forecast", *DAY, "--routing", "mine", "--years", "1")
    path.write_text(
        text.replace("U,community_filed,-,-,-,{street},M13 按属地 / M13 by territory\n", ""), encoding="utf-8"
    )
    sampled("forecast", *DAY, "--routing", "mine", "--years", "1")
    assert f"{now['street']['median']} cases that the other policy refuses to route" in sampled.err
    assert "no policy 'none'" in sampled.refused("forecast", "--routing", "none", code=2)


def test_M05_rates_are_taken_from_what_happened(school):
    by = ("--as", "chaoyang-education")
    school("advance", "52110105MJ0001010Q", "apply", *by, "-e", "application=1", "--as-of", "2016-02-01")
    school("advance", "52110105MJ0001010Q", "establish", *by, "-e", "approval_document=2", "--as-of", "2016-03-01")
    found = json.loads(school("forecast", "--as-of", "2017-01-04", "--by", "stage", "--years", "1", "--format", "json"))
    assert "1 move in 1 case-years" in school.err
    assert [row["median"] for row in found if row["year"] == 2017] == [0, 1, 0, 0]
    school("forecast", "--as-of", "2017-04-04", "--observed", "1", "--by", "all")
    assert "0 moves in 1 case-years" in school.err


def test_M05_a_forecast_does_not_start_from_a_day_to_come(sampled):
    assert "still to come" in sampled.refused("forecast", "--as-of", "2999-01-01", code=2)
