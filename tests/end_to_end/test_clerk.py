"""What a clerk meets who types Chinese words and reads nothing else."""

import json
import os
import subprocess
import sys

import pytest

from guikou.adapters.cli import render

SCHOOL, BY = "52110105MJ0001010Q", ("--as", "chaoyang-education")
INSPECTED = ("-e", "年检报告书=1", "-e", "党建工作情况=2")


@pytest.fixture
def built(school, monkeypatch):
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    school("advance", SCHOOL, "提交组建申请", "-e", "组建申请=1", *BY, "--as-of", "2016-01-05")
    school("advance", SCHOOL, "批准成立", "-e", "批复=2", *BY, "--as-of", "2016-01-06")
    return school


def spoken(code, folder):
    """What a process says in Chinese."""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8", cwd=folder,
        env={**os.environ, "GUIKOU_LANG": "zh", "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"},
    )  # fmt: skip


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


def test_an_organisation_is_found_by_what_it_was_called_before(built):
    before = json.loads(built("show", SCHOOL, "--format", "json"))["name"]
    built("facts", SCHOOL, "名称=朝阳区明德实验学校", *BY, "--as-of", "2016-01-07")
    said = f"“{before}”是 {SCHOOL} 朝阳区明德实验学校 的曾用名"
    assert SCHOOL in built("show", before)
    assert built.err.strip() == said
    built("advance", before, "软弱", "-e", "认定材料=3", *BY, "--as-of", "2016-01-08")
    assert said in built.err
    for more in ((), ("--stage", "抓整顿")):
        assert SCHOOL in built("list", "--text", before, *more)
        assert said in built.err
    assert "没有符合的案卷" in built("list", "--text", before, "--stage", "抓创新")
    assert "曾用名" not in built.err
    assert built("list", "--text", "明德")
    assert "曾用名" not in built.err


def test_of_a_day_before_it_was_opened_a_case_says_since_when_it_is_there(built):
    for command in ("show", "history", "explain"):
        said = built.refused(command, SCHOOL, "--as-of", "2016-01-03")
        assert said == (
            f"[not-opened-then] 2016-01-03 时尚无案卷 “{SCHOOL}”：2016-01-04 才立案；请给出该日或更晚的 --as-of"
        )


# --- what a command lacks is told at once, and what nobody can report is not asked for -------------------------------


def test_all_that_a_command_lacks_is_told_at_once(built):
    assert built.refused("advance", SCHOOL, "中止计时", "--as", "beijing-education") == (
        "[evidence-and-reason-missing] 办理 “中止计时（待其他机关决定）” 需要写明理由，并需要材料：中止说明；"
        "请加上 --reason 理由 --evidence 中止说明=文号"
    )
    said = built.refused("meet", SCHOOL, "年度检查", *BY, "--as-of", "2016-02-01", code=2)
    assert said.startswith("[outcome-missing] 未写明“年度检查”的结论；请加上 --outcome 结论，可用：qualified（合格）、")
    assert said.endswith("；并加上 --evidence inspection_report=文号 --evidence party_building_report=文号")
    said = built.refused("meet", SCHOOL, "年度检查", *INSPECTED, *BY, "--as-of", "2016-02-01", code=2)
    assert said.endswith("、unqualified（不合格）")
    built("facts", SCHOOL, "本届任期起始日=2012-09-01", *BY, "--as-of", "2016-02-01")
    said = built.refused("postpone", SCHOOL, "换届", "--as", "beijing-education", "--as-of", "2016-02-01")
    assert "--reason" in said
    assert "--evidence" in said


def test_what_is_told_of_a_gate_without_its_value_is_missing(built):
    registry = ("--as", "chaoyang-registration", "--as-of", "2016-02-01")
    facts = ("registered_on=2012-05-04", "inspection=qualified", "penalised=否", "investigated=否")
    built("facts", SCHOOL, *facts, *BY, "--as-of", "2016-02-01")
    built("gate", "ask", SCHOOL, "年度检查", *registry)
    said = built.refused("gate", "tell", SCHOOL, "年度检查", "inspected", *registry, code=2)
    assert said.startswith("[value-missing] ")
    assert "--value" in said
    assert "qualified（合格）" in said
    assert "--evidence" in said


def test_no_fact_of_the_case_itself_is_asked_for(built):
    said = built.refused("advance", SCHOOL, "恢复计时", *BY)
    assert said.startswith(
        "[guard-not-met] 不能办理 “恢复计时”：已中止计时（case.suspended）为 否，需要 是；现在可办理："
    )
    assert "guikou facts" not in said
    assert "[may-not-act]" in built.refused("advance", SCHOOL, "恢复计时", "--as", "haidian-health")


