"""The published figures, reached by a generated population: examples/published.py does what it prints."""

import importlib.util
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from guikou.adapters.sql import SqlStore
from guikou.engine import Supervision

PATH = Path(__file__).resolve().parents[2] / "examples" / "published.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("published", PATH)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["published"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["published"]


@pytest.fixture(scope="module")
def run(example, tmp_path_factory):
    """What it ended with, what it printed, and its database."""
    from contextlib import redirect_stdout
    from io import StringIO

    url, out = f"sqlite:///{tmp_path_factory.mktemp('published') / 'p.db'}", StringIO()
    with redirect_stdout(out):
        code = example.main(["--db", url, "--lang", "en"])
    store = SqlStore(url)
    yield code, out.getvalue(), Supervision.open(store)
    store.close()


def row(text, line, figure):
    return next(one for one in text.splitlines() if one.startswith(line) and figure in one)


def test_every_figure_is_reached(run):
    code, out, _ = run
    assert code == 0
    assert "NOT REACHED" not in out
    lines = [one.split()[0] for one in out.splitlines() if one.rstrip().endswith("reached")]
    assert lines == ["M02"] * 4 + ["M04", "M05", "M06", "M06", "M08"] + ["M16"] * 4
    assert out.splitlines()[0].split() == ["line", "figure", "published", "generated", "indicator"]
    assert "All organisations are generated" in out


def test_M02_hubs_are_36_211_and_403(run):
    hubs = {one.key: int(one.value) for one in run[2].indicator("hubs", by="registered_at", as_of=date(2015, 11, 27))}
    assert hubs == {"": 650, "city": 36, "district": 211, "street": 403}


def test_M04_coverage_at_the_city_tier_meets_its_target(run):
    office = run[2]
    own = [one.case for one in office.cases() if one.case.workflow not in ("hub", "joint", "applicant")]
    city = [case for case in own if case.facts["registered_at"] == "city"]
    covered = [
        case
        for case in city
        if case.facts["has_organization"] and (case.facts.get("guide_sent") or "activity" in case.records)
    ]
    assert len(covered) / len(city) >= 0.85
    assert f"{len(covered):,} / {len(city):,}" in row(run[1], "M04", "coverage")


def test_M05_M06_growth_density_and_jobs(run):
    office = run[2]
    own = [one.case for one in office.cases() if one.case.workflow not in ("hub", "joint", "applicant")]
    assert round(Decimal(len(own)) * 10000 / 21_516_000, 1) == Decimal("12.9")
    assert sum(case.facts["employees"] for case in own) == 174_000
    before = sum(office.policy.day(case.opened_at) <= date(2014, 11, 27) for case in own)
    assert 0.10 <= len(own) / before - 1 <= 0.15
    assert f"{before:,} -> {len(own):,}" in row(run[1], "M05", "growth")


def test_M08_35_city_agencies_supervise_ten_or_more_and_it_says_which_are_generated(run, beijing):
    office = run[2]
    held = {}
    for view in office.cases():
        if view.case.workflow not in ("hub", "joint", "applicant"):
            held[view.case.responsible] = held.get(view.case.responsible, 0) + 1
    bodies = office.policy.places.bodies
    city = [id for id, n in held.items() if n >= 10 and bodies[id].tier == "city" and bodies[id].kind != "hub"]
    assert len(city) == 35
    generated = [id for id in city if id not in beijing.places.bodies]
    assert all("（样例）" in bodies[id].title.zh for id in generated)
    said = row(run[1], "M08", "agencies")
    assert f"{35 - len(generated)} of the policy, {len(generated)} generated" in said


def test_M16_the_industry_committees_ratios(run):
    assert "68.6%  " in row(run[1], "M16", "Lawyers")
    assert "61.3%  " in row(run[1], "M16", "Accountants")
    assert "92%  " in row(run[1], "M16", "Taxi")
    assert "not available" in row(run[1], "M16", "Internet")


def test_it_speaks_chinese_and_ends_with_1_if_a_figure_is_not_reached(example, run, monkeypatch, capsys):
    found = example.checks(run[2], date(2015, 11, 27), 19)
    text = example.table(found, "zh")
    assert "未公布" in text
    assert "达到" in text
    assert "未达到" not in text
    missed = [replace(found[0], reached=False), *found[1:]]
    monkeypatch.setattr(example, "checks", lambda *_: missed)
    monkeypatch.setattr(example, "population", lambda *_: iter(()))
    assert example.main(["--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "未达到" in out
    assert "生成的样例" in out
