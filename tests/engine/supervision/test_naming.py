"""Cases by their names, or the beginning of a name or an id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine import Organization
from guikou.engine.errors import UnknownCase
from guikou.engine.supervision.naming import cases_named, cases_once_named, listed_cases, near_cases
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


def test_what_a_case_was_called_once_finds_it_and_what_is_called_so_goes_first(named):
    named.report(ONE, {}, name="海淀区仁爱实验学校", by=BY)
    named.report(THREE, {}, name="海淀区明德学校", by=BY)
    store = named.store

    def once(word, **how):
        return {id: name for id, (_, name) in cases_once_named(store, word, **how).items()}

    assert cases_named(store, "海淀区仁爱(北京") == []
    assert once("海淀区仁爱(北京") == {ONE: "海淀区仁爱（北京）学校"}
    assert once("abc外语学校") == {THREE: "ＡＢＣ外语学校"}
    assert once("外语") == once("") == once("没有这样的") == {}
    assert once("外语", within=True) == {THREE: "ＡＢＣ外语学校"}
    assert [case.name for case in cases_named(store, "海淀区仁爱学校")] == ["海淀区仁爱学校"]
    named.report(TWO, {}, name="海淀区明德附属学校", by=BY)
    assert sorted(once("海淀区仁爱")) == sorted([ONE, TWO])
    assert once("海淀区仁爱学校") == {TWO: "海淀区仁爱学校"}
    named.same(ONE, TWO, reason="重复")  # the one that is kept
    assert list(once("海淀区仁爱")) == [ONE]


def test_a_former_name_with_quotes_is_found_to_the_letter(named):
    named.report(ONE, {}, name='仁爱"一\\二"学校', by=BY)
    named.report(ONE, {}, name="仁爱三校", by=BY)
    assert [event.name for event in named.store.naming('"一\\')] == ['仁爱"一\\二"学校']
    assert list(cases_once_named(named.store, '仁爱"一\\二')) == [ONE]
    assert list(named.store.naming("%")) == []
