"""A register imported as one: what is told, parked, completed, undone, and the file of what was rejected."""

import csv
import io
import json
import re
import subprocess
import sys

import openpyxl
import pytest
from stdnum.cn import uscc

HEAD = "id,name,area,registered_as,registered_at,industry,registered_on,employees,party_members,has_organization"
A, B, C, D, E = (
    "521101087NCC6K4P54", "52110108000000001B", "52110108000000002E", "52110108000000003H", "52110108000000004L",
)  # fmt: skip
REST = "private_non_enterprise,district,{industry},2010-05-06,{employees},5,false"
AT = ("--as-of", "2016-01-04")


def numbered(at):
    """One of many valid codes."""
    body = f"52110108MA000{at:04d}"
    return body + uscc.calc_check_digit(body)


def line(id=A, name="样例学校", area="haidian", industry="health", employees="12"):
    return f"{id},{name},{area},{REST.format(industry=industry, employees=employees)}"


@pytest.fixture
def write(tmp_path):
    def to(name, *lines, head=HEAD):
        text = "\n".join([*([head] if head else []), *lines]) + "\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return to


@pytest.fixture
def office(shell):
    shell("init")
    return shell


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def counts(office, *arguments, code=0):
    (found,) = json.loads(office("import", *arguments, "--format", "json", code=code))
    return [found[name] for name in ("opened", "changed", "unchanged", "rejected", "parked")]


def cases(office, *more):
    return {one["case"]: one for one in json.loads(office("list", "--format", "json", *more))}


# --- kept ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said", "listed"),
    [
        ("en", "1 opened, 0 changed, 0 unchanged, 1 rejected, 1 parked", "not ended|done|opened|rejected|parked"),
        ("zh", "新立案 1，有变更 0，无变化 0，退回 1，暂存 1", "完成|新立案|退回|暂存"),
    ],
)
def test_an_import_says_its_number_and_what_became_of_each_row(lang, said, listed, office, write):
    write("r.csv", line(), line(B, industry=""), line(C, employees="many"))
    told = office("import", "r.csv", "--park", *AT, "--lang", lang, code=1)
    assert told.startswith(said)
    assert "guikou imports show 1" in told
    assert "guikou parked" in office.err
    for command in (("imports",), ("imports", "show", "1"), ("parked",), ("parked", "--all")):
        assert re.search(listed if command[0] == "imports" else B, office(*command, "--lang", lang))
    shown = json.loads(office("imports", "show", "1", "--format", "json"))
    assert (shown["number"], shown["file"], shown["state"], shown["lines"]) == (1, "r.csv", "done", 3)
    assert [(one["row"], one["outcome"], one["codes"]) for one in shown["rows"]] == [
        (2, "opened", []), (3, "parked", ["missing-fact"]), (4, "rejected", ["bad-fact"]),
    ]  # fmt: skip
    only = json.loads(office("imports", "show", "1", "--outcome", "parked", "--format", "json"))["rows"]
    assert [one["id"] for one in only] == [B]
    assert list(csv.reader(io.StringIO(office("imports", "show", "1", "--format", "csv"))))[1][1] == A


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_row_changed_is_told(lang, office, write):
    write("r.csv", line(), line(B))
    office("import", "r.csv", *AT)
    write("s.csv", line(name="新名", area="chaoyang", employees="50"), line(B))
    office("import", "s.csv", *AT)
    office("facts", A, "employees=60", "--as", "chaoyang-health", *AT)
    told = office("imports", "show", "2", "--lang", lang)
    zh = ("名称：样例学校 → 新名", "区域：海淀区 → 朝阳区", "从业人员数：12 → 50")
    en = ("name: 样例学校 → 新名", "area: Haidian District → Chaoyang District", "employees: 12 → 50")
    for words in zh if lang == "zh" else en:
        assert words in told
    assert "→ 60" not in told
    changed, same = json.loads(office("imports", "show", "2", "--format", "json", "--lang", lang))["rows"]
    wanted = {"name": ["样例学校", "新名"], "area": ["110108", "110105"], "employees": [12, 50]}
    assert (changed["changes"], same["changes"]) == (wanted, {})
    assert "50" in office("imports", "show", "2", "--format", "csv")


