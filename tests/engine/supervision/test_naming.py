"""Cases by their names, or the beginning of a name or an id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Organization
from guikou.engine.errors import UnknownCase
from guikou.engine.supervision.naming import cases_named, listed_cases, near_cases
from guikou.engine.text import folded

from ..told import BY, SCHOOL

ONE, TWO, THREE = "521101087NCC6K4P54", "52110105MJ0123464H", "52110105MJ0123456N"


@pytest.fixture
def named(supervision):
    for id, name in ((ONE, "海淀区仁爱（北京）学校"), (TWO, "海淀区仁爱学校"), (THREE, "ＡＢＣ外语学校")):
        supervision.register(Organization(id, name, "110105", SCHOOL))
    return supervision


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        (ONE, [ONE]), ("海淀区仁爱学校", [TWO]), ("海淀区仁爱(北京", [ONE]), ("海淀区仁爱", [ONE, TWO]), ("abc外语", [THREE]), ("ABC", [THREE]),
        ("521101087ncc", [ONE]), ("５２１１０１０８", [ONE]), ("仁爱", []), ("", []), (" ", []),
    ],
)  # fmt: skip
def test_a_case_is_meant_by_its_id_its_name_or_a_beginning(named, word, meant):
    assert sorted(case.id for case in cases_named(named.store, word)) == sorted(meant)


def test_open_cases_go_before_closed_ones(named):
    named.advance(TWO, "deregister", evidence={"deregistration_record": "1"}, by="chaoyang-education", reason="x")
    assert named.get(TWO).case.closed
    assert [case.id for case in cases_named(named.store, "海淀区仁爱")] == [ONE]
    assert [case.id for case in cases_named(named.store, "海淀区仁爱学校")] == [TWO]  # nothing else is called so


def test_what_is_no_case_is_told_with_what_is_near(named):
    with pytest.raises(UnknownCase) as unknown:
        named.get("仁爱")
    assert TWO in unknown.value.line("zh")
    assert near_cases(named.store, "没有这样的").zh == ""
    assert near_cases(named.store, THREE[:-1] + "X").zh.startswith(THREE)


def test_cases_are_listed_with_id_name_and_stage(named, beijing):
    told = listed_cases(beijing, cases_named(named.store, "海淀区仁爱"), 1)
    assert told.zh == f"{TWO} 海淀区仁爱学校（抓组建·筹建）、另有 1 件"
    assert told.en.endswith("and 1 more")


@given(st.text(max_size=6))
def test_folding_is_done_once_and_tells_neither_width_nor_case(text):
    assert folded(folded(text)) == folded(text)
    assert folded(text.upper()) == folded(text.upper().lower().upper())


def test_of_cases_that_proved_to_be_one_the_one_that_is_kept_is_meant(supervision, school):
    for id in ("A", "B", "C"):
        school(id)
        supervision.report(id, {}, name="朝阳同名学校", by=BY)
    supervision.same("A", "B", reason="重复")
    supervision.same("C", "A", reason="重复")
    supervision.advance("C", "deregister", by=BY, evidence={"deregistration_record": "1"})
    assert [case.id for case in cases_named(supervision.store, "朝阳同名")] == ["C"]
