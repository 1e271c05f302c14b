"""What is let in as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.engine.errors import BadText, NotCanonical
from guikou.engine.supervision.door import ID, NAME, let_in, let_in_id, let_in_name
from guikou.engine.text import UNFIT, UNSEEN, is_blank


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        " A",
        "A ",
        "A\u00a0",
        "A\nB",
        "A\tB",
        "A\x0bB",
        "A\x00",
        "A\x1b[2J",
        "\x7f",
        "A\ud800",
        "\u200b",
        "\xad\ufeff",
        "A\u202eB",
        "A\ufdd0",
        "A\U0001ffff",
        "\u3164",
        "\ufe0f",
        "\u2800 \u034f",
        "A\u2066",
        "A\U000e0041",
        7,
        None,
    ],
)
@pytest.mark.parametrize("what", [ID, NAME])
def test_no_id_and_no_name(what, text):
    with pytest.raises(BadText) as error:
        let_in_name(what, text)
    assert error.value.exit_code == 2
    assert what.en in error.value.message("en")
    assert what.zh in error.value.message("zh")
    told = error.value.line("en") + error.value.line("zh")
    assert not UNFIT.search(told)
    assert not UNSEEN.search(told)


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co")), min_size=1).filter(
        lambda text: text == text.strip() and not is_blank(text)
    )
)
def test_any_other_line_is_a_name(text):
    assert let_in_name(NAME, text) == text


def test_an_id_is_a_key_too():
    with pytest.raises(NotCanonical):
        let_in_id("𠮷1")
    assert let_in_id("京1") == "京1"


@pytest.mark.parametrize("said", ["\x00", {"reason": "a\x0bb"}, {"evidence": {"a\x01": "1"}}, ["a", ("b", "\x1b")]])
def test_nothing_that_is_said_has_control_characters(said):
    with pytest.raises(BadText, match="control character"):
        let_in(said)


def test_lines_may_break_in_what_is_said():
    let_in({"reason": "one\ntwo\tthree", "count": 3, "on": None})


@pytest.mark.parametrize("text", ["王\u200d家", "می\u200cخواهم", "第一\u3000小学", "é"])
def test_what_joins_letters_and_what_is_between_words_may_stay(text):
    assert let_in_name(NAME, text) == text


@pytest.mark.parametrize("said", ["\u202e", {"reason": "a\u200b"}, {"evidence": {"a": "1\ufeff"}}])
def test_nothing_that_is_said_has_what_can_not_be_seen(said):
    with pytest.raises(BadText, match="can't be seen"):
        let_in(said)
