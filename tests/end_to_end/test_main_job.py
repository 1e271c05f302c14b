"""From a list of organisations to overdue rectifications, through the real command line."""

import csv
import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BY = ("--as", "chaoyang-education")
SCHOOL_LINE = "52110105MJ0001010Q,朝阳区启明学校,chaoyang,private_non_enterprise,district,education,42,5,false"


def to_rectify(shell):
    shell("advance", "52110105MJ0001010Q", "apply", *BY, "-e", "application=1", "--as-of", "2016-02-01")
    shell("advance", "52110105MJ0001010Q", "establish", *BY, "-e", "approval_document=2", "--as-of", "2016-03-01")
    shell("advance", "52110105MJ0001010Q", "find_weak", *BY, "-e", "finding_report=3", "--as-of", "2016-04-01")
    shell("advance", "52110105MJ0001010Q", "confirm_finding", *BY, "--as-of", "2016-04-11")
    shell("advance", "52110105MJ0001010Q", "adopt_plan", *BY, "-e", "rectification_plan=4", "--as-of", "2016-04-21")


def test_the_spine(school):
    to_rectify(school)
    assert "nothing is overdue" in school("overdue", "--what", "stages", "--as-of", "2016-10-01")
    (late,) = json.loads(school("overdue", "--stage", "rectify", "--as-of", "2016-10-11", "--format", "json"))
    assert late["case"] == "52110105MJ0001010Q"
    assert late["state"] == "rectify.measures"
    assert late["due"] == "2016-10-01"
    assert late["days_overdue"] == 10
    assert late["responsible"]["id"] == "chaoyang-education"
    assert late["escalates_to"]["id"] == "beijing-education"
    assert [one["en"] for one in late["next"]] == ["complete the measures", "escalate one tier up"]
    school("advance", "52110105MJ0001010Q", "escalate", *BY, "--as-of", "2016-10-11")
    (late,) = json.loads(school("overdue", "--what", "stages", "--as-of", "2016-10-12", "--format", "json"))
    assert (late["escalation"], late["escalates_to"]["id"]) == (1, "beijing")
    assert "52110105MJ0001010Q" in school("inbox", "--as", "beijing-education", "--as-of", "2016-10-12")
    school("advance", "52110105MJ0001010Q", "escalate", *BY, "--as-of", "2016-10-12")
    (top,) = json.loads(school("overdue", "--what", "stages", "--as-of", "2016-10-12", "--format", "json"))
    assert (top["escalates_to"], [one["en"] for one in top["next"]]) == (None, ["complete the measures"])
    school(
        "advance", "52110105MJ0001010Q", "complete_measures", *BY, "-e", "measures_report=5", "--as-of", "2016-11-01"
    )
    school(
        "advance",
        "52110105MJ0001010Q",
        "pass_reinspection",
        *BY,
        "-e",
        "reinspection_report=6",
        "--as-of",
        "2016-11-10",
    )
    (case,) = json.loads(school("list", "--format", "json"))
    assert (case["state"], case["escalation"], case["due"]) == ("standardize.improving", 0, "2017-11-10")


def test_listings_narrow(school):
    to_rectify(school)
    late = ("overdue", "--what", "stages", "--as-of", "2016-12-01", "--format", "json")
    assert len(json.loads(school(*late, "--under", "beijing-education", "--area", "chaoyang", "--days", "61"))) == 1
    assert json.loads(school(*late, "--days", "62")) == []
    assert json.loads(school(*late, "--under", "haidian")) == []
    assert json.loads(school(*late, "--type", "foundation")) == []
    assert json.loads(school(*late, "--stage", "build")) == []


def test_inbox_needs_a_body_and_goes_by_it(school):
    assert "Inbox of Education Work Committee, Chaoyang District" in school("inbox", *BY)
    assert "nothing waits" in school("inbox", "--as", "haidian-education")
    assert "--as" in school.refused("inbox", code=2)