# --- what changed nothing says so ------------------------------------------------------------------------------------


def test_what_changes_nothing_says_so(built):
    for command in (
        ("facts", SCHOOL, "从业人员数=20", *BY),
        ("facts", "朝阳区启明学校", "从业人员数=21", *BY),
        ("block", SCHOOL, "hard_to_form", *BY),
    ):
        assert "无变化" not in built(*command, "--as-of", "2016-02-01")
        assert built(*command, "--as-of", "2016-02-01").endswith("；无变化\n")
    assert built("rename", SCHOOL, SCHOOL, *BY, "--as-of", "2016-02-01").endswith("；无变化\n")


def test_what_was_met_is_said_to_be_met_and_when(built):
    met = ("meet", SCHOOL, "年度检查", "--outcome", "合格", *INSPECTED, *BY)
    built(*met, "--as-of", "2016-02-01")
    said = built.refused(*met, "--as-of", "2016-02-02")
    assert said == "[already-met] 年度检查已于 2016-02-01 办结；下一次自 2016-12-31 起可以办理"


def test_what_was_parked_is_said_to_be_opened_or_dropped(shell, tmp_path, monkeypatch):
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    line = f"{SCHOOL},甲,chaoyang,private_non_enterprise,district,42,5,false"
    heading = "id,name,area,registered_as,registered_at,employees,party_members,has_organization"
    (tmp_path / "some.csv").write_text(f"{heading}\n{line}\n", encoding="utf-8")
    shell("init")
    shell("import", "some.csv", "--park", "--as-of", "2016-01-04", code=1)
    shell("parked", "complete", SCHOOL, "行业领域=education", "--as-of", "2016-01-04")
    said = shell.refused("parked", "complete", SCHOOL, "行业领域=education")
    assert said.startswith(f"[parked-no-more] “{SCHOOL}” 已于 ")
    assert f" 立案；查看：guikou show {SCHOOL}；" in said
    assert "立案" in shell.refused("parked", "drop", SCHOOL, "--reason", "重复")


# --- a wrong name leads on --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("facts", SCHOOL, "蓝天=20", *BY), "facts"),
        (("meet", SCHOOL, "党费", *BY), "obligations"),
        (("block", SCHOOL, "党费", *BY), "blockers"),
        (("gate", "ask", SCHOOL, "党费", *BY), "gates"),
        (("record", SCHOOL, "党费", *BY), "records"),
        (("support", "--what", "火星"), "support"),
        (("indicator", "党费"), "indicators"),
        (("list", "--area", "火星"), "areas"),
        (("list", "--stage", "党费"), "workflows"),
        (("list", "--type", "党费"), "workflows"),
        (("policy", "show", "--table", "党费"), "tables"),
    ],
)
def test_a_wrong_name_says_where_all_of_them_are_listed(built, words, part):
    said = built.refused(*words, code=2)
    assert f"guikou policy show --part {part}" in said
    built("policy", "show", "--part", part)


@pytest.mark.parametrize(
    ("words", "there", "not_there"),
    [
        (["待办"], "是否为 inbox（待办案卷）；", "list"),
        (["待办事项"], "inbox（待办案卷）", "venues"),
        (["导入"], "是否为 import（导入组织名单）、", "list"),
        (["lst"], "list（列出案卷）", "inbox"),
        (["list", "--xx"], "没有选项 --xx；见 guikou list --help", "是否为"),
        (["list", "--frmat", "csv"], "是否为 --format；", "--text"),
        (["list", "--as-of"], "见 guikou list --help", "见 guikou --help"),
        (["policy", "show", "--part"], "见 guikou policy show --help", "见 guikou --help"),
        (["list", "--lang"], "见 guikou list --help", "usage: "),
    ],
)
def test_a_wrong_command_or_option_leads_on(shell, monkeypatch, words, there, not_there):
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    said = shell.refused(*words, code=2)
    assert there in said
    assert not_there not in said


def test_what_is_told_in_the_help_leads_on(tmp_path):
    """In a process of its own: help is in the language that spoke when it was imported."""
    typed = [["policy", "证明"], ["parked", "补全"], ["list", "--阶段", "抓组建"]]
    code = f"from guikou.adapters.cli import run\nfor words in {typed!r}: run(words)"
    said = spoken(code, tmp_path).stderr.splitlines()
    assert "是否为 check（" in said[0]
    assert "是否为 complete（补全一件）；" in said[1]
    assert "是否为 --stage；" in said[2]


