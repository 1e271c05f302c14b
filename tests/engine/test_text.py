"""Texts in both languages, and values as a sentence shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.text import Title, folded, listed, nearest, shown


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Title("学校", "school"), "学校", "school"),
        (True, "true", "true"),
        (None, "null", "null"),
        (3, "3", "3"),
        (["a", True, None], "a、true、null", "a, true, null"),
        ({"b", "a"}, "a、b", "a, b"),
        ((Title("甲", "first"), Title("乙", "second")), "甲、乙", "first, second"),
        ([], "", ""),
    ],
)
def test_a_value_is_shown_in_the_language_asked_for(value, zh, en):
    assert (shown(value, "zh"), shown(value, "en"), shown(value)) == (zh, en, en)


def test_holes_are_filled_in_each_language_with_that_languages_word():
    title = Title("{district}教育委员会", "Education Committee, {district}")
    assert title.fill(district=Title("朝阳区", "Chaoyang")) == Title(
        "朝阳区教育委员会", "Education Committee, Chaoyang"
    )
    assert title.fill(city=Title("市", "city")) == title
    assert str(title) == title.en


def test_titles_in_one_line():
    titles = [Title("甲", "a"), Title("乙", "b")]
    assert listed(iter(titles)) == Title("甲、乙", "a, b")
    assert listed([]) == Title("-", "-")
    assert listed([], Title("无", "none")) == Title("无", "none")


@given(st.text(max_size=8), st.lists(st.text(min_size=1, max_size=8), max_size=8, unique=True))
def test_what_is_offered_instead_of_a_word_is_known_and_short(word, known):
    near = nearest(word, known)
    assert set(near) <= set(known)
    assert len(near) <= 3
    assert bool(near) == bool(known)
    assert word not in known or near[0] == word


@given(st.text(max_size=12))
def test_a_folded_name_stays_as_it_is(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "text",
    ["credit code", "Credit  Code", "ｃｒｅｄｉｔ\u3000ｃｏｄｅ", "credit\ncode", "“credit code”", "credit\ufeffcode"],
)
def test_width_case_spaces_and_quotation_marks_make_no_other_name(text):
    assert folded(text) == "creditcode"