def test_explain_says_which_row_fact_by_fact(school):
    out = school("explain", "52110105MJ0001010Q", "--lang", "zh")
    for word in ("归口表", "行业领域", "教育", "朝阳区委教育工作委员会", "M10", "✓"):
        assert word in out
    rows = json.loads(school("explain", "52110105MJ0001010Q", "--format", "json"))
    (routed,) = {(row["row"], row["file"], row["line"]) for row in rows if row["table"]["en"] == "routing"}
    lines = (ROOT / "workflows/beijing_2015" / routed[1]).read_text(encoding="utf-8").splitlines()
    assert "{district}-education" in lines[routed[2] - 1]
    assert all(row["met"] for row in rows if row["fact"])


def test_history_is_checked(school, tmp_path):
    import sqlite3

    to_rectify(school)
    events = json.loads(school("history", "52110105MJ0001010Q", "--format", "json"))
    assert [event["trigger"] for event in events] == [
        None,
        "apply",
        "establish",
        "find_weak",
        "confirm_finding",
        "adopt_plan",
    ]
    assert events[2]["evidence"] == {"approval_document": "2"}
    with sqlite3.connect(tmp_path / "guikou.db") as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET actor = 'somebody' WHERE seq = 2")
    connection.close()
    assert school.refused("history", "52110105MJ0001010Q").startswith(
        "[broken-chain] the history of '52110105MJ0001010Q' was tampered with at event 2"
    )


def test_the_same_request_takes_effect_once(school):
    command = (
        "advance",
        "52110105MJ0001010Q",
        "apply",
        *BY,
        "-e",
        "application=1",
        "--as-of",
        "2016-02-01",
        "--request-id",
        "r1",
    )
    assert school(*command) == school(*command)
    assert len(json.loads(school("history", "52110105MJ0001010Q", "--format", "json"))) == 2


def test_facts_reroute_and_blockers_show(school):
    out = school("facts", "52110105MJ0001010Q", "industry=卫生", *BY, "--as-of", "2016-02-01")
    assert "Health Committee, Chaoyang District" in out
    kinds = [event["kind"] for event in json.loads(school("history", "52110105MJ0001010Q", "--format", "json"))]
    assert kinds == ["opened", "reported", "rerouted"]
    school("block", "52110105MJ0001010Q", "hard_to_form", "--as", "chaoyang-health")
    (case,) = json.loads(school("list", "--blocker", "hard_to_form", "--format", "json"))
    assert case["blockers"] == [{"zh": "组建难", "en": "hard to form"}]


def test_the_spine_on_postgresql(shell, new_database, monkeypatch, tmp_path):
    monkeypatch.setenv("GUIKOU_DB", new_database())
    assert "run guikou init first" in shell.refused("list")
    assert "is active" in shell("init")
    heading = "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization"
    (tmp_path / "one.csv").write_text(f"{heading}\n{SCHOOL_LINE}\n", encoding="utf-8")
    assert shell("import", "one.csv", "--as-of", "2016-01-04").startswith("1 opened")
    to_rectify(shell)
    (late,) = json.loads(shell("overdue", "--stage", "rectify", "--as-of", "2016-10-11", "--format", "json"))
    assert (late["case"], late["days_overdue"]) == ("52110105MJ0001010Q", 10)
    assert len(json.loads(shell("history", "52110105MJ0001010Q", "--format", "json"))) == 6


def test_bodies_that_merge_hand_on_their_cases(shell, tmp_path):
    (tmp_path / "tax.csv").write_text(
        "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization\n"
        "91110105MA00100TXB,税务师事务所,chaoyang,professional_firm,district,tax,42,5,false\n",
        encoding="utf-8",
    )
    shell("init")
    shell("import", "tax.csv", "--as-of", "2016-01-04")
    show = ("show", "91110105MA00100TXB", "--format", "json", "--as-of")
    assert json.loads(shell(*show, "2018-07-04"))["responsible"]["id"] == "chaoyang-local-tax"
    assert json.loads(shell(*show, "2018-07-05"))["responsible"]["id"] == "chaoyang-tax"
    assert "1 rerouted" in shell("reroute", "--as-of", "2018-07-05")
    assert "0 rerouted" in shell("reroute", "--as-of", "2018-07-06")


