"""Whole populations from Parquet: each organisation as the engine has it, and what a file can't be."""

from datetime import date
from decimal import Decimal

import pytest

from guikou.adapters.bulk import sql
from guikou.adapters.bulk.engines import opened
from guikou.adapters.bulk.population import Population
from guikou.engine.errors import BadFile, GuikouError

from ...engine.edits import edited
from .conftest import DIALECTS
from .test_placement import drawn, said, wanted

duckdb = pytest.importorskip("duckdb")
DAY, HEAD = date(2016, 1, 4), "policy.yaml"
ENGINE = "spark" if DIALECTS == ["spark"] else "duckdb"


@pytest.fixture
def parquet(tmp_path):
    """Writes a Parquet file with columns of some types."""

    def write(columns, rows, name="all.parquet"):
        path = tmp_path / name
        with duckdb.connect() as connection:
            connection.execute(
                f"CREATE TABLE t ({', '.join(f'{sql.identifier(one).sql()} {type}' for one, type in columns.items())})"
            )
            if rows:
                connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", rows)
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        return path

    return write


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "own").mkdir()
    with opened(ENGINE, tmp_path / "own") as engine:
        yield engine


_KINDS = {"integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE"}


def test_each_organisation_is_placed_as_the_engine_places_it(parquet, engine, published):
    organizations = list(drawn(published, 300, "population"))
    columns = {"id": "VARCHAR", "area": "INTEGER"}  # a code may have been written as a number
    for name, spec in published.facts.items():
        columns |= {name: _KINDS.get(spec.kind.name, "VARCHAR"), f"{name}?": "BOOLEAN"}
    rows = [
        [
            one.id,
            int(one.area),
            *(value for name in published.facts for value in (one.facts.get(name), name in one.facts)),
        ]
        for one in organizations
    ]
    population = Population(engine, parquet(columns, rows))
    assert population.unread(published) == []
    answer = population.under(published, DAY)
    keys = ["error", "about", "type", "responsible", "hub", "state", "priority", "weight", "stage_due", "step_due"]
    found = {
        row[0]: dict(zip(keys, row[1:], strict=True)) for row in engine.rows(selected(engine, answer, ["id", *keys]))
    }
    for one in organizations:
        wrong = next((name for name in published.facts if name in one.facts and refused(published, name, one)), None)
        expected = {"error": "bad-fact", "about": wrong} if wrong else wanted(published, one, DAY)
        kept = [key for key in keys if key in expected]
        assert said(found[one.id], kept) == {key: expected[key] for key in kept}


def refused(policy, name, one):
    try:
        policy.vocabulary.check({name: one.facts[name]}, DAY)
    except GuikouError:
        return True
    return False


def selected(engine, name, columns):
    from sqlglot import exp

    return exp.select(*(sql.named(one) for one in columns)).from_(sql.table(name)).sql(engine.dialect)


SOME = {"id": "VARCHAR", "area": "VARCHAR", "registered_as": "VARCHAR", "registered_at": "VARCHAR"}
GOOD = ["A", "110108", "foundation", "district"]


def test_values_and_areas_that_there_can_not_be_are_faults(parquet, engine, published):
    columns = {**SOME, "employees": "INTEGER", "supervising_unit": "VARCHAR", "registered_on": "DATE"}
    rows = [
        [*GOOD, 3, None, None], ["B", "999", *GOOD[2:], 3, None, None], ["C", *GOOD[1:], -1, None, None],
        ["D", *GOOD[1:3], "galaxy", 3, None, None], ["E", *GOOD[1:], 3, "nobody", None], ["F", *GOOD[1:], 3, None, date(2016, 1, 5)],
        ["G", None, *GOOD[2:], 3, None, None],
    ]  # fmt: skip
    answer = Population(engine, parquet(columns, rows)).under(published, DAY, ("responsible",), dues=False)
    found = engine.rows(selected(engine, answer, ["id", "error", "about", "responsible"]))
    assert sorted(found) == [
        ("A", None, None, "haidian-registration"), ("B", "unknown-area", "999", None), ("C", "bad-fact", "employees", None),
        ("D", "bad-fact", "registered_at", None), ("E", "bad-fact", "supervising_unit", None),
        ("F", "bad-fact", "registered_on", None), ("G", "unknown-area", "", None),
    ]  # fmt: skip