@pytest.mark.parametrize("lang", ["中文", "英文", "zh", "en", "English"])
def test_a_language_is_named_in_words(shell, lang):
    out = shell("policy", "show", "beijing-2015", "--lang", lang)
    assert ("政策" in out) is (lang in ("中文", "zh"))


def test_what_is_said_of_a_language_that_there_is_not_is_in_the_usual_one(shell, monkeypatch):
    assert "没有 “法文”；可用：zh（中文）" in shell.refused("list", "--lang", "法文", code=2)
    assert "there is no 'fr'" in shell.refused("list", "--lang", "fr", code=2)
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    assert "没有 “fr”" in shell.refused("list", "--lang", "fr", code=2)


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_codes_are_shown_with_their_titles(built, tmp_path):
    assert "city（市级）、district（区级）" in built("policy", "show", "--part", "facts")
    facts = json.loads(built("policy", "show", "--part", "facts", "--format", "json"))
    assert next(one["values"] for one in facts if one["id"] == "registered_at")[:2] == ["city", "district"]
    obligations = built("policy", "show", "--part", "obligations")
    assert "qualified（合格）" in obligations
    assert "每年5月31日" in obligations
    assert "FREQ=" not in obligations
    assert "类型 民办非企业单位、社会团体" in obligations
    assert "本届任期起始日起每 4 年" in obligations
    workflows = built("policy", "show", "--part", "workflows")
    assert "归口单位、其上级、所属枢纽" in workflows
    assert "正式党员数 >= 3" in workflows
    assert "回到原处" in workflows
    assert "归口单位" in built("policy", "show", "--part", "indicators")
    assert "inspection_report（年检报告书）" in built("policy", "show", "--part", "gates")
    assert "activity_record（活动记录）" in built("policy", "show", "--part", "records")
    assert "application（组建申请）" in built("policy", "show", "--part", "workflows")


def test_evidence_that_is_compared_has_its_title(built, tmp_path):
    (tmp_path / "认定.pdf").write_bytes(b"%PDF")
    built("advance", SCHOOL, "认定软弱涣散", "-e", "认定材料=@认定.pdf", *BY, "--as-of", "2016-01-07")
    table = built("history", SCHOOL, "--verify-evidence", ".")
    assert "认定材料" in table
    assert "finding_report" not in table
    (told,) = json.loads(built("history", SCHOOL, "--verify-evidence", ".", "--format", "json"))
    assert told["evidence"] == "finding_report"


def test_what_is_proved_is_told_by_titles(shell, monkeypatch):
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    out = shell("policy", "check", "beijing-2015")
    assert "期限 抓整顿：" in out
    assert "、基金会、" in out
    assert "community_filed" not in out


def test_a_file_that_was_written_is_named_and_its_sheet_is_called_as_the_command(built):
    import openpyxl

    built("imports", "show", "1", "-o", "rows.xlsx")
    assert built.err == "已写入 rows.xlsx\n"
    assert openpyxl.load_workbook("rows.xlsx").sheetnames == ["导入记录及撤销"]
    for words in (("list",), ("show", SCHOOL), ("history", SCHOOL), ("policy", "show"), ("overdue",)):
        built(*words, "-o", f"{words[0]}.csv")
        assert built.err.startswith(f"已写入 {words[0]}.csv\n"), words
    built("list")
    assert built.err == ""


def test_an_imports_heading_fits_a_line(built):
    heading = built("imports", "show", "1").splitlines()[0]
    assert "…" in heading
    assert len(heading) < 90


def test_what_is_parked_is_counted(shell, tmp_path, monkeypatch):
    monkeypatch.setenv("GUIKOU_LANG", "zh")
    line = f"{SCHOOL},甲,chaoyang,private_non_enterprise,district"
    (tmp_path / "some.csv").write_text(f"id,name,area,registered_as,registered_at\n{line}\n", encoding="utf-8")
    shell("init")
    assert shell("parked") == "没有暂存的行\n"
    shell("import", "some.csv", "--park", "--as-of", "2016-01-04", code=1)
    assert shell("parked").endswith("共 1 项\n")
    assert "共" not in shell("parked", "--format", "csv")


def test_what_follows_from_a_row_stands_behind_all_that_it_asks(built, monkeypatch):
    monkeypatch.setattr(render, "_width", lambda session: 80)
    lines = built("explain", SCHOOL).splitlines()
    told = [at for at, line in enumerate(lines) if "结论：" in line]
    begun = [at for at, line in enumerate(lines) if "表" in line.split("  ")[0]]
    assert told
    for one in told:  # what comes next begins another row of a table
        rest = [line for line in lines[one + 1 :] if line.strip() and not line.startswith("     ")]
        assert not rest or not rest[0].startswith("  "), rest[:1]
    assert begun
