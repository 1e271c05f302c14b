"""Time through the real command line: the sweep, duties, listings, notices, spreadsheets and calendars."""

import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import vobject
from openpyxl.utils import get_column_letter

from guikou.adapters.cli import listings

BY = ("--as", "chaoyang-education")
INSPECTED = ("-e", "inspection_report=1", "-e", "party_building_report=2")
CASE = "52110105MJ0001010Q"


def rows(shell, *command):
    return json.loads(shell(*command, "--format", "json"))


def test_a_year_of_a_school(school):
    assert school("sweep", "--as-of", "2016-01-04") == "swept 2016-01-04: 1 case looked at; duty opened 2\n"
    assert school("sweep", "--as-of", "2016-01-04") == "swept 2016-01-04: 0 cases looked at; nothing to do\n"
    assert "reminded 1" in school("sweep", "--as-of", "2016-03-01")
    assert [one["obligation"] for one in rows(school, "inbox", *BY, "--as-of", "2016-03-01")] == [
        "first_review",
        "inspection",
        None,
    ]
    told = school("meet", CASE, "first_review", "-e", "annual_report=2016-1", *BY, "--as-of", "2016-03-02")
    assert told.startswith(
        f"{CASE} 朝阳区启明学校: first review of the annual inspection, with Education Work Committee, Chaoyang District, due 2017-03-31"
    )
    assert "marked overdue 1" in school("sweep", "--as-of", "2016-06-01")
    (late,) = rows(school, "overdue", "--what", "duties", "--as-of", "2016-06-01")
    assert (late["obligation"], late["due"], late["days_overdue"], late["step"]["en"]) == (
        "inspection",
        "2016-05-31",
        1,
        "annual inspection",
    )
    school(
        "meet",
        CASE,
        "inspection",
        "--outcome",
        "qualified",
        *INSPECTED,
        *BY,
        "--as-of",
        "2016-06-02",
        "--request-id",
        "r1",
    )
    school(
        "meet",
        CASE,
        "inspection",
        "--outcome",
        "qualified",
        *INSPECTED,
        *BY,
        "--as-of",
        "2016-06-02",
        "--request-id",
        "r1",
    )
    shown = rows(school, "show", CASE, "--as-of", "2016-06-02")
    assert shown["duties"]["inspection"] == {
        "due": "2017-05-31",
        "nominal": "2017-05-31",
        "opens": "2016-12-31",
        "done": "2016-06-02",
        "outcome": "qualified",
        "ended": "2016-05-31",
    }
    assert shown["unscheduled"] == {
        "change_of_term": ["term_began"],
        "grade_evaluation": ["graded_on"],
    }
    kinds = [one["kind"] for one in rows(school, "history", CASE)]
    assert kinds == ["opened", "duty_opened", "duty_opened", "reminded", "met", "overdue", "met"]
    table = school("history", CASE, "--lang", "zh")
    for word in ("义务开始办理", "提醒", "办结义务", "标记逾期", "年度检查"):
        assert word in table
    assert "due 2017-05-31; from 2016-12-31 on" in school("show", CASE, "--as-of", "2016-06-02")
    assert "not scheduled: needs term began" in school("show", CASE)


