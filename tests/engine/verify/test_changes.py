"""The text of a policy changed in one place at a time."""

import pytest

from guikou.engine.verify.changes import Change, changes

FLOW = """# what it is
transitions:
  - {trigger: go, from: [a, b], to: c, when: {members: "[1..3)", kind: "x, y"}, by: [responsible, hub], evidence: paper, note: M1}
  - trigger: stop
    from: a
    to: b
    when:
      any: [{members: ">= 3"}, {weak: true}]
    due: {within: 6 months, then: escalate}  # the law's
    sets: {grade: best}
  - {trigger: back, from: b, to: a, sets: {grade: worst}, evidence: letter}
"""


def told(text, kind, is_csv=False):
    return [
        (one.line, one.was.strip(), one.now and one.now.strip()) for one in changes(text, is_csv) if one.kind == kind
    ]


def now(text, kind, is_csv=False):
    return [one.now and one.now.strip() for one in changes(text, is_csv) if one.kind == kind]


def test_a_change_is_of_the_lines_that_differ_alone():
    for one in changes(FLOW, False):
        lines = FLOW.splitlines()
        assert "\n".join(lines[one.line - 1 : one.line + one.was.count("\n")]) == one.was != one.now
        assert not (one.now or "x").startswith(one.was + "\n")


def test_what_is_for_people_is_left_alone():
    assert not [one for one in changes(FLOW, False) if "M1" not in (one.now or one.was) and "M1" in one.was]
    assert changes("title: {zh: 一, en: one}\nproperties:\n  - {never: {stage: a}}\n", False) == []


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("actor-dropped", ["by: [hub]", "by: [responsible]"]),
        ("actor-swapped", ["by: [superior, hub]", "by: [responsible, superior]"]),
        ("evidence-dropped", ["by: [responsible, hub], note", "sets: {grade: worst}}"]),
        ("evidence-swapped", ["evidence: letter, note", "evidence: paper}"]),
        ("cell-narrowed", ['kind: "y"', 'kind: "x"']),
        ("bound-moved", ["[2..3)", "[0..3)", "[1..4)", "[1..2)", ">= 4", ">= 2"]),
        ("sets-swapped", ["grade: worst}", "grade: best}"]),
        ("destination-swapped", ["to: b, when", "to: a, when", "to: c", "to: a", "to: c, sets", "to: b, sets"]),
        ("deadline-moved", ["within: 7 months", "within: 5 months"]),
        ("entry-dropped", ["from: [b]", "from: [a]"]),
    ],
)  # fmt: skip
def test_each_kind_of_change(kind, parts):
    found = now(FLOW, kind)
    assert len(found) >= len(parts)
    for part in parts:
        assert any(part in (text or "") for text in found), (part, found)


def test_whole_entries_go_with_all_of_their_lines():
    gone = [was for _, was, left in told(FLOW, "transition-dropped") if left is None]
    assert [was.splitlines()[0].strip() for was in gone] == [
        FLOW.splitlines()[2].strip(), "- trigger: stop", FLOW.splitlines()[-1].strip(),
    ]  # fmt: skip
    assert "grade: best" in gone[1]
    guards = told(FLOW, "guard-dropped")
    assert any(left is None and "any:" in was for _, was, left in guards)
    assert any(left == "any: [{weak: true}]" for _, _, left in guards)
    assert any('when: {members: "[1..3)"}' in (left or "") for _, _, left in guards)


def test_the_first_entry_after_a_dash_leaves_the_dash():
    text = "obligations:\n  - every: 1 month\n    by: superior\n"
    assert now(text, "deadline-dropped") == ["- by: superior"]


def test_an_alias_is_changed_where_it_is_written():
    text = "a:\n  evidence: &paper {paper: one}\nb:\n  evidence: *paper\n"
    assert told(text, "evidence-dropped") == [
        (2, "evidence: &paper {paper: one}", None),
        (2, "evidence: &paper {paper: one}", "evidence: &paper {}"),
        (4, "evidence: *paper", None),
    ]


TABLE = """hit,type,n,->state,# line
F,a,-,one,M1
F,"a, b",< 3,two,"M2, M3"
F,not(c),true,three,
"""


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("row-dropped", [None, None, None]),
        ("row-moved", ['F,"a, b",< 3,two,"M2, M3"\nF,a,-,one,M1', 'F,not(c),true,three,\nF,"a, b",< 3,two,"M2, M3"']),
        ("output-swapped", ["F,a,-,two,M1", "F,a,-,three,M1", 'F,"a, b",< 3,one,"M2, M3"', 'F,"a, b",< 3,three,"M2, M3"', "F,not(c),true,one,", "F,not(c),true,two,"]),
        ("cell-narrowed", ["F,a,< 3,one,M1", "F,a,true,one,M1", 'F,b,< 3,two,"M2, M3"', 'F,a,< 3,two,"M2, M3"']),
        ("bound-moved", ['F,"a, b",< 4,two,"M2, M3"', 'F,"a, b",< 2,two,"M2, M3"']),
        ("cell-widened", ["F,-,-,one,M1", 'F,-,< 3,two,"M2, M3"', 'F,"a, b",-,two,"M2, M3"', "F,-,true,three,", "F,not(c),-,three,"]),
        ("truth-flipped", ["F,not(a),-,one,M1", 'F,"not(a, b)",< 3,two,"M2, M3"', "F,c,true,three,", "F,not(c),false,three,"]),
    ],
)  # fmt: skip
def test_each_kind_of_change_of_a_table(kind, found):
    assert now(TABLE, kind, True) == found


def test_rows_are_moved_only_where_their_order_says_something():
    apart = "hit,type,->state\nF,a,one\nF,b,two\n"
    assert now(apart, "row-moved", True) == []
    assert now(apart.replace("F,b", "F,-"), "row-moved", True) == ["F,-,two\nF,a,one"]
    assert now(apart.replace("F,b,two", "F,-,one"), "row-moved", True) == []
    assert now(apart.replace("F,", "U,").replace("U,b", "U,-"), "row-moved", True) == []


@pytest.mark.parametrize(
    ("rule", "moved"),
    [
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31", ["FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["FREQ=MONTHLY;BYMONTHDAY=-2"]),
    ],
)  # fmt: skip
def test_a_rule_of_recurrence_is_moved(rule, moved):
    assert [text.removeprefix("rule: ") for text in now(f"o:\n  rule: {rule}\n", "deadline-moved")] == moved


def test_days_and_numbers_are_moved():
    assert now("o: {valid_from: 2018-06-15}\n", "deadline-moved") == ["o: {valid_from: 2018-06-16}", "o: {valid_from: 2018-06-14}"]  # fmt: skip
    assert now("o: {at: 12-31}\n", "deadline-moved") == ["o: {at: 01-01}", "o: {at: 12-30}"]
    assert now('o: {least: 2, rate: "200.00"}\n', "bound-moved") == ['o: {least: 3, rate: "200.00"}', 'o: {least: 1, rate: "200.00"}', 'o: {least: 2, rate: "201.00"}', 'o: {least: 2, rate: "199.00"}']  # fmt: skip


def test_an_empty_file_has_no_change():
    assert changes("", False) == changes("", True) == []
    assert changes("a: 1\n", False) == [Change("entry-dropped", 1, "a: 1", None), Change("bound-moved", 1, "a: 1", "a: 2"), Change("bound-moved", 1, "a: 1", "a: 0")]  # fmt: skip