def test_what_climbed_before_a_merger_is_the_successors_after_it(shell, tmp_path):
    """M12: the city's local tax bureau became its tax service on 15 June 2018, the districts' on 5 July."""
    id = "91110105MA00100TXB"
    (tmp_path / "tax.csv").write_text(
        "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization,weak,standardized\n"
        f"{id},税务师事务所,chaoyang,professional_firm,district,tax,42,5,true,true,false\n",
        encoding="utf-8",
    )
    shell("init")
    shell("import", "tax.csv", "--as-of", "2017-11-01")
    shell("sweep", "--as-of", "2018-06-10")
    bodies = ("chaoyang-local-tax", "chaoyang-tax", "beijing-local-tax", "beijing-tax")
    for day, standing in (
        ("2018-06-14", {"chaoyang-local-tax", "beijing-local-tax"}),
        ("2018-06-15", {"chaoyang-local-tax", "beijing-tax"}),
        ("2018-07-05", {"chaoyang-tax", "beijing-tax"}),
    ):
        for command, option in (("inbox", "--as"), ("overdue", "--under")):
            waits = {
                one for one in bodies if json.loads(shell(command, option, one, "--as-of", day, "--format", "json"))
            }
            assert standing <= waits, (command, day)  # who asks by the name of before is shown the same
            assert all(one in standing or one.endswith("local-tax") for one in waits)
        shown = json.loads(shell("show", id, "--as-of", day, "--format", "json"))
        assert (shown["escalation"], shown["escalates_to"]["id"]) == (1, "beijing")
        assert shown["responsible"]["id"] in standing
    extend = ("advance", id, "extend", "--reason", "x", "--as-of", "2018-06-15", "--as")
    assert "act as beijing-tax (Beijing Tax Service)" in shell.refused(*extend, "beijing-local-tax")
    assert "Rectify: finding" in shell(*extend, "beijing-tax", "-e", "extension_approval=1")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("lang", "asked"),
    [
        ("en", "can only be undone within 30 days (guikou reopen). Go on"),
        ("zh", "办理后只能在 30 天内撤回（guikou reopen）。确认办理"),
    ],
)
def test_what_cannot_be_undone_is_confirmed_at_a_terminal_or_by_an_option(school, monkeypatch, lang, asked):
    id = "52110105MJ0001010Q"
    words = ("advance", id, "deregister", "-e", "deregistration_record=1", *BY, "--lang", lang)
    assert "--yes" in school.refused(*words, code=2)
    for answer, code in (("n\n", 1), ("否\n", 1), ("\n", 1), ("", 130), ("好\n是\n", 0)):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        school(*words, code=code)
        assert asked in school.err + school.out
        closed = json.loads(school("show", id, "--format", "json"))["state"] == "closed"
        assert closed is (code == 0)


def test_what_can_be_undone_needs_no_confirmation_and_yes_is_one(school):
    id = "52110105MJ0001010Q"
    school("advance", id, "apply", "-e", "application=1", *BY, "--as-of", "2016-01-05")
    school("advance", id, "deregister", "--yes", "-e", "deregistration_record=1", *BY)


