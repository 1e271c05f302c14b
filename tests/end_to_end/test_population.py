"""Whole populations at the command line: what is counted, written and refused."""

import json

import duckdb
import pytest

DAY = ("--as-of", "2016-01-04")
POLICY = ("--policy", "beijing-2015")


@pytest.fixture
def people(shell, tmp_path):
    """A shell in a folder with a population: a foundation, one without its register, one in no area, one of the nation."""
    duckdb.sql(
        "COPY (SELECT * FROM (VALUES ('A', '110108', 'foundation', 'district', 1), ('B', '110108', 'foundation', NULL, 2), "
        "('C', '999', 'foundation', 'district', 3), ('D', '110108', 'foundation', 'national', 4)) "
        f"AS t (id, area, registered_as, registered_at, colour)) TO '{tmp_path / 'all.parquet'}' (FORMAT parquet)"
    )
    return shell


def test_types_are_counted_and_what_can_not_be_told_by_its_reason(people):
    found = json.loads(people("population", "classify", "all.parquet", *POLICY, *DAY, "--format", "json"))
    assert [(one["type"], one["error"], one["count"]) for one in found] == [
        ("foundation", None, 2), (None, "not-admitted", 1), (None, "unknown-area", 1),
    ]  # fmt: skip
    assert "columns that are passed over, for the policy has no such facts: colour" in people.err
    out = people("population", "classify", "all.parquet", *POLICY, *DAY, "--lang", "zh")
    assert "不予受理：在民政部登记的组织由其中央主管单位负责" in out
    assert "合计" in out


def test_routes_are_counted_and_each_is_written(people, tmp_path):
    duckdb.sql(
        f"COPY (SELECT *, false AS has_organization, 3 AS party_members, 9 AS employees, 'charity' AS industry FROM '{tmp_path / 'all.parquet'}') "
        f"TO '{tmp_path / 'more.parquet'}' (FORMAT parquet)"
    )
    found = json.loads(
        people("population", "route", "more.parquet", *POLICY, *DAY, "--to", "r.parquet", "--format", "json")
    )
    told = {one["body"] or one["error"]: one["count"] for one in found}
    assert told == {"haidian-registration": 1, "missing-fact": 1, "unknown-area": 1, "not-admitted": 1}
    assert "written: r.parquet" in people.err
    rows = duckdb.sql(
        f"SELECT id, responsible, state, stage_due::text, error, about FROM '{tmp_path / 'r.parquet'}' ORDER BY id"
    )
    assert rows.fetchall() == [
        ("A", "haidian-registration", "build.preparing", "2016-07-04", None, None),
        ("B", None, None, None, "missing-fact", "registered_at"),
        ("C", None, None, None, "unknown-area", "999"),
        ("D", None, None, None, "not-admitted", None),
    ]


def test_what_changes_under_another_policy_is_counted_and_written(people, tmp_path, published_policy):
    files = dict(published_policy[0].files)
    files["tables/routing.csv"] = files["tables/routing.csv"].replace("{district}-registration", "{district}")
    for name, text in files.items():
        path = tmp_path / "new" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    duckdb.sql(
        f"COPY (SELECT *, false AS has_organization, 3 AS party_members, 9 AS employees, 'charity' AS industry FROM '{tmp_path / 'all.parquet'}') "
        f"TO '{tmp_path / 'more.parquet'}' (FORMAT parquet)"
    )
    words = ("population", "compare", "more.parquet", *POLICY, *DAY, "--with")
    found = json.loads(people(*words, "new", "--to", "c.parquet", "--format", "json"))
    assert [(one["was"], one["now"], one["count"]) for one in found] == [("haidian-registration", "haidian", 1)]
    assert duckdb.sql(f"SELECT id FROM '{tmp_path / 'c.parquet'}'").fetchall() == [("A",)]
    assert people(*words, "beijing-2015") == "nothing changes\n"


def test_a_file_is_not_written_over_unless_it_is_said(people, tmp_path):
    words = ("population", "classify", "all.parquet", *POLICY, *DAY, "--to", "r.parquet")
    people(*words)
    before = (tmp_path / "r.parquet").read_bytes()
    assert "--force writes over it" in people.refused(*words, code=2)
    people(*words, "--force")
    assert (tmp_path / "r.parquet").read_bytes() == before
    (tmp_path / "r.parquet").write_bytes(b"\x00something else")
    assert "holds something else" in people.refused(*words, "--force", code=2)
    assert "it is what is read" in people.refused(*words[:-1], "all.parquet", "--force", code=2)


def test_without_a_policy_it_is_that_of_the_database(people):
    assert "[not-initialized]" in people.refused("population", "classify", "all.parquet")
    people("init")
    assert "total" in people("population", "classify", "all.parquet", *DAY)


def test_a_file_that_is_none_is_said_in_one_line(people, tmp_path):
    (tmp_path / "x.parquet").write_text("id,area\n", encoding="utf-8")
    assert people.refused("population", "route", "x.parquet", *POLICY).startswith(
        "[bad-file] x.parquet: cannot be read"
    )