@pytest.mark.parametrize(
    ("command", "code", "en", "zh"),
    [
        (("meet", CASE, "dance", *BY), 2, "the policy has no obligation 'dance'", "政策中没有义务 “dance”"),
        (("meet", CASE, "hub_meeting", *BY), 1, "is not owed by this organisation now", "目前没有 “枢纽例会” 义务"),
        (("meet", CASE, "inspection", *INSPECTED, *BY), 2, "add --outcome with one of: qualified (qualified)", "请加上 --outcome 结论，可用：qualified（合格）"),
        (("meet", CASE, "inspection", "--outcome", "qualified", *BY), 1, "needs evidence: inspection report", "需要材料：年检报告书"),
        (("meet", CASE, "inspection", "--outcome", "qualified", *INSPECTED, "--as", "haidian"), 1, "may not 'record the annual inspection' this case", "无权"),
        (("postpone", CASE, "inspection", "--reason", "x", *BY), 1, "can't be put off (any more): the policy lets it be 0 times", "政策允许 0 次"),
        (("postpone", CASE, "inspection", *BY), 1, "can't be put off (any more)", "政策允许 0 次"),
        (("overdue", "--obligation", "dance"), 2, "no obligation 'dance'", "没有义务 “dance”"),
        (("advance", CASE, "suspend", "-e", "suspension_note=1", "--as", "beijing-education"), 1, "needs a reason; add --reason", "请加 --reason"),
        (("advance", CASE, "resume", *BY), 1, "suspended (case.suspended) is false, needed true", "需要 是"),
        (("notices", "deliver", "--to", "pigeon"), 2, "'pigeon' is no place to deliver notices to", "“pigeon” 不是可投递的去处"),
        (("notices", "deliver", "--addresses", "none.csv"), 1, "none.csv", "none.csv"),
        (("sweep", "--as-of", "2999-01-01"), 2, "2999-01-01 is still to come", "2999-01-01 尚未到来"),
        (("sweep", "--as-of", "9999-12-31", "--dry-run"), 2, "9999-12-31 is not in the years 1900 to 2999", "不在 1900 至 2999 年之间"),
        (("upcoming", "--days", "99999999"), 2, "99999999 is not in the range", "99999999"),
        (("meet", CASE, "change_of_term", *BY), 1, "term began is not known, and change of term needs it", "缺少 “本届任期起始日”"),
        (("advance", CASE, "apply", *BY, "--as-of", "2999-01-01"), 2, "2999-01-01 is still to come", "2999-01-01 尚未到来"),
        (("overdue", "--stage", "rectify", "--obligation", "inspection"), 2, "give one", "请只用其一"),
        (("notices", "deliver", "-o", "x"), 2, "--to file:PATH", "--to file:路径"),
        (("sweep", "--as-of", "someday"), 2, "'someday' is no date", "“someday” 不是日期"),
    ],
)  # fmt: skip
def test_what_is_refused_is_one_clear_line_and_changes_nothing(school, command, code, en, zh):
    before = school("history", CASE, "--format", "json")
    when = () if "--as-of" in command or command[0] in ("notices", "overdue", "upcoming") else ("--as-of", "2016-02-01")
    assert en in school.refused(*command, *when, code=code)
    assert zh in school.refused(*command, *when, "--lang", "zh", code=code)
    assert school("history", CASE, "--format", "json") == before


def test_a_dry_run_lists_what_a_sweep_would_do(school):
    said = school("sweep", "--as-of", "2016-06-01", "--dry-run")
    assert "swept 2016-06-01 (nothing kept): 1 case looked at; duty opened 2, marked overdue 2, escalated 1" in said
    assert len(rows(school, "history", CASE)) == 1
    happened = rows(school, "sweep", "--as-of", "2016-06-01")
    assert [(one["event"], one["obligation"], one["due"]) for one in happened] == [
        ("duty_opened", "first_review", "2016-03-31"), ("overdue", "first_review", "2016-03-31"),
        ("escalated", "first_review", "2016-03-31"), ("duty_opened", "inspection", "2016-05-31"), ("overdue", "inspection", "2016-05-31"),
    ]  # fmt: skip
    assert happened[2]["body"]["id"] == "beijing-education"