# --- what is refused: one clear line, and nothing changes -----------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code", "en", "zh"),
    [
        (("advance", "52110105MJ0001010Q", "fly", *BY), 2, "has no trigger 'fly'", "没有动作 “fly”"),
        (("advance", "52110105MJ0001010Q", "establish", *BY), 1, "is not possible from 'Build: preparing'", "环节不能办理"),
        (("advance", "52110105MJ0001010Q", "apply", *BY), 1, "needs evidence: application", "需要材料：组建申请"),
        (("advance", "52110105MJ0001010Q", "prepare", "--as", "haidian-education"), 1, "is not possible", "不能办理"),
        (("advance", "52110105MJ0001010Q", "apply", "--as", "haidian-education"), 1, "may not 'apply' this case", "无权"),
        (("advance", "52110105MJ0001010Q", "apply", "--as", "nobody"), 2, "no body 'nobody'", "没有机构 “nobody”"),
        (("advance", "nothing", "apply", *BY), 1, "no case 'nothing'", "没有案卷 “nothing”"),
        (("advance", "52110105MJ0001010Q", "escalate", *BY, "--as-of", "2016-02-01"), 1, "days overdue (case.days_overdue) is 0, needed > 0", "需要 > 0"),
        (("advance", "52110105MJ0001010Q", "apply", *BY, "-e", "x=1"), 2, "takes no evidence 'x'", "不接受材料 “x”"),
        (("advance", "52110105MJ0001010Q", "apply", *BY, "-e", "x"), 2, "must be written KEY=REFERENCE", "应写作 材料=文号"),
        (("advance", "52110105MJ0001010Q", "apply", *BY, "-e", "application=1", "--as-of", "2015-01-01"), 1, "give a later --as-of", "请给出更晚的 --as-of"),
        (("facts", "52110105MJ0001010Q", "employees=many", *BY), 2, "'many' is no integer", "“many” 不是整数"),
        (("facts", "52110105MJ0001010Q", "employees=-1", *BY), 2, "give a whole number, such as 42, and >= 0", "应为 整数，如 42，且 >= 0"),
        (("facts", "52110105MJ0001010Q", "colour=red", *BY), 2, "no fact 'colour'", "没有事实 “colour”"),
        (("facts", "52110105MJ0001010Q", "employees=1", "--as", "haidian"), 1, "neither", "不属于"),
        (("block", "52110105MJ0001010Q", "laziness", *BY), 2, "no blocker 'laziness'", "没有障碍代码"),
        (("show", "52110105MJ0001010Q", "--as", "haidian"), 1, "neither", "不属于"),
        (("list", "--stage", "rectifi"), 2, "no stage 'rectifi'", "没有阶段 “rectifi”"),
        (("list", "--area", "chaoyan"), 2, "'chaoyan' may mean several", "可指多项"),
        (("list", "--as-of", "yesterday"), 2, "'yesterday' is no date", "不是日期"),
        (("lost",), 2, "no command lost", "没有命令 lost"),
        (("show",), 2, "is missing", "缺少"),
        (("show", "x", "--frmat", "json"), 2, "no option --frmat", "没有选项 --frmat"),
        (("init", "--policy", "utopia"), 2, "no policy 'utopia'", "没有名为 “utopia” 的政策"),
        (("list", "--db", "mysql://x/y"), 1, "neither sqlite nor postgresql", "无法打开数据库"),
        (("list", "--db", "sqlite:///none.db"), 1, "run guikou init first", "请先运行 guikou init"),
        (("import", "none.csv"), 1, "No such file", "文件不存在"),
        (("policy", "show", "--table", "nothing"), 2, "no table 'nothing'", "没有表 “nothing”"),
    ],
)  # fmt: skip
def test_one_clear_line_in_the_chosen_language(school, tmp_path, command, code, en, zh):
    before = (
        (tmp_path / "guikou.db").read_bytes(),
        json.loads(school("history", "52110105MJ0001010Q", "--format", "json")),
    )
    assert en in school.refused(*command, code=code)
    assert zh in school.refused(*command, "--lang", "zh", code=code)
    assert not (tmp_path / "none.db").exists()
    assert json.loads(school("history", "52110105MJ0001010Q", "--format", "json")) == before[1]


def test_a_guard_that_is_not_met_says_the_value_and_what_is_needed(school):
    school("advance", "52110105MJ0001010Q", "apply", *BY, "-e", "application=1", "--as-of", "2016-02-01")
    school("facts", "52110105MJ0001010Q", "party_members=2", *BY, "--as-of", "2016-02-02")
    command = ("advance", "52110105MJ0001010Q", "establish", *BY, "-e", "approval_document=1", "--as-of", "2016-02-03")
    assert "full Party members (party_members) is 2, needed >= 3, or else form" in school.refused(*command)
    assert "正式党员数（party_members）为 2，需要 >= 3，或者 党组织形式" in school.refused(*command, "--lang", "zh")


def test_a_locked_database_is_one_line(school, tmp_path):
    import sqlite3

    connection = sqlite3.connect(tmp_path / "guikou.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    command = (
        "advance",
        "52110105MJ0001010Q",
        "apply",
        *BY,
        "-e",
        "application=1",
        "--db",
        "sqlite:///guikou.db?timeout=0.05",
    )
    assert (
        school.refused(*command)
        == "[store-busy] the database is locked by another program; nothing was changed; try again"
    )
    assert school.refused(*command, "--lang", "zh") == "[store-busy] 数据库被其他程序锁定；未做任何更改，请稍后重试"
    connection.close()
    assert len(json.loads(school("history", "52110105MJ0001010Q", "--format", "json"))) == 1