@pytest.mark.parametrize("many", [5, 6, 28])
def test_that_more_rows_were_rejected_than_are_told_is_said(many, office, write):
    write("r.csv", *(line(numbered(at), employees="x") for at in range(many)))
    said = {5: "退回的行及原因见", 6: "另有 1 行退回", 28: "另有 23 行退回"}[many]
    office("import", "r.csv", *AT, "--lang", "zh", code=1)
    assert f"{said}" in office.err
    assert ("另有" in office.err) == (many > 5)
    assert "r.rejects.csv" in office.err.splitlines()[-1]
    office("import", "r.csv", *AT, "--lang", "en", code=1)
    assert {5: "the rejected", 6: "another row was rejected", 28: "23 more rows were rejected"}[many] in office.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_row_that_lacks_something_is_told_what_to_do_without_a_case(lang, office, write):
    write("r.csv", line(industry=""))
    office("import", "r.csv", *AT, "--lang", lang, code=1)
    for words in ("--park", "guikou parked complete", "industry"):
        assert words in office.err
    assert "guikou facts" not in office.err
    assert "guikou facts" not in office("imports", "show", "1", "--lang", lang)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_whose_name_it_was_kept_is_said_where_nobody_said_it(lang, office, write):
    write("r.csv", line())
    body = json.loads(office("policy", "show", "--part", "bodies", "--format", "json"))[0]["title"][lang]
    told = office("import", "r.csv", *AT, "--lang", lang)
    assert f"（办理单位：{body}）" in told if lang == "zh" else f"(in the name of {body})" in told
    assert body not in office("import", "r.csv", *AT, "--as", "haidian-health", "--lang", lang)


def test_what_is_parked_waits_since_its_import_took_effect(office, write):
    write("r.csv", line(B, industry=""))
    office("import", "r.csv", "--park", "--as-of", "2016-01-05", code=1)
    (waits,) = json.loads(office("parked", "--format", "json"))
    assert waits["since"] == "2016-01-05"
    assert "暂存自" in office("parked", "--lang", "zh")
    assert f"“{B}” 尚未立案：自 2016-01-05 起暂存" in office.refused("show", B, "--lang", "zh")
    office("parked", "complete", B, "employees=7", code=1)  # told by hand, today, and it lacks something still
    (waits,) = json.loads(office("parked", "--import", "1", "--format", "json"))
    assert (waits["since"], waits["import"], waits["row"]) == ("2016-01-05", 1, 2)
    assert f"“{B}” 尚未立案：自 2016-01-05 起暂存" in office.refused("show", B, "--lang", "zh")


@pytest.mark.parametrize(("lang", "said"), [
    ("zh", "1 行的“name”所写区域与本行区域不符，请核对：第 3 行"),
    ("en", "1 row names another area in 'name' than the row's own; look at row 3"),
])  # fmt: skip
def test_a_name_that_names_another_area_is_told_and_is_no_fault(lang, said, office, write):
    write("r.csv", line(name="海淀区甲校"), line(B, name="西城区乙校"), line(C, name="西城区丙校", employees="many"))
    assert office("import", "r.csv", *AT, "--lang", lang, code=1)
    assert said in office.err.splitlines()
    write("s.csv", line(name="海淀区甲校"), line(B, name="西城区乙校"))
    office("import", "s.csv", *AT, "--lang", lang)
    assert not office.err  # nothing is new


def test_a_dry_run_keeps_nothing(office, write):
    write("r.csv", line(), line(B, industry=""))
    assert counts(office, "r.csv", "--park", "--dry-run", code=1) == [1, 0, 0, 0, 1]
    assert office("imports") == "nothing was imported yet\n"
    assert office("parked", "--lang", "zh") == "没有暂存的行\n"
    assert cases(office) == {}


def test_one_that_was_broken_off_says_so_and_goes_on(office, write, monkeypatch):
    from guikou.adapters.sql.transaction import Work

    write("r.csv", *(line(numbered(at), f"学校{at}") for at in range(250)))
    keep, seen = Work.keep_row, []

    def stop(self, row):
        seen.append(row)
        if len(seen) > 150:
            raise KeyboardInterrupt
        keep(self, row)

    with monkeypatch.context() as patched:
        patched.setattr(Work, "keep_row", stop)
        office("import", "r.csv", *AT, code=130)
    assert "import 1 was broken off: 100 of 250 rows; import the file again to go on" in office.err
    assert "100 of 250 rows were looked at" in office("imports", "show", "1")
    assert counts(office, "r.csv", *AT) == [150, 0, 100, 0, 0]
    assert "import 1 of the same file has not ended: 100 of 250 rows; this goes on" in office.err