def test_overdue_by_level_totals_and_ages(school):
    school("sweep", "--as-of", "2016-06-01")
    late = ("overdue", "--as-of", "2016-06-01")
    assert [one["obligation"] for one in rows(school, *late, "--escalation", "1")] == ["first_review"]
    assert rows(school, *late, "--escalation", "2") == []
    (total,) = rows(school, *late, "--totals", "body")
    assert total == {"key": {"id": "chaoyang-education", "zh": "朝阳区委教育工作委员会", "en": "Education Work Committee, Chaoyang District"},
                     "1-7": 1, "8-30": 0, "31-90": 1, "91-180": 0, "181-": 0, "total": 2, "longest": 62}  # fmt: skip
    for by in ("district", "stage", "type", "escalation", "all"):
        assert sum(one["total"] for one in rows(school, *late, "--totals", by)) == 2
    assert "1–7 days" in school(*late, "--totals", "all")
    # What will be overdue at the end of the quarter, if nothing is done: the building of an organisation too.
    coming = rows(school, "overdue", "--as-of", "2016-09-30")
    assert [(one["obligation"], one["days_overdue"]) for one in coming] == [
        ("first_review", 183),
        ("inspection", 122),
        (None, 88),
    ]
    assert [one["obligation"] for one in rows(school, "upcoming", "--as-of", "2016-06-01", "--days", "33")] == [None]
    assert rows(school, "upcoming", "--as-of", "2016-06-01", "--days", "32") == []


def test_a_watched_listing_is_drawn_again_until_it_is_stopped(school, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(listings.time, "sleep", sleep)
    out = school("inbox", *BY, "--as-of", "2016-02-01", "--watch", code=130)
    assert (slept, out.count("Inbox of")) == ([30, 30, 30], 3)
    slept.clear()
    assert school("overdue", "--as-of", "2017-01-01", "--watch", "5", code=130).count("Overdue on") == 3


def test_a_spreadsheet_has_a_sheet_for_each_district(school, tmp_path):
    (tmp_path / "two.csv").write_text(
        "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization\n"
        "52110108MJ00100B5E,海淀区明德医院,haidian,private_non_enterprise,district,health,42,5,false\n"
        "53110000MJ00100C3D,基金会,beijing,foundation,city,charity,4,5,false\n",
        encoding="utf-8",
    )
    school("import", "two.csv", "--as-of", "2016-01-04")
    school("overdue", "--as-of", "2016-12-31", "--format", "xlsx", "-o", "late.xlsx", "--lang", "zh")
    book = openpyxl.load_workbook(tmp_path / "late.xlsx")
    assert book.sheetnames == ["逾期事项（2016-12-31）", "北京市", "朝阳区", "海淀区"]
    for sheet in book:
        away = [one for one in sheet.column_dimensions.values() if one.hidden]  # one for neighbours of a width
        columns = {get_column_letter(at) for one in away for at in range(one.min, one.max + 1)}
        assert columns & set("ABCDEFGHIJKL") == {"C", "D", "I", "J", "K"}
        assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", sheet.dimensions, "$1:$1")
        heading = [cell.value for cell in sheet[1]]
        due = sheet.cell(row=2, column=heading.index("期限") + 1)
        assert isinstance(due.value, datetime)
        assert due.number_format == "yyyy-mm-dd"
        assert sheet.column_dimensions["B"].width > len("组织名称")
    assert book.worksheets[0].max_row - 1 == sum(sheet.max_row - 1 for sheet in book.worksheets[1:])


def test_a_calendar_is_written_and_read(school, tmp_path):
    school("calendar", "--under", "chaoyang-education", "-o", "due.ics", "--lang", "zh")
    calendar = vobject.readOne((tmp_path / "due.ics").read_bytes().decode())
    assert {one.uid.value for one in calendar.vevent_list} == {
        f"{CASE}.{name}@guikou.invalid" for name in ("deadline", "first_review", "inspection")
    }


def test_notices_wait_are_delivered_and_are_seen(school, tmp_path):
    assert "no notice waits" in school("notices", "list")
    school("sweep", "--as-of", "2016-03-01")
    (waiting,) = rows(school, "notices", "list")
    assert (waiting["kind"], waiting["body"]["id"], waiting["attempts"], waiting["error"]) == (
        "reminded",
        "chaoyang-education",
        0,
        None,
    )
    assert school("notices", "deliver", "--to", "file:out.jsonl") == "1 delivered, 0 not\n"
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))["case"] == CASE
    assert "no notice waits" in school("notices", "list")
    assert rows(school, "notices", "list", "--all")[0]["delivered_at"]
    school("sweep", "--as-of", "2016-06-01")
    assert school("notices", "deliver", "--lang", "zh").startswith("朝阳区委教育工作委员会：朝阳区启明学校")


