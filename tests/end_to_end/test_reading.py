"""Files as offices send them, through the real command line."""

import csv

import pytest
from stdnum.cn.uscc import calc_check_digit

from ..adapters.spreadsheets.books import book, number, sheet

HEAD = [
    "id",
    "name",
    "area",
    "registered_as",
    "registered_at",
    "industry",
    "registered_on",
    "employees",
    "party_members",
    "has_organization",
    "weak",
    "standardized",
]


def code(at):
    body = f"52110108{at:09d}"
    return body + calc_check_digit(body)


def row(at, **other):
    """A whole row; `other` by column."""
    usual = [
        code(at),
        f"样例{at}",
        "haidian",
        "private_non_enterprise",
        "district",
        "health",
        "2010-05-06",
        "12",
        "5",
        "true",
        "false",
        "true",
    ]
    return [str(other.get(name, value)) for name, value in zip(HEAD, usual, strict=True)]


def written(rows, encoding="utf-8", mark=","):
    return "".join(mark.join(one) + "\r\n" for one in rows).encode(encoding)


@pytest.fixture
def take_in(shell, tmp_path):
    """Imports a file of these bytes into a new database; gives what it said."""
    shell("init")

    def run(data, name="in.csv", *options, code=0):
        (tmp_path / name).write_bytes(data)
        return shell("import", name, "--as-of", "2016-01-04", *options, code=code)

    return run


@pytest.fixture
def facts(shell):
    def read(at):
        return shell("show", code(at), "--format", "json", "--as-of", "2016-01-04")

    return read


@pytest.mark.parametrize(
    "day",
    ["2015/3/1", "2015.3.1", "2015年3月1日", "2015年03月01日", "20150301", "2015-03-01 00:00:00", "２０１５-０３-０１"],
)
def test_a_day_in_any_usual_writing_is_that_day(take_in, facts, day):
    assert take_in(written([HEAD, row(1, registered_on=day)])).startswith("1 opened")
    assert '"2015-03-01"' in facts(1)


@pytest.mark.parametrize("day", ["2015-W09-7", "3/1/2015", "15.3.1", "2015-02-30", "42064", "2015-060"])
def test_what_may_be_another_day_is_rejected(take_in, shell, day):
    assert take_in(written([HEAD, row(1, registered_on=day)]), code=1).startswith("0 opened")
    assert "registered_on" in shell.err
    assert "give " in shell.err


@pytest.mark.parametrize("yes", ["有", "√", "1", "是", "TRUE", "Y", "对", "1.0", "ＴＲＵＥ"])
def test_yes_in_any_usual_writing_is_yes(take_in, yes):
    assert take_in(written([HEAD, row(1, has_organization=yes)])).startswith("1 opened")


