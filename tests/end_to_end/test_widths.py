"""Every listing can be read in a narrow terminal, in both languages: no line is too long, no id or date is broken."""

import re

import pytest
from rich.cells import cell_len

from guikou.adapters.cli import render, run

WIDTHS = (60, 80, 100, 120)
SCHOOL, FOUNDATION, GROUP = "521101087NCC6K4P54", "53110108MJ0123456Y", "LH-001"
LONG = "北京市海淀区中关村街道知春路社区社会组织联合发展与公益服务促进中心附属实验培训学校"
ROWS = f"""id,name,area,registered_as,registered_at,industry,employees,party_members,has_organization,inspection,penalised,investigated
{SCHOOL},{LONG},chaoyang,private_non_enterprise,district,education,42,2,false,qualified,false,false
{FOUNDATION},仁爱基金会,chaoyang,foundation,district,charity,60,2,false,qualified,false,false
"""
#: What prints a table.
LISTINGS = [
    ["list"], ["list", "--as-of", "2016-03-01"], ["overdue", "--as-of", "2018-01-01"],
    ["inbox", "--as", "chaoyang-education", "--as-of", "2017-01-01"], ["upcoming", "--days", "3000", "--as-of", "2016-02-01"],
    ["overdue", "--as-of", "2018-01-01", "--totals", "body"], ["show", SCHOOL], ["history", SCHOOL], ["explain", SCHOOL],
    ["gate", "list", "--all"], ["member", "list", GROUP], ["support", "--year", "2016"],
    ["support", "--year", "2016", "--totals", "body"], ["venues", "--area", "chaoyang"], ["indicator"],
    ["indicator", "coverage", "--by", "responsible"], ["scorecard", "chaoyang", "2016"], ["notices", "list"],
    ["forecast", "--years", "1", "--runs", "5", "--by", "body"], ["sweep", "--dry-run", "--as-of", "2019-01-01"],
    ["recount", "--dry-run"], ["policy", "show"], ["policy", "show", "--table", "routing"],
    *(["policy", "show", "--part", part] for part in (
        "facts", "tables", "workflows", "bodies", "areas", "blockers", "obligations", "gates", "records", "groups",
        "support", "indicators",
    )),
]  # fmt: skip
_WHOLE = re.compile(r"\b(?:\d{4}-\d\d-\d\d|5[0-9A-Z]{17})\b")


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("widths")
    db = f"sqlite:///{folder / 'a.db'}"
    (folder / "in.csv").write_text(ROWS, encoding="utf-8")
    founded = ["--name", LONG[:30] + "联合党支部", "--area", "chaoyang", "--fact", "registered_as=joint_organization", "--fact",
               "registered_at=district", "--fact", "industry=community", "-e", "joint_agreement=2016-8", "--as", "chaoyang"]  # fmt: skip
    for words in (
        ["init"],
        ["import", folder / "in.csv", "--as-of", "2016-01-04"],
        ["member", "found", GROUP, SCHOOL, FOUNDATION, *founded, "--as-of", "2016-02-01"],
        ["sweep", "--as-of", "2017-01-05"],
        ["gate", "ask", SCHOOL, "annual_inspection", "--as", "chaoyang-registration", "--as-of", "2017-01-06"],
    ):
        assert run([str(one) for one in (*words, "--db", db)]) in (0, 1), words
    return db


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", LISTINGS, ids=" ".join)
def test_a_listing_can_be_read_at_any_width(database, words, lang, monkeypatch, capsys):
    seen = []
    drawn = render._table

    def at_each_width(session, *given):
        for width in WIDTHS:
            monkeypatch.setattr(render, "_width", lambda _, width=width: width)
            text = drawn(session, *given)
            seen.append(text)
            for line in text.split("\n"):
                assert cell_len(line) <= width, line
        return text

    monkeypatch.setattr(render, "_table", at_each_width)
    assert run([*words, "--lang", lang, "--db", database]) == 0
    out = capsys.readouterr().out
    monkeypatch.setattr(render, "_table", drawn)
    monkeypatch.setattr(render, "_width", lambda _: None)
    assert run([*words, "--lang", lang, "--db", database]) == 0
    wanted = set(_WHOLE.findall(capsys.readouterr().out))
    beside = out.replace(seen[-1], "") if seen else out
    for text in seen:
        assert not wanted - set(_WHOLE.findall(text + beside))
    assert seen or words[0] == "recount"
