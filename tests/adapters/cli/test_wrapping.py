"""What is printed acts on no terminal, and lines break where a reader expects it."""

import pytest

from guikou.adapters.cli.wrapping import plain, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\r\tx", "two lines  x"),
        ("\x1b[31mred\x07", "\ufffd[31mred\ufffd"),
        ("名称\u202e反", "名称\ufffd反"),
        ("\ud800", "\ufffd"),
        ("仁爱 é 𠮷", "仁爱 é 𠮷"),
    ],
)
def test_what_would_act_on_a_terminal_is_shown_as_unknown(text, shown):
    assert plain(text) == shown


def test_a_code_that_is_longer_than_a_line_is_broken_behind_a_sign():
    assert wrapped("approval_document=2016-17", 20) == ["approval_document=", "2016-17"]
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_dates_and_words_in_a_text_are_kept_whole():
    assert wrapped("办结换届于 2016-05-31 逾期", 18) == ["办结换届于", "2016-05-31 逾期"]