def test_rejected_rows_are_whole_and_name_their_columns(take_in, shell, tmp_path):
    rows = [
        HEAD, row(1, name="海淀\0样例"), row(2, name="海淀\x0b样例"), [*row(3)[:2], "有逗号", *row(3)[2:]], row(4, employees="9" * 25),
        row(5, name="锟斤拷"), row(6, name="#N/A"), row(7, id="5.21101E+17"), row(8, employees="12人"), row(9),
    ]  # fmt: skip
    said = take_in(written(rows), code=1)
    assert said.splitlines()[0].startswith("1 opened, 0 changed, 0 unchanged, 8 rejected")
    with (tmp_path / "in.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [[one[name] for name in HEAD] for one in rejected] == [one[: len(HEAD)] for one in rows[1:9]]
    assert rejected[2]["# more"] == "true"
    reasons = [one["# reason"] for one in rejected]
    for reason, column in zip(
        reasons, ("name", "name", None, "employees", "name", "name", "id", "employees"), strict=True
    ):
        assert column is None or column in reason
    for view in (("list",), ("list", "--format", "xlsx", "-o", "all.xlsx")):
        shell(*view)
    again = shell("import", "in.rejects.csv", "--as-of", "2016-01-04", code=1)
    assert again.splitlines()[0].startswith("0 opened, 0 changed, 0 unchanged, 8 rejected")


@pytest.mark.parametrize(
    ("encoding", "mark", "shown"),
    [
        ("utf-8", ",", "UTF-8"), ("utf-8-sig", ";", "UTF-8"), ("gb18030", ",", "GB18030"), ("utf-16", "\t", "UTF-16LE"),
        ("utf-16-be", ",", "UTF-16BE"),
    ],
)  # fmt: skip
def test_the_encoding_is_weighed_and_told(take_in, facts, encoding, mark, shown):
    said = take_in(written([HEAD, row(1, name="学校")], encoding, mark))
    assert f"read from in.csv ({shown})" in said
    assert "学校" in facts(1)


def test_the_encoding_can_be_named(take_in, facts, shell):
    data = written([HEAD, row(1, name="學校")], "big5")
    assert "BIG5" in take_in(data, "in.csv", "--encoding", "big5")
    assert "學校" in facts(1)
    assert "nonsense" in shell.refused("import", "in.csv", "--encoding", "nonsense", code=2)


def test_a_file_of_two_encodings_is_refused_with_its_line(take_in, shell):
    data = written([HEAD, row(1, name="海淀样例")]) + written([row(2, name="朝阳样例学校")], "gb18030")
    take_in(data, code=1)
    assert "in.csv:3:" in shell.err
    assert "样例" not in shell("list")


@pytest.mark.parametrize(
    "heading",
    [
        ["ID", "Name", "ＡＲＥＡ"],
        ["统一社会\n信用代码", "名 称", "区域*"],
        ["统一社会信用代码（必填）", "名称：", "所在\u3000区域"],
    ],
)
def test_a_heading_is_known_without_width_case_spaces_and_marks(take_in, heading):
    heading = ['"' + text + '"' for text in [*heading, *HEAD[3:]]]
    assert take_in(written([heading, row(1)])).startswith("1 opened")


@pytest.mark.parametrize("dimension", ["A1", "A1:B2", None])
def test_every_row_of_a_sheet_is_read_whatever_dimension_it_states(take_in, dimension):
    assert take_in(book({"名册": sheet(HEAD, row(1), row(2), dimension=dimension)}), "in.xlsx").startswith("2 opened")


def test_covers_titles_merged_cells_and_days_of_a_workbook(take_in, facts, shell):
    head = [*HEAD[:2], *HEAD[3:], "area"]
    lines = [
        [*one[:2], *one[3:6], number(42064, style), *one[7:], one[2]]
        for style, one in enumerate((row(1), row(2), row(3)))
    ]
    lines[1][-1] = lines[2][-1] = None
    made = book(
        {
            "封面": sheet(["填表说明"]),
            "名册": sheet(["2015年名册"], head, *lines, merged=["A1:L1", "L3:L5"]),
        },
        formats=[31, "yyyy.m.d"],
    )
    said = take_in(made, "in.xlsx")
    assert said.startswith("3 opened")
    assert "read from in.xlsx (sheet '名册', heading in row 2)" in said
    for at in (1, 2, 3):
        assert '"2015-03-01"' in facts(at)
    shell.refused("import", "in.xlsx", "--sheet", "封面", code=2)
    assert shell("import", "in.xlsx", "--sheet", "名册", "--heading", "2", "--as-of", "2016-01-04").startswith(
        "0 opened, 0 changed, 3 unch"
    )


def test_a_code_that_went_through_a_number_stays_rejected(take_in, shell, tmp_path):
    made = book(
        {
            "名册": sheet(
                HEAD, [number("521101080000000000"), *row(1)[1:]], [*row(2)[:6], number(42064), "x", *row(2)[8:]]
            )
        }
    )
    assert take_in(made, "in.xlsx", code=1).startswith("0 opened")
    assert "lost its last digits" in shell.err
    assert shell("import", "in.rejects.csv", "--as-of", "2016-01-04", code=1).startswith("0 opened")
    assert "lost its last digits" in shell.err
    assert "2015-03-01" in (tmp_path / "in.rejects.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+样例", "-样例", "@样例", "'样例", "＝样例"])
def test_what_guikou_wrote_guikou_reads_as_it_was(take_in, shell, tmp_path, name):
    take_in(written([HEAD, row(1, name=name)]))
    first = shell("list", "--format", "json", "--as-of", "2016-01-04")
    assert name in first
    rejected = written([HEAD, row(2, name=name, employees="many")])
    take_in(rejected, "two.csv", code=1)
    text = (tmp_path / "two.rejects.csv").read_text(encoding="utf-8-sig").replace("many", "3")
    assert take_in(text.encode(), "three.csv").startswith("1 opened")
    assert shell("list", "--format", "json", "--as-of", "2016-01-04").count(f'"{name}"') == 2


@pytest.mark.parametrize(
    "data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html></html>", b"PK\x03\x04", book({"a": sheet(HEAD)})[:400], b"id,name\n"],
    ids=["ole", "html", "stub", "cut", "text"],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_no_workbook_is_refused_in_one_line(shell, tmp_path, data, lang):
    shell("init")
    (tmp_path / "in.xlsx").write_bytes(data)
    assert "in.xlsx" in shell.refused("import", "in.xlsx", "--lang", lang)


@pytest.mark.parametrize("day", ["2016/1/4", "2016年1月4日", "20160104"])
def test_days_are_options_in_the_same_writings(take_in, shell, day):
    take_in(written([HEAD, row(1)]))
    assert shell("list", "--as-of", day) == shell("list", "--as-of", "2016-01-04")


@pytest.mark.parametrize("day", ["2016-W01-1", "1/4/2016", "2016-004"])
def test_no_option_takes_a_week_or_an_american_day(take_in, shell, day):
    shell.refused("list", "--as-of", day, code=2)


def test_facts_are_told_in_the_same_writings(take_in, shell):
    take_in(written([HEAD, row(1)]))
    shell(
        "facts",
        code(1),
        "employees=１,２３４",
        "registered_on=2011年2月3日",
        "weak=否",
        "--as",
        "haidian-health",
        "--as-of",
        "2016-01-05",
    )
    assert '"registered_on": "2011-02-03"' in shell("show", code(1), "--format", "json", "--as-of", "2016-01-05")
    shell.refused("facts", code(1), "employees=12人", "--as", "haidian-health", "--as-of", "2016-01-05", code=2)