# --- again, and what was rejected ------------------------------------------------------------------------------------


def test_the_rejected_rows_are_whole_and_go_in_once_they_are_corrected(office, write, tmp_path):
    write("r.csv", line(name="=样例"), line(B, "样例,有逗号"), line(C, "+样例", employees="x", area="nowhere"))
    assert counts(office, "r.csv", *AT, code=1) == [1, 0, 0, 2, 0]
    data = (tmp_path / "r.rejects.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    head, comma, both = rows(tmp_path / "r.rejects.csv")
    assert head == ["# row", "# code", "# reason", *HEAD.split(","), "# more"]
    assert comma[3:] == line(B, "样例,有逗号").split(",")
    assert both[:2] == ["4", "unknown-area; bad-fact"]
    assert both[4] == "'+样例"
    # As it is, it is rejected again, as whole.
    assert counts(office, "r.rejects.csv", *AT, code=1) == [0, 0, 0, 2, 0]
    assert [one[3:] for one in rows(tmp_path / "r.rejects.rejects.csv")] == [head[3:], comma[3:], both[3:]]
    text = (
        data.decode("utf-8-sig")
        .replace("样例,有逗号", "样例有逗号")
        .replace(",x,", ",9,")
        .replace("nowhere", "haidian")
    )
    (tmp_path / "r.rejects.csv").write_text(text, encoding="utf-8-sig")
    assert counts(office, "r.rejects.csv", *AT) == [2, 0, 0, 0, 0]
    assert [cases(office)[id]["name"] for id in (A, B, C)] == ["=样例", "样例有逗号", "+样例"]
    # The file of the first run is still there, and the original is no news.
    before = {id: office("history", id, "--format", "json") for id in (A, B, C)}
    counts(office, "r.csv", *AT, code=1)
    assert {id: office("history", id, "--format", "json") for id in (A, B, C)} == before


def test_a_file_of_an_import_before_does_not_mislead(office, write):
    write("r.csv", line(), line(B, employees="x"))
    office("import", "r.csv", *AT, code=1)
    write("r.csv", line(), line(B))
    office("import", "r.csv", *AT)
    assert "no row was rejected: r.rejects.csv is of an import before" in office.err
    office("import", "r.csv", *AT, "--lang", "zh")
    assert "r.rejects.csv 是此前一次导入留下的" in office.err


@pytest.mark.parametrize("name", ["r.csv", "./r.csv", "other.csv", "notes.txt", "nowhere/x.csv", "link.csv", "b.xlsx"])
def test_no_file_of_anybody_else_is_written_over(name, office, write, tmp_path):
    write("r.csv", line(employees="x"))
    write("other.csv", "1", head="mine")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "link.csv").symlink_to(tmp_path / "r.csv")
    openpyxl.Workbook().save(tmp_path / "b.xlsx")
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.suffix in (".csv", ".txt", ".xlsx")}
    office.refused("import", "r.csv", "--rejects", name, *AT, code=2)
    assert {path: path.read_bytes() for path in before} == before
    assert office("imports") == "nothing was imported yet\n"


def test_rejects_may_be_a_workbook_and_are_written_over_by_the_next(office, write, tmp_path):
    write("r.csv", line(name="=1+1", employees="x"))
    for _ in range(2):
        office("import", "r.csv", "--rejects", "out.xlsx", *AT, code=1)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cells = [[cell.value for cell in row] for row in sheet]
    assert (cells[0][:3], cells[1][4], cells[1][1]) == (["# row", "# code", "# reason"], "=1+1", "bad-fact")
    assert counts(office, "out.xlsx", *AT, code=1) == [0, 0, 0, 1, 0]


def test_what_was_corrected_in_a_rejects_file_is_kept_when_the_same_is_imported_again(office, write, tmp_path):
    write("list.csv", line(industry="nothing"), line(B))
    office("import", "list.csv", *AT, code=1)
    rejects = tmp_path / "list.rejects.csv"
    told = rejects.read_bytes()
    office("import", "list.csv", *AT, code=1)
    assert "kept as" not in office.err
    corrected = told.replace(b"nothing", b"health")
    rejects.write_bytes(corrected)
    office("import", "list.csv", *AT, code=1)
    assert "kept as list.rejects.earlier.csv" in office.err
    assert rejects.read_bytes() == told
    assert (tmp_path / "list.rejects.earlier.csv").read_bytes() == corrected