def test_what_is_null_is_not_known_unless_it_is_said_to_be(parquet, engine, published):
    rows = [["A", "110108", "social_group", "district", "health", None, None], ["B", "110108", "social_group", "district", "health", None, True]]  # fmt: skip
    columns = {**SOME, "industry": "VARCHAR", "supervising_unit": "VARCHAR", "supervising_unit?": "BOOLEAN"}
    answer = Population(engine, parquet(columns, rows)).under(published, DAY, ("responsible",), dues=False)
    assert sorted(engine.rows(selected(engine, answer, ["id", "error", "about", "responsible"]))) == [
        ("A", "missing-fact", "supervising_unit", None), ("B", None, None, "haidian-hub-health"),
    ]  # fmt: skip


def test_decimals_are_compared_with_all_their_digits(parquet, engine, published):
    policy = edited(
        published, HEAD,
        ("\nfacts:\n", "\nfacts:\n  deposit: {title: {zh: 押金, en: deposit}, type: decimal, nullable: true}\n"),
        ("  refuses:\n", "  refuses:\n    - when: {deposit: '< 8000000.01'}\n      because: {zh: 不足, en: too little}\n"),
    )  # fmt: skip
    rows = [[one, *GOOD[1:], Decimal(value) if value else None] for one, value in zip("ABCD", ("8000000.01", "8000000.00", "-1", None), strict=True)]  # fmt: skip
    answer = Population(engine, parquet({**SOME, "deposit": "DECIMAL(18,2)"}, rows)).under(policy, DAY, (), dues=False)
    assert dict(engine.rows(selected(engine, answer, ["id", "refusal"]))) == {"A": None, "B": 0, "C": 0, "D": None}


def test_what_changes_under_another_policy(parquet, engine, published):
    files = {**published.files}
    files["tables/routing.csv"] = files["tables/routing.csv"].replace("{district}-registration", "{district}")
    from guikou.engine import parse

    rows = [GOOD, ["B", "110108", "foundation", "city"], ["C", "110108", None, None]]
    population = Population(engine, parquet(SOME, rows))
    old, new = (population.under(one, DAY, ("responsible",), dues=False, prefix=prefix) for one, prefix in ((published, "old_"), (parse(files), "new_")))  # fmt: skip
    assert engine.rows(population.changes(old, new, ("type", "responsible"))) == [
        ("A", "foundation", "foundation", "haidian-registration", "haidian")
    ]


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [
        ({"id": "VARCHAR"}, [], "column 'area': cannot be read: the file has no such column"),
        ({**SOME, "area": "DOUBLE"}, [], "it is a column of DOUBLE; it must be texts or whole numbers"),
        ({**SOME, "id": "INTEGER[]"}, [], "it must be texts or whole numbers"),
        ({**SOME, "industry?": "VARCHAR"}, [], "column 'industry?': cannot be read: it is a column of"),
        ({**SOME, "registered_at?": "INTEGER"}, [], "it must be BOOLEAN"),
        ({**SOME, "employees": "DOUBLE"}, [], "column 'employees': cannot be read: it is a column of DOUBLE; of integer, it must be INT64"),
        ({**SOME, "employees": "VARCHAR"}, [], "of integer, it must be INT64"),
        ({**SOME, "registered_on": "VARCHAR"}, [], "of date, it must be DATE"),
        ({**SOME, "has_organization": "INTEGER"}, [], "of boolean, it must be BOOLEAN"),
        ({**SOME, "industry": "INTEGER"}, [], "of enumeration, it must be STRING"),
    ],
)  # fmt: skip
def test_a_column_that_a_fact_can_not_have_is_named(parquet, engine, published, columns, rows, words):
    with pytest.raises(BadFile) as error:
        Population(engine, parquet(columns, rows)).under(published, DAY)
    assert words in error.value.line("en").replace("a column of INT;", "a column of INTEGER;")