def test_a_wrong_cell_in_a_table_is_named(school, tmp_path):
    import shutil

    shutil.copytree(ROOT / "workflows/beijing_2015", tmp_path / "mine")
    table = tmp_path / "mine/tables/intake_order.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(">= 50,1", "> many,1"), encoding="utf-8")
    line = school.refused("policy", "activate", "mine")
    assert (
        "intake_order.csv:2, row 1, column 'employees': '> many' is no test of employees, integer; write -, null, 3"
        in line
    )
    assert "第 1 行，“employees” 列" in school.refused("policy", "activate", "mine", "--lang", "zh")
    assert "beijing-2015" in school("policy", "show")


# --- import ----------------------------------------------------------------------------------------------------------


def test_import_keeps_the_good_rows_and_says_why_of_the_others(school, tmp_path):
    heading = (tmp_path / "one.csv").read_text(encoding="utf-8").splitlines()[0]
    bad = [
        "53110105MJ004001X7,少一格,chaoyang,foundation,city,charity,4,0",
        "52110105MJ00200B0B,人数不对,chaoyang,foundation,city,charity,four,0,false",
        "53110105MJ00400362,没有规则,chaoyang,enterprise,city,charity,4,0,false",
        "53110105MJ0040044W,缺少事实,chaoyang,foundation,,charity,4,0,false",
        "B5,没有街道,chaoyang,community_filed,street,community,4,0,false",
        "52110105MJ0001010Q,重复,chaoyang,foundation,city,charity,4,0,false",
        ",没有编号,chaoyang,foundation,city,charity,4,0,false",
        "53110105MJ0040060J,没有区域,atlantis,foundation,city,charity,4,0,false",
    ]
    good = "53110105MJ00100G68,好基金会,chaoyang,基金会,市级,慈善公益,4,0,否"
    (tmp_path / "many.csv").write_text("\n".join([heading, SCHOOL_LINE, *bad, good]) + "\n", encoding="utf-8")
    dry = school("import", "many.csv", "--dry-run", code=1)
    assert dry.startswith("(dry run, nothing kept) 1 opened, 0 changed, 1 unchanged, 8 rejected")
    assert len(json.loads(school("list", "--format", "json"))) == 1
    assert school("import", "many.csv", code=1).startswith("1 opened, 0 changed, 1 unchanged, 8 rejected")
    rejects = list(csv.DictReader(io.StringIO((tmp_path / "many.rejects.csv").read_text(encoding="utf-8-sig"))))
    assert [(row["# row"], row["# code"]) for row in rejects] == [
        ("3", "bad-row"), ("4", "bad-fact"), ("5", "not-admitted"), ("6", "missing-fact"), ("7", "not-admitted"),
        ("8", "row-again"), ("9", "missing-value"), ("10", "unknown-area"),
    ]  # fmt: skip
    assert "registered at is not known, and routing needs it" in rejects[3]["# reason"]
    assert school("import", "many.csv", code=1).startswith("0 opened, 0 changed, 2 unchanged, 8 rejected")


