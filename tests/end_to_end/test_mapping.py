"""A register as an office sends it: proposed, imported, refused; and an empty one to fill in."""

import csv
import json
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

ID = "521101087NCC6K4P54"


def rejects(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {int(row["# row"]): row for row in csv.DictReader(file)}


@pytest.fixture
def register(shell, tmp_path, foundations):
    """A shell with a database, and the register of foundations beside it."""
    shell("init")
    return shell, foundations.write(tmp_path / "名录.xlsx")


def test_a_register_goes_in_with_one_proposal_and_one_import(register, tmp_path):
    shell, made = register
    shell("import", "名录.xlsx", "--propose", "-o", "m.yaml", "--lang", "zh")
    assert "15 列对应（其中建议 1）" in shell.err
    assert "共 80 行，可读取 " in shell.err
    into = ("import", "名录.xlsx", "--mapping", "m.yaml", "--park", "--as-of", "2016-01-04")
    shell(*into, code=1)
    told = rejects(tmp_path / "名录.rejects.csv")
    ids = {row[1]: fate for row, fate in zip(made.rows, made.fates, strict=True) if fate != "wrong"}
    opened = json.loads(shell("list", "--format", "json"))
    parked = json.loads(shell("parked", "--format", "json"))
    assert {id for id, fate in ids.items() if fate == "opened"} <= {one["case"] for one in opened}
    assert {one["id"] for one in parked} == {id for id, fate in ids.items() if fate == "parked"}
    for at, fate in enumerate(made.fates):
        assert fate != "refused" or told[at + 4]["# code"] == "not-admitted"
        assert fate == "wrong" or (fate == "refused") == (at + 4 in told)
    assert "Ministry of Civil Affairs" in told[4 + made.fates.index("refused")]["# reason"]
    assert {one["type"]["en"] for one in opened} == {"Foundation"}
    assert Counter(one["responsible"]["id"] for one in opened).most_common(1)[0][0] == "beijing-registration"
    again = json.loads(shell(*into, "--format", "json", code=1))
    assert again[0]["unchanged"] == len(opened)


def test_a_proposal_is_the_same_each_time_and_writes_over_nothing(register):
    shell, _ = register
    text = shell("import", "名录.xlsx", "--propose")
    assert "PROPOSED: charity" in text
    assert shell("import", "名录.xlsx", "--propose") == text
    shell("import", "名录.xlsx", "--propose", "-o", "m.yaml")
    assert "is there already" in shell.refused("import", "名录.xlsx", "--propose", "-o", "m.yaml", code=2)


def test_a_proposal_keeps_what_a_mapping_says(register, tmp_path):
    shell, _ = register
    (tmp_path / "m.yaml").write_text(
        "policy: beijing-2015\nignore: [成立时间]\nvalues:\n  行业领域: {慈善: community}\n", encoding="utf-8"
    )
    text = shell("import", "名录.xlsx", "--propose", "--mapping", "m.yaml")
    assert "    慈善: community\n" in text
    assert "  - 成立时间\n" in text
    assert "PROPOSED: charity" not in text
    (tmp_path / "other.yaml").write_text("policy: beijing-2015\ncolumns:\n  乙: id\n", encoding="utf-8")
    assert "other.yaml:3" in shell.refused("import", "名录.xlsx", "--propose", "--mapping", "other.yaml", code=2)


def test_columns_that_are_not_known_are_told_at_once_with_what_to_do(register):
    shell, _ = register
    said = shell.refused("import", "名录.xlsx", code=2)
    assert "2014年度年检结论" in said
    assert "guikou import FILE --propose -o mapping.yaml" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("policy: restaurants\n", "m.yaml:1: 'policy'"),
        ("policy: beijing-2015\ncolumns:\n  名目: grade\n", "m.yaml:3: the file has no column 名目"),
        ("policy: beijing-2015\nconstants:\n  industry: 慈善\n", "m.yaml:3: 'constants.industry'"),
        (None, "m.yaml: cannot be read"),
    ],
    ids=["policy", "column", "value", "none"],
)
def test_a_wrong_mapping_is_one_line_with_file_and_line(register, tmp_path, text, words):
    shell, _ = register
    if text is not None:
        (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    assert words in shell.refused("import", "名录.xlsx", "--mapping", "m.yaml", code=2 if "column" in words else 1)


def test_every_fault_of_a_row_stands_in_the_rejects_file(shell, tmp_path):
    shell("init")
    (tmp_path / "r.csv").write_text("代码,单位名称,所属区,从业人员\n,,乌有,许多\n", encoding="utf-8")
    (tmp_path / "m.yaml").write_text("policy: beijing-2015\ncolumns: {代码: id}\n", encoding="utf-8")
    shell("import", "r.csv", "--mapping", "m.yaml", "--as-of", "2016-01-04", code=1)
    (row,) = rejects(tmp_path / "r.rejects.csv").values()
    assert row["# code"] == "missing-value; unknown-area; bad-fact"
    for column in ("代码", "单位名称", "所属区", "从业人员"):
        assert f"column '{column}'" in row["# reason"]


@pytest.mark.parametrize("name", ["register.xlsx", "register.csv"])
def test_a_template_filled_in_is_imported_and_its_example_is_not(shell, tmp_path, name, foundations):
    shell("init")
    assert f"guikou import {name}" in shell("template", "--type", "基金会", "-o", name)
    assert f"{name} is there already" in shell.refused("template", "-o", name, code=2)
    path = tmp_path / name
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        for at, cell in enumerate(sheet[2], start=1):
            sheet.cell(3, at, foundations.code(1) if at == 1 else cell.value)
        book.save(path)
    else:
        heading, example = path.read_text(encoding="utf-8-sig").splitlines()
        row = ",".join([foundations.code(1), *example.split(",")[1:]])
        path.write_text(f"{heading}\n{example}\n{row}\n", encoding="utf-8-sig")
    assert "1 opened" in shell("import", name, "--as-of", "2016-01-04")


def test_a_template_for_no_type_that_there_is_is_refused(shell):
    shell("init")
    assert "no type 'school'" in shell.refused("template", "--type", "school", "-o", "t.xlsx", code=2)


def test_another_policy_has_its_own_template_and_proposals(shell, tmp_path):
    policy = Path(__file__).resolve().parent.parent / "policies" / "restaurants"
    shell("init", "--policy", policy)
    shell("template", "-o", "t.csv", "--lang", "zh")
    assert "业态 / premises" in (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "r.csv").write_text("id,name,区域,业态,座位\n1,甲,某县,餐 馆,30\n", encoding="utf-8")
    text = shell("import", "r.csv", "--propose")
    assert "  业态: premises" in text
    assert "座位" in text