def test_an_id_that_stands_twice_is_no_ground_for_a_comparison(parquet, engine, published):
    population = Population(engine, parquet(SOME, [GOOD, GOOD]))
    old, new = (population.under(published, DAY, (), dues=False, prefix=prefix) for prefix in ("old_", "new_"))
    with pytest.raises(BadFile, match="'A' stands there more than once"):
        population.changes(old, new, ("type",))


def test_an_organisation_without_an_id_is_no_ground_for_a_comparison(parquet, engine, published):
    population = Population(engine, parquet(SOME, [GOOD, [None, *GOOD[1:]]]))
    old, new = (population.under(published, DAY, (), dues=False, prefix=prefix) for prefix in ("old_", "new_"))
    with pytest.raises(BadFile, match="column 'id': cannot be read: a row has none"):
        population.changes(old, new, ("type",))


@pytest.mark.parametrize("name", ["b[1].parquet", "c*.parquet", "d{1}.parquet", "it's 学校.parquet"])
def test_a_name_stands_for_no_other(parquet, engine, published, name):
    parquet(SOME, [GOOD] * 7, "b1.parquet")
    parquet(SOME, [GOOD] * 7, "c1.parquet")
    path = parquet(SOME, [GOOD], "x.parquet")
    path = path.rename(path.with_name(name))
    answer = Population(engine, path).under(published, DAY, (), dues=False)
    assert engine.rows(selected(engine, answer, ["id"])) == [("A",)]


def test_a_folder_is_read_with_all_its_files(parquet, engine, published, tmp_path):
    (tmp_path / "all[1]").mkdir()
    for at, name in enumerate("AB"):
        parquet(SOME, [[name, *GOOD[1:]]], f"all[1]/{at}.parquet")
    answer = Population(engine, tmp_path / "all[1]").under(published, DAY, (), dues=False)
    assert sorted(engine.rows(selected(engine, answer, ["id"]))) == [("A",), ("B",)]


def test_a_fact_may_be_known_to_be_none_of_all(parquet, engine, published):
    population = Population(engine, parquet({**SOME, "supervising_unit?": "BOOLEAN", "industry": "VARCHAR"}, [["A", "110108", "social_group", "district", True, "health"]]))  # fmt: skip
    answer = population.under(published, DAY, ("responsible",), dues=False)
    assert engine.rows(selected(engine, answer, ["error", "responsible"])) == [(None, "haidian-hub-health")]


def test_more_decimals_than_are_fetched_at_once_are_all_compared(parquet, engine, published, monkeypatch):
    monkeypatch.setattr("guikou.adapters.bulk.engines._PAGE", 3)
    policy = edited(
        published, HEAD,
        ("\nfacts:\n", "\nfacts:\n  deposit: {title: {zh: 押金, en: deposit}, type: decimal}\n"),
        ("  refuses:\n", "  refuses:\n    - when: {deposit: '>= 5'}\n      because: {zh: 过多, en: too much}\n"),
    )  # fmt: skip
    rows = [[f"o{at}", *GOOD[1:], Decimal(at)] for at in range(10)]
    answer = Population(engine, parquet({**SOME, "deposit": "DECIMAL(18,2)"}, rows)).under(policy, DAY, (), dues=False)
    kept_out = {id for id, refusal in engine.rows(selected(engine, answer, ["id", "refusal"])) if refusal == 0}
    assert kept_out == {f"o{at}" for at in range(5, 10)}


def test_a_file_that_is_no_parquet_is_said_in_one_line(tmp_path, engine):
    path = tmp_path / "x.parquet"
    path.write_text("id,area\n", encoding="utf-8")
    with pytest.raises(BadFile) as error:
        Population(engine, path)
    assert "\n" not in error.value.line("zh")