def test_a_mended_rejects_file_can_be_imported(school, tmp_path):
    heading = (tmp_path / "one.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "many.csv").write_text(
        f"{heading}\n52110105MJ00200B0B,基金会,chaoyang,foundation,city,charity,four,0,false\n", encoding="utf-8"
    )
    school("import", "many.csv", code=1)
    rejects = tmp_path / "many.rejects.csv"
    rejects.write_text(rejects.read_text(encoding="utf-8").replace(",four,", ",4,"), encoding="utf-8")
    assert school("import", "many.rejects.csv").startswith("1 opened")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("id,name\n", "no column gives: area"),
        ("id,name,area,colour\n", "these columns mean nothing to the policy: colour"),
        ("id,name,area,name\n", "several columns mean name: name, name [2]"),
        ("", "it is empty"),
        ('id,name,area\n"x,y,z\n', "bad.csv:2: cannot be read"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_whole(school, tmp_path, text, wanted):
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    assert wanted in school.refused("import", "bad.csv", code=2 if "column" in wanted else 1)


def test_spreadsheets_go_in_and_out(school, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(
        [
            "统一社会信用代码",
            "名称",
            "区域",
            "登记类型",
            "登记层级",
            "行业领域",
            "从业人员数",
            "正式党员数",
            "已建党组织",
        ]
    )
    book.active.append(["53110105MJ00100G68", "好基金会", "朝阳区", "基金会", "市级", "慈善公益", 4, 0, False])
    book.save(tmp_path / "in.xlsx")
    assert school("import", "in.xlsx", "--as-of", "2016-01-04").startswith("1 opened")
    school("overdue", "--what", "stages", "--as-of", "2017-01-01", "--format", "xlsx", "-o", "out.xlsx", "--lang", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet.freeze_panes == "A2"
    heading = [cell.value for cell in sheet[1]]
    row = dict(zip(heading, [cell.value for cell in sheet[3]], strict=True))
    assert (row["期限"], row["归口单位"]) == (datetime(2016, 7, 4), "北京市社会团体管理办公室")
    assert sheet.max_row == 3


def test_csv_that_spreadsheets_here_write_is_read(school, tmp_path):
    heading = (tmp_path / "one.csv").read_text(encoding="utf-8").splitlines()[0]
    row = "53110105MJ00100G68,好基金会,朝阳区,基金会,市级,慈善公益,4,0,否"
    (tmp_path / "gb.csv").write_bytes(f"{heading}\r\n{row}\r\n".encode("gb18030"))
    assert school("import", "gb.csv").startswith("1 opened")


# --- settings, language, tables --------------------------------------------------------------------------------------


def test_tables_line_up_with_chinese_text(school):
    from rich.cells import cell_len

    lines = [
        line for line in school("list", "--lang", "zh").splitlines() if "52110105MJ0001010Q" in line or "案卷 " in line
    ]
    starts = [cell_len(line[: line.index(word)]) for line, word in zip(lines, ("环节", "抓组建"), strict=True)]
    assert starts[0] == starts[1]


def test_an_id_is_never_wrapped_in_a_narrow_terminal(school, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "70")
    lines = school("list", "--lang", "zh").splitlines()
    assert any("52110105MJ0001010Q" in line and "2016-07-04" in line for line in lines)
    assert max(map(len, lines)) <= 70


def test_settings_come_from_options_environment_and_file(shell, tmp_path, monkeypatch):
    (tmp_path / "guikou.toml").write_text('db = "sqlite:///file.db"\nlang = "zh"\n', encoding="utf-8")
    assert "已启用" in shell("init")
    assert (tmp_path / "file.db").exists()
    monkeypatch.setenv("GUIKOU_DB", "sqlite:///env.db")
    assert "is active" in shell("init", "--lang", "en")
    assert (tmp_path / "env.db").exists()
    shell("init", "--db", "option.db")
    assert (tmp_path / "option.db").exists()
    (tmp_path / "guikou.toml").write_text('colour = "red"\n', encoding="utf-8")
    assert "unknown key 'colour'" in shell.refused("list", code=2)


def test_init_again_changes_nothing_and_another_policy_is_refused(school, tmp_path):
    import shutil

    school("init")
    shutil.copytree(ROOT / "workflows/beijing_2015", tmp_path / "mine")
    head = tmp_path / "mine/policy.yaml"
    head.write_text(head.read_text(encoding="utf-8").replace('version: "1.0"', 'version: "1.1"'), encoding="utf-8")
    assert "already runs another policy" in school.refused("init", "--policy", "mine")
    assert "beijing-2015 1.1" in school("policy", "activate", "mine")
    assert "1.1" in school("policy", "show")
    assert "52110105MJ0001010Q" in school("list")
    stages = tmp_path / "mine/workflows/stages.yaml"
    stages.write_text(stages.read_text(encoding="utf-8").replace("preparing", "forming"), encoding="utf-8")
    entry = tmp_path / "mine/tables/entry.csv"
    entry.write_text(entry.read_text(encoding="utf-8").replace("preparing", "forming"), encoding="utf-8")
    community = tmp_path / "mine/workflows/community_filed.yaml"
    community.write_text(community.read_text(encoding="utf-8").replace("preparing", "forming"), encoding="utf-8")
    assert "the new policy has no such state" in school.refused("policy", "activate", "mine")


@pytest.mark.parametrize(
    "part",
    [
        "summary",
        "facts",
        "tables",
        "workflows",
        "bodies",
        "areas",
        "blockers",
        "obligations",
        "gates",
        "records",
        "groups",
        "support",
        "indicators",
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_policy_can_be_looked_at(shell, part, lang):
    assert shell("policy", "show", "beijing-2015", "--part", part, "--lang", lang)
    assert json.loads(shell("policy", "show", "beijing-2015", "--part", part, "--format", "json"))


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell, kind):
    assert "_GUIKOU_COMPLETE" in shell("completion", kind)


def test_logs_go_to_standard_error(tmp_path):
    command = [
        sys.executable,
        "-c",
        "from guikou.adapters.cli import main; main()",
        "init",
        "--db",
        str(tmp_path / "x.db"),
    ]
    quiet = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    loud = subprocess.run([*command, "--db", str(tmp_path / "y.db"), "-v"], capture_output=True, text=True, check=True)
    assert quiet.stderr == ""
    assert "INFO policy beijing-2015 1.0 is active" in loud.stderr
    assert "INFO" not in loud.stdout


def test_the_sample_is_seeded_marked_and_imports_whole(shell):
    from stdnum.cn import uscc

    first, again = (shell("sample", "--n", "300", "--seed", "1") for _ in range(2))
    assert first == again != shell("sample", "--n", "300", "--seed", "2")
    rows = list(csv.DictReader(io.StringIO(first)))
    assert len(rows) == 300
    assert all("样例" in row["name"] and row["# note"] == "generated" for row in rows)
    assert all(uscc.is_valid(row["id"]) for row in rows if not row["id"].startswith("BA"))
    assert len({row["registered_as"] for row in rows}) == 6
    districts = {row["area"].split("-")[0] for row in rows}
    assert len(districts) == 16
    shell("init")
    Path("s.csv").write_text(first, encoding="utf-8")
    assert shell("import", "s.csv").startswith("300 opened, 0 changed, 0 unchanged, 0 rejected")


def test_embedding_works_as_the_example_shows(capsys):
    import importlib.util

    spec = importlib.util.spec_from_file_location("embed", ROOT / "examples/embed.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main()
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "朝阳区委教育工作委员会 build 2016-07-04"
    assert "regular_life) is false, needed true" in out[2]
    assert out[4] == "朝阳区启明培训学校（样例） rectify.finding 183 -> beijing-education"


def test_the_demo_runs_and_shows_overdue_rectifications_of_all_kinds(tmp_path):
    here = tmp_path / "demo"
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples/demo.py"), str(here)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    for words in (
        "300 opened",
        "Inbox of Education Work Committee, Chaoyang District",
        "Overdue on 2018-01-03",
        "What to try next",
    ):
        assert words in done.stdout
    from guikou.adapters.sql import SqlStore
    from guikou.engine import Supervision, fold

    store = SqlStore(str(here / "guikou.db"))
    office = Supervision.open(store)
    cases = office.cases()
    assert {one.stage for one in cases} == {"build", "standardize", "innovate", "rectify"}
    assert len({one.workflow for one in cases}) == 6
    assert all(fold(store.events(one.id)) == one.case for one in cases)
    through = [one for one in cases if {event.changes["state"].split(".")[0] for event in store.events(one.id) if "state" in event.changes}
               >= {"build", "standardize", "innovate", "rectify"}]  # fmt: skip
    assert through
    store.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_configuration_is_read_as_an_editor_saves_it(shell, tmp_path, encoding):
    (tmp_path / "guikou.toml").write_bytes('# 配置\nlang = "zh"\n'.encode(encoding))
    assert "已启用" in shell("init")


@pytest.mark.parametrize("text", ['lang ＝ "zh"', "lang = “zh”", "lang: zh", "lang = zh"])
def test_a_configuration_that_is_no_toml_says_how_it_is_written(shell, tmp_path, text):
    (tmp_path / "guikou.toml").write_text(f"{text}\n", encoding="utf-8")
    told = shell.refused("list", "--lang", "zh", code=2)
    assert "第 1 行" in told
    assert '键 = "值"' in told
    assert 'KEY = "VALUE"' in shell.refused("list", "--lang", "en", code=2)
