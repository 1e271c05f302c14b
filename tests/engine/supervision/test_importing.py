"""Rows that are of the same id, and rows that somebody else is at."""

from dataclasses import replace

import pytest

from guikou import workflows
from guikou.engine import RowRead, Source, Supervision
from guikou.engine.errors import CaseChanged, StoreBusy
from guikou.engine.supervision.importing import TRIES

from ..told import SCHOOL


def rows(*ids):
    return [RowRead(line, id, "学校", "chaoyang", SCHOOL) for line, id in enumerate(ids, 2)]


class Busy:
    """A transaction in which the first so many cases can't be kept."""

    def __init__(self, store, monkeypatch, times, error):
        self.left, self.error = times, error
        begin = store.transaction

        def transaction():
            context = begin()
            work = context.__enter__()
            append = work.append

            def failing(*given, **more):
                if self.left:
                    self.left -= 1
                    raise self.error
                return append(*given, **more)

            work.append = failing
            return _Entered(work)

        monkeypatch.setattr(store, "transaction", transaction)


class _Entered:
    def __init__(self, work):
        self.work = work

    def __enter__(self):
        return self.work

    def __exit__(self, *_):
        return None


@pytest.mark.parametrize("error", [CaseChanged(case="A"), StoreBusy()], ids=lambda error: error.code)
def test_rows_of_which_one_is_held_by_another_are_tried_one_by_one(error, supervision, store, monkeypatch):
    run = supervision.intake.begin(Source("a.csv", "x", 1), 3)
    Busy(store, monkeypatch, 1, error)
    assert [one.outcome for one in run.take(rows("A", "B", "A"))] == ["opened", "opened", "unchanged"]
    assert run.counts["opened"] == 2


def test_whoever_is_held_for_good_is_told(supervision, store, monkeypatch):
    run = supervision.intake.begin(Source("a.csv", "x", 1), 1)
    Busy(store, monkeypatch, TRIES, CaseChanged(case="A"))
    with pytest.raises(CaseChanged):
        list(run.take(rows("A")))
    assert supervision.intake.get(run.what.number).state == "running"


def test_an_id_is_the_same_however_two_rows_write_it(supervision):
    code = "521101087NCC6K4P54"
    written = (code.lower(), code, f"'{code[:4]} {code[4:]}", "５２１１０１０８７ＮＣＣ６Ｋ４Ｐ５４", f"{code}\u200b")
    with_rules = Supervision.activate(workflows.load("beijing-2015"), supervision.store)
    importing = with_rules.intake.begin(Source("register.csv", "0" * 64, 1), len(written))
    found = list(importing.take(rows(*written)))
    assert [one.outcome for one in found] == ["opened", "unchanged", "unchanged", "unchanged", "unchanged"]
    assert [view.id for view in with_rules.cases()] == [code]


def test_two_ids_of_one_organisation_are_one_row(supervision):
    list(supervision.intake.begin(Source("a.csv", "x", 1), 1).take(rows("OLD")))
    supervision.rename("OLD", "NEW", reason="换证")
    run = supervision.intake.begin(Source("b.csv", "y", 1), 3)
    told = [replace(one, facts={**SCHOOL, "employees": 40 + at}) for at, one in enumerate(rows("NEW", "OLD", "C"))]
    assert [one.outcome for one in run.take(told)] == ["changed", "rejected", "opened"]
    assert supervision.get("OLD").case.facts["employees"] == 40