def test_of_two_rows_that_say_the_same_one_is_parked(office, write):
    lacking = line().replace(",5,false", ",,")
    write("list.csv", lacking, lacking)
    assert counts(office, "list.csv", "--park", *AT, code=1) == [0, 0, 1, 0, 1]


def test_two_rows_that_say_the_same_are_one_and_two_that_differ_are_told(office, write):
    write("r.csv", line(), line(), line(employees="13"))
    assert counts(office, "r.csv", *AT, code=1) == [1, 0, 1, 1, 0]
    assert f"'{A}' stands in row 2 already" in office.err


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "gb.csv"])
@pytest.mark.parametrize("rejects", ["out.csv", "out.xlsx"])
@pytest.mark.parametrize("saved", ["as it is", "anew"])
def test_the_rejects_file_goes_in_by_the_mapping_of_its_register(name, rejects, saved, office, tmp_path):
    head = ["序号", "代码", "单位", "", *HEAD.split(",")[2:]]
    table = [["2015年名册"], head, *[
        [str(at), *line(id, employees=some).split(",")[:2], "x", *line(id, employees=some).split(",")[2:]]
        for at, (id, some) in enumerate(((A, "12"), (B, "many")), 1)
    ]]  # fmt: skip
    path = tmp_path / name
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.title = "名册"
        for one in table:
            book.active.append(one)
        book.save(path)
    else:
        text = "".join(",".join(one) + "\r\n" for one in table)
        path.write_bytes(text.encode("gb18030" if name == "gb.csv" else "utf-8"))
    how = "sheet: 名册\n" if path.suffix == ".xlsx" else f"encoding: {'GB18030' if name == 'gb.csv' else 'UTF-8'}\n"
    mapping = f"policy: beijing-2015\nheading: 2\n{how}columns:\n  代码: id\n  单位: name\nignore: [序号, '[D]']\n"
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    by = ("--mapping", "m.yaml", *AT)
    assert counts(office, name, *by, "--rejects", rejects, code=1) == [1, 0, 0, 1, 0]
    out = tmp_path / rejects
    if out.suffix == ".xlsx":
        book = openpyxl.load_workbook(out)
        for cell in book.active[2]:
            cell.value = "3" if cell.value == "many" else cell.value
        book.active.title = "Sheet1" if saved == "anew" else book.active.title
        book.save(out)
    else:
        text = out.read_text(encoding="utf-8-sig").replace("many", "3")
        if saved == "anew":  # as spreadsheets do it
            out.write_bytes(text.replace(",", "\t").encode("utf-16") if name == "r.csv" else text.encode("gb18030"))
        else:
            out.write_text(text, encoding="utf-8-sig")
    assert counts(office, rejects, *by) == [1, 0, 0, 0, 0]
    assert cases(office)[B]["name"] == "样例学校"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_double_that_differs_stays_rejected_until_a_person_says_otherwise(lang, office, write, tmp_path):
    write("r.csv", line(), line(name="另一学校"), line(B))
    assert counts(office, "r.csv", *AT, "--lang", lang, code=1) == [2, 0, 0, 1, 0]
    assert ("已采用第 2 行" if lang == "zh" else "row 2 already, which says otherwise and was taken") in office.err
    assert ("左起第二格" if lang == "zh" else "second cell") in office.err
    path = tmp_path / "r.rejects.csv"
    for _ in range(2):
        assert counts(office, "r.rejects.csv", *AT, "--lang", lang, code=1) == [0, 0, 0, 1, 0]
        assert "# code" in office.err
    assert counts(office, "r.rejects.rejects.csv", *AT, code=1) == [0, 0, 0, 1, 0]
    assert [one["name"] for one in cases(office).values()] == ["样例学校", "样例学校"]
    text = path.read_text(encoding="utf-8-sig")
    write("other.csv", text.replace(f",{A},", f",{C},").strip(), head="")
    assert counts(office, "other.csv", *AT) == [1, 0, 0, 0, 0]  # it was another organisation's
    write("right.csv", text.replace("row-again", "").strip(), head="")
    assert counts(office, "right.csv", *AT) == [0, 1, 0, 0, 0]
    assert cases(office)[A]["name"] == "另一学校"


