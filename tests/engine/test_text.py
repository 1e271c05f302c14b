"""Texts in both languages, and values as a sentence shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.text import (
    Title,
    both,
    folded,
    in_both,
    listed,
    matching,
    nearest,
    plainly,
    shown,
    suggested,
)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Title("学校", "school"), "学校", "school"),
        (True, "是", "true"),
        (None, "无", "null"),
        (3, "3", "3"),
        (["a", True, None], "a、是、无", "a, true, null"),
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
    assert not folded(word) or word not in known or folded(near[0]) == folded(word)


@given(st.text(max_size=12))
def test_a_folded_name_stays_as_it_is(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    "text",
    ["credit code", "Credit  Code", "ｃｒｅｄｉｔ\u3000ｃｏｄｅ", "credit\ncode", "“credit code”", "credit\ufeffcode"],
)
def test_width_case_spaces_and_quotation_marks_make_no_other_name(text):
    assert folded(text) == "creditcode"


TITLES = {
    "apply": Title("提交组建申请", "apply to build"),
    "approve": Title("批准成立", "approve"),
    "found": Title("批准", "found one"),
}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("apply", ["apply"]), ("ＡＰＰＬＹ", ["apply"]), (" Approve ", ["approve"]), ("提交", ["apply"]), ("批准", ["found"]),
        ("批准成", ["approve"]), ("app", ["apply", "approve"]), ("FOUND  ONE", ["found"]), ("成立", []), ("", []), (" ", []),
    ],
)  # fmt: skip
def test_a_word_means_a_key_before_a_title_and_a_title_before_a_beginning(word, meant):
    assert matching(word, TITLES) == meant


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=4), st.builds(Title, st.text(max_size=4), st.text(max_size=4)), max_size=6
    ),
    st.text(max_size=5),
)
def test_what_a_word_means_is_known_and_an_exact_key_is_meant_alone(titles, word):
    found = matching(word, titles)
    assert set(found) <= set(titles)
    assert word not in titles or found == [word]


def test_what_is_suggested_is_near_or_all_that_there_are():
    assert suggested("aply", TITLES).en == "apply (apply to build), ..."
    assert suggested("组建申请", TITLES).zh.startswith("apply（提交组建申请）")
    assert suggested("一", {"a": Title("甲一乙丙", "x"), "b": Title("甲一", "y")}).zh.startswith("b（")  # more of it
    assert suggested("zzz", TITLES).zh == "apply（提交组建申请）、approve（批准成立）、found（批准）"
    assert suggested("zzz", [f"name{at}" for at in range(50)]) == Title("", "")
    assert suggested("x", {}) == Title("", "")


def test_a_text_in_both_languages_and_values_as_a_person_reads_them():
    assert in_both("M10 学校 / M10 schools") == Title("M10 学校", "M10 schools")
    assert in_both("M10") == Title("M10", "M10")
    for zh, en in (("连接被拒绝", "refused"), ("HTTP 500", "HTTP 500"), ("服务器答复 “550 a/b”", "550 a / b")):
        assert in_both(both(Title(zh, en))) == Title(zh, en)
    assert in_both(both(Title("答复 “a / b”", "a / b"))) == Title("答复 “a/b”", "a / b")
    assert in_both(both(Title("a / b", "a / b"))) == Title("a/b", "a/b")
    assert (plainly(True), plainly(None), plainly(3)) == (Title("是", "true"), Title("无", "none"), Title("3", "3"))
    assert shown(True, "zh") == "是"
    assert shown(None, "zh") == "无"


def test_what_a_terminal_would_obey_is_shown_and_not_obeyed():
    assert shown("学校\x1b[2J\x9b31m") == "学校\\x1b[2J\\x9b31m"
    assert shown(["a\x07", Title("甲\u202e乙", "a")], "zh") == "a\\x07、甲\\u202e乙"
    assert shown("一\t二\n三é𠮷") == "一\t二\n三é𠮷"
