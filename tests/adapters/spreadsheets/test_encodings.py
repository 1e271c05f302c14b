"""Encodings weighed, and text that was decoded wrongly before."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guikou.adapters.spreadsheets.encodings import decode, text_fault
from guikou.engine.errors import BadFile, Where, WrongUsage

WHERE = Where("x.csv")
HEAD = "id,name\n"
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学校"


@pytest.mark.parametrize(
    "text", ["学校", "海淀区仁爱学校", "中国", "北京", "·√×①Ⅲ—“中文”", "海淀区鑫淼学校", "𠮷林中学"]
)
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16LE"),
        ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"),
    ],
)  # fmt: skip
def test_each_encoding_is_told_by_what_it_says(text, encoding, shown):
    whole = f"{HEAD}1,{text}\n2,x\n"
    whole += "" if len(whole.encode(encoding)) % 2 == 0 else "\n"
    assert decode(whole.encode(encoding), WHERE) == (whole, shown)


@given(st.text(COMMON, min_size=1, max_size=60))
def test_common_chinese_in_gb18030_is_never_kept_as_another_text(text):
    whole = f"{HEAD}1,{text}\n"
    assert decode(whole.encode("gb18030"), WHERE) == (whole, "GB18030")


@given(st.text(COMMON, min_size=1, max_size=60))
def test_common_chinese_in_utf_8_is_never_kept_as_another_text(text):
    whole = f"{HEAD}1,{text}\n"
    assert decode(whole.encode(), WHERE) == (whole, "UTF-8")


def test_ascii_and_latin_names_are_utf_8():
    assert decode(b"id,name\n1,x\n", WHERE)[1] == "UTF-8"
    assert decode("id,name\n1,Café Zoë\n".encode(), WHERE) == ("id,name\n1,Café Zoë\n", "UTF-8")


@pytest.mark.parametrize(
    "text", ["Institut français à Pékin", "É", "m²", "5°", "ABC®", "J·P·Morgan", "5·12", "Дружба", "ことば", "№ 5"]
)
def test_a_line_of_another_script_is_no_change_of_encoding(text):
    whole = f"id,name\n1,海淀区样例学校\n2,{text}\n3,朝阳区样例学校\n"
    assert decode(whole.encode(), WHERE) == (whole, "UTF-8")


def test_what_may_be_a_letter_or_a_hanzi_is_refused_until_named():
    data = "id,name\n1,é\n".encode()
    with pytest.raises(BadFile) as refused:
        decode(data, WHERE)
    assert "name it" in refused.value.line("en")
    assert decode(data, WHERE, "utf-8")[0] == "id,name\n1,é\n"
    assert decode(data, WHERE, "gbk")[0] == "id,name\n1,茅\n"


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["甲,海淀样例".encode(), "乙,朝阳样例学校".encode("gb18030")], 3),
        (["甲,朝阳样例学校".encode("gb18030"), "乙,海淀样例".encode()], 3),
        ([b"x,y", "甲,海淀样例".encode(), "z,学校".encode("gb18030")], 4),
        (["甲,海淀样例".encode()] * 100 + ["乙,朝阳样例学校".encode("gb18030")], 102),
    ],
)
def test_a_file_of_two_encodings_is_refused_where_it_changes(lines, line):
    with pytest.raises(BadFile) as refused:
        decode(b"\n".join([b"id,name", *lines]), WHERE)
    assert refused.value.where.line == line
    assert "GB18030" in refused.value.line("zh")


@pytest.mark.parametrize("bad", [b"\xff\xff", "海淀样例".encode()[:-1] + b",", b"\xe6\xb5\xff"])
def test_broken_bytes_are_refused_with_their_line(bad):
    data = "id,name\n1,海淀样例学校\n".encode() + b"2," + bad + b"\n3,x\n"
    for name in (None, "utf-8"):
        with pytest.raises(BadFile) as refused:
            decode(data, WHERE, name)
        assert refused.value.where.line == 3


def test_a_marked_file_is_of_its_encoding_or_refused():
    data = b"\xef\xbb\xbf" + "id,name\n1,朝阳样例学校\n".encode("gb18030")
    with pytest.raises(BadFile) as refused:
        decode(data, WHERE)
    assert refused.value.where.line == 2


def test_what_reads_well_in_neither_is_refused_and_can_be_named():
    whole = "id,name\n1,臺北市立學校與圖書館\n"
    with pytest.raises(BadFile):
        decode(whole.encode("big5"), WHERE)
    assert decode(whole.encode("big5"), WHERE, "big5") == (whole, "BIG5")


@pytest.mark.parametrize("name", ["GBK", "gb2312", "cp936", "GB18030"])
def test_a_named_encoding_is_taken_and_gb_is_gb_18030(name):
    assert decode("id,名称\n".encode("gb18030"), WHERE, name) == ("id,名称\n", "GB18030")


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "UTF8"])
def test_a_mark_is_no_text_when_the_encoding_is_named(name):
    assert decode(b"\xef\xbb\xbfid\n", WHERE, name) == ("id\n", "UTF-8")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["utf-16", "same"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_16_can_be_named_with_a_mark_and_without(encoding, name, mark):
    if name == "utf-16" and not mark and encoding == "utf-16-be":
        return  # without a mark the name alone says nothing of the order
    whole = "id,名称\n1,样例\n"
    assert decode((mark + whole).encode(encoding), WHERE, encoding if name == "same" else name)[0] == whole


@pytest.mark.parametrize("name", ["nonsense", "", "hex", "rot13", "zlib", "undefined", "a\x00b"])
def test_a_name_of_no_encoding_is_refused_in_one_line(name):
    with pytest.raises(WrongUsage):
        decode(b"id\n", WHERE, name)


@pytest.mark.parametrize("text", ["样例\x00学校", "样\x0b例", "a\x7f", "\x85", "\ud800", "\ufffe"])
def test_control_characters_are_named(text):
    assert "U+" in text_fault(text).en


@pytest.mark.parametrize(
    "text",
    [
        "锟斤拷锟斤拷", "海淀\ufffd样例", "海淀区样例学校".encode().decode("gb18030", "replace"),
        "北京海淀".encode().decode("latin-1"), "海淀".encode().decode("gb18030"),
    ],
)  # fmt: skip
def test_text_that_was_decoded_wrongly_is_told(text):
    assert text_fault(text) is not None


@pytest.mark.parametrize(
    "text",
    ["海淀区仁爱学校", "鑫淼堃", "臺灣同胞", "Café", "ѧУ", "x", "两\r\n行\t", "𠮷", "娴静幼儿园", "ことば", "Дружба"],
)
def test_other_text_is_left_alone(text):
    assert text_fault(text) is None


SYMBOLS = st.characters(min_codepoint=0xA0, max_codepoint=0x24F) | st.characters(
    min_codepoint=0x391, max_codepoint=0x3C9, exclude_categories=["Cn"], exclude_characters="ΪΫάέήίΰ"
)


@given(st.lists(SYMBOLS, min_size=1, max_size=3))
def test_single_letters_and_symbols_in_utf_8_are_never_kept_as_hanzi(chars):
    """The bytes of Ω are those of 惟: it is UTF-8, or nobody can say."""
    data = "".join(f"{at},a {char} b\n" for at, char in enumerate(chars)).encode()
    with contextlib.suppress(BadFile):
        assert decode(data, WHERE) == (data.decode(), "UTF-8")
