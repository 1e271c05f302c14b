"""The empty register: what it asks, and that a row filled in is imported."""

import shutil
import subprocess
from datetime import date

import openpyxl
import pytest

from guikou.adapters.sample.organizations import organizations
from guikou.adapters.spreadsheets.asked import always, needed, useful, values
from guikou.adapters.spreadsheets.register import open_register
from guikou.adapters.spreadsheets.template import as_csv, as_xlsx, template_columns
from guikou.engine.decide.intake import Placement, place

DAY = date(2016, 1, 4)


@pytest.fixture(scope="module")
def samples(beijing):
    """An organisation of each type that the sample has."""
    found = {}
    for one in organizations(beijing, 400, 1):
        placed = place(beijing, one, DAY)
        if isinstance(placed, Placement):
            found.setdefault(placed.workflow, one)
    return found


def workbook(tmp_path, policy, columns, example, lang):
    path = tmp_path / "t.xlsx"
    path.write_bytes(as_xlsx(policy, columns, example, lang))
    return path


def test_what_routing_needs_is_told_from_what_it_may_need_and_from_the_rest(policy):
    assert always(policy, ["foundation"]) == ["registered_as", "registered_at", "industry", "has_organization"]
    assert set(needed(policy, ["foundation"])) - set(always(policy, ["foundation"])) == {
        "party_members",
        "standardized",
        "weak",
    }
    rest = useful(policy, ["foundation"])
    assert {"registration", "term_began", "grade", "employees"} <= set(rest)
    assert not set(rest) & {*needed(policy, ["foundation"]), "work_committee", "applies_as", "support"}
    assert values(policy, "registered_as", ["foundation"]) == ["foundation"]
    assert values(policy, "industry", ["intermediary"]) == ["law", "accounting", "tax"]
    assert values(policy, "grade", ["foundation"]) == list(policy.facts["grade"].kind.values)
    assert set(always(policy, policy.workflows)) == {"registered_as"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_template_filled_in_is_read_and_its_example_is_not(policy, samples, tmp_path, lang, kind):
    for type_, one in samples.items():
        columns = template_columns(policy, [type_], lang)
        path = tmp_path / f"{type_}.{kind}"
        if kind == "csv":
            path.write_text(as_csv(policy, columns, one, lang), encoding="utf-8-sig")
        else:
            path.write_bytes(as_xlsx(policy, columns, one, lang))
        assert open_register(policy, path).rows == ()
        fill(path, one.id)
        register = open_register(policy, path)
        (row,) = register.rows
        read = register.read(row)
        assert read.faults == ()
        asked = {column.name for column in columns}
        assert read.organization.facts == {name: value for name, value in one.facts.items() if name in asked}
        assert (read.organization.id, read.organization.name, read.organization.area) == (one.id, one.name, one.area)
        placed = place(policy, read.organization, DAY)
        assert isinstance(placed, Placement)
        assert placed.workflow == type_


def fill(path, id):
    """Fills in a row like the example, as a person would."""
    if path.suffix == ".csv":
        heading, example = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text(
            "\n".join([heading, example, ",".join([id, *example.split(",")[1:]])]) + "\n", encoding="utf-8-sig"
        )
        return
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for at, cell in enumerate(sheet[2], start=1):
        sheet.cell(3, at, id if at == 1 else cell.value)
    book.save(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_choice_of_a_list_and_each_heading_is_understood(policy, lang):
    for column in template_columns(policy, list(policy.workflows), lang):
        title = column.heading.removesuffix(" *")
        assert title.count(" / ") <= 1
        for choice in column.choices:
            if column.name == "area":
                policy.wording.area(choice)
            elif choice not in ("无", "none"):
                policy.wording.read(column.name, choice)


def test_the_workbook_has_a_frozen_heading_notes_lists_and_formats(policy, samples, tmp_path):
    columns = template_columns(policy, ["foundation"], "zh")
    book = openpyxl.load_workbook(workbook(tmp_path, policy, columns, samples["foundation"], "zh"))
    sheet, lists = book.worksheets
    assert lists.sheet_state == "hidden"
    assert sheet.freeze_panes == "C2"
    assert [cell.value for cell in sheet[1]] == [one.heading for one in columns]
    assert all(cell.comment.text for cell in sheet[1])
    assert sheet["A2"].value == "示例（导入时忽略此行）"
    assert sheet.column_dimensions["A"].number_format == "@"
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert len(rules) == len(columns)
    for at, one in enumerate(columns, start=1):
        letter = openpyxl.utils.get_column_letter(at)
        rule = rules[f"{letter}2:{letter}2001"]
        assert rule.prompt == one.note
        if one.choices:
            assert rule.type == "list"
            listed = [cell.value for cell in lists[letter][1:] if cell.value]
            assert tuple(listed) == one.choices
        if one.kind == "integer" and policy.facts[one.name].minimum == 0:
            assert (rule.type, rule.formula1) == ("whole", "0")
        assert (sheet.column_dimensions[letter].number_format == "yyyy-mm-dd") == (one.kind == "date")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="there is no LibreOffice")
def test_libreoffice_opens_it_and_keeps_its_lists(policy, samples, tmp_path):
    columns = template_columns(policy, ["foundation"], "zh")
    path = workbook(tmp_path, policy, columns, samples["foundation"], "zh")
    fill(path, samples["foundation"].id)
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    kept = openpyxl.load_workbook(tmp_path / "out" / "t.xlsx").worksheets[0]
    assert len(kept.data_validations.dataValidation) == len(columns)
    register = open_register(policy, tmp_path / "out" / "t.xlsx")
    (row,) = register.rows
    assert register.read(row) == open_register(policy, path).read(open_register(policy, path).rows[0])


def test_a_template_without_an_example_has_only_its_mark(policy):
    columns = template_columns(policy, ["hub"], "en")
    assert as_csv(policy, columns, None, "en").splitlines()[1].startswith("example (this row is not imported),,,")
