"""A table fits whatever width it is given, loses nothing, and breaks neither codes nor dates."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from guikou.adapters.cli.grid import Track, grid

_ID = st.from_regex(r"\A52[0-9]{6}[0-9A-HJ-NP-RT-UWXY]{10}\Z")
_WORDS = st.lists(
    st.sampled_from(["北京市朝阳区", "仁爱", "（样例）", "、", "committee,", "of", "the", "district", "𠮷"]),
    max_size=14,
)
_TEXT = _WORDS.map(lambda words: " ".join(words).strip()) | _WORDS.map("".join)
_ROW = st.tuples(_ID, _TEXT, st.dates(date(1990, 1, 1)).map(str), st.integers(0, 9999).map(str), _TEXT, _TEXT)
_EN = [Track("case", whole=True), Track("organisation"), Track("due", whole=True), Track("days overdue", right=True),
       Track("responsible body"), Track("next", folds=1)]  # fmt: skip
_ZH = [Track("案卷", whole=True), Track("组织名称"), Track("期限", whole=True), Track("逾期天数", right=True),
       Track("归口单位"), Track("下一步", folds=1)]  # fmt: skip


@given(st.lists(_ROW, min_size=1, max_size=4), st.integers(44, 140), st.sampled_from([_EN, _ZH]))
def test_it_fits_and_nothing_is_lost_or_broken(rows, width, tracks):
    lines = grid(tracks, rows, width, "；" if tracks is _ZH else "; ")
    assert all(cell_len(line) <= width for line in lines)
    text = "\n".join(lines)
    for row in rows:
        assert all(one in text for one in (row[0], row[2], row[3]))
    kept = Counter(one for line in lines for one in line if not one.isspace())
    wanted = Counter(one for row in [[track.heading for track in tracks[:1]], *rows] for cell in row for one in cell)
    assert not {one: many for one, many in (wanted - kept).items() if not one.isspace()}


def test_a_heading_is_wrapped_between_its_words_only():
    rows = [
        [
            "521101087NCC6K4P54",
            "北京市海淀区" * 6,
            "2016-01-22",
            "3961",
            "Education Committee of the District",
            "x" * 20,
        ]
    ]
    for width in (50, 60, 70, 80):
        lines = grid(_EN, rows, width)
        heading = " ".join(lines[: next(at for at, line in enumerate(lines) if "─" in line)]).split()
        assert set(heading) <= {"case", "organisation", "due", "days", "overdue", "responsible", "body", "next"}


@pytest.mark.parametrize("width", [None, 400])
def test_where_there_is_room_a_row_is_a_line(width):
    rows = [["521101087NCC6K4P54", "海淀区仁爱基金会", "2016-01-22", "12", "the district", "ask"]] * 2
    assert len(grid(_EN, rows, width)) == 4


def test_what_went_under_its_row_has_its_heading_and_an_empty_value_is_not_named():
    rows = [["521101087NCC6K4P54", "海淀区仁爱", "2016-01-22", "12", "", "ask for a review of what was improved"]]
    lines = grid(_EN, rows, 60)
    assert "next: ask for a review of what was improved" in " ".join(line.strip() for line in lines)
    assert "responsible body:" not in " ".join(lines)


def test_a_line_begins_with_no_closing_sign_and_ends_with_no_opening_one():
    lines = grid([Track("名称")], [["北京市海淀区仁爱基金会（样例），及其下属的（多家）分支机构。" * 4]], 40)
    assert not [line for line in lines if line.strip()[:1] in "，。）" or line[-1:] == "（"]


def test_sums_are_parted_from_the_rows():
    lines = grid([Track("group"), Track("n", right=True)], [["a", "1"], ["b", "2"], ["all", "3"]], None, sums=1)
    assert [one.split() for one in lines[-2:]] == [["─" * 9], ["all", "3"]]
