"""YAML and CSV as plain values that remember their lines."""

from decimal import Decimal

import pytest

from guikou.engine.errors import BadFile, DuplicateKey
from guikou.engine.policy.files.documents import read_csv, read_folder, read_yaml, wide_colon

from .faults import HEAD, check_fault


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        (HEAD, "  employees:\n", "  employees: {\n", "bad-file", "cannot be read"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(beijing, file, old, new, code, words):
    check_fault(beijing, file, old, new, code, words)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("no", "no"), ("true", True), ("True", "True"), ("~", None), ("''", ""), ("'3'", "3"), ("3", 3), ("-3", -3), ("007", "007"),
        ("0.50", Decimal("0.50")), ("1e3", "1e3"), ("2016-01-04", "2016-01-04"), ("12-31", "12-31"),
    ],
)  # fmt: skip
def test_words_numbers_and_text_are_told_apart_and_decimals_stay_exact(text, value):
    found = read_yaml(f"a: [{text}]", "f.yaml").value
    assert found == {"a": [value]}
    assert type(found["a"][0]) is type(value)
    assert str(found["a"][0]) == str(value)


def test_each_part_remembers_its_line():
    document = read_yaml("a:\n  b: 1\n  c:\n    - x\n    - d: 2\n", "f.yaml")
    assert [document.where(place).line for place in (("a",), ("a", "b"), ("a", "c", 1, "d"))] == [1, 2, 5]
    assert document.where(("a", "c", 9, "nothing")).line == 3


def test_a_key_that_stands_twice_is_refused_where_it_does():
    with pytest.raises(DuplicateKey) as refused:
        read_yaml("a: 1\nb: 2\na: 3\n", "f.yaml")
    assert refused.value.where.line == 3


def test_rows_that_are_blank_are_no_rows_and_each_has_its_line():
    assert read_csv('a, b\n\n,\n"c, d",e\n', "f.csv") == [(1, ["a", "b"]), (4, ["c, d", "e"])]
    with pytest.raises(BadFile):
        read_csv('a,"b\n', "f.csv")


def test_a_folders_files_are_read_by_their_path_and_must_be_UTF_8(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text("\ufeff学校\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a file of a policy")
    assert read_folder(tmp_path) == {"tables/a.csv": "学校\n"}
    (tmp_path / "b.yaml").write_bytes(b"\xc8\xcb\xc3\xf1")
    with pytest.raises(BadFile, match="not UTF-8"):
        read_folder(tmp_path)


def test_a_full_width_colon_is_told_in_its_own_line():
    with pytest.raises(BadFile) as refused:
        read_yaml("a:\n  b: 1\n  c： 2\n  d: 3\n", "x.yaml")
    assert refused.value.line("zh").startswith("x.yaml:3：无法读取：此行用了全角冒号")
    assert wide_colon("a: 1\n- b：c\n# d： e\n'f：g': 1\n", "x.yaml") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [("columns:\n  甲: a\n  乙:b\n  丙: c\n", 3), ("a: 1\n- b:c\n", 2)],
)
def test_a_colon_without_a_space_is_told_in_its_line(text, line):
    told = wide_colon(text, "m.yaml")
    assert (told.where.line, told.details["reason"].zh) == (line, "此行冒号后缺少空格")


@pytest.mark.parametrize("text", ["a: 12:30\n", "u: http://a:80/x\n", "- 12:30\n", '"a:b": 1\n', "http://a\n"])
def test_what_has_a_colon_for_another_reason_is_left_alone(text):
    assert wide_colon(text, "m.yaml") is None
