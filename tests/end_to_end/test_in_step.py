"""Gates, members, records, support and indicators through the real command line."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

SCHOOL = "52110105MJ0001010Q"
REGISTRY, BY = "chaoyang-registration", "chaoyang-education"


@pytest.fixture
def built(school):
    """The school has an organisation, and everything that its gates ask for is known."""
    school("advance", SCHOOL, "apply", "-e", "application=1", "--as", BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "establish", "-e", "approval_document=2", "--as", BY, "--as-of", "2016-01-06")
    facts = ["registered_on=2012-05-04", "inspection=qualified", "penalised=false", "investigated=false"]
    school("facts", SCHOOL, *facts, "--as", BY, "--as-of", "2016-01-07")
    return school


def test_M24_a_gate_answers_with_rows_in_both_languages_and_what_to_do(school):
    facts = ["registered_on=2015-05-04", "investigated=true"]
    school("facts", SCHOOL, *facts, "--as", BY, "--as-of", "2016-01-05")
    ask = ["gate", "ask", SCHOOL, "grade_evaluation", "--as", REGISTRY, "--as-of", "2016-01-06", "--request-id", "q"]
    out = school(*ask, code=1)
    assert "grade evaluation: refused" in out
    assert "build first" in out
    assert re.search(r"gate of grade evaluation +2 +months since registered on +< 24 +8 ", out)
    out = school(*ask, "--lang", "zh", code=1)
    assert "等级评估：不准予" in out
    assert "应建未建党组织，不得参评；先完成组建" in out
    said = json.loads(school(*ask, "--format", "json", code=1))
    assert (said["answer"], said["due"], said["seq"]) == ("refused", None, 3)
    assert [rule["row"] for rule in said["rules"]] == [1, 2, 6]
    assert said["grounds"][0]["zh"] == "应建未建党组织，不得参评"
    told = ["gate", "tell", SCHOOL, "grade_evaluation", "evaluated", "--value", "3A", "-e", "evaluation_report=1"]
    assert "[gate-refused]" in school.refused(*told, "--as", REGISTRY, "--as-of", "2016-01-06")


def test_M23_a_pair_told_by_halves(built):
    built("gate", "ask", SCHOOL, "annual_inspection", "--as", REGISTRY, "--as-of", "2016-02-01")
    told = ["gate", "tell", SCHOOL, "annual_inspection"]
    paper = ["-e", "inspection_report=1", "--as", REGISTRY, "--as-of", "2016-02-02"]
    out = built(*told, "inspected", "--value", "qualified", *paper)
    assert "not in effect yet: organization_inspected (Party-building inspected) must be told by 2016-03-03" in out
    rows = json.loads(built("gate", "list", "--as-of", "2016-03-10", "--format", "json"))
    assert [(row["standing"], row["left"], row["days_overdue"]) for row in rows] == [
        ("half-told", ["organization_inspected"], 7)
    ]
    assert "tell: Party-building inspected (guikou gate tell)" in built("inbox", "--as", BY, "--as-of", "2016-02-03")
    for kind in ("csv", "xlsx", "json"):  # which officials read
        built("inbox", "--as", BY, "--as-of", "2016-02-03", "-o", f"inbox.{kind}")
    texts = [Path(f"inbox.{kind}").read_text(encoding="utf-8-sig") for kind in ("csv", "json")]
    texts.append(str([*load_workbook("inbox.xlsx").active.iter_rows(values_only=True)]))
    assert [("tell: Party-building inspected" in text, "guikou gate tell" in text) for text in texts] == [
        (True, False)
    ] * 3
    assert "the other inspection" in built("overdue", "--as-of", "2016-03-10")
    out = built(*told, "organization_inspected", "-e", "party_building_report=2", "--as", BY, "--as-of", "2016-03-11")
    assert "not in effect yet" not in out
    assert "no such gate" in built("gate", "list", "--standing", "half-told")
    assert "passed 2016-03-11" in built("show", SCHOOL)
    assert "年度检查：年检结论、合格" in built("history", SCHOOL, "--lang", "zh")


def test_M25_from_referral_to_registration_in_one_history(shell, tmp_path):
    heading = "id,name,area,registered_as,registered_at,incubating,industry,party_members,has_organization,guide_sent"
    row = "APP-1,启明学校筹备组,chaoyang,applicant,district,true,education,3,false,false"
    (tmp_path / "a.csv").write_text(f"{heading},investigated,employees\n{row},false,8\n", encoding="utf-8")
    shell("init")
    shell("import", "a.csv", "--as-of", "2016-01-04")
    at = ["--as", REGISTRY, "--as-of", "2016-02-01"]
    out = shell("gate", "ask", "APP-1", "incubation", *at)
    assert "the condition is to be met by 2016-03-02" in out
    shell("gate", "tell", "APP-1", "incubation", "admitted", "-e", "incubation_agreement=1", *at)
    assert "send a guide to the incubated" in shell("overdue", "--as-of", "2016-03-03")
    shell("advance", "APP-1", "graduate", "-e", "incubation_report=1", *at)
    shell("gate", "ask", "APP-1", "registration", *at)
    shell("gate", "tell", "APP-1", "registration", "registered", "-e", "registration_decision=1", *at)
    refused = shell.refused("continue", "APP-1", "52110105MJ0123456N", "registered_as=private_non_enterprise", *at)
    assert "[not-continued]" in refused
    approval = ["-e", "approval_document=1", "--as", BY, "--as-of", "2016-02-02"]
    shell("gate", "tell", "APP-1", "registration", "organization_approved", *approval)
    named = ["--name", "朝阳启明学校", "--as", REGISTRY, "--as-of", "2016-02-03"]
    out = shell("continue", "APP-1", "52110105MJ0123456N", "registered_as=private_non_enterprise", *named)
    assert "朝阳启明学校: Standardize" in out
    events = json.loads(shell("history", "52110105MJ0123456N", "--format", "json"))
    assert [event["case"] for event in events] == ["APP-1"] * 10 + ["52110105MJ0123456N"]
    assert "Incubate: referral" in shell("history", "52110105MJ0123456N")
    assert "carries on" in shell("show", "52110105MJ0123456N")


#: Unified social credit codes.
MEMBERS = ("52110105MJ0001002X", "52110105MJ0001010Q", "52110105MJ0001029M")


def test_M15_members_found_join_leave_and_are_listed_as_of_any_day(school, tmp_path):
    heading = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"
    rows = [f"{MEMBERS[at]},学校{at},chaoyang,private_non_enterprise,district,education,9,2,false" for at in range(3)]
    (tmp_path / "m.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    school("import", "m.csv", "--as-of", "2016-01-04")
    facts = [word for fact in ("registered_as=joint_organization", "registered_at=district", "industry=community")
             for word in ("--fact", fact)]  # fmt: skip
    found = [
        "member",
        "found",
        "J",
        "52110105MJ0001002X",
        "52110105MJ0001010Q",
        "--name",
        "联合党支部",
        "--area",
        "chaoyang",
        *facts,
        "--as",
        "chaoyang",
    ]
    assert "[evidence-missing]" in school.refused(*found, "--as-of", "2016-02-01")
    assert "2 members" in school(*found, "-e", "joint_agreement=1", "--as-of", "2016-02-01")
    school("member", "join", "J", "52110105MJ0001029M", "-e", "joint_agreement=1", "--as", BY, "--as-of", "2016-03-01")
    assert "[not-eligible]" in school.refused(
        "member", "join", "J", "J", "-e", "joint_agreement=1", "--as", "chaoyang", "--as-of", "2016-03-01"
    )
    listed = json.loads(school("member", "list", "J", "--as-of", "2016-02-15", "--format", "json"))
    assert [(one["case"], one["since"]) for one in listed] == [
        ("52110105MJ0001002X", "2016-02-01"),
        ("52110105MJ0001010Q", "2016-02-01"),
    ]
    assert len(json.loads(school("member", "list", "J", "--format", "json"))) == 3
    school("member", "leave", "J", "52110105MJ0001029M", "--as", "chaoyang", "--as-of", "2016-04-01")
    out = school(
        "member",
        "leave",
        "J",
        "52110105MJ0001010Q",
        "--reason",
        "builds its own",
        "--as",
        "chaoyang",
        "--as-of",
        "2016-04-01",
    )
    assert "J had too few members left and is dissolved" in out
    assert "no members" in school("member", "list", "J")
    assert "joint Party organisation" in school("show", "52110105MJ0001002X", "--as-of", "2016-03-15")


def test_M30_support_due_paid_and_outstanding(built):
    pay = ["record", SCHOOL, "allowance_paid", "--year", "2016", "-e", "voucher=1", "--as", BY, "--as-of", "2016-06-01"]
    assert "[bad-record]" in built.refused(*pay, "--amount", "0.001", code=2)
    assert "is no amount" in built.refused(*pay, "--amount", "much", code=2)
    built(*pay, "--amount", "400.50")
    assert re.search(
        r"200 yuan a member a year for activities +1000.00 +400.50 +599.50", built("support", "--year", "2016")
    )
    rows = list(csv.DictReader(io.StringIO(built("support", "--year", "2016", "--totals", "body", "--format", "csv"))))
    assert {row["support"]: row["outstanding"] for row in rows}["200 yuan a member a year for activities"] == "599.50"
    assert "nobody has such support" in built("support", "--year", "2016", "--under", "haidian")
    assert "[unknown-support]" in built.refused("support", "--what", "gold", code=2)
    seq = json.loads(built("history", SCHOOL, "--format", "json"))[-1]["seq"]
    built("strike", SCHOOL, seq, "--reason", "wrong year", "--as", BY, "--as-of", "2016-06-02")
    assert "1000.00   0.00" in built("support", "--year", "2016", "--what", "allowance")


def test_M31_venues_are_listed_by_area_with_their_users(built):
    use = ["record", SCHOOL, "venue_use", "--as", BY, "--as-of", "2016-06-01", "--venue"]
    assert "near it: centre-chaoyang" in built.refused(*use, "centre-chaoyagn", code=2)
    built(*use, "centre-chaoyang")
    rows = json.loads(built("venues", "--year", "2016", "--area", "chaoyang", "--used", "--format", "json"))
    assert [(row["id"], row["cases"], row["times"]) for row in rows] == [("centre-chaoyang", [SCHOOL], 1)]
    assert len(json.loads(built("venues", "--format", "json"))) == 366


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_M04_M08_indicators_by_group_and_all_of_them(built, lang):
    activity = ["-e", "activity_record=1", "--count", "20", "--as", BY, "--as-of", "2016-06-01"]
    built("record", SCHOOL, "activity", *activity)
    out = built("indicator", "coverage", "--by", "registered_at", "--as-of", "2016-06-02", "--lang", lang)
    assert "100.0%" in out
    rows = json.loads(built("indicator", "--as-of", "2016-06-02", "--format", "json"))
    by_name = {row["indicator"]: row for row in rows}
    assert (by_name["activities"]["value"], by_name["organizations"]["value"]) == (1, 1)
    assert by_name["jobs"]["published"] == 174000 or by_name["jobs"]["published"] == "174000"
    assert "[unknown-indicator]" in built.refused("indicator", "luck", code=2)
    assert "[not-grouped-by]" in built.refused("indicator", "coverage", "--by", "weak", code=2)
    assert "bodies" in built("indicator", "key_majority", "--least", "1")


def test_M09_a_scorecard_in_every_format(built, tmp_path):
    from openpyxl import load_workbook

    out = built("scorecard", BY, "2016", "--as-of", "2016-12-31")
    assert "Yearly special report" in out
    assert "up to 2016-12-31)" in out
    rows = json.loads(built("scorecard", "chaoyang", "2016", "--territory", "--format", "json"))
    assert {(row["name"], row["key"]): row["value"] for row in rows}["organizations", "all"] == 1
    built("scorecard", BY, "2016", "--format", "xlsx", "-o", "s.xlsx")
    assert len(load_workbook(tmp_path / "s.xlsx").sheetnames) > 5
    for lang, word in (("zh", "专项述职"), ("en", "Yearly special report")):
        built("scorecard", BY, "2016", "--format", "html", "-o", "s.html", "--lang", lang)
        page = (tmp_path / "s.html").read_text(encoding="utf-8")
        assert word in page
        assert "<svg" in page
    assert "[unknown-body]" in built.refused("scorecard", "nobody", "2016", code=2)


def test_M03_a_hub_shows_what_it_still_lacks(shell, tmp_path):
    row = "H,朝阳教育枢纽,chaoyang,hub,district,education,30,5,true"
    heading = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"
    (tmp_path / "h.csv").write_text(f"{heading}\n{row}\n", encoding="utf-8")
    shell("init")
    shell("import", "h.csv", "--as-of", "2016-01-04")
    assert "党建工作委员会 已建、联合党组织 已建、党建办公室 已建、例会 按期召开" in shell("show", "H", "--lang", "zh")
    shell("advance", "H", "set_up_office", "-e", "office_document=1", "--as", "chaoyang", "--as-of", "2016-01-05")
    said = json.loads(shell("show", "H", "--format", "json"))
    assert sorted(said["lacking"]) == ["joint_organization", "regular_meeting", "work_committee"]


def test_a_policy_without_these_parts_says_so(shell, tmp_path):
    import shutil
    from pathlib import Path

    import guikou.workflows

    source = Path(guikou.workflows.__file__).parent / "beijing_2015"
    shutil.copytree(source, tmp_path / "bare")
    for name in ("gates", "groups", "records", "support", "indicators"):
        (tmp_path / f"bare/{name}.yaml").unlink()
    tables = tmp_path / "bare/tables.yaml"
    tables.write_text(tables.read_text(encoding="utf-8").split("  # --- what gates answer")[0], encoding="utf-8")
    for path in (tmp_path / "bare/workflows").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not re.search(r"by: (gate|group)\b", line)]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    applicant = tmp_path / "bare/workflows/applicant.yaml"
    ways = "\n  - {trigger: admit, from: incubate.referral, to: incubate.startup}"
    ways += "\n  - {trigger: register, from: register, to: registered}\n"
    applicant.write_text(applicant.read_text(encoding="utf-8") + ways, encoding="utf-8")
    shell("init", "--policy", "bare")
    assert "the policy has no indicators" in shell("indicator")
    assert "[unknown-indicator]" in shell.refused("scorecard", "beijing", "2016", code=2)
    assert "no such gate" in shell("gate", "list")
    assert "nobody has such support" in shell("support")