# --- other files than a whole register -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_supplement_needs_no_more_than_the_code_and_what_is_new(lang, office, write):
    write("r.csv", line(), line(B, industry=""), line(C, area=""))
    office("import", "r.csv", "--park", *AT, code=1)
    write("s.csv", f"{A},50,", f"{B},,health", f"{C},8,", f"{D},9,health", head="id,employees,industry")
    assert counts(office, "s.csv", "--park", *AT, "--lang", lang, code=1) == [1, 1, 0, 0, 2]
    assert json.loads(office("show", A, "--format", "json"))["facts"]["employees"] == 50
    lacks = {one["id"]: one["lacks"]["zh"] for one in json.loads(office("parked", "--format", "json"))}
    assert lacks[C] == "区域"
    assert lacks[D].startswith("名称、区域")
    write("t.csv", f"{E},9,health", head="id,employees,industry")
    told = office.refused("import", "t.csv", *AT, "--lang", lang, code=2)
    assert told.startswith("[missing-column]")
    assert ("名称" if lang == "zh" else "name") in told
    write("u.csv", f"{A},51", f"{E},9", head="id,employees")
    assert counts(office, "u.csv", *AT, code=1) == [0, 1, 0, 1, 0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("head", ["编码甲,单位,地,人数", "备案编号,机构,名字,职工", "编码甲，名称，区域，人数"])
def test_an_office_s_own_register_is_told_how_to_begin(head, lang, office, write):
    write("own.csv", "1,2,3,4", head=head)
    told = office.refused("import", "own.csv", "--lang", lang, code=1 if "，" in head else 2)
    assert ("全角" if lang == "zh" else "full-width") in told if "，" in head else "--propose" in told
    assert "“id”" not in told
    if "，" in head:
        assert "own.csv:1" in office.refused("import", "own.csv", "--propose", "--lang", lang)


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有一列看得出含义"), ("en", "no column of it is known")])
def test_a_proposal_for_what_is_no_list_says_so(lang, said, office, write):
    write("cover.csv", "二〇一六年,内部资料", "注意,保存", head="某某单位,某某表")
    office("import", "cover.csv", "--propose", "-o", "m.yaml", "--lang", lang)
    assert said in office.err


@pytest.mark.parametrize("heads", [HEAD, "编码甲,单位,所在,人数"])
def test_a_proposal_for_two_sheets_with_one_heading_asks_which(heads, office, tmp_path):
    book = openpyxl.Workbook()
    for at, sheet in enumerate((book.active, book.create_sheet("乙"))):
        sheet.append(["名册"])
        sheet.append(heads.split(","))
        sheet.append([numbered(at), f"学校{at}", "海淀区", "3"])
    book.active.title = "甲"
    book.create_sheet("说明").append(["填表说明"])
    book.save(tmp_path / "two.xlsx")
    told = office.refused("import", "two.xlsx", "--propose", "--lang", "zh", code=2)
    assert "甲、乙；请用 --sheet 指明其中一张" in told
    assert "sheet: 乙" in office("import", "two.xlsx", "--propose", "--sheet", "乙")


# --- parked ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_parked_is_told_completed_and_dropped(lang, office, write):
    write("r.csv", line(industry=""), line(B, area=""), line(C, name=""))
    office("import", "r.csv", "--park", *AT, code=1)
    told = office.refused("show", A, "--lang", lang)
    assert told.startswith("[parked]")
    assert f"guikou parked complete {A}" in told
    assert "行业领域" in told if lang == "zh" else "industry" in told
    still = office("parked", "complete", B, "employees=9", "--lang", lang, code=1)
    assert "区域" in still if lang == "zh" else "area" in still
    office("parked", "complete", B, "--area", "北京市海淀区", *AT, "--lang", lang)
    office("parked", "complete", A, "industry=教育", *AT, "--lang", lang)
    office("parked", "complete", C, "name=新名", *AT, "--lang", lang)
    assert {id: one["name"] for id, one in cases(office).items()} == {A: "样例学校", B: "样例学校", C: "新名"}
    assert office.refused("parked", "complete", C, "--lang", lang).startswith("[parked-no-more]")
    write("s.csv", line(D, industry=""))
    office("import", "s.csv", "--park", *AT, code=1)
    office("parked", "drop", D, code=2)
    office("parked", "drop", D, "--reason", "已注销", "--lang", lang)
    settled = json.loads(office("parked", "--all", "--format", "json"))
    assert {one["id"]: one["state"] for one in settled} == {A: "opened", B: "opened", C: "opened", D: "dropped"}
    assert [one["id"] for one in json.loads(office("parked", "--all", "--import", "2", "--format", "json"))] == [D]
    assert settled[-1]["reason"] == "已注销"


# --- undone ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_import_is_undone_and_listed_as_such(lang, office, write):
    write("r.csv", line(), line(B, industry=""))
    office("import", "r.csv", "--park", *AT, code=1)
    write("s.csv", line(employees="50"), line(C))
    office("import", "s.csv", *AT)
    told = office("imports", "undo", "2", "--reason", "错误名单", *AT, "--lang", lang)
    assert re.search("撤回登记 1 件，恢复原状 1 件" if lang == "zh" else "1 withdrawn, 1 put back", told)
    assert set(cases(office)) == {A}
    assert json.loads(office("show", A, "--format", "json"))["facts"]["employees"] == 12
    assert {id: one["withdrawn"] for id, one in cases(office, "--withdrawn").items()} == {C: "2016-01-04"}
    assert re.search("登记已撤回" if lang == "zh" else "registration withdrawn", office("show", C, "--lang", lang))
    assert re.search("恢复原状" if lang == "zh" else "put back as it was", office("history", A, "--lang", lang))
    assert re.search(
        "已撤销.*错误名单" if lang == "zh" else "undone", office("imports", "show", "2", "--lang", lang), re.S
    )
    assert office.refused("imports", "undo", "2", "--reason", "x", "--lang", lang).startswith("[already-undone]")
    office.refused("facts", C, "employees=1", "--as", "haidian-health", "--lang", lang)
    office("facts", A, "employees=1", "--as", "haidian-health", *AT)
    refused = office.refused("imports", "undo", "1", "--reason", "x", "--lang", lang)
    assert A in refused
    assert counts(office, "s.csv", *AT) == [1, 1, 0, 0, 0]


# --- several at once -------------------------------------------------------------------------------------------------


def test_several_processes_importing_one_file_open_each_case_once(office, write, new_database, tmp_path):
    url = new_database()
    office("init", "--db", url)
    ids = [numbered(at) for at in range(60)]
    write("r.csv", *(line(id, f"学校{at}", industry="" if at % 10 == 9 else "health") for at, id in enumerate(ids)))
    write("b.csv", *(line(id, f"学校{at}") for at, id in reversed(list(enumerate(ids[:9])))))
    code = "import sys; from guikou.adapters.cli import main; main()"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, "import", name, "--park", *AT, "--db", url, "--format", "json",
             "--rejects", f"rejects{at}.csv"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        )
        for at, name in enumerate(("r.csv", "r.csv", "r.csv", "b.csv"))
    ]  # fmt: skip
    found = [(*one.communicate(timeout=240), one.returncode) for one in running]
    assert [code for *_, code in found] == [1, 1, 1, 0], found
    told = [json.loads(out)[0] for out, *_ in found]
    assert sum(one["opened"] for one in told) == 54
    assert [one["parked"] for one in told] == [6, 6, 6, 0]
    assert all(one["rejected"] == one["changed"] == 0 for one in told)
    assert len(cases(office, "--db", url)) == 54
    assert len(json.loads(office("parked", "--all", "--format", "json", "--db", url))) == 6
    assert {one["state"] for one in json.loads(office("imports", "--format", "json", "--db", url))} == {"done"}


def test_after_an_import_is_undone_the_right_list_goes_in_as_of_the_same_day(office, write):
    write("wrong.csv", line(A, industry="education"), line(B))
    office("import", "wrong.csv", *AT)
    office("imports", "undo", json.loads(office("imports", "--format", "json"))[0]["number"], "--reason", "wrong")
    write("right.csv", line(A), line(B))
    assert "2 opened" in office("import", "right.csv", *AT)
    assert "responsible" in office("show", A)
    assert [one["kind"] for one in json.loads(office("history", A, "--format", "json"))] == [
        "opened", "withdrawn", "opened",
    ]  # fmt: skip