def test_a_notice_that_is_not_taken_is_told_and_waits(school):
    school("sweep", "--as-of", "2016-03-01")
    school("notices", "deliver", "--to", "file:no/such/folder/x", code=1)
    assert (
        school.err
        == "[not-delivered] 1: no/such/folder/x: No such file or directory; they are tried again later, see guikou notices list\n"
    )
    (waiting,) = rows(school, "notices", "list")
    assert waiting["attempts"] == 1
    assert waiting["error"] == {
        "zh": "no/such/folder/x：文件不存在", "en": "no/such/folder/x: No such file or directory",
    }  # fmt: skip
    assert rows(school, "notices", "list", "--stuck") == []


WORKING = "finding: {title: {zh: 认定, en: finding}, due: {within: 60 working days}}"


def test_a_year_that_the_calendar_does_not_know_is_said_each_time(shell, tmp_path):
    root = Path(__file__).resolve().parents[2]
    shutil.copytree(root / "workflows" / "beijing_2015", tmp_path / "mine")
    stages = tmp_path / "mine" / "workflows" / "stages.yaml"
    text = stages.read_text(encoding="utf-8")
    old = "finding: {title: {zh: 认定, en: finding}, due: {within: 30 days}}"
    assert old in text
    stages.write_text(text.replace(old, WORKING), encoding="utf-8")
    (tmp_path / "one.csv").write_text(
        "id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization,weak\n"
        "52110105MJ0001010Q,学校,chaoyang,private_non_enterprise,district,education,42,5,true,true\n",
        encoding="utf-8",
    )
    shell("init", "--policy", "mine")
    shell("import", "one.csv", "--as-of", "2026-11-02")
    warning = "calendar CN does not know 2027 yet: Monday to Friday were counted"
    assert warning in shell.err
    shell(
        "advance",
        CASE,
        "suspend",
        "--as",
        "beijing-education",
        "--reason",
        "x",
        "-e",
        "suspension_note=1",
        "--as-of",
        "2026-11-03",
    )
    assert warning in shell.err
    assert "0 recounted" in shell("recount", "--as-of", "2026-11-04")
    assert shell("policy", "check", "mine").count("bound of rectify: 6 months")


def test_a_full_disk_is_one_line_and_a_closed_output_none(school):
    command = [sys.executable, "-c", "from guikou.adapters.cli import main; main()"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*command, "overdue", "--as-of", "2016-12-31"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (1, "[output] No space left on device\n")
    closed = f"exec {shlex.join([*command, 'calendar'])} >&-"
    done = subprocess.run(closed, shell=True, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_older_database_is_refused_until_init_has_upgraded_it(school, tmp_path, aged):
    aged(tmp_path / "guikou.db")
    assert "[schema-version]" in school.refused("list")
    assert "is active" in school("init")
    assert school.err == f"upgraded; what it was before: {tmp_path / 'guikou.schema-1.db'}\n"
    assert [one["case"] for one in rows(school, "list")] == [CASE]
    assert "1 case looked at" in school("sweep", "--as-of", "2016-01-05")


def test_a_newer_database_is_refused(school, tmp_path):
    with sqlite3.connect(tmp_path / "guikou.db") as connection:
        connection.execute("UPDATE settings SET value = '99' WHERE key = 'schema'")
    connection.close()
    for command in ("list", "init"):
        assert "[schema-version]" in school.refused(command)
