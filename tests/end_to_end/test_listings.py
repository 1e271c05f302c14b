"""Listings tell how many there are, sum up, and are written to files as their names say."""

import csv
import io
import json

import openpyxl
import pytest


@pytest.fixture
def sample(shell):
    shell("init")
    shell("sample", "--n", "12", "-o", "in.csv")
    shell("import", "in.csv", "--as-of", "2016-01-04")
    shell("sweep", "--as-of", "2017-02-01")
    return shell


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list", "--limit", "5"], "5 of 12 cases; 7 more behind: --after "),
        (["list", "--limit", "5", "--order", "due"], "the first 5 of 12 cases; all of them: --limit 12"),
        (["list", "--limit", "5", "--as-of", "2016-02-01"], "5 of 12 cases; 7 more behind: --after "),
        (["support", "--limit", "2"], "the first 2 of "),
        (["overdue", "--limit", "1", "--as-of", "2019-01-01"], "the first 1 of "),
        (["upcoming", "--limit", "1", "--as-of", "2016-01-05", "--days", "900"], "the first 1 of "),
        (["notices", "list", "--limit", "1"], "the first 1 of "),
        (["overdue", "--limit", "1", "--totals", "body", "--as-of", "2019-01-01"], " rows; all of them: --limit "),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else None,
)
def test_a_limit_says_how_many_there_are(sample, words, said):
    assert said in sample(*words).splitlines()[-1]
    rows = json.loads(sample(*words, "--format", "json"))
    assert said in sample.err
    assert len(rows) == int(words[words.index("--limit") + 1])


def test_pages_follow_one_another_to_the_last(sample):
    seen, after = [], []
    while True:
        seen += [one["case"] for one in json.loads(sample("list", "--limit", "5", *after, "--format", "json"))]
        if "--after" not in sample.err:
            break
        after = ["--after", sample.err.split()[-1]]
    assert seen == [one["case"] for one in json.loads(sample("list", "--format", "json"))]
    assert "2 of 12 cases" in sample("list", "--limit", "5", *after)


def test_where_all_are_shown_nothing_is_said(sample):
    assert sample("list", "--limit", "12").splitlines()[-1] == "12 cases"
    sample("list", "--limit", "12", "--format", "json")
    assert sample.err == ""


@pytest.mark.parametrize(
    "words", [["overdue", "--as-of", "2019-01-01"], ["support", "--year", "2017"]], ids=lambda one: one[0]
)
def test_totals_have_a_sum(sample, words):
    words = [*words, "--totals", "body"]
    groups = json.loads(sample(*words, "--format", "json"))
    heading, *rows = list(csv.reader(io.StringIO(sample(*words, "--format", "csv"))))
    assert len(rows) == len(groups) + 1
    at = heading.index("total" if words[0] == "overdue" else "lacking")
    assert int(rows[-1][at]) == sum(int(row[at]) for row in rows[:-1])
    assert rows[-1][0] == "all"
    assert sample(*words).strip().splitlines()[-1].split()[0] == "all"
    sample(*words, "-o", "totals.xlsx")
    sheet = openpyxl.load_workbook("totals.xlsx").worksheets[0]
    assert [one.value for one in sheet[sheet.max_row]][at] == int(rows[-1][at])


def test_a_file_is_what_its_name_says(sample, tmp_path):
    for name, head in (("a.xlsx", b"PK"), ("a.csv", b"\xef\xbb\xbfcase,"), ("a.json", b"[\n"), ("a.txt", b"\n case")):
        assert sample("list", "-o", name) == ""
        assert (tmp_path / name).read_bytes().startswith(head)
    assert sample("list", "--format", "csv").startswith("case,")
    sample("sample", "--n", "3", "-o", "org.xlsx")
    assert openpyxl.load_workbook("org.xlsx").worksheets[0]["A1"].value == "id"
    assert "3 opened" in sample("import", "org.xlsx", "--dry-run") or "3 unchanged" in sample.out
    sample("scorecard", "chaoyang", "2016", "-o", "card.html")
    assert (tmp_path / "card.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    sample("calendar", "-o", "due.ics")
    for words in (["list", "-o", "a.html"], ["list", "--format", "csv", "-o", "a.xlsx"], ["calendar", "-o", "x.xlsx"]):
        assert "[usage]" in sample.refused(*words, code=2)


EVERY = [["list"], ["sample", "--n", "2"], ["calendar"], ["policy", "check", "beijing-2015"], ["scorecard", "chaoyang", "2016"],
         ["policy", "schema", "workflow"], ["policy", "diagram", "beijing-2015"], ["import", "in.csv"]]  # fmt: skip


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_no_command_writes_over_the_database_or_what_is_no_file_of_its_kind(sample, tmp_path, words):
    (tmp_path / "other").write_bytes(b"SQLite format 3\0" + b"\0" * 100)
    (tmp_path / "link").symlink_to("guikou.db")
    before = (tmp_path / "guikou.db").read_bytes()
    for name in ("guikou.db", "link", "other", "no/where"):
        sample.refused(*words, "-o", name, code=2)
    assert (tmp_path / "guikou.db").read_bytes() == before
    assert not (tmp_path / "no").exists()


def test_a_case_whose_name_holds_control_characters_is_exported(sample, tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "guikou.db") as database:
        database.execute(
            "UPDATE organizations SET name = '仁\x0b爱\x1b[31m' WHERE id IN (SELECT id FROM organizations LIMIT 1)"
        )
    database.close()
    sample("list", "-o", "a.xlsx")
    assert "仁\\x0b爱\\x1b[31m" in {row[1] for row in openpyxl.load_workbook("a.xlsx").worksheets[0].values}
    assert "\x1b" not in sample("list")


def test_what_a_limit_cuts_of_imports_and_of_what_is_parked_is_told(school, tmp_path):
    heading, row = (tmp_path / "one.csv").read_text(encoding="utf-8").splitlines()
    lacking = [row.replace("0001010Q", one).replace(",42,5,false", ",,,") for one in ("0001029M", "0001037G")]
    (tmp_path / "two.csv").write_text("\n".join([heading, *lacking]) + "\n", encoding="utf-8")
    school("import", "two.csv", "--park", "--as-of", "2016-01-04", code=1)
    assert "the first 1 of 2" in school("imports", "list", "--limit", 1)
    assert "the first 1 of 2 rows" in school("imports", "show", 2, "--limit", 1)
    assert "the first 1 of 2 rows" in school("parked", "--limit", 1)
    assert "the first" not in school("parked", "--limit", 2)
    school("calendar", "-o", "due.ics", "--limit", 1)
    assert "the first 1 of" in school.err


def test_a_name_and_an_area_that_changed_stand_in_the_history(school, tmp_path):
    text = (tmp_path / "one.csv").read_text(encoding="utf-8").replace("朝阳区启明学校", "朝阳区新名学校")
    (tmp_path / "new.csv").write_text(text.replace(",chaoyang,", ",haidian,"), encoding="utf-8")
    school("import", "new.csv", "--as-of", "2016-02-01")
    told = school("history", "52110105MJ0001010Q")
    assert "name: 朝阳区启明学校 → 朝阳区新名学校" in told
    assert "Chaoyang District → Haidian District" in told
