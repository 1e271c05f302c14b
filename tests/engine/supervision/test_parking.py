"""What is parked is completed or dropped."""

import pytest

from guikou.engine import Parked, RowRead, Source
from guikou.engine.errors import AlreadyOpen, NotAFact, NotParked, ParkedNoMore, UnknownArea

from ..told import BY, SCHOOL


@pytest.fixture
def parked(supervision):
    run = supervision.intake.begin(Source("a.csv", "x", 1), 1, park=True)
    list(run.take([RowRead(2, "A", "学校", None, {key: value for key, value in SCHOOL.items() if key != "industry"})]))
    return supervision.intake


def test_an_area_by_its_key_completes_it(parked):
    view = parked.complete("A", {"industry": "education"}, area="chaoyang")
    assert (view.id, view.case.area) == ("A", "110105")


@pytest.mark.parametrize(
    ("said", "error"),
    [(({"nothing": 1}, {}), NotAFact), (({}, {"area": "nowhere"}), UnknownArea)],
    ids=["fact", "area"],
)
def test_what_there_is_not_is_refused_and_changes_nothing(parked, said, error):
    before = parked.parked(state=None)
    with pytest.raises(error):
        parked.complete("A", said[0], **said[1])
    assert parked.parked(state=None) == before


def test_nothing_new_changes_nothing(parked):
    before = parked.parked(state=None)
    assert isinstance(parked.complete("A", {}), Parked)
    assert parked.parked(state=None) == before


def test_what_became_of_it_is_said_and_when(parked):
    day = parked.parked()[0].parked_at.date()
    with pytest.raises(NotParked) as never:
        parked.drop("B", reason="x")
    assert never.value.code == "not-parked"
    parked.complete("A", {"industry": "education"}, area="chaoyang")
    for again in (lambda: parked.complete("A", {}), lambda: parked.drop("A", reason="x")):
        with pytest.raises(ParkedNoMore) as opened:
            again()
        assert opened.value.line("zh") == f"“A” 已于 {day} 立案；请查看案卷 A"


def test_what_was_dropped_is_said_to_be(parked):
    parked.drop("A", reason="x")
    for again in (lambda: parked.complete("A", {}), lambda: parked.drop("A", reason="x")):
        with pytest.raises(ParkedNoMore) as dropped:
            again()
        assert "放弃暂存" in dropped.value.line("zh")
        assert dropped.value.hint("zh") == ""


def test_what_is_a_case_is_parked_no_more(parked, school):
    school("A")
    with pytest.raises(NotParked):
        parked.complete("A", {"employees": 1})
    with pytest.raises(AlreadyOpen):
        school("A")


def test_what_became_the_id_of_a_case_is_parked_no_more(parked, school, supervision):
    school("B")
    supervision.rename("B", "A", by=BY)
    assert [(one.state, one.case) for one in parked.parked(state=None)] == [("opened", "B")]
    assert supervision.get("A").case.id == "B"
